"""Numbers, words and headers as people write them: what has one meaning is read and told, the rest is named."""

from __future__ import annotations

import math

import pytest
from inputs.folders import TOML, plain, put, town_folder

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.schema import HOSPITALS, PARTNERSHIPS, TRAVEL, UNITS
from gridplan.inputs.sheets.cells import clean_grade, clean_word
from gridplan.inputs.sheets.headers import datum_in, map_headers, stated_unit
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.sheets.numbers import as_written

TOWN = tiny_town()
COLUMNS = {column.name: column for table in (UNITS, HOSPITALS, TRAVEL) for column in table}


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("people", "7.3万", 73_000), ("people", "7.3 万人", 73_000), ("people", "12,345", 12_345), ("people", "１２３４５", 12_345),
        ("people", "48210人", 48_210), ("people", "1.2亿", 1.2e8), ("people", "3千人", 3000), ("people", "48 210", 48_210),
        ("people", "'52345", 52_345), ("beds", "1,500张", 1500), ("beds", "800床", 800), ("beds", "约900", None),
        ("people", "4-5万", None), ("people", "9000,37", None), ("people", "1.2.3", None), ("people", "三万", None),
        ("minutes", "1小时5分", 65), ("minutes", "45分钟", 45), ("minutes", "90秒", 1.5), ("minutes", "2h", 120),
        ("lon", "120.5°", 120.5), ("lon", "120.5E", 120.5), ("lon", "E120.5", 120.5), ("lon", "东经120.5", 120.5),
        ("lat", "30°15′", 30.25), ("lat", "30°15'36\"N", 30.26), ("lat", "30度15分36秒", 30.26), ("lat", "S30°15′", -30.25),
        ("lat", "30°15'36s", 30.26), ("lat", "30.25S", -30.25), ("lon", "120,25", 120.25), ("lon", "120°75′", None),
        ("lon", "120 25 30", None), ("lon", "1,234,567", None), ("people", "", math.nan), ("people", "—", math.nan),
        ("people", "47000①", 47_000), ("people", "47000 ③", 47_000), ("people", "31000²", 31_000), ("people", "2.5万⒈", 25_000),
        ("people", "4①7", None), ("people", "10³", None), ("people", "3×10⁴", None), ("lat", "30.25②", 30.25), ("lon", "120°30′①", 120.5),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_or_not_at_all(column, cell, value):
    written = as_written(cell, COLUMNS[column])
    assert (None if written is None else written.value) == pytest.approx(value, nan_ok=True)


def test_what_was_not_in_digits_is_told_with_row_and_value(tmp_path):
    folder = town_folder(tmp_path / "town")
    units = plain("units")
    units.loc[1, "people"], units.loc[2, "people_65plus"] = "1.2万", "21%"
    put(folder, "units.csv", units.to_csv(index=False))
    region = read(folder)
    assert region.units["people"].tolist() == TOWN.units["people"].tolist()
    assert region.units.loc[2, "people_65plus"] == 2100
    told = [(f.row, f.what.en) for f in region.findings if f.code == "number-as-written"]
    assert told == [
        (3, "people = '1.2万' is read as 12,000."),
        (4, "people_65plus = '21%' is read as 2,100."),
    ]


@pytest.mark.parametrize(
    "header", ["人口（万人）", "常住人口_万人", "population (10k)", "2024年末常住人口（单位：万人）"]
)
def test_a_header_in_ten_thousands_is_converted_and_told(tmp_path, header):
    folder = town_folder(tmp_path / "town")
    units = plain("units")
    units["people"] = units["people"].astype(float) / 10_000
    put(folder, "units.csv", units.rename(columns={"people": header}).to_csv(index=False))
    region = read(folder)
    assert region.units["people"].tolist() == TOWN.units["people"].tolist()
    assert [f.id for f in region.findings if f.code == "unit-converted"] == ["people"]


def test_a_title_says_what_all_persons_count_in(tmp_path):
    folder = town_folder(tmp_path / "town")
    units = plain("units")
    units["people"] = units["people"].astype(float) / 10_000
    units = units.drop(columns=["people_65plus", "people_0_14"])
    put(folder, "units.csv", "各街道人口,,,\n单位：万人,,,\n" + units.to_csv(index=False))
    assert read(folder).units["people"].sum() == 81_000


