"""Many leads with capacities in one region: bound by Lagrangian knapsacks, plan by restricted models and exchanges."""
