"""Plans that are even first: loads of hospitals (`loads`), or minutes of districts (`means`), then least travel."""
