"""The table of changes (SH-10): every pair of plan and today once, with what becomes of it and why."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.plans.changes import changes, count_text
from gridplan.plans.grounds import grounds
from gridplan.plans.make import plan as make
from gridplan.plans.plan import Plan
from gridplan.policies.profile import policy
from gridplan.policies.rules import Ban, Candidates, DistrictCap, Eligibility, HospitalCap, Pin, Rule
from gridplan.words.vocabulary import CHANGE_COLUMNS

SHANGHAI = policy("shanghai-2025")


def town(*today: tuple[str, str, str]) -> Region:
    """tiny_town with these partnerships today: hospital, district, basis."""
    table = pd.DataFrame(today, columns=["hospital_id", "district_id", "basis"]).astype(str)
    return tiny_town().with_tables(partnerships=table.assign(since="2020", row=range(2, len(today) + 2)))


@cache
def planned(today: tuple[tuple[str, str, str], ...], *rules: Rule) -> Plan:
    return make(town(*today), SHANGHAI.with_rule(*rules))


def of(made: Plan, district: str, layer: str = "general") -> dict[str, tuple[str, str, str]]:
    """hospital → change, reason, reason_zh."""
    table = changes(made)
    rows = table[(table["district_id"] == district) & (table["layer"] == layer)]
    return {r.hospital_id: (r.change, r.reason, r.reason_zh) for r in rows.itertuples()}


# The plan has T1 H1 H2 · T2 H1 H3 · T3 H1 H2 with H1–T3 today; without it T3 has H2 H3.
def test_kept_and_new_with_their_grounds_recomputed() -> None:
    made = planned((("H1", "T3", "custody"),))
    said = of(made, "T3")
    assert {h: change for h, (change, _, _) in said.items()} == {"H1": "kept", "H2": "new"}
    assert said["H1"][1].startswith("a partnership today (custody) that the plan keeps; serves ")
    assert said["H1"][2].startswith("现有合作（托管），予以保留；该区 ")
    assert said["H2"][1].startswith("priority 3: affiliate, custody or counterpart support; serves ")
    travel = made.travel.to_frame().pivot(index="unit_id", columns="hospital_id", values="minutes")
    rows = made.assignment.set_index("unit_id")
    for hospital, (_, english, chinese) in said.items():
        mine = rows[
            (rows["layer"] == "general") & (rows["district_id"] == "T3") & (rows["hospital_id"] == hospital)
        ]
        people, minutes = mine["people"].sum(), (mine["people"] @ mine["minutes"]) / mine["people"].sum()
        others = travel.loc[mine.index, [h for h in ("H1", "H2", "H3") if h != hospital]].min(axis=1)
        less = (mine["people"] @ others) / people - minutes
        assert f"serves {people:,} residents of the district, {minutes:.1f} minutes on average" in english
        assert f"人均 {minutes:.1f} 分钟" in chinese and f"{abs(less):.1f} 分钟" in chinese.split("，", 2)[2]
        assert ("less than the next nearest" in english) == (less > 0.05)
        partners = made.pairs[(made.pairs["layer"] == "general") & (made.pairs["hospital_id"] == hospital)]
        assert (
            f"the hospital has {3 - len(partners)} place(s) left, the district has 0 place(s) left" in english
        )
    assert set(changes(made)["change"]) == {"kept", "new", "present"}


def test_an_open_campus_without_an_agreement_is_kept_and_to_be_signed() -> None:
    made = planned((("H1", "T3", "custody"),))
    change, english, chinese = of(made, "T2")["H1"]
    assert change == "present"
    assert english.startswith(
        "an open campus of the hospital is there; an agreement is to be signed; serves 8,000 residents of"
    )
    assert chinese.startswith("该院在本区已有开放院区，须补签协议；该区 0.8 万人就近，人均 2.0 分钟")
    signed = planned((("H1", "T3", "custody"), ("H1", "T2", "other")))
    assert of(signed, "T2")["H1"][0] == "kept"


def test_an_open_campus_that_the_plan_does_not_pair_stands_in_the_table_and_is_no_change() -> None:
    made = planned((), Ban("T2", "H1", "asked for"))
    row = of(made, "T2")["H1"]
    assert row[0] == "left" and "不计变动" in row[2] and "政策禁止: asked for" in row[2] and "更近" in row[2]
    assert "counts as no change; banned by the policy: asked for" in row[1]
    table = changes(made)
    assert table.loc[table["change"] == "left", "people"].tolist() == [0]
    assert "已有院区，不再结对（未签约） 1 对" in count_text(made, table).zh
    assert "撤销 0 对" in count_text(made, table).zh
    unasked = make(town(), SHANGHAI.with_rule(Ban("T2", "H1", "asked for")).with_campuses(False))
    assert "H1" not in of(unasked, "T2")


@pytest.mark.parametrize(
    ("rules", "district", "cause", "english", "chinese"),
    [
        (  # without them H3 serves T1, whose nearer hospitals have given their one place away
            (HospitalCap(1), Pin("T1", "H3"), Pin("T2", "H1"), Pin("T3", "H2")),
            "T1",
            "SH-3",
            "where no place is left (SH-3)",
            "名额已满（SH-3）",
        ),
        (
            (DistrictCap(1), Pin("T1", "H3")),
            "T1",
            "SH-2",
            "where no place is left (SH-2)",
            "名额已满（SH-2）",
        ),
        (
            (Ban("T1", "H1"), Ban("T1", "H2")),
            "T3",
            "priority",
            "behind it with the priority counted",
            "计入优先级后次之",
        ),
    ],
)
def test_who_has_a_nearer_hospital_is_told_why_it_does_not_serve_them(
    rules: tuple[Rule, ...], district: str, cause: str, english: str, chinese: str
) -> None:
    made = planned((), *rules)
    ground = grounds(made)["general", district, "H3"]
    rows = made.assignment.query("layer == 'general' and district_id == @district and hospital_id == 'H3'")
    allowed = made.pair_table.query("layer == 'general' and district_id == @district and allowed")
    t = made.travel.to_frame().pivot(index="unit_id", columns="hospital_id", values="minutes")
    nearest = t.loc[rows["unit_id"], allowed["hospital_id"]].min(axis=1).to_numpy()
    farther = rows["minutes"].to_numpy() > nearest + 1e-9
    assert sum(one.people for one in ground.nearer) == rows["people"].to_numpy()[farther].sum() > 0
    assert cause in {one.cause for one in ground.nearer}
    more = (rows["people"] @ (rows["minutes"] - nearest)) / rows["people"].sum()
    said = of(made, district)["H3"]
    assert f"{more:.1f} more than to the nearest (" in said[1] and english in said[1]
    assert "由其服务" in said[2] and "就近" not in said[2]
    assert f"较最近者多 {more:.1f} 分钟（" in said[2] and chinese in said[2]


def test_a_custody_that_is_nobodys_nearest_goes_on() -> None:
    far = planned((("H5", "T1", "custody"), ("H5", "T2", "other")))
    table = changes(far)
    idle = table[(table["hospital_id"] == "H5") & (table["people"] == 0)].set_index("district_id")
    listed = set(far.pairs.loc[far.pairs["hospital_id"] == "H5", "district_id"])
    assert "T1" not in listed and idle.loc["T1", "change"] == "kept"
    assert "无人就近" in idle.loc["T1", "reason_zh"] and "goes on" in idle.loc["T1", "reason"]
    assert all(idle.loc[d, "change"] == "ended" for d in idle.index if d != "T1")


def test_a_new_pair_of_a_district_that_ends_one_is_adjusted_once() -> None:
    made = planned((("H3", "T1", "other"),))
    table = of(made, "T1")
    assert sorted(change for change, _, _ in table.values()) == ["adjusted", "ended", "new"]
    assert table["H3"][0] == "ended" and "takes its place" in table["H3"][1] and "接替" in table["H3"][2]
    (taker,) = [h for h, (change, _, _) in table.items() if change == "adjusted"]
    people = made.pairs[made.pairs["district_id"] == "T1"].set_index("hospital_id")["people"]
    assert people[taker] == people[["H1", "H2"]].max()
    assert "takes the place of 市第三医院 (H3)" in table[taker][1]
    assert {h: change for h, (change, _, _) in of(made, "T2").items()} == {"H1": "present", "H3": "new"}


def test_reasons_name_bans_missing_bases_caps_and_pins() -> None:
    made = planned((("H3", "T1", "other"),), Ban("T1", "H3", "too far"), Pin("T2", "H2", "asked for"))
    assert "banned by the policy: too far" in of(made, "T1")["H3"][1]
    assert of(made, "T2")["H2"][0] == "new" and of(made, "T2")["H2"][1].startswith("pinned: asked for")
    strict = planned((("H3", "T1", "other"),), Eligibility("strict"), Candidates(exempt=()))
    assert "no basis as SH-6 asks for" in of(strict, "T1")["H3"][1]
    full = planned((("H1", "T1", "other"), ("H2", "T1", "other"), ("H3", "T1", "other")))
    assert "SH-2: the 2 places of 中区 (T1) are taken (" in of(full, "T1")["H3"][1]
    assert "SH-2：中区 (T1) 的 2 个名额已满（" in of(full, "T1")["H3"][2]
    assert "residents were nearer to it" in of(full, "T1")["H3"][1] or "nobody" in of(full, "T1")["H3"][1]


def test_partnerships_of_hospitals_that_are_no_candidates_are_not_the_plans_to_end() -> None:
    made = planned((("H7", "T1", "other"), ("H6", "T2", "other")))
    assert not set(changes(made)["hospital_id"]) & {"H6", "H7"}


CAMPUS = ("general", "T2", "H1")  # open in tiny_town
PAIRS = st.sampled_from([(h, d, "other") for h in ("H1", "H2", "H3", "H4", "H5", "H7") for d in ("T1", "T2")])


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sets(PAIRS, max_size=6))
def test_every_pair_of_plan_and_today_stands_once(today: set[tuple[str, str, str]]) -> None:
    made = planned(tuple(sorted(today)))
    table = changes(made)
    assert list(table.columns) == CHANGE_COLUMNS
    keys = ["layer", "district_id", "hospital_id"]
    assert not table.duplicated(keys).any()
    ours = set(made.pairs[keys].itertuples(index=False, name=None))
    layer = {"H1": "general", "H2": "general", "H3": "general", "H4": "tcm", "H5": "tcm"}
    was = {(layer[h], d, h) for h, d, _ in today if h in layer}
    said = {
        change: set(rows[keys].itertuples(index=False, name=None)) for change, rows in table.groupby("change")
    }
    assert said.get("kept", set()) == ours & was
    assert said.get("ended", set()) == was - ours
    assert said.get("new", set()) | said.get("adjusted", set()) == ours - was - {CAMPUS}
    assert said.get("present", set()) == ({CAMPUS} & ours) - was
    assert said.get("left", set()) == {CAMPUS} - ours - was
    for (_, _), rows in table.groupby(["layer", "district_id"]):
        count = rows["change"].value_counts()
        replaced = min(count.get("ended", 0), count.get("new", 0) + count.get("adjusted", 0))
        assert count.get("adjusted", 0) == replaced
    assert (table["reason"] != "").all() and (table["reason_zh"] != "").all()
    assert (table.loc[table["change"] == "ended", "people"] == 0).all()
    assert table["people"].sum() == made.pairs["people"].sum()


@pytest.mark.parametrize("column", ["reason", "reason_zh"])
def test_reasons_are_said_in_both_languages(column: str) -> None:
    table = changes(planned((("H3", "T1", "other"), ("H1", "T3", "custody"))))
    chinese = table[column].str.contains("优先|现有|接替|更近|名额|就近|院区")
    assert chinese.all() if column == "reason_zh" else not chinese.any()
