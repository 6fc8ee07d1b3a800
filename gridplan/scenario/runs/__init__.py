"""Many plans: solved on many processes, kept in a run folder, compared."""
