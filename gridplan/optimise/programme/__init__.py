"""Integer programmes of the programme, numbers in and numbers out: posts, alliances, support."""
