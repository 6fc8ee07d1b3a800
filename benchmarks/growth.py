"""Growth: the same city with more and more units, and the picture of time and memory over them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.cases.city import City
from benchmarks.table import Row

STEPS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
HOSPITALS, DISTRICTS = 45, 16
PAIR_BYTES = 200  # what a pair may take in memory


def cities(most: int, capacity_ratio: float | None, seed: int) -> list[City]:
    """Cities of 1,000 units and more, up to `most`."""
    return [City(n, HOSPITALS, DISTRICTS, seed, capacity_ratio) for n in STEPS if n <= most]


def plot(series: Mapping[str, list[Row]], file: Path) -> None:
    """Seconds and MB over units, both axes in powers of ten; the same figures give the same file."""
    with mpl.rc_context({"svg.hashsalt": "growth", "font.size": 9}):
        figure = Figure(figsize=(8, 3.2), layout="constrained")
        for axes, measured in zip(figure.subplots(1, 2), ("seconds", "peak_mb"), strict=True):
            for name, rows in series.items():
                axes.loglog([r.units for r in rows], [getattr(r, measured) for r in rows], "o-", label=name)
            axes.set(xlabel="units", ylabel="seconds" if measured == "seconds" else "MB grown by")
            axes.grid(alpha=0.3)
            axes.legend(frameon=False)
        figure.savefig(file, format="svg", metadata={"Date": None})
