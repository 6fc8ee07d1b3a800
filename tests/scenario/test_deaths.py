"""Whatever dies, every scenario ends: full disks, workers without memory, kill -9, a cluster that loses one."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from conftest import ON_CI

import gridplan as gp
from gridplan.scenario.edits.change import Change
from gridplan.scenario.runs import pool
from gridplan.scenario.runs.case import Case, Settings
from gridplan.scenario.runs.worker import Task
from gridplan.words.errors import DataError
from tests.scenario.test_runs import MANY, TODAY, here

SCRIPT = """
import gridplan as gp
from concurrent.futures import ThreadPoolExecutor
asked = {str(n): gp.Scenario(str(n), (gp.edits.Population({"all": 1 + n / 1000}),)) for n in range(1, 16)}
with ThreadPoolExecutor(1) as executor:
    gp.scenarios(gp.tiny_town(), asked, out=%r, executor=executor, progress=lambda t: print(t.done, flush=True))
"""


@dataclass(frozen=True)
class Deadly(Change):
    """Takes its process down, as a lack of memory does."""

    key = "deadly"

    def on(self, region: gp.Region, policy: gp.Policy) -> tuple[gp.Region, gp.Policy]:
        os._exit(9)

    def table(self) -> dict[str, object]:
        return {self.key: True}


@dataclass(frozen=True)
class Endless(Change):
    """Never ends."""

    key = "endless"

    def on(self, region: gp.Region, policy: gp.Policy) -> tuple[gp.Region, gp.Policy]:
        time.sleep(600)
        return region, policy

    def table(self) -> dict[str, object]:
        return {self.key: True}


@dataclass(frozen=True)
class Failing(Change):
    """Ends with an error that gridplan does not raise on purpose, as long as a file is there."""

    file: str
    error: type[Exception]
    key = "failing"

    def on(self, region: gp.Region, policy: gp.Policy) -> tuple[gp.Region, gp.Policy]:
        if Path(self.file).exists():
            raise self.error("dear me")
        return region, policy

    def table(self) -> dict[str, object]:
        return {self.key: self.file}


@pytest.fixture
def town() -> gp.Region:
    return gp.tiny_town()


def test_a_full_disk_is_one_message_and_keeps_what_is_finished(
    town: gp.Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[str, str], None] = os.replace
    written = []

    def full(source: str, target: str) -> None:
        if Path(target).parent.name == "results":
            written.append(target)
            if len(written) > 2:
                raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DataError, match="disk is full"):
        here(town, dict(MANY), tmp_path)
    monkeypatch.undo()
    runs = gp.open_runs(tmp_path) if (tmp_path / "run.json").exists() else None
    assert runs is not None and len(runs.waiting) == len(MANY) - 2
    assert not list(tmp_path.rglob("*.part"))
    assert not here(town, dict(MANY), tmp_path).waiting


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [(MemoryError, "died", "out of memory"), (ZeroDivisionError, "failed", "dear me")],
)
def test_a_worker_out_of_memory_or_at_fault_is_a_row(
    town: gp.Region, tmp_path: Path, error: type[Exception], status: str, says: str
) -> None:
    """What died for lack of memory is tried again by the same command; a fault would only come again."""
    flag = tmp_path / "flag"
    flag.touch()
    asked = {"bad": gp.Scenario("bad", (Failing(str(flag), error),)), "today": TODAY}
    rows = here(town, asked, tmp_path / "runs").table.set_index("name")
    assert rows.loc["bad", "status"] == status and says in rows.loc["bad", "reason"]
    assert set(rows.loc["today", "status"]) == {"optimal"}
    flag.unlink()
    again = here(town, asked, tmp_path / "runs").table.drop_duplicates("name").set_index("name")["status"]
    assert again["bad"] == ("optimal" if status == "died" else "failed")


def test_a_worker_that_a_cluster_lost_again_and_again_is_a_row() -> None:
    class KilledWorker(Exception):
        """As dask calls it."""

    (row,) = pool.failure(KilledWorker("x"))
    assert row["status"] == "died" and "fewer workers" in row["reason"] and "内存" in row["reason_zh"]


def test_local_processes_outlive_one_that_dies_and_one_that_never_ends(
    town: gp.Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is short for the endless one alone: a busy machine may need long for the others."""
    given = pool.Crew.task

    def task(crew: pool.Crew, case: Case) -> Task:
        made = given(crew, case)
        return made if case.name == "endless" else replace(made, most_seconds=None)

    monkeypatch.setattr(Settings, "most_seconds", property(lambda self: 2.0))
    monkeypatch.setattr(pool.Crew, "task", task)
    asked = {
        "deadly": gp.Scenario("deadly", (Deadly(),)),
        "endless": gp.Scenario("endless", (Endless(),)),
        **MANY,
    }
    said: list[str] = []
    runs = gp.scenarios(
        town, asked, out=tmp_path, workers=2, progress=lambda tally: said.append(tally.text.en)
    )
    status = gp.compare(runs).set_index("name")["status"].to_dict()
    assert status.pop("deadly") == "died" and status.pop("endless") == "gave_up"
    assert status == dict.fromkeys(MANY, "optimal")
    assert len(said) == len(asked) and said[-1].startswith("8 of 8")


def test_a_script_without_a_guard_is_told_so_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    """With a region that is larger than a pipe: a process that dies while it starts does not read it."""
    script = tmp_path / "plain.py"
    city = Path(__file__).resolve().parents[2] / "data" / "shanghai"
    script.write_text(
        f'import gridplan as gp\ngp.scenarios({str(city)!r}, {{"a": gp.Scenario("a")}}, workers=1)\n',
        encoding="utf-8",
    )
    ended = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1 and "no local process can start" in ended.stderr
    assert '__name__ == "__main__"' in ended.stderr


def test_kill_9_leaves_whole_files_and_the_run_goes_on(town: gp.Region, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT % str(out)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    runs = gp.open_runs(out)
    finished = 15 - len(runs.waiting)
    assert 3 <= finished < 15
    asked = {str(n): gp.Scenario(str(n), (gp.edits.Population({"all": 1 + n / 1000}),)) for n in range(1, 16)}
    runs = here(town, asked, out)
    assert runs.table.query("layer == 'general'")["name"].tolist() == list(asked), "each once, none lost"


def test_a_cluster_outlives_a_worker(town: gp.Region, tmp_path: Path) -> None:
    if not ON_CI:
        pytest.importorskip("distributed", reason="dask.distributed is not installed (extra cluster)")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import Client, LocalCluster

        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with LocalCluster(**options) as cluster, Client(cluster) as client:
            killed: list[int] = []

            def kill_one(tally: object) -> None:
                if not killed:
                    pids = list(client.run(os.getpid).values())
                    killed.append(pids[0])
                    os.kill(pids[0], signal.SIGKILL)

            asked = {
                str(n): gp.Scenario(str(n), (gp.edits.Population({"all": 1 + n / 100}),)) for n in range(1, 9)
            }
            runs = gp.scenarios(town, asked, out=tmp_path, executor=client.get_executor(), progress=kill_one)
    assert killed
    assert runs.table.query("layer == 'general'")["name"].tolist() == list(asked)
    assert set(runs.table["status"]) == {"optimal"}
