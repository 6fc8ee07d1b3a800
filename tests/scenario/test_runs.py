"""Runs: every scenario ends, none twice, none lost, whatever dies; and the way back to a plan."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ON_CI

import gridplan as gp
from gridplan.scenario.edits.change import Change
from gridplan.scenario.runs import pool
from gridplan.scenario.runs.run_folder import RunFolder
from gridplan.words.errors import DataError, ScenarioError

TODAY, ONE_EACH = (
    gp.Scenario("today"),
    gp.Scenario("one each", (gp.edits.WithRules((gp.rules.DistrictCap(1),)),)),
)
MANY = {
    f"factor {n}": gp.Scenario(f"factor {n}", (gp.edits.Population({"all": 1 + n / 100}),))
    for n in range(1, 7)
}


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


def here(
    town: gp.Region, asked: dict[str, gp.Scenario], out: Path | None = None, **settings: object
) -> gp.results.Runs:
    with ThreadPoolExecutor(1) as executor:
        return gp.scenarios(town, asked, out=out, executor=executor, **settings)  # type: ignore[arg-type]


@pytest.fixture
def town() -> gp.Region:
    return gp.tiny_town()


def test_a_plan_comes_back_whole(town: gp.Region, tmp_path: Path) -> None:
    here(town, {"today": TODAY, "more": MANY["factor 5"]}, tmp_path / "runs")
    runs = gp.open_runs(tmp_path / "runs")
    policy = gp.policy("shanghai-2025")
    for name, scenario in (("today", TODAY), ("more", MANY["factor 5"])):
        made, direct = runs.plan(name), gp.plan(*gp.edits.apply(town, policy, scenario))
        assert made.assignment.astype({"unit_id": str}).equals(
            direct.assignment.astype({"unit_id": str})
        ) or (made.assignment.to_csv() == direct.assignment.to_csv())
        assert made.pairs.to_csv() == direct.pairs.to_csv()
        assert made.summary() == direct.summary()
        assert gp.verify(made).kept


def test_figures_by_hand(town: gp.Region) -> None:
    """One partner each, and no one moves twice: from the plans' own tables, worked out here anew."""
    runs = here(town, {"today": TODAY, "one": ONE_EACH})
    rows = gp.compare(runs, base="today").set_index("name")
    before, after = (runs.plan(name).to_frame("general") for name in ("today", "one"))
    for name, table in (("today", before), ("one", after)):
        total = (table["people"] * table["minutes"]).sum()
        assert rows.loc[name, "person_minutes"] == pytest.approx(total)
        assert rows.loc[name, "mean_minutes"] == pytest.approx(total / 81000)
        assert rows.loc[name, "worst_minutes"] == table["minutes"].max()
        assert rows.loc[name, "fullest_people"] == table.groupby("hospital_id")["people"].sum().max()
    moved = before.loc[(before["hospital_id"] != after["hospital_id"]).to_numpy(), "people"].sum()
    assert rows.loc["one", "people_moved"] == moved > 0 == rows.loc["today", "people_moved"]
    assert rows.loc["one", "pairs"] == 3
    assert rows.loc["one", "pairs_dropped"] - rows.loc["one", "pairs_added"] == rows.loc["today", "pairs"] - 3
    assert gp.measures.movers(runs, "one", "today")["people"].sum() == moved
    changed = gp.measures.pair_changes(runs, "one", "today")
    assert (changed.query("layer == 'general'")["change"] == "dropped").sum() == rows.loc[
        "one", "pairs_dropped"
    ]


def test_a_policy_and_a_region_may_be_given(town: gp.Region) -> None:
    policy = gp.policy("shanghai-2025-strict")
    half = gp.edits.apply(town, policy, gp.Scenario("half", (gp.edits.Population({"all": 0.5}),)))
    runs = here(town, {"strict": policy, "half": half})  # type: ignore[dict-item]
    assert runs.plan("half").assignment["people"].sum() == 81000  # two layers of 40,500
    assert runs.plan("strict").policy.digest == policy.digest


def test_a_plan_comes_back_whose_region_changes_only_under_its_own_policy(town: gp.Region) -> None:
    """A travel table knows no new site, so the scenario travels by straight line; the policy of the run does not."""
    policy = gp.policy("shanghai-2025")
    minutes = gp.travel_times(town, list(town.hospitals["hospital_id"]), policy.travel).to_frame()
    by_line = gp.edits.PolicyTables({"travel": {"method": "straight_line"}})
    runs = here(
        town.with_tables(travel=minutes), {"open": gp.Scenario("open", (by_line, gp.edits.OpenBranch("B3")))}
    )
    assert gp.verify(runs.plan("open")).kept
    assert runs.region("open").branches["status"].eq("open").all()


