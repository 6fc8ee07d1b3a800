"""How files are written: whole or not at all, one run at a time, and what a kill has left is found again."""
