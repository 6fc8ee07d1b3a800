"""What proves [candidates]."""

from __future__ import annotations

from typing import Any

from gridplan.policies.rules import Candidates

# name → a value that cannot stand, and the key that is named
BAD = {
    "a word as list": (lambda: Candidates(tiers="municipal"), "candidates.tiers"),
    "unknown tier": (lambda: Candidates(tiers=("city",)), "candidates.tiers"),
    "unknown category": (lambda: Candidates(counted=("generall",)), "candidates.counted"),
    "categories that are a number": (lambda: Candidates(counted=5), "candidates.counted"),
    "counted and exempt": (lambda: Candidates(exempt=("general",)), "candidates.exempt"),
    "layer of a taken name": (lambda: Candidates(exempt_layer="general"), "candidates.exempt_layer"),
    "layer without a name": (lambda: Candidates(exempt_layer=" "), "candidates.exempt_layer"),
    "merge as text": (lambda: Candidates(merge_layers="no"), "candidates.merge_layers"),
}  # fmt: skip

# rules of tests/golden/lp/candidates.lp (make golden NAME=candidates)
GOLDEN = (Candidates(merge_layers=True),)

# name → rules under which the judge names the plain plan of tiny_town: places, and units sent elsewhere before
BROKEN: dict[str, tuple[Any, ...]] = {
    "a specialist": ((), [("SH-4", "T1", "H7", "", (14,))], ("T1-01", "H7", "tcm")),
    "a general hospital for TCM": (
        (Candidates(exempt=("tcm",)),),
        [
            ("SH-4", "T1", "H5", "", (15,)), ("SH-4", "T2", "H5", "", (18, 19, 20, 21)),
            ("SH-4", "T3", "H5", "", (24, 25)),
        ],
        ("T1-02", "H5", "tcm"),
    ),
}  # fmt: skip
