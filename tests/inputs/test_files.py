"""Encodings, Excel, GeoPackage, Shapefile; and what is refused at the door."""

import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from inputs.folders import TOML, dbf, plain, put, town_folder

from gridplan.geography.reading import read
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region
from gridplan.words.errors import DataError

TOWN = tiny_town()
UNSAID = ["name_en", "capacity_people", "referrals_capacity", "regional_centre", "sponsor"]
CHINESE = {
    "hospital_id": "医院编号", "name": "医院名称", "tier": "隶属", "category": "类别", "grade": "等级",
    "ownership": "产权", "district_id": "区划代码", "lon": "经度", "lat": "纬度", "beds": "床位数",
}  # fmt: skip
WORDS = {
    "municipal": "市级", "general": "综合", "tcm": "中医", "integrated_tcm": "中西医结合",
    "specialist": "专科", "public": "公立", "military": "军队", "3A": "三级甲等", "3B": "三级乙等",
}  # fmt: skip


def faults(folder):
    with pytest.raises(DataError) as caught:
        read(folder)
    return caught.value.findings


def codes(findings):
    return [f.code for f in findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_in_chinese_headers_words_and_encodings(tmp_path, encoding):
    folder = town_folder(tmp_path / "town")
    table = plain("hospitals").drop(columns=UNSAID, errors="ignore").replace(WORDS).rename(columns=CHINESE)
    put(folder, "hospitals.csv", table.to_csv(index=False), encoding)
    region = read(folder)
    same = region.hospitals.drop(columns=[*UNSAID, "row"])
    pd.testing.assert_frame_equal(same, TOWN.hospitals[same.columns])
    said = ("gb18030" if encoding == "gbk" else encoding) in str(region.findings)
    assert said is (encoding not in ("utf-8", "utf-8-sig"))


def test_a_csv_in_no_encoding_is_named(tmp_path):
    folder = town_folder(tmp_path / "town")
    (folder / "hospitals.csv").write_bytes(b"hospital_id,name\nH1,\xff\xfe\xfd\x80\n")
    (finding,) = [f for f in faults(folder) if f.code == "unknown-encoding"]
    assert finding.table == "hospitals" and "hospitals.csv" in finding.what.en


def test_excel_with_a_merged_title_and_numbers_for_ids(tmp_path):
    folder = town_folder(tmp_path / "town")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某市医院一览表（2024 年）"])
    sheet.merge_cells("A1:J1")
    sheet.append([])
    sheet.append(
        ["医院编号", "医院名称", "隶属", "类别", "等级", "产权", "区划代码", "经度", "纬度", "床位（张）"]
    )
    sheet.append([1, "甲医院", "市级", "综合", "三甲", "公立", 310101.0, 120.02, "30.07", "１，２００"])
    sheet.append([2, "乙医院", "市属", "中医", "三乙", "公办", "310101.0", 120.03, 30.06, "—"])
    sheet.append(["合计", None, None, None, None, None, None, None, None, 1200])
    book.save(folder / "hospitals.xlsx")
    (folder / "hospitals.csv").unlink()
    (folder / "branches.csv").unlink()
    (folder / "partnerships.csv").unlink()
    region = read(folder)
    assert list(region.hospitals["hospital_id"]) == ["1", "2"]
    assert set(region.hospitals["district_id"]) == {"310101"}
    assert region.hospitals["beds"].tolist()[0] == 1200 and region.hospitals["beds"].isna().tolist() == [
        False,
        True,
    ]
    assert list(region.hospitals["row"]) == [4, 5]
    assert codes(region.findings) == ["total-row"]
    assert region.branches.empty and region.partnerships.empty


def test_a_bad_cell_is_a_finding_with_row_and_id_and_nan(tmp_path):
    folder = town_folder(tmp_path / "town")
    table = plain("hospitals")
    table.loc[2, "beds"] = "约900"
    put(folder, "hospitals.csv", table.to_csv(index=False))
    region = read(folder)
    (finding,) = region.findings.errors
    assert (finding.code, finding.table, finding.row, finding.id) == ("not-a-number", "hospitals", 4, "H3")
    assert "beds" in finding.what.en and "约900" in finding.what.zh
    assert region.hospitals["beds"].isna().tolist()[2]


@pytest.mark.parametrize("name", ["units.gpkg", "units.geojson"])
def test_vector_files_read_as_what_they_are(tmp_path, name):
    folder = town_folder(tmp_path / "town")
    (folder / "units.geojson").unlink()
    units = TOWN.units.drop(columns=["lon", "lat", "row"])
    units.to_file(folder / name)
    region = read(folder)
    assert region.units["unit_id"].tolist() == TOWN.units["unit_id"].tolist()
    assert region.units.geometry.geom_equals(TOWN.units.geometry).all()
    assert shapely.contains_xy(region.units.geometry, region.units["lon"], region.units["lat"]).all()


def test_a_geopackage_with_several_layers_asks_which(tmp_path):
    folder = town_folder(tmp_path / "town")
    (folder / "units.geojson").unlink()
    for layer in ("streets", "grid"):
        TOWN.units.drop(columns="row").to_file(folder / "units.gpkg", layer=layer)
    assert codes(faults(folder)) == ["missing-layer"]
    (folder / "region.toml").write_text(
        TOML + '[tables.units]\nfile = "units.gpkg"\nlayer = "grid"\n', encoding="utf-8"
    )
    assert len(read(folder).units) == 12


def shapefile(folder, encoding, cpg=None, language=0):
    """units as a Shapefile whose .dbf holds Chinese headers and names in `encoding`."""
    for path in folder.glob("units.*"):
        path.unlink()
    gpd.GeoDataFrame({"n": range(12)}, geometry=TOWN.units.geometry.values, crs=4326).to_file(
        folder / "units.shp"
    )
    for path in folder.glob("units.cpg"):
        path.unlink()
    columns = TOWN.units[["unit_id", "name", "people", "district_id"]].astype({"people": int}).astype(str)
    headers = [h.encode(encoding)[:10] for h in ("编号", "街道", "人口", "区划代码")]
    records = [[cell.encode(encoding) for cell in row] for row in columns.itertuples(index=False)]
    (folder / "units.dbf").write_bytes(dbf(headers, records, language))
    if cpg:
        (folder / "units.cpg").write_text(cpg, encoding="ascii")


@pytest.mark.parametrize(
    ("encoding", "cpg", "language", "warned"),
    [
        ("gbk", None, 0, "encoding"),
        ("gbk", None, 0x57, "encoding"),
        ("gbk", "GBK", 0, "encoding"),
        ("gbk", "ISO-8859-1", 0, "encoding-contradicts"),
        ("gbk", "UTF-8", 0, "encoding-contradicts"),
        ("utf-8", None, 0, None),
        ("utf-8", "GBK", 0, "encoding-contradicts"),
    ],
)
def test_a_shapefile_reads_rightly_with_or_without_cpg(tmp_path, encoding, cpg, language, warned):
    folder = town_folder(tmp_path / "town")
    shapefile(folder, encoding, cpg, language)
    columns = (
        '[tables.units]\nfile = "units.shp"\ncolumns = { district_id = "区划代" }\n'
        if encoding == "utf-8"
        else ""
    )
    (folder / "region.toml").write_text(TOML + columns, encoding="utf-8")
    region = read(folder)
    assert region.units["name"].tolist() == TOWN.units["name"].tolist()
    assert region.units["people"].tolist() == TOWN.units["people"].tolist()
    assert codes(region.findings) == ([warned] if warned else [])


def test_a_deleted_dbf_record_and_its_shape_are_gone_together(tmp_path):
    folder = town_folder(tmp_path / "town")
    shapefile(folder, "gbk")
    data = bytearray((folder / "units.dbf").read_bytes())
    data[int.from_bytes(data[8:10], "little")] = ord("*")
    (folder / "units.dbf").write_bytes(data)
    region = read(folder)
    kept = TOWN.units.iloc[1:].reset_index(drop=True)
    assert region.units["unit_id"].tolist() == kept["unit_id"].tolist()
    assert region.units.geometry.geom_equals(kept.geometry).all()


def test_a_sheet_is_chosen_by_name(tmp_path):
    folder = town_folder(tmp_path / "town", TOML + '[tables.hospitals]\nfile = "all.xlsx"\nsheet = "医院"\n')
    with pd.ExcelWriter(folder / "all.xlsx", engine="openpyxl") as book:
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="说明", index=False)
        plain("hospitals").to_excel(book, sheet_name="医院", index=False)
    assert read(folder).fingerprint == TOWN.fingerprint
    (folder / "region.toml").write_text(
        TOML + '[tables.hospitals]\nfile = "all.xlsx"\nsheet = "院"\n', encoding="utf-8"
    )
    (finding,) = faults(folder)
    assert finding.code == "missing-sheet" and "说明, 医院" in finding.hint.en


