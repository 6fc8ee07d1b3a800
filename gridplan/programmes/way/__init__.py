"""A resident's way: who belongs to a grid, the chain 1+1+1 and what hangs on it."""
