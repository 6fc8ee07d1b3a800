"""The compact model: rows, goals, and the doors to PuLP and HiGHS."""
