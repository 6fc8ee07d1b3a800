"""What grids ask of a region: the table links, districts.consortium, hospitals.willing; in every file format."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gridplan.doctor.doctor import check
from gridplan.doctor.repair import repair_folder
from gridplan.geography.reading import read
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region
from tests.inputs.folders import TOML, plain, put, town_folder

TOWN = tiny_town()
LINKS = pd.DataFrame(
    [("T1-02", "T2-03", "bridge", "东桥", 2), ("T1-03", "T3-02", "ferry", "", 3)],
    columns=["from_unit", "to_unit", "way", "name", "row"],
)


def with_links(folder: Path, text: str, toml: str = TOML) -> Path:
    put(town_folder(folder, toml), "links.csv", text)
    return folder


def table(folder: Path) -> list[list[str]]:
    links = read(folder).links
    assert links is not None
    return links[["from_unit", "to_unit", "way", "name"]].values.tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_links_in_chinese_words(tmp_path, encoding):
    folder = town_folder(tmp_path)
    text = "起点单元,终点单元,方式,名称\nT1-03,T3-02,轮渡,\nT1-02,T2-03,大桥,东桥\n"
    put(folder, "links.csv", text, encoding)
    assert table(folder) == LINKS.drop(columns="row").values.tolist()
    assert not check(read(folder)).errors


@pytest.mark.parametrize(
    ("word", "way"),
    [("bridge", "bridge"), ("隧道", "bridge"), ("Tunnel", "bridge"), ("桥隧", "bridge"), ("FERRY", "ferry"), ("渡口", "ferry")],
)  # fmt: skip
def test_the_words_for_a_way_across(tmp_path, word, way):
    folder = with_links(tmp_path, f"from_unit,to_unit,way\nT1-02,T2-03,{word}\n")
    assert table(folder) == [["T1-02", "T2-03", way, ""]]


def test_links_from_a_workbook(tmp_path):
    folder = town_folder(tmp_path)
    book = openpyxl.Workbook()
    for row in (["桥隧与轮渡"], [], ["起点", "终点", "类型", "桥名"], ["T1-02", "T2-03", "桥", "东桥"]):
        book.active.append(row)
    book.save(folder / "links.xlsx")
    assert table(folder) == [["T1-02", "T2-03", "bridge", "东桥"]]
    assert read(folder).links["row"].tolist() == [4]


def test_links_from_geojson(tmp_path):
    folder = town_folder(tmp_path)
    line = {"type": "LineString", "coordinates": [[120.07, 30.02], [120.12, 30.07]]}
    said = {"from_unit": "T1-02", "to_unit": "T2-03", "way": "桥", "name": "东桥"}
    features = [{"type": "Feature", "properties": said, "geometry": line}]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    put(folder, "links.geojson", text)
    assert table(folder) == [["T1-02", "T2-03", "bridge", "东桥"]]


def test_a_unit_may_be_named_where_only_one_is_called_so(tmp_path):
    units = plain("units")
    units.loc[units["unit_id"] == "T3-02", "name"] = "第1街道"  # the name of T1-01, too
    folder = with_links(tmp_path, "from_unit,to_unit,way\n第2街道,第7街道,bridge\n第1街道,第3街道,ferry\n")
    put(folder, "units.csv", units.to_csv(index=False))
    region = read(folder)
    assert table(folder)[0] == ["T1-02", "T2-03", "bridge", ""]
    named = [f for f in check(region) if f.code == "names-as-ids"]
    assert [(f.table, f.id) for f in named] == [("links", "from_unit"), ("links", "to_unit")]
    assert "第2街道 → T1-02" in named[0].what.zh
    (unknown,) = check(region).errors
    assert (unknown.code, unknown.row) == ("unknown-unit", 3)
    assert "did you mean T1-01 第1街道, T3-02 第1街道" in unknown.hint.en.replace("Did", "did")


def test_a_link_to_a_unit_that_is_left_out_is_a_warning_and_joins_nothing(tmp_path):
    toml = TOML + '[units]\nwithout_location = "leave_out"\n'
    folder = with_links(tmp_path, "from_unit,to_unit,way\n第4街道,T2-03,bridge\n", toml)
    units = plain("units")
    units.loc[units["unit_id"] == "T1-04", ["lon", "lat"]] = ""
    put(folder, "units.csv", units.to_csv(index=False))
    region = read(folder)
    findings = [f for f in check(region) if f.table == "links"]
    assert [(f.severity, f.code, f.id) for f in findings] == [
        ("warning", "names-as-ids", "from_unit"),
        ("warning", "link-left-out", "T1-04–T2-03"),
    ]
    assert "T1-04" in findings[1].what.en and "T1-04" in findings[1].what.zh


@pytest.mark.parametrize(
    ("cell", "word"),
    [("是", "yes"), ("愿意", "yes"), ("TRUE", "yes"), ("1", "yes"), ("否", "no"), ("false", "no"), ("0", "no"), ("", ""), ("—", "")],
)  # fmt: skip
def test_whether_a_hospital_is_willing(tmp_path, cell, word):
    folder = town_folder(tmp_path)
    hospitals = plain("hospitals").rename(columns={"willing": "是否自愿"})
    hospitals.loc[hospitals["hospital_id"] == "H6", "是否自愿"] = cell
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    region = read(folder)
    assert dict(zip(region.hospitals["hospital_id"], region.hospitals["willing"], strict=True))["H6"] == word
    assert not check(region)


@pytest.mark.parametrize(("value", "word"), [(True, "yes"), (False, "no"), (None, ""), ("愿意", "yes")])
def test_willing_from_geojson(tmp_path, value, word):
    folder = town_folder(tmp_path)
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in record.items() if k not in ("lon", "lat", "willing") and v != ""}
            | {"willing": value},
            "geometry": {"type": "Point", "coordinates": [record["lon"], record["lat"]]},
        }
        for record in plain("hospitals").to_dict("records")
    ]
    put(folder, "hospitals.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    assert set(read(folder).hospitals["willing"]) == {word}


@pytest.mark.parametrize(
    ("value", "word"),
    [("县域医共体", "county"), ("医共体", "county"), ("County", "county"), ("城市医疗集团", "urban"), (None, ""), ("", "")],
)  # fmt: skip
def test_what_a_district_runs(tmp_path, value, word):
    folder = town_folder(tmp_path)
    file = folder / "districts.geojson"
    content = json.loads(file.read_text(encoding="utf-8"))
    for feature in content["features"]:
        properties = feature["properties"]
        del properties["consortium"]
        properties["医联体形式"] = value if properties["district_id"] == "T3" else None
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    region = read(folder)
    assert region.districts["consortium"].tolist() == ["", "", word]
    assert not check(region)


def test_a_region_with_links_is_written_and_read_back(tmp_path):
    hospitals = TOWN.hospitals.assign(willing=["yes", "no", *[""] * 5])
    districts = TOWN.districts.assign(consortium=["urban", "", "county"])
    region = TOWN.with_tables(links=LINKS, hospitals=hospitals, districts=districts)
    files = write_region(region, tmp_path)
    again = read(tmp_path)
    assert "links.csv" in [file.name for file in files]
    assert again.fingerprint == region.fingerprint and not check(again)
    assert again.hospitals["willing"].tolist() == hospitals["willing"].tolist()
    assert again.districts["consortium"].tolist() == ["urban", "", "county"]


def test_each_of_them_changes_the_fingerprint():
    variants = [
        TOWN,
        TOWN.with_tables(links=LINKS),
        TOWN.with_tables(links=LINKS.iloc[:1]),
        TOWN.with_tables(links=LINKS.assign(way="ferry")),
        TOWN.with_tables(hospitals=TOWN.hospitals.assign(willing="yes")),
        TOWN.with_tables(districts=TOWN.districts.assign(consortium="county")),
    ]
    assert len({region.fingerprint for region in variants}) == len(variants)
    assert TOWN.with_tables(links=LINKS.iloc[::-1]).fingerprint == variants[1].fingerprint


def test_a_repaired_folder_keeps_its_links(tmp_path):
    text = "from_unit,to_unit,way\nT1-02,T2-03,bridge\nT1-02,T2-03,bridge\nT1-02,T2-03,ferry\n"
    changes = repair_folder(with_links(tmp_path / "old", text), tmp_path / "new")
    assert table(tmp_path / "new") == [["T1-02", "T2-03", "bridge", ""], ["T1-02", "T2-03", "ferry", ""]]
    assert changes[["table", "row", "id"]].values.tolist() == [["links", 3, "T1-02–T2-03–bridge"]]
