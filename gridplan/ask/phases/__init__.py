"""The way from today to a plan, phase by phase."""
