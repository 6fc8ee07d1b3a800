"""What a repair may do, and the list of what it has done."""
