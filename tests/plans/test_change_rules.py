"""Changes against today (SH-9) in a whole plan: priced, bounded, judged, said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from gridplan.ask.phases.transition import transition
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.judging.verify import judge, verify
from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
from gridplan.policies.pairs import pair_table
from gridplan.policies.preflight import preflight
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    Ban,
    ChangePrice,
    HospitalCap,
    LeastPartners,
    MostChanges,
    Pin,
    Priority,
    Rule,
)
from gridplan.words.errors import PolicyError

SHANGHAI = policy("shanghai-2025")


def town(*today: tuple[str, str]) -> Region:
    """tiny_town with these partnerships today: hospital, district."""
    table = pd.DataFrame(today, columns=["hospital_id", "district_id"])
    table = table.assign(basis="other", since="2020", row=range(2, len(today) + 2))
    return tiny_town().with_tables(partnerships=table)


TODAY = (
    ("H3", "T1"),
    ("H3", "T2"),
    ("H3", "T3"),
    ("H7", "T1"),
    ("H4", "T1"),
)  # H7: an eye hospital, no candidate


@cache
def planned(*rules: Rule) -> Plan:
    return make(town(*TODAY), SHANGHAI.with_rule(*rules))


HERE = {("H1", "T2")}  # an open campus without an agreement: neither new nor ended


def changed(made: Plan, layer: str = "general", apart: set[tuple[str, str]] = HERE) -> int:
    listed = made.pairs[made.pairs["layer"] == layer]
    ours = set(zip(listed["hospital_id"], listed["district_id"], strict=True))
    candidates = {"general": {"H1", "H2", "H3"}, "tcm": {"H4", "H5"}}[layer]
    return len((ours ^ {pair for pair in TODAY if pair[0] in candidates}) - apart)


def test_the_bound_holds_and_costs_minutes() -> None:
    values = []
    for most in (6, 4, 3, 2, 1, 0):
        made = planned(MostChanges(most))
        assert changed(made) <= most and made.status == "optimal" and verify(made).kept
        values.append(made.layer("general").value)
    assert values == sorted(values) and values[0] < values[-1]


AGREED_ALONE = replace(SHANGHAI.rule(Priority), campuses_present=False)


def test_no_change_at_all_keeps_exactly_what_there_is() -> None:
    made = planned(MostChanges(0), AGREED_ALONE)
    counted = made.pairs[made.pairs["counted"] == 1]
    assert set(counted["hospital_id"]) == {"H3"} and set(counted["change"]) == {"kept"}
    assert changed(made, "tcm") > 0  # exempt pairs are bound by no number (SH-4)


def test_an_open_campus_without_an_agreement_is_no_change() -> None:
    made, alone = planned(MostChanges(0)), planned(MostChanges(0), AGREED_ALONE)
    counted = made.pairs[made.pairs["counted"] == 1]
    said = {(p.district_id, p.hospital_id): p.change for p in counted.itertuples()}
    assert said == {("T1", "H3"): "kept", ("T2", "H3"): "kept", ("T3", "H3"): "kept", ("T2", "H1"): "present"}
    assert verify(made).kept and verify(alone).kept
    assert made.layer("general").value < alone.layer("general").value
    assert any("no partner today" in rule.sentence().en for rule in alone.policy.rules)
    never = judge(made.region, alone.policy, made.assignment)
    assert {b.rule for b in never.breaches} == {"SH-9"} and "新建 1 对、撤销 0 对" in never.report("zh")


@pytest.mark.parametrize("present", [True, False])
def test_whether_a_campus_is_a_change_is_priced_counted_and_certified_alike(present: bool) -> None:
    """Solver, judge, certificate and `gp.today` follow one switch."""
    dear = planned(ChangePrice(60_000), replace(SHANGHAI.rule(Priority), campuses_present=present))
    listed = dear.pairs.set_index(["district_id", "hospital_id"])["change"]
    assert listed.get(("T2", "H1")) == ("present" if present else "new")
    n, rows = changed(dear, apart=HERE if present else set()), dear.to_frame("general")
    prices = rows["priority"].map(dict(enumerate(dear.policy.prices, start=1)))
    plain = (rows["people"] * (rows["minutes"] + prices)).sum()
    assert dear.layer("general").value == pytest.approx(plain + 60_000 * n) and verify(dear).kept
    assert ("T2", "H1") in set(
        zip(dear.today.pairs["district_id"], dear.today.pairs["hospital_id"], strict=True)
    ) or not present
    assert len(dear.today.pairs) == len(TODAY) - 1 + present
    other = replace(dear, policy=dear.policy.with_campuses(not present))
    assert {b.rule for b in verify(other).breaches} == {"FIGURES"}


def test_a_price_keeps_pairs_and_enters_the_value() -> None:
    free, dear = planned(), planned(ChangePrice(300_000))
    assert changed(dear) < changed(free) and verify(dear).kept
    for layer in ("general", "tcm"):
        rows = dear.to_frame(layer)
        plain = (
            rows["people"] * (rows["minutes"] + rows["priority"].map({1: 0, 2: 5, 3: 10, 4: 15, 5: 30}))
        ).sum()
        assert dear.layer(layer).value == pytest.approx(plain + 300_000 * changed(dear, layer))
    assert planned(ChangePrice(0)).layers[0].value == pytest.approx(free.layers[0].value)


def test_an_ended_pair_that_may_not_be_kept_costs_as_well() -> None:
    banned = planned(ChangePrice(1000), Ban("T1", "H3"))
    assert verify(banned).kept and changed(banned) >= 1


def test_the_judge_recomputes_the_price_and_counts_the_changes() -> None:
    made = planned(ChangePrice(300_000))
    cheaper = replace(made, policy=SHANGHAI.with_rule(ChangePrice(299_000)))
    assert {b.rule for b in verify(cheaper).breaches} == {"FIGURES"}
    free = planned()
    v = judge(free.region, SHANGHAI.with_rule(MostChanges(2)), free.assignment)
    (breach,) = v.breaches
    assert (breach.rule, breach.layer) == ("SH-9", "general")
    assert "at most 2" in breach.what.en and "上限 2 对" in breach.what.zh and "市第三医院" in breach.what.en
    assert f"{changed(free)} changes" in v.report()


def test_the_eye_hospital_is_no_change() -> None:
    """Partnerships of hospitals that are no candidates belong to alliances, not to this plan."""
    without = make(town(*TODAY[:3], TODAY[4]), SHANGHAI.with_rule(MostChanges(0)))
    assert without.assignment.equals(planned(MostChanges(0)).assignment)


@pytest.mark.parametrize(
    ("today", "rules", "new", "ended"),
    [
        ((), (MostChanges(1),), 2, 0),  # T2 alone has somebody today: an open campus
        ((), (MostChanges(2), replace(SHANGHAI.rule(Priority), campuses_present=False)), 3, 0),
        (TODAY[:3], (MostChanges(0), HospitalCap(2)), 0, 1),
        (TODAY[:3], (MostChanges(1), Ban("T3", "H3")), 1, 1),
        (TODAY[:3], (MostChanges(0), Pin("T1", "H1")), 1, 0),
        (TODAY[:3], (MostChanges(1), LeastPartners(2)), 2, 0),
    ],
)
def test_arithmetic_says_how_many_changes_it_takes(
    today: tuple[tuple[str, str], ...], rules: tuple[Rule, ...], new: int, ended: int
) -> None:
    region, wanted = town(*today), SHANGHAI.with_rule(*rules)
    with pytest.raises(PolicyError, match=rf"SH-9: at least {new} new and {ended} ended") as refused:
        make(region, wanted)
    assert f"新建 {new} 对、撤销 {ended} 对" in refused.value.say("zh")
    enough = wanted.with_rule(MostChanges(new + ended))
    travel = planned().travel
    assert not preflight(region, enough, travel, pair_table(region, enough))


@pytest.mark.parametrize("present", [True, False])
def test_transition_and_goal_count_by_the_same_switch(present: bool) -> None:
    """A pair with an open campus is a change of a phase, and of the goal "changes", where the policy says so."""
    rule = replace(SHANGHAI.rule(Priority), campuses_present=present)
    made = make(town(*TODAY), replace(SHANGHAI.with_rule(rule), goals=("travel", "changes"), tolerance=0.0))
    general = made.pairs[made.pairs["layer"] == "general"]
    assert ("T2", "H1") in set(zip(general["district_id"], general["hospital_id"], strict=True))
    (phase,) = transition(made, 99, no_worse=999.0)
    moved = phase.changes[phase.changes["layer"] == "general"]
    pairs = set(zip(moved["hospital_id"], moved["district_id"], strict=True))
    assert (("H1", "T2") in pairs) is not present
    n = changed(made, apart=HERE if present else set())
    assert len(moved) == n == made.layer("general").goals[1].value and verify(made).kept
