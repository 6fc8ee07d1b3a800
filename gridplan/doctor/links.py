"""Ids that point to nothing, or to themselves: an unknown district, hospital or unit, a former district, a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import id_of, is_blank, records, row_of, tables
from gridplan.inputs.column import Table
from gridplan.inputs.matching.names import Names, city_names
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.condense import MANY, row_ranges
from gridplan.inputs.sheets.notes import did_you_mean, listed
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import FORMER_ADCODES, NOUNS

POINTS_TO = {
    "district_id": "districts",
    "hospital_id": "hospitals",
    "managed_id": "hospitals",
    "unit_id": "units",
    "from_unit": "units",
    "to_unit": "units",
}
CODE = {"districts": "unknown-district", "hospitals": "unknown-hospital", "units": "unknown-unit"}
SHOWN_NAMES = 3


@dataclass(frozen=True)
class Pointing:
    """Rows of a table that point to an id which is nowhere; `others` counts further such ids that are not told."""

    schema: Table
    column: str
    stranger: str
    rows: list[int | None]
    id: str
    others: int = 0

    def where(self) -> Text:
        """The table and its rows."""
        rows = row_ranges(self.rows)
        return Text(f"{self.schema.name} (rows {rows})", f"{NOUNS[self.schema.name].zh}（第 {rows} 行）")


def unknown_ids(chart: Chart) -> Iterator[Finding]:
    """An id that is not in the table it points to; one finding per unknown id, with all tables and rows."""
    told: dict[tuple[str, str], list[Pointing]] = {}
    region = chart.region
    for pointing in _pointing(chart):
        told.setdefault((POINTS_TO[pointing.column], pointing.stranger), []).append(pointing)
    city = city_names(region.title, region.name)
    names = {t: Names(getattr(region, t), TABLES[t].key, city) for t in dict.fromkeys(t for t, _ in told)}
    for (target, stranger), found in told.items():
        column, places = found[0].column, _by_table(found)
        what, hint, former = _unknown(column, target, stranger, getattr(region, target), names[target])
        first, *others = places
        if others or len(first.rows) > 1:
            where = [place.where() for place in places]
            what = Text(
                f"{what.en} It stands in {', '.join(w.en for w in where)}.",
                f"{what.zh}见 {'、'.join(w.zh for w in where)}。",
            )
        if more := sum(place.others for place in places):
            what = Text(
                f"{what.en} {more:,} other ids are not there either.",
                f"{what.zh}另有 {more:,} 个编号也不在表中。",
            )
        code = "former-adcode" if former else CODE[target]
        yield Finding("error", code, first.schema.name, what, hint, first.rows[0], first.id)


def _by_table(found: list[Pointing]) -> list[Pointing]:
    """A link names units in two columns: its rows are said once."""
    merged: dict[str, Pointing] = {}
    for one in found:
        before = merged.get(one.schema.name)
        rows = sorted({*one.rows, *(before.rows if before else ())}, key=lambda row: row or 0)
        merged[one.schema.name] = replace(before or one, rows=rows)
    return list(merged.values())


def _pointing(chart: Chart) -> Iterator[Pointing]:
    """Every unknown id of every table; only the first of a column where half the rows hold unknown ids."""
    region, renamed = chart.region, _renamed(chart)
    for schema, table in tables(region):
        for column, target in POINTS_TO.items():
            if column not in table or schema.key == column or getattr(region, target).empty:
                continue  # an empty target is a finding of its own
            known = set(getattr(region, target)[TABLES[target].key].tolist())
            values = table[column]
            excused = renamed | (left_out(chart) if schema.name == "links" else set())
            strange = ~values.isin(known | excused)
            if not strange.any():
                continue
            strangers = table[strange & ~is_blank(values)]
            groups = list(strangers.groupby(column, sort=False))
            most = len(groups) >= MANY and len(strangers) >= len(table) / 2
            for stranger, group in groups[:1] if most else groups:
                rows = [row_of(table, index) for index in group.index]
                id = id_of(schema, table, group.index[0]) if schema.key else str(stranger)
                yield Pointing(schema, column, str(stranger), rows, id, len(groups) - 1 if most else 0)


def _renamed(chart: Chart) -> set[str]:
    """Today's codes of districts that the table districts has under a former code only: said of that table."""
    known = set(chart.region.districts["district_id"])
    return {now for old, (_, now, _) in FORMER_ADCODES.items() if old in known and now not in known}


