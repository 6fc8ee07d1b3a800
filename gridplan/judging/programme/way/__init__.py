"""Judges of what is worked out: the scorecard, tiers of care."""
