"""The judge: what the tables show of a plan, sharing nothing with what made it."""
