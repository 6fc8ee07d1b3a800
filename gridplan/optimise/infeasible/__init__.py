"""Where no plan keeps all rules: which would have to give way, which clash, what would work."""
