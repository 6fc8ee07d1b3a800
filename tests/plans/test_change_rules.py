"""Changes against today (SH-9) in a whole plan: priced, bounded, judged, said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.judging.verify import judge, verify
from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
from gridplan.policies.pairs import pair_table
from gridplan.policies.preflight import preflight
from gridplan.policies.profile import policy
from gridplan.policies.rules import Ban, ChangePrice, HospitalCap, LeastPartners, MostChanges, Pin, Rule
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


def changed(made: Plan, layer: str = "general") -> int:
    listed = made.pairs[made.pairs["layer"] == layer]
    ours = set(zip(listed["hospital_id"], listed["district_id"], strict=True))
    candidates = {"general": {"H1", "H2", "H3"}, "tcm": {"H4", "H5"}}[layer]
    return len(ours ^ {pair for pair in TODAY if pair[0] in candidates})


def test_the_bound_holds_and_costs_minutes() -> None:
    values = []
    for most in (6, 4, 3, 2, 1, 0):
        made = planned(MostChanges(most))
        assert changed(made) <= most and made.status == "optimal" and verify(made).kept
        values.append(made.layer("general").value)
    assert values == sorted(values) and values[0] < values[-1]


def test_no_change_at_all_keeps_exactly_what_there_is() -> None:
    made = planned(MostChanges(0))
    counted = made.pairs[made.pairs["counted"] == 1]
    assert set(counted["hospital_id"]) == {"H3"} and set(counted["change"]) == {"kept"}
    assert changed(made, "tcm") > 0  # exempt pairs are bound by no number (SH-4)


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
        ((), (MostChanges(2),), 3, 0),  # nobody has a partner today
        (TODAY[:3], (MostChanges(0), HospitalCap(2)), 0, 1),
        (TODAY[:3], (MostChanges(1), Ban("T3", "H3")), 1, 1),
        (TODAY[:3], (MostChanges(0), Pin("T1", "H1")), 1, 0),
        (TODAY[:3], (MostChanges(2), LeastPartners(2)), 3, 0),
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
