"""Pairs: every meaning of policy-rules, "Meanings, fixed", on variants of tiny_town."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from gridplan.geography.travel import service_points, travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.judging.judge_tables import priority_of
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.profile import policy, to_dict
from gridplan.policies.rules import (
    Candidates,
    Priority,
    Rule,
)
from gridplan.words.errors import PolicyError

TOWN, SHANGHAI = tiny_town(), policy("shanghai-2025")


def hospital(**changes: Any) -> Region:
    """tiny_town with cells of H3 changed."""
    table = TOWN.hospitals.copy()
    for column, value in changes.items():
        table.loc[table["hospital_id"] == "H3", column] = value
    return TOWN.with_tables(hospitals=table)


def branches(*rows: tuple[str, str, str, str, float | None]) -> Region:
    """tiny_town with these branches only: hospital, district, status, relation, lon (None = not located)."""
    table = pd.DataFrame(rows, columns=["hospital_id", "district_id", "status", "relation", "lon"])
    table = table.assign(
        branch_id=[f"b{n}" for n in range(len(rows))], name="院区", row=range(2, len(rows) + 2)
    )
    table["lon"] = table["lon"].astype(float)
    table["lat"] = table["lon"].where(table["lon"].isna(), 30.01)
    bare = TOWN.partnerships.iloc[:0]
    return TOWN.with_tables(branches=table[TOWN.branches.columns], partnerships=bare)


def partnerships(*rows: tuple[str, str, str]) -> Region:
    """tiny_town without branches, with these partnerships only: hospital, district, basis."""
    table = pd.DataFrame(rows, columns=["hospital_id", "district_id", "basis"]).assign(since="2001")
    table["row"] = range(2, len(rows) + 2)
    return TOWN.with_tables(partnerships=table, branches=TOWN.branches.iloc[:0])


def priority(region: Region, district_id: str, hospital_id: str) -> int:
    table = pair_table(region, SHANGHAI).set_index(["district_id", "hospital_id"])
    return int(table.loc[(district_id, hospital_id), "priority"])


def listed(region: Region, *rules: Rule) -> dict[str, str]:
    """hospital_id → layer of the candidates."""
    return dict(
        candidates(region, SHANGHAI.with_rule(*rules))[["hospital_id", "layer"]].itertuples(index=False)
    )


# Candidates (SH-4)


def test_municipal_public_general_and_tcm_hospitals_are_candidates_of_their_layers() -> None:
    table = candidates(TOWN, SHANGHAI)
    assert listed(TOWN) == {"H1": "general", "H2": "general", "H3": "general", "H4": "tcm", "H5": "tcm"}
    assert table["counted"].tolist() == [True, True, True, False, False]
    assert table["district_id"].tolist() == ["T1", "T1", "T2", "T1", "T2"]


@pytest.mark.parametrize(
    "changes",
    [{"tier": "provincial"}, {"tier": "district"}, {"tier": "primary"}, {"ownership": "private"},
     {"ownership": "military"}, {"category": "specialist"}, {"category": "maternal_child"}],
    ids=str,
)  # fmt: skip
def test_others_are_no_candidates(changes: dict[str, str]) -> None:
    assert "H3" not in listed(hospital(**changes))


def test_integrated_tcm_is_exempt_and_in_the_tcm_layer() -> None:
    assert listed(hospital(category="integrated_tcm"))["H3"] == "tcm"


def test_military_hospitals_come_in_when_switched_on() -> None:
    military = Candidates(ownerships=("public", "military"))
    assert listed(TOWN, military)["H6"] == "general"
    table = pair_table(TOWN, SHANGHAI.with_rule(military)).set_index(["district_id", "hospital_id"])
    assert bool(table.loc[("T1", "H6"), "counted"]) and table.loc[("T1", "H6"), "priority"] == 1


def test_layers_may_be_merged_and_the_exempt_stay_exempt() -> None:
    table = pair_table(TOWN, SHANGHAI.with_rule(Candidates(merge_layers=True)))
    assert set(table["layer"]) == {"merged"} and len(table) == 3 * 5
    assert set(table.loc[table["counted"], "hospital_id"]) == {"H1", "H2", "H3"}


def test_another_city_exempts_another_class() -> None:
    rule = Candidates(counted=("general", "tcm"), exempt=("specialist",), exempt_layer="eyes")
    assert listed(TOWN, rule) == {
        "H1": "general",
        "H2": "general",
        "H3": "general",
        "H4": "general",
        "H7": "eyes",
    }


def test_without_an_exempt_class_there_is_one_layer() -> None:
    assert set(listed(TOWN, Candidates(exempt=())).values()) == {"general"}


def test_every_district_meets_every_candidate_once_whatever_the_order_of_rows() -> None:
    table = pair_table(TOWN, SHANGHAI)
    assert len(table) == 3 * 5 and not table.duplicated(["layer", "district_id", "hospital_id"]).any()
    names = ("districts", "hospitals", "branches", "partnerships")
    shuffled = TOWN.with_tables(**{name: getattr(TOWN, name).iloc[::-1] for name in names})
    pd.testing.assert_frame_equal(pair_table(shuffled, SHANGHAI), table)


# Priority (SH-5)


def test_priorities_of_tiny_town() -> None:
    table = pair_table(TOWN, SHANGHAI).pivot(index="district_id", columns="hospital_id", values="priority")
    assert table.loc["T1"].tolist() == [1, 1, 5, 1, 5]
    assert table.loc["T2"].tolist() == [1, 5, 1, 5, 1]
    assert table.loc["T3"].tolist() == [3, 3, 2, 5, 5]


@pytest.mark.parametrize(
    ("status", "relation", "lon", "expected"),
    [
        ("open", "campus", 120.11, 1),
        ("open", "campus", None, 5),  # neither a service point nor priority 1 until it is located
        ("planned", "campus", 120.11, 2),
        ("planned", "campus", None, 2),  # a plan needs no location
        ("open", "affiliate", 120.11, 3),
        ("open", "affiliate", None, 3),
        ("planned", "affiliate", 120.11, 5),  # gives nothing
        ("open", "clinic", 120.11, 5),  # a 门诊部 is no campus
        ("planned", "clinic", 120.11, 5),
    ],
)
def test_what_a_branch_gives(status: str, relation: str, lon: float | None, expected: int) -> None:
    region = branches(("H2", "T2", status, relation, lon))
    assert priority(region, "T2", "H2") == expected
    assert (
        priority(region, "T3", "H2") == priority(region, "T2", "H1") == 5
    )  # nothing elsewhere, nor for others


@pytest.mark.parametrize(
    ("status", "relation", "lon", "points"),
    [
        ("open", "campus", 120.11, 2), ("open", "campus", None, 1), ("planned", "campus", 120.11, 1),
        ("open", "affiliate", 120.11, 2), ("open", "affiliate", None, 1), ("planned", "affiliate", 120.11, 1),
        ("open", "clinic", 120.11, 1),
    ],
)  # fmt: skip
def test_which_branch_is_a_service_point(status: str, relation: str, lon: float | None, points: int) -> None:
    assert len(service_points(branches(("H2", "T2", status, relation, lon)), ["H2"])) == points


def test_a_clinic_counts_where_the_policy_says_so() -> None:
    region = branches(("H2", "T2", "open", "clinic", 120.11))
    asked = SHANGHAI.with_rule(Priority(clinics=True))
    at = pair_table(region, asked).set_index(["district_id", "hospital_id"])["priority"]
    assert at["T2", "H2"] == 1 and priority_of(region, asked, "T2", "H2") == 1
    assert len(service_points(region, ["H2"], clinics=True)) == 2
    near = replace(SHANGHAI.travel, clinics=True)
    nearer = (
        travel_times(region, ["H2"], near).minutes < travel_times(region, ["H2"], SHANGHAI.travel).minutes
    )
    assert nearer.any()


@pytest.mark.parametrize(
    ("basis", "since", "effect", "years", "expected"),
    [
        ("counterpart", "2024", "", 3, 4),  # 2020 + 5 is the last year that is old enough
        ("counterpart", "2022", "", 3, 3),
        ("counterpart", "自2024年起", "", 3, 4),
        ("counterpart", "", "", 3, 3),  # blank changes nothing
        ("counterpart", "2024", "", None, 3),  # nor a year where no years are asked for
        ("counterpart", "1999", "no", None, 4),
        ("counterpart", "2024", "yes", 3, 4),
        ("custody", "2024", "no", 3, 3),  # of counterpart support alone
        ("other", "1999", "yes", 3, 4),
    ],
)
def test_counterpart_support_is_a_basis_when_it_lasts_and_has_effect(
    basis: str, since: str, effect: str, years: int | None, expected: int
) -> None:
    region = partnerships(("H2", "T2", basis))
    region = region.with_tables(partnerships=region.partnerships.assign(since=since, effect=effect))
    asked = SHANGHAI.with_rule(Priority(counterpart_years=years, counterpart_as_of=2025))
    table = pair_table(region, asked).set_index(["district_id", "hospital_id"])
    assert table.loc[("T2", "H2"), "priority"] == priority_of(region, asked, "T2", "H2") == expected


def test_years_are_counted_back_from_the_data_or_refused() -> None:
    asked = SHANGHAI.with_rule(Priority(counterpart_years=3))
    with pytest.raises(PolicyError, match="counterpart_as_of = 2026"):
        pair_table(TOWN, asked)
    young = partnerships(("H2", "T2", "counterpart"))
    young = replace(
        young.with_tables(partnerships=young.partnerships.assign(since="2019")), data_date="2020-11-01"
    )
    at = pair_table(young, asked).set_index(["district_id", "hospital_id"])["priority"]
    assert at["T2", "H2"] == priority_of(young, asked, "T2", "H2") == 4


def test_what_came_later_is_unsaid_at_its_default() -> None:
    """So that a policy that does not use it keeps the digest, and the profile, that it had."""
    said = to_dict(SHANGHAI)
    assert set(said["priority"]) == {"prices"} and "clinics" not in said["travel"]
    asked = SHANGHAI.with_rule(Priority(clinics=True))
    assert asked.digest != SHANGHAI.digest and to_dict(asked)["priority"]["clinics"] is True


@pytest.mark.parametrize(
    ("basis", "expected"), [("custody", 3), ("counterpart", 3), ("affiliate", 3), ("other", 4)]
)
def test_what_a_partnership_gives(basis: str, expected: int) -> None:
    region = partnerships(("H2", "T2", basis))
    assert priority(region, "T2", "H2") == expected
    assert priority(region, "T3", "H2") == 5


def test_since_is_shown_not_used() -> None:
    table = TOWN.partnerships.assign(since="1950")
    pd.testing.assert_frame_equal(
        pair_table(TOWN.with_tables(partnerships=table), SHANGHAI), pair_table(TOWN, SHANGHAI)
    )


def test_the_strongest_ground_counts() -> None:
    both = branches(("H2", "T2", "open", "affiliate", 120.11), ("H2", "T2", "planned", "campus", None))
    assert priority(both, "T2", "H2") == 2
    table = pd.DataFrame(
        [("H2", "T2", "other", "1"), ("H2", "T2", "custody", "2")],
        columns=["hospital_id", "district_id", "basis", "since"],
    )
    assert priority(TOWN.with_tables(partnerships=table), "T2", "H2") == 3
    assert priority(branches(("H2", "T1", "planned", "affiliate", None)), "T1", "H2") == 1  # home anyway


def test_existing_is_a_partnership_of_today() -> None:
    table = pair_table(TOWN, SHANGHAI)
    assert table.loc[table["existing"], ["district_id", "hospital_id"]].to_numpy().tolist() == [["T3", "H1"]]
