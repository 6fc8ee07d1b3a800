"""Scenarios: named changes to a region and a policy, many plans of them, stored and compared."""
