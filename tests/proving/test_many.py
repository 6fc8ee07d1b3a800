"""One of the random towns of `python -m tests.proving.many`, with engines that forget each of its rules."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.plans.folder.certificate import BORDERS, CHECKER, read_certificate
from gridplan.plans.folder.store import write_tables
from gridplan.policies.programme_rules import PROGRAMME_RULES
from gridplan.proving.check_certificate import PARTS, Fails, check
from tests.plans.gridtown import grid_town
from tests.proving.many import town as drawn_town


def test_nothing_is_believed_that_should_not_be(tmp_path: Path) -> None:
    came = drawn_town(0, tmp_path)
    assert came["towns"] == 1 and came["wrong engines noticed"] and came["digits"]
    bad = [key for key in came if "believed" in key or key == "more than the plan"]
    assert not any(came[key] for key in bad), came


def test_demand_made_of_visits_is_said_not_to_be_certified(tmp_path: Path) -> None:
    """The program does not read the table of visits; the folder still holds, and says so."""
    town = gp.tiny_town()
    rows = [(unit, "H1", 100.0 + 10 * n) for n, unit in enumerate(town.units["unit_id"])]
    region = town.with_tables(flows=pd.DataFrame(rows, columns=["unit_id", "place_id", "visits"]))
    plan = gp.plan(region, gp.policy("shanghai-2025").with_rule(gp.rules.VisitDemand()))
    write_tables(plan, tmp_path)
    certificate = gp.certify(plan)
    certificate.save(tmp_path)
    assert {proof.why for proof in certificate.proofs} == {"demand made of visits is not certified"}
    assert all("not certified" in line for line in check(tmp_path)[2:])


def test_what_is_not_looked_at_is_named_and_is_no_plain_success(tmp_path: Path) -> None:
    """An engine that forgets a rule which the program does not know gets no "holds" of it; parts of a programme are no rules."""
    policy = gp.policy("shanghai-2025").with_rule(gp.rules.LeastPartners(1))
    assert policy.programme, "posts and others, which change nothing of a plan"
    write_tables(plan := gp.plan(gp.tiny_town(), policy), tmp_path)
    gp.certify(plan).save(tmp_path)
    run = subprocess.run(
        [sys.executable, str(tmp_path / CHECKER)], capture_output=True, encoding="utf-8", check=False
    )
    lines = run.stdout.splitlines()
    assert run.returncode == 3 and lines[1] == "not looked at / 未查验: least_partners"
    assert lines[-1] == "holds, but not looked at / 成立，但未查验: least_partners"


def test_what_partners_serve_hangs_together_by_the_borders_given(tmp_path: Path) -> None:
    """A plan whose parts stand apart and borders that are gone are noticed."""
    town, asked = grid_town(), gp.policy("shanghai-2025").with_rule(gp.rules.ConnectedParts())
    minutes = np.random.default_rng(1).uniform(1, 60, (len(town.units), len(town.hospitals))).round(4)
    plan = gp.plan(town, asked, travel=minutes)
    write_tables(plan, tmp_path)
    gp.certify(plan).save(tmp_path)
    assert check(tmp_path)[1] == "not looked at / 未查验: none / 无"
    again = read_certificate(tmp_path, "again")
    assert again is not None and again.borders is not None
    again.save(tmp_path)
    borders = (tmp_path / BORDERS).read_text(encoding="utf-8-sig")
    header, *rows = borders.splitlines()
    assert header == "from_unit,to_unit" and len(rows) == len(set(rows)) > len(town.units)
    (tmp_path / BORDERS).unlink()
    with pytest.raises(Fails, match=r"no borders\.csv"):
        check(tmp_path)
    apart = tmp_path / "apart"
    apart.mkdir()
    loose = gp.plan(town, gp.policy("shanghai-2025"), travel=minutes)
    assert not gp.judge(town, asked, loose.assignment, travel=minutes).kept
    write_tables(loose, apart)
    gp.certify(loose).save(apart)
    record = json.loads((apart / "plan.json").read_text(encoding="utf-8"))
    record["policy"]["connected_parts"] = {}
    (apart / "plan.json").write_text(json.dumps(record), encoding="utf-8")
    (apart / BORDERS).write_text(borders, encoding="utf-8-sig")
    with pytest.raises(Fails, match="stands apart"):
        check(apart)


def test_the_program_knows_every_part_of_a_programme_by_name() -> None:
    """Else a part of a programme would count as a rule of the plan that was not looked at."""
    parts = {kind.key for kind in PROGRAMME_RULES}
    assert parts == set(PARTS) - {"travel"}
