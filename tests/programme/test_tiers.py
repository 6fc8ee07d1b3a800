"""JG-1: visits by class of case and tier by hand, shares that do not add up, the judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from programme.test_chains import WITH
from programme.town import plan, region

import gridplan as gp
from gridplan.policies.programme_rules import Tiers
from gridplan.policies.programme_rules.tiers import PRIMARY, SHARE
from gridplan.show.programme.programme_report import programme_report


@pytest.fixture(scope="module")
def made():
    return gp.programme(replace(plan(), region=region(institutions=WITH)), only=["tiers"])


def test_visits_by_hand_and_who_falls_short(made):
    table = made.tables["case_mix"].set_index(["district_id", "case", "tier"])["visits"]
    people = plan().region.units.groupby("district_id")["people"].sum()
    assert table["T1", "common", "primary"] == round(people["T1"] * 3.46 * 0.35 * 0.75)
    assert ("T1", "acute", "nursing") not in table.index
    assert table.sum() == pytest.approx(people.sum() * 3.46, abs=30)
    assert sum(SHARE[c] * PRIMARY[c] for c in SHARE) == pytest.approx(0.65)
    assert (
        "T1" in {f.id for f in made.part("tiers").findings if f.code == "tier-short"} and made.verify().kept
    )
    assert "BMC HSR 2021" in made.part("tiers").sentences[1].zh


@pytest.mark.parametrize(("column", "value"), [("visits", 1), ("case", "complex"), ("tier", "nursing")])
def test_the_judge_names_what_was_changed_by_hand(made, column, value):
    part = made.part("tiers")
    table = part.tables["case_mix"].copy()
    table.at[0, column] = value
    broken = replace(part, tables={"case_mix": table})
    said = [b.what.en for b in replace(made, parts=(broken,)).verify().breaches]
    assert any("case_mix.csv" in line for line in said)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"share": {**SHARE, "common": 0.5}}, r"tiers\.share"), ({"primary": {**PRIMARY, "acute": 0.5}}, r"tiers\.primary\.acute"),
        ({"share": {"flu": 1.0}}, r"tiers\.share\.flu"),
    ],
)  # fmt: skip
def test_shares_that_do_not_add_up_are_refused_by_key(changes, key):
    with pytest.raises(gp.errors.PolicyError, match=key):
        Tiers(**changes)


def test_the_page_names_the_sources_of_the_data(made):
    town = replace(made.plan.region, sources=("位置均为近似 / all positions are approximate",))
    page = programme_report(replace(made, plan=replace(made.plan, region=town)))
    assert "all positions are approximate" in page and "位置均为近似" in page
