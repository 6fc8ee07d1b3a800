"""A local file of an allowed kind → Sheet: one file per kind, one door (`read_file`)."""
