"""No engine ignores a rule: what an engine claims to fit it solves as the reference model does, and it claims enough."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.cases.city import City, problem
from gridplan.optimise.engines import choose as engines
from gridplan.optimise.model import solve_reference as reference
from gridplan.optimise.problem import Problem
from gridplan.optimise.what_if.partner_menus import why_not as not_by_menus
from gridplan.words.errors import ArgumentError, SolveError

from .brute import best, keeps_rules
from .cases import GOALS, RULES, problems
from .grid_cases import GRID_RULES, grid_problems
from .town import town_problem

QUICK = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TIES = ("district_cap", "hospital_cap", "capacity")
# What each engine claims, as random cases draw it: the rules that it knows, on or off.
PLAIN = (
    "ban",
    "eligibility",
    "pin",
    "travel_standard",
    "unreachable",
    "group_weights",
    "pair_scores",
    "empty",
)
EVEN = ("ban", "eligibility", "pin", "travel_standard", "unreachable", "empty", "exempt")
CLAIMED = {
    "p_median": problems(rules=(*PLAIN, "district_cap", "hospital_cap", "exempt", "pair_price")),
    "patterns": problems(rules=(*PLAIN, "exempt", "district_cap", "hospital_cap", "strict")),
    "capacitated": problems(rules=(*PLAIN, *TIES, "use", "pair_price"), most_districts=1),
    "columns": problems(rules=(*PLAIN, *TIES, "exempt")),
    "connected": problems(rules=(*PLAIN, *TIES, "exempt"), always=("connected_parts",)),
    "even": st.sampled_from(["balance", "inequality"]).flatmap(
        lambda goal: problems(rules=(*EVEN, *TIES), first=goal, among=("travel",))
    ),
    "grids": st.tuples(grid_problems() | grid_problems(rules=("pins", "connected")), st.integers(1, 3)).map(
        lambda drawn: replace(drawn[0], demand=drawn[0].people * float(drawn[1]))
    ),
}


def agree(p: Problem, engine: str) -> bool:
    """The engine's answer is the reference model's: whether there is a plan, every goal's value, and its proof.

    Whether it found it itself: where nobody lives, or an empty unit reaches no partner, it asks the reference model.
    """
    truth, found = reference.find(p), engines.find(p, engine=engine)
    assert (found is None) == (truth is None), (
        f"{engine}: a plan where there is none, or none where there is one"
    )
    if truth is not None and found is not None:
        assert found.engine in (engine, "highs") and found.proven
        assert [g.value for g in found.goals] == pytest.approx([g.value for g in truth.goals], abs=1e-3)
        if p.grids is None:
            assert keeps_rules(p, tuple(found.serves.tolist()))
    return found is None or found.engine == engine


def claims(p: Problem) -> list[str]:
    return [name for name, fast in engines.FAST.items() if fast.why_not(p) is None]


@pytest.mark.parametrize("others", [(), TIES], ids=["alone", "with caps and capacities"])
@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_kept_by_every_engine_that_claims_it(rule: str, others: tuple[str, ...]) -> None:
    @QUICK
    @given(problems(rules=(), always=(rule, *others)))
    def check(p: Problem) -> None:
        for name in claims(p):
            agree(p, name)

    check()


@pytest.mark.parametrize("goal", GOALS)
def test_each_goal_is_kept_by_every_engine_that_claims_it(goal: str) -> None:
    @QUICK
    @given(problems(rules=("tolerance", *TIES), first=goal))
    def check(p: Problem) -> None:
        for name in claims(p):
            agree(p, name)

    check()


@pytest.mark.parametrize("rule", GRID_RULES)
def test_each_rule_of_grids_is_kept_by_every_engine_that_claims_it(rule: str) -> None:
    @QUICK
    @given(grid_problems(rules=(rule,)))
    def check(p: Problem) -> None:
        assert claims(p) == ["grids"]
        agree(p, "grids")

    check()


@pytest.mark.parametrize("neighbours", [None, np.zeros((0, 2), dtype=np.int64)], ids=["", "connected"])
def test_where_an_empty_unit_reaches_nobody_there_is_no_plan(neighbours: np.ndarray | None) -> None:
    p = problem(City(6, 3, 1, 1))
    people = np.where(np.arange(6) == 0, 0, p.people)
    p = replace(p, people=people, demand=people.astype(float), within=p.unit != 0, neighbours=neighbours)
    assert reference.find(p) is None
    fits = claims(p)
    assert fits
    for name in fits:
        assert engines.find(p, engine=name) is None, name


@settings(QUICK, max_examples=100)
@given(problems())
def test_all_rules_together_are_kept_by_every_engine_that_claims_them(p: Problem) -> None:
    for name in claims(p):
        agree(p, name)


@pytest.mark.parametrize("engine", CLAIMED)
def test_an_engine_solves_itself_what_it_claims(engine: str) -> None:
    """At least a quarter of the random cases of the rules that it knows; what it leaves has a reason of shape.

    Whoever adds a name to what an engine knows draws it in `CLAIMED` as well, or nothing would prove it.
    """
    seen: Counter[bool] = Counter()
    shown = {"excess_price", "use"}  # one stands in the costs of goals, one counts with capacities only

    @settings(QUICK, max_examples=60)
    @given(CLAIMED[engine])
    def check(p: Problem) -> None:
        assert not p.in_use() - engines.FAST[engine].knows, "a case beyond what the engine claims"
        shown.update(p.in_use())
        seen[engines.FAST[engine].why_not(p) is None and agree(p, engine)] += 1

    check()
    assert seen[True] >= (seen[True] + seen[False]) / 4, seen
    assert engines.FAST[engine].knows <= shown


@dataclass(frozen=True, eq=False)
class Later(Problem):
    """A problem with a field that nobody had thought of."""

    curfew: np.ndarray | None = None


@pytest.mark.parametrize("engine", CLAIMED)
def test_a_rule_that_nobody_knows_is_declined(engine: str) -> None:
    @settings(QUICK, max_examples=25)
    @given(CLAIMED[engine])
    def check(p: Problem) -> None:
        made_up = p.with_numbers(made_up=3)
        later = Later(**vars(p), curfew=np.ones(len(p.unit_ids)))
        for changed in (made_up, later):
            assert claims(changed) == []
            assert engines.choose(changed, small=0)[0] == "highs"
            assert not_by_menus(changed) is not None
        assert claims(Later(**vars(p))) == claims(p), "a field that is not in use keeps nobody off"

    check()


def test_a_rule_that_an_engine_does_not_know_is_named() -> None:
    with pytest.raises(SolveError, match="'patterns' cannot solve this: it does not know made_up"):
        engines.solve(town_problem().with_numbers(made_up=3), engine="patterns")


@settings(QUICK, max_examples=60)
@given(problems())
def test_what_auto_would_choose_at_size_is_exact(p: Problem) -> None:
    truth, found = best(p), engines.find(p, small=0)
    assert (found is None) == (truth is None)
    if truth is not None and found is not None:
        assert found.proven and [g.reached for g in found.goals] == pytest.approx(truth, abs=1e-3)
        assert keeps_rules(p, tuple(found.serves.tolist()))


@pytest.mark.parametrize("old", ["lagrangian", "knapsacks", "parts"])
def test_engines_answer_to_their_former_names(old: str) -> None:
    new = engines.FORMERLY[old]
    fields = {"parts": {"neighbours": np.array([[0, 1]])}}.get(old, {})
    p = replace(town_problem(), hospital_cap=np.full(len(town_problem().hospital_ids), 99), **fields)
    if engines.FAST[new].why_not(p) is None:
        assert engines.solve(p, engine=old).engine == new
    else:
        with pytest.raises(SolveError, match=f"{new}"):
            engines.solve(p, engine=old)


def test_the_command_line_offers_every_engine_by_the_word_that_plans_print() -> None:
    from gridplan.cli.frame import EngineName

    assert [name.value for name in EngineName] == ["auto", "highs", "cbc", *engines.FAST]


@pytest.mark.parametrize("wrong", [{"seconds": -1}, {"seconds": "60"}, {"gap": "1%"}, {"threads": 0}])
def test_wrong_limits_are_refused_before_anything_is_solved(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=next(iter(wrong))):
        engines.solve(town_problem(), **wrong)
