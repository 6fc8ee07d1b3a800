"""Disk → Region: reading, schemas, datums."""
