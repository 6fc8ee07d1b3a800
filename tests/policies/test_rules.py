"""Rules are values that can stand: what they say, what they refuse, how a policy changes with them."""

from __future__ import annotations

import dataclasses

import pytest

from gridplan.policies.goals import GOALS
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    RULES,
    Ban,
    Candidates,
    Capacity,
    DistrictCap,
    HospitalCap,
    LeastPartners,
    LeastShare,
    Override,
    Pin,
    Priority,
    Rule,
    TravelStandard,
)
from gridplan.words.errors import PolicyError
from tests.rules import having

SHANGHAI = policy("shanghai-2025")

BAD = {
    **{f"{key}: {name}": bad for key, proof in having("BAD").items() for name, bad in proof.BAD.items()},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_value_that_cannot_stand_is_refused_by_key(name: str) -> None:
    make, where = BAD[name]
    with pytest.raises(PolicyError) as refused:
        make()
    (finding,) = refused.value.findings
    assert finding.what.en.startswith(where + " ") and finding.what.zh.startswith(where + " ")
    assert finding.hint.en and finding.hint.zh
    assert any("\u4e00" <= c <= "\u9fff" for c in finding.what.zh)


def test_all_faults_of_a_rule_at_once() -> None:
    with pytest.raises(PolicyError) as refused:
        Candidates(tiers=("city",), ownerships=("state",), merge_layers=1)
    assert len(refused.value.findings) == 3


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.id)
def test_a_rule_is_frozen_and_says_itself_in_both_languages(kind: type[Rule]) -> None:
    rule = kind("T1", "H1", "because") if kind.many else kind()  # type: ignore[call-arg]
    assert (
        dataclasses.is_dataclass(rule)
        and rule == dataclasses.replace(rule)
        and hash(rule) == hash(dataclasses.replace(rule))
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.id = "other"  # type: ignore[misc]
    sentence = rule.sentence()
    assert sentence.en.isascii() and any("\u4e00" <= c <= "\u9fff" for c in sentence.zh)
    assert kind.title.en and any("\u4e00" <= c <= "\u9fff" for c in kind.title.zh)


def test_a_sentence_has_the_numbers_of_its_rule() -> None:
    cap = DistrictCap(2, {"T1": Override(3, "5.68 million residents")})
    for text in (cap.sentence().en, cap.sentence().zh):
        assert "2" in text and "T1: 3" in text and "5.68 million residents" in text
    assert "12.5%" in LeastShare(0.125).sentence().en and "12.5%" in LeastShare(0.125).sentence().zh
    assert "800" in Capacity("beds", 800).sentence().zh
    assert "because it is near" in Pin("T1", "H1", "because it is near").sentence().zh


def test_an_override_holds_for_its_id_only() -> None:
    cap = HospitalCap(3, {"H1": Override(4, "tradition of cooperation")})
    assert (cap.limit("H1"), cap.limit("H2")) == (4, 3)


def test_ids_are_text_even_where_one_wrote_a_number() -> None:
    assert Pin(310151, "SH003") == Pin("310151", "SH003")  # type: ignore[arg-type]
    assert DistrictCap(2, {310151: Override(3, "x")}).limit("310151") == 3  # type: ignore[dict-item]


def test_lists_do_as_well_as_tuples() -> None:
    assert Priority([0, 5, 10, 15, 30]) == Priority()  # type: ignore[arg-type]
    assert Candidates(tiers=["municipal"]) == Candidates()  # type: ignore[arg-type]


def test_with_rule_replaces_its_class_and_leaves_the_rest() -> None:
    tight = SHANGHAI.with_rule(DistrictCap(1))
    assert tight.rule(DistrictCap) == DistrictCap(1) and SHANGHAI.rule(DistrictCap) == DistrictCap(2)
    assert [type(r) for r in tight.rules] == [type(r) for r in SHANGHAI.rules]


def test_pins_and_bans_add_up_but_one_pair_has_one() -> None:
    more = SHANGHAI.with_rule(Pin("T1", "H1"), Pin("T2", "H1"), Ban("T1", "H1"), Pin("T1", "H1", "again"))
    assert set(more.rules_of(Pin)) == {Pin("T1", "H1", "again"), Pin("T2", "H1")}
    assert more.rules_of(Ban) == (Ban("T1", "H1"),)


def test_the_order_of_adding_does_not_matter() -> None:
    one = SHANGHAI.with_rule(LeastPartners(1)).with_rule(Capacity())
    two = SHANGHAI.with_rule(Capacity()).with_rule(LeastPartners(1))
    assert one == two and one.digest == two.digest


def test_without_takes_classes_and_ids() -> None:
    assert SHANGHAI.without(HospitalCap) == SHANGHAI.without("SH-3")
    assert SHANGHAI.without("SH-3").rule(HospitalCap) is None
    assert SHANGHAI.without("PIN") == SHANGHAI
    with pytest.raises(PolicyError, match="no rule 'SH-33'") as refused:
        SHANGHAI.without("SH-33")
    assert "SH-3" in refused.value.say("zh")


def test_diff_says_each_change_in_both_languages() -> None:
    other = SHANGHAI.with_rule(DistrictCap(1), Ban("T1", "H1", "too far")).without("SH-3")
    lines = SHANGHAI.diff(other)
    english = [line.en for line in lines]
    assert len(lines) == 3
    assert any(e.startswith("BAN ") and "off → " in e and "too far" in e for e in english)
    assert any(e.startswith("SH-2 ") and "at most 2" in e and "at most 1" in e for e in english)
    assert any(e.startswith("SH-3 ") and e.endswith("→ off") for e in english)
    assert all("未启用" in line.zh or "至多" in line.zh for line in lines)
    assert SHANGHAI.diff(SHANGHAI) == ()


def test_diff_says_goals_tolerance_and_travel() -> None:
    slower = dataclasses.replace(SHANGHAI.travel, detour=1.5)
    other = dataclasses.replace(SHANGHAI, goals=("priority", "travel"), tolerance=0.025, travel=slower)
    goals, tolerance, travel = SHANGHAI.diff(other)
    assert tolerance.en == "tolerance: 0% → 2.5%"
    assert goals.en == "goals: travel → priority, travel"
    assert "detour 1.3" in travel.en and "detour 1.5" in travel.en and "绕行系数 1.5" in travel.zh


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LeastShare(0.121), LeastShare(0.124)),
        (Candidates(), Candidates(exempt_layer="chinese_medicine")),
        (Candidates(), Candidates(merge_layers=True)),
        (Candidates(), Candidates(ownerships=("public", "military"))),
        (TravelStandard(60), TravelStandard(60, 2)),
        (Capacity(), Capacity("beds", 800)),
        (Priority(), Priority((0, 0, 10, 15, 30))),
    ],
)
def test_rules_that_differ_read_differently(before: Rule, after: Rule) -> None:
    assert before.sentence().en != after.sentence().en and before.sentence().zh != after.sentence().zh


