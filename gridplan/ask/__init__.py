"""Questions to a plan that is there: why, what binds, what is nearest, how to get there from today."""
