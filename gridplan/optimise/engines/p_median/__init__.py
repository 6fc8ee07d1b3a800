"""Many leads in one region (the p-median): bound by Lagrangian relaxation, plan by swaps, proof by branching."""
