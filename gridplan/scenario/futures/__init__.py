"""Trade-offs, alternatives, futures, robustness and years, proven."""
