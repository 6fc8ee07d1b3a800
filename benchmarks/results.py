"""RESULTS.md: what is measured, and how it is drawn from the figures in `results/`."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmarks.figures import read_figures, table
from benchmarks.growth import plot
from benchmarks.models import COMPETITORS, GRIDPLAN
from benchmarks.table import Row, comparison, read_rows

MACHINE = "machine.txt"
GROWTH = "growth.svg"


@dataclass(frozen=True)
class Part:
    """One table: file name, title, the command line that makes its figures, what must be said of it, whether it is of instances or of figures."""

    name: str
    title: str
    command: str
    said: str
    figures: bool = False


STEFANELLO = {
    "lin318": ("005", "015", "040", "070", "100"),
    "ali535": ("005", "025", "050", "100", "150"),
    "u724": ("010", "030", "075", "125", "200"),
    "rl1304": ("050", "200"),
}

MADE_UP = (
    (6_000, "polygons", "of some fifty corners, 14 MB of GeoJSON"),
    (100_000, "polygons", "of some fifty corners, 216 MB of GeoJSON; beside the tree of a day before"),
    (100_000, "points", "drawn as the ground nearest to each; beside the tree of a day before"),
    (100_000, "cells", "of a lattice, as those of population grids are; beside the tree of a day before"),
    (500_000, "cells", "of a lattice"),
)

PROGRAMME = (
    Part(
        "pmed",
        "p-median, OR-Library pmed1–40",
        "pmed --seconds 120",
        "All-pairs distances of a graph; known = proven optimum.",
    ),
    Part(
        "pmed-others",
        "p-median beside spopt and the textbook model",
        "pmed --only pmed1 --only pmed4 --only pmed5 --seconds 60 --against spopt "
        "--against pulp-compact-highs --against highspy-direct --against pulp-compact-scip",
        "Small instances only: from 200 units on the others begin to meet the clock. Same gap, one thread; spopt, PuLP and "
        "the arrays with the same HiGHS.",
    ),
    Part(
        "pmed-cpsat",
        "p-median beside CP-SAT",
        "pmed --only pmed1 --only pmed5 --seconds 20 --against ortools-cpsat",
        "One worker, as all others have one thread; CP-SAT is made for many.",
    ),
    Part(
        "cpmp-sjc",
        "capacitated p-median, SJC1–4b",
        "cpmp --only SJC1 --only SJC2 --only SJC3a --only SJC3b --only SJC4a --only SJC4b --seconds 60",
        "Costs are not weighted by demand; known = best known (SJC1 proven).",
    ),
    Part(
        "cpmp-stefanello",
        "capacitated p-median, Stefanello, all fifteen, and two larger",
        "cpmp "
        + " ".join(f"--only {n}_{p}" for n, sizes in STEFANELLO.items() for p in sizes)
        + " --seconds 120",
        "Known = best published value; to reach: 0.5 % above it in 120 s. The last number of a name is how many sites are opened. "
        'With the extra "fast" (numba), which this family needs for its plans. Two at a time, one run of each.',
    ),
    Part(
        "cpmp-others",
        "capacitated p-median beside HiGHS, SCIP and CP-SAT",
        "cpmp --only SJC2 --only ali535_050 --seconds 60 --against highspy-direct --against pulp-compact-scip "
        "--against ortools-cpsat",
        "The textbook model, one thread, the same minute for each.",
    ),
    Part(
        "sscflp",
        "single-source facility location, Holmberg, all 71",
        "sscflp " + " ".join(f"--only p{n}" for n in range(1, 72)) + " --seconds 30",
        "Known = proven optimum, of p32, p57 and p58 the best known value.",
    ),
    Part(
        "sscflp-larger",
        "single-source facility location, 300 sites and 300 customers, beside HiGHS",
        "sscflp --only i300_5 --only i300_15 --seconds 120 --against highspy-direct",
        "Avella and Boccia; known = best published value. To reach: 0.3 % above it; i300_5 is not.",
    ),
    Part(
        "gap",
        "generalised assignment, OR-Library, classes a to d",
        "gap "
        + " ".join(f"--only {c}{m}{n}" for c in "abcd" for m in ("05", "10", "20") for n in (100, 200))
        + " --seconds 30",
        "Known = proven optimum; of d20200 the best known value.",
    ),
    Part(
        "gap-larger",
        "generalised assignment, Yagiura, beside HiGHS",
        "gap --only c20400 --only d20400 --only e05100 --only e10100 --only e10200 --only e20100 --only e20200 --only e20400 "
        "--seconds 60 --against highspy-direct",
        "Class e is the one where bounds from prices alone are weak. To reach: 0.3 % above the known, and never behind HiGHS with the "
        "same clock.",
    ),
    Part(
        "city",
        "a random city, caps and capacities",
        "city --units 2000 --hospitals 40 --districts 16 --capacity-ratio 3 --seconds 60 --against pulp-compact-highs "
        "--against highspy-direct --against pulp-compact-scip --against ortools-cpsat",
        "Caps 2 and 3, capacity three times the mean load.",
    ),
    Part(
        "city-6000",
        "6,000 units, capacity three times the mean load",
        "city --units 6000 --hospitals 45 --districts 16 --capacity-ratio 3 --seconds 10",
        "To reach: a gap of 0.1 % in 10 s.",
    ),
    Part(
        "city-6000-tight",
        "6,000 units, capacity twice the mean load",
        "city --units 6000 --hospitals 45 --districts 16 --capacity-ratio 2 --seconds 60 --against pulp-compact-highs",
        "To reach: a gap of 0.5 % in 60 s.",
    ),
    Part(
        "city-6000-parts",
        "6,000 units, capacity three times the mean load, parts that hang together",
        "city --units 6000 --hospitals 45 --districts 16 --capacity-ratio 3 --contiguous --seconds 120",
        "To reach: a gap of 1 % in 120 s.",
    ),
    Part(
        "city-6000-tight-parts",
        "6,000 units, capacity twice the mean load, parts that hang together",
        "city --units 6000 --hospitals 45 --districts 16 --capacity-ratio 2 --contiguous --seconds 120",
        "To reach: a gap of 1 % in 120 s.",
    ),
    Part(
        "growth-caps",
        "growth, caps alone",
        "growth --seconds 60",
        "One pass over units × hospitals for the sets of each district, so time and memory grow with the pairs (slope 1); "
        'up to some 20,000 units "auto" takes patterns, which rank every unit\'s hospitals, then columns, which do not.',
    ),
    Part(
        "growth-capacity",
        "growth, caps and capacity three times the mean load",
        "growth --capacity-ratio 3 --seconds 60",
        "Each round of prices is one such pass; how many rounds and nodes are needed depends on how the capacities bind, not "
        "on the units, so the curve is steeper where a proof takes longer and flat where fewer units make it harder.",
    ),
    Part(
        "grids",
        "grids of a city that hang together, loads within 15 %",
        "grids --units 2000 --leads 40 --number free --number 20 --number 40 --seconds 60",
        "As many grids as is best, twenty, and every lead leading one. To reach: a gap of 0.5 % in 60 s.",
    ),
    Part(
        "grids-even",
        "grids of a city that hang together, loads within 5 %",
        "grids --units 2000 --leads 40 --number free --number 20 --number 40 --balance 0.05 --seconds 60",
        "The same, more evenly.",
    ),
    Part(
        "grids-6000",
        "6,000 units and 100 hospitals that may lead, loads within 15 %",
        "grids --units 6000 --leads 100 --seconds 120",
        "To reach: a gap of 2 % in 120 s.",
    ),
    Part(
        "scenarios",
        "scenarios in bulk",
        "scenarios --count 1000",
        "Each scenario is another one: people, a hospital out, longer journeys, other caps, in turn. The bare loop applies and "
        "plans the same scenarios in one process and keeps nothing; the runner with one process is measured turn by turn with "
        "it, the processor seconds of all its processes counted. The made-up results are copies of one, written through the "
        "writer of every run.",
        figures=True,
    ),
    Part(
        "national",
        "a country as one job",
        "national --cities 300 --units 2000",
        "24 hospitals and 12 districts per city, read from region folders by two workers of a local dask cluster. What is "
        "reckoned is worked out from the processor seconds per plan; [docs/national.md](../docs/national.md) says what that leaves out.",
        figures=True,
    ),
    Part(
        "stages",
        "gridplan plan of the sample city, stage by stage",
        "stages --against 77d2f05 --turns 3",
        "Processor seconds of the whole process, children included, with all outputs; in one run beside the tree as it was "
        "before the work on it began, each with its own sample city. Of three runs of each the quickest. A stage that the other tree has under another name "
        "counts as rest there. Other work on the machine makes processor seconds longer, of both alike.",
        figures=True,
    ),
    *(
        Part(
            f"stages-{units}-{kind}",
            f"gridplan plan of {units:,} units, {kind}, stage by stage",
            f"stages --units {units} --kind {kind} --turns 1{' --against b85cd73' if units == 100_000 else ''}",
            f"The same of a made-up city: {said}.",
            figures=True,
        )
        for units, kind, said in MADE_UP
    ),
)


def run_all(folder: Path, run: Callable[[list[str]], int], only: Collection[str] = ()) -> None:
    """Measure every part again, in order, or these alone; older figures are replaced part by part.

    Raises
    ------
    ValueError : no such part.
    RuntimeError : a part failed.
    """
    names = [part.name for part in PROGRAMME]
    if not set(only) <= set(names):
        raise ValueError(f"the parts are {', '.join(names)}; there is no {', '.join(set(only) - set(names))}")
    folder.mkdir(parents=True, exist_ok=True)
    for part in PROGRAMME:
        if only and part.name not in only:
            continue
        file, fresh, started = folder / f"{part.name}.csv", folder / f"{part.name}.new", _load()
        fresh.unlink(missing_ok=True)
        if run([*part.command.split(), "--csv", str(fresh)]):
            raise RuntimeError(f"part {part.name} failed; the figures before it are new, the others are not")
        fresh.replace(file)
        _note(folder / MACHINE, part.name, machine(started))


def _note(file: Path, name: str, line: str) -> None:
    """Write down on what a part was measured: a line each, in the order of the parts."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    noted = dict(one.split(": ", 1) for one in lines)
    noted[name] = line
    ordered = [f"{part.name}: {noted[part.name]}" for part in PROGRAMME if part.name in noted]
    file.write_text("\n".join(ordered) + "\n", encoding="utf-8")


