"""The command line plans, judges, draws and checks grids; edited by hand, every broken rule is named with its rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import gridplan as gp
from gridplan.cli import app
from tests.plans.gridtown import grid_town


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    gp.write_region(grid_town(T3="county"), folder)
    return folder


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("zhejiang-2020", "left out (county consortium): North (T3)"),
        ("chengdu-2018", "grids in 3 districts"),
        ("shanghai-2025-grids", "left out (county consortium): North (T3)"),
    ],
)
def test_every_policy_of_grids_goes_the_whole_way(policy: str, says: str, town: Path, tmp_path: Path) -> None:
    town_region = gp.read(town)
    if policy == "shanghai-2025-grids":  # district hospitals lead: T1 has none
        hospitals = town_region.hospitals
        tier = hospitals["tier"].where(hospitals["hospital_id"] != "H6", "district")
        public = hospitals["ownership"].where(hospitals["hospital_id"] != "H6", "public")
        town = tmp_path / "town"
        gp.write_region(
            town_region.with_tables(hospitals=hospitals.assign(tier=tier, ownership=public)), town
        )
    assert run("check", town, "--policy", policy).exit_code == 0
    out = tmp_path / "out"
    made = run("plan", town, "--policy", policy, "--out", out)
    assert made.exit_code == 0, made.output
    assert says in made.output
    assert {"grids.csv", "members.csv", "map.html", "report.html", "plan.xlsx"} <= {
        p.name for p in out.iterdir()
    }
    assert run("verify", "--plan", out).exit_code == 0
    before = (out / "map.html").read_bytes()
    assert run("map", out).exit_code == 0 and (out / "map.html").read_bytes() == before
    assert run("changes", out).exit_code == 0
    assert run("transition", out, "--per-phase", 6).exit_code == 0
    travel = run("travel", town, "--policy", policy, "--out", tmp_path / "travel.csv")
    assert travel.exit_code == 0
    minutes = pd.read_csv(tmp_path / "travel.csv", dtype=str)
    assert not minutes.duplicated(["unit_id", "hospital_id"]).any()


def test_grids_edited_by_hand_are_judged_rule_by_rule_with_rows(town: Path, tmp_path: Path) -> None:
    out, edited = tmp_path / "out", tmp_path / "edited.csv"
    assert run("plan", town, "--policy", "zhejiang-2020", "--out", out).exit_code == 0
    rows = pd.read_csv(out / "assignment.csv", encoding="utf-8-sig", dtype=str)
    assert set(rows["layer"]) == {"grid"} and len(rows) == 8
    rows.drop(columns=["layer", "minutes"]).to_csv(edited, index=False)
    kept = run("verify", town, "--policy", "zhejiang-2020", "--assignment", edited)
    assert kept.exit_code == 0 and "read as grid, the only one" in kept.output
    rows.loc[0, "hospital_id"] = "P1"  # provincial
    rows.loc[5, "hospital_id"] = "H1"  # of another district
    rows.loc[6, "hospital_id"] = "V2"  # private, unwilling
    rows = rows.drop(index=2).drop(columns="minutes")
    rows.to_csv(edited, index=False)
    broken = run("verify", town, "--policy", "zhejiang-2020", "--assignment", edited)
    assert broken.exit_code == 1
    for fault in (
        "ZJ-1 [grid]: unit T1-03 is in no grid",
        "ZJ-5 [grid]",
        "ZJ-4 [grid]",
        "led by First Hospital (H1)",
    ):
        assert fault in broken.output, broken.output
    assert "(row 2)" in broken.output and "(row 6)" in broken.output
