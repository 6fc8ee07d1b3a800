"""Scenarios in bulk: seconds each, cores busy, what the runner costs beside a bare loop, resume, 10,000 to compare."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import gridplan as gp
from benchmarks.figures import Figure
from gridplan.scenario.edits.change import Change
from gridplan.scenario.runs.pool import usable_cores
from gridplan.scenario.runs.run_files import SCHEMA
from gridplan.scenario.runs.run_folder import RunFolder, read_record, write_record

ROOT = Path(__file__).resolve().parent.parent
POLICY = "shanghai-2025"
MADE_UP = 10_000
SIDE_BY_SIDE = 40  # scenarios of each turn of runner and bare loop
TURNS = 3


def many(region: gp.Region, count: int, first: int = 0) -> dict[str, gp.Scenario]:
    """Scenarios of the kinds that planners ask for, each another one; what is shared among them is nothing."""
    hospitals = region.hospitals.loc[region.hospitals["tier"] == "municipal", "hospital_id"].tolist()
    made = {}
    for n in range(first, first + count):
        small = gp.edits.Population({"all": 1 + (n + 1) / 100_000})
        kinds: tuple[tuple[Change, ...], ...] = (
            (gp.edits.Population({"all": 1 + (n + 1) / 10_000}),),
            (gp.edits.CloseHospital(hospitals[n // 4 % len(hospitals)]), small),
            (gp.edits.TravelFactor(1 + (n + 1) / 10_000),),
            (gp.edits.WithRules((gp.rules.DistrictCap(1 + n // 4 % 2),)), small),
        )
        made[f"s{n:05}"] = gp.Scenario(f"s{n:05}", kinds[n % 4])
    return made


@dataclass
class Watch:
    """Clock and processor seconds, of this process and its children, at each result."""

    seen: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, tally: object) -> None:
        """Look now."""
        me = psutil.Process()
        spent = 0.0
        for process in (me, *me.children(recursive=True)):
            times = process.cpu_times()
            spent += times.user + times.system
        self.seen.append((time.perf_counter(), spent))

    def each(self, of: int) -> float:
        """Seconds per scenario, from the first result on; `of`: 0 clock, 1 processors."""
        return (self.seen[-1][of] - self.seen[0][of]) / (len(self.seen) - 1)


def bare_loop(folder: Path, first: int, count: int) -> tuple[float, float]:
    """Clock and processor seconds per scenario of a loop as one writes it by hand; nothing is kept."""
    region, policy = gp.read(folder), gp.policy(POLICY)
    found = gp.check(region)
    seen = []
    for scenario in many(region, count, first).values():
        try:
            changed, rules = gp.edits.apply(region, policy, scenario)
            gp.plan(changed, rules, checked=found if changed is region else None)
        except gp.GridplanError as error:
            str(error)
        seen.append((time.perf_counter(), time.process_time()))
    (a, b), (c, d) = seen[0], seen[-1]
    return (c - a) / (count - 1), (d - b) / (count - 1)


def measure(count: int) -> Iterator[Figure]:
    """All figures, as they are known."""
    if count < 2:
        raise ValueError("two scenarios are needed to tell the first from the others: give --count 2 or more")
    with tempfile.TemporaryDirectory(prefix="gridplan-bench-") as name:
        for where, folder in regions(Path(name)):
            out = Path(name) / f"{folder.name}-runs"
            yield from _bulk(where, folder, out, count)
            yield from _overhead(where, folder, Path(name), count)
        yield from _compared(out, Path(name) / "made-up")


def regions(scratch: Path) -> Iterator[tuple[str, Path]]:
    """The real city where its files are named by GRIDPLAN_REAL_DATA, and the sample city."""
    if named := os.environ.get("GRIDPLAN_REAL_DATA"):
        from tests.real_shanghai import write_real_shanghai  # where the repository is, and only there

        yield "real Shanghai", write_real_shanghai(Path(named), scratch / "real")
    yield "sample city", ROOT / "data" / "shanghai"


def _bulk(where: str, folder: Path, out: Path, count: int) -> Iterator[Figure]:
    cores, watch = usable_cores(), Watch()
    asked = many(gp.read(folder), count)
    began = time.perf_counter()
    runs = gp.scenarios(folder, asked, policy=POLICY, out=out, workers=cores, progress=watch)
    spent = time.perf_counter() - began
    of = f"{where}, {count:,} scenarios"
    yield Figure(of, f"each, after the first, {cores} processes", watch.each(0), "s", "< 1")
    yield Figure(
        of, f"share of {cores} cores busy", 100 * watch.each(1) / (cores * watch.each(0)), "%", "> 90"
    )
    yield Figure(
        of, "in all, from start to the last one stored", spent, "s", "< 720" if count == 1000 else ""
    )
    yield Figure(of, "with a plan", float(runs.table.query("gap == gap")["name"].nunique()), "")
    began = time.perf_counter()
    again = gp.scenarios(folder, asked, policy=POLICY, out=out, workers=cores)
    yield Figure(of, "resume, all finished", time.perf_counter() - began, "s", "< 5")
    if again.waiting:
        raise RuntimeError(f"{len(again.waiting)} scenarios got lost")
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    yield Figure(of, "kept on the disk, each", size / count / 1024, "KiB")


def _overhead(where: str, folder: Path, scratch: Path, count: int) -> Iterator[Figure]:
    """The runner with one process and the bare loop in one process, turn by turn, the same scenarios."""
    each = min(count, SIDE_BY_SIDE)
    ours, bare = [], []
    for turn in range(TURNS):
        first = 50_000 + turn * each
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            bare.append(pool.submit(bare_loop, folder, first, each).result())
        watch = Watch()
        asked = many(gp.read(folder), each, first)
        gp.scenarios(
            folder, asked, policy=POLICY, out=scratch / f"{folder.name}-{turn}", workers=1, progress=watch
        )
        ours.append((watch.each(0), watch.each(1)))
    of = f"{where}, {TURNS} × {each} scenarios"
    for what, n in (("clock", 0), ("processor", 1)):
        mine, theirs = (sum(row[n] for row in rows) / TURNS for rows in (ours, bare))
        yield Figure(of, f"bare loop in one process, each, {what}", theirs, "s")
        yield Figure(of, f"runner over bare loop, one process, {what}", 100 * (mine / theirs - 1), "%", "< 5")


def _compared(real: Path, out: Path) -> Iterator[Figure]:
    """A run folder of 10,000, made up of the results of a real one through the writer that every run uses."""
    runs = gp.open_runs(real)
    name = next(
        n for n in runs.names if runs.table.loc[runs.table["name"] == n, "status"].iloc[0] == "optimal"
    )
    rows = RunFolder(real).read(SCHEMA.names, [runs.case(name)["key"]]).to_pylist()
    folder = RunFolder(out)
    folder.make()
    record = read_record(real)
    cases = [{**runs.case(name), "name": f"m{n:05}", "key": f"{n:032x}"} for n in range(MADE_UP)]
    write_record(out, {key: value for key, value in record.items() if key != "form"} | {"cases": cases})
    began = time.perf_counter()
    for case in cases:
        folder.add(case["key"], [{**row, "key": case["key"]} for row in rows])
    folder.gather()
    of = f"sample city, {MADE_UP:,} made-up results"
    yield Figure(of, "kept one by one, each", 1000 * (time.perf_counter() - began) / MADE_UP, "ms")
    began = time.perf_counter()
    opened = gp.open_runs(out)
    yield Figure(of, "open", time.perf_counter() - began, "s")
    began = time.perf_counter()
    table = gp.compare(opened)
    yield Figure(of, "compare with one of them", time.perf_counter() - began, "s")
    if len(table) != MADE_UP:
        raise RuntimeError(f"{len(table)} of {MADE_UP} are compared")
