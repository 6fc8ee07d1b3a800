"""The profiles of grids on the sample city: proven, kept by the judge, and with the figures that the README prints."""

from __future__ import annotations

from pathlib import Path

import pytest

import gridplan as gp
from gridplan.policies.leads import district_forms
from tests.sample import sample_city, sample_plan

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROFILES = {
    "`zhejiang-2020`": ("zhejiang-2020",),
    "the same with `balance = 0.5`": ("zhejiang-2020", gp.rules.GridShape(balance=0.5)),
    "`chengdu-2018`": ("chengdu-2018",),
    "`shanghai-2025-grids`": ("shanghai-2025-grids",),
}


@pytest.fixture(scope="module", params=PROFILES)
def named(request) -> tuple[str, gp.Plan]:
    return request.param, sample_plan(*PROFILES[request.param])


def test_it_is_proven_and_kept(named) -> None:
    _, plan = named
    assert plan.status == "optimal" and gp.verify(plan).kept
    assert not {"loose-units", "district-left-out"} & {f.code for f in plan.findings}


def test_the_readme_has_its_figures(named) -> None:
    name, plan = named
    rows = plan.assignment[plan.assignment["layer"] == "grid"]
    assert sorted(rows["unit_id"]) == sorted(plan.region.units["unit_id"])
    loads = rows.groupby("hospital_id")["people"].sum()
    mean = (rows["people"] * rows["minutes"]).sum() / rows["people"].sum()
    figures = f"| {name} | {len(loads)} | {mean:.1f} | {loads.min():,} and {loads.max():,}"
    (line,) = [line for line in README.splitlines() if line.startswith(f"| {name} |") and " and " in line]
    assert line.removesuffix(" |").removesuffix(" residents") == figures


def test_every_form_is_as_its_policy_says(named) -> None:
    _, plan = named
    forms, rows = (
        district_forms(plan.region, plan.policy),
        plan.assignment[plan.assignment["layer"] == "grid"],
    )
    leads = rows.groupby("district_id")["hospital_id"].nunique()
    counties = forms.index[forms == "county"]
    assert (leads[counties] == 1).all()
    assert len(counties) == (5 if plan.policy.name == "chengdu-2018" else 0)
    tier = plan.region.hospitals.set_index("hospital_id")["tier"]
    led = rows[rows["district_id"].isin(counties)]["hospital_id"].unique()
    assert set(tier[led]) <= {"district"}
    if plan.policy.name == "shanghai-2025-grids":  # SH-8
        assert set(tier[rows["hospital_id"].unique()]) == {"district"}


def test_partners_are_not_touched_by_grids(named) -> None:
    name, plan = named
    if name != "`shanghai-2025-grids`":
        assert [result.layer for result in plan.layers] == ["grid"]
        return
    values = {result.layer: result.value for result in plan.layers}
    alone = {result.layer: result.value for result in sample_plan("shanghai-2025").layers}
    assert {layer: values[layer] for layer in alone} == pytest.approx(alone)
    assert set(values) - set(alone) == {"grid"}


def test_chongming_hangs_together_only_by_its_bridge_and_ferry() -> None:
    plan = gp.plan(sample_city().with_tables(links=None), gp.policy("zhejiang-2020"))
    (told,) = [f for f in plan.findings if f.code == "loose-units"]
    assert told.id == "310151" and "69,268" in told.what.en and "69,268" in told.what.zh
    assert plan.status == "optimal" and gp.verify(plan).kept
