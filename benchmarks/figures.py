"""Figures that are no instances: what was measured of what, and what is to be reached."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import append

COLUMNS = ("of", "what", "value", "unit", "to_reach")


@dataclass(frozen=True)
class Figure:
    """One figure.

    Parameters
    ----------
    of : the run that it was measured in.
    to_reach : "< 5", "> 90", or "" where nothing is asked.
    """

    of: str
    what: str
    value: float
    unit: str
    to_reach: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the value is on the asked side; None where nothing is asked."""
        if not self.to_reach:
            return None
        side, _, limit = self.to_reach.partition(" ")
        return self.value < float(limit) if side == "<" else self.value > float(limit)

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Of what, what, the value with its unit, what is to be reached and whether it is."""
        told = "" if self.reached is None else f"{self.to_reach}{'' if self.reached else ' NOT REACHED'}"
        return self.of, self.what, f"{self.value:,.{_digits(self.value)}f} {self.unit}".strip(), told


def _digits(value: float) -> int:
    return 0 if abs(value) >= 1000 or float(value).is_integer() else 1 if abs(value) >= 20 else 2


def line(figure: Figure) -> str:
    """A figure on the screen."""
    of, what, value, told = figure.cells
    return f"{of:<46} {what:<48}{value:>16}  {told}"


def add_figures(file: Path, figures: Iterable[Figure]) -> None:
    """Append figures to a CSV file."""
    append(file, COLUMNS, ([f.of, f.what, f"{f.value:.6g}", f.unit, f.to_reach] for f in figures))


def read_figures(file: Path) -> list[Figure]:
    """The figures of such a file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Figure(r["of"], r["what"], float(r["value"]), r["unit"], r["to_reach"])
            for r in csv.DictReader(lines)
        ]


def table(figures: Iterable[Figure]) -> list[str]:
    """The figures as a table of RESULTS.md."""
    rows = ["| " + " | ".join(figure.cells) + " |" for figure in figures]
    return ["| of | figure | measured | to reach |", "|---|---|--:|--:|", *rows]
