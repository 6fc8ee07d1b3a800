"""The rules for grids as values: what they refuse, what they say, how profiles hold them, whom they let lead."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.policies.leads import district_forms, lead_table
from gridplan.policies.policy import Policy
from gridplan.policies.profile import from_dict, policy, save_policy, to_dict
from gridplan.policies.rules import (
    Ban,
    Candidates,
    CountyCommunities,
    GridLeads,
    Grids,
    GridShape,
    NoProvincialLeads,
    Pin,
    Rule,
    SpecialLeads,
    UrbanGroups,
    WillingPrivate,
)
from gridplan.words.errors import PolicyError
from gridplan.words.vocabulary import GRID
from tests.plans.gridtown import grid_town

ZHEJIANG, CHENGDU, BOTH = (policy(n) for n in ("zhejiang-2020", "chengdu-2018", "shanghai-2025-grids"))
TOWN = grid_town()


@pytest.mark.parametrize(
    ("make", "meant"),
    [
        (lambda: GridLeads(tiers=("distrikt",)), 'tiers = "district"'),
        (lambda: GridShape(balance_by="bed"), 'balance_by = "beds"'),
        (lambda: CountyCommunities(("countie",)), 'kinds = "county"'),
        (lambda: Ban("T1", "H1", layer="grids"), 'layer = "grid"'),
        (lambda: Grids(number=[2]), "number.310115 = 3"),
        (lambda: Grids(least=9, most=8), "least = 8"),
    ],
)
def test_what_was_meant_is_guessed(make, meant: str) -> None:
    with pytest.raises(PolicyError) as refused:
        make()
    assert refused.value.findings.errors[0].hint.en == meant


@pytest.mark.parametrize(
    "rule",
    [
        Grids(None, None, 0, None), Grids(1, 1), Grids(2, 9, 1, 3, {"T1": 2}, True), GridLeads((), (), (), ()),
        GridShape(False, None, "equal", None), GridShape(True, 0, "beds", 0.5), GridShape(balance=1),
        SpecialLeads(()), UrbanGroups(()), CountyCommunities(("county",), ("district", "municipal")),
    ],
    ids=str,
)  # fmt: skip
def test_the_outermost_values_stand_and_read_well(rule: Rule) -> None:
    sentence = rule.sentence()
    assert sentence.en.isascii() or "±" in sentence.en
    assert sentence.en.endswith(".") and sentence.zh.endswith("。")
    assert "None" not in sentence.en + sentence.zh and ": ;" not in sentence.en
    assert hash(rule) == hash(dataclasses.replace(rule))


READS = [
    (Grids(), "grids in the city: free, in a district: at least 1;", "全市网格数：不限，每区：至少 1 个；"),
    (Grids(least_per_district=0), "in a district: free;", "每区：不限；"),
    (Grids(40, 40, 1, 3), "in the city: 40, in a district: 1 to 3;", "全市网格数：40 个，每区：1 至 3 个；"),
    (Grids(most=9), "in the city: at most 9,", "全市网格数：至多 9 个，"),
    (Grids(number={"310115": 4, "310104": 2}), "; exactly 310104: 2, 310115: 4;", "；其中 310104: 2, 310115: 4；"),
    (Grids(across_districts=True), "grids may cross district borders", "网格可跨区"),
    (GridLeads(), "tier municipal or district, ownership public, category general; municipal ones must be tertiary.", "层级为市级、区级，所有制为公立，类别为综合，其中市级医院须为三级。"),
    (GridLeads(tiers=("district",), tertiary=()), "tier district, ownership public, category general.", "层级为区级，所有制为公立，类别为综合。"),
    (SpecialLeads(), "led by TCM or integrated TCM hospitals.", "由中医、中西医结合医院牵头。"),
    (GridShape(), "Each part of a grid hangs together around a campus of its lead.", "网格每一片都与牵头医院的院区连通。"),
    (GridShape(False), "The shape of grids is free.", "网格形态不限。"),
    (GridShape(True, 0.25, "beds", 45), "within ±25% of the fair part by the lead's beds; nobody travels more than 45 minutes", "±25% 以内，到牵头医院不超过 45 分钟。"),
    (UrbanGroups(), "Grids of central or suburban districts are urban hospital groups.", "中心城区、近郊区的网格为城市医疗集团。"),
    (CountyCommunities(), "Each outer suburban or county district is one grid, a county medical community led by a hospital there, tier district.", "由当地区级医院牵头。"),
    (Pin("T1", "H1", "it is large", "grid"), "H1 leads a grid in district T1 (it is large).", "H1 须在 T1 区牵头网格（it is large）。"),
    (Ban("T1", "H1", layer="grid"), "H1 leads no grid in district T1.", "H1 不得在 T1 区牵头网格。"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "english", "chinese"), READS, ids=lambda v: str(v)[:40])
def test_a_sentence_read_aloud(rule: Rule, english: str, chinese: str) -> None:
    assert english in rule.sentence().en
    assert chinese in rule.sentence().zh


# Policies with them


def test_the_layers_of_a_plan() -> None:
    assert ZHEJIANG.layers == CHENGDU.layers == (GRID,) and not ZHEJIANG.partner_layers
    assert BOTH.layers == ("general", "tcm", GRID)
    assert policy("shanghai-2025").layers == ("general", "tcm")
    assert BOTH.with_rule(Candidates(merge_layers=True)).layers == ("merged", GRID)
    assert ZHEJIANG.with_rule(Candidates()).layers == ("general", "tcm", GRID)
    assert BOTH.without("ZJ-1").layers == ("general", "tcm")
    with pytest.raises(PolicyError, match="must be a name of its own"):
        Candidates(exempt_layer=GRID)


@pytest.mark.parametrize(
    ("rule", "partners", "grids"),
    [
        (Grids(), False, True), (GridShape(), False, True), (Candidates(), True, False), (gp.rules.DistrictCap(), True, False),
        (gp.rules.Capacity(), True, True), (gp.rules.TravelStandard(), True, True), (gp.rules.FullCoverage(), True, True),
        (Pin("T1", "H1"), True, False), (Pin("T1", "H1", layer="grid"), False, True), (Ban("T1", "H1"), True, False),
    ],
    ids=str,
)  # fmt: skip
def test_which_layers_a_rule_concerns(rule: Rule, partners: bool, grids: bool) -> None:
    assert (rule.concerns("general"), rule.concerns("tcm"), rule.concerns(GRID)) == (
        partners,
        partners,
        grids,
    )


@pytest.mark.parametrize("p", [ZHEJIANG, CHENGDU, BOTH], ids=lambda p: p.name)
def test_a_page_read_aloud(p: Policy) -> None:
    english, chinese = p.page("en"), p.page("zh")
    assert "{" not in english + chinese and "None" not in english + chinese
    assert ("to the grid's lead" in english) == (p is not BOTH)  # without partners nothing has a priority
    assert ("到牵头医院的分钟" in chinese) == (p is not BOTH)
    assert "partner or grid lead" in english and "合作医院或牵头医院" in chinese


def test_with_rule_without_and_diff() -> None:
    more = ZHEJIANG.with_rule(Grids(most_per_district=2), Pin("T1", "H1", layer="grid"))
    assert [line.en.split()[0] for line in ZHEJIANG.diff(more)] == ["ZJ-1", "PIN"]
    assert "1 to 2" in ZHEJIANG.diff(more)[0].en and "1 至 2 个" in ZHEJIANG.diff(more)[0].zh
    assert more.without("PIN").with_rule(Grids()) == ZHEJIANG
    assert ZHEJIANG.without("ZJ-3", WillingPrivate).rule(SpecialLeads) is None
    assert more.digest != ZHEJIANG.digest
    assert ZHEJIANG.with_rule(GridShape(balance=None)) == ZHEJIANG.with_rule(GridShape())


def test_a_pair_may_be_pinned_in_both_layers() -> None:
    both = BOTH.with_rule(Pin("T1", "H1"), Pin("T1", "H1", layer="grid"), Pin("T1", "H1", "again"))
    assert set(both.rules_of(Pin)) == {Pin("T1", "H1", "again"), Pin("T1", "H1", layer="grid")}


EVERYTHING = CHENGDU.with_rule(
    Grids(2, 9, 1, 3, {"T1": 2, "T2": 1}, True), GridLeads(("district",), ("public", "military"), ("general",), ()),
    SpecialLeads(("tcm",)), GridShape(False, 0.5, "beds", 45.5), Pin("T1", "H1", "large", "grid"), Ban("T2", "H3", layer="grid"),
)  # fmt: skip
BARE = ZHEJIANG.with_rule(
    Grids(None, None, 0, None), GridShape(True, None, "equal", None), GridLeads(tertiary=())
)


@pytest.mark.parametrize("p", [ZHEJIANG, CHENGDU, BOTH, EVERYTHING, BARE], ids=lambda p: p.name)
def test_round_trip(tmp_path: Path, p: Policy) -> None:
    save_policy(p, tmp_path / "saved.toml")
    again = policy(tmp_path / "saved.toml")
    assert again == p and again.digest == p.digest
    assert from_dict(to_dict(p), "plan.json") == p


def test_a_profile_with_a_number_extends_the_built_in_one(tmp_path: Path) -> None:
    text = 'extends = "zhejiang-2020"\n[grids]\nmost_per_district = 3\nnumber = { 310115 = 4 }\n[grid_shape]\nbalance = 0.3\n'
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    p = policy(tmp_path / "mine.toml")
    assert p.rule(Grids) == Grids(most_per_district=3, number={"310115": 4})
    assert p.rule(GridShape) == GridShape(balance=0.3) and p.rule(GridLeads) == ZHEJIANG.rule(GridLeads)


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("[grids]\nnumber = { 310115 = 0 }\n", "grids.number.310115", "from 1"),
        ('[grids]\nnumber = "3"\n', "grids.number", "a table by district_id"),
        ("[grids]\nmost_per_distict = 3\n", "grids.most_per_distict", "did you mean most_per_district?"),
        ("[grid_shapes]\nbalance = 0.2\n", "grid_shapes", "did you mean grid_shape?"),
        ('[grid_shape]\nbalance = "30 %"\n', "grid_shape.balance", "a number from 0 up to 1"),
        ('[grid_leads]\ntiers = "district"\n', "grid_leads.tiers", "must be a list"),
        ('[[pin]]\ndistrict_id = "T1"\nhospital_id = "H1"\nlayer = "tcm"\n', "pin.layer", "partners, grid"),
        ("[willing_private]\nshare = 1\n", "willing_private.share", "not a known key"),
    ],
)
def test_a_fault_of_a_profile_names_file_and_key(tmp_path: Path, text: str, key: str, says: str) -> None:
    (tmp_path / "mine.toml").write_text('extends = "zhejiang-2020"\n' + text, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        policy(tmp_path / "mine.toml")
    (finding,) = refused.value.findings
    assert finding.what.en.startswith(f"mine.toml: {key} ") and finding.id == key
    assert says in f"{finding.what.en} {finding.hint.en}"


# Who may lead, and which districts are planned


def against(p: Policy, region: gp.Region = TOWN) -> dict[str, str]:
    table = lead_table(region, p)
    return dict(zip(table["hospital_id"], table["rule"], strict=True))


def test_who_may_lead_by_zhejiang() -> None:
    assert against(ZHEJIANG) == {
        "H1": "", "H2": "", "H3": "", "H4": "", "H5": "", "H6": "ZJ-2", "H7": "ZJ-2", "L2": "", "L3": "", "M1": "ZJ-3",
        "P1": "ZJ-5", "S1": "ZJ-2", "V1": "", "V2": "ZJ-4",
    }  # fmt: skip


def test_who_may_lead_by_chengdu_and_by_shanghai() -> None:
    assert {h for h, rule in against(CHENGDU).items() if not rule} == {"H1", "H2", "H3", "L2", "L3", "V1"}
    assert {h for h, rule in against(BOTH).items() if not rule} == {"L2", "L3", "V1"}  # SH-8
    assert against(BOTH)["H1"] == "ZJ-2" and against(CHENGDU)["H4"] == "ZJ-3"


def test_each_rule_opens_or_closes_the_door() -> None:
    assert (
        against(ZHEJIANG.without(NoProvincialLeads))["P1"] == "ZJ-2"
    )  # its tier is not among those that lead
    wide = ZHEJIANG.with_rule(GridLeads(tiers=("provincial", "municipal", "district")))
    assert against(wide)["P1"] == "ZJ-5" and against(wide.without("ZJ-5"))["P1"] == ""
    assert against(ZHEJIANG.without(WillingPrivate))["V1"] == "ZJ-4"
    assert against(ZHEJIANG.with_rule(GridLeads(ownerships=("public", "military"))))["H6"] == ""
    assert against(ZHEJIANG.with_rule(GridLeads(tertiary=("municipal", "district"))))["L2"] == "ZJ-2"
    county = CHENGDU.with_rule(
        CountyCommunities(("suburban", "county")), UrbanGroups(("central", "outer_suburban"))
    )
    assert against(county)["H3"] == "CD-2"
    assert against(ZHEJIANG, grid_town(T2="county"))["H3"] == "ZJ-1"


@pytest.mark.parametrize(
    ("p", "consortium", "forms"),
    [
        (ZHEJIANG, {}, ["urban", "urban", "urban"]),
        (ZHEJIANG, {"T3": "county"}, ["urban", "urban", "left_out"]),
        (CHENGDU, {}, ["urban", "urban", "county"]),
        (CHENGDU, {"T3": "urban"}, ["urban", "urban", "urban"]),
        (CHENGDU, {"T2": "county"}, ["urban", "county", "county"]),
        (ZHEJIANG.with_rule(UrbanGroups()), {}, ["urban", "urban", "urban"]),
        (ZHEJIANG.with_rule(CountyCommunities(("outer_suburban",))), {}, ["urban", "urban", "county"]),
    ],
)
def test_the_form_of_each_district(p: Policy, consortium: dict[str, str], forms: list[str]) -> None:
    assert district_forms(grid_town(**consortium), p).tolist() == forms
