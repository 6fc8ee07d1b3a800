"""Problem → Outcome: the integer programme and its proof."""
