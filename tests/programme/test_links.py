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
        "own": np.array([[0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 1]], dtype=bool), "most_hubs": 1, "most_links": 2,
    }  # fmt: skip
    return HubsProblem(**{**made, **changes})


def brute(p):
    """All goals in order by every hub, or none, of every spoke."""
    options = [[-1, *np.flatnonzero(p.hub_discipline == s).tolist()] for s in p.spoke_discipline]
    best = None
    for chosen in itertools.product(*options):
        links = [(n, m) for n, m in enumerate(chosen) if m >= 0]
        load = np.bincount([m for _, m in links], minlength=len(p.hub_discipline)) if links else np.zeros(3)
        if (load > p.most_links).any() or (load > 0).sum() > p.most_hubs:
            continue
        found = (
            -float(sum(p.need[n] for n, _ in links)), float((load > 0).sum()),
            -float(sum(p.need[n] for n, m in links if p.own[n, m])),
        )  # fmt: skip
        best = found if best is None or found < best else best
    return best


@settings(max_examples=25, deadline=None)
@given(st.permutations([1.0, 2.0, 4.0, 8.0]), st.integers(0, 2**12 - 1), st.integers(0, 3), st.integers(1, 2))
def test_no_hubs_are_better(need, own, hubs, links):
    """Needs of which no two sums are alike, so that the spokes are never a choice among equals."""
    bits = np.array([own >> n & 1 for n in range(12)], dtype=bool).reshape(4, 3)
    p = problem(need=np.array(need), own=bits, most_hubs=hubs, most_links=links)
    solution = solve_hubs(p)
    assert tuple(one.value for one in solution.reached) == pytest.approx(brute(p), abs=1e-6)
    assert all(one.gap <= 1e-6 for one in solution.reached)


def test_half_a_hub_is_none():
    """One hub for two links: half of each discipline's hub would carry its largest need, 12; a whole one carries 9."""
    solution = solve_hubs(problem())
    assert solution.reached[0].value == -9 and (solution.hub >= 0).tolist() == [True, True, False, False]


def test_a_partner_of_the_district_comes_first_among_equals():
    assert solve_hubs(problem()).hub[0] == 1
    own = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]], dtype=bool)
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
