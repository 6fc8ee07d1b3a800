"""region.toml, headers, joins, datums of tables; all faults at once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from inputs.folders import TOML, plain, put, town_folder

from gridplan.geography.reading import read
from gridplan.inputs.datum import wgs84_to
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.sheets.cells import half_width
from gridplan.words.errors import DataError

TOWN = tiny_town()
W = 'datum = "wgs84"\n'


def faults(folder):
    with pytest.raises(DataError) as caught:
        read(folder)
    return caught.value.findings


def only(findings, code):
    (finding,) = [f for f in findings if f.code == code]
    return finding


@pytest.mark.parametrize(
    ("toml", "code", "id", "hint"),
    [
        ('name = "t"\n', "missing-datum", "datum", "gcj02"),
        ('name = yunxi\ndatum = "火星坐标"\n', "unknown-setting", "datum", "Did you mean 'gcj02'?"),
        (W + '[表.医院]\n文件 = "h.csv"\n[tables.units]\nfile = "u.csv"\n', "setting-twice", "表", "under tables"),
        (W + '坐标系 = "gcj02"\n', "setting-twice", "坐标系", "delete 坐标系"),
        ('datum = "wgs48"\n', "unknown-setting", "datum", "Did you mean 'wgs84'?"),
        (W + 'source = ["x"]\n', "unknown-setting", "source", "Did you mean 'sources'?"),
        (W + 'sources = 3\n', "wrong-setting", "sources", "sources"),
        (W + 'data_date = 2024\n', "wrong-setting", "data_date", "data_date"),
        (W + '[tables]\nhospital = "h.csv"\n', "unknown-setting", "tables.hospital", "hospitals"),
        (W + '[tables.units]\nfil = "x.csv"\n', "unknown-setting", "tables.units.fil", "file"),
        (W + '[tables.units]\ncrs = "EPSG:x"\n', "wrong-setting", "tables.units.crs", "EPSG:4547"),
        (W + '[tables.units]\ncolumns={nam="x"}', "unknown-setting", "tables.units.columns.nam", "name"),
        (W + '[people]\nshare = "evenly"\n', "wrong-setting", "people.share", "equal"),
        (W + '[people]\nshare = "column:"\n', "wrong-setting", "people.share", "column:NAME"),
        (W + '[units]\nwithout_location = "drop"\n', "wrong-setting", "units.without_location", "leave_out"),
        (W + '[units]\nwithout = "drop"\n', "unknown-setting", "units.without", "without_location"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_with_what_was_meant(tmp_path, toml, code, id, hint):
    finding = only(faults(town_folder(tmp_path / "town", toml)), code)
    assert finding.id == id and finding.table == "region" and hint in finding.hint.en


def test_a_region_toml_that_is_none(tmp_path):
    folder = town_folder(tmp_path / "town", 'name = "t\n')
    assert [f.code for f in faults(folder)] == ["unreadable-region-toml"]
    (folder / "region.toml").unlink()
    assert [f.code for f in faults(folder)] == ["missing-region-toml"]
    assert [f.code for f in faults(tmp_path / "nowhere")] == ["missing-folder"]


def test_region_toml_in_gbk_and_with_bom(tmp_path):
    for encoding in ("gbk", "utf-8-sig"):
        folder = town_folder(tmp_path / encoding)
        (folder / "region.toml").write_text('name = "小城"\ndatum = "WGS-84"\n', encoding=encoding)
        assert read(folder).name == "小城"


def test_all_faults_come_at_once(tmp_path):
    folder = town_folder(tmp_path / "town", 'name = "t"\n')
    put(folder, "hospitals.csv", plain("hospitals").drop(columns=["tier", "lon"]).to_csv(index=False))
    put(folder, "branches.geojson", "<html>")
    (folder / "districts.geojson").unlink()
    found = faults(folder)
    assert sorted(f.code for f in found) == [
        "missing-column", "missing-column", "missing-datum", "missing-table", "unreadable-file",
    ]  # fmt: skip
    assert {f.id for f in found if f.code == "missing-column"} == {"tier", "lon"}


def test_a_missing_column_says_which_header_may_be_meant(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(
        folder,
        "hospitals.csv",
        plain("hospitals").rename(columns={"ownership": "owenrship"}).to_csv(index=False),
    )
    finding = only(faults(folder), "missing-column")
    assert finding.id == "ownership" and "'owenrship'" in finding.hint.en and "owenrship" in finding.hint.zh
    (folder / "region.toml").write_text(
        TOML + '[tables.hospitals]\ncolumns = { ownership = "owenrship" }', encoding="utf-8"
    )
    assert read(folder).fingerprint == TOWN.fingerprint


def test_people_in_ten_thousands_are_read_as_persons_and_told(tmp_path):
    for header, factor in (("人口（万人）", 1e4), ("常住人口_万人", 1e4), ("population (thousand)", 1e3)):
        folder = town_folder(tmp_path / header.replace("（", ""))
        put(folder, "units.csv", plain("units").rename(columns={"people": header}).to_csv(index=False))
        region = read(folder)
        finding = only(region.findings, "unit-converted")
        assert half_width(header) in finding.what.en and "whole persons" in finding.what.en
        assert region.units["people"].tolist() == [people * factor for people in TOWN.units["people"]]


def test_people_counted_in_persons_are_read_whatever_the_header_adds(tmp_path):
    folder = town_folder(tmp_path / "town")
    headers = {"people": "常住人口（人）", "people_65plus": "65岁及以上人口",
               "people_0_14": "0-14岁人口（人）", "unit_id": "网格编号",
               "name": "街道", "lon": "经度(°)", "lat": "纬度(°)", "district_id": "区划代码"}  # fmt: skip
    put(folder, "units.csv", plain("units").rename(columns=headers).to_csv(index=False))
    assert (
        read(folder).table_hashes["units"]
        == TOWN.with_tables(units=TOWN.units.assign(geometry=None)).table_hashes["units"]
    )


def test_other_groups_of_people_are_kept(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "units.csv", plain("units").assign(people_disabled=7).to_csv(index=False))
    assert read(folder).units["people_disabled"].eq(7).all()


def test_two_columns_of_people_are_said(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "units.csv", plain("units").assign(常住人口=1).to_csv(index=False))
    region = read(folder)
    assert only(region.findings, "several-headers").table == "units"
    assert region.units["people"].sum() == 81_000


def test_specialists_and_military_hospitals_as_the_fact_tables_write_them(tmp_path):
    folder = town_folder(tmp_path / "town")
    table = plain("hospitals").drop(columns="specialty")
    table.loc[6, "category"] = "specialist:ophthalmology"
    table.loc[5, ["tier", "ownership"]] = ["军队", "public"]
    put(folder, "hospitals.csv", table.to_csv(index=False))
    region = read(folder)
    assert region.table_hashes["hospitals"] == TOWN.table_hashes["hospitals"]
    assert only(region.findings, "military-tier").id == "H6"


def test_fenyuan_is_read_with_caution_and_said(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "branches.csv", plain("branches").replace({"affiliate": "分院"}).to_csv(index=False))
    region = read(folder)
    assert region.fingerprint == TOWN.fingerprint and only(region.findings, "ambiguous-word").id == "B2"


def test_names_of_districts_and_hospitals_stand_in_for_ids(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "partnerships.csv", "医院,区县,合作方式,起始年份\n市第一医院,北县,托管,2018\n")
    region = read(folder)
    assert region.fingerprint == TOWN.fingerprint
    assert [f.code for f in region.findings] == ["names-as-ids", "names-as-ids"]


def test_districts_are_joined_from_geometry_only_where_they_are_not_given(tmp_path):
    folder = town_folder(tmp_path / "town")
    units = plain("units")
    units["district_id"] = ["T2", *[""] * 11]
    units.loc[11, "lon"] = 121.5
    put(folder, "units.csv", units.to_csv(index=False))
    joined = read(folder).units["district_id"].tolist()
    assert joined == ["T2", *TOWN.units["district_id"].tolist()[1:11], ""]


def test_one_table_from_two_files_joined_on_the_id(tmp_path):
    toml = TOML + '[tables.districts]\nfile = ["areas.geojson", "figures.csv"]\n'
    folder = town_folder(tmp_path / "town", toml)
    (folder / "districts.geojson").unlink()
    TOWN.districts[["district_id", "name", "geometry"]].to_file(folder / "areas.geojson")
    figures = plain("districts").drop(columns="name").iloc[::-1].rename(columns={"district_id": "adcode"})
    figures.loc[99] = {**figures.iloc[0], "adcode": "T9"}
    put(folder, "figures.csv", figures.to_csv(index=False))
    region = read(folder)
    assert region.fingerprint == TOWN.fingerprint
    assert "T9" in only(region.findings, "not-joined").what.en


def test_files_without_id_and_name_cannot_be_joined(tmp_path):
    folder = town_folder(
        tmp_path / "town", TOML + '[tables.hospitals]\nfile = ["hospitals.csv", "beds.csv"]\n'
    )
    put(folder, "beds.csv", "等级,床位\n三甲,3\n")
    finding = only(faults(folder), "missing-column")
    assert finding.id == "hospital_id" and "beds.csv" in finding.what.en


def test_where_keeps_some_records_and_says_how_many_not(tmp_path):
    folder = town_folder(tmp_path / "town", TOML + '[tables.units]\nwhere = { level = ["town", "street"] }\n')
    levels = ["town"] * 6 + ["street"] * 4 + ["county"] * 2
    put(folder, "units.csv", plain("units").assign(level=levels).to_csv(index=False))
    region = read(folder)
    assert len(region.units) == 10 and "2 of 12" in only(region.findings, "left-aside").what.en
    put(folder, "units.csv", plain("units").assign(levle=levels).to_csv(index=False))
    assert only(faults(folder), "unknown-header").hint.en == "did you mean 'levle'?"


def test_unlocated_units_are_left_out_only_when_asked(tmp_path):
    units = plain("units")
    units.loc[3, ["lon", "lat"]] = "—"
    for toml, expected in ((TOML, 12), (TOML + '[units]\nwithout_location = "leave_out"\n', 11)):
        folder = town_folder(tmp_path / str(expected), toml)
        put(folder, "units.csv", units.to_csv(index=False))
        assert len(read(folder).units) == expected
    assert only(read(folder).findings, "unit-left-out").id == "T1-04"


def test_two_files_for_one_table_are_not_chosen_between(tmp_path):
    folder = town_folder(tmp_path / "town")
    (folder / "hospitals.xlsx").write_bytes(b"PK")
    assert [f.code for f in faults(folder)] == ["several-files"]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_the_datum_of_a_table_wins_over_its_file_with_a_warning(tmp_path, datum):
    folder = town_folder(
        tmp_path / "town", TOML + f'[tables.units]\nfile = "units.gpkg"\ndatum = "{datum}"\n'
    )
    (folder / "units.geojson").unlink()
    shifted = TOWN.units.drop(columns="row")
    shifted["lon"], shifted["lat"] = wgs84_to(shifted["lon"].to_numpy(), shifted["lat"].to_numpy(), datum)
    shifted.geometry = shifted.geometry.transform(
        lambda p: np.column_stack(wgs84_to(p[:, 0], p[:, 1], datum))
    )
    shifted.to_file(folder / "units.gpkg")
    region = read(folder)
    assert region.fingerprint == TOWN.fingerprint
    assert only(region.findings, "crs-contradicts").severity == "warning"


def test_metres_are_projected_back_and_cannot_be_gcj02(tmp_path):
    toml = TOML + '[tables.units]\nfile = "units.gpkg"\ndatum = "cgcs2000"\n'
    folder = town_folder(tmp_path / "town", toml)
    (folder / "units.geojson").unlink()
    TOWN.units.drop(columns=["row", "lon", "lat"]).to_crs(4549).to_file(folder / "units.gpkg")
    region = read(folder)
    assert not region.findings
    assert region.units.geometry.geom_equals_exact(TOWN.units.geometry, 2e-7).all()
    (folder / "region.toml").write_text(toml.replace("cgcs2000", "gcj02"), encoding="utf-8")
    assert only(faults(folder), "projected-gcj02").table == "units"


def test_columns_in_metres_beside_shapes_in_metres(tmp_path):
    folder = town_folder(tmp_path / "town", TOML + '[tables]\nunits = "units.gpkg"\n')
    (folder / "units.geojson").unlink()
    metres = TOWN.units.drop(columns=["row", "lon", "lat"]).to_crs(4549)
    centres = metres.geometry.centroid
    metres.assign(POINT_X=centres.x, POINT_Y=centres.y).to_file(folder / "units.gpkg")
    assert np.allclose(read(folder).units["lon"], TOWN.units["lon"], atol=1e-5)


def test_metres_in_a_csv_need_a_crs(tmp_path):
    folder = town_folder(tmp_path / "town")
    points = gpd.GeoSeries(gpd.points_from_xy(TOWN.hospitals["lon"], TOWN.hospitals["lat"], crs=4326)).to_crs(
        4549
    )
    table = plain("hospitals").assign(lon=points.x, lat=points.y).rename(columns={"lon": "x", "lat": "y"})
    put(folder, "hospitals.csv", table.to_csv(index=False))
    assert only(faults(folder), "missing-crs").table == "hospitals"
    (folder / "region.toml").write_text(TOML + '[tables.hospitals]\ncrs = "EPSG:4549"\n', encoding="utf-8")
    assert read(folder).table_hashes["hospitals"] == TOWN.table_hashes["hospitals"]


def test_a_file_on_an_old_datum_contradicts_region_toml(tmp_path):
    folder = town_folder(tmp_path / "town", TOML + '[tables]\ndistricts = "districts.gpkg"\n')
    (folder / "districts.geojson").unlink()
    TOWN.districts.drop(columns="row").set_crs(4214, allow_override=True).to_file(folder / "districts.gpkg")
    assert "Beijing 1954" in only(read(folder).findings, "crs-contradicts").what.en


def test_roads_from_lines_with_speeds_and_from_a_table(tmp_path):
    folder = town_folder(tmp_path / "town")
    lines = gpd.GeoDataFrame(
        {"km_h": [60, 30]},
        geometry=gpd.GeoSeries.from_wkt(
            ["LINESTRING (120 30, 120 30.1, 120.1 30.1)", "LINESTRING (120 30, 120.1 30)"]
        ),
        crs=4326,
    )
    lines.to_file(folder / "roads.geojson")
    roads = read(folder).roads
    assert len(roads) == 3
    north = roads[(roads["from_lat"] == 30) & (roads["to_lat"] == 30.1)]
    assert north["minutes"].item() == pytest.approx(6371.0088 * np.radians(0.1))
    put(folder, "roads.csv", "from_lon,from_lat,to_lon,to_lat,minutes\n120,30,120,30.1,9\n")
    assert read(folder).roads["minutes"].tolist() == [9]


def test_a_travel_table_is_read(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "travel.csv", "网格编号,医院编号,出行时间（分钟）\nT1-02,H1,12.5\nT1-01,H1,3\n")
    travel = read(folder).travel
    assert travel["minutes"].tolist() == [3, 12.5] and travel["row"].tolist() == [3, 2]


def test_the_order_of_rows_and_files_does_not_matter(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "hospitals.csv", plain("hospitals").sample(frac=1, random_state=1).to_csv(index=False))
    region = read(folder)
    assert region.fingerprint == TOWN.fingerprint
    said = TOWN.hospitals.columns.drop(
        "row"
    )  # what nothing says is blank in a folder, and missing in the town
    pd.testing.assert_frame_equal(region.hospitals[said], TOWN.hospitals[said])


def test_a_date_of_the_data_may_be_a_date_or_words(tmp_path):
    for n, (toml, date) in enumerate((("2024-12-31", "2024-12-31"), ('"2024 年底"', "2024 年底"))):
        folder = town_folder(tmp_path / str(n), W + f'data_date = {toml}\nmap_approval = "沪S(2024)001号"\n')
        region = read(folder)
        assert (region.data_date, region.map_approval) == (date, "沪S(2024)001号")
