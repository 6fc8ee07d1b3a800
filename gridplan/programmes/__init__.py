"""What hangs on a plan once it exists: tables → numbers → solve → tables, part by part."""
