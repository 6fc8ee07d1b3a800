"""gp.scenarios: many scenarios solved on many processes, each result kept as it comes."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridplan.files.claim import claimed
from gridplan.files.scratch import scratch
from gridplan.files.swap import mended
from gridplan.geography.reading import read
from gridplan.inputs.region import Region
from gridplan.inputs.write import write_region
from gridplan.optimise.engines.choose import Engine
from gridplan.policies.policy import Policy
from gridplan.policies.profile import policy as read_policy
from gridplan.policies.profile import to_dict
from gridplan.scenario.runs.case import Asked, Case, Settings, UseRegion, case_of, named
from gridplan.scenario.runs.cities import folder_digest
from gridplan.scenario.runs.open_runs import Runs, open_runs
from gridplan.scenario.runs.pool import Crew, solve_all
from gridplan.scenario.runs.row import SOLVED
from gridplan.scenario.runs.run_files import write_folder
from gridplan.scenario.runs.run_folder import RunFolder, read_record, write_record
from gridplan.scenario.runs.worker import Base
from gridplan.words.arguments import check_limits
from gridplan.words.errors import DataError
from gridplan.words.text import Text
from gridplan.words.version import VERSION

Where = Region | Path | str


@dataclass(frozen=True)
class Tally:
    """How far a run is: scenarios done of all, seconds so far, seconds that are left by the pace until now."""

    done: int
    of: int
    seconds: float
    left: float | None

    @property
    def text(self) -> Text:
        """As a line of progress."""
        rest, rest_zh = "", ""
        if self.left is not None:
            rest, rest_zh = f", about {_clock(self.left)} left", f"，约剩 {_clock(self.left)}"
        return Text(
            f"{self.done:,} of {self.of:,} scenarios in {_clock(self.seconds)}{rest}",
            f"已完成 {self.done:,}/{self.of:,} 个情景，用时 {_clock(self.seconds)}{rest_zh}",
        )


def scenarios(
    region: Where | Mapping[str, Where],
    asked: Mapping[str, Asked],
    *,
    policy: Policy | str = "shanghai-2025",
    out: str | Path | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    engine: Engine = "auto",
    seconds: float | None = None,
    gap: float = 0.0,
    programme: bool = False,
    progress: Callable[[Tally], None] | None = None,
) -> Runs:
    """Solve scenarios side by side and keep every result; what the folder has already is not solved again.

    Ctrl-C ends the run: what is finished is kept and comes back, the rest is "waiting".

    Parameters
    ----------
    region : Where or Mapping[str, Where]
        A region or region folder; or city → region folder for many cities, each with all scenarios: see
        `gp.cities`. Workers read them, hold no more than two at a time, and a city that cannot be read or
        planned is a row with its reason.
    asked : Mapping[str, Asked]
        Name → Scenario, Policy, or (Region, Policy).
    policy : Policy or str, default "shanghai-2025"
        What the scenarios start from.
    out : str or Path, optional
        Run folder, made or continued; None keeps the results for as long as the Runs live.
    executor : Executor, optional
        Any `concurrent.futures.Executor`, such as `client.get_executor()` of dask.distributed; by default local
        processes, one per core, each solving with one thread.
    workers : int, optional
        How many local processes; with an executor, how many scenarios are with it at once.
    engine : Engine, default "auto"
        As for `gp.plan`.
    seconds : float, optional
        Clock of each scenario; one that does not keep to it is given up later. None = until proven.
    gap : float, default 0.0
        Stop each at this relative gap; 0 = until proven.
    programme : bool, default False
        Whether the programme of each plan is made too: `Runs.programmes()`.
    progress : Callable[[Tally], None], optional
        Called with a Tally whenever a scenario is done.

    Returns
    -------
    Runs
        The run folder with every result.

    Raises
    ------
    ArgumentError
        An argument is of another kind, or cannot be meant (seconds=-1).
    ScenarioError
        There is no scenario.
    DataError
        The region cannot be read; the folder is of another region, cannot be written, or another run is using it.
    SolveError
        No local process can start.

    Examples
    --------
    >>> import gridplan as gp
    >>> runs = gp.scenarios(gp.tiny_town(), {"today": gp.policy("shanghai-2025")}, workers=1)
    >>> runs.plan("today").status
    'optimal'
    """
    check_limits(seconds, gap)
    rules = policy if isinstance(policy, Policy) else read_policy(policy)
    settings, chosen = Settings(engine, seconds, gap, programme), named(asked)
    with ExitStack() as kept:
        home = kept.enter_context(scratch()) if out is None else None
        folder = RunFolder(Path(out) if out is not None else Path(str(home)) / "runs")
        regions = dict(region) if isinstance(region, Mapping) else {"": _read(region)}
        bases = {city: _base(city, where, rules, settings) for city, where in regions.items()}
        cases = [
            case_of(
                f"{city}/{name}" if city else name,
                city,
                scenario,
                f"{_known_by(bases[city])} {rules.digest}",
                VERSION,
                settings,
            )
            for city in regions
            for name, scenario in chosen.items()
        ]
        with claimed(folder.path) as claim:
            mended(claim)
            _keep(folder, bases, rules, settings, cases)
            _run(
                folder,
                cases,
                Crew(executor, workers, bases, settings.most_seconds, claim.work, home),
                progress,
            )
            runs = open_runs(folder.path)
        weakref.finalize(runs, kept.pop_all().close)
    return runs


def _run(folder: RunFolder, cases: list[Case], crew: Crew, progress: Callable[[Tally], None] | None) -> None:
    finished = folder.finished()
    to_do = list({case.key: case for case in cases if case.key not in finished}.values())
    already, began = len(cases) - len(to_do), time.perf_counter()
    try:
        with closing(solve_all(to_do, crew)) as results:
            for n, (case, rows) in enumerate(results, start=1):
                folder.add(case.key, rows)
                if progress is not None:
                    spent = time.perf_counter() - began
                    left = spent / n * (len(to_do) - n)
                    progress(Tally(already + n, len(cases), spent, left))
    except KeyboardInterrupt:
        pass  # what is finished is kept; what is not is "waiting" in the Runs
    folder.gather()


def _read(region: Where) -> Region:
    return region if isinstance(region, Region) else read(region)


def _base(city: str, region: Where, policy: Policy, settings: Settings) -> Base:
    """Where the scenarios of a city start; one region is checked here once, many are read where they are planned."""
    if isinstance(region, Region):
        return Base(f"{region.fingerprint} {policy.digest}", region, policy, settings).ready()
    path = Path(os.path.realpath(region))  # a ring of links is no fault yet: whoever reads it says so
    return Base(f"{folder_digest(path)} {policy.digest}", path, policy, settings)


def _known_by(base: Base) -> str:
    return base.name.partition(" ")[0]


def _keep(
    folder: RunFolder, bases: Mapping[str, Base], policy: Policy, settings: Settings, cases: list[Case]
) -> None:
    """run.json and the regions; a folder that is there already must be of the same regions."""
    there: dict[str, Any] = read_record(folder.path) if (folder.path / "run.json").is_file() else {}
    _refuse_others(folder, there, bases)
    folder.make()
    stored = {}
    for city, base in bases.items():
        known = _known_by(base)
        outside = isinstance(base.region, Path)
        where = str(base.region) if outside else f"regions/{known[:16]}"
        stored[city] = {"sha256": known, "folder": where, "outside": outside}
        if isinstance(base.region, Region):
            _store(folder.path, base.region)
    records = {case["name"]: case for case in there.get("cases", [])}
    for case in cases:
        changes = []
        for change in case.scenario.changes:
            if isinstance(change, UseRegion):
                _store(folder.path, change.region)
            if change.key != "policy":
                changes.append(change.table())
        records[case.name] = {**case.record(), "changes": changes}
    write_record(
        folder.path,
        {
            "bases": {**there.get("bases", {}), **stored},
            "policy": to_dict(policy),
            "settings": {"engine": settings.engine, "seconds": settings.seconds, "gap": settings.gap},
            "cases": list(records.values()),
        },
    )


def _store(folder: Path, region: Region) -> None:
    target = folder / "regions" / region.fingerprint[:16]
    if not target.exists():
        write_folder(target, lambda part: write_region(region, part))


def _refuse_others(folder: RunFolder, there: Mapping[str, Any], bases: Mapping[str, Base]) -> None:
    """The folder must be of the same regions; one that gave no plan yet may have been mended."""
    known = there.get("bases", {})
    changed = [city for city in bases if city in known and known[city]["sha256"] != _known_by(bases[city])]
    ended = folder.finished() if changed else {}
    planned = {case["city"] for case in there.get("cases", []) if ended.get(case["key"]) in SOLVED}
    others = [city or "region" for city in changed if city in planned]
    if others or (known and ("" in known) != ("" in bases)):
        raise DataError(
            Text(f"{folder.path} holds runs of another region", f"{folder.path} 中是另一地区的运行结果"),
            Text("give another folder, or the region that it is of", "请另给文件夹，或使用原来的地区"),
            others,
        )
    if not known and folder.path.is_dir():
        left = [
            p.name
            for p in folder.path.iterdir()
            if p.name not in ("results", "regions") and not p.name.endswith(".part")
        ]
        if left:
            raise DataError(
                Text(f"{folder.path} holds other files", f"{folder.path} 中有其他文件"),
                Text("give a new folder", "请给出新文件夹"),
                left,
            )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
