"""Tight rules: each gain is what a plan under the loosened policy reaches; loosening never costs."""

from __future__ import annotations

import pytest

import gridplan as gp
from tests.sample import sample_plan

POLICY = gp.policy("shanghai-2025").with_rule(gp.rules.Candidates(exempt=()))


def planned(*rules: gp.rules.Rule) -> gp.Plan:
    return gp.plan(gp.tiny_town(), POLICY.with_rule(*rules))


def test_one_more_partner_gains_what_a_plan_with_that_cap_gains() -> None:
    made = planned()
    table = gp.tight(made).to_frame()
    rows = table[table["rule"] == "SH-2"]
    assert len(rows)
    for row in rows.itertuples():
        loose = gp.rules.DistrictCap(2, {row.district_id: gp.rules.Override(3, "test")})
        assert row.gain == pytest.approx(made.layers[0].value - planned(loose).layers[0].value, abs=0.01)
        assert (row.limit, row.loosened, row.proven) == (2, 3, 1)


def test_a_gain_tells_travel_and_priorities_apart() -> None:
    made, loose = planned(), planned(gp.rules.DistrictCap(2, {"T3": gp.rules.Override(3, "test")}))
    before, after = (
        float((rows["people"] * rows["minutes"]).sum())
        for rows in (made.to_frame("general"), loose.to_frame("general"))
    )
    more, people = after - before, float(made.to_frame("general")["people"].sum())
    row = gp.tight(made).to_frame().iloc[0]
    assert row["district_id"] == "T3" and more > 0, "this gain is all of priorities: residents travel more"
    assert (
        f"travel {more:+,.0f} ({more / people:+.2f} min per resident), priorities {-row['gain'] - more:+,.0f}"
        in row["what"]
    )
    assert f"出行 {more:+,.0f}（人均 {more / people:+.2f} 分钟）、优先级折算" in row["what_zh"]


def test_one_more_district_gains_what_a_plan_with_that_cap_gains() -> None:
    made = planned(gp.rules.HospitalCap(1))
    rows = gp.tight(made).to_frame().query("rule == 'SH-3'")
    assert len(rows)
    for row in rows.itertuples():
        loose = gp.rules.HospitalCap(1, {row.hospital_id: gp.rules.Override(2, "test")})
        assert row.gain == pytest.approx(made.layers[0].value - planned(loose).layers[0].value, abs=0.01)


def test_five_minutes_more_gains_what_a_plan_with_that_limit_gains() -> None:
    made = planned(gp.rules.TravelStandard(20))
    rows = gp.tight(made).to_frame().query("rule == 'STANDARD'")
    assert len(rows) == 1
    loose = planned(gp.rules.TravelStandard(25)).layers[0].value
    assert rows.iloc[0]["gain"] == pytest.approx(made.layers[0].value - loose, abs=0.01)


def test_ten_percent_more_capacity_gains_what_a_plan_with_it_gains() -> None:
    made = planned(gp.rules.Capacity())
    rows = gp.tight(made).to_frame().query("rule == 'CAPACITY'")
    assert len(rows) and (rows["gain"] >= -0.01).all()
    row = rows.iloc[0]
    hospitals = made.region.hospitals.copy()
    hospitals.loc[hospitals["hospital_id"] == row["hospital_id"], "capacity_people"] *= 1.1
    loose = gp.plan(made.region.with_tables(hospitals=hospitals), made.policy).layers[0].value
    assert row["gain"] == pytest.approx(made.layers[0].value - loose, abs=0.01)


def test_a_pin_and_a_ban_are_named_with_what_they_cost() -> None:
    made = planned(gp.rules.Pin("T1", "H3"), gp.rules.Ban("T2", "H1"))
    rows = gp.tight(made).to_frame().set_index("rule")
    without_pin, without_ban = planned(gp.rules.Ban("T2", "H1")), planned(gp.rules.Pin("T1", "H3"))
    value = made.layers[0].value
    assert rows.loc["PIN", "gain"] == pytest.approx(value - without_pin.layers[0].value, abs=0.01)
    assert rows.loc["BAN", "gain"] == pytest.approx(value - without_ban.layers[0].value, abs=0.01)


def test_one_more_change_gains_what_a_plan_with_it_gains() -> None:
    loose = planned()
    changes = int((loose.pairs["change"] == "new").sum())
    made = planned(gp.rules.MostChanges(changes - 1))
    rows = gp.tight(made).to_frame().query("rule == 'SH-9'")
    assert len(rows) == 1
    again = planned(gp.rules.MostChanges(int(rows.iloc[0]["loosened"])))
    assert rows.iloc[0]["gain"] == pytest.approx(made.layers[0].value - again.layers[0].value, abs=0.01)


def test_nothing_binds_where_nothing_is_asked() -> None:
    made = gp.plan(gp.tiny_town(), POLICY.without("SH-2", "SH-3"))
    assert gp.tight(made).to_frame().empty


def test_the_tight_rules_of_the_sample_city() -> None:
    made = sample_plan("shanghai-2025", gp.rules.Candidates(exempt=()))
    answer = gp.tight(made, lang="zh")
    table = answer.to_frame()
    assert set(table["rule"]) == {"SH-2", "SH-3"} and table["proven"].all()
    assert (table["gain"] >= -1).all() and table["gain"].is_monotonic_decreasing
    assert "310115" in set(table["district_id"]), "Pudong has its two partners"
    assert "增加 1 家合作医院" in str(answer) and "one more partner" in answer.say("en")
    assert "节省" in str(answer) and "saves " in answer.say("en") and "costs" not in answer.say("en")