def test_equal_policies_have_equal_digests_and_others_do_not() -> None:
    assert SHANGHAI.with_rule(Priority((0.0, 5.0, 10.0, 15.0, 30.0))).digest == SHANGHAI.digest
    others = [
        SHANGHAI.with_rule(DistrictCap(1)), SHANGHAI.without("SH-3"), policy("shanghai-2025-strict"),
        dataclasses.replace(SHANGHAI, travel=dataclasses.replace(SHANGHAI.travel, detour=1.4)),
        SHANGHAI.with_rule(DistrictCap(2, {"T1": Override(3, "x")})),
        dataclasses.replace(SHANGHAI, goals=("worst", "travel")), dataclasses.replace(SHANGHAI, tolerance=0.01),
    ]  # fmt: skip
    assert len({SHANGHAI.digest, *(p.digest for p in others)}) == len(others) + 1


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        ((), "at least one goal"), (("beauty",), "beauty.*which is no goal"), (("travel", "travel"), "'travel' 2 times"),
        ("travel", "list of goals"), (("travel", 3), "list of goals"), (("worts",), "did you mean worst"),
    ],
)  # fmt: skip
def test_goals_that_cannot_be_are_refused(goals: tuple[str, ...], words: str) -> None:
    with pytest.raises(PolicyError, match=rf"(?s)goals .*{words}") as refused:
        dataclasses.replace(SHANGHAI, goals=goals)
    assert "目标" in refused.value.say("zh")


@pytest.mark.parametrize("goals", [("worst",), ("travel", "priority"), tuple(GOALS), tuple(reversed(GOALS))])
def test_any_list_of_goals_can_stand(goals: tuple[str, ...]) -> None:
    made = dataclasses.replace(SHANGHAI, goals=goals, tolerance=0.05)
    page, chinese = made.page("en"), made.page("zh")
    numbered = [f"  {n}. {GOALS[goal].en}" for n, goal in enumerate(goals, start=1)]
    assert "\n".join(numbered) in page and "worsen an earlier one by at most 5%" in page
    assert GOALS[goals[0]].zh in chinese and "变差 5%" in chinese


@pytest.mark.parametrize("tolerance", [-0.1, float("nan"), float("inf"), True, "5%", None])
def test_a_tolerance_that_cannot_be_is_refused(tolerance: object) -> None:
    with pytest.raises(PolicyError, match=r"tolerance must be a share from 0"):
        dataclasses.replace(SHANGHAI, tolerance=tolerance)
