"""Rows of the plain plan of tiny_town that belong to each district: 2–13 general, in the order of units."""

T1, T2, T3 = (2, 3, 4, 5), (6, 7, 8, 9), (10, 11, 12, 13)
