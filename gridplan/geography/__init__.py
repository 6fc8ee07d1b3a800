"""Where things lie: travel, areas of points, which units touch."""
