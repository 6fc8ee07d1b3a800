"""Why it is planned so: what is said is what a re-solve by trying everything says, in both languages."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

import gridplan as gp
from gridplan.ask.question import LayerQuestions
from gridplan.optimise.engines.choose import find
from gridplan.optimise.problem import Problem
from tests.sample import sample_plan

GENERAL_ONLY = gp.rules.Candidates(exempt=())
QINGPU, ZHONGSHAN, RUIJIN = "310118", "SH007", "SH001"


@pytest.fixture(scope="module")
def town() -> gp.Plan:
    return gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))


@pytest.fixture(scope="module")
def city() -> gp.Plan:
    return sample_plan()


def small(made: gp.Plan, layer: str = "general") -> Problem:
    return LayerQuestions(made, layer).problem


def truth(p: Problem) -> float:
    """The optimum by trying every set of pairs: each unit goes to its cheapest one (no capacity)."""
    cost = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
    cost[p.unit, p.hospital] = np.where(p.within, p.stages[-1].cost, np.inf)
    found = []
    for on in itertools.product([False, True], repeat=p.allowed.size):
        y = np.array(on).reshape(p.allowed.shape)
        kept = (y.sum(axis=1) <= p.district_cap).all() and (y.sum(axis=0) <= p.hospital_cap).all()
        if kept and (y <= p.allowed).all() and (y >= p.pinned).all():
            found.append((p.people * np.where(y[p.district], cost, np.inf).min(axis=1)).sum())
    return float(min(found))


def test_a_units_alternatives_cost_what_trying_everything_says(town: gp.Plan) -> None:
    table = gp.explain(town, unit="T3-01").to_frame()
    rows = table[(table["layer"] == "general") & (table["chosen"] == 0)]
    p = small(town)
    u, base = list(p.unit_ids).index("T3-01"), truth(p)
    assert len(rows) == 2
    for row in rows.itertuples():
        h = list(p.hospital_ids).index(row.hospital_id)
        forced = replace(p, within=p.within & ((p.unit != u) | (p.hospital == h)))
        assert row.change == pytest.approx(truth(forced) - base, abs=1e-3)
        assert row.proven == 1 and row.at_least == row.change == row.at_most


def test_forcing_a_pair_in_or_out_costs_what_trying_everything_says(town: gp.Plan) -> None:
    p = small(town)
    base = truth(p)
    table = gp.explain(town, district="T3").to_frame()
    for row in table[table["layer"] == "general"].itertuples():
        d, h = list(p.district_ids).index("T3"), list(p.hospital_ids).index(row.hospital_id)
        pinned, allowed = p.pinned.copy(), p.allowed.copy()
        if row.partner:
            allowed[d, h] = False
        else:
            pinned[d, h] = True
        assert row.change == pytest.approx(truth(replace(p, pinned=pinned, allowed=allowed)) - base, abs=1e-3)
        pair = gp.explain(town, pair=("T3", row.hospital_id))
        assert f"{row.change:+,.0f} person-minutes" in pair.say("en") or abs(row.change) < 0.5


def test_with_capacity_the_model_is_solved_again() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025").with_rule(gp.rules.Capacity()))
    p = small(made)
    base = made.layer("general").value
    table = gp.explain(made, hospital="H2").to_frame()
    assert (table["change"].dropna() >= -0.01).all()
    d, h = 2, list(p.hospital_ids).index("H2")
    row = table[table["district_id"] == "T3"].iloc[0]
    changed = p.allowed.copy() if row["partner"] else p.pinned.copy()
    changed[d, h] = not row["partner"]
    forced = replace(p, **{"allowed" if row["partner"] else "pinned": changed})
    again = find(forced)
    assert again is not None and row["change"] == pytest.approx(again.goals[-1].value - base, abs=1e-3)


def test_a_full_cap_is_named_with_those_who_take_its_places(town: gp.Plan) -> None:
    table = gp.explain(town, district="T3").to_frame()
    left = table[(table["layer"] == "general") & (table["partner"] == 0)]
    listed = town.pairs[(town.pairs["layer"] == "general") & (town.pairs["district_id"] == "T3")][
        "hospital_id"
    ]
    assert len(listed) == 2 and "SH-2" in left.iloc[0]["rule"]
    assert all(h in left.iloc[0]["what"] and h in left.iloc[0]["what_zh"] for h in listed)


@pytest.mark.parametrize(
    ("who", "rule", "word", "word_zh"),
    [
        (GENERAL_ONLY, gp.rules.Eligibility("strict"), "SH-6", "缺少结对基础"),
        (gp.rules.Candidates(), gp.rules.Ban("T2", "H2"), "BAN", "被政策禁止"),
    ],
)
def test_what_forbids_a_pair_is_said(
    who: gp.rules.Rule, rule: gp.rules.Rule, word: str, word_zh: str
) -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025").with_rule(who, rule))
    row = gp.explain(made, district="T2").to_frame().set_index("hospital_id").loc["H2"]
    assert row["rule"] == word and word_zh in row["what_zh"] and np.isnan(row["change"])


def test_a_travel_limit_is_said_for_the_unit_it_binds() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025").with_rule(gp.rules.TravelStandard(30)))
    table = gp.explain(made, unit="T3-01").to_frame()
    beyond = table[table["minutes"] > 30]
    assert len(beyond) and (beyond["rule"] == "STANDARD").all() and beyond["change"].isna().all()


def test_an_impossible_pair_says_what_is_in_the_way() -> None:
    rules = (gp.rules.HospitalCap(1), gp.rules.DistrictCap(1))
    made = gp.plan(
        gp.tiny_town(),
        gp.policy("shanghai-2025").with_rule(*rules, gp.rules.Pin("T1", "H1"), gp.rules.Pin("T2", "H3")),
    )
    answer = gp.explain(made, pair=("T3", "H1"))
    assert "no plan keeps all rules" in answer.say("en") and "in the way" in answer.say("en")
    assert "障碍" in answer.say("zh")


def test_without_a_pin_is_a_question_too() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025").with_rule(gp.rules.Pin("T3", "H1")))
    row = gp.explain(made, pair=("T3", "H1"))
    assert "pinned" in row.say("en") and "指定" in row.say("zh")


def test_strict_order_costs_are_said_in_the_first_goal_that_differs() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025-strict"))
    table = gp.explain(made, district="T3").to_frame()
    assert set(table["goal"]) & {"residents_through_5", "residents_through_2", "residents_through_3"}
    assert (table["change"].dropna() >= 0).all()


def test_names_do_as_well_as_ids_and_a_wrong_one_is_refused(town: gp.Plan) -> None:
    assert gp.explain(town, district="北县").say("en") == gp.explain(town, district="T3").say("en")
    with pytest.raises(gp.DataError, match="T3"):
        gp.explain(town, district="T33")
    with pytest.raises(gp.DataError, match="no candidate"):
        gp.explain(town, hospital="H7")
    with pytest.raises(gp.DataError, match="one thing"):
        gp.explain(town)


def test_an_explanation_prints_in_its_language_and_as_a_table(town: gp.Plan) -> None:
    answer = gp.explain(town, hospital="H1", lang="zh")
    assert str(answer) == answer.say("zh") != answer.say("en")
    assert "优先级" in str(answer) and "<table" in answer._repr_html_()
    for question in ({"unit": "T1-01"}, {"pair": ("T1", "H1")}, {"district": "T1"}, {"hospital": "H4"}):
        said = gp.explain(town, **question)
        assert not any(
            "一" <= c <= "鿿" for c in said.say("en").translate(str.maketrans("", "", "".join(NAMES)))
        )


NAMES = sorted(
    {
        c
        for t in (gp.tiny_town().units, gp.tiny_town().districts, gp.tiny_town().hospitals)
        for n in t["name"]
        for c in n
    }
)


def test_in_the_sample_city_qingpu_goes_to_zhongshan_and_any_other_costs(city: gp.Plan) -> None:
    table = gp.explain(city, district=QINGPU).to_frame()
    general = table[table["layer"] == "general"].set_index("hospital_id")
    assert general.loc[ZHONGSHAN, "partner"] == 1 and general.loc[ZHONGSHAN, "change"] > 0
    assert (general["change"].dropna() >= 0).all() and general["proven"].all()
    assert "青浦区" in gp.explain(city, pair=("青浦区", RUIJIN)).say("zh")


def test_a_unit_of_the_sample_city_is_explained_by_the_rule_that_binds(city: gp.Plan) -> None:
    answer = gp.explain(city, unit="310118-004")
    assert "中山医院" in answer.say("zh") and "SH-3" in set(answer.to_frame()["rule"])
