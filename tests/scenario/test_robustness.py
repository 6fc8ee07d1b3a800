"""Futures are drawn from a seed; the plan of least regret is the least of all sets of partnerships; shares are counted."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.optimise.what_if.partner_menus import travel_alone
from gridplan.plans.make import prepare
from gridplan.scenario.edits.close_hospital import CloseHospital
from gridplan.scenario.edits.people import Population
from gridplan.scenario.edits.policy_edits import WithRules
from gridplan.scenario.edits.travel_edits import TravelFactor
from gridplan.scenario.scenario import Scenario, apply
from gridplan.words.errors import ScenarioError

TOWN, RULES = gp.tiny_town(), gp.policy("shanghai-2025")
FUTURES = (
    Scenario("today"),
    Scenario("no H2", (CloseHospital("H2"),)),
    Scenario("no H3", (CloseHospital("H3"),)),
    Scenario("east grows", (Population({"T2": 3.0}),)),
    Scenario("slow", (TravelFactor(1.8),)),
)
DISTRICTS, HOSPITALS = ("T1", "T2", "T3"), ("H1", "H2", "H3")


@cache
def robust(goal: Any = "worst") -> gp.results.Robustness:
    return gp.robustness(TOWN, RULES, FUTURES, goal=goal)


def costs(scenario: Scenario) -> dict[tuple[str, tuple[str, ...]], float]:
    """What each set of partners costs each district in a future: its units go to the best of them."""
    region, policy = apply(TOWN, RULES, scenario)
    p = travel_alone(prepare(region, policy, None, lambda text: None).problems[0])
    cost = pd.DataFrame(np.inf, index=p.unit_ids, columns=list(HOSPITALS))
    for u, h, c in zip(p.unit, p.hospital, p.stages[0].cost, strict=True):
        cost.loc[p.unit_ids[u], p.hospital_ids[h]] = c * p.people[u]
    out = {}
    for d, district in enumerate(DISTRICTS):
        mine = cost.loc[p.unit_ids[p.district == d]]
        for k in (1, 2):
            for some in itertools.combinations(HOSPITALS, k):
                out[district, some] = float(mine[list(some)].min(axis=1).sum())
    return out


def every_choice() -> list[tuple[tuple[str, ...], ...]]:
    """One or two partners for each district; every hospital may have all three districts (SH-3)."""
    sets = [s for k in (1, 2) for s in itertools.combinations(HOSPITALS, k)]
    return list(itertools.product(sets, repeat=3))


@cache
def regrets() -> np.ndarray:
    """(choices, futures) by trying every set of partnerships."""
    table = [costs(s) for s in FUTURES]
    value = np.array([
        [sum(t[d, s] for d, s in zip(DISTRICTS, choice, strict=True)) for t in table] for choice in every_choice()
    ])  # fmt: skip
    return value - value.min(axis=0)


def test_least_regret_is_that_of_all_sets_of_partnerships() -> None:
    all_, found = regrets(), robust()
    worst = all_.max(axis=1)
    assert found.proven and found.least.worst == pytest.approx(worst.min())
    ties = all_[worst <= worst.min() * (1 + 1e-9)]
    assert found.least.mean == pytest.approx(ties.mean(axis=1).min())
    mean_first = robust("mean")
    assert mean_first.proven and mean_first.least.mean == pytest.approx(all_.mean(axis=1).min())
    assert mean_first.least.worst >= found.least.worst - 1e-6
    assert found.least.mean >= mean_first.least.mean - 1e-6


def test_the_robust_plan_is_a_plan_of_today_that_the_judge_passes() -> None:
    found = robust()
    assert gp.verify(found.plan).kept and found.plan.status == "feasible"
    chosen = {
        (d, h)
        for d, h in found.to_frame()
        .query("robust == 1")[["district_id", "hospital_id"]]
        .itertuples(index=False)
    }
    counted = found.plan.pairs.query("counted == 1")
    assert chosen == set(counted[["district_id", "hospital_id"]].itertuples(index=False, name=None))
    choice = tuple(tuple(h for d2, h in sorted(chosen) if d2 == d) for d in DISTRICTS)
    mine = regrets()[every_choice().index(choice)]
    assert found.futures()["robust_regret"].to_numpy() == pytest.approx(mine, abs=0.01)
    assert float(mine.max()) == pytest.approx(found.least.worst)


def test_a_regret_says_that_priorities_are_counted_in_it() -> None:
    assert robust().summary().count("min per resident, priorities counted") == 2
    assert robust().summary("zh").count("分钟（计入优先级折算）") == 2


def test_a_pair_has_its_share_of_the_near_plans_of_each_future() -> None:
    found = robust()
    table = found.to_frame().set_index(["district_id", "hospital_id"])
    assert table["lowest"].le(table["frequency"] + 1e-12).all()
    assert table["frequency"].le(table["highest"] + 1e-12).all()
    assert table["highest"].le(1).all() and table["frequency"].is_monotonic_decreasing
    best = {
        s.name: set(
            gp.plan(*apply(TOWN, RULES, s)).pairs.query("counted == 1")[["district_id", "hospital_id"]].itertuples(index=False, name=None)
        )
        for s in FUTURES
    }  # fmt: skip
    for pair, row in table.iterrows():
        counts = [pair in best[s.name] for s in FUTURES if f"no {pair[1]}" != s.name]
        assert row["best_share"] == pytest.approx(np.mean(counts))


def test_without_room_for_other_plans_a_share_is_that_of_the_best_plans() -> None:
    table = gp.robustness(TOWN, RULES, FUTURES, within=0.0).to_frame()
    assert (table["frequency"] == table["best_share"]).all()


def test_futures_come_from_their_seed_and_hold_every_case() -> None:
    one, again, other = (gp.futures(TOWN, RULES, samples=3, seed=seed) for seed in (1, 1, 2))
    assert one == again != other
    assert [s.name for s in one] == [
        "today", "without H1", "without H2", "without H3", "slower", "faster", "sample 1", "sample 2", "sample 3",
    ]  # fmt: skip
    factors = dict(one[-1].changes[0].factors)
    assert set(factors) == set(DISTRICTS) and all(0.9 <= f <= 1.1 for f in factors.values())
    cut = gp.futures(
        TOWN, RULES, samples=0, travel=0, hospitals=False, bridges={"North": (120, 30.1, 120.2, 30.1)}
    )
    assert [s.name for s in cut] == ["today", "closed North"]


def test_an_impossible_future_is_a_row_and_the_rest_goes_on() -> None:
    none = Scenario("nobody may", (WithRules((gp.rules.TravelStandard(1.0),)),))
    table = gp.robustness(TOWN, RULES, (*FUTURES, none)).futures().set_index("future")
    assert table.loc["nobody may", "status"] == "impossible" and np.isnan(table.loc["nobody may", "best"])
    assert (table.drop("nobody may")["status"] == "solved").all()


@pytest.mark.parametrize(
    ("futures", "options", "said"),
    [
        ((), {}, "there is no future"),
        ((Scenario("a"), Scenario("a")), {}, "name of its own"),
        (FUTURES, {"goal": "best"}, 'goal must be "worst" or "mean"'),
        (FUTURES, {"within": 2}, "within must be a number from 0 to 1"),
        (FUTURES, {"most": 0}, "most must be a whole number from 1"),
        ((Scenario("x", (WithRules((gp.rules.Capacity(),)),)),), {}, "it does not know capacities"),
    ],
)
def test_bad_options_get_one_clear_error(
    futures: tuple[Scenario, ...], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(gp.PolicyError, match=said):
        gp.robustness(TOWN, RULES, futures, **options)


def test_a_clock_that_runs_out_is_one_clear_error() -> None:
    with pytest.raises(gp.errors.NoPlanInTimeError, match="least regret"):
        gp.robustness(TOWN, RULES, gp.futures(TOWN, RULES, samples=3), seconds=0.1)


def test_the_tables_have_the_columns_that_the_docs_name() -> None:
    pair = ["layer", "district_id", "district", "hospital_id", "hospital", "existing"]
    shares = ["today", "robust", "best_share", "frequency", "lowest", "highest"]
    assert list(robust().to_frame()) == [*pair, *shares]
    assert list(gp.alternatives(gp.plan(TOWN, RULES)).pairs()) == [
        *pair,
        "plan",
        "alternatives",
        "in_all",
        "certain",
    ]


def test_a_future_without_what_it_names_is_refused() -> None:
    with pytest.raises(ScenarioError, match="H9"):
        gp.robustness(TOWN, RULES, (Scenario("x", (CloseHospital("H9"),)),))


def test_other_goals_and_futures_that_no_choice_fits_are_refused() -> None:
    with pytest.raises(gp.PolicyError, match="travel alone"):
        gp.robustness(TOWN, replace(RULES, goals=("worst", "travel")), FUTURES)
    one_each = RULES.with_rule(gp.rules.DistrictCap(1))
    out = tuple(Scenario(f"no {h}", (CloseHospital(h),)) for h in HOSPITALS)
    with pytest.raises(gp.PolicyError, match="no one set of partnerships"):
        gp.robustness(TOWN, one_each, out)


@pytest.mark.parametrize("option", [{"samples": -1}, {"people": 1.5}, {"travel": "x"}, {"seed": 0.5}])
def test_bad_draws_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(gp.PolicyError, match=f"{next(iter(option))} must be"):
        gp.futures(TOWN, RULES, **option)
