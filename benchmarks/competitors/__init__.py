"""The competitors: the model as one would write it down, with the tools that are at hand; one thread, the same clock."""