def test_decimals_of_a_raster_sum_are_rounded_only_where_it_is_asked(tmp_path):
    folder = town_folder(tmp_path / "town")
    units = plain("units")
    units["people"] = [f"{people - 0.4 + 0.1 * n:.1f}" for n, people in enumerate(TOWN.units["people"])]
    put(folder, "units.csv", units.to_csv(index=False))
    (finding,) = [f for f in check(folder) if f.code == "people-with-decimals"]
    assert 'decimals = "round"' in finding.hint.en and "栅格" in finding.hint.zh
    (folder / "region.toml").write_text(TOML + '[people]\ndecimals = "round"\n', encoding="utf-8")
    rounded = read(folder).units
    exact = units["people"].astype(float).groupby(units["district_id"]).sum()
    assert (rounded["people"] % 1 == 0).all()
    assert rounded.groupby("district_id")["people"].sum().to_dict() == exact.round().to_dict()


def test_a_decimal_comma_is_named(tmp_path):
    folder = town_folder(tmp_path / "town")
    districts = "district_id;name;kind;people;area_km2\n" + "".join(
        f"{d.district_id};{d.name};{d.kind};{d.people:.0f};26,7\n" for d in TOWN.districts.itertuples()
    )
    put(folder, "districts.csv", districts)
    assert {f.code for f in check(folder).errors} == {"decimal-comma"}


def test_ids_that_excel_made_dates_and_words_for_nothing_are_named(tmp_path):
    folder = town_folder(tmp_path / "town")
    hospitals = plain("hospitals")
    hospitals.loc[0, "hospital_id"], hospitals.loc[1, "hospital_id"] = "1月2日", "NA"
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    found = {f.row: f.code for f in check(folder).errors if f.table == "hospitals"}
    assert found == {2: "id-is-a-date", 3: "word-for-nothing"}


def test_ids_that_excel_made_dates_are_one_finding_with_their_rows(tmp_path):
    folder = town_folder(tmp_path / "town")
    hospitals = plain("hospitals")
    hospitals["hospital_id"] = [f"2024-01-0{n}" for n in range(1, len(hospitals) + 1)]
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    (told,) = [f for f in check(folder).errors if f.table == "hospitals"]
    assert told.code == "id-is-a-date" and told.what.en.endswith("The same in 6 more rows: 3–8.")


@pytest.mark.parametrize(
    ("column", "cell", "word"),
    [
        ("tier", "市直属", "municipal"), ("tier", "县直", "district"), ("tier", "委属", "municipal"), ("tier", "省直属", "provincial"),
        ("category", "综合性三级医院", "general"), ("category", "三级中医医院", "tcm"), ("ownership", "公立（非营利）", "public"),
        ("ownership", "社会力量举办", "private"), ("category", "综合类", "general"), ("category", "温泉", "温泉"),
    ],
)  # fmt: skip
def test_words_of_the_trade(column, cell, word):
    assert clean_word(cell, COLUMNS[column]) == word
    assert clean_grade("三级甲等（综合）") == clean_grade("三甲") == "3A" and clean_grade("未定级") == ""


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("医疗机构名称（全称）", "name"), ("所在行政区", "district_id"), ("编制床位数（张）", "beds"), ("*隶属\n关系", "tier"),
        ("3.医院类别", "category"), ("百度经度", "lon"), ("lat_wgs84", "lat"), ("经度(GCJ-02)", "lon"), ("坐标", None),
    ],
)  # fmt: skip
def test_headers_of_the_trade(header, column):
    assert next(iter(map_headers("x", [header], HOSPITALS, {}, Notes())), None) == column


def test_units_and_datums_in_headers():
    people, minutes = COLUMNS["people"], COLUMNS["minutes"]
    assert [
        stated_unit(h, people)
        for h in ("人口（万人）", "人口（人）", "人口密度（人/平方公里）", "户籍人口(千人)")
    ] == ["万人", "", "", "千人"]
    assert stated_unit("时间（秒）", minutes) == "秒"
    assert [datum_in(h) for h in ("百度经度", "lon_gcj02", "X_WGS84", "经度")] == [
        "bd09",
        "gcj02",
        "wgs84",
        "",
    ]


