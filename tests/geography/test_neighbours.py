"""Which units touch, by border or by link, and which unit a campus stands in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from gridplan.geography.neighbours import campuses, neighbours
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town


def named(region: Region) -> set[tuple[str, str]]:
    ids = region.units["unit_id"].tolist()
    return {(ids[a], ids[b]) for a, b in neighbours(region)}


def linked(*pairs: tuple[str, str]) -> Region:
    links = pd.DataFrame(pairs, columns=["from_unit", "to_unit"]).assign(way="ferry", name="", row=2)
    return tiny_town().with_tables(links=links)


def test_a_quarter_touches_the_two_beside_it_and_not_the_one_across_the_corner() -> None:
    touch = named(tiny_town())
    assert {("T1-01", "T1-02"), ("T1-01", "T1-03"), ("T1-02", "T1-04"), ("T1-03", "T1-04")} <= touch
    assert ("T1-01", "T1-04") not in touch


def test_a_link_joins_what_does_not_touch_whichever_way_it_is_written() -> None:
    far = ("T1-01", "T3-04")
    assert far not in named(tiny_town())
    assert named(linked(far)) == named(linked(far[::-1])) == named(tiny_town()) | {far}


def test_a_link_between_units_that_touch_adds_nothing_and_one_to_nowhere_neither() -> None:
    assert named(linked(("T1-01", "T1-02"), ("T1-01", "gone"), ("T1-01", "T1-01"))) == named(tiny_town())


def test_borders_are_worked_out_once_and_cannot_be_spoilt() -> None:
    town = tiny_town()
    assert neighbours(town) is neighbours(town)
    with pytest.raises(ValueError, match="read-only"):
        neighbours(town)[0, 0] = 9


def test_a_hospital_stands_where_its_sites_are_affiliates_and_plans_left_out() -> None:
    town = tiny_town()
    sites = campuses(town, town.hospitals["hospital_id"].tolist())
    open_campus = town.branches[(town.branches["status"] == "open") & (town.branches["relation"] == "campus")]
    located = open_campus.dropna(subset=["lon", "lat"])
    assert set(sites["site"]) == set(town.hospitals["hospital_id"]) | set(located["branch_id"])
    units = town.units.iloc[sites["unit"]]
    home = sites["site"].map(town.hospitals.set_index("hospital_id")["district_id"])
    main = home.notna().to_numpy()
    assert (units["district_id"].to_numpy()[main] == home.to_numpy()[main]).all()
    inside = units.geometry.to_numpy()
    assert np.all(
        [
            shape is None or shape.covers(_point(site))
            for shape, site in zip(inside, sites.itertuples(), strict=True)
        ]
    )


def _point(site: Any) -> shapely.Point:
    return shapely.Point(site.lon, site.lat)
