"""Runs at the desk that end otherwise than with a proof: no plan can be, or somebody presses Stop with one in hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import gridplan as gp
from benchmarks.cases.synthetic import region
from gridplan.plans.folder.verify_folder import verify_folder
from tests.desk.at_desk import open_desk
from tests.desk.test_steps import until, with_town

BANS = [gp.rules.Ban(d, h) for d in ("T1", "T2") for h in ("H2", "H3")]


def test_where_no_plan_can_be_rule_place_amount_and_smallest_change_are_told(tmp_path: Path) -> None:
    """The refusal of the solver, word for word as on the command line; nothing is written."""
    policy = gp.policy("shanghai-2025").with_rule(gp.rules.HospitalCap(1), *BANS)
    folder = with_town(tmp_path / "city", policy)
    with pytest.raises(gp.InfeasibleError) as refused:
        gp.plan(gp.read(folder), gp.policy(folder / "policy.toml"))
    with open_desk(folder, "zh") as desk:
        desk.post("plan/begin", {"seconds": "", "gap": "0"})
        job = desk.server.state.job
        assert job is not None
        until(lambda: not job.running)
        shown = desk.get("plan")
        assert " ".join(refused.value.say("zh").split()) in shown.words
        assert "SH-3 市第一医院 (H1)：" in shown.words
        assert "建议：允许" in shown.words  # of five that would do, HiGHS 1.15 and 1.16 find another first
        assert 'role="alert"' in shown.text
        assert not (folder / "plan").exists()
        # the smallest change, made in the form, is a plan
        policy = gp.policy(folder / "policy.toml").with_rule(gp.rules.HospitalCap(2))
        gp.save_policy(policy, folder / "policy.toml")
        assert gp.plan(gp.read(folder), policy).status == "optimal"


def test_stopped_with_a_plan_in_hand_that_plan_is_kept_with_its_gap(tmp_path: Path) -> None:
    """Goals that are not proven for long, in one layer: Stop as soon as there is a value."""
    one_layer = replace(gp.policy("shanghai-2025").candidates, merge_layers=True)
    policy = replace(gp.policy("shanghai-2025").with_rule(one_layer), goals=("inequality", "travel", "worst"))
    folder = tmp_path / "city"
    gp.write_region(region(160, cells=False), folder)
    gp.save_policy(policy, folder / "policy.toml")
    with open_desk(folder) as desk:
        desk.post("plan/begin", {"seconds": "", "gap": "0"})
        job = desk.server.state.job
        assert job is not None
        until(lambda: json.loads(desk.get("plan/now").text).get("value", "–") != "–" or not job.running)
        assert job.running, job.refused
        assert "Stopping" in desk.post("plan/stop").words
        until(lambda: not job.running)
        assert job.refused is None, job.refused
        assert "Made, verified and written to plan/." in desk.get("plan").words
        plan, verdict = verify_folder(folder / "plan")
        assert verdict.kept
        assert plan.status == "feasible"
        assert "gap" in desk.get("results").words