def test_what_is_impossible_is_a_row_with_its_reason(town: gp.Region) -> None:
    impossible = gp.Scenario("no", (gp.edits.WithRules((gp.rules.TravelStandard(1.0),)),))
    runs = here(
        town,
        {
            "today": TODAY,
            "no": impossible,
            "unknown": gp.Scenario("unknown", (gp.edits.CloseHospital("H9"),)),
        },
    )
    rows = gp.compare(runs).set_index("name")
    assert rows["status"].to_dict() == {"today": "optimal", "no": "impossible", "unknown": "refused"}
    assert "H9" in rows.loc["unknown", "reason"] and "没有" in rows.loc["unknown", "reason_zh"]
    with pytest.raises(ScenarioError, match="no plan"):
        runs.plan("no")
    with pytest.raises(ScenarioError, match="no scenario 'todya'"):
        runs.plan("todya")
    with pytest.raises(ScenarioError, match="no plan of scenario 'no'"):
        gp.compare(runs, base="no")


def test_what_is_finished_is_not_solved_again(
    town: gp.Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(town, {"today": TODAY}, tmp_path)
    solved: list[str] = []
    real = pool.work

    def counted(task: pool.Task) -> object:
        solved.append(task.scenario.name)
        return real(task)

    monkeypatch.setattr(pool, "work", counted)
    runs = here(town, {"today": TODAY, "one each": ONE_EACH}, tmp_path)
    assert [name for name in solved if name != "today"] and "today" not in solved
    assert runs.names == ["today", "one each"] and not runs.waiting
    here(town, {"today": TODAY}, tmp_path, gap=0.5)
    assert "today" in solved, "other settings are another result"


def test_a_run_folder_of_another_region_is_refused(town: gp.Region, tmp_path: Path) -> None:
    here(town, {"today": TODAY}, tmp_path / "runs")
    other, _ = gp.edits.apply(town, gp.policy("shanghai-2025"), MANY["factor 1"])
    with pytest.raises(DataError, match="another region"):
        here(other, {"today": TODAY}, tmp_path / "runs")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(DataError, match="other files"):
        here(town, {"today": TODAY}, tmp_path / "mine")
    with pytest.raises(DataError, match="no run folder"):
        gp.open_runs(tmp_path / "mine")


@pytest.mark.parametrize("file", ["run.json", "results/part-00001.parquet", "results/0.json"])
def test_a_file_that_is_half_there_is_named(town: gp.Region, tmp_path: Path, file: str) -> None:
    here(town, {"today": TODAY}, tmp_path)
    if file == "results/0.json":  # a result that is not gathered yet
        RunFolder(tmp_path).add("0", [{"layer": "general", "status": "optimal"}])
    whole = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=Path(file).name):
        gp.open_runs(tmp_path)


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
    monkeypatch.setattr("gridplan.scenario.runs.case.Settings.most_seconds", property(lambda self: 5.0))
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


SCRIPT = """
import gridplan as gp
from concurrent.futures import ThreadPoolExecutor
asked = {str(n): gp.Scenario(str(n), (gp.edits.Population({"all": 1 + n / 1000}),)) for n in range(1, 16)}
with ThreadPoolExecutor(1) as executor:
    gp.scenarios(gp.tiny_town(), asked, out=%r, executor=executor, progress=lambda t: print(t.done, flush=True))
"""


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


def test_many_cities_as_one_job(town: gp.Region, tmp_path: Path) -> None:
    for city in ("east", "west"):
        gp.write_region(town, tmp_path / city)
    with ThreadPoolExecutor(1) as executor:
        runs = gp.scenarios(
            {city: tmp_path / city for city in ("east", "west")},
            {"today": TODAY, "one": ONE_EACH},
            out=tmp_path / "runs",
            executor=executor,
        )
    rows = gp.compare(runs, base="today").set_index("name")
    assert list(rows.index) == ["east/today", "east/one", "west/today", "west/one"]
    assert rows.loc["west/one", "people_moved"] == rows.loc["east/one", "people_moved"] > 0
    assert gp.verify(runs.plan("west/one")).kept
