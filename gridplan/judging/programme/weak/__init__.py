"""What stands beside support.csv, judged."""
