"""What map, report, workbook and figures share."""
