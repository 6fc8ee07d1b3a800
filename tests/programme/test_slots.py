"""LZ-1: whole slots by largest remainder, against all other whole numbers; the judge; who has none."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme.test_upstream import INSTITUTIONS, NAMES
from programme.town import frame, plan, region

import gridplan as gp
from gridplan.policies.programme_rules import Referral, Release
from gridplan.programmes.way.slots import largest_remainder, release


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_no_whole_numbers_are_nearer_to_the_quotas(seats, weights):
    people = np.array(weights, dtype=float)
    found = largest_remainder(seats, people)
    if not people.sum():
        assert not found.any()
        return
    quota = seats * people / people.sum()
    best = min(
        float(((np.array(cut) - quota) ** 2).sum())
        for cut in itertools.product(range(seats + 1), repeat=len(weights)) if sum(cut) == seats
    )  # fmt: skip
    assert found.sum() == seats and float(((found - quota) ** 2).sum()) == pytest.approx(best)


def test_rounding_each_quota_gives_out_too_many():
    """Three of one size and two slots: each has two thirds; rounded that is three, and there are two."""
    assert np.round(2 * np.ones(3) / 3).sum() == 3
    assert largest_remainder(2, np.ones(3)).tolist() == [1, 1, 0]


MORE = [*INSTITUTIONS, ("C5", "戊社区卫生服务中心", "community_centre", "T1", 120.07, 30.06, 3.0, 1.0)]
WITH = frame([*NAMES, "visits_capacity"], [(*row, 60_000.0) for row in MORE])
SLOTS = [("D1", "0301", 21.0, 7.0), ("D3", "07", 9.0, float("nan")), ("H1", "0304", 101.0, 14.0), ("H7", "10", 40.0, 7.0),
         ("D4", "20", float("nan"), 7.0)]  # fmt: skip


@pytest.fixture(scope="module")
def made():
    town = region(
        institutions=WITH, slots=frame(["hospital_id", "discipline", "week_slots", "window_days"], SLOTS)
    )
    policy = plan().policy.with_rule(Referral(), Release())
    return gp.programme(replace(plan(), region=town, policy=policy), only=["slots"])


def test_half_of_the_slots_rounded_up_and_the_first_half_of_the_days(made):
    assert made.verify().kept and [part.name for part in made.parts] == ["chains", "slots"]
    released = made.tables["released"].set_index("hospital_id")
    assert released.loc["D3", ["released", "early_days"]].tolist() == [5, ""]
    if "H1" in released.index:
        assert released.loc["H1", ["released", "early_days"]].tolist() == [51, "7"]
    given = made.tables["slots"].groupby("hospital_id")["slots"].sum()
    assert given.to_dict() == released.loc[released["released"] > 0, "released"].to_dict()
    told = {f.code for f in made.part("slots").findings}
    assert told == {"slots-not-stated", "no-chain-leads-there"}


BREAKS = {
    "slots are given out": ("slots", "slots", 1), "slots are to be released": ("released", "released", 1),
    "days are open to primary care": ("released", "early_days", "99"), "no chain leads there": ("slots", "institution_id", "C4"),
}  # fmt: skip


@pytest.mark.parametrize("words", BREAKS)
def test_the_judge_names_what_was_changed_by_hand(made, words):
    name, column, value = BREAKS[words]
    part = made.part("slots")
    table = part.tables[name].astype({column: object})
    table.at[0, column] = value if value != 1 else int(table.at[0, column]) + 1
    broken = replace(part, tables={**part.tables, name: table.infer_objects()})
    said = [b.what.en for b in replace(made, parts=(made.part("chains"), broken)).verify().breaches]
    assert any(words in line for line in said), said


def test_a_slot_moved_to_a_smaller_remainder_is_named(made):
    """The sum still holds; one has a slot more than its quota gives it, another one less."""
    part = made.part("slots")
    table = part.tables["slots"].copy()
    several = table[table.duplicated(["hospital_id", "discipline"], keep=False)]
    a, b = several.groupby(["hospital_id", "discipline"]).head(2).index[:2]
    table.loc[[a, b], "slots"] += [1, -1]
    table = table[table["slots"] > 0]
    broken = replace(part, tables={**part.tables, "slots": table})
    said = [x.what.en for x in replace(made, parts=(made.part("chains"), broken)).verify().breaches]
    assert any("larger remainder" in line or "its quota is" in line for line in said), said


def test_without_the_tables_it_is_off():
    slots = frame(["hospital_id", "discipline", "week_slots", "window_days"], SLOTS)
    with pytest.raises(gp.errors.DataError, match="follow the chains, and there are none"):  # slots are there
        release(replace(plan(), region=region(slots=slots)))
    with pytest.raises(gp.errors.DataError, match="institutions"):
        gp.programme(replace(plan(), region=region()), only=["slots"])
    with pytest.raises(gp.errors.PolicyError, match=r"release\.experts"):
        Release(experts=1.5)


def test_explain_tells_the_slots_of_a_unit(made):
    unit = made.tables["chains"].iloc[0]["unit_id"]
    said = gp.explain(made, chain=unit)
    assert "expert slots a week" in str(said) and "每周可用" in said.say("zh")
