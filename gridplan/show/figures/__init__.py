"""Still pictures: SVG for paper, matplotlib for slides, the live curve of a solve."""
