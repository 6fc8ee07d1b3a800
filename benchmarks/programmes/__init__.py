"""What a programme costs: of one city, and of a country of cities through dask. python -m benchmarks.programmes --help."""
