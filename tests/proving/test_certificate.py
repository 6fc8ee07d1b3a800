"""Certificates hold where the plan does, say what they leave out, and notice what was changed."""

from __future__ import annotations

import ast
import json
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.optimise.build_problem import build_problem
from gridplan.plans.folder.certificate import CHECKER, FILE, checker, read_certificate
from gridplan.plans.folder.store import write_tables
from gridplan.policies.pairs import pair_table
from gridplan.proving.certify import certify_none
from gridplan.proving.check_certificate import Fails, check
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas

TOWN = gp.tiny_town()
SHANGHAI = gp.policy("shanghai-2025")
R = gp.rules
POLICIES = {
    "shanghai-2025": SHANGHAI,
    "strict": gp.policy("shanghai-2025-strict"),
    "one each": SHANGHAI.with_rule(R.DistrictCap(1), R.HospitalCap(1)),
    "competing": SHANGHAI.with_rule(
        R.DistrictCap(1), R.HospitalCap(1), R.Ban("T2", "H3", reason="far"), R.Ban("T1", "H2", reason="full")
    ),
    "capacity": SHANGHAI.with_rule(R.Capacity()),
    "standard": SHANGHAI.with_rule(R.TravelStandard(20.0, price=3.0)),
    "limit": SHANGHAI.with_rule(R.TravelStandard(60.0)),
    "pin and ban": SHANGHAI.with_rule(R.Pin("T3", "H3", reason="agreed"), R.Ban("T1", "H3", reason="far")),
    "weights": SHANGHAI.with_rule(R.GroupWeights({"people_65plus": 2.0})),
    "merged": SHANGHAI.with_rule(R.Candidates(merge_layers=True)),
    "goals": replace(SHANGHAI, goals=("coverage", "travel"), tolerance=0.05),
}


