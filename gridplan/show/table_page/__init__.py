"""The table: a plan that people change in the page, without code and without a network."""
