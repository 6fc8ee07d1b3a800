"""Scores of pairs reach the next plan as a bounded price, off by default, with its cost in minutes (SH-14)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.policies.rules import PairScores


def under(rule):
    """The policy with scores."""
    policy = gp.policy("shanghai-2025")
    return replace(policy, rules=(*policy.rules, rule))


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def plain():
    return gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))


def scored(plan, score=0.0, most=15.0):
    """The same with every pair of the plan scored so."""
    pairs = [f"{r.district_id} {r.hospital_id}" for r in plan.pairs.itertuples()]
    rule = PairScores(most, dict.fromkeys(pairs, score))
    return gp.plan(gp.tiny_town(), under(rule))


def test_no_profile_asks_for_scores():
    assert [name for name in gp.profile_names() if gp.policy(name).rule(PairScores)] == []


def test_the_price_is_minutes_of_those_served_through_the_pair(plain):
    dear = scored(plain)
    assert gp.verify(dear).kept
    rows = dear.assignment[dear.assignment["layer"] == "general"]
    keys = ["layer", "district_id", "hospital_id"]
    rows = rows.merge(dear.pairs[[*keys, "priority"]], on=keys)
    told = dear.policy.rule(PairScores).scores
    paid = [15.0 if f"{r.district_id} {r.hospital_id}" in told else 0.0 for r in rows.itertuples()]
    prices = rows["priority"].map({1: 0, 2: 5, 3: 10, 4: 15, 5: 30})
    goal = dear.layer("general").goals[0]
    by_hand = (rows["people"] * (rows["minutes"] + prices + paid)).sum()
    assert goal.value == pytest.approx(by_hand, abs=20)  # minutes are printed to 4 decimals
    free = dear.layer("general").without["SCORES"]
    assert free == pytest.approx(plain.layer("general").goals[0].value)
    assert 0 < goal.value - free <= 15 * rows["people"].sum()
    assert "Scores of pairs (SCORES) costs" in str(dear.summary("en"))


def test_full_marks_cost_nothing(plain):
    same = scored(plain, 100.0)
    pd.testing.assert_frame_equal(same.assignment, plain.assignment)
    assert same.layer("general").without == {}


def test_a_bad_score_moves_residents_and_never_bans(plain):
    rows = plain.pairs[plain.pairs["layer"] == "general"]
    pair = rows[rows["people"] > 0].iloc[0]
    rule = PairScores(15, {f"{pair.district_id} {pair.hospital_id}": 0})
    moved = gp.plan(gp.tiny_town(), under(rule))
    assert gp.verify(moved).kept
    after = moved.assignment.query(
        "layer == 'general' and hospital_id == @pair.hospital_id and district_id == @pair.district_id"
    )
    assert after["people"].sum() <= pair.people


def test_the_judge_counts_the_price_anew(plain):
    dear = scored(plain)
    cheap = replace(dear, policy=under(PairScores(10, dear.policy.rule(PairScores).scores)))
    assert not gp.verify(cheap).kept


def test_scores_of_no_pair_are_said():
    rule = PairScores(5, {"T9 H1": 50})
    plan = gp.plan(gp.tiny_town(), under(rule))
    assert "T9 H1" in " ".join(f.what.en for f in plan.findings if f.code == "score-of-no-pair")


def test_the_command_writes_the_policy_of_the_next_plan(plain, tmp_path):
    out = gp.save(plain, tmp_path / "OUT")
    assert run("programme", out, "--only", "scorecard", "--lang", "en").exit_code == 0
    pair = plain.pairs[plain.pairs["layer"] == "general"].iloc[0]
    given, policy = tmp_path / "given.csv", tmp_path / "next.toml"
    given.write_text(
        f"district_id,hospital_id,score\n{pair.district_id},{pair.hospital_id},40\n", encoding="utf-8"
    )
    ask = ("score", out, "--pair-data", given, "--pairs", policy, "--lang", "zh")
    done = run(*ask)
    assert done.exit_code == 0 and "40, 3.00 (外部评价)" in done.output
    rule = gp.policy(str(policy)).rule(PairScores)
    assert rule.scores[f"{pair.district_id} {pair.hospital_id}"] == 40 and rule.most_minutes == 5
    again = gp.plan(gp.tiny_town(), gp.policy(str(policy)))
    assert gp.verify(again).kept and "SCORES" in again.layer("general").without
    given.write_text("district_id,hospital_id,score\nT1,NOBODY,140\n", encoding="utf-8")
    refused = run(*ask)
    assert refused.exit_code != 0 and "NOBODY" in refused.output and "140" in refused.output