def folder_of(plan: gp.Plan, folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_tables(plan, folder)
    gp.certify(plan).save(folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("certified")
    return {name: folder_of(gp.plan(TOWN, policy), root / name) for name, policy in POLICIES.items()}


@pytest.mark.parametrize("name", POLICIES)
def test_a_proven_plan_is_certified_whole(name: str, made: dict[str, Path]) -> None:
    proof = json.loads((made[name] / FILE).read_text(encoding="utf-8"))
    for layer in proof["layers"]:
        for goal in layer["goals"]:
            assert goal["reached"] - goal["bound"] <= 1e-6 * max(1.0, goal["reached"]), goal["goal"]
    assert all("optimal" in line for line in check(made[name])[2:])


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("price", [40_000.0, 2_000_000.0])
def test_prices_of_changes_are_certified_where_pairs_count(
    price: float, present: bool, tmp_path: Path
) -> None:
    """Those of exempt hospitals are left out of the bound, which is then said to be below the value.

    The campus of H1 in T2, open without an agreement, costs nothing, or as much as any, by the switch of the policy.
    """
    rules = (R.ChangePrice(price), R.DistrictCap(2), R.HospitalCap(2), R.Priority(campuses_present=present))
    plan = gp.plan(TOWN, SHANGHAI.with_rule(*rules))
    folder = folder_of(plan, tmp_path / "plan")
    general, tcm = check(folder)[2:]
    assert "optimal" in general and "not certified" in tcm
    if price == 2_000_000.0:
        assert (("T2", "H1") in plan.pairs.set_index(["district_id", "hospital_id"]).index) is present
    rows = (folder / "region" / "partnerships.csv").read_text(encoding="utf-8-sig")
    assert rows.count("H1,T3") == 1, "the partner of today"
    (folder / "region" / "partnerships.csv").write_text(rows.replace("H1,T3", "H1,T2"), encoding="utf-8")
    with pytest.raises(Fails):
        check(folder)


def test_the_program_runs_alone_and_says_that_it_holds(made: dict[str, Path], tmp_path: Path) -> None:
    """A copy far from gridplan, in a fresh process that cannot import it."""
    copy = shutil.copytree(made["strict"], tmp_path / "copy")
    program = (copy / CHECKER).read_text(encoding="utf-8")
    assert re.search(r"^\s*(?:from|import) gridplan", program, re.MULTILINE) is None
    run = subprocess.run(
        [sys.executable, "-I", str(copy / CHECKER)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert run.returncode == 0 and run.stdout.splitlines()[-1] == "holds / 成立"
    (copy / FILE).write_text("{", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", str(copy / CHECKER)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert run.returncode == 1 and "DOES NOT HOLD" in run.stdout


def test_an_auditor_reads_it_in_an_hour_on_an_old_machine() -> None:
    """At most 250 lines, none too wide for a page, in the Python of 3.9, with numpy alone."""
    text = checker()
    assert len(text.splitlines()) <= 250 and max(map(len, text.splitlines())) <= 140
    tree = ast.parse(text, feature_version=(3, 9))
    names = {
        alias.name
        for n in ast.walk(tree)
        if isinstance(n, ast.Import | ast.ImportFrom)
        for alias in (n.names if isinstance(n, ast.Import) else [ast.alias(n.module or "")])
    }
    assert names - set(sys.stdlib_module_names) == {"numpy"}


def impossible() -> dict[str, gp.Policy]:
    """Policies without a plan: a unit that nobody reaches in time; two districts that need the one place of a hospital."""
    table = pair_table(TOWN, SHANGHAI).query("layer == 'general'")
    others = [h for h in table["hospital_id"].unique() if h != "H1"]
    bans = [R.Ban(d, h, reason="far") for d in ("T1", "T2") for h in others]
    return {
        "too far": SHANGHAI.with_rule(R.TravelStandard(1.0)),
        "one place": SHANGHAI.with_rule(R.HospitalCap(1), *bans),
        "too full": SHANGHAI.with_rule(R.Capacity(source="beds", people_per_bed=1.0)),
    }


@pytest.mark.parametrize("name", ["too far", "one place", "too full"])
def test_that_no_plan_exists_is_certified_and_a_looser_policy_is_not(name: str, tmp_path: Path) -> None:
    proof = certify_none(TOWN, impossible()[name])
    assert proof is not None and certify_none(TOWN, SHANGHAI) is None
    folder = proof.save(tmp_path / "OUT")
    assert folder == tmp_path / "OUT-infeasible" and {p.name for p in folder.iterdir()} == {
        FILE, CHECKER, "region",
    }  # fmt: skip
    assert "no plan keeps these rules" in check(folder)[-1]
    held = json.loads((folder / FILE).read_text(encoding="utf-8"))
    for rule in ("ban", "travel_standard", "hospital_cap", "capacity"):
        held["policy"].pop(rule, None)
    (folder / FILE).write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(Fails):
        check(folder)


def test_the_command_writes_it_where_no_plan_is_possible(tmp_path: Path) -> None:
    gp.write_region(TOWN, tmp_path / "town")
    gp.save_policy(impossible()["one place"], tmp_path / "p.toml")
    words = [
        "plan",
        str(tmp_path / "town"),
        "--policy",
        str(tmp_path / "p.toml"),
        "--out",
        str(tmp_path / "OUT"),
    ]
    told = CliRunner().invoke(app, [*words, "--certificate", "--lang", "zh"])
    assert told.exit_code == 3 and "已出具证书" in told.output
    assert not (tmp_path / "OUT").exists() and check(tmp_path / "OUT-infeasible")


def test_a_plan_has_its_certificate_with_it_and_pages_say_so(made: dict[str, Path]) -> None:
    plan = gp.plan(TOWN, SHANGHAI)
    assert plan.certificate is None
    assert gp.certify(plan) is plan.certificate
    page, report_page = gp.draw(plan).html, report(plan, drawn_areas(TOWN))
    leaves_said = f"（{plan.certificate.leaves} 个叶节点）"
    for text in (page, report_page):
        assert f"证明可由 {CHECKER} 复核{leaves_said}" in text
    held = read_certificate(made["strict"], "x")
    assert held is not None and held.whole and held.data()["layers"]
    (made["strict"] / FILE).rename(made["strict"] / "away")
    assert read_certificate(made["strict"], "x") is None
    (made["strict"] / "away").rename(made["strict"] / FILE)


def leaves(tree: Any) -> list[Any]:
    return [tree] if "pair" not in tree else [*leaves(tree["in"]), *leaves(tree["out"])]


def bounds(folder: Path) -> dict[str, float]:
    """The bounds that a folder proves, by goal."""
    found = {}
    for line in check(folder)[2:]:
        what, rest = line.split(": value / 目标值 ")
        found[what] = float(rest.split("bound / 下界 ")[1].split(", ")[0].replace(",", ""))
    return found


@pytest.mark.parametrize("table", ["assignment.csv", "region/hospitals.csv", FILE, "plan.json"])
def test_a_changed_digit_is_noticed_or_only_weakens_the_bound(
    table: str, made: dict[str, Path], tmp_path: Path
) -> None:
    """30 digits of each file, one at a time: never a better bound for the same plan, never another value believed."""
    chance = random.Random(7)
    folder = shutil.copytree(made["capacity"], tmp_path / "copy")
    file, true = folder / table, bounds(folder)
    text = file.read_text(encoding="utf-8")
    places = [m.start() for m in re.finditer(r"\d", text)]
    noticed = 0
    for at in chance.sample(places, 30):
        other = chance.choice([d for d in "0123456789" if d != text[at]])
        file.write_text(text[:at] + other + text[at + 1 :], encoding="utf-8")
        try:
            now = bounds(folder)
        except (Fails, KeyError, ValueError, TypeError, IndexError):
            noticed += 1
            continue
        assert all(now[goal] <= true[goal] + 1e-6 * max(1.0, true[goal]) for goal in true)
    assert table != "assignment.csv" or noticed > 0


def test_a_leaf_left_out_is_noticed(tmp_path: Path) -> None:
    """Half of a tree proves nothing."""
    folder = folder_of(gp.plan(TOWN, POLICIES["one each"]), tmp_path / "plan")
    proof = json.loads((folder / FILE).read_text(encoding="utf-8"))
    goal = proof["layers"][0]["goals"][0]
    goal["tree"] = {"pair": ["T1", "H1"], "in": goal["tree"]}
    (folder / FILE).write_text(json.dumps(proof), encoding="utf-8")
    with pytest.raises(KeyError):
        check(folder)


def test_a_plan_of_a_looser_policy_is_not_believed(tmp_path: Path) -> None:
    """An engine that forgets a cap makes a plan below the bound, or one that breaks it."""
    folder = folder_of(
        gp.plan(TOWN, SHANGHAI.with_rule(R.HospitalCap(9), R.DistrictCap(9))), tmp_path / "plan"
    )
    record = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    record["policy"]["district_cap"]["most"] = record["policy"]["hospital_cap"]["most"] = 1
    (folder / "plan.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(Fails):
        check(folder)


def test_a_claim_above_what_is_proven_is_not_believed(made: dict[str, Path], tmp_path: Path) -> None:
    """Without its prices a leaf proves less than it says."""
    folder = shutil.copytree(made["competing"], tmp_path / "copy")
    proof = json.loads((folder / FILE).read_text(encoding="utf-8"))
    trees = [goal["tree"] for layer in proof["layers"] for goal in layer["goals"]]
    priced = [leaf for tree in trees for leaf in leaves(tree) if leaf]
    assert priced
    for leaf in priced:
        leaf.clear()
    (folder / FILE).write_text(json.dumps(proof), encoding="utf-8")
    with pytest.raises(Fails, match="bound"):
        check(folder)


@pytest.mark.parametrize("seed", range(6))
def test_random_towns_are_certified_as_the_engine_proved_them(seed: int, tmp_path: Path) -> None:
    """Other people, caps and prices each time: proven whole, but where capacities bind whole units."""
    chance = np.random.default_rng(seed)
    units = TOWN.units.assign(people=chance.integers(0, 20_000, len(TOWN.units)).astype(float))
    totals = units.groupby("district_id")["people"].sum()
    districts = TOWN.districts.assign(people=TOWN.districts["district_id"].map(totals))
    region = TOWN.with_tables(units=units.drop(columns=["people_65plus", "people_0_14"]), districts=districts)
    policy = SHANGHAI.with_rule(
        R.DistrictCap(int(chance.integers(1, 3))), R.HospitalCap(int(chance.integers(1, 4))),
        R.Priority(tuple(float(x) for x in np.sort(chance.integers(0, 40, 5)))),
    )  # fmt: skip
    if chance.random() < 0.5:
        policy = policy.with_rule(R.Capacity(source="beds", people_per_bed=120.0))
    plan = gp.plan(region, policy)  # each of these towns has one
    folder = folder_of(plan, tmp_path / "plan")
    told = check(folder)[2:]
    assert all("optimal" in line for line in told) or policy.rule(R.Capacity) is not None
    for (
        layer
    ) in plan.layers:  # prices of residents speak of fractions of units: less may be certified, never more
        assert bounds(folder)[f"{layer.layer}, travel"] <= layer.value * (1 + 1e-6)


def test_verify_checks_the_certificate(made: dict[str, Path], tmp_path: Path) -> None:
    from gridplan.plans.folder.verify_folder import verify_folder
    from gridplan.proving.checked import checked

    folder = shutil.copytree(made["shanghai-2025"], tmp_path / "copy")
    _, verdict = verify_folder(folder)
    assert any(rule == "CERTIFICATE" for rule, _, _ in checked(folder, verdict).judged)
    rows = pd.read_csv(folder / "assignment.csv", dtype=str)
    rows.loc[0, "people"] = "1"
    rows.to_csv(folder / "assignment.csv", index=False, encoding="utf-8-sig")
    assert any(b.rule == "CERTIFICATE" for b in checked(folder, verdict).breaches)


def test_the_layer_is_rebuilt_as_it_was_planned() -> None:
    plan = gp.plan(TOWN, SHANGHAI)
    p = build_problem(TOWN, SHANGHAI, plan.travel, pair_table(TOWN, SHANGHAI), "general")
    assert p.stages[0].goal == plan.layers[0].goals[0].goal
