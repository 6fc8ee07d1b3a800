"""Plans whose parts hang together, at any size: bound and sets by columns, then strays to the part beside them."""