def test_semicolons_and_a_title_in_a_csv(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "hospitals.csv", "医院一览表\n" + plain("hospitals").to_csv(index=False, sep=";"))
    region = read(folder)
    assert region.fingerprint == TOWN.fingerprint and region.hospitals["row"].tolist()[0] == 3


VRT = "<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>x.csv</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"


@pytest.mark.parametrize("name", ["units.geojson", "units.gpkg", "units.shp", "units.xlsx"])
def test_a_vrt_in_disguise_is_refused(tmp_path, name):
    folder = town_folder(tmp_path / "town")
    put(folder, name, VRT)
    assert codes(faults(folder)) == ["unreadable-file"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("http://example.org/units.csv", "not-local"),
        ("/vsicurl/example.org/units.geojson", "not-local"),
        ("\\\\\\\\server\\\\share\\\\units.csv", "not-local"),
        ("units.vrt", "unknown-format"),
        ("units.xls", "unknown-format"),
        ("units.pkl", "unknown-format"),
        ("nowhere.csv", "missing-file"),
    ],
)
def test_what_is_not_a_local_file_of_a_known_kind_is_refused(tmp_path, file, code):
    folder = town_folder(tmp_path / "town", TOML + f'[tables]\nunits = "{file}"\n')
    assert codes(faults(folder)) == [code]


