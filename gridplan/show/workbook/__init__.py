"""plan.xlsx: the tables of a plan."""
