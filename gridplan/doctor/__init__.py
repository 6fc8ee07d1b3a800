"""What is wrong with the data: one small function per fault, and repairs only when asked."""
