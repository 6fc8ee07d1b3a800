"""The plan: what was decided, how good it is, and the judge that believes nobody."""
