"""python -m benchmarks.programmes: the programme of one folder, or of many small cities through dask, worked out for 300."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path

import gridplan as gp
from benchmarks.figures import Figure, add_figures, line
from benchmarks.national import WORKERS, YUAN, cluster
from benchmarks.programmes.city_parts import city_part

POLICY = "shanghai-2025-grids"
COUNTRY = 300
PART_ONE = ("posts", "alliances", "upstream", "support")


def spent() -> float:
    """Processor seconds of this process so far."""
    own = os.times()
    return own.user + own.system


def one_city(number: int, districts: int, parts: tuple[str, ...]) -> dict[str, float]:
    """Plan and programme of one small city: processor seconds, gap, memory."""
    began = spent()
    plan = gp.plan(city_part(number, districts), gp.policy(POLICY))
    planned = spent()
    made = gp.programme(plan, only=list(parts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gap = max(part.gap for part in made.parts)
    return {
        "plan": planned - began,
        "programme": spent() - planned,
        "gap": gap,
        "peak": peak,
        "parts": len(made.parts),
    }


def country(cities: int, districts: int, on: str, yuan: float) -> Iterator[Figure]:
    """Part one of so many cities, and what 300 come to."""
    of = f"part one, {cities} cities of {districts} districts, {on}"
    began = time.perf_counter()
    with cluster() if on == "dask" else nullcontext(None) as machines:
        found = list(_each(machines, cities, districts))
    clock = time.perf_counter() - began
    programme = sum(one["programme"] for one in found)
    both = programme + sum(one["plan"] for one in found)
    yield Figure(of, "from start to the last one", clock, "s")
    yield Figure(of, "processor seconds per programme", programme / cities, "s")
    yield Figure(of, "processor seconds per city, the plan included", both / cities, "s")
    yield Figure(of, "dearest programme", max(one["programme"] for one in found), "s")
    yield Figure(of, "largest gap of any goal", max(one["gap"] for one in found), "", "< 0.0001")
    yield Figure(of, "most memory of a worker", max(one["peak"] for one in found), "MiB", "< 2048")
    many = f"part one, {COUNTRY} cities of {districts} districts"
    yield Figure(many, "core-hours, reckoned", COUNTRY * both / cities / 3600, "h")
    yield Figure(
        many, f"on {WORKERS} cores, all busy, reckoned", COUNTRY * both / cities / 60 / WORKERS, "min"
    )
    yield Figure(
        many, f"cost at {yuan:g} yuan per core-hour, reckoned", COUNTRY * both / cities / 3600 * yuan, "yuan"
    )


def _each(machines: Executor | None, cities: int, districts: int) -> Iterator[dict[str, float]]:
    if machines is None:
        yield from (one_city(n, districts, PART_ONE) for n in range(cities))
        return
    waiting = [machines.submit(one_city, n, districts, PART_ONE) for n in range(cities)]
    yield from (one.result() for one in waiting)


def of_folder(out: Path, parts: tuple[str, ...]) -> Iterator[Figure]:
    """Each part of the programme of a plan folder, and all of it with its files."""
    from gridplan.show.programme.save_shown import save_shown

    plan, began = gp.open_plan(out), spent()
    made = gp.programme(plan, only=list(parts) if parts else None)
    solved = spent()
    of = f"programme of {plan.name}"
    for part in made.parts:
        yield Figure(of, f"{part.title.en}, by the clock", part.seconds, "s")
        yield Figure(of, f"{part.title.en}, largest gap", part.gap, "", "< 0.0001")
    yield Figure(of, "parts and judge, processor seconds", solved - began, "s")
    save_shown(made, out)
    yield Figure(of, "all, with page, map and workbook, processor seconds", spent(), "s", "< 90")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure(of, "most memory", peak, "MiB", "< 2048")


def main() -> int:
    """Measure, print, and add to a file of figures."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.programmes", description=__doc__)
    asked.add_argument("--folder", type=Path, help="a plan folder; without it small cities are made")
    asked.add_argument("--only", default="", help="parts, with commas")
    asked.add_argument("--cities", type=int, default=20)
    asked.add_argument("--districts", type=int, default=4)
    asked.add_argument("--on", choices=("dask", "local"), default="dask")
    asked.add_argument("--yuan", type=float, default=YUAN)
    asked.add_argument("--out", type=Path, help="CSV of figures to add to")
    given = asked.parse_args()
    parts = tuple(name for name in given.only.split(",") if name)
    figures = (
        of_folder(given.folder, parts)
        if given.folder
        else country(given.cities, given.districts, given.on, given.yuan)
    )
    found = []
    for figure in figures:
        found.append(figure)
        print(line(figure), flush=True)
    if given.out:
        add_figures(given.out, found)
    return 0 if all(figure.reached is not False for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
