"""Arithmetic before any solving: what a policy cannot do on a region, told in numbers."""
