"""Which pairs are allowed (SH-6), pins and bans, and what a rule cannot act on, on tiny_town."""

from __future__ import annotations

import pytest

from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.policies.pairs import pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.profile import policy
from gridplan.policies.rules import (
    Ban,
    Candidates,
    DistrictCap,
    Eligibility,
    HospitalCap,
    Override,
    Pin,
)
from gridplan.words.errors import PolicyError

TOWN, SHANGHAI = tiny_town(), policy("shanghai-2025")


def refusal(p: Policy, region: Region = TOWN) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        pair_table(region, p)
    for finding in refused.value.findings:
        assert finding.what.en in str(refused.value) and finding.what.zh in refused.value.say("zh")
    return refused.value


def test_prefer_allows_all_and_strict_only_1_to_3() -> None:
    assert pair_table(TOWN, SHANGHAI)["allowed"].all()
    strict = pair_table(TOWN, SHANGHAI.with_rule(Eligibility("strict")))
    assert (strict["allowed"] == (strict["priority"] <= 3)).all() and not strict["allowed"].all()


def test_no_eligibility_rule_means_prefer() -> None:
    assert pair_table(TOWN, SHANGHAI.without("SH-6"))["allowed"].all()


def test_a_ban_takes_one_pair_out_and_a_pin_marks_one() -> None:
    table = pair_table(TOWN, SHANGHAI.with_rule(Ban("T3", "H1"), Pin("T3", "H3")))
    keys = ["district_id", "hospital_id"]
    assert table.loc[~table["allowed"], keys].to_numpy().tolist() == [["T3", "H1"]]
    assert table.loc[table["pinned"], keys].to_numpy().tolist() == [["T3", "H3"]]


def test_a_pin_of_an_ineligible_pair_is_refused() -> None:
    error = refusal(SHANGHAI.with_rule(Eligibility("strict"), Pin("T1", "H3")))
    (finding,) = error.findings
    assert finding.id == "T1 – H3" and "has priority 5, SH-6 allows 1 to 3" in str(error)
    assert pair_table(TOWN, SHANGHAI.with_rule(Eligibility("strict"), Pin("T3", "H3")))["pinned"].sum() == 1


def test_a_pin_with_a_ban_is_refused() -> None:
    error = refusal(SHANGHAI.with_rule(Pin("T1", "H3"), Ban("T1", "H3")))
    assert "T1 – H3 is banned as well" in str(error) and "同时被禁止" in error.say("zh")


def test_a_pin_with_two_reasons_against_it_says_both() -> None:
    error = refusal(SHANGHAI.with_rule(Eligibility("strict"), Pin("T1", "H3"), Ban("T1", "H3")))
    assert len(error.findings) == 2


NAMED = {
    "pin of an unknown district": ((Pin("T9", "H1"),), "T9", "pin: the region has no district"),
    "pin of an unknown hospital": ((Pin("T1", "H9"),), "H9", "pin: the region has no hospital"),
    "pin of a specialist": ((Pin("T1", "H7"),), "H7", "pin: H7 is not a candidate"),
    "pin of a military hospital": ((Pin("T1", "H6"),), "H6", "pin: H6 is not a candidate"),
    "ban of an unknown district": ((Ban("T9", "H1"),), "T9", "ban: the region has no district"),
    "ban of an unknown hospital": ((Ban("T1", "H9"),), "H9", "ban: the region has no hospital"),
    "ban of a specialist": ((Ban("T1", "H7"),), "H7", "ban: H7 is not a candidate"),
    "override of an unknown district": ((DistrictCap(2, {"T9": Override(3, "x")}),), "T9", "district_cap.override"),
    "override of an unknown hospital": ((HospitalCap(3, {"H9": Override(3, "x")}),), "H9", "hospital_cap.override"),
    "override of a specialist": ((HospitalCap(3, {"H7": Override(4, "x")}),), "H7", "not a candidate"),
    "override of an exempt hospital": ((HospitalCap(3, {"H4": Override(4, "x")}),), "H4", "exempt"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_what_a_rule_cannot_act_on_is_named(name: str) -> None:
    rules, who, words = NAMED[name]
    error = refusal(SHANGHAI.with_rule(*rules))
    (finding,) = error.findings
    assert finding.id == who and words in finding.what.en and who in finding.what.zh


def test_all_of_it_at_once() -> None:
    rules = (
        Pin("T9", "H9"),
        Ban("T1", "H7"),
        Pin("T1", "H3"),
        Ban("T1", "H3"),
        DistrictCap(2, {"X": Override(1, "x")}),
    )
    assert sorted(f.id for f in refusal(SHANGHAI.with_rule(*rules)).findings) == [
        "H7",
        "H9",
        "T1 – H3",
        "T9",
        "X",
    ]


def test_no_candidate_at_all_is_an_empty_table() -> None:
    assert pair_table(TOWN, SHANGHAI.with_rule(Candidates(tiers=("primary",)))).empty
