"""Today as a plan: who serves whom now, worked out three times: by `plans/`, by the judge, by a program of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from real_shanghai import CITY
from recompute import read_city
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.judging.today_tables import judge_today
from gridplan.words.vocabulary import ASSIGNMENT_COLUMNS
from tests.plans.test_changes import town
from tests.sample import sample_city

SHANGHAI = gp.policy("shanghai-2025")


def test_each_unit_goes_to_the_cheapest_partner_of_today() -> None:
    now = gp.today(town(("H1", "T1", "other"), ("H2", "T1", "other")), SHANGHAI)
    rows = now.assignment[(now.assignment["layer"] == "general") & (now.assignment["district_id"] == "T1")]
    travel = now.travel.to_frame().pivot_table(index="unit_id", columns="hospital_id", values="minutes")
    for row in rows.itertuples():  # both are at home there: the same price
        assert row.minutes == travel.loc[row.unit_id, ["H1", "H2"]].min()
    assert set(rows["hospital_id"]) == {"H1", "H2"}


def test_a_partner_of_a_better_priority_may_be_further() -> None:
    """H3 has no ground in T1 but the partnership (4, 15 minutes); H1 is at home (1)."""
    now = gp.today(town(("H1", "T1", "other"), ("H3", "T1", "other")), SHANGHAI)
    assert set(now.assignment.loc[now.assignment["district_id"] == "T1", "hospital_id"]) == {"H1", ""}


def test_units_without_a_partner_have_no_minutes_and_are_in_no_mean() -> None:
    now = gp.today(town(("H1", "T3", "custody")), SHANGHAI, campuses=False)
    table = now.districts_frame("general").set_index("district_id")
    assert table.loc["T1", "people_without"] == 42_000 and np.isnan(table.loc["T1", "mean_minutes"])
    assert table.loc["T3", "people_without"] == 0 and table.loc["T3", "mean_minutes"] > 0
    assert now.assignment.loc[now.assignment["hospital_id"] == "", "minutes"].isna().all()
    assert list(now.assignment.columns) == ASSIGNMENT_COLUMNS
    assert "6.8 万人无合作医院" in now.summary("zh") and "68,000 residents without a partner" in now.summary(
        "en"
    )


def test_an_open_campus_is_present_unless_switched_off() -> None:
    region = town(("H1", "T3", "custody"))
    pairs = gp.today(region, SHANGHAI).pairs.set_index(["district_id", "hospital_id"])
    assert pairs.loc[("T2", "H1"), "agreed"] == 0 and pairs.loc[("T3", "H1"), "agreed"] == 1
    assert len(gp.today(region, SHANGHAI, campuses=False).pairs) == 1


def test_what_today_breaks_of_the_caps_is_told_and_stops_nothing() -> None:
    region = town(("H1", "T1", "other"), ("H2", "T1", "other"), ("H3", "T1", "other"))
    verdict = gp.today(region, SHANGHAI).verdict
    assert [b.rule for b in verdict.breaches] == ["SH-2"] and "3 counted partners" in verdict.breaches[
        0
    ].what.en


@pytest.mark.parametrize("column, value", [("minutes", 1.0), ("hospital_id", "H2"), ("people", 5)])
def test_the_judge_sees_a_wrong_figure(column: str, value: object) -> None:
    now = gp.today(gp.tiny_town(), SHANGHAI)
    rows = now.assignment.copy()
    rows.loc[rows["unit_id"] == "T3-01", column] = value
    verdict = judge_today(now.region, SHANGHAI, rows, now.pairs, now.travel)
    assert {b.unit_id for b in verdict.breaches} == {"T3-01"}
    fewer = judge_today(now.region, SHANGHAI, now.assignment, now.pairs.iloc[1:], now.travel)
    assert [b.rule for b in fewer.breaches] == ["FIGURES"]


@pytest.mark.parametrize("profile", ["shanghai-2025", "shanghai-2025-strict"])
@pytest.mark.parametrize("campuses", [True, False])
def test_a_second_program_finds_the_same_today_of_the_sample_city(profile: str, campuses: bool) -> None:
    now, raw = gp.today(sample_city(), gp.policy(profile), campuses=campuses), read_city(CITY)
    for layer in ("general", "tcm"):
        table = now.districts_frame(layer).set_index("district_id")
        columns = ["partners", "people_without", "mean_minutes", "people_beyond"]
        told = raw.today(layer, campuses, strict=profile.endswith("strict"))
        assert set(told) == set(table.index)
        for district, figures in told.items():
            assert tuple(table.loc[district, columns]) == pytest.approx(figures, abs=1e-4, nan_ok=True), (
                district
            )


def test_a_policy_of_grids_alone_has_no_today() -> None:
    with pytest.raises(gp.PolicyError, match="grids alone"):
        gp.today(gp.tiny_town(), gp.policy("zhejiang-2020"))


def test_the_command_tells_and_writes(tmp_path: Path) -> None:
    gp.write_region(gp.tiny_town(), tmp_path / "town")
    runner, out = CliRunner(), tmp_path / "now"
    said = runner.invoke(app, ["today", str(tmp_path / "town"), "--out", str(out), "--lang", "zh"])
    assert said.exit_code == 0 and "现无合作医院" in said.stdout and "现状" in said.stdout
    names = ["assignment", "breaches", "districts", "hospitals", "pairs", "rules"]
    assert sorted(p.name for p in out.iterdir()) == [f"today-{name}.csv" for name in names]
    written = pd.read_csv(out / "today-districts.csv", encoding="utf-8-sig")
    now = gp.today(gp.tiny_town(), SHANGHAI)
    pd.testing.assert_frame_equal(written, now.districts_frame(), check_dtype=False)
    bad = runner.invoke(app, ["today", str(tmp_path / "none"), "--lang", "en"])
    assert bad.exit_code == 1 and "none" in bad.stderr


def test_today_of_a_given_travel_is_of_those_minutes() -> None:
    made = gp.plan(gp.tiny_town(), SHANGHAI)
    slow = replace(made.travel, minutes=made.travel.minutes * 2, method="router")
    twice, once = (
        gp.today(made.region, SHANGHAI, travel=t).districts_frame("general") for t in (slow, made.travel)
    )
    assert list(twice["mean_minutes"]) == pytest.approx(list(once["mean_minutes"] * 2), nan_ok=True)
