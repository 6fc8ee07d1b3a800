"""What hangs on a plan, shown: programme.html."""
