"""What might be otherwise: asked again, near-optimal, trade-offs, regret, years, phases."""
