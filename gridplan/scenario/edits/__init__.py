"""Changes of a scenario, each a value that prints as a sentence."""
