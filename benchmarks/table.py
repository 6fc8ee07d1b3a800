"""Figures as rows: on the screen, in a CSV file, and as ratios."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measure import Measured
from gridplan.optimise.run.outcome import OPTIMAL_GAP

COLUMNS = (
    "instance", "units", "leads", "value", "bound", "gap", "known", "engine", "seconds", "peak_mb",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One model on one instance; NaN where there is no number, `known` None where nothing is known."""

    instance: str
    units: int
    leads: int
    value: float
    bound: float
    gap: float
    known: float | None
    engine: str
    seconds: float
    peak_mb: float

    @property
    def proven(self) -> bool:
        """Whether value and bound meet."""
        return self.gap <= OPTIMAL_GAP

    @property
    def above_known(self) -> float:
        """(value − known) / known, NaN where either is missing."""
        return math.nan if self.known is None else (self.value - self.known) / max(1.0, abs(self.known))


def row_of(instance: str, units: int, leads: int, known: float | None, of: Measured) -> Row:
    """The figures of one run."""
    run = of.run
    return Row(
        instance, units, leads, run.value, run.bound, run.gap, known, run.engine, run.seconds, of.peak_mb
    )


def heading() -> str:
    """Over the rows on the screen."""
    return (
        f"{'instance':<24}{'units':>8}{'leads':>6}{'value':>16}{'bound':>16}{'gap':>10}{'known':>14}"
        f"{'above':>9}  {'engine':<22}{'seconds':>9}{'MB':>7}"
    )


def line(row: Row) -> str:
    """A row on the screen."""
    known = "" if row.known is None else f"{row.known:,.2f}"
    above = "" if math.isnan(row.above_known) else f"{row.above_known:.3%}"
    return (
        f"{row.instance:<24}{row.units:>8}{row.leads:>6}{row.value:>16,.2f}{row.bound:>16,.2f}{row.gap:>10.4%}"
        f"{known:>14}{above:>9}  {row.engine:<22}{row.seconds:>9.2f}{row.peak_mb:>7.0f}"
    )


def append(file: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Append lines to a CSV file, with the heading where it is new."""
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([heading, *rows] if new else rows)


def add_to(file: Path, rows: Iterable[Row]) -> None:
    """Append rows to a CSV file; empty where there is no number."""
    cells = (
        [row.instance, row.units, row.leads, _cell(row.value), _cell(row.bound), _cell(row.gap),
         "" if row.known is None else row.known, row.engine, round(row.seconds, 3), round(row.peak_mb, 1)]
        for row in rows
    )  # fmt: skip
    append(file, COLUMNS, cells)


def read_rows(file: Path) -> list[Row]:
    """The rows of such a file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                r["instance"], int(r["units"]), int(r["leads"]), _number(r["value"]), _number(r["bound"]),
                _number(r["gap"]), float(r["known"]) if r["known"] else None, r["engine"], float(r["seconds"]),
                float(r["peak_mb"]),
            )
            for r in csv.DictReader(lines)
        ]  # fmt: skip


def comparison(ours: list[Row], theirs: list[Row]) -> list[str]:
    """Median ratios over the same instances, row by row; what cannot be compared is said."""
    name = theirs[0].engine if theirs else ""
    both = [(o, t) for o, t in zip(ours, theirs, strict=True) if o.proven and t.proven]
    lines = [
        f"proven: gridplan {sum(o.proven for o in ours)}, {name} {sum(t.proven for t in theirs)} of {len(ours)}"
    ]
    if both:
        lines.append(
            f"{name} needs {median(t.seconds / max(1e-3, o.seconds) for o, t in both):.1f} × the time of gridplan "
            f"(median of {len(both)} that both proved)"
        )
        differing = [o.instance for o, t in both if abs(o.value - t.value) > 2 * OPTIMAL_GAP * abs(t.value)]
        if differing:
            lines.append(f"THE PROVEN VALUES DIFFER on {', '.join(differing)}: one of the two is wrong")
    late = [(o, t) for o, t in zip(ours, theirs, strict=True) if o.proven and not t.proven]
    if late:
        lines.append(
            f"on {len(late)} more it was stopped by the clock, after {median(t.seconds / max(1e-3, o.seconds) for o, t in late):.1f} × "
            "the time that gridplan needed for a proof (median)"
        )
    memory = [o.peak_mb / max(1.0, t.peak_mb) for o, t in zip(ours, theirs, strict=True)]
    lines.append(f"gridplan needs {median(memory):.2f} × its memory (median)")
    return lines


def _cell(value: float) -> float | str:
    return "" if math.isnan(value) or math.isinf(value) else value


def _number(text: str) -> float:
    return float(text) if text else math.nan
