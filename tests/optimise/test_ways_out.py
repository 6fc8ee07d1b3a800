"""The clash is irreducible and every way out leads out: checked by trying everything."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

import gridplan as gp
from gridplan.optimise.constraint import Demand
from gridplan.optimise.engines import solve
from gridplan.optimise.infeasible.conflicts import least_relaxation
from gridplan.optimise.infeasible.ways_out import _demands, _only, find_clash, find_ways_out, loosened
from gridplan.optimise.problem import Problem
from gridplan.words.errors import InfeasibleError
from tests.rules import having
from tests.sample import sample_city

from .brute import best
from .cases import problems
from .town import town_problem

RULES = tuple(having("drawn"))
PLENTY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def indices(p: Problem, rule: str, district: str, hospital: str) -> Demand:
    d = list(p.district_ids).index(district) if district else -1
    h = list(p.hospital_ids).index(hospital) if hospital else -1
    return Demand(rule, d, h)


@PLENTY
@given(problems(rules=RULES))
def test_a_clash_is_impossible_and_possible_without_any_one_of_its_rules(p: Problem) -> None:
    if best(p) is not None:
        return
    clash = find_clash(p, "highs", None)
    demands = [indices(p, r.rule, r.district_id, r.hospital_id) for r in clash.table.itertuples()]
    assert clash.irreducible and set(demands) <= set(_demands(p))
    assert best(_only(p, demands)) is None
    for one in demands:
        assert best(_only(p, [demand for demand in demands if demand != one])) is not None


@PLENTY
@given(problems(rules=RULES))
def test_the_least_relaxation_and_every_other_way_out_leads_out(p: Problem) -> None:
    if best(p) is not None:
        return
    used = least_relaxation(p, "highs", None)
    assert used and best(loosened(p, used)) is not None
    ways = find_ways_out(p, used, "highs", None)
    assert 1 <= len(ways) <= 3
    places = [
        frozenset(zip(w["rule"], w["district_id"], w["hospital_id"], w["unit_id"], strict=True)) for w in ways
    ]
    assert len(set(places)) == len(ways)
    assert len({frozenset(way["hint"]) for way in ways}) == len(ways), "no way is told twice"


def refused(*rules: gp.rules.Rule) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as error:
        solve(town_problem(*rules))
    return error.value


def test_the_message_names_clash_and_ways_out_in_both_languages() -> None:
    bans = [
        gp.rules.Ban("T1", "H2"),
        gp.rules.Ban("T1", "H3"),
        gp.rules.Ban("T2", "H2"),
        gp.rules.Ban("T2", "H3"),
    ]
    error = refused(gp.rules.HospitalCap(1), *bans)
    assert error.irreducible and set(error.clash["rule"]) == {"SH-3", "BAN"} and len(error.clash) == 5
    assert len(error.ways_out) >= 2
    assert {frozenset(way["rule"]) for way in error.ways_out} >= {frozenset({"SH-3"}), frozenset({"BAN"})}
    english, chinese = error.say("en"), error.say("zh")
    assert "clash: " in english and "way out 2: " in english and "at most 1 districts" in english
    assert "冲突：" in chinese and "出路 2：" in chinese and "至多 1 个区" in chinese


def test_a_clock_that_ran_out_claims_nothing() -> None:
    clash = find_clash(town_problem(gp.rules.MostChanges(0)), "highs", 0.0)
    assert clash.table.empty and not clash.irreducible


def test_an_error_with_its_ways_out_crosses_a_process_border() -> None:
    import pickle

    error = refused(gp.rules.MostChanges(0))
    again = pickle.loads(pickle.dumps(error))
    assert again.say("zh") == error.say("zh") and again.clash.equals(error.clash)


def test_the_conflicts_of_the_sample_city_are_told() -> None:
    region = sample_city()
    rules = (
        gp.rules.Candidates(exempt=()),
        gp.rules.DistrictCap(1),
        gp.rules.HospitalCap(2),
        gp.rules.TravelStandard(90),
    )
    policy = gp.policy("shanghai-2025").with_rule(*rules)
    with pytest.raises(InfeasibleError) as error:
        gp.plan(region, policy)
    assert set(error.value.clash["rule"]) == {"SH-2", "STANDARD"} and error.value.irreducible
    assert {frozenset(way["rule"]) for way in error.value.ways_out} >= {
        frozenset({"SH-2"}),
        frozenset({"STANDARD"}),
    }
