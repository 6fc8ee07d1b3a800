"""The engine "grids": a layer of grids, area by area."""
