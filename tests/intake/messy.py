"""Folders as city offices have them, made of a small town by script: the same seed gives the same mixture of habits."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from shapely.geometry import mapping

from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town

CITY = "云州市"
DISTRICTS = {"T1": "云溪区", "T2": "长汀区", "T3": "白石县"}
KINDS = {"central": "主城区", "suburban": "近郊", "outer_suburban": "远郊"}
HEADERS: dict[str, list[str]] = {
    "district": ["所属区", "所在行政区", "区县", "所在区县", "县（市、区）"],
    "unit": ["街道（乡镇）", "镇街", "街道乡镇", "街道/乡镇", "乡镇街道名称"],
    "people": ["常住人口（人）", "2024年末常住人口", "常住人口数", "总人口（人）", "人口数"],
    "old": ["65岁及以上人口", "65岁以上人口", "65岁及以上（人）"],
    "lon": ["经度", "东经", "lng", "经度（°）", "经度(E)"],
    "lat": ["纬度", "北纬", "lat", "纬度（°）", "纬度(N)"],
    "hospital": ["医院名称", "医疗机构名称（全称）", "机构名称", "单位名称"],
    "tier": ["隶属关系", "主管部门", "行政隶属关系"],
    "category": ["类别", "医疗机构类别", "机构类型"],
    "grade": ["等级", "医院等级", "级别等次"],
    "ownership": ["办医主体", "经营性质", "所有制形式"],
    "beds": ["床位数", "编制床位数（张）", "核定床位", "实有床位数"],
    "name": ["区名", "行政区", "区县名称", "名称"],
    "kind": ["类型", "区类型", "圈层"],
    "total": ["常住人口", "常住人口（人）", "年末常住人口"],
    "area": ["面积（平方公里）", "土地面积", "辖区面积（km²）"],
    "partner": ["医院", "合作医院", "医疗机构名称"],
    "served": ["合作区", "区县", "所在区"],
    "basis": ["合作方式", "帮扶方式", "合作形式"],
    "since": ["起始年份", "签约时间"],
}
HEADERS["served"] = ["区县", "区", "所在区"]
WORDS = {
    "municipal": ["市级", "市属", "市直属", "市直"],
    "general": ["综合", "综合医院", "综合性医院", "综合性三级医院"],
    "tcm": ["中医", "中医医院", "中医（综合）"],
    "integrated_tcm": ["中西医结合", "中西医结合医院"],
    "specialist": ["专科", "专科医院"],
    "public": ["公立", "公立（非营利）", "政府办"],
    "military": ["军队", "部队"],
    "3A": ["三级甲等", "三甲"], "3B": ["三级乙等", "三乙"], "3": ["三级", "三级未定等"],
    "custody": ["托管", "委托管理"],
}  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def town() -> Region:
    """The tiny town under names of its own."""
    region = tiny_town()
    hospitals = region.hospitals.assign(name=region.hospitals["name"].str.replace("市", CITY, n=1))
    hospitals.loc[5, "name"] = "军区总医院（云溪院区）"
    return region.with_tables(
        districts=region.districts.assign(name=region.districts["district_id"].map(DISTRICTS)),
        hospitals=hospitals,
        branches=region.branches.iloc[:0],
    )


class Habits:
    """The habits of one office, drawn by lot."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        flips = ("merged", "title", "total", "footnote", "one_book", "gbk", "ids", "pair", "units_row", "two_rows", "hidden_sheet",
                 "in_wan", "short_district", "city_before", "polygons", "esri", "hidden_column", "numbered", "numbers")  # fmt: skip
        self.does = {flip: self.dice.random() < 0.5 for flip in flips}
        self.headers = {column: self.dice.choice(names) for column, names in HEADERS.items()}

    def word(self, canonical: str) -> str:
        """A word of a closed list as somebody writes it."""
        return self.dice.choice(WORDS.get(canonical, [canonical]))

    def count(self, number: float, unit: str) -> Any:
        """A number of persons or beds as somebody writes it."""
        whole = int(number)
        ways: list[Any] = [
            whole,
            f"{whole:,}",
            f"{whole}{unit}",
            str(whole).translate(FULL_WIDTH),
            f" {whole} ",
        ]
        if whole % 100 == 0 and unit == "人":
            ways.append(f"{whole / 10_000:g}万")
        return self.dice.choice(ways)

    def degree(self, value: float, east: bool) -> Any:
        """A coordinate as somebody writes it."""
        minutes = round((value % 1) * 3600, 3)
        dms = f"{int(value)}°{int(minutes // 60)}′{minutes % 60:g}″"
        side = "E" if east else "N"
        return self.dice.choice([value, f"{value}°", f"{value}{side}", f"{dms}{side}", dms, f"{side}{value}"])

    def district(self, id: str) -> str:
        """A district as somebody writes it."""
        name = DISTRICTS[id]
        if self.does["short_district"] and self.dice.random() < 0.6:
            return name[:-1]
        return CITY + name if self.does["city_before"] and self.dice.random() < 0.4 else name


