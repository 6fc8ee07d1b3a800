"""A country as one job: plans per core, the most memory of a worker, and what 1,000 cores come to."""

from __future__ import annotations

import importlib
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

import gridplan as gp
from benchmarks.cases.country import Country
from benchmarks.figures import Figure
from benchmarks.scenarios import Watch

POLICY = "shanghai-2025"
WORKERS = 2
LOOK_SECONDS = 0.2
CORES = 1000
SCENARIOS = 1000  # of each city, in the reckoning
YUAN = 0.3  # an hour of a core, for the reckoning; say your own with --yuan


def asked(count: int) -> dict[str, gp.Scenario]:
    """Today, one partner each, and journeys that take longer and longer."""
    first = {
        "today": gp.Scenario("today"),
        "one each": gp.Scenario("one each", (gp.edits.WithRules((gp.rules.DistrictCap(1),)),)),
    }
    rest = {
        f"slower {n}": gp.Scenario(f"slower {n}", (gp.edits.TravelFactor(1 + n / 100),))
        for n in range(1, count)
    }
    return dict([*first.items(), *rest.items()][:count])


@dataclass
class Memory:
    """The most that this process and each of its children held, bytes, looked at every 0.2 s."""

    parent: int = 0
    worker: int = 0
    _end: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Until it is told to end."""
        me = psutil.Process()
        while not self._end.wait(LOOK_SECONDS):
            self.parent = max(self.parent, me.memory_info().rss)
            for child in me.children(recursive=True):
                try:
                    self.worker = max(self.worker, child.memory_info().rss)
                except psutil.Error:  # it has just ended
                    continue

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look while the block runs."""
        looking = threading.Thread(target=self.look)
        looking.start()
        try:
            yield
        finally:
            self._end.set()
            looking.join()


@contextmanager
def cluster() -> Iterator[Executor]:
    """A cluster of dask on this machine: processes with one thread each; its profiler, which eats 1 MB a plan, is off.

    Raises
    ------
    RuntimeError : dask.distributed is not installed.
    """
    try:
        dask: Any = importlib.import_module("distributed")
    except ImportError:
        raise RuntimeError(
            "a cluster needs dask: pip install '.[cluster]' in the clone, or give --on local"
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own event loops at the end
        with (
            importlib.import_module("dask").config.set({"distributed.worker.profile.enabled": False}),
            dask.LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as machines,
            dask.Client(machines) as client,
        ):
            yield client.get_executor()


def measure(country: Country, scenarios: int, on: str, yuan: float) -> Iterator[Figure]:
    """The figures of one run.

    Parameters
    ----------
    on : "cluster" (dask) or "local" (processes of this machine).
    """
    of = f"{country.cities:,} cities × {country.units:,} units × {scenarios} scenarios, {on}"
    with tempfile.TemporaryDirectory(prefix="gridplan-country-") as name:
        began = time.perf_counter()
        where = country.write(Path(name) / "country")
        size = sum(file.stat().st_size for file in (Path(name) / "country").rglob("*") if file.is_file())
        yield Figure(of, "region folders, written in", time.perf_counter() - began, "s")
        yield Figure(of, "region folders, on the disk", size / 2**20, "MiB")
        out, watch, memory = Path(name) / "runs", Watch(), Memory()
        began = time.perf_counter()
        with memory.watched():
            if on == "cluster":
                with cluster() as executor:
                    runs = gp.scenarios(
                        where, asked(scenarios), policy=POLICY, out=out, executor=executor, progress=watch
                    )
            else:
                runs = gp.scenarios(
                    where, asked(scenarios), policy=POLICY, out=out, workers=WORKERS, progress=watch
                )
        spent = time.perf_counter() - began
        table = runs.table.drop_duplicates("name")
        plans, cases = int(table["gap"].notna().sum()), len(table)
        busy = watch.each(1) / watch.each(0) / WORKERS
        yield Figure(of, "from start to the last one stored", spent, "s")
        yield Figure(of, f"with a plan, of {cases:,}", float(plans), "")
        yield Figure(of, "share of the cores busy", 100 * busy, "%")
        yield Figure(of, "processor seconds per plan, reading included", watch.each(1), "s")
        yield Figure(of, "plans per hour and core, by the clock", 3600 / watch.each(0) / WORKERS, "")
        yield Figure(of, "most memory of a worker", memory.worker / 2**20, "MiB")
        yield Figure(of, "most memory of the process that collects", memory.parent / 2**20, "MiB")
        began = time.perf_counter()
        gp.scenarios(where, asked(scenarios), policy=POLICY, out=out, workers=WORKERS)
        yield Figure(of, "resume, all finished", time.perf_counter() - began, "s")
        began = time.perf_counter()
        gp.compare(gp.open_runs(out), base="today")
        yield Figure(of, "open and compare", time.perf_counter() - began, "s")
        size = sum(file.stat().st_size for file in (out / "results").iterdir())
        yield Figure(of, "kept on the disk, each", size / cases / 1024, "KiB")
        hours = country.cities * SCENARIOS * watch.each(1) / 3600
        many = f"{country.cities:,} cities × {SCENARIOS:,} scenarios"
        yield Figure(many, "core-hours, reckoned", hours, "h")
        yield Figure(many, f"on {CORES:,} cores, all busy, reckoned", 60 * hours / CORES, "min")
        yield Figure(many, f"cost at {yuan:g} yuan per core-hour, reckoned", hours * yuan, "yuan")
