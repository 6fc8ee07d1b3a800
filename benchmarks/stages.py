"""`gridplan plan` as a whole process, stage by stage, beside another revision in the same run."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import one_plan
from benchmarks.cases.synthetic import region as made_up
from benchmarks.figures import Figure
from gridplan.inputs.write import write_region

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = Path("data") / "shanghai"  # of each tree its own: an older one may not know all tables of today
MOST_SECONDS = "< 5"  # of processor time, for the sample city
# Units of a made-up city → most seconds by the clock and most megabytes.
MOST = {6_000: ("< 10", "< 500"), 100_000: ("< 45", "< 1500"), 500_000: ("< 240", "< 6000")}
KINDS = ("polygons", "points", "cells")


@dataclass(frozen=True)
class Run:
    """One run: seconds of processor time by stage, seconds by the clock, most megabytes held."""

    seconds: dict[str, float]
    by_clock: float
    megabytes: float


def measure(against: str | None, units: int | None, turns: int, kind: str = "polygons") -> Iterator[Figure]:
    """Seconds of processor time, children included, by stage; of `turns` runs of each revision the quickest.

    Parameters
    ----------
    against : a revision of this repository, measured in turn with the tree as it stands; None for that alone.
    units : of a made-up city; None for the sample city.
    kind : what the units of a made-up city are, of `KINDS`.

    Raises
    ------
    RuntimeError : the revision does not exist, or a run ends with an error.
    """
    with tempfile.TemporaryDirectory() as beside, _trees(against, Path(beside)) as trees:
        made: Path | None = None
        city = "sample city"
        if units is not None:
            region = made_up(units, cells=kind == "cells", borders=kind == "polygons")
            made, city = Path(beside) / "region", f"{len(region.units):,} units, {kind}"
            made.mkdir()
            write_region(region, made)
        best: dict[str, Run] = {}
        for _ in range(turns):
            for name, tree in trees.items():
                run = _run(tree, made or tree / SAMPLE, Path(beside) / "plan")
                if name not in best or sum(run.seconds.values()) < sum(best[name].seconds.values()):
                    best[name] = run
        for name, run in best.items():
            of = f"plan of the {city}, {name}"
            yield from (Figure(of, stage, value, "s") for stage, value in run.seconds.items())
            now = name == "now"
            asked = MOST_SECONDS if units is None and now else ""
            clock, memory = MOST.get(units or 0, ("", "")) if now else ("", "")
            yield Figure(of, "whole process", sum(run.seconds.values()), "s", asked)
            yield Figure(of, "whole process, by the clock", run.by_clock, "s", clock)
            yield Figure(of, "most memory", run.megabytes, "MiB", memory)


@contextlib.contextmanager
def _trees(against: str | None, beside: Path) -> Iterator[dict[str, Path]]:
    """Name → root of the source tree; the other revision is checked out for as long as it is measured."""
    trees = {"now": ROOT}
    if against is None:
        yield trees
        return
    other = beside / "tree"
    git = ["git", "-C", str(ROOT), "worktree"]
    _done([*git, "add", "--detach", str(other), against])
    try:
        _done([sys.executable, "-m", "compileall", "-q", str(other / "gridplan")])  # as an installed one is
        yield {against: other, **trees}
    finally:
        _done([*git, "remove", "--force", str(other)])


def _run(tree: Path, folder: Path, out: Path) -> Run:
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    before = os.times()
    told = _done([sys.executable, one_plan.__file__, str(folder), str(out)], environment, tree)
    after = os.times()
    run = json.loads(told.splitlines()[-1])
    whole = after.children_user + after.children_system - before.children_user - before.children_system
    end = max(0.0, whole - sum(run["seconds"].values()))  # what Python takes to put everything away
    return Run({**run["seconds"], "end": end}, after.elapsed - before.elapsed, run["megabytes"])


def _done(words: list[str], environment: dict[str, str] | None = None, where: Path = ROOT) -> str:
    ended = subprocess.run(
        words, env=environment, cwd=where, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if ended.returncode:
        raise RuntimeError(f"{' '.join(words[:4])} …: {ended.stderr.strip()[-2000:]}")
    return ended.stdout
