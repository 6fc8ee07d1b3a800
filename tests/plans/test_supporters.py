"""The main technical supporter of a district (SH-7): a running suburban branch, priority, residents, id."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.plans.make import plan as make
from gridplan.plans.measures import main_supporters
from gridplan.plans.supporters import supporters_of
from gridplan.policies.profile import policy
from gridplan.policies.rules import Candidates, Pin

TOWN, SHANGHAI = (
    tiny_town(),
    policy("shanghai-2025"),
)  # open branches: B1 of H1 in T2 (campus), B2 of H2 in T3


def pairs(*rows: tuple[str, str, int, int], counted: int = 1) -> pd.DataFrame:
    """district, hospital, priority, people."""
    table = pd.DataFrame(rows, columns=["district_id", "hospital_id", "priority", "people"])
    return table.assign(layer="general", counted=counted, change="new")


def main_of(district: str, table: pd.DataFrame, region: Region = TOWN) -> str:
    return str(supporters_of(region, table)[district])


def branch(**cells: object) -> Region:
    """tiny_town with cells of B2 (H2 in T3) changed."""
    table = TOWN.branches.copy()
    for column, value in cells.items():
        table.loc[table["branch_id"] == "B2", column] = value
    return TOWN.with_tables(branches=table)


def test_a_running_suburban_branch_comes_before_priority_and_residents() -> None:
    table = pairs(("T3", "H3", 1, 9000), ("T3", "H2", 3, 10))
    assert main_of("T3", table) == "H2"
    for region in (branch(status="planned"), branch(lon=np.nan), branch(district_id="T2")):
        assert main_of("T3", table, region) == "H3"


def test_in_a_central_district_a_branch_is_no_ground() -> None:
    districts = TOWN.districts.assign(kind="central")
    table = pairs(("T3", "H3", 1, 10), ("T3", "H2", 3, 9000))
    assert main_of("T3", table, TOWN.with_tables(districts=districts)) == "H3"


@pytest.mark.parametrize(
    ("one", "other", "main"),
    [
        ((2, 10), (3, 900), "H1"),
        ((3, 900), (2, 10), "H3"),
        ((3, 10), (3, 11), "H3"),
        ((3, 10), (3, 10), "H1"),
    ],
)
def test_then_priority_then_residents_then_id(
    one: tuple[int, int], other: tuple[int, int], main: str
) -> None:
    assert main_of("T1", pairs(("T1", "H3", *other), ("T1", "H1", *one))) == main


def test_exempt_partners_are_none() -> None:
    table = pairs(("T1", "H4", 1, 10), counted=0)
    assert supporters_of(TOWN, table).to_dict() == {"T1": "", "T2": "", "T3": ""}


def test_every_district_of_a_plan_names_one_of_its_counted_partners() -> None:
    for rules in (SHANGHAI, SHANGHAI.with_rule(Candidates(merge_layers=True), Pin("T3", "H3"))):
        made = make(TOWN, rules)
        main = main_supporters(made)
        assert (main.name, list(main.index)) == ("main_supporter", ["T1", "T2", "T3"])
        frame = made.pairs_frame()
        assert frame[frame["main"] == 1].set_index("district_id")["hospital_id"].to_dict() == {
            district: hospital for district, hospital in main.items() if hospital
        }
        assert set(frame.loc[frame["main"] == 1, "counted"]) == {1}
        assert "main" not in made.pairs
