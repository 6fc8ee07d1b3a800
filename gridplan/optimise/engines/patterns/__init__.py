"""The engine "patterns": one variable per district and set of partners."""
