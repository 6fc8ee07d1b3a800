"""What rules count on before anything is solved: a region under a policy, its leads, its minutes."""
