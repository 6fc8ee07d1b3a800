"""The commands of many scenarios: what they print and keep, one city or many, Ctrl-C, wrong use."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import gridplan as gp
from gridplan.cli import app
from gridplan.files.claim import claimed
from gridplan.scenario.runs import pool

FILE = """
[scenario.today]
[scenario.one_each]
description = "每区一家 / one partner each"
policy.district_cap = 1
[scenario.too_far]
policy.travel_standard = { minutes = 1 }
[scenario.unknown]
close_hospital = ["H9"]
"""
MANY = "".join(f"[scenario.n{n:02}]\npopulation = {{ all = 1.{n:02} }}\n" for n in range(1, 13))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a region folder and a scenario file."""
    gp.write_region(gp.tiny_town(), tmp_path / "town")
    (tmp_path / "s.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(app, [*(str(a) for a in arguments), "--lang", lang])


def test_each_scenario_is_told_and_compared(here: Path) -> None:
    words = ("scenarios", here / "town", "--file", here / "s.toml", "--out", here / "runs", "--workers", 1)
    said = run(*words)
    assert said.exit_code == 0, said.output
    assert "4 scenarios in" in said.stdout and "2 optimal" in said.stdout
    assert "too_far: impossible: " in said.stdout and "unknown: refused: " in said.stdout
    assert "H9" in said.stdout
    with pytest.MonkeyPatch.context() as patch:  # nothing is solved twice, no process is started
        patch.setattr(pool, "local_pool", lambda *_: pytest.fail("a process is started"))
        again = run(*words, lang="zh")
    assert again.exit_code == 0 and "无法采用" in again.stdout and "共 4 个情景" in again.stdout

    table = run("compare", here / "runs", "--base", "one_each", "--csv", here / "c.csv")
    assert table.exit_code == 0 and "4 row(s) in" in table.stdout and "impossible" in table.stdout
    rows = pd.read_csv(here / "c.csv", encoding="utf-8-sig").set_index("name")
    assert rows.loc["today", "people_moved"] > 0 == rows.loc["one_each", "people_moved"]
    opened = gp.open_runs(here / "runs")
    for name in ("today", "one_each"):  # each scenario against today, in words and in the file
        now = (
            gp.measures.against_today(opened.plan(name))
            .query("layer == 'general' and district_id == ''")
            .iloc[0]
        )
        columns = ["minutes_today", "minutes_same", "beyond_today", "beyond_same", "winners", "losers"]
        assert list(rows.loc[name, columns]) == pytest.approx([float(now[one]) for one in columns])
        assert f"{name}: {now.minutes_today:.1f} → {now.minutes_same:.1f}; " in table.stdout
    assert pd.isna(rows.loc["too_far", "winners"])
    chinese = run("compare", here / "runs", lang="zh").stdout
    assert "缩短" in chinese and "人均出行时间（分钟）" in chinese and "已证明最优" in chinese
    assert "mean_minutes" not in chinese and "optimal" not in chinese and "<NA>" not in chinese
    assert (
        "所比较的服务类别：综合；另有中医（--layer tcm）" in chinese and "Other layers: TCM" in table.stdout
    )
    districts = pd.read_csv(here / "c-districts.csv", encoding="utf-8-sig")
    assert len(districts) == 6 and "北县" in chinese and "North" in table.stdout
    assert run("compare", here / "runs", "--base", "too_far").exit_code == 1
    assert "no plan of scenario 'too_far'" in run("compare", here / "runs", "--base", "too_far").stderr
    words = ["compare", str(here / "runs"), "--base", "one_each", "--map", str(here / "map.html")]
    mapped = CliRunner().invoke(app, words)  # in both languages, as the door in Python draws it
    assert mapped.exit_code == 0
    drawn = gp.draw_scenarios(gp.open_runs(here / "runs"), base="one_each")
    assert (here / "map.html").read_text(encoding="utf-8") == drawn.html


def test_a_country_is_one_job_and_a_broken_city_one_line(here: Path) -> None:
    for city in ("east", "west", "south"):
        shutil.copytree(here / "town", here / "country" / city)
    (here / "country" / "notes").mkdir()
    broken = here / "country" / "south" / "hospitals.csv"
    broken.write_text("hospital_id,name\n", encoding="utf-8")
    said = run(
        "scenarios", here / "country", "--file", here / "s.toml", "--out", here / "runs", "--workers", 1
    )
    assert said.exit_code == 0, said.output
    assert "12 scenarios in" in said.stdout and "4 optimal" in said.stdout
    lines = [line for line in said.stdout.splitlines() if line.startswith("  south")]
    assert len(lines) == 1 and lines[0].startswith("  south, all 4: refused: ")
    runs = gp.open_runs(here / "runs")
    assert runs.names[0] == "east/today" and gp.verify(runs.plan("west/one_each")).kept
    mapped = run("compare", here / "runs", "--map", here / "map.html")
    assert mapped.exit_code == 1 and "more than one city" in mapped.stderr
    shutil.copyfile(here / "town" / "hospitals.csv", broken)
    before = runs.table.set_index("name")["seconds"]
    mended = run(
        "scenarios", here / "country", "--file", here / "s.toml", "--out", here / "runs", "--workers", 1
    )
    assert mended.exit_code == 0 and "6 optimal" in mended.stdout, mended.output
    after = gp.open_runs(here / "runs").table.set_index("name")["seconds"]
    assert after["east/today"].tolist() == before["east/today"].tolist(), "the others are not solved again"


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(here: Path, number: int) -> None:
    (here / "s.toml").write_text(MANY, encoding="utf-8")
    out = here / "runs"
    words = [
        sys.executable,
        "-m",
        "gridplan.cli",
        "scenarios",
        str(here / "town"),
        "--file",
        str(here / "s.toml"),
    ]
    words += ["--out", str(out), "--workers", "1", "--lang", "en"]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    while len(list(out.glob("results/*.json"))) < 3 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (130, "")
    assert "The same command goes on." in stdout
    kept = gp.open_runs(out).table.query("status == 'optimal'")
    finished = set(kept["name"])
    assert 3 <= len(finished) < 12 and not list(out.rglob("*.part"))

    assert run(*words[3:-2]).exit_code == 0
    runs = gp.open_runs(out)
    assert not runs.waiting and len(set(runs.table["name"])) == 12
    again = runs.table[runs.table["name"].isin(finished)]
    assert again["seconds"].tolist() == kept["seconds"].tolist(), "what was finished is not solved again"


def test_wrong_use_is_one_clear_message(here: Path) -> None:
    out = here / "runs"
    no_city = run("scenarios", here / "nowhere", "--file", here / "s.toml", "--out", out)
    assert no_city.exit_code == 1 and "nowhere has no region.toml" in no_city.stderr
    twins = run("scenarios", here / "town", here / "a" / "town", "--file", here / "s.toml", "--out", out)
    assert twins.exit_code == 1 and "no region.toml" in twins.stderr
    shutil.copytree(here / "town", here / "a" / "town")
    twins = run("scenarios", here / "town", here / "a" / "town", "--file", here / "s.toml", "--out", out)
    assert twins.exit_code == 1 and "cities have the same name" in twins.stderr
    (here / "bad.toml").write_text("[scenario.x]\nclose_hospitals = ['H1']\n", encoding="utf-8")
    key = run("scenarios", here / "town", "--file", here / "bad.toml", "--out", out)
    assert key.exit_code == 1 and "close_hospital" in key.stderr
    assert not out.exists(), "nothing is begun"
    no_runs = run("compare", here / "town")
    assert no_runs.exit_code == 1 and "no run folder" in no_runs.stderr


def test_cities_are_known_by_all_that_they_are_read_from(here: Path) -> None:
    """A table outside the region folder counts as well: a result of old data is not taken for a new one."""
    out, named = here / "runs", here / "town"
    shutil.move(named / "hospitals.csv", here / "hospitals.csv")
    text = (named / "region.toml").read_text(encoding="utf-8")
    (named / "region.toml").write_text(
        text + '\n[tables]\nhospitals = "../hospitals.csv"\n', encoding="utf-8"
    )
    words = ("scenarios", named, here / "other", "--file", here / "s.toml", "--out", out, "--workers", 1)
    shutil.copytree(named, here / "other")
    assert run(*words).exit_code == 0
    table = (here / "hospitals.csv").read_text(encoding="utf-8")
    (here / "hospitals.csv").write_text(table.replace("60000", "61000"), encoding="utf-8")
    changed = run(*words)
    assert changed.exit_code == 1 and "another region" in changed.stderr


def test_a_second_run_in_the_same_folder_is_refused_and_both_stay_whole(here: Path) -> None:
    """Two runs at once used to keep half of the rows, and both said that all was well."""
    town, more = here / "town", here / "more.toml"
    more.write_text(MANY, encoding="utf-8")
    out = here / "alone"
    with claimed(out), ThreadPoolExecutor(1) as other:
        refused = other.submit(run, "scenarios", town, "--file", more, "--out", out).result()
    assert (
        refused.exit_code == 1
        and f"another run is using {out} (process {os.getpid()} since" in refused.output
    )
    assert not out.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_workers_end_with_a_parent_that_is_killed_and_leave_nothing(here: Path, tmp_path: Path) -> None:
    town, more, out, temp = here / "town", here / "more.toml", tmp_path / "runs", tmp_path / "temp"
    more.write_text(MANY, encoding="utf-8")
    temp.mkdir()
    asked = [
        sys.executable,
        "-m",
        "gridplan.cli",
        "scenarios",
        town,
        "--file",
        more,
        "--out",
        out,
        "--workers",
        "2",
    ]
    process = subprocess.Popen(
        [*map(str, asked)], env={**os.environ, "TMPDIR": str(temp)}, start_new_session=True
    )
    while not list(out.glob("results/*.json")) and process.poll() is None:
        time.sleep(0.05)
    workers = children(process.pid)
    process.kill()
    process.wait()
    assert workers
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == [] == list(temp.iterdir())


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    lines = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(pid) for pid in lines.split()]
