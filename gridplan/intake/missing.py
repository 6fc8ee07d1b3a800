"""What is not in the files, and where cities get it: their own offices, never a stranger's data."""

from __future__ import annotations

from collections.abc import Mapping

from gridplan.inputs.schema import TABLES
from gridplan.intake.look import Fit
from gridplan.words.text import Text

WHERE: Mapping[str, Text] = {
    "districts": Text("the statistics yearbook (residents, area) and the list of administrative divisions of the civil affairs office", "统计年鉴（常住人口、面积）和民政部门的行政区划名录"),
    "districts.kind": Text("the city's master plan says what is central, suburban, outer suburban or county", "城市总体规划中的中心城区、近郊、远郊划分"),
    "districts.people": Text("the statistics yearbook: residents by district", "统计年鉴：分区常住人口"),
    "units": Text("the statistics office: residents by street or town (census, yearbook of the district)", "统计部门：分街道、乡镇常住人口（普查或区统计年鉴）"),
    "units.people": Text("the statistics office: residents by street or town; else [people] share = \"area\" shares the district's out (modelled)", "统计部门：分街道、乡镇常住人口；如无，可用 [people] share = \"area\" 按区总数分摊（推算）"),
    "units.lon": Text("the natural resources office: boundaries or points of streets and towns (say in which datum)", "自然资源部门：街道、乡镇边界或驻地坐标（须注明坐标系）"),
    "hospitals": Text("the health commission's register of medical institutions", "卫生健康委医疗机构执业登记名录"),
    "hospitals.tier": Text("the register: 隶属关系, who runs the hospital", "执业登记中的隶属关系"),
    "hospitals.category": Text("the register: 医疗机构类别", "执业登记中的医疗机构类别"),
    "hospitals.ownership": Text("the register: 经营性质, 所有制形式", "执业登记中的经营性质、所有制形式"),
    "hospitals.lon": Text("the register's address, located once by your own map office (say in which datum)", "执业登记地址，由本市测绘部门统一定位（须注明坐标系）"),
}  # fmt: skip


def missing(chosen: Mapping[str, list[Fit]]) -> list[tuple[str, Text]]:
    """What is missing ("units", or "units.people"), with where cities get it."""
    found = []
    for name, table in TABLES.items():
        if name not in chosen:
            if table.required:
                found.append((name, WHERE[name]))
            continue
        lacking = set.intersection(*(set(fit.lacking) for fit in chosen[name]))
        if "lon" in lacking:
            lacking.discard("lat")
        for column in [c.name for c in table if c.name in lacking]:
            place = f"{name}.{column}"
            found.append(
                (
                    place,
                    WHERE.get(
                        place, WHERE.get(name, Text("the office that keeps this table", "保管该表的部门"))
                    ),
                )
            )
    return found
