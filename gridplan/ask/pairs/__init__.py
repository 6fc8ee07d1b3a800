"""Pairs as answers: what they cost and who bears it, a fair share, one place more, a district or a hospital."""
