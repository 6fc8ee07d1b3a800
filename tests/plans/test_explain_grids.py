"""Why a unit is in its grid: the cost of another lead is that of a full re-plan, and nothing is said of partners."""

from __future__ import annotations

import numpy as np
import pytest

import gridplan as gp
from gridplan.ask import explain_grids
from gridplan.ask.question import LayerQuestions
from gridplan.optimise.engines.choose import find
from gridplan.optimise.engines.grids.exact_area import Answer
from gridplan.optimise.what_if.solve_again import with_unit_at
from gridplan.words.vocabulary import GRID
from tests.plans.gridtown import DISTRICTS, grid_policy, grid_town


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared is the answer, not how quick this machine is."""
    monkeypatch.setattr(explain_grids, "EACH", 60.0)


@pytest.fixture(scope="module")
def town() -> gp.Plan:
    return gp.plan(grid_town(), grid_policy(gp.rules.FullCoverage()))


@pytest.mark.parametrize("unit", sorted(DISTRICTS))
def test_another_lead_costs_what_the_whole_city_solved_again_costs(town: gp.Plan, unit: str) -> None:
    answer = gp.explain(town, unit=unit)
    p = LayerQuestions(town, GRID).problem
    u, base = list(p.unit_ids).index(unit), town.layer(GRID).value
    for row in answer.to_frame().itertuples():
        if row.chosen or not row.hospital_id:
            continue
        again = find(with_unit_at(p, u, list(p.hospital_ids).index(row.hospital_id)))
        if again is None:
            assert row.change != row.change and "cannot be" in row.what and "不可行" in row.what_zh
        else:
            assert row.change == pytest.approx(again.goals[-1].value - base, abs=0.01)
    homes = town.region.hospitals.set_index("hospital_id")["district_id"]
    assert set(answer.to_frame()["hospital_id"].map(homes).dropna()) == {DISTRICTS[unit]}
    for said, words in (
        (answer.say("en"), ("partner", "banned", "priority")),
        (answer.say("zh"), ("合作", "优先级")),
    ):
        assert "ZJ-1" in said and not any(word in said for word in words)


def test_leads_of_other_districts_are_no_bans(town: gp.Plan) -> None:
    assert "BAN" not in set(gp.tight(town).to_frame()["rule"])


def test_what_is_not_answered_in_time_says_so(town: gp.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain_grids, "solve_area", lambda *_: Answer(None, np.inf, 0.0))
    rows = gp.explain(town, unit=sorted(DISTRICTS)[0]).to_frame()
    others = rows[(rows["chosen"] == 0) & (rows["hospital_id"] != "") & (rows["rule"] == "")]
    assert len(others) and others["what"].str.contains("not re-solved").all()
