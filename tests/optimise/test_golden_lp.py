"""One golden LP per rule: which rows a rule writes, word for word, whatever PuLP version writes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gridplan.optimise.model.goal_rows import goal_terms, keep_goal
from gridplan.optimise.model.reference import Reference
from gridplan.policies.rules import (
    Capacity,
    DistrictCap,
    HospitalCap,
    Rule,
)  # fmt: skip
from tests.rules import having

from .town import town_problem

GOLDEN = Path(__file__).parents[1] / "golden" / "lp"

CASES: dict[str, tuple[Rule, ...]] = {
    "plain": (),
    "goal_coverage": (),
    "goal_deviations": (DistrictCap(1), HospitalCap(1)),
    "goal_worst": (),
    "goal_inequality": (),
    "goal_balance": (),
    "goal_balance_share": (Capacity(),),
    "goal_changes": (),
    "goal_partners": (),
    **{key: proof.GOLDEN for key, proof in having("GOLDEN").items()},
}
GOALS = {name: (name.split("_")[1], "travel") for name in CASES if name.startswith("goal_")}


def rows_of(path: Path) -> str:
    """An LP file with one row a line and single blanks, as PuLP versions break lines differently."""
    text = re.sub(r"\n(?=\s*([+-]|[<>]?=) )", " ", path.read_text(encoding="utf-8"))
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()) + "\n"


def written(tmp_path: Path, name: str) -> str:
    layer = "merged" if name == "candidates" else "general"
    problem = town_problem(*CASES[name], layer=layer, goals=GOALS.get(name, ()))
    ref = Reference(problem)
    ref.model.minimise(goal_terms(ref, problem.stages[0]))
    ref.model.write_lp(tmp_path / "model.lp")
    return rows_of(tmp_path / "model.lp")


@pytest.mark.parametrize("name", CASES)
def test_a_rule_writes_the_rows_of_its_golden_lp(name: str, tmp_path: Path) -> None:
    golden = (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")
    assert sorted(written(tmp_path, name).splitlines()) == sorted(golden.splitlines())


@pytest.mark.parametrize("name", [n for n in CASES if n != "plain"])
def test_a_rule_changes_the_model(name: str) -> None:
    plain = (GOLDEN / "plain.lp").read_text(encoding="utf-8")
    assert (GOLDEN / f"{name}.lp").read_text(encoding="utf-8") != plain


def test_an_earlier_goal_is_kept_as_a_row(tmp_path: Path) -> None:
    problem = town_problem(profile="shanghai-2025-strict")
    ref = Reference(problem)
    keep_goal(ref, problem.stages[3], 13000.0)
    ref.model.write_lp(tmp_path / "model.lp")
    row = next(
        line for line in rows_of(tmp_path / "model.lp").splitlines() if line.startswith("keep_residents")
    )
    assert row.endswith(f"<= {13000 / 6750:.12g}") and "x_T3_01_H3_" in row and "x_T1_01_H1_" not in row