def messy_folder(folder: Path, seed: int) -> Habits:
    """A folder as the office with that seed has it."""
    habits, region = Habits(seed), town()
    folder.mkdir(parents=True)
    tables = {
        "各街道人口": units(habits, region), "医院名录": hospitals(habits, region),
        "分区情况": districts(habits, region), "现有合作关系": partnerships(habits),
    }  # fmt: skip
    order = list(tables)
    habits.dice.shuffle(order)
    if habits.does["one_book"]:
        write_book(folder / f"{CITY}基础数据.xlsx", {name: tables[name] for name in order}, habits)
    else:
        for name in order:
            if name in ("分区情况", "现有合作关系"):
                encoding = "gb18030" if habits.does["gbk"] else "utf-8-sig"
                text = pd.DataFrame(tables[name]).to_csv(index=False, header=False)
                (folder / f"{CITY}{name}.csv").write_bytes(text.encode(encoding))
            else:
                write_book(folder / f"{CITY}{name}（2024）.xlsx", {"Sheet1": tables[name]}, habits)
    if habits.does["polygons"]:
        write_polygons(folder, region, habits)
    return habits


def frame(
    habits: Habits, title: str, headers: list[str], rows: list[list[Any]], units_row: dict[str, str]
) -> list[list[Any]]:
    """A table under its title, with what else stands on such a sheet."""
    width, out = len(headers), []
    if habits.does["title"]:
        out += [[title, *[None] * (width - 1)], ["制表单位：某某局", *[None] * (width - 1)]]
    out.append(headers)
    if habits.does["units_row"]:
        out.append([units_row.get(header) for header in headers])
    out += rows
    return out


