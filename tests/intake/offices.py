"""Ten offices with files of ten kinds: the same small town, as each would send it."""

from __future__ import annotations

import datetime
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
from pyproj import Transformer
from shapely.geometry import mapping

from gridplan.inputs.datum import wgs84_to
from tests.intake.messy import CITY, DISTRICTS, KINDS, town

TIERS = {"municipal": "市直", "district": "区属", "provincial": "省属", "primary": "基层"}
CATEGORIES = {
    "general": "综合类",
    "tcm": "中医类",
    "integrated_tcm": "中西医结合类",
    "specialist": "专科类",
    "maternal_child": "妇幼类",
}
GRADES = {"3A": "三甲", "3B": "三乙", "3": "三级"}
OWNERS = {"public": "公立", "military": "军队", "private": "民营"}
Rows = list[list[Any]]


def dms(value: float) -> str:
    seconds = round(value * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}″"


def unit_rows(*columns: str) -> Rows:
    """Rows of the units: district, name, people, old, lon, lat, id, as asked for."""
    out = []
    for u in town().units.itertuples():
        known = {
            "district": DISTRICTS[u.district_id], "name": u.name, "people": int(u.people), "wan": u.people / 10_000,
            "old": int(u.people_65plus), "old_wan": u.people_65plus / 10_000, "lon": u.lon, "lat": u.lat, "id": u.unit_id,
        }  # fmt: skip
        out.append([known[c] for c in columns])
    return out


def hospital_rows(*columns: str) -> Rows:
    out = []
    for h in town().hospitals.itertuples():
        known = {
            "name": h.name, "tier": TIERS[h.tier], "category": CATEGORIES[h.category], "grade": GRADES.get(h.grade, h.grade),
            "owner": OWNERS[h.ownership], "district": DISTRICTS[h.district_id], "lon": h.lon, "lat": h.lat,
            "beds": None if pd.isna(h.beds) else int(h.beds), "id": h.hospital_id,
        }  # fmt: skip
        out.append([known[c] for c in columns])
    return out


def district_rows() -> Rows:
    return [
        [DISTRICTS[d.district_id], KINDS[d.kind], d.people / 10_000, d.area_km2]
        for d in town().districts.itertuples()
    ]


HOSPITAL = ["name", "tier", "category", "grade", "owner", "district", "beds", "lon", "lat"]
HOSPITAL_HEADERS = ["医院名称", "隶属", "类别", "等次", "办医性质", "所在区县", "开放床位", "经度", "纬度"]
DISTRICT_HEADERS = ["区县", "圈层", "常住人口(万人)", "面积(平方公里)"]


def csv(path: Path, rows: Rows, encoding: str = "utf-8-sig", sep: str = ",") -> None:
    pd.DataFrame(rows).to_csv(path, index=False, header=False, encoding=encoding, sep=sep)


