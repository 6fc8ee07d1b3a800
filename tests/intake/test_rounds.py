"""From a folder of files to a plan: how many rounds it takes, over twenty offices with habits of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gridplan as gp
from gridplan.doctor.mending.accept import MEANINGS
from tests.intake.messy import DISTRICTS, messy_folder, town

FOLDERS = 20
MOST_ROUNDS = 2


def rounds_until_a_plan(folder: Path, planned: bool = True) -> tuple[int, gp.Region]:
    """How often a planner has to run a command and look, with no cell edited by hand; and the region then."""
    findings = gp.start(folder, lang="en").findings
    rounds = 1
    if findings.errors:
        new = folder.with_name(f"{folder.name}-repaired")
        gp.repair_folder(folder, new, accept=[f.code for f in findings.errors if f.code in MEANINGS])
        folder, rounds = new, 2
        findings = gp.check(folder)
    assert not findings.errors, findings.report()
    region = gp.read(folder)
    if planned:
        plan = gp.plan(region, gp.policy("shanghai-2025"), checked=findings)
        assert plan.status == "optimal"
    return rounds, region


@pytest.mark.parametrize("seed", range(FOLDERS))
def test_an_office_with_its_own_habits_gets_its_plan(tmp_path: Path, seed: int) -> None:
    messy_folder(tmp_path / "office", seed)
    rounds, region = rounds_until_a_plan(tmp_path / "office")
    assert rounds <= MOST_ROUNDS
    right = town()
    read, wanted = region.units.set_index("name"), right.units.set_index("name")
    assert read["people"].to_dict() == wanted["people"].to_dict()
    assert np.allclose(read[["lon", "lat"]], wanted.loc[read.index, ["lon", "lat"]], atol=2e-6)
    names = dict(zip(region.districts["district_id"], region.districts["name"], strict=True))
    assert read["district_id"].map(names).to_dict() == wanted["district_id"].map(DISTRICTS).to_dict()
    hospitals, listed = (r.hospitals.set_index("name") for r in (region, right))
    for column in ("tier", "category", "grade", "ownership"):
        assert hospitals[column].to_dict() == listed[column].to_dict(), column
    assert hospitals["beds"].fillna(0).to_dict() == listed["beds"].fillna(0).to_dict()
    assert region.districts["people"].sum() == 81_000
    assert region.partnerships["basis"].tolist() == ["custody"]