def numbered(habits: Habits, headers: list[str], rows: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
    """The rows with a running number before them."""
    if not habits.does["numbered"]:
        return headers, rows
    return ["序号", *headers], [[n, *row] for n, row in enumerate(rows, 1)]


def units(habits: Habits, region: Region) -> list[list[Any]]:
    h = habits.headers
    headers = [h["district"], h["unit"], h["people"], h["old"]]
    headers += ["经纬度"] if habits.does["pair"] else [h["lon"], h["lat"]]
    headers = ["街道代码", *headers] if habits.does["ids"] else headers
    rows = []
    for unit in region.units.itertuples():
        row: list[Any] = [
            habits.district(unit.district_id),
            unit.name,
            habits.count(unit.people, "人"),
            int(unit.people_65plus),
        ]
        row += (
            [f"{unit.lon},{unit.lat}"]
            if habits.does["pair"]
            else [habits.degree(unit.lon, True), habits.degree(unit.lat, False)]
        )
        rows.append([unit.unit_id, *row] if habits.does["ids"] else row)
    people = "（人）"
    out = frame(
        habits,
        f"{CITY}各街道常住人口统计表（2024年）",
        *numbered(habits, headers, rows),
        {h["people"]: people, h["lon"]: "度"},
    )
    blank = [None] * (len(out[-1]) - 1)
    if habits.does["total"]:
        out.append(["合计", *blank])
    if habits.does["footnote"]:
        out.append(["注：数据来源于市统计局。", *blank])
    return out


def hospitals(habits: Habits, region: Region) -> list[list[Any]]:
    h = habits.headers
    headers = [
        h["hospital"],
        h["tier"],
        h["category"],
        h["grade"],
        h["ownership"],
        h["district"],
        h["beds"],
        h["lon"],
        h["lat"],
    ]
    headers = ["机构代码", *headers] if habits.does["ids"] else headers
    rows = []
    for one in region.hospitals.itertuples():
        beds = "—" if pd.isna(one.beds) else habits.count(one.beds, "张")
        row: list[Any] = [
            one.name, habits.word(one.tier), habits.word(one.category), habits.word(one.grade), habits.word(one.ownership),
            habits.district(one.district_id), beds, habits.degree(one.lon, True), habits.degree(one.lat, False),
        ]  # fmt: skip
        rows.append([one.hospital_id, *row] if habits.does["ids"] else row)
    return frame(habits, f"{CITY}医院名录", *numbered(habits, headers, rows), {h["beds"]: "张"})


def districts(habits: Habits, region: Region) -> list[list[Any]]:
    h, wan = habits.headers, habits.does["in_wan"]
    total = "常住人口（万人）" if wan else h["total"]
    headers = [h["name"], h["kind"], total, h["area"]]
    rows: list[list[Any]] = [
        [
            DISTRICTS[d.district_id],
            KINDS[d.kind],
            d.people / 10_000 if wan else f"{int(d.people):,}",
            d.area_km2,
        ]
        for d in region.districts.itertuples()
    ]
    if habits.does["ids"]:
        headers, rows = ["区划代码", *headers], [[d, *row] for d, row in zip(DISTRICTS, rows, strict=True)]
    return frame(habits, f"{CITY}各区基本情况", headers, rows, {})


def partnerships(habits: Habits) -> list[list[Any]]:
    h = habits.headers
    rows = [[f"{CITY}第一医院", habits.district("T3"), habits.word("custody"), 2018]]
    return [[h["partner"], h["served"], h["basis"], h["since"]], *rows]


def write_book(path: Path, sheets: dict[str, list[list[Any]]], habits: Habits) -> None:
    """A workbook; merged districts and titles, an old hidden sheet before the others."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    if habits.does["hidden_sheet"]:
        old = book.create_sheet("旧表")
        for row in next(iter(sheets.values())):
            old.append(row)
        old.sheet_state = "hidden"
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if habits.does["merged"]:
            merge_districts(sheet, rows, habits)
    book.save(path)


def merge_districts(sheet: Any, rows: list[list[Any]], habits: Habits) -> None:
    """Equal cells of the first column of districts as one cell each, the title over all columns."""
    header = next(
        (
            n
            for n, row in enumerate(rows)
            if habits.headers["district"] in row or habits.headers["name"] in row
        ),
        None,
    )
    if header is None:
        return
    if header:
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(rows[header]))
    if habits.headers["unit"] not in rows[header]:
        return
    column = rows[header].index(habits.headers["district"])
    start = header + 1 + habits.does["units_row"]
    groups: dict[str, list[int]] = {}
    for number in range(start, len(rows)):
        name = str(rows[number][column] or "").removeprefix(CITY)[:2]
        if name in {full[:2] for full in DISTRICTS.values()}:
            groups.setdefault(name, []).append(number + 1)
    for lines in groups.values():
        if lines == list(range(lines[0], lines[-1] + 1)):
            sheet.merge_cells(
                start_row=lines[0], end_row=lines[-1], start_column=column + 1, end_column=column + 1
            )


def write_polygons(folder: Path, region: Region, habits: Habits) -> None:
    """The shapes of the districts, as GeoJSON or as Esri writes them, with names and codes of their own."""
    features = []
    for d in region.districts.itertuples():
        properties = {"adcode": d.district_id, "name": DISTRICTS[d.district_id]}
        if habits.does["esri"]:
            ring = [list(corner) for corner in d.geometry.exterior.coords][::-1]
            features.append({"attributes": properties, "geometry": {"rings": [ring]}})
        else:
            features.append({"type": "Feature", "properties": properties, "geometry": mapping(d.geometry)})
    head: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if habits.does["esri"]:
        head = {
            "geometryType": "esriGeometryPolygon",
            "spatialReference": {"wkid": 4490},
            "features": features,
        }
    (folder / f"{CITY}区界.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")