def book(path: Path, sheets: dict[str, Rows]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return made


def districts_and_partners(folder: Path, encoding: str = "utf-8-sig") -> None:
    csv(folder / "区县概况.csv", [DISTRICT_HEADERS, *district_rows()], encoding)
    csv(
        folder / "帮扶关系.csv",
        [["医疗机构", "受援区", "方式"], [f"{CITY}第一医院", "白石", "托管"]],
        encoding,
    )


def two_row_headers(folder: Path) -> None:
    """Merged headers of two rows, 万人 above, subtotals between, remarks below, a GBK CSV."""
    head: Rows = [
        [f"{CITY}人口普查分街道数据"], ["行政区划", None, "人口（万人）", None, "中心位置", None],
        ["区县", "街道（乡镇）", "常住人口", "65岁及以上", "经度", "纬度"],
    ]  # fmt: skip
    rows: Rows = []
    for name in DISTRICTS.values():
        mine = [
            row for row in unit_rows("district", "name", "wan", "old_wan", "lon", "lat") if row[0] == name
        ]
        rows += [*mine, [None, "小计", sum(r[2] for r in mine), sum(r[3] for r in mine), None, None]]
    rows += [
        ["全市", "合计", sum(r[2] for r in rows if r[1] == "小计")],
        [],
        ["备注：1.人口为第七次普查口径；"],
        ["2.中心位置取自测绘院。"],
    ]
    made = book(folder / "附件1.xlsx", {"附表": head + rows, "Sheet2": [["填表人", "张三"]]})
    sheet = made["附表"]
    for merged in ("A1:F1", "A2:B2", "C2:D2", "E2:F2"):
        sheet.merge_cells(merged)
    start = 4
    for name in DISTRICTS.values():
        count = sum(row[0] == name for row in unit_rows("district"))
        sheet.merge_cells(start_row=start, end_row=start + count, start_column=1, end_column=1)
        start += count + 1
    made.save(folder / "附件1.xlsx")
    book(folder / "附件2.xlsx", {"Sheet1": [["附件2"], HOSPITAL_HEADERS, *hospital_rows(*HOSPITAL)]})
    districts_and_partners(folder, "gbk")


def one_cell_places(folder: Path) -> None:
    """Degrees, minutes and seconds in one cell; latitude first in another file; thousands; tabs."""
    rows = [
        [*row[:2], f"{row[2]:,}", row[3], f"东经{dms(row[4])}，北纬{dms(row[5])}"]
        for row in unit_rows("district", "name", "people", "old", "lon", "lat")
    ]
    csv(
        folder / "街道.tsv",
        [["区", "镇街名称", "人口数", "老年人口（65岁及以上）", "中心坐标"], *rows],
        "utf-16",
        "\t",
    )
    columns = HOSPITAL[:-2]
    rows = [[*row[:-2], f"{row[-1]}, {row[-2]}"] for row in hospital_rows(*columns, "lon", "lat")]
    book(folder / "医疗机构.xlsx", {"机构": [[*HOSPITAL_HEADERS[:-2], "地理坐标（纬度,经度）"], *rows]})
    districts_and_partners(folder)


def several_datums(folder: Path) -> None:
    """Baidu's places of hospitals, Amap's of units, borders in WGS 84; codes as Excel keeps numbers."""
    units = unit_rows("id", "district", "name", "people", "old", "lon", "lat")
    lon, lat = wgs84_to(np.array([u[5] for u in units]), np.array([u[6] for u in units]), "gcj02")
    units = [[*u[:5], x, y] for u, x, y in zip(units, lon, lat, strict=True)]
    headers = ["街道代码", "区", "街道", "常住人口", "65岁及以上", "高德经度", "高德纬度"]
    csv(folder / "units_final_v3.csv", [headers, *units], "gb18030")
    rows = hospital_rows(*HOSPITAL)
    lon, lat = wgs84_to(np.array([r[-2] for r in rows]), np.array([r[-1] for r in rows]), "bd09")
    rows = [[*r[:-2], x, y] for r, x, y in zip(rows, lon, lat, strict=True)]
    book(folder / "医院.xlsx", {"Sheet1": [[*HOSPITAL_HEADERS[:-2], "百度坐标X", "百度坐标Y"], *rows]})
    borders(folder / "boundary.geojson")
    districts_and_partners(folder)


def borders(file: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": n, "NAME": DISTRICTS[d.district_id]},
            "geometry": mapping(d.geometry),
        }
        for n, d in enumerate(town().districts.itertuples(), 1)
    ]
    file.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8"
    )


def placemark(name: str, data: dict[str, Any], lon: float, lat: float) -> str:
    fields = "".join(f'<Data name="{key}"><value>{value}</value></Data>' for key, value in data.items())
    return (
        f"<Placemark><name>{name}</name><ExtendedData>{fields}</ExtendedData>"
        f"<Point><coordinates>{lon},{lat},0</coordinates></Point></Placemark>"
    )


def kml(marks: list[str]) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"{''.join(marks)}</Document></kml>"
    )


def marks_of_maps(folder: Path) -> None:
    """Placemarks: units as KML, hospitals as KMZ."""
    units = [
        placemark(u[1], {"所属区": u[0], "常住人口": u[2], "65岁及以上人口": u[3]}, u[4], u[5])
        for u in unit_rows("district", "name", "people", "old", "lon", "lat")
    ]
    (folder / "街道人口.kml").write_text(kml(units), encoding="utf-8")
    headers = HOSPITAL_HEADERS[1:-2]
    hospitals = [
        placemark(
            h[0], dict(zip(headers, ["" if v is None else v for v in h[1:-2]], strict=True)), h[-2], h[-1]
        )
        for h in hospital_rows(*HOSPITAL)
    ]
    with zipfile.ZipFile(folder / "医院.kmz", "w") as packed:
        packed.writestr("doc.kml", kml(hospitals))
    districts_and_partners(folder)


def shapes_without_frame(folder: Path) -> None:
    """Shapefiles that have lost their .prj and .cpg: hospitals in metres of a 3-degree zone, units in degrees."""
    columns = ["district", "name", "people", "old"]
    units = pd.DataFrame(unit_rows(*columns), columns=["区", "街道", "常住人口", "65岁以上"])
    points = gpd.points_from_xy(town().units["lon"], town().units["lat"])
    gpd.GeoDataFrame(units, geometry=points, crs=4326).to_file(folder / "jiedao.shp", encoding="gbk")
    hospitals = pd.DataFrame(
        hospital_rows(*HOSPITAL[:-2]), columns=["名称", "隶属", "类别", "等级", "性质", "所在区", "床位"]
    )
    to_metres = Transformer.from_crs(
        4326, 4528, always_xy=True
    )  # zone 40, 120° E, its number before the easting
    points = gpd.points_from_xy(*to_metres.transform(town().hospitals["lon"], town().hospitals["lat"]))
    gpd.GeoDataFrame(hospitals, geometry=points, crs=4528).to_file(folder / "yiyuan.shp", encoding="gbk")
    for file in [*folder.glob("*.prj"), *folder.glob("*.cpg")]:
        file.unlink()
    districts_and_partners(folder)