def test_both_coordinates_come_from_one_datum():
    headers = ["gcj02_lng", "wgs84_lat", "gcj02_lat", "wgs84_lng"]
    assert map_headers("x", headers, HOSPITALS, {}, Notes(), "wgs84") == {
        "lon": "wgs84_lng",
        "lat": "wgs84_lat",
    }
    assert map_headers("x", headers, HOSPITALS, {}, Notes(), "gcj02") == {
        "lon": "gcj02_lng",
        "lat": "gcj02_lat",
    }


def test_a_users_own_headers_words_and_names(tmp_path):
    toml = TOML + (
        '[aliases.hospitals]\ntier = ["归口"]\n[words.tier]\n"市里管的" = "municipal"\n[names.hospitals]\n"市一" = "市第一医院"\n'
    )
    folder = town_folder(tmp_path / "town", toml)
    hospitals = plain("hospitals").replace({"municipal": "市里管的"}).rename(columns={"tier": "归口"})
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    put(folder, "partnerships.csv", "hospital_id,district_id,basis,since\n市一,T3,custody,2018\n")
    assert read(folder).fingerprint == TOWN.fingerprint
    (folder / "region.toml").write_text(TOML + '[words.tier]\nx = "city"\n', encoding="utf-8")
    assert "unknown-setting" in {f.code for f in check(folder)}


@pytest.mark.parametrize(
    "toml",
    [
        "name = “town”\ndatum = “wgs84”\n",
        '名称 = "town"\n坐标系 ＝ "wgs84"\n',
        "name = ‘town’\n[tables]\ndatum='x'\n",
    ],
)
def test_region_toml_as_people_type_it(tmp_path, toml):
    folder = town_folder(tmp_path / "town", toml)
    codes = {f.code for f in check(folder)}
    assert codes == (
        {"toml-by-hand"} if "[tables]" not in toml else {"toml-by-hand", "missing-datum", "unknown-setting"}
    )


@pytest.mark.parametrize(("minutes", "factor"), [("秒", 60), ("seconds", 60), ("h", 1 / 60)])
def test_times_in_other_units_are_converted_by_header_or_by_setting(tmp_path, minutes, factor):
    folder = town_folder(tmp_path / "town")
    rows = "".join(f"{u},H1,{30 * factor}\n" for u in TOWN.units["unit_id"])
    put(folder, "travel.csv", f"unit_id,hospital_id,时间（{minutes}）\n" + rows)
    assert set(read(folder).travel["minutes"]) == {30}
    put(folder, "travel.csv", "unit_id,hospital_id,duration\n" + rows)
    (folder / "region.toml").write_text(
        TOML + f'[tables.travel]\nunits = {{ minutes = "{minutes}" }}\n', encoding="utf-8"
    )
    assert set(read(folder).travel["minutes"]) == {30}


def test_footnote_marks_are_no_digits_and_are_told_with_their_row(tmp_path):
    folder = town_folder(tmp_path / "town")
    units, hospitals = plain("units"), plain("hospitals")
    units.loc[0, "people"] = f"{units.loc[0, 'people']:.0f}③"
    units.loc[1, "unit_id"] = f"{units.loc[1, 'unit_id']}²"
    hospitals.loc[0, "beds"] = "700①"
    put(folder, "units.csv", units.rename(columns={"people": "常住人口①"}).to_csv(index=False))
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    region = read(folder)
    assert region.units[["unit_id", "people"]].equals(TOWN.units[["unit_id", "people"]])
    assert region.hospitals.loc[0, "beds"] == 700
    told = {(f.table, f.row) for f in region.findings if f.code == "number-as-written"}
    assert told == {("units", 2), ("units", 3), ("hospitals", 2)}


@pytest.mark.parametrize(
    ("header", "cells", "persons"),
    [
        ("65岁及以上人口占比", ["14", "15", "16"], True),
        ("65岁以上人口比重", ["14.5%", "15", "16"], True),
        ("65岁及以上人口占总人口比重（%）", ["14.5", "15.5", "16"], True),
        ("65岁及以上人口（%）", ["14.5", "15", "16"], True),
        ("65岁及以上占比", ["0.145", "0.15", "0.2"], True),
        ("65岁及以上占比", ["0.9", "15", "16"], False),
        ("65岁及以上占比（%）", ["0.145", "0.15", "0.2"], False),
    ],
)
def test_a_share_under_a_header_that_says_so_is_one_of_the_residents_or_an_error(
    tmp_path, header, cells, persons
):
    folder = town_folder(tmp_path / "town")
    units = plain("units").drop(columns=["people_65plus"])
    units[header] = [cells[n % 3] for n in range(len(units))]
    put(folder, "units.csv", units.to_csv(index=False))
    found = check(folder)
    if not persons:
        assert "share-unclear" in {f.code for f in found.errors}
        return
    region = read(folder)
    shares = [float(c.strip("%")) / (1 if float(c.strip("%")) < 1 else 100) for c in units[header]]
    assert region.units["people_65plus"].tolist() == [
        round(p * s) for p, s in zip(region.units["people"], shares, strict=True)
    ]
    assert not found.errors and any("people_65plus is not in plain digits" in f.what.en for f in found)


