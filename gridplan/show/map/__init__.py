"""The map as one page that opens without a network."""
