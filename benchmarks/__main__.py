"""The command line: `python -m benchmarks FAMILY [FILE …] [--seconds S] [--against NAME] [--csv FILE]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import national, scenarios, stages, tables
from benchmarks.cases.city import City, problem
from benchmarks.cases.country import Country
from benchmarks.cases.grids import GridCity, grid_problem
from benchmarks.cases.instance import Instance
from benchmarks.cases.read import DATA, FAMILIES, instances_of
from benchmarks.cases.tokens import FormatError
from benchmarks.figures import Figure, add_figures
from benchmarks.figures import line as figure_line
from benchmarks.growth import cities
from benchmarks.maps import HEADING, SIZES, measure_map, report
from benchmarks.maps import add_to as add_maps
from benchmarks.maps import line as map_line
from benchmarks.measure import Maker, measure
from benchmarks.models import COMPETITORS, GRIDPLAN
from benchmarks.results import draw, draw_growth, run_all
from benchmarks.table import Row, add_to, comparison, heading, line, row_of


@dataclass(frozen=True)
class Case:
    """One thing to solve: how to make it, and what is said of it."""

    name: str
    units: int
    leads: int
    known: float | None
    make: Maker


def main(arguments: list[str] | None = None) -> int:
    """Measure gridplan, and the competitors asked for, on every instance; print and write what came out."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked)
    except (FormatError, ValueError, RuntimeError, OSError) as wrong:
        print(f"benchmarks: {wrong}", file=sys.stderr)
        return 2


def _run(asked: argparse.Namespace) -> int:
    if asked.family == "results":
        if not asked.keep:
            run_all(asked.folder, lambda words: main([*words]), asked.only)
        asked.out.write_text(draw(asked.folder), encoding="utf-8")
        draw_growth(asked.folder)
        print(f"{asked.out} drawn from {asked.folder}")
        return 0
    if asked.family in FIGURES:
        for figure in FIGURES[asked.family](asked):
            print(figure_line(figure), flush=True)
            if asked.csv is not None:
                add_figures(asked.csv, [figure])
        return 0
    if asked.family == "map":
        return _maps(asked)
    if asked.family == "table":
        return _tables(asked)
    missing = {n: COMPETITORS[n].missing() for n in asked.against if COMPETITORS[n].missing()}
    if missing:
        name, packages = next(iter(missing.items()))
        raise ValueError(
            f"competitor {name} needs {', '.join(packages)}, not installed: pip install '.[bench]' in the clone"
        )
    cases = _cases(asked)
    print(heading())
    rows: dict[str, list[Row]] = {name: [] for name in (GRIDPLAN, *asked.against)}
    for case in cases:
        for name, mine in rows.items():
            mine.append(
                row_of(case.name, case.units, case.leads, case.known, measure(name, case.make, asked.seconds))
            )
            print(line(mine[-1]), flush=True)
        if asked.csv is not None:
            add_to(asked.csv, [mine[-1] for mine in rows.values()])
    for text in _summary(rows):
        print(text)
    return 0


def _scenarios(asked: argparse.Namespace) -> Iterator[Figure]:
    return scenarios.measure(asked.count)


def _national(asked: argparse.Namespace) -> Iterator[Figure]:
    return national.measure(Country(asked.cities, asked.units), asked.scenarios, asked.on, asked.yuan)


def _stages(asked: argparse.Namespace) -> Iterator[Figure]:
    return stages.measure(asked.against, asked.units, asked.turns, asked.kind)


FIGURES = {"scenarios": _scenarios, "national": _national, "stages": _stages}


def _maps(asked: argparse.Namespace) -> int:
    print(HEADING)
    rows = []
    for units in asked.units:
        rows.append(measure_map(units, asked.seed))
        print(map_line(rows[-1]), flush=True)
    if asked.csv is not None:
        add_maps(asked.csv, rows)
    if asked.out is not None:
        asked.out.write_text(report(rows), encoding="utf-8")
    return 0 if all(row.kept for row in rows) else 1


def _tables(asked: argparse.Namespace) -> int:
    print(tables.HEADING)
    rows = []
    for units in asked.units:
        rows.append(tables.measure_table(units, asked.general, asked.seed))
        print(tables.line(rows[-1]), flush=True)
    if asked.out is not None:
        asked.out.write_text(tables.report(rows), encoding="utf-8")
    return 0 if all(row.kept for row in rows) else 1


def _cases(asked: argparse.Namespace) -> list[Case]:
    if asked.family == "city":
        city = City(
            asked.units, asked.hospitals, asked.districts, asked.seed, asked.capacity_ratio, asked.contiguous
        )
        return [Case(city.name, city.units, city.hospitals, None, partial(problem, city))]
    if asked.family == "growth":
        return [
            Case(city.name, city.units, city.hospitals, None, partial(problem, city))
            for city in cities(asked.most, asked.capacity_ratio, asked.seed)
        ]
    if asked.family == "grids":
        divided = [
            GridCity(asked.units, asked.leads, number, not asked.loose, asked.balance or None, asked.seed)
            for number in asked.number or [None]
        ]
        return [
            Case(grids.name, grids.units, grids.leads, None, partial(grid_problem, grids))
            for grids in divided
        ]
    found = instances_of(asked.family, asked.files)
    return [_case(one) for one in found if not asked.only or one.name in asked.only]


def _case(one: Instance) -> Case:
    return Case(one.name, one.units, one.shown_leads, one.known, one.problem)


