"""CD-4: hubs against trying everything, where rounding fails, the order of goals, the judge."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme.town import plan, region

import gridplan as gp
from gridplan.optimise.programme.hubs import HubsProblem, solve_hubs
from gridplan.policies.programme_rules import Hubs


def problem(**changes):
    """Two disciplines with two spokes each, a hub for each, and a second for the first."""
    made = {
        "need": np.array([5.0, 4.0, 7.0, 1.0]), "spoke_discipline": np.array([0, 0, 1, 1]), "hub_discipline": np.array([0, 0, 1]),
        "link_spoke": np.array([0, 0, 1, 1, 2, 3]), "link_hub": np.array([0, 1, 0, 1, 2, 2]),
        "own": np.array([False, True, False, False, True, True]), "most_hubs": 1, "most_links": 2,
    }  # fmt: skip
    return HubsProblem(**{**made, **changes})


def brute(p):
    """All goals in order by every hub, or none, of every spoke."""
    options = [[-1, *np.flatnonzero(p.link_spoke == n).tolist()] for n in range(len(p.need))]
    best = None
    for chosen in itertools.product(*options):
        links = [n for n in chosen if n >= 0]
        load = np.bincount(p.link_hub[links], minlength=len(p.hub_discipline)) if links else np.zeros(3)
        if (load > p.most_links).any() or (load > 0).sum() > p.most_hubs:
            continue
        found = (
            -float(p.need[p.link_spoke[links]].sum()), float((load > 0).sum()),
            -float(sum(p.need[p.link_spoke[n]] for n in links if p.own[n])),
        )  # fmt: skip
        best = found if best is None or found < best else best
    return best


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_hubs_are_better(data):
    def whole(low, high, size):
        return np.array(data.draw(st.lists(st.integers(low, high), min_size=size, max_size=size)))

    p = problem(
        need=whole(1, 9, 4) * 1.0,
        own=whole(0, 1, 6).astype(bool),
        most_hubs=int(whole(0, 3, 1)[0]),
        most_links=int(whole(1, 2, 1)[0]),
    )
    solution = solve_hubs(p)
    assert tuple(one.value for one in solution.reached) == pytest.approx(brute(p), abs=1e-6)
    assert all(one.gap <= 1e-6 for one in solution.reached)


def test_half_a_hub_is_none():
    """One hub for two links: half of each discipline's hub would carry its largest need, 12; a whole one carries 9."""
    solution = solve_hubs(problem())
    assert solution.reached[0].value == -9 and (solution.hub >= 0).tolist() == [True, True, False, False]


def test_a_partner_of_the_district_comes_first_among_equals():
    assert solve_hubs(problem()).hub[0] == 1
    own = np.array([True, False, True, False, True, True])
    assert solve_hubs(problem(own=own)).hub[:2].tolist() == [0, 0]


RULE = Hubs(minutes=8, hubs=2, links=2)


@pytest.fixture(scope="module")
def made():
    return gp.programme(
        replace(plan(), region=region(), policy=plan().policy.with_rule(RULE)), only=["links"]
    )


def test_the_town_is_proven_and_passes_its_judge(made):
    part = made.part("links")
    assert part.status == "optimal" and made.verify().kept and part.facts["hubs"] == 2
    links = part.tables["links"]
    assert len(links) and links.groupby(["hospital_id", "discipline"]).size().max() <= 2
    far = part.tables["far"].set_index(["lead_id", "discipline"])["people"]
    assert all(far[r.lead_id, r.discipline] == r.people for r in links.itertuples())


BREAKS = {
    "people are not those of far.csv": ("links", "people", 1), "the hub is no strong department": ("links", "hospital_id", "H2"),
    "people,": ("far", "people", 999_999),
}  # fmt: skip


@pytest.mark.parametrize("words", BREAKS)
def test_the_judge_names_what_was_changed_by_hand(made, words):
    name, column, value = BREAKS[words]
    part = made.part("links")
    table = part.tables[name].copy()
    if column == "hospital_id":
        value = "H7"
        table.at[0, "discipline"] = "0401"
    table.at[0, column] = value
    broken = replace(part, tables={**part.tables, name: table})
    said = [b.what.en for b in replace(made, parts=(broken,)).verify().breaches]
    assert any(words in line for line in said), said


def test_nobody_far_and_nobody_strong_are_told():
    near = plan().policy.with_rule(Hubs(minutes=9999))
    part = gp.programme(replace(plan(), region=region(), policy=near), only=["links"]).part("links")
    assert part.tables["links"].empty and {f.code for f in part.findings} == {"nobody-is-far"}
    weak = region().departments.assign(level=1.0, key="")
    with pytest.raises(gp.errors.DataError, match="strong department"):
        gp.programme(replace(plan(), region=region(departments=weak)), only=["links"])
