"""Faults of the tables that only a programme reads: disciplines, levels, experts, custody."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import records
from gridplan.inputs.disciplines import discipline_name, disciplines
from gridplan.inputs.region import Region
from gridplan.inputs.schema import PROGRAMME_TABLES
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import PRIMARY

WORKING_DAYS = 5.0  # of a week
MOST_PER_RESIDENT = 40  # visits a year
TOGETHER_M = 300.0  # so near, two institutions may be one
FAR_OUT_KM = 3.0  # so far outside its district an institution is not put down to the drawing of the border


def unknown_disciplines(chart: Chart) -> Iterator[Finding]:
    """A discipline that the national catalogue does not have."""
    known = disciplines()
    names = {one.name.zh: code for code, one in known.items()} | {
        alias: code for code, one in known.items() for alias in one.aliases
    }
    for name in PROGRAMME_TABLES:
        table = getattr(chart.region, name)
        if table is None or "discipline" not in table:
            continue
        wrong = table[~table["discipline"].isin(list(known)) & (table["discipline"] != "")]
        for record in records(wrong):
            near = did_you_mean(record.discipline, [*names, *known])
            guess = near if "?" in near.en else Text("", "")
            yield Finding(
                "error", "unknown-discipline", name,
                Text(
                    f"discipline = '{record.discipline}' is not in the national catalogue.",
                    f"discipline = “{record.discipline}”不在《诊疗科目名录》中。",
                ),
                Text(
                    f"{guess.en} Write a code such as 0304, or the name of the catalogue.".strip(),
                    f"{guess.zh}请填写科目代码（如 0304）或名录中的名称。",
                ),
                record.row, getattr(record, "hospital_id", getattr(record, "district_id", "")),
            )  # fmt: skip


def weak_key_specialties(chart: Chart) -> Iterator[Finding]:
    """A key specialty whose department has no level, or a low one."""
    table = chart.region.departments
    if table is None:
        return
    low = table[(table["key"] != "") & (table["level"] < 2)]
    for one in records(low):
        name, none = discipline_name(one.discipline), one.level == 0
        yield Finding(
            "error" if none else "warning", "weak-key-specialty", "departments",
            Text(
                f"{name.en} of {one.hospital_id} is a key specialty ({one.key}), but its level is {one.level:g}.",
                f"{one.hospital_id} 的{name.zh}为重点专科（{one.key}），能力等级却为 {one.level:g}。",
            ),
            Text("Correct the level (3 strong), or leave key empty.", "请更正能力等级（3 为强），或将 key 留空。"),
            one.row, one.hospital_id,
        )  # fmt: skip


def more_days_than_experts(chart: Chart) -> Iterator[Finding]:
    """More expert-days a week than the experts of the row can work."""
    table = chart.region.staff
    if table is None:
        return
    most = table["eligible"] * WORKING_DAYS
    for one in records(table[table["days_per_week"] > most]):
        yield Finding(
            "error", "more-days-than-experts", "staff",
            Text(
                f"days_per_week = {one.days_per_week:g}, but {one.eligible:g} experts work at most "
                f"{one.eligible * WORKING_DAYS:g} days a week: more would be away than there are.",
                f"days_per_week = {one.days_per_week:g}，而 {one.eligible:g} 名专家每周至多 "
                f"{one.eligible * WORKING_DAYS:g} 天：派出的多于现有的。",
            ),
            Text("Correct one of the two.", "请更正其中一项。"),
            one.row, one.hospital_id,
        )  # fmt: skip


def strange_institutions(chart: Chart) -> Iterator[Finding]:
    """An institution far outside its district, or with a number of a hospital."""
    table = chart.region.institutions
    if table is None:
        return
    hospitals = set(chart.region.hospitals["hospital_id"])
    for one in records(table[table["institution_id"].isin(hospitals)]):
        yield Finding(
            "error", "institution-is-a-hospital", "institutions",
            Text(
                f"{one.institution_id} is the id of a hospital, too.", f"{one.institution_id} 同时是医院编号。"
            ),
            Text("Give institutions ids of their own.", "请为基层机构另编编号。"),
            one.row, one.institution_id,
        )  # fmt: skip
    located = table[table[["lon", "lat"]].notna().all(axis=1)]
    points = chart.points(located["lon"], located["lat"])
    km = shapely.distance(points, chart.stated_shapes(located["district_id"])) / 1000
    for one, out in zip(records(located), km, strict=True):
        if out > FAR_OUT_KM:
            yield Finding(
                "warning", "institution-outside", "institutions",
                Text(
                    f"{one.name} lies {out:.1f} km outside its district {one.district_id}.",
                    f"{one.name} 位于所属区 {one.district_id} 之外 {out:.1f} 公里。",
                ),
                Text("Correct district_id or the coordinates.", "请更正区编号或坐标。"), one.row, one.institution_id,
            )  # fmt: skip


def needs_of_nowhere(chart: Chart) -> Iterator[Finding]:
    """A need that names neither a district nor a unit, or stands twice."""
    table = chart.region.needs
    if table is None:
        return
    unit = table.get("unit_id", "")
    for one in records(table[(table["district_id"] == "") & (unit == "")]):
        yield Finding(
            "error", "need-of-nowhere", "needs",
            Text("The need names neither a district nor a unit.", "需求未写明区或单元。"),
            Text("Fill in district_id, or unit_id.", "请填写 district_id 或 unit_id。"), one.row,
        )  # fmt: skip


def needs_twice(chart: Chart) -> Iterator[Finding]:
    """Two needs of one place in one discipline."""
    table = chart.region.needs
    if table is None:
        return
    keys = [c for c in ("district_id", "unit_id", "discipline") if c in table]
    for one in records(table[table.duplicated(keys)]):
        where = getattr(one, "unit_id", "") or one.district_id
        yield Finding(
            "error", "duplicate-pair", "needs",
            Text(f"{where} has two needs in {one.discipline}.", f"{where} 的 {one.discipline} 有两行需求。"),
            Text("Keep one of them.", "请只保留一行。"), one.row, where,
        )  # fmt: skip


def impossible_custody(chart: Chart) -> Iterator[Finding]:
    """A hospital in its own custody, one above those that manage it, one that is no district hospital, one of elsewhere."""
    table = chart.region.custody
    if table is None:
        return
    tier = pd.Series(
        dict(zip(chart.region.hospitals["hospital_id"], chart.region.hospitals["tier"], strict=True)),
        dtype=object,
    )
    for one in records(table[(table["hospital_id"] == table["managed_id"]) & (table["hospital_id"] != "")]):
        yield Finding(
            "error", "custody-of-itself", "custody",
            Text(f"{one.hospital_id} is in custody of itself.", f"{one.hospital_id} 托管自身。"),
            Text("hospital_id manages, managed_id is managed.", "hospital_id 为托管方，managed_id 为被托管医院。"),
            one.row, one.managed_id,
        )  # fmt: skip
    upside = table[
        table["hospital_id"].map(tier).eq("district")
        & table["managed_id"].map(tier).isin(["municipal", "provincial"])
    ]
    for one in records(upside):
        yield Finding(
            "error", "custody-upside-down", "custody",
            Text(
                f"{one.hospital_id}, a district hospital, would manage {one.managed_id}.",
                f"区级医院 {one.hospital_id} 不能托管 {one.managed_id}。",
            ),
            Text("The two columns are probably swapped.", "两列可能写反了。"),
            one.row, one.managed_id,
        )  # fmt: skip
    above = ["municipal", "provincial"]
    alike = table["hospital_id"].map(tier).isin(above) & table["managed_id"].map(tier).isin(above)
    for one in records(table[alike & (table["hospital_id"] != table["managed_id"])]):
        yield Finding(
            "warning", "custody-of-no-district-hospital", "custody",
            Text(
                f"{one.hospital_id} would manage {one.managed_id}, which is no district hospital.",
                f"{one.hospital_id} 托管的 {one.managed_id} 不是区级医院。",
            ),
            Text(
                "Correct the ids or hospitals.tier; if it is so, the row is used only where that hospital leads a grid.",
                "请核对编号或 hospitals.tier；如属实，仅当该院牵头网格时才采用此行。",
            ),
            one.row, one.managed_id,
        )  # fmt: skip
    yield from _custody_elsewhere(chart.region, table, tier)


def _custody_elsewhere(region: Region, table: pd.DataFrame, tier: pd.Series) -> Iterator[Finding]:
    """A district hospital in custody of a district hospital of another district."""
    home = dict(zip(region.hospitals["hospital_id"], region.hospitals["district_id"], strict=True))
    both_of_districts = table["hospital_id"].map(tier).eq("district") & table["managed_id"].map(tier).eq(
        "district"
    )
    apart = table["hospital_id"].map(home) != table["managed_id"].map(home)
    for one in records(table[both_of_districts & apart]):
        manages, managed = (region.label("district", str(home[h])) for h in (one.hospital_id, one.managed_id))
        yield Finding(
            "warning", "custody-elsewhere", "custody",
            Text(
                f"{one.hospital_id}, a district hospital of {manages}, would manage {one.managed_id} of {managed}.",
                f"{manages}的区级医院 {one.hospital_id} 托管了{managed}的 {one.managed_id}。",
            ),
            Text(
                "Correct the ids; if it is so, the programme passes the custody on to a partner of that district.",
                "请核对编号；如属实，实施方案将改由该区的合作医院托管。",
            ),
            one.row, one.managed_id,
        )  # fmt: skip


def impossible_flows(chart: Chart) -> Iterator[Finding]:
    """Visits from or to what there is not; more visits than residents can make."""
    region, table = chart.region, chart.region.flows
    if table is None:
        return
    institutions = [] if region.institutions is None else list(region.institutions["institution_id"])
    known = {
        "unit_id": list(region.units["unit_id"]),
        "place_id": [*region.hospitals["hospital_id"], *institutions],
    }
    for column, ids in known.items():
        for one in records(table[~table[column].isin(ids)]):
            key = getattr(one, column)
            yield Finding(
                "error", "flow-to-nowhere", "flows",
                Text(f"{column} = {key} is not known.", f"{column} = {key} 不存在。"),
                Text("Correct the id, or add it to its table.", "请更正编号，或在相应的表中补充。"), one.row, str(key),
            )  # fmt: skip
    people = dict(zip(region.units["unit_id"], region.units["people"], strict=True))
    year = table["year"] if "year" in table else pd.Series("", index=table.index)
    sums = table.groupby([table["unit_id"], year])["visits"].sum()
    for (unit, _), visits in sums.items():
        count = float(people.get(unit, np.nan))
        if visits > MOST_PER_RESIDENT * count:
            yield Finding(
                "error", "too-many-visits", "flows",
                Text(
                    f"{unit}: {visits:,.0f} visits a year of {count:,.0f} residents, more than {MOST_PER_RESIDENT} each.",
                    f"{unit}：{count:,.0f} 名居民年就诊 {visits:,.0f} 人次，人均超过 {MOST_PER_RESIDENT} 次。",
                ),
                Text("Correct visits, or the residents of the unit.", "请更正就诊人次或单元人口。"), None, str(unit),
            )  # fmt: skip


def centres_together(chart: Chart) -> Iterator[Finding]:
    """Two primary institutions within 300 m: perhaps one, listed twice."""
    table = chart.region.institutions
    if table is None:
        return
    here = (
        table[table["kind"].isin(PRIMARY)]
        .dropna(subset=["lon", "lat"])
        .sort_values("lat")
        .reset_index(drop=True)
    )
    lon, lat = here["lon"].to_numpy(float), here["lat"].to_numpy(float)
    step = TOGETHER_M / 111_000
    for n in range(len(here)):
        for m in range(n + 1, len(here)):
            if lat[m] - lat[n] > step:
                break
            metres = 111_195 * float(
                np.hypot(lat[m] - lat[n], (lon[m] - lon[n]) * np.cos(np.radians(lat[n])))
            )
            if metres <= TOGETHER_M:
                yield Finding(
                    "warning", "centres-together", "institutions",
                    Text(
                        f"{here.at[n, 'name']} and {here.at[m, 'name']} stand {metres:.0f} m from one another.",
                        f"{here.at[n, 'name']}与{here.at[m, 'name']}相距 {metres:.0f} 米。",
                    ),
                    Text("Keep one of them, if they are the same.", "如为同一机构，请只保留一条。"), None,
                    str(here.at[m, "institution_id"]),
                )  # fmt: skip
