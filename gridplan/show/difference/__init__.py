"""Plans of one region beside each other."""
