"""The command line: `python -m benchmarks city [--units N --hospitals M --districts D --seed S] …`."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from benchmarks.city import City
from benchmarks.measure import Measured, measure
from benchmarks.models import MODELS
from gridplan.optimise.outcome import OPTIMAL_GAP

COLUMNS = (
    "instance", "units", "leads", "districts", "value", "bound", "gap", "engine", "build_seconds",
    "solve_seconds", "seconds", "peak_mb",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Measure every model on one city, side by side, and print what came out."""
    asked = _parser().parse_args(arguments)
    try:
        city = City(asked.units, asked.hospitals, asked.districts, asked.seed)
    except ValueError as wrong:
        print(f"benchmarks: {wrong}", file=sys.stderr)
        return 2
    print(f"{city.name}: {city.units} units, {city.hospitals} hospitals, {city.districts} districts")
    print(f"{'':10}{'build s':>9}{'solve s':>9}{'value':>18}{'bound':>18}{'gap':>9}{'peak MB':>9}")
    measured = {}
    for name in MODELS:
        measured[name] = measure(name, city, asked.seconds)
        print(_line(name, measured[name]))
    for line in _comparison(measured["gridplan"], measured["naive"]):
        print(line)
    if asked.csv is not None:
        _write(asked.csv, city, measured)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="gridplan beside the model as one would write it down, same solver (HiGHS), one thread.",
    )
    family = parser.add_subparsers(dest="family", required=True).add_parser("city", help="a random city")
    family.add_argument("--units", type=int, default=City.units)
    family.add_argument("--hospitals", type=int, default=City.hospitals)
    family.add_argument("--districts", type=int, default=City.districts)
    family.add_argument("--seed", type=int, default=City.seed)
    family.add_argument(
        "--seconds", type=float, default=60.0, help="clock of each, build and solve (default 60)"
    )
    family.add_argument("--csv", type=Path, help="add the figures to this file")
    return parser


def _line(name: str, of: Measured) -> str:
    run = of.run
    return (
        f"{name:10}{run.build_seconds:9.2f}{run.solve_seconds:9.2f}{run.value:18,.1f}{run.bound:18,.1f}"
        f"{run.gap:9.2%}{of.peak_mb:9.0f}"
    )


def _comparison(ours: Measured, theirs: Measured) -> list[str]:
    """The ratios, or why there is none: a run that the clock stopped cannot be compared by its seconds."""
    lines = [f"gridplan needs {ours.peak_mb / max(1.0, theirs.peak_mb):.2f} × the memory of the naive model"]
    unproven = [name for name, of in (("gridplan", ours), ("naive", theirs)) if not of.run.gap <= OPTIMAL_GAP]
    if unproven:
        return [
            *lines,
            f"no ratio of times: {' and '.join(unproven)} did not prove an optimum in the time given",
        ]
    if abs(ours.run.value - theirs.run.value) > 1e-6 * abs(theirs.run.value):
        return [*lines, "THE TWO OPTIMA DIFFER: one of the two models is wrong"]
    ratio = ours.run.seconds / theirs.run.seconds
    return [*lines, f"gridplan needs {ratio:.2f} × the time of the naive model, to the same proven optimum"]


def _write(file: Path, city: City, measured: dict[str, Measured]) -> None:
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        if new:
            writer.writerow(COLUMNS)
        for name, of in measured.items():
            run = of.run
            writer.writerow(
                [city.name, city.units, city.hospitals, city.districts, run.value, run.bound, run.gap, name,
                 run.build_seconds, run.solve_seconds, run.seconds, round(of.peak_mb, 1)]
            )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