def minutes() -> pd.DataFrame:
    """Some minutes of every unit and hospital: 3 a kilometre and 2 more, by name."""
    region = town()
    km = np.hypot(
        (region.units["lon"].to_numpy()[:, None] - region.hospitals["lon"].to_numpy()) * 96.3,
        (region.units["lat"].to_numpy()[:, None] - region.hospitals["lat"].to_numpy()) * 111.2,
    )
    return pd.DataFrame((km * 3 + 2).round(2), index=region.units["name"], columns=region.hospitals["name"])


def matrix_in_seconds(folder: Path) -> None:
    """A router's matrix, wide and in seconds, its rows and columns by name."""
    base(folder)
    wide = (minutes() * 60).round(0)
    book(
        folder / "osrm_durations.xlsx",
        {
            "durations（秒）": [
                ["街道", *wide.columns],
                *([n, *v] for n, v in zip(wide.index, wide.to_numpy().tolist(), strict=True)),
            ]
        },
    )


def answers_of_a_map_service(folder: Path) -> None:
    """Amap's answers one below the other: metres and seconds, names shortened."""
    base(folder)
    long = (minutes() * 60).round(0).stack()
    rows = [[u, h.removeprefix(CITY), round(t * 8), t, "OK"] for (u, h), t in long.items()]
    csv(folder / "高德驾车.csv", [["起点", "终点", "距离（米）", "耗时（秒）", "状态"], *rows], "gbk")


def base(folder: Path) -> None:
    headers = ["所在区", "街道名称", "2024年常住人口", "60岁以上人口", "lon", "lat"]
    book(
        folder / "数据.xlsx",
        {
            "说明": [["本表由信息科整理"], ["联系人：李四"]], "医院": [HOSPITAL_HEADERS, *hospital_rows(*HOSPITAL)],
            "街道": [headers, *unit_rows("district", "name", "people", "old", "lon", "lat")],
            "区": [DISTRICT_HEADERS, *district_rows()],
        },
    )  # fmt: skip


def ids_that_excel_made(folder: Path) -> None:
    """Codes of hospitals that became dates, those of units scientific: no ids to rely on."""
    base(folder)
    rows = hospital_rows(*HOSPITAL)
    rows = [[datetime.datetime(2024, 1, n), *row] for n, row in enumerate(rows, 1)]
    book(folder / "医院名单.xlsx", {"Sheet1": [["机构编码", *HOSPITAL_HEADERS], *rows]})
    made = openpyxl.load_workbook(folder / "数据.xlsx")
    del made["医院"]
    made.save(folder / "数据.xlsx")


def hidden_things(folder: Path) -> None:
    """A hidden column of old people counts before the new one, hidden rows, last year's sheet beside this year's."""
    units = unit_rows("district", "name", "people", "old", "lon", "lat")
    old = [[*u[:2], u[2] // 2, *u[2:]] for u in units]
    headers = ["区", "街道（镇）", "常住人口", "常住人口", "其中65岁及以上", "经度", "纬度"]
    made = book(
        folder / "街道人口.xlsx",
        {
            "2020年": [headers[:3] + headers[4:], *[[*u[:2], 1, *u[3:]] for u in units]],
            "2024年": [headers, *old],
        },
    )
    made["2024年"].column_dimensions["C"].hidden = True
    made.save(folder / "街道人口.xlsx")
    book(folder / "医院.xlsx", {"医院": [HOSPITAL_HEADERS, *hospital_rows(*HOSPITAL)]})
    districts_and_partners(folder)


def short_names(folder: Path) -> None:
    """Names as the office speaks them, a total on top, English under Chinese headers, blank rows between districts."""
    headers: Rows = [
        ["所属区县", "名称", "人口", "老人", "东经", "北纬"],
        ["district", "name", "people", "people_65plus", "lon", "lat"],
    ]
    rows: Rows = [["全市", "合计", 81_000]]
    for name in DISTRICTS.values():
        rows += [
            [row[0][:-1], *row[1:]]
            for row in unit_rows("district", "name", "people", "old", "lon", "lat")
            if row[0] == name
        ] + [[]]
    book(folder / "乡镇街道.xlsx", {"Sheet1": headers + rows})
    hospitals = [[row[0].removeprefix(CITY), *row[1:]] for row in hospital_rows(*HOSPITAL)]
    csv(folder / "名录.csv", [HOSPITAL_HEADERS, *hospitals], "gb18030", ";")
    csv(folder / "概况.csv", [DISTRICT_HEADERS, *district_rows()])
    csv(folder / "结对.csv", [["医院", "结对区", "形式"], ["市第一医院", "白石", "委托管理"]], "gbk")


OFFICES = [
    two_row_headers, one_cell_places, several_datums, marks_of_maps, shapes_without_frame, matrix_in_seconds,
    answers_of_a_map_service, ids_that_excel_made, hidden_things, short_names,
]  # fmt: skip
