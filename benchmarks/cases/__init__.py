"""What is measured on: made-up cities, countries and regions, and the instances of public files."""