def _summary(rows: dict[str, list[Row]]) -> Iterator[str]:
    ours = rows[GRIDPLAN]
    if len(ours) > 1:
        yield (
            f"{len(ours)} instances, {sum(r.proven for r in ours)} proven, "
            f"{sum(r.seconds for r in ours):.1f} s in all"
        )
    for name, theirs in rows.items():
        if name != GRIDPLAN and theirs:
            yield from comparison(ours, theirs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"gridplan beside others on public instances; without FILE those below ${DATA}/benchmarks.",
    )
    families = parser.add_subparsers(dest="family", required=True, metavar="FAMILY")
    for name, family in FAMILIES.items():
        one = families.add_parser(name, help=family.what)
        one.add_argument("files", nargs="*", type=Path, metavar="FILE")
        one.add_argument(
            "--only", action="append", metavar="INSTANCE", help="only these, by name; repeatable"
        )
        _common(one)
    city = families.add_parser("city", help="a random city")
    city.add_argument("--units", type=int, default=City.units)
    city.add_argument("--hospitals", type=int, default=City.hospitals)
    city.add_argument("--districts", type=int, default=City.districts)
    city.add_argument("--seed", type=int, default=City.seed)
    city.add_argument(
        "--capacity-ratio",
        type=float,
        metavar="R",
        help="capacity of each hospital over the mean load; none without",
    )
    city.add_argument(
        "--contiguous", action="store_true", help="what a partner serves in a district hangs together"
    )
    _common(city)
    growth = families.add_parser("growth", help="random cities of 1,000 to 1,000,000 units")
    growth.add_argument("--most", type=int, default=1_000_000, metavar="N", help="units of the largest")
    growth.add_argument("--capacity-ratio", type=float, metavar="R", help="as in city")
    growth.add_argument("--seed", type=int, default=City.seed)
    _common(growth)
    _grids(families.add_parser("grids", help="a random city divided into grids"))
    _figures(families)
    maps = families.add_parser("map", help="maps of made-up regions: weight, speed in Chromium")
    maps.add_argument("--units", type=int, nargs="+", default=list(SIZES), metavar="N")
    maps.add_argument("--seed", type=int, default=1)
    maps.add_argument("--csv", type=Path, metavar="FILE", help="add the figures to this file")
    maps.add_argument(
        "--out", type=Path, metavar="FILE", help="write them as a page, such as benchmarks/MAPS.md"
    )
    pages = families.add_parser("table", help="the table's page of made-up cities: weight, clicks, solving")
    pages.add_argument("--units", type=int, nargs="+", default=list(tables.SIZES), metavar="N")
    pages.add_argument(
        "--general", type=int, default=36, metavar="N", help="general hospitals; 9 of TCM besides"
    )
    pages.add_argument("--seed", type=int, default=1)
    pages.add_argument("--out", type=Path, metavar="FILE", help="write the figures as a page")
    results = families.add_parser("results", help="measure everything again and draw benchmarks/RESULTS.md")
    results.add_argument("--keep", action="store_true", help="only draw, from the figures that stand there")
    here = Path(__file__).resolve().parent
    results.add_argument(
        "--only",
        metavar="PART",
        action="append",
        default=[],
        help="a part by name; more than one may be named",
    )
    results.add_argument("--folder", type=Path, default=here / "results")
    results.add_argument("--out", type=Path, default=here / "RESULTS.md")
    return parser


def _number(text: str) -> int | None:
    return None if text == "free" else int(text)


def _grids(grids: argparse.ArgumentParser) -> None:
    grids.add_argument("--units", type=int, default=GridCity.units)
    grids.add_argument("--leads", type=int, default=GridCity.leads, help="hospitals that may lead a grid")
    grids.add_argument(
        "--number",
        type=_number,
        action="append",
        metavar="N",
        help="exactly so many grids, or 'free' (may be repeated)",
    )
    grids.add_argument(
        "--balance", type=float, default=GridCity.balance, help="share; 0 for none (default 0.15)"
    )
    grids.add_argument("--loose", action="store_true", help="grids need not hang together")
    grids.add_argument("--seed", type=int, default=GridCity.seed)
    _common(grids)


def _figures(families: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bulk = families.add_parser("scenarios", help="many scenarios of the real city and the sample city")
    bulk.add_argument("--count", type=int, default=1000, help="scenarios of each (default 1000)")
    country = families.add_parser("national", help="a made-up country as one job")
    country.add_argument("--cities", type=int, default=Country.cities)
    country.add_argument("--units", type=int, default=Country.units, help="of each city")
    country.add_argument("--scenarios", type=int, default=2, help="of each city (default 2)")
    country.add_argument(
        "--on", choices=["cluster", "local"], default="cluster", help="dask, or local processes"
    )
    country.add_argument(
        "--yuan", type=float, default=national.YUAN, help="price of a core-hour (default 0.3)"
    )
    one = families.add_parser("stages", help="one plan as a whole process: processor seconds by stage")
    one.add_argument("--against", metavar="REV", help="another revision of this repository, in the same run")
    one.add_argument("--units", type=int, metavar="N", help="of a made-up city; without, the sample city")
    one.add_argument(
        "--kind",
        choices=stages.KINDS,
        default="polygons",
        help="what the units of a made-up city are (default polygons)",
    )
    one.add_argument("--turns", type=int, default=2, help="runs of each revision; the quickest counts")
    for parser in (bulk, country, one):
        parser.add_argument("--csv", type=Path, metavar="FILE", help="add the figures to this file")


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="clock of each run, build and solve (default 60)"
    )
    parser.add_argument(
        "--against", action="append", default=[], choices=list(COMPETITORS), metavar="NAME",
        help=f"a competitor, run beside: {', '.join(COMPETITORS)}; repeatable",
    )  # fmt: skip
    parser.add_argument("--csv", type=Path, metavar="FILE", help="add the figures to this file")


if __name__ == "__main__":
    sys.exit(main())