def machine(started: str) -> str:
    """What the figures were measured on, and how busy it was."""
    names = ["numpy", "scipy", "PuLP", "highspy", *(["numba"] if find_spec("numba") else [])]
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {packages}; load average before {started}, after {_load()}"
    )


def draw_growth(folder: Path) -> None:
    """The picture of growth, where its figures stand in the folder."""
    files = {"caps": folder / "growth-caps.csv", "caps and capacity": folder / "growth-capacity.csv"}
    series = {name: read_rows(file) for name, file in files.items() if file.exists()}
    if series:
        plot(series, folder / GROWTH)


def draw(folder: Path) -> str:
    """The page, from the figures that stand in the folder."""
    noted = folder / MACHINE
    about = (
        dict(one.split(": ", 1) for one in noted.read_text(encoding="utf-8").splitlines())
        if noted.exists()
        else {}
    )
    lines = [
        "# Results",
        "",
        "Drawn by `python -m benchmarks results` (`--keep` draws again without measuring, `--only PART` measures one",
        "part anew, by the name of its file). One run each, one thread,",
        "seconds of build and solve together, every value recomputed from the plan; MB is what the process grew by.",
        "A load average near or above the number of cores means that others used the machine too: seconds are then",
        "too high, and gaps of runs that the clock stopped too wide. Ratios are of runs that stand side by side.",
        "",
    ]
    for part in PROGRAMME:
        file = folder / f"{part.name}.csv"
        lines += [f"## {part.title}", "", f"`python -m benchmarks {part.command}`", "", part.said, ""]
        lines += [f"On: {about[part.name]}.", ""] if part.name in about else []
        if not file.exists():
            lines += ["Not measured."]
        else:
            lines += table(read_figures(file)) if part.figures else _table(read_rows(file))
        if part.name == "growth-capacity" and file.exists():
            lines += ["", f"![time and memory over units]({folder.name}/{GROWTH})"]
        lines.append("")
    return "\n".join(lines)