def _unknown(
    column: str, target: str, stranger: str, table: pd.DataFrame, names: Names
) -> tuple[Text, Text, bool]:
    """What is wrong with an unknown id, what to do, and whether it is the code of a former district."""
    if column == "district_id" and stranger in FORMER_ADCODES:
        then, now, name = FORMER_ADCODES[stranger]
        what = Text(
            f"{column} {stranger} is the former code of {then}, which is {now} {name} today.",
            f"{column} {stranger} 是{then}的旧代码，现为 {now} {name}。",
        )
        hint = Text(
            f"Write {now}, or run gridplan check DIR --repair NEW.",
            f"请改为 {now}，或运行 gridplan check DIR --repair NEW。",
        )
        return what, hint, True
    title, key = TABLES[target].title, TABLES[target].key
    what = Text(
        f"{column} {stranger} is not in the table {target}.",
        f"{column} {stranger} 不在 {target}（{title.zh}）表中。",
    )
    meant = table[table[key].isin(names.find(stranger))]
    if len(meant) > 1:
        what = Text(
            f"{column} {stranger} fits {len(meant)} of the table {target}.",
            f"{column} {stranger} 对应 {target}（{title.zh}）表中 {len(meant)} 条记录。",
        )
        either = _either(meant, key)
        hint = Text(f"Write the {key}: {either.en}", f"请填写 {key}：{either.zh}")
        return what, hint, False
    near = _near(target, stranger, table, names)
    hint = Text(
        f"{near.en[:1].upper()}{near.en[1:]} If it is missing there, add it to {target}.",
        f"{near.zh} 如确实缺少，请在 {target} 表中补充。",
    )
    return what, hint, False


def _either(some: pd.DataFrame, key: str) -> Text:
    """Records by id and name, of which one was probably meant."""
    pairs = zip(some[key], some["name"], strict=True)
    either = listed(str(id) if name in str(id) else f"{id} {name}" for id, name in pairs)
    return Text(f"did you mean {either}?", f"是否想写 {either}？")


def _near(target: str, stranger: str, table: pd.DataFrame, names: Names) -> Text:
    """What was probably meant; nothing of this city where another stands before the name."""
    key = TABLES[target].key
    some = table[[stranger in name for name in table["name"]]]
    if 0 < len(some) <= SHOWN_NAMES:
        return _either(some, key)
    place = names.elsewhere(stranger)
    if place and names.city_known:
        city = names.city[0]
        return Text(
            f"{place} is not {city}, so nothing in {city} is taken for it; what it may stand for can be said in [names.{target}] of region.toml.",
            f"{place}并非{city}，故不与{city}的记录对应；确有所指时请在 region.toml 的 [names.{target}] 中写明。",
        )
    if place:
        return Text(
            f'if {place} is this city, write title = "{place}" in region.toml (name="{place}" in Python).',
            f'如本市即{place}，请在 region.toml 中写 title = "{place}"（Python 中为 name="{place}"）。',
        )
    return did_you_mean(stranger, sorted(table[key]))


def left_out(chart: Chart) -> set[str]:
    """Units that reading left out of the plan, for want of a location."""
    return {finding.id for finding in chart.region.findings if finding.code == "unit-left-out"}


def links_that_join_nothing(chart: Chart) -> Iterator[Finding]:
    """A link from a unit to itself, or to a unit that was left out."""
    links = chart.region.links
    if links is None:
        return
    gone = left_out(chart)
    for link in records(links):
        ends = [link.from_unit, link.to_unit]
        pair = f"{link.from_unit}–{link.to_unit}"
        if link.from_unit == link.to_unit != "":
            yield Finding(
                "error", "link-to-itself", "links",
                Text(f"The link joins unit {link.from_unit} with itself.", f"该连接的两端同为单元 {link.from_unit}。"),
                Text("Give the unit on the other side, or delete the row.", "请填写对岸的单元，或删除该行。"),
                link.row, pair,
            )  # fmt: skip
        elif lost := [end for end in ends if end in gone]:
            yield Finding(
                "warning", "link-left-out", "links",
                Text(
                    f"The link is not used: {' and '.join(lost)} has no location and is left out.",
                    f"该连接未使用：{'、'.join(lost)} 没有位置，未纳入规划。",
                ),
                Text("Give the unit lon and lat.", "请补充该单元的经纬度。"),
                link.row, pair,
            )  # fmt: skip


def former_codes(chart: Chart) -> Iterator[Finding]:
    """Districts that are listed under a code that no longer exists; an error where other tables use today's."""
    districts = chart.region.districts
    used = {
        district_id
        for schema, table in tables(chart.region)
        if "district_id" in table and schema.name != "districts"
        for district_id in table["district_id"]
    }
    for district in records(districts[districts["district_id"].isin(list(FORMER_ADCODES))]):
        then, now, name = FORMER_ADCODES[district.district_id]
        yield Finding(
            "error" if now in used & _renamed(chart) else "warning",
            "former-adcode",
            "districts",
            Text(
                f"{district.district_id} is the former code of {then}, which is {now} {name} today.",
                f"{district.district_id} 是{then}的旧代码，现为 {now} {name}。",
            ),
            Text(
                "Use today's code and today's districts, unless the plan is for an earlier year.",
                "除非规划针对早先年份，请改用现行代码与区划。",
            ),
            district.row,
            district.district_id,
        )
