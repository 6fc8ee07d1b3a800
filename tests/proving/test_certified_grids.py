"""Layers of grids: who may lead and how many are in the bound; that grids hang together is left out, and the rest is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.plans.folder.certificate import FILE
from gridplan.plans.folder.store import write_tables
from gridplan.proving.certify import CLOSED_BY_HIGHS
from gridplan.proving.check_certificate import Fails, check
from tests.plans.gridtown import grid_policy, grid_town

R = gp.rules
TOWN = grid_town(T3="county")


def asked(*rules: gp.rules.Rule) -> gp.Policy:
    return grid_policy(R.FullCoverage(), *rules)


POLICIES = {
    "as many as may lead": asked(R.CountyCommunities()),
    "one each": asked(R.Grids(most_per_district=1)),
    "one in a district": asked(R.Grids(number={"T2": 1}), R.CountyCommunities(tiers=("district",))),
    "special and private leads": asked(
        R.SpecialLeads(("tcm", "maternal_child")), R.WillingPrivate(), R.CountyCommunities()
    ),
    "across": asked(R.Grids(across_districts=True), R.CountyCommunities()),
    "far": asked(R.GridShape(minutes=40.0), R.NoProvincialLeads(), R.CountyCommunities()),
    "weights and a ban": asked(
        R.GroupWeights({"people_65plus": 2.0}), R.Ban("T1", "H1", reason="full", layer="grid"), R.CountyCommunities()
    ),
    "a pin": asked(
        R.Grids(most_per_district=1), R.Pin("T2", "L2", reason="agreed", layer="grid"), R.CountyCommunities()
    ),
    "balanced": asked(R.GridShape(balance=0.3), R.CountyCommunities()),
}  # fmt: skip


def folder_of(plan: gp.Plan, folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_tables(plan, folder)
    gp.certify(plan).save(folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("grids")
    return {name: folder_of(gp.plan(TOWN, policy), root / name) for name, policy in POLICIES.items()}


@pytest.mark.parametrize("name", POLICIES)
def test_grids_are_certified_and_what_is_left_out_is_named(name: str, made: dict[str, Path]) -> None:
    left_out, grid = check(made[name])[1:]
    assert left_out.endswith(": grid_shape"), "that grids hang together"
    goal = json.loads((made[name] / FILE).read_text(encoding="utf-8"))["layers"][0]["goals"][0]
    whole = goal["reached"] - goal["bound"] <= 1e-6 * goal["reached"]
    assert ("optimal" in grid) is whole and (CLOSED_BY_HIGHS in grid) is not whole
    assert goal["bound"] <= goal["reached"]
    assert whole or name in (
        "balanced",
        "as many as may lead",
        "weights and a ban",
        "far",
        "special and private leads",
    )


def test_more_grids_than_the_policy_allows_are_noticed(made: dict[str, Path], tmp_path: Path) -> None:
    """The plan of an engine that forgets the number of grids."""
    folder = folder_of(gp.plan(TOWN, POLICIES["as many as may lead"]), tmp_path / "plan")
    record = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    record["policy"]["grids"]["most_per_district"] = 1
    (folder / "plan.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(Fails, match="beyond cap"):
        check(folder)


def test_a_lead_that_may_not_lead_is_noticed(tmp_path: Path) -> None:
    folder = folder_of(gp.plan(TOWN, POLICIES["one each"]), tmp_path / "plan")
    lead = (folder / "assignment.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")
    file = folder / "region" / "hospitals.csv"
    rows = file.read_text(encoding="utf-8-sig").splitlines()
    at = rows[0].split(",").index("ownership")
    (of,) = (n for n, row in enumerate(rows) if row.split(",")[0] in lead)
    cells = rows[of].split(",")
    cells[at] = "military"
    rows[of] = ",".join(cells)
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(Fails, match="may not serve"):
        check(folder)


def test_ranks_of_leads_are_said_not_to_be_certified() -> None:
    certificate = gp.certify(gp.plan(TOWN, asked(R.LeadRank(), R.CountyCommunities())))
    assert not certificate.whole and certificate.leaves == 0
    assert (
        certificate.proofs[0].why == "ranks of leads are not certified" and "没有" in certificate.sentence.zh
    )
