"""report.html: what a commission reads, in its order."""
