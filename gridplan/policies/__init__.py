"""The rules: declared as frozen values, read from profiles a planner can read."""
