"""What lies in the folder of the desk. The desk knows nothing else: killed at any moment, it goes on from here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import gridplan as gp
from gridplan.desk.job import Job
from gridplan.files.whole import WORK, told
from gridplan.inputs.read_settings import FILE
from gridplan.intake.begin import Beginning
from gridplan.intake.look import OWN
from gridplan.plans.folder.own_files import RECORD

POLICY, PLAN, REPAIRED, ASIDE = "policy.toml", "plan", "repaired", "set-aside"
VARIANTS, SCENARIOS = "variants", "scenarios"
HALF = f".desk{WORK}"  # what is half written; of no use after a kill


class State:
    """The folder, and what was read of it: read again as soon as one of its files is another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.beginning: Beginning | None = None  # what the last look said besides region.toml
        self.job: Job | None = None  # the run of this desk, if any
        self._read: dict[str, tuple[Hashable, Any]] = {}

    @property
    def files(self) -> list[Path]:
        """The planner's own files, as they were dropped in."""
        found = [path for path in self.folder.iterdir() if path.is_file() and not path.name.startswith(".")]
        return sorted(path for path in found if path.name not in (*OWN, POLICY))

    @property
    def region_folder(self) -> Path:
        """The region folder that is planned: the repaired one where there is one."""
        repaired = self.folder / REPAIRED
        return repaired if (repaired / FILE).is_file() else self.folder

    @property
    def begun(self) -> bool:
        """Whether it is said which file is which table."""
        return (self.region_folder / FILE).is_file()

    @property
    def policy_file(self) -> Path:
        """policy.toml, there or not."""
        return self.folder / POLICY

    @property
    def plan_folder(self) -> Path:
        """The plan folder, there or not."""
        return self.folder / PLAN

    @property
    def planned(self) -> bool:
        """Whether there is a plan."""
        return (self.plan_folder / RECORD).is_file()

    def job_of(self, kind: str) -> Job | None:
        """The run of this desk, where it belongs to that step."""
        return self.job if self.job is not None and self.job.kind == kind else None

    def findings(self) -> gp.results.Findings:
        """What the doctor finds in the region folder."""
        return self.kept("findings", self.region_folder, gp.check)

    def region(self) -> gp.Region:
        """The region as it is planned.

        Raises
        ------
        DataError : it cannot be read.
        """
        return self.kept("region", self.region_folder, gp.read)

    def policy(self) -> gp.Policy:
        """The policy of policy.toml.

        Raises
        ------
        PolicyError : it is written wrongly.
        """
        return gp.policy(self.policy_file)

    def plan(self) -> gp.Plan:
        """The plan of the plan folder.

        Raises
        ------
        DataError : the folder was damaged.
        """
        return self.kept("plan", self.plan_folder, gp.open_plan)

    @property
    def sound(self) -> bool:
        """Whether the region folder can be planned: it is there, and the doctor finds no error."""
        return self.begun and not self.findings().errors

    def set_aside(self, name: str) -> None:
        """Move a file or folder ("plan", "variants/a.csv") out of the way, under a name that is free; nothing is deleted."""
        source, room = self.folder / name, self.folder / ASIDE
        if not source.exists():
            return
        with told(room):
            room.mkdir(exist_ok=True)
            number = 1
            while (room / f"{number}-{source.name}").exists():
                number += 1
            source.rename(room / f"{number}-{source.name}")

    def clear(self) -> None:
        """Take away what a killed desk has left half written."""
        shutil.rmtree(self.folder / HALF, ignore_errors=True)

    def kept(self, what: str, folder: Path, read: Callable[[Path], Any]) -> Any:
        """What `read` makes of a folder, read again as soon as one of its files is another."""
        seen = (folder, _look_of(folder))
        known = self._read.get(what)
        if known is None or known[0] != seen:
            known = (seen, read(folder))
            self._read[what] = known
        return known[1]


def _look_of(folder: Path) -> Hashable:
    """Names, sizes and times of a folder's files."""
    entries = [(entry.name, entry.stat()) for entry in folder.iterdir() if entry.is_file()]
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in entries))
