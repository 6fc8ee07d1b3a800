"""Answers that are true and short: who bears a change, what a fair share would cost, the five pairs that matter."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.ask.pairs.borne import Share, borne_text
from gridplan.ask.pairs.fair_share import fair_share
from gridplan.ask.pairs.one_more import one_more_place, one_more_text
from gridplan.ask.pairs.pair_answers import pair_row
from gridplan.ask.question import Change, LayerQuestions
from gridplan.optimise.problem import Problem
from gridplan.optimise.what_if.place_bounds import most_gained
from gridplan.optimise.what_if.solve_again import solve_again, with_pin
from gridplan.plans.verdict_of import verdict_of
from gridplan.show.report.report_decision import decision_lines
from gridplan.show.shared.per_hospital import hospital_rows
from gridplan.words.text import both

EACH = re.compile(r"([^,;:]+ \(\S+\)) ([+-]\d+\.\d\d) min")


@pytest.fixture(scope="module")
def town() -> gp.Plan:
    return gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))


@pytest.fixture(scope="module")
def questions(town: gp.Plan) -> LayerQuestions:
    return LayerQuestions(town, "general")


def units_cost(p: Problem) -> np.ndarray:
    cost = np.full((len(p.unit_ids), len(p.hospital_ids)), np.inf)
    cost[p.unit, p.hospital] = np.where(p.within, p.stages[0].cost, np.inf)
    return cost


def cheapest_with_share(p: Problem, d: int, h: int, least: float) -> float:
    """By trying every set of pairs, and in the district every set of units that go to the hospital."""
    cost, found = units_cost(p), []
    mine = np.flatnonzero(p.district == d)
    for on in itertools.product([False, True], repeat=p.allowed.size):
        y = np.array(on).reshape(p.allowed.shape)
        kept = (y.sum(axis=1) <= p.district_cap).all() and (y.sum(axis=0) <= p.hospital_cap).all()
        if not (kept and y[d, h] and (y <= p.allowed).all()):
            continue
        open_to = np.where(y[p.district], cost, np.inf)
        rest = float((p.demand * np.where(p.district == d, 0.0, open_to.min(axis=1))).sum())
        if not np.isfinite(rest):
            continue
        others = np.where(np.arange(len(p.hospital_ids)) == h, np.inf, open_to[mine])
        for there in itertools.product([False, True], repeat=len(mine)):
            at = np.array(there)
            if p.demand[mine[at]].sum() >= least - 1e-9:
                each = np.where(at, open_to[mine, h], others.min(axis=1))
                found.append(rest + float(p.demand[mine] @ each) if np.isfinite(each).all() else np.inf)
    return min(found)


def test_a_fair_share_costs_what_trying_everything_says(town: gp.Plan, questions: LayerQuestions) -> None:
    """Its bounds enclose the truth, and its own plan keeps the share and the caps."""
    q, told = questions, 0
    p = q.problem
    for d, h in itertools.product(range(3), range(len(p.hospital_ids))):
        if q.chosen[d, h] or not p.allowed[d, h]:
            continue
        pinned = solve_again(with_pin(p, d, h))
        assert pinned is not None
        fair = fair_share(q, d, h, pinned)
        assert fair is not None and fair.change.outcome is not None
        serves = fair.change.outcome.serves
        asked = float(p.demand[p.district == d].sum()) / fair.partners
        assert p.demand[(p.district == d) & (serves == h)].sum() >= asked - 1e-6
        assert fair.people == p.people[(p.district == d) & (serves == h)].sum()
        chosen = fair.change.outcome.chosen
        assert (chosen.sum(axis=1) <= p.district_cap).all() and (chosen.sum(axis=0) <= p.hospital_cap).all()
        truth = cheapest_with_share(p, d, h, asked) - q.goals[0].reached
        assert fair.change.at_least - 1e-3 <= truth <= fair.change.at_most + 1e-3
        told += 1
    assert told >= 2


def test_where_it_would_be_nobodys_nearest_the_fair_share_is_asked(
    town: gp.Plan, questions: LayerQuestions
) -> None:
    rows = gp.explain(town, district="T3").to_frame()
    said = rows[(rows["partner"] == 0) & rows["what"].str.contains("nobody's nearest")]
    assert not rows["what"].str.contains("serving 0 residents").any()
    for row in said.itertuples():
        assert "with a fair share (1 of " in row.what and "若承担应有份额（" in row.what_zh
        assert (
            f"{row.fair_change:+,.0f} person-minutes" in row.what
            and f"{row.fair_people:,} residents" in row.what
        )
        moves = gp.explain(town, pair=("T3", row.hospital_id)).to_frame()
        own = moves[(moves["district_id"] == "T3") & (moves["hospital_id"] == row.hospital_id)]
        assert own["after"].tolist() == [row.fair_people], (
            "the moves are those of the fair share that is told"
        )


def test_an_open_campus_that_the_plan_leaves_is_no_mere_stranger() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025").with_rule(gp.rules.Ban("T2", "H1")))
    answer = gp.explain(made, pair=("T2", "H1"))
    assert "an open campus without an agreement, counted today, no partner, priority" in answer.say("en")
    assert "已有院区（未签约，今日计入），未结对，优先级" in answer.say("zh")


def test_a_cost_is_told_by_the_districts_that_bear_it(questions: LayerQuestions) -> None:
    """Recomputed from the plan that the re-solve gave: minutes of each district, and nothing of a district that stays."""
    q, p, seen = questions, questions.problem, 0
    names = [q.district(d) for d in range(len(p.district_ids))]
    for d, h in itertools.product(range(len(p.district_ids)), range(len(p.hospital_ids))):
        change = q.ask(
            replace(
                p,
                allowed=np.where(
                    np.arange(p.allowed.size).reshape(p.allowed.shape) == d * p.allowed.shape[1] + h,
                    False,
                    p.allowed,
                ),
            )
        )
        if change.outcome is None or abs(change.change) < 1:
            continue
        seen += 1
        rows = np.arange(len(p.unit_ids))
        more = p.demand * (q.minutes[rows, change.outcome.serves] - q.minutes[rows, q.serves])
        each = [
            float(more[p.district == k].sum() / p.demand[p.district == k].sum()) for k in range(len(names))
        ]
        told = dict(EACH.findall(change.text().en.replace("per resident ", "")))
        told = {name.strip(): value for name, value in told.items()}
        assert told == {n: f"{e:+.2f}" for n, e in zip(names, each, strict=True) if abs(e) >= 0.005}
        assert change.travel == pytest.approx(more.sum()) and change.travel + change.price == pytest.approx(
            change.change
        )
        assert (
            f"travel {change.travel:+,.0f}, priorities {change.price:+,.0f}" in change.text().en
            or abs(change.price) < 0.5
        )
    assert seen >= 2


def test_a_sentence_names_three_districts_and_counts_the_rest() -> None:
    shares = tuple(Share(f"区{n}", 10.0 * (5 - n), 1.0) for n in range(5))
    assert (
        "等 5 个区" in borne_text(shares, 100.0, 0.0).zh
        and "and 2 more districts" in borne_text(shares, 100.0, 0.0).en
    )
    assert (
        borne_text((), 0.0, 12.0).zh == "居民出行不变，优先级折算 +12" and borne_text((), 0.0, 0.0).en == ""
    )


def test_the_five_that_matter_come_first_and_the_rest_is_counted(town: gp.Plan) -> None:
    every, few = gp.explain(town, hospital="H1").to_frame(), gp.explain(town, hospital="H1", most=1)
    assert len(every) == 3 and few.to_frame()["partner"].all()
    left = 3 - len(few.to_frame())
    assert (f"{left} more with --all" in few.say("en")) == (left > 0)
    two = gp.explain(town, district="T3", most=2)
    assert (two.to_frame().groupby("layer")["partner"].sum() <= two.to_frame().groupby("layer").size()).all()
    assert "--all" in two.say("zh")


def test_an_ended_pair_says_so_and_what_keeping_it_costs() -> None:
    """Today H3 partners T1; the plan gives its places to others."""
    today = gp.tiny_town().partnerships
    table = pd.DataFrame(
        [("H3", "T1", "other", "2020", 2)], columns=["hospital_id", "district_id", "basis", "since", "row"]
    )
    made = gp.plan(
        gp.tiny_town().with_tables(partnerships=table.astype(today.dtypes.to_dict())),
        gp.policy("shanghai-2025"),
    )
    q = LayerQuestions(made, "general")
    d, h = list(q.problem.district_ids).index("T1"), list(q.problem.hospital_ids).index("H3")
    row = pair_row(q, d, h)
    assert row["partner"] == 0 and "a partnership today, ended" in row["what"] and "SH-2" in row["rule"]
    assert "kept" in row["what"] and "若保留" in row["what_zh"]


@pytest.mark.parametrize(
    ("district", "hospital", "lever"),
    [
        (1, 1, None),  # nothing gains
        (1, 3, ("SH-2", "T1", 182_647.3)),
        (2, 1, ("SH-3", "H2", 182_647.3)),
        (2, 2, ("SH-3", "H1", 11_541.85)),  # 北县 takes it and gives up another: both are full
        (9, 9, None),  # no place is full
    ],
)
def test_the_one_more_place_of_page_one_is_the_best_that_tight_finds(
    district: int, hospital: int, lever: tuple[str, str, float] | None
) -> None:
    caps = gp.rules.DistrictCap(district), gp.rules.HospitalCap(hospital)
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025").with_rule(*caps))
    q = LayerQuestions(made, "general")
    one, table = one_more_place(q), gp.tight(made).table
    places = table[table["rule"].isin(["SH-2", "SH-3"])]
    at = [
        (list(ids).index(x) if x else -1)
        for ids, name in ((q.problem.district_ids, "district_id"), (q.problem.hospital_ids, "hospital_id"))
        for x in places[name]
    ]
    cost = np.where(q.within, q.cost, np.inf)
    if len(places):
        asked = list(zip(at[: len(places)], at[len(places) :], strict=True))
        most = most_gained(q.problem, cost, q.goals[0].reached, asked)
        assert most is not None and (most >= places["gain"].to_numpy() - 1e-3).all()
    best = places.iloc[0] if len(places) else None
    if lever is None:
        assert one is None and (best is None or best["gain"] == 0)
        return
    assert one is not None and one.case is not None and best is not None
    rule, where, gain = lever
    assert one.rule == best["rule"] == rule and where in (best["district_id"], best["hospital_id"])
    assert one.gain == pytest.approx(gain) == best["gain"] and one.places == len(places)
    assert one.case.what.en in best["what"]
    text = one_more_text(q, one)
    assert f"{one.each:.2f} min per resident" in text.en and "重新求解" in text.zh and best["gain"] > 0


def test_under_other_goals_page_one_says_how_a_place_more_is_asked() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025-strict"))
    lines = decision_lines(made, verdict_of(made))
    assert any("gridplan explain PLAN --tight" in one.en and "名额已满" in one.zh for one in lines)


def test_page_one_says_who_is_fullest_or_that_nobody_states_a_capacity() -> None:
    region = gp.tiny_town()
    hospitals = region.hospitals.assign(beds=float("nan"), capacity_people=float("nan"))
    silent = gp.plan(region.with_tables(hospitals=hospitals), gp.policy("shanghai-2025"))
    said = [line.zh for line in decision_lines(silent, verdict_of(silent))]
    assert sum("均未填报承载能力" in line for line in said) == 2
    some = hospitals.assign(beds=hospitals["hospital_id"].map({"H2": 100.0}))
    few = gp.plan(region.with_tables(hospitals=some), gp.policy("shanghai-2025"))
    told = decision_lines(few, verdict_of(few))
    partners = [row for row in hospital_rows(silent, "general") if row.names]
    assert any("（1 家已填床位者中）：市第二医院" in line.zh for line in told)
    assert any(f"另有 {len(partners) - 1} 家未填床位" in line.zh for line in told)
    hospitals = region.hospitals.assign(beds=100.0, capacity_people=50_000.0)
    loud = gp.plan(region.with_tables(hospitals=hospitals), gp.policy("shanghai-2025"))
    rows = [row for row in hospital_rows(loud, "general") if row.names]
    assert all(row.load == row.people / 50_000 and row.per_bed == row.people / 100 for row in rows)
    most = max(row.load or 0 for row in rows)
    assert any(f"为承载能力的 {most:.0%}" in line.zh for line in decision_lines(loud, verdict_of(loud)))


def test_a_unit_is_told_the_hospitals_that_cost_it_least_and_how_many_more_there_are() -> None:
    made = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    every, one = (gp.explain(made, unit="T1-01", most=most) for most in (None, 1))
    table = every.to_frame().query("layer == 'general'")
    told = one.to_frame().query("layer == 'general'")
    other = table[table["chosen"] == 0].sort_values("difference").iloc[0]["hospital_id"]
    assert set(told["hospital_id"]) == {table.loc[table["chosen"] == 1, "hospital_id"].iloc[0], other}
    assert f"{len(table) - len(told)} more hospitals with --all" in one.say("en") and "另有" in one.say("zh")
    assert "more hospitals" not in every.say("en")


def test_what_is_not_proven_says_between_which_figures_the_change_lies() -> None:
    change = Change(None, True, 500.0, 120.4, 510.0, "travel", 0.004, both("travel"), "person-minutes")
    open_ = replace(change, outcome=gp.plan)  # type: ignore[arg-type] # anything but None: a plan was found
    assert "between +120 and +510 for sure" in open_.text().en and "确在 +120 与 +510 之间" in open_.text().zh
