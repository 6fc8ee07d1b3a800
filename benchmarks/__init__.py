"""Measure gridplan beside the obvious code: `python -m benchmarks city --help`. Apart from the tests."""
