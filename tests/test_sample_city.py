"""The sample city in data/shanghai: facts carried over unchanged, the modelled parts whole and repeatable."""

import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

CITY = Path(__file__).parents[1] / "data" / "shanghai"
MADE = ["districts.geojson", "units.csv", "hospitals.csv", "branches.csv", "partnerships.csv", "links.csv"]
CHONGMING = "310151"


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(CITY / f"{name}.csv", dtype=str, encoding="utf-8-sig")


def fact(name: str) -> pd.DataFrame:
    return pd.read_csv(CITY / "facts" / f"shanghai_{name}.csv", dtype=str, encoding="utf-8")


def hospitals(prefix: str) -> pd.DataFrame:
    """The rows of hospitals.csv whose id is of that kind: SH municipal and specialist, L district leads."""
    made = table("hospitals")
    return made[made["hospital_id"].str.match(rf"{prefix}\d")].reset_index(drop=True)


def outside(points: pd.DataFrame, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """The located points that do not lie inside the district they name."""
    points = points.dropna(subset=["lon", "lat"])
    shapes = districts.set_index("district_id").geometry.loc[points["district_id"]].to_numpy()
    inside = shapely.contains_xy(shapes, points["lon"].astype(float), points["lat"].astype(float))
    return points[~inside]


@pytest.fixture(scope="module")
def districts() -> gpd.GeoDataFrame:
    return gpd.read_file(CITY / "districts.geojson")


def test_the_script_makes_the_same_files_byte_for_byte(tmp_path):
    script = [sys.executable, "-W", "error", str(CITY / "make_sample.py"), "--out", str(tmp_path)]
    subprocess.run(script, check=True, timeout=300)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(MADE)
    assert [name for name in MADE if (tmp_path / name).read_bytes() != (CITY / name).read_bytes()] == []


def test_districts_carry_the_census_and_the_published_area(districts):
    facts = fact("districts").set_index("adcode").sort_index()
    assert list(districts["district_id"]) == list(facts.index)
    assert list(districts["people"]) == [int(people) for people in facts["population_2020"]]
    assert list(districts["area_km2"]) == [float(area) for area in facts["area_km2"]]
    for column, of_fact in (("name", "name_zh"), ("name_en", "name_en"), ("kind", "kind")):
        assert list(districts[column]) == list(facts[of_fact])


def test_each_district_is_drawn_within_two_percent_of_its_published_area(districts):
    geod = Geod(ellps="WGS84")
    drawn = np.array([abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in districts.geometry])
    error = pd.Series(drawn / districts["area_km2"].to_numpy() - 1, index=districts["district_id"])
    assert error.abs().max() < 0.02, error
    close = int((error.abs() < 0.01).sum())
    readme = (CITY / "README.md").read_text(encoding="utf-8")
    assert (
        f"{close} of {len(error)} districts within 1 %" in readme
        and f"{len(error)} 个区中 {close} 个" in readme
    )
    said = readme.partition("all within 2 %:")[2].partition("The whole city")[0].replace("−", "-")
    listed = [float(number) for number in re.findall(r"[\u4e00-\u9fff] ([+-]?\d+\.\d)", said)]
    assert np.abs(np.array(listed) - 100 * error.to_numpy()).max() < 0.0501


def test_mainland_districts_neither_overlap_nor_leave_gaps(districts):
    mainland = districts[districts["district_id"] != CHONGMING].geometry
    assert districts.is_valid.all()
    assert shapely.coverage_is_valid(districts.geometry.to_numpy())
    whole = shapely.union_all(mainland.to_numpy())
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0


def test_mainland_districts_are_one_piece_and_chongming_three_islands(districts):
    pieces = districts.set_index("district_id").geometry.count_geometries()
    assert pieces[CHONGMING] == 3
    assert (pieces.drop(CHONGMING) == 1).all()


def test_every_point_lies_in_its_district(districts):
    seats = fact("districts").rename(columns={"seat_lon": "lon", "seat_lat": "lat"})
    facts = [seats, fact("branches"), fact("district_leads")]
    tables = [t.rename(columns={"adcode": "district_id"}) for t in facts]
    for points in (*tables, table("hospitals"), table("branches"), table("units")):
        assert outside(points, districts).empty


def test_units_add_up_to_the_census_of_every_district(districts):
    units = table("units").astype({"people": int})
    people = units.groupby("district_id")["people"].sum()
    assert people.to_dict() == districts.set_index("district_id")["people"].to_dict()
    assert people.sum() == 24_870_895
    assert units["people"].min() > 0


def test_units_are_enough_everywhere_and_each_has_its_own_place():
    units = table("units")
    assert len(units) == 640
    assert units["district_id"].value_counts().min() >= 12
    assert units["unit_id"].is_unique
    assert units["name"].is_unique
    assert not units.duplicated(["lon", "lat"]).any()
    assert (units["unit_id"].str[:6] == units["district_id"]).all()


def test_far_nanhui_has_residents_too():
    pudong = (
        table("units").query("district_id == '310115'").astype({"lon": float, "lat": float, "people": int})
    )
    lingang = pudong[(pudong["lon"] > 121.85) & (pudong["lat"] < 30.95)]
    assert lingang["people"].sum() > 50_000


def test_every_fact_hospital_is_carried_over():
    facts, made = fact("hospitals"), hospitals("SH")
    carried = facts.rename(columns={"id": "hospital_id", "name_zh": "name", "home_adcode": "district_id"})
    same = ["hospital_id", "name", "name_en", "grade", "district_id", "lon", "lat", "beds"]
    pd.testing.assert_frame_equal(made[same], carried[same])
    assert len(made) == 46

    field = "specialist:" + made["specialty"].fillna("")
    assert list(field.where(made["category"] == "specialist", made["category"])) == list(facts["category"])
    military = facts["tier"] == "military"
    assert military.sum() == 6
    assert (made.loc[military, ["tier", "ownership"]] == ["municipal", "military"]).all(axis=None)
    assert (made.loc[~military, ["tier", "ownership"]] == facts.loc[~military, ["tier", "ownership"]]).all(
        axis=None
    )
    assert made["capacity_people"].isna().all()


def test_every_district_lead_is_carried_over():
    facts, made = fact("district_leads"), hospitals("L")
    carried = facts.rename(columns={"id": "hospital_id", "name_zh": "name", "adcode": "district_id"})
    same = ["hospital_id", "name", "name_en", "tier", "category", "ownership", "district_id", "lon", "lat"]
    pd.testing.assert_frame_equal(made[same], carried[same])
    assert len(made) == 40
    assert (made["tier"] == "district").all()
    assert made[["specialty", "grade", "beds", "capacity_people"]].isna().all(axis=None)
    assert set(made["district_id"]) == set(fact("districts")["adcode"])  # every district has one


def test_every_fact_branch_is_carried_over():
    facts, made = fact("branches"), table("branches")
    carried = facts.rename(columns={"branch_name_zh": "name", "adcode": "district_id"})
    pd.testing.assert_frame_equal(made, carried[list(made.columns)])
    assert len(made) == 73
    assert made["hospital_id"].isin(table("hospitals")["hospital_id"]).all()
    assert made["lon"].isna().sum() == 8


def test_partnerships_are_the_open_affiliates_of_candidate_hospitals():
    hospital = table("hospitals").set_index("hospital_id")
    expected = set()
    for branch in table("branches").itertuples():
        owner = hospital.loc[branch.hospital_id]
        candidate = owner["tier"] == "municipal" and owner["ownership"] == "public"
        counted = owner["category"] in {"general", "tcm", "integrated_tcm"}
        if candidate and counted and branch.status == "open" and branch.relation == "affiliate":
            expected.add((branch.hospital_id, branch.district_id))
    made = table("partnerships")
    assert list(zip(made["hospital_id"], made["district_id"], strict=True)) == sorted(expected)
    assert (made["basis"] == "affiliate").all()
    assert made["since"].isna().all()


def test_links_are_those_of_the_facts_and_join_the_islands_of_chongming(districts):
    facts, made = fact("links"), table("links")
    assert made[["way", "name"]].values.tolist() == facts[["way", "name"]].values.tolist()
    units = table("units").set_index("unit_id")
    at = shapely.points(units[["lon", "lat"]].astype(float))
    piece = {}  # unit of Chongming → which island; "" elsewhere
    islands = shapely.get_parts(districts.set_index("district_id").geometry[CHONGMING])
    for unit_id, point in zip(units.index, at, strict=True):
        piece[unit_id] = next((n for n, island in enumerate(islands) if island.covers(point)), None)
    for link, said in zip(made.itertuples(), facts.itertuples(), strict=True):
        assert units.loc[[link.from_unit, link.to_unit], "district_id"].tolist() == [
            said.from_adcode,
            said.to_adcode,
        ]
        assert piece[link.from_unit] != piece[link.to_unit]
    inside = made[made["from_unit"].str.startswith(CHONGMING)]
    assert {piece[end] for ends in (inside["from_unit"], inside["to_unit"]) for end in ends} == {0, 1, 2}


@pytest.mark.parametrize("name", ["units", "hospitals", "branches", "partnerships", "links"])
def test_tables_open_in_excel_and_are_sorted(name):
    raw = (CITY / f"{name}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    keys = table(name).iloc[:, :2]
    assert keys.equals(keys.sort_values(list(keys.columns), ignore_index=True))


def test_districts_are_small_counterclockwise_geojson_without_a_crs(districts):
    raw = (CITY / "districts.geojson").read_bytes()
    assert b'"crs"' not in raw
    assert len(raw) < 40_000
    assert re.search(rb"\.\d{5}", raw) is None
    outlines = shapely.get_exterior_ring(shapely.get_parts(districts.geometry.to_numpy()))
    assert shapely.is_ccw(outlines).all()