def test_a_workbook_that_would_burst_is_not_opened(tmp_path):
    folder = town_folder(tmp_path / "town")
    (folder / "units.geojson").unlink()
    with zipfile.ZipFile(folder / "units.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (40 * 2**20))
    assert codes(faults(folder)) == ["too-large"]


def test_a_workbook_with_entities_is_not_opened(tmp_path):
    folder = town_folder(tmp_path / "town")
    (folder / "units.geojson").unlink()
    with zipfile.ZipFile(folder / "units.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert codes(faults(folder)) == ["unreadable-file"]


@pytest.mark.parametrize("text", ['{"type": "FeatureCollection"', "[]", '{"features": [1]}', "[" * 100_000])
def test_broken_geojson_is_one_clear_fault(tmp_path, text):
    folder = town_folder(tmp_path / "town")
    put(folder, "units.geojson", text)
    assert codes(faults(folder)) == ["unreadable-file"]


def test_a_shape_that_is_none_is_named_by_its_row(tmp_path):
    folder = town_folder(tmp_path / "town")
    content = json.loads((folder / "districts.geojson").read_text(encoding="utf-8"))
    content["features"][1]["geometry"]["coordinates"] = [[["east", 30]]]
    content["features"][2]["geometry"] = {"type": "Point", "coordinates": [120, 30]}
    put(folder, "districts.geojson", json.dumps(content))
    errors = read(folder).findings.errors
    assert [(f.code, f.row) for f in errors] == [("broken-geometry", 3), ("wrong-geometry", 4)]


def test_a_comma_in_a_name_without_quotes_is_noticed(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "partnerships.csv", "hospital_id,district_id,basis,since\nH1,T3,custody,2018,x\n")
    assert [(f.code, f.row) for f in read(folder).findings.errors] == [("too-many-cells", 2)]


def test_shapes_are_written_to_the_last_digit(tmp_path):
    """As they are read again."""
    units = TOWN.units.copy()
    corners = [(121.1234567890123, 31.1), (121.2, 31.1), (121.2, 31.2 + 1e-13)]
    units.loc[0, "geometry"] = shapely.Polygon(corners)
    write_region(TOWN.with_tables(units=units), tmp_path)
    written = json.loads((tmp_path / "units.geojson").read_text(encoding="utf-8"))["features"]
    assert written[0]["geometry"]["coordinates"][0][:3] == [list(corner) for corner in corners]
    assert [one["properties"]["name"] for one in written] == units["name"].tolist()
