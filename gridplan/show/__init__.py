"""What the planner sees: the map, the workbook, the report, the plan folder."""
