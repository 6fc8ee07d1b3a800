"""Names that stand for ids, and ids that are made of names: one way to compare, never two answers."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from inputs.folders import TOML, plain, put, town_folder

import gridplan as gp
from gridplan.doctor.doctor import check
from gridplan.inputs.matching.names import Names, city_names, name_key
from gridplan.inputs.matching.round_people import largest_remainders
from gridplan.inputs.sample import tiny_town

TOWN = tiny_town()
DISTRICTS = pd.DataFrame(
    [("1", "东城区"), ("2", "西城区"), ("3", "西城县"), ("4", "北山县"), ("5", "开发区（南片）")],
    columns=["id", "name"],
)
HOSPITALS = pd.DataFrame(
    [
        ("a", "滨江市第一人民医院"),
        ("b", "滨江省第一人民医院"),
        ("c", "东城区人民医院"),
        ("d", "仁爱医院"),
        ("e", "仁爱医院"),
    ],
    columns=["id", "name"],
)


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("东城", {"1"}), ("滨江市东城区", {"1"}), ("东 城 区", {"1"}), ("西城", {"2", "3"}), ("西城区", {"2"}), ("北山", {"4"}),
        ("开发区(南片)", {"5"}), ("开发区【南片】", {"5"}), ("２", {"2"}), ("南城区", set()), ("城", set()),
    ],
)  # fmt: skip
def test_a_district_by_its_name(word, ids):
    assert Names(DISTRICTS, "id", city_names("滨江市")).find(word) == ids


@pytest.mark.parametrize(
    ("word", "ids"),
    [("第一人民医院", {"a"}), ("市第一人民医院", {"a"}), ("滨江第一人民医院", {"a"}), ("滨江省第一人民医院", {"b"}), ("仁爱医院", {"d", "e"}),
     ("东城区人民医院", {"c"}), ("人民医院", set())],
)  # fmt: skip
def test_a_hospital_by_its_name_with_and_without_its_city(word, ids):
    found = Names(HOSPITALS, "id", city_names("滨江市（虚构）")).find(word)
    assert found == ids or (ids == {"a"} and found == {"a", "b"})  # two of one name are never one


def test_names_and_ids_are_compared_alike():
    assert (
        name_key("澄川市第一医院（滨江院区）")
        == name_key("澄川市第一医院 (滨江院区)")
        == name_key("澄川市第一医院【滨江院区】")
    )
    assert name_key("Ｔ１－０１") == name_key("t1-01")


def test_a_name_that_may_be_two_is_an_error_that_names_both(tmp_path):
    folder = town_folder(tmp_path / "town")
    hospitals = plain("hospitals")
    hospitals.loc[[1, 2], "name"] = "市仁爱医院"
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    put(folder, "partnerships.csv", "hospital_id,district_id,basis,since\n仁爱医院,T3,custody,2018\n")
    (finding,) = check(folder).errors
    assert (
        finding.code == "unknown-hospital"
        and "H2 市仁爱医院, H3 市仁爱医院" in finding.hint.en
        and finding.row == 2
    )


def test_tables_without_ids_get_those_of_their_names_and_stay_the_same(tmp_path):
    folder = town_folder(tmp_path / "town")
    units, hospitals = plain("units"), plain("hospitals").drop(columns="hospital_id")
    names = dict(zip(TOWN.districts["district_id"], TOWN.districts["name"], strict=True))
    units["name"] = ["人民街道"] * 2 + units["name"].tolist()[2:-1] + ["人民街道"]
    units.loc[1, "name"] = "和平街道"
    units["district_id"] = units["district_id"].map(names)
    hospitals["district_id"] = hospitals["district_id"].map(names)
    districts = plain("districts").drop(columns="district_id")
    put(folder, "districts.csv", districts.to_csv(index=False))
    put(folder, "units.csv", units.drop(columns="unit_id").to_csv(index=False))
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    put(
        folder,
        "branches.csv",
        plain("branches").assign(hospital_id="市第一医院", district_id="东区").to_csv(index=False),
    )
    put(folder, "partnerships.csv", "医院,区,合作方式\n市第一医院,北县,托管\n")
    region = gp.read(folder)
    assert {"中区-人民街道", "北县-人民街道"} <= set(region.units["unit_id"])
    assert set(region.hospitals["hospital_id"]) == set(TOWN.hospitals["name"])
    assert sorted(f.table for f in region.findings if f.code == "ids-from-names") == [
        "districts",
        "hospitals",
        "units",
    ]
    assert gp.plan(region, gp.policy("shanghai-2025")).status == "optimal"
    put(folder, "units.csv", units.drop(columns="unit_id").iloc[::-1].to_csv(index=False))
    assert gp.read(folder).fingerprint == region.fingerprint


def test_a_file_of_names_joins_one_of_ids_and_shapes(tmp_path):
    folder = town_folder(
        tmp_path / "town", TOML + '[tables.districts]\nfile = ["shapes.geojson", "figures.csv"]\n'
    )
    (folder / "districts.geojson").unlink()
    TOWN.districts[["district_id", "name", "geometry"]].to_file(folder / "shapes.geojson")
    figures = plain("districts").drop(columns="district_id")
    figures["name"] = figures["name"].str.replace("区", " 区")
    put(folder, "figures.csv", figures.to_csv(index=False))
    assert gp.read(folder).fingerprint == TOWN.fingerprint


def test_remainders_keep_the_total():
    values = largest_remainders(pd.Series([1.5, 1.5, 1.4, 0.6]).to_numpy())
    assert values.tolist() == [2, 1, 1, 1] and values.sum() == 5


def test_tables_of_python_are_read_like_files():
    town = TOWN
    units = town.units.rename(columns={"unit_id": "街道代码", "people": "常住人口（人）"}).drop(
        columns=["lon", "lat", "row"]
    )
    hospitals = town.hospitals.drop(columns="row")
    points = gp.read({"districts": town.districts, "units": town.units, "hospitals": hospitals}).hospitals
    import geopandas as gpd

    placed = gpd.GeoDataFrame(
        hospitals.drop(columns=["lon", "lat"]),
        geometry=gpd.points_from_xy(points["lon"], points["lat"]),
        crs=4326,
    )
    region = gp.read(
        {"districts": town.districts, "units": units, "hospitals": placed.to_crs(4549)}, name="town"
    )
    assert region.units["people"].sum() == 81_000 and region.hospitals["lon"].tolist() == pytest.approx(
        points["lon"].tolist()
    )
    with pytest.raises(gp.DataError) as caught:
        gp.read({"units": units, "hospital": placed})
    assert "hospitals" in caught.value.findings[0].hint.en


OURS = pd.DataFrame(
    [
        ("a", "滨江市第一人民医院"),
        ("b", "滨江县第一人民医院"),
        ("c", "东城区人民医院"),
        ("d", "某省儿童医院"),
    ],
    columns=["id", "name"],
)


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("临海市第一人民医院", set()), ("某省第一人民医院", set()), ("临海市东城区人民医院", set()), ("滨江市儿童医院", set()),
        ("滨江第一人民医院", {"a", "b"}), ("某省滨江市第一人民医院", {"a"}), ("第一人民医院", {"a"}), ("某省滨江县第一人民医院", {"b"}),
        ("某省滨江市东城区人民医院", {"c"}), ("某省东城区人民医院", {"c"}), ("儿童医院", {"d"}),
    ],
)  # fmt: skip
def test_another_citys_hospital_is_never_taken_for_ours(word, ids):
    for title in ("滨江市", "滨江", "某省滨江市（虚构）", "滨江市医疗资源布局规划"):
        assert Names(OURS, "id", city_names(title)).find(word) == ids, title


@pytest.mark.parametrize(
    ("word", "ids"),
    [("临海市东城区", set()), ("某省临海市东城区", set()), ("某省滨江市东城区", {"1"}), ("某省东城区", {"1"}), ("滨江东城区", {"1"})],
)  # fmt: skip
def test_another_citys_district_is_never_taken_for_ours(word, ids):
    assert Names(DISTRICTS, "id", city_names("滨江市")).find(word) == ids


@pytest.mark.parametrize(
    ("title", "word", "said"),
    [
        ("宁溪市", "临海市仁爱医院", "[names.hospitals]"), ("", "临海市仁爱医院", 'title = "临海市"'),
        ("宁溪市", "人民医院", "H2-东院 人民医院, H3 人民医院"),
    ],
)  # fmt: skip
def test_what_to_do_with_a_name_of_elsewhere_or_of_two(title, word, said):
    hospitals = TOWN.hospitals.copy()
    hospitals.loc[[0, 1, 2], "name"] = ["仁爱医院", "人民医院", "人民医院"]
    hospitals["hospital_id"] = hospitals["hospital_id"].replace("H2", "H2-东院")
    pairs = pd.DataFrame(
        {"hospital_id": [word], "district_id": ["T3"], "basis": ["custody"], "since": [2018]}
    )
    town = dataclasses.replace(TOWN, title=title).with_tables(
        hospitals=hospitals, partnerships=pairs.assign(row=2), branches=TOWN.branches.iloc[:0]
    )
    (found,) = [f for f in check(town) if f.code == "unknown-hospital"]
    assert said in found.hint.en