def _table(rows: list[Row]) -> list[str]:
    ours = [row for row in rows if row.engine not in COMPETITORS]
    by_name = {
        name: [row for row in rows if row.engine == name]
        for name in COMPETITORS
        if any(row.engine == name for row in rows)
    }
    lines = [
        f"{GRIDPLAN}: {len(ours)} instances, {sum(row.proven for row in ours)} proven, "
        f"{sum(row.seconds for row in ours):.1f} s in all{_worst(ours)}."
    ]
    lines += [f"- {text}" for theirs in by_name.values() for text in comparison(ours, theirs)]
    lines += [
        "",
        "| instance | units | leads | value | bound | gap | known | above known | engine | seconds | MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|",
        *map(_cells, rows),
    ]
    return lines


def _worst(rows: Iterable[Row]) -> str:
    above = [row.above_known for row in rows if row.known is not None]
    return f", at most {max(above):.3%} above the best known value" if above else ""


def _cells(row: Row) -> str:
    known = "" if row.known is None else f"{row.known:,.2f}"
    cells = (
        row.instance, row.units, row.leads, _figure(row.value, ",.2f"), _figure(row.bound, ",.2f"),
        _figure(row.gap, ".4%"), known, _figure(row.above_known, ".3%"), row.engine, f"{row.seconds:.2f}",
        f"{row.peak_mb:.0f}",
    )  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def _figure(value: float, form: str) -> str:
    return "" if value != value else format(value, form)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
