"""A file → Sheet: text cells with their rows, whatever the format, encoding and headers."""
