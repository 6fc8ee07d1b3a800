"""Members by kind (JG-5, ZJ-2, ZJ-4): who joins, who is missing, beds for the old, the judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from programme.test_upstream import INSTITUTIONS, NAMES
from programme.town import frame, plan, region

import gridplan as gp
from gridplan.policies.programme_rules import Members
from gridplan.show.programme.programme_report import programme_report

MORE = [
    ("N1", "甲护理院", "nursing", "public", "T1", 120.02, 30.02),
    ("N2", "乙护理院", "nursing", "private", "T1", 120.06, 30.06),
    ("N3", "丙护理院", "nursing", "private", "T2", 120.15, 30.03),
]
ROWS = [
    dict(zip(NAMES, row, strict=True)) | {"ownership": "public", "willing": "", "beds": 5.0}
    for row in INSTITUTIONS
]
ROWS += [
    dict.fromkeys(NAMES, np.nan)
    | dict(
        zip(("institution_id", "name", "kind", "ownership", "district_id", "lon", "lat"), row, strict=True)
    )
    | {"willing": "yes" if row[0] == "N2" else "", "beds": 30.0 if row[0] != "N2" else 12.0}
    for row in MORE
]
COLUMNS = [*NAMES, *(c for c in ("ownership", "willing", "beds") if c not in NAMES)]
WITH = frame(COLUMNS, [[row[c] for c in COLUMNS] for row in ROWS])
RULE = Members(beds_per_1000_65plus=20)


@pytest.fixture(scope="module")
def made():
    town = region(institutions=WITH)
    units = town.units.assign(people_65plus=(town.units["people"] // 10).astype(int))
    policy = plan().policy.with_rule(RULE)
    return gp.programme(replace(plan(), region=replace(town, units=units), policy=policy), only=["members"])


def test_private_ones_join_where_they_are_willing_and_each_in_its_grid(made):
    table = made.tables["members"].set_index("institution_id")
    assert made.verify().kept and set(table.index) == set(WITH["institution_id"])
    assert table.loc[["N1", "N2", "N3"], "role"].tolist() == ["member", "willing", "outside"]
    assert table.at["N1", "lead_id"] in {"D1", "D2"} and table.at["N3", "lead_id"] == "D3"
    grid = plan().assignment[plan().assignment["layer"] == "grid"]
    lead = dict(zip(grid["unit_id"], grid["hospital_id"], strict=True))
    assert all(lead[row.unit_id] == row.lead_id for row in table.itertuples())


def test_who_is_missing_and_how_many_beds(made):
    """By hand: a tenth of the residents is old, 20 beds per 1,000 of them are asked; what is outside counts nothing."""
    care = made.tables["care"].set_index("lead_id")
    people = plan().assignment[plan().assignment["layer"] == "grid"].groupby("hospital_id")["people"].sum()
    assert care["people"].to_dict() == people.to_dict()
    assert care.at["D3", "beds"] == 0 and "nursing" in care.at["D3", "missing"]
    assert care.loc[["D1", "D2"], "beds"].sum() == 42
    for row in care.itertuples():
        old = int(row.people_65plus)
        assert int(row.missing_beds) == max(0, -(-20 * old // 1000) - row.beds)
    told = {f.code for f in made.part("members").findings}
    assert {"kind-missing", "beds-missing"} <= told and "old-not-known" not in told
    page = programme_report(made)
    assert "各类机构成员与医养床位" in page and "按规则计算" in made.part("members").proof.zh


def test_without_the_old_nothing_is_set_against_them():
    town = region(institutions=WITH)
    town = replace(town, units=town.units.drop(columns="people_65plus"))
    unsaid = plan().policy.with_rule(Members())
    part = gp.programme(replace(plan(), region=town, policy=unsaid), only=["members"]).part("members")
    assert set(part.tables["care"]["per_1000"]) == {""} and "old-not-known" in {f.code for f in part.findings}


def test_the_share_of_the_city_stands_in_and_is_said():
    town = region(institutions=WITH)
    town = replace(town, units=town.units.drop(columns="people_65plus"))
    policy = plan().policy.with_rule(Members(beds_per_1000_65plus=20, share_65plus=0.163))
    made = gp.programme(replace(plan(), region=town, policy=policy), only=["members"])
    care = made.tables["care"]
    for row in care.itertuples():
        assert int(row.people_65plus) == round(0.163 * row.people)
    part = made.part("members")
    assert made.verify().kept and {f.code for f in part.findings} >= {"old-by-share"}
    assert "16.3%" in " ".join(part.lines("zh")) and "beds per 1,000" in " ".join(part.lines("en"))
    own = gp.programme(replace(plan(), region=region(institutions=WITH), policy=policy), only=["members"])
    stated = own.plan.region.units["people_65plus"].sum()
    assert (
        own.tables["care"]["people_65plus"].astype(int).sum() == stated
    )  # what units state stands above the share


BREAKS = {
    "it does not stand in that grid": ("members", "lead_id", "D4"),
    "its role is": ("members", "role", "outside"),
    "beds are not those": ("members", "beds", 99),
    "is not listed": ("members", None, None),
    "people and": ("care", "people", 1),
    "it lacks:": ("care", "missing", "cdc"),
    "beds per 1,000": ("care", "missing_beds", "777"),
}


@pytest.mark.parametrize("words", BREAKS)
def test_the_judge_names_what_was_changed_by_hand(made, words):
    name, column, value = BREAKS[words]
    part = made.part("members")
    table = part.tables[name].copy()
    if column is None:
        table = table.iloc[1:].reset_index(drop=True)
    else:
        table[column] = table[column].astype(object)
        table.at[0, column] = value
    broken = replace(part, tables={**part.tables, name: table})
    said = [b.what.en for b in replace(made, parts=(broken,)).verify().breaches]
    assert any(words in line for line in said), said


def test_bad_numbers_are_refused_by_key():
    with pytest.raises(gp.errors.PolicyError) as error:
        Members(kinds=("hospital",), beds_per_1000_65plus=-1)
    assert "members.kinds" in str(error.value) and "members.beds_per_1000_65plus" in str(error.value)