def test_residents_of_a_share_are_no_residents():
    notes = Notes()
    assert "people" not in map_headers("f", ["人口占比", "常住人口（%）"], UNITS, {}, notes)
    both = map_headers("f", ["65岁及以上人口占比", "65岁及以上人口"], UNITS, {}, notes)
    assert both["people_65plus"] == "65岁及以上人口" and not notes.findings


def test_a_group_of_hardly_anybody_looks_like_per_cent():
    units = TOWN.units.assign(people=20_000.0, people_65plus=[11.0 + n % 5 for n in range(len(TOWN.units))])
    errors = check(TOWN.with_tables(units=units)).errors
    (finding,) = [f for f in errors if f.code == "share-as-persons"]
    assert "units = {" in finding.hint.en


def test_a_setting_says_that_a_group_is_per_cent(tmp_path):
    folder = town_folder(tmp_path / "town", TOML + '[tables.units]\nunits = { people_65plus = "%" }\n')
    put(folder, "units.csv", plain("units").assign(people_65plus="20").to_csv(index=False))
    assert read(folder).units["people_65plus"].tolist() == (TOWN.units["people"] * 0.2).round().tolist()


@pytest.mark.parametrize(
    ("word", "taught", "tier", "told"),
    [
        ("委属", "", "municipal", True),
        ("大学附属", "", "municipal", True),
        ("委属", "provincial", "provincial", False),
    ],
)
def test_a_tier_that_leaves_open_whose_hospital_it_is_is_told(tmp_path, word, taught, tier, told):
    lesson = f'[words.tier]\n"{word}" = "{taught}"\n' if taught else ""
    folder = town_folder(tmp_path / "town", TOML + lesson)
    hospitals = plain("hospitals")
    hospitals.loc[0, "tier"] = word
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    region = read(folder)
    assert region.hospitals.loc[0, "tier"] == tier
    assert [f.row for f in region.findings if f.code == "ambiguous-word"] == ([2] if told else [])


@pytest.mark.parametrize(
    ("table", "headers", "column", "header"),
    [
        (TRAVEL, ["unit_id", "hospital_id", "duration_s"], "minutes", "duration_s"),
        (UNITS, ["编码", "名称", "人口"], "unit_id", "编码"),
        (HOSPITALS, ["编号", "名称", "主管"], "hospital_id", "编号"),
        (HOSPITALS, ["编号", "名称", "主管"], "tier", "主管"),
        (PARTNERSHIPS, ["支援医院", "受援县"], "district_id", "受援县"),
        (UNITS, ["户籍人口", "常住人口(2020)"], "people", "常住人口(2020)"),
    ],
)  # fmt: skip
def test_headers_of_offices_are_known(table, headers, column, header):
    assert map_headers("f", headers, table, {}, Notes())[column] == header


def test_a_column_like_ids_that_is_not_read_is_named(tmp_path):
    folder = town_folder(tmp_path / "town")
    hospitals = plain("hospitals").rename(columns={"hospital_id": "直报编码"}).assign(联系电话号="1")
    put(folder, "hospitals.csv", hospitals.to_csv(index=False))
    (finding,) = [f for f in check(folder) if f.code == "unread-ids"]
    assert "直报编码 is not read" in finding.what.en and 'hospital_id = "直报编码"' in finding.hint.en


def test_a_missing_column_says_where_its_header_can_be_taught(tmp_path):
    folder = town_folder(tmp_path / "town")
    put(folder, "hospitals.csv", plain("hospitals").rename(columns={"tier": "归谁"}).to_csv(index=False))
    (finding,) = [f for f in check(folder) if f.code == "missing-column"]
    assert '[aliases.hospitals] tier = ["…"]' in finding.hint.en and "[aliases.hospitals]" in finding.hint.zh
