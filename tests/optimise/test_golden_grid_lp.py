"""One golden LP per rule of grids, as in test_golden_lp.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridplan.optimise.model.goal_rows import goal_terms
from gridplan.optimise.model.reference import Reference
from gridplan.policies.rules import Rule
from tests.rules import having

from .test_golden_lp import GOLDEN, rows_of
from .town import town_problem

CASES: dict[str, tuple[Rule, ...]] = {
    name: rules for proof in having("GOLDEN_GRIDS").values() for name, rules in proof.GOLDEN_GRIDS.items()
}


def written(tmp_path: Path, name: str) -> str:
    problem = town_problem(*CASES[name], layer="grid")
    ref = Reference(problem)
    ref.model.minimise(goal_terms(ref, problem.stages[-1]))
    ref.model.write_lp(tmp_path / "model.lp")
    rows = rows_of(tmp_path / "model.lp").splitlines(keepends=True)
    # No hospital of T3 may lead, and each PuLP version writes a row without variables in its own way.
    return "".join(row for row in rows if "dummy" not in row and not row.startswith("least_grids_T3_"))


@pytest.mark.parametrize("name", CASES)
def test_a_rule_of_grids_writes_the_rows_of_its_golden_lp(name: str, tmp_path: Path) -> None:
    golden = (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")
    assert sorted(written(tmp_path, name).splitlines()) == sorted(golden.splitlines())


def test_every_rule_of_grids_changes_the_model() -> None:
    texts = [(GOLDEN / f"{name}.lp").read_text(encoding="utf-8") for name in CASES]
    assert len(set(texts)) == len(texts)


def test_connected_parts_exempt_campuses_and_nobody_else(tmp_path: Path) -> None:
    rows = [
        row.split(":")[0]
        for row in written(tmp_path, "grids_connected").splitlines()
        if row.startswith("connected")
    ]
    assert "connected_T1_03_H1_:" not in [f"{row}:" for row in rows]  # H1 stands there
    assert len([row for row in rows if row.endswith("_H2_")]) == 11
    assert len([row for row in rows if row.endswith("_H1_")]) == 10  # main site and an open campus
