"""Of many plans each has its certificate on request: scenarios, points of a frontier, alternatives, years."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans.folder.store import write_tables
from gridplan.plans.folder.verify_folder import verify_folder
from gridplan.proving.certify_each import certify_each
from gridplan.proving.check_certificate import check

TOWN = gp.tiny_town()
SCENARIOS = """
[scenario."2035/高 增长"]
population = { all = 1.2 }
[scenario."2035:高 增长"]
population = { all = 1.1 }
[scenario.impossible.policy]
travel_standard = { minutes = 1.0 }
"""


def run(*words: object) -> str:
    ended = CliRunner().invoke(app, [str(word) for word in words])
    assert ended.exit_code == 0, ended.output
    return ended.output


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("each")
    gp.write_region(TOWN, home / "town")
    return home


def test_each_scenario_with_a_plan_has_a_folder_that_its_program_checks(home: Path) -> None:
    (home / "s.toml").write_text(SCENARIOS, encoding="utf-8")
    with ThreadPoolExecutor(1) as here:
        gp.scenarios(TOWN, gp.read_scenarios(home / "s.toml"), out=home / "runs", executor=here)
    said = run("compare", home / "runs", "--certificates", home / "proofs", "--lang", "zh")
    assert "已写出 2 个附证书的方案：4 个目标中 4 个证明最优" in said
    folders = sorted((home / "proofs").iterdir())
    assert [folder.name for folder in folders] == ["2035_高_增长", "2035_高_增长-2"]
    for folder in folders:
        assert all("optimal" in line for line in check(folder)[2:])
        assert verify_folder(folder)[1].kept
    run("compare", home / "runs", "--certificates", home / "proofs")  # again: whole or as it was
    assert sorted((home / "proofs").iterdir()) == folders


def test_points_of_a_frontier_say_what_is_not_certified(home: Path) -> None:
    """That few pairs change is no sum over units: a tree knows nothing of it."""
    said = run("frontier", home / "town", "--points", 2, "--certificates", home / "points", "--lang", "en")
    assert "point-1 · general · changes: not certified: the goal changes is no sum over units" in said
    for folder in (home / "points").iterdir():
        assert check(folder)


def test_alternatives_and_years_have_theirs(home: Path) -> None:
    (home / "plan").mkdir()
    write_tables(gp.plan(TOWN, gp.policy("shanghai-2025")), home / "plan")
    said = run(
        "alternatives", home / "plan", "--within", 0.3, "--count", 1, "--certificates", home / "alternatives", "--lang", "en",
    )  # fmt: skip
    assert "1 plans with certificates" in said
    rates = pd.DataFrame([("all", "rest", 0.01)], columns=["district_id", "group", "growth"])
    rates.to_csv(home / "rates.csv", index=False)
    said = run(
        "years", home / "town", "--rates", home / "rates.csv", "--years", "2026-2027", "--certificates", home / "years",
    )  # fmt: skip
    assert sorted(p.name for p in (home / "years").iterdir()) == ["2026", "2027"]
    for folder in [*(home / "years").iterdir(), home / "alternatives" / "alternative-1"]:
        assert check(folder)


def test_a_name_that_no_folder_may_have_is_changed(tmp_path: Path) -> None:
    plan = gp.plan(TOWN, gp.policy("shanghai-2025-strict"))
    names = ["..", "../up", "A", "a", "x" * 300]
    made = certify_each([(name, plan) for name in names], tmp_path / "proofs")
    assert made["folder"].unique().tolist() == ["_", "_up", "A", "a-2", "x" * 60]
    assert [p.name for p in tmp_path.iterdir()] == ["proofs"]
