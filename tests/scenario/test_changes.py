"""Each change does what its sentence says, to a copy, and refuses what it does not know."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import gridplan as gp
from gridplan.scenario.edits.change import Change
from gridplan.scenario.edits.close_hospital import CloseHospital
from gridplan.scenario.edits.people import Population
from gridplan.scenario.edits.places import CloseLink, CloseRoads, NewBranch, OpenBranch
from gridplan.scenario.edits.policy_edits import PolicyTables, UsePolicy, WithRules
from gridplan.scenario.edits.travel_edits import Speeds, TravelFactor
from gridplan.scenario.scenario import Scenario, apply
from gridplan.words.errors import ScenarioError

LINKS = pd.DataFrame(
    {"from_unit": ["T1-03"], "to_unit": ["T3-01"], "way": ["bridge"], "name": ["North Bridge"], "row": [2]}
)
ROADS = pd.DataFrame(
    {
        "from_lon": [120.0, 120.0],
        "from_lat": [30.0, 30.0],
        "to_lon": [120.1, 120.0],
        "to_lat": [30.0, 30.1],
        "minutes": [10.0, 12.0],
        "row": [2, 3],
    }
)


@pytest.fixture
def town() -> gp.Region:
    return gp.tiny_town()


@pytest.fixture
def rules() -> gp.Policy:
    return gp.policy("shanghai-2025")


def made(town: gp.Region, rules: gp.Policy, *changes: Change) -> tuple[gp.Region, gp.Policy]:
    return apply(town, rules, Scenario("one", changes))


def test_nothing_changed_is_the_same_region_and_policy(town: gp.Region, rules: gp.Policy) -> None:
    region, policy = made(town, rules)
    assert (region.fingerprint, policy) == (town.fingerprint, rules)


def test_a_districts_own_factor_replaces_all(town: gp.Region, rules: gp.Policy) -> None:
    region, _ = made(town, rules, Population({"all": 1.02, "T3": 0.94}))
    people = region.units.groupby("district_id")["people"].sum().to_dict()
    assert people == {"T1": 42840, "T2": 26520, "T3": 12220}
    assert region.districts.set_index("district_id")["people"].to_dict() == people
    assert region.modelled
    assert town.units["people"].sum() == 81000, "the town itself has not changed"
    assert not [f for f in gp.check(region) if f.code == "totals-differ"]


def test_small_units_grow_too(town: gp.Region, rules: gp.Policy) -> None:
    """Ten persons in each unit and 2 % more: rounded unit by unit nobody would be born."""
    few = town.with_tables(units=town.units.assign(people=10.0, people_65plus=1.0, people_0_14=1.0))
    region, _ = made(few, rules, Population({"all": 1.05}))
    assert region.units["people"].sum() == 3 * 42


def test_a_group_ages_alone(town: gp.Region, rules: gp.Policy) -> None:
    region, _ = made(town, rules, Population({"T1": 1.5}, group="people_65plus"))
    assert region.units.loc[0, "people_65plus"] == 2700
    assert region.units["people"].equals(town.units["people"])


def test_a_planned_branch_opens(town: gp.Region, rules: gp.Policy) -> None:
    region, _ = made(town, rules, OpenBranch("B3"))
    assert region.branches.set_index("branch_id")["status"].to_dict() == dict.fromkeys(
        ["B1", "B2", "B3"], "open"
    )


def test_a_new_campus_serves(town: gp.Region, rules: gp.Policy) -> None:
    region, policy = made(town, rules, NewBranch("H1", "T3", 120.02, 30.13))
    assert gp.plan(region, policy).to_frame("general").set_index("unit_id").loc["T3-01", "minutes"] < 5


def test_a_closed_hospital_is_gone_and_so_are_its_rules(town: gp.Region, rules: gp.Policy) -> None:
    bound = rules.with_rule(
        gp.rules.Pin("T3", "H1"),
        gp.rules.Ban("T2", "H1"),
        gp.rules.HospitalCap(3, override={"H1": gp.rules.Override(1, "small")}),
    )
    region, policy = made(town, bound, CloseHospital("H1"))
    plan = gp.plan(region, policy)
    assert "H1" not in set(plan.assignment["hospital_id"])
    assert policy.rules_of(gp.rules.Pin) == policy.rules_of(gp.rules.Ban) == ()
    assert policy.rule(gp.rules.HospitalCap) == gp.rules.HospitalCap(3)


@pytest.mark.parametrize("link", ["North Bridge", ("T3-01", "T1-03")])
def test_a_closed_link_joins_nothing(town: gp.Region, rules: gp.Policy, link: str) -> None:
    grids, ground = gp.policy("zhejiang-2020"), town.with_tables(links=LINKS)
    region, _ = made(ground, grids, CloseLink(link))
    assert region.links is not None and region.links.empty
    connected = rules.with_rule(gp.rules.ConnectedParts())
    assert made(ground, connected, CloseLink(link))[0].links.empty  # type: ignore[union-attr]
    closes, stays = CloseLink(link).sentences(ground, grids)
    assert "bridge" in closes.en and stays.en == "Minutes stay as they are (straight line)."
    page = Scenario("桥", (CloseLink(link),)).page("zh", ground, grids)
    assert "出行时间不变（直线距离）" in page


def test_a_link_that_no_rule_asks_for_is_not_closed_in_silence(town: gp.Region, rules: gp.Policy) -> None:
    """Else the comparison would say that closing the bridge costs nothing."""
    with pytest.raises(ScenarioError) as refused:
        made(town.with_tables(links=LINKS), rules, CloseLink("North Bridge"))
    (finding,) = refused.value.findings
    assert "changes no plan" in finding.what.en and "close_roads" in finding.hint.en


def test_roads_across_a_line_are_cut(town: gp.Region, rules: gp.Policy) -> None:
    region, _ = made(town.with_tables(roads=ROADS), rules, CloseRoads((120.05, 29.9, 120.05, 30.1)))
    assert region.roads is not None and region.roads["minutes"].tolist() == [12.0]


def test_speeds_change_for_the_kinds_named(town: gp.Region, rules: gp.Policy) -> None:
    _, policy = made(town, rules, Speeds({"central": 10}))
    assert policy.travel.speed_km_h == {**rules.travel.speed_km_h, "central": 10}


@pytest.mark.parametrize("source", ["straight_line", "table"])
def test_every_journey_takes_longer(town: gp.Region, rules: gp.Policy, source: str) -> None:
    if source == "table":
        town = town.with_tables(
            travel=gp.travel_times(town, list(town.hospitals["hospital_id"]), rules.travel).to_frame()
        )
    region, policy = made(town, rules, TravelFactor(2.0))
    before, after = (gp.measures.mean_minutes(gp.plan(*given)) for given in ((town, rules), (region, policy)))
    assert after.to_numpy() == pytest.approx(2 * before.to_numpy(), abs=1e-3)


def test_rules_in_python_and_as_tables_are_alike(town: gp.Region, rules: gp.Policy) -> None:
    by_rule = made(town, rules, WithRules((gp.rules.DistrictCap(1), gp.rules.Pin("T3", "H2"))))[1]
    by_table = made(
        town,
        rules,
        PolicyTables({"district_cap": 1, "pin": [{"district_id": "T3", "hospital_id": "H2"}]}),
    )[1]
    assert by_rule == by_table
    assert by_rule.digest != rules.digest


def test_a_table_keeps_the_keys_it_does_not_write(town: gp.Region, rules: gp.Policy) -> None:
    base = rules.with_rule(
        gp.rules.DistrictCap(3, override={"T1": gp.rules.Override(1, "small")}), gp.rules.LeastShare(0.2)
    )
    policy = made(town, base, PolicyTables({"district_cap": {"most": 2}, "least_share": False}))[1]
    assert policy.rule(gp.rules.DistrictCap) == gp.rules.DistrictCap(
        2, override={"T1": gp.rules.Override(1, "small")}
    )
    assert policy.rule(gp.rules.LeastShare) is None


def test_goals_and_tolerance_are_tables_too(town: gp.Region, rules: gp.Policy) -> None:
    policy = made(town, rules, PolicyTables({"goals": ["changes", "travel"], "tolerance": 0.1}))[1]
    assert (policy.goals, policy.tolerance) == (("changes", "travel"), 0.1)


def test_another_policy_altogether(town: gp.Region, rules: gp.Policy) -> None:
    policy = made(town, rules, UsePolicy("shanghai-2025-strict"))[1]
    assert policy.digest == gp.policy("shanghai-2025-strict").digest


def test_two_scenarios_make_both_changes(town: gp.Region, rules: gp.Policy) -> None:
    one, other = (
        Scenario("a", (CloseHospital("H1"),)),
        Scenario("b", (WithRules((gp.rules.DistrictCap(1),)),)),
    )
    both = one + other
    assert both.name == "a + b"
    region, policy = apply(town, rules, both)
    assert "H1" not in set(region.hospitals["hospital_id"]) and policy.rule(
        gp.rules.DistrictCap
    ) == gp.rules.DistrictCap(1)


EVERY = [
    Population({"all": 1.02, "T3": 0.94}),
    Population({"T1": 1.2}, "people_65plus"),
    OpenBranch("B3"),
    NewBranch("H2", "T2", 120.16, 30.01, name="新院区"),
    CloseHospital("H3"),
    CloseLink("North Bridge"),
    CloseRoads((120.05, 29.9, 120.05, 30.1)),
    TravelFactor(1.5),
    WithRules((gp.rules.LeastPartners(1),)),
    PolicyTables({"district_cap": 1, "least_share": False, "goals": ["worst"]}),
    UsePolicy("shanghai-2025-strict"),
]


@pytest.mark.parametrize("change", EVERY, ids=lambda c: type(c).__name__)
def test_every_change_prints_in_both_languages(town: gp.Region, rules: gp.Policy, change: Change) -> None:
    ground = town.with_tables(links=LINKS, roads=ROADS)
    for said in (*change.sentences(), *change.sentences(ground, rules)):
        assert said.zh != said.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in said.zh)


def test_a_page_says_names_and_what_was(town: gp.Region, rules: gp.Policy) -> None:
    scenario = Scenario(
        "少一家", (CloseHospital("H3"), WithRules((gp.rules.DistrictCap(1),))), "每区一家 / one each"
    )
    page = scenario.page("zh", town, rules)
    assert "市第三医院 (H3) 及其全部院区关闭。" in page
    assert "至多与 2 家" in page and "→ 每个区至多与 1 家" in page


UNKNOWN = {
    "hospital": (CloseHospital("H9"), "no hospital 'H9'", "H"),
    "hospital by name": (CloseHospital("市第三医院"), "no hospital", "write the id: H3"),
    "hospital, nearly": (CloseHospital("h33"), "no hospital 'h33'", "H3"),
    "branch": (OpenBranch("B33"), "no branch 'B33'", "B3"),
    "branch open already": (OpenBranch("B1"), "open already", "leave it out"),
    "district": (Population({"T9": 1.1}), "no district 'T9'", "T"),
    "group": (Population({"all": 1.1}, "people_65"), "no group 'people_65'", "people_65plus"),
    "group larger than all": (Population({"T1": 9}, "people_65plus"), "more than all residents", "smaller"),
    "link": (CloseLink("North Brigde"), "no link 'North Brigde'", "North Bridge"),
    "roads": (CloseRoads((0, 0, 1, 1)), "no road crosses", "across a road"),
    "speeds on roads": (Speeds({"central": 10}), "roads, which no speed", "travel_factor"),
    "new branch": (NewBranch("H8", "T7", 120.0, 30.0), "no hospital 'H8'", ""),
    "policy": (UsePolicy("shanghai-2026"), "no policy named", "shanghai-2025"),
    "rule value": (PolicyTables({"district_cap": 0}), "district_cap.most", ""),
    "rule key": (PolicyTables({"district_cap": {"mots": 1}}), "district_cap.mots", "most"),
    "off": (PolicyTables({"off": ["leest_share"]}), "no rule", "least_share"),
    "goal": (PolicyTables({"goals": ["travle"]}), "no goal", "travel"),
}


@pytest.mark.parametrize("fault", UNKNOWN)
def test_what_is_unknown_is_named_with_what_is_near(town: gp.Region, rules: gp.Policy, fault: str) -> None:
    change, what, hint = UNKNOWN[fault]
    with pytest.raises(ScenarioError) as refused:
        made(town.with_tables(links=LINKS, roads=ROADS), rules, change)
    finding = refused.value.findings[0]
    assert what in finding.what.en and hint in finding.hint.en
    assert "one" in refused.value.what.en
    assert finding.what.zh != finding.what.en


CANNOT_BE = {
    "factor 0": lambda: Population({"all": 0}),
    "factor as percent": lambda: Population({"all": 102}),
    "factor as text": lambda: Population({"all": "1.02"}),
    "no kind": lambda: Speeds({"centre": 10}),
    "no speed": lambda: Speeds({"central": -1}),
    "no factor": lambda: TravelFactor(0),
    "no line": lambda: CloseRoads((120.0, 30.0, 121.0)),
    "no place": lambda: NewBranch("H1", "T1", 120.0, 130.0),
    "no key": lambda: PolicyTables({"distrct_cap": 1}),
    "no name": lambda: Scenario(" "),
}


@pytest.mark.parametrize("fault", CANNOT_BE)
def test_values_that_cannot_be_are_refused_where_they_are_written(fault: str) -> None:
    with pytest.raises(ScenarioError):
        CANNOT_BE[fault]()


def test_all_faults_are_told_at_once(town: gp.Region, rules: gp.Policy) -> None:
    with pytest.raises(ScenarioError) as refused:
        made(town, rules, CloseHospital("H9"), OpenBranch("B9"), Population({"T9": 1.1}))
    assert len(refused.value.findings) == 3


def test_a_branch_that_no_travel_table_knows_is_refused(town: gp.Region, rules: gp.Policy) -> None:
    table = gp.travel_times(town, list(town.hospitals["hospital_id"]), rules.travel).to_frame()
    with pytest.raises(ScenarioError, match="does not know the new site"):
        made(town.with_tables(travel=table), rules, OpenBranch("B3"))
    by_line = replace(rules, travel=replace(rules.travel, method="straight_line"))
    assert (
        made(town.with_tables(travel=table), by_line, OpenBranch("B3"))[0].branches["status"].eq("open").all()
    )
