"""What proves [priority]."""

from __future__ import annotations

import math

from gridplan.policies.rules import Priority

# name → a value that cannot stand, and the key that is named
BAD = {
    "four prices": (lambda: Priority((0, 1, 2, 3)), "priority.prices"),
    "falling prices": (lambda: Priority((0, 5, 4, 15, 30)), "priority.prices"),
    "negative price": (lambda: Priority((-1, 5, 10, 15, 30)), "priority.prices"),
    "prices with a text": (lambda: Priority((0, 5, "10", 15, 30)), "priority.prices"),
    "endless price": (lambda: Priority((0, 5, 10, 15, math.inf)), "priority.prices"),
    "a single price": (lambda: Priority(30), "priority.prices"),
}  # fmt: skip
