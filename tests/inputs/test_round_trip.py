"""What is written is read back as it was, whatever people call their places and whatever they leave blank."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gridplan as gp

TOWN = gp.tiny_town()
NAMES = st.text("街道镇乡一二三甲乙AZaz019 ,;\"'=+-@()&/.", max_size=12).map(
    lambda text: " ".join(f"第{text}".split())
)
few = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def back(region: gp.Region) -> gp.Region:
    with tempfile.TemporaryDirectory() as folder:
        gp.write_region(region, Path(folder) / "region")
        return gp.read(Path(folder) / "region")


@few
@given(st.lists(NAMES, min_size=len(TOWN.units), max_size=len(TOWN.units)))
def test_names_come_back_as_they_were(names: list[str]) -> None:
    region = TOWN.with_tables(units=TOWN.units.assign(name=names))
    again = back(region)
    assert again.units["name"].tolist() == region.units["name"].tolist()


@few
@given(
    st.sets(st.sampled_from([*range(len(TOWN.hospitals))])),
    st.sampled_from(["beds", "capacity_people", "lon"]),
)
def test_what_is_blank_stays_blank_and_the_rest_stays(blank: set[int], column: str) -> None:
    hospitals = TOWN.hospitals.copy()
    places = [column, "lat"] if column == "lon" else [column]
    hospitals.loc[hospitals.index[sorted(blank)], places] = np.nan
    again = back(TOWN.with_tables(hospitals=hospitals))
    assert again.hospitals[column].isna().tolist() == hospitals[column].isna().tolist()
    assert again.hospitals["hospital_id"].tolist() == hospitals["hospital_id"].tolist()


@few
@given(st.lists(st.integers(0, 10**7), min_size=len(TOWN.units), max_size=len(TOWN.units)))
def test_people_come_back_to_the_last_person(people: list[int]) -> None:
    groups = {column: 0 for column in TOWN.units if str(column).startswith("people_")}
    region = TOWN.with_tables(units=TOWN.units.assign(people=np.array(people, dtype=float), **groups))
    assert back(region).units["people"].tolist() == people
