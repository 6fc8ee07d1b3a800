"""tiny_town(): a region small enough to check by hand, for tests and docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import geopandas as gpd
import pandas as pd
from shapely import Polygon, box, union_all

from gridplan.inputs.region import Region

WEST, SOUTH, SIDE = 120.0, 30.0, 0.05  # degrees; a square is about 4.8 km by 5.5 km

# column and row of each unit's square (from the south-west), people, of them 65 and over, of them under 15
UNITS = {
    "T1-01": (0, 0, 9000, 1800, 900),
    "T1-02": (1, 0, 12000, 2600, 1200),
    "T1-03": (0, 1, 10000, 2100, 1000),
    "T1-04": (1, 1, 11000, 2300, 1100),
    "T2-01": (2, 0, 8000, 1200, 1000),
    "T2-02": (3, 0, 6000, 900, 800),
    "T2-03": (2, 1, 7000, 1000, 900),
    "T2-04": (3, 1, 5000, 800, 600),
    "T3-01": (0, 2, 3000, 800, 200),
    "T3-02": (1, 2, 4000, 1100, 300),
    "T3-03": (2, 2, 3500, 900, 300),
    "T3-04": (3, 2, 2500, 700, 200),
}
DISTRICTS = {
    "T1": ("中区", "Middle", "central"),
    "T2": ("东区", "East", "suburban"),
    "T3": ("北县", "North", "outer_suburban"),
}
HOSPITALS = [  # all municipal
    ("H1", "市第一医院", "First Hospital", "general", "", "3A", "public", "T1", 120.02, 30.07, 1500, 60000),
    ("H2", "市第二医院", "Second Hospital", "general", "", "3A", "public", "T1", 120.08, 30.03, 900, 40000),
    ("H3", "市第三医院", "Third Hospital", "general", "", "3B", "public", "T2", 120.17, 30.07, 800, 40000),
    ("H4", "市中医院", "TCM Hospital", "tcm", "", "3A", "public", "T1", 120.06, 30.06, 700, None),
    ("H5", "市中西医结合医院", "Integrated Hospital", "integrated_tcm", "", "3B", "public", "T2",
     120.13, 30.04, 500, None),
    ("H6", "军队总医院", "Military Hospital", "general", "", "3A", "military", "T1",
     120.04, 30.02, 1000, None),
    ("H7", "市眼科医院", "Eye Hospital", "specialist", "ophthalmology", "3", "public", "T1",
     120.07, 30.08, None, None),
]  # fmt: skip
BRANCHES = [
    ("B1", "H1", "市第一医院东院", "T2", "open", "campus", 120.12, 30.02),
    ("B2", "H2", "市第二医院北县分院", "T3", "open", "affiliate", 120.12, 30.13),
    ("B3", "H3", "市第三医院北院", "T3", "planned", "campus", 120.18, 30.13),
]
PARTNERSHIPS = [("H1", "T3", "custody", "2018")]


def tiny_town() -> Region:
    """A made-up town: 3 districts, 12 units, 81,000 people, 7 hospitals, 3 branches, 1 partnership.

    ::

        30.15 +-----------+-----------+-----------+-----------+
              | T3-01     | T3-02     | T3-03  b2 | T3-04  b3 |   T3 北县, outer suburban, 13,000 people
        30.10 +-----------+-----------+-----------+-----------+
              | T1-03  H1 | T1-04  H4 | T2-03     | T2-04  H3 |
              |           |        H7 |           |           |   T1 中区, central, 42,000 people (west)
        30.05 +-----------+-----------+-----------+-----------+
              | T1-01  H6 | T1-02  H2 | T2-01  b1 | T2-02     |   T2 东区, suburban, 26,000 people (east)
              |           |           |        H5 |           |
        30.00 +-----------+-----------+-----------+-----------+
            120.00      120.05      120.10      120.15      120.20

    H1, H2, H3 are general, municipal and public; H4 (tcm) and H5 (integrated_tcm) are for the TCM layer;
    H6 is military; H7 is a specialist (ophthalmology). b1 is an open campus of H1, b2 an open affiliate of
    H2, b3 a planned campus of H3; H1 has T3 in custody. So in T3 three hospitals compete for two places.
    The people of a district are the sum of its units'.

    Returns
    -------
    Region
        The town; all of it is made up.

    Examples
    --------
    >>> import gridplan as gp
    >>> region = gp.tiny_town()
    >>> len(region.units), int(region.units["people"].sum())
    (12, 81000)
    """
    made = _town()
    tables = ("districts", "units", "hospitals", "branches", "partnerships")
    return made.with_tables(**{name: getattr(made, name).copy() for name in tables})


@cache
def _town() -> Region:
    """The town made once; whoever asks has tables of their own."""
    units = _units()
    squares = units.groupby("district_id")
    districts = [
        (
            district_id,
            *names,
            people,
            round(len(squares.get_group(district_id)) * 26.73, 1),
            "",
            union_all(group),
        )
        for (district_id, names), people, group in zip(
            DISTRICTS.items(), squares["people"].sum(), [g["geometry"] for _, g in squares], strict=True
        )
    ]
    district_columns = [
        "district_id",
        "name",
        "name_en",
        "kind",
        "people",
        "area_km2",
        "consortium",
        "geometry",
    ]
    hospital_columns = ["hospital_id", "name", "name_en", "category", "specialty", "grade", "ownership",
                        "district_id", "lon", "lat", "beds", "capacity_people"]  # fmt: skip
    branch_columns = ["branch_id", "hospital_id", "name", "district_id", "status", "relation", "lon", "lat"]
    return Region(
        name="tiny_town",
        title="小城",
        districts=gpd.GeoDataFrame(_table(districts, district_columns), geometry="geometry", crs=4326),
        units=units,
        hospitals=_table(HOSPITALS, hospital_columns).pipe(_municipal),
        branches=_table(BRANCHES, branch_columns),
        partnerships=_table(PARTNERSHIPS, ["hospital_id", "district_id", "basis", "since"]),
        sources=("made up for tests and docs",),
    )


def _units() -> gpd.GeoDataFrame:
    rows = [
        (unit_id, f"第{number}街道", *people, unit_id[:2], *_centre(column, line), _square(column, line))
        for number, (unit_id, (column, line, *people)) in enumerate(UNITS.items(), start=1)
    ]
    groups = ["people", "people_65plus", "people_0_14"]
    columns = ["unit_id", "name", *groups, "district_id", "lon", "lat", "geometry"]
    return gpd.GeoDataFrame(_table(rows, columns), geometry="geometry", crs=4326)


def _municipal(hospitals: pd.DataFrame) -> pd.DataFrame:
    hospitals.insert(3, "tier", "municipal")
    hospitals.insert(len(hospitals.columns) - 1, "willing", "")
    return hospitals


def _square(column: int, line: int) -> Polygon:
    west, south = WEST + column * SIDE, SOUTH + line * SIDE
    return box(*(round(edge, 4) for edge in (west, south, west + SIDE, south + SIDE)))


def _centre(column: int, line: int) -> tuple[float, float]:
    return round(WEST + (column + 0.5) * SIDE, 4), round(SOUTH + (line + 0.5) * SIDE, 4)


def _table(rows: Sequence[Sequence[object]], columns: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns))
    numbers = ["people", "people_65plus", "people_0_14", "area_km2", "lon", "lat", "beds", "capacity_people"]
    types: Mapping[str, str] = {name: "float64" for name in columns if name in numbers}
    return table.astype(types).assign(row=range(2, len(table) + 2))
