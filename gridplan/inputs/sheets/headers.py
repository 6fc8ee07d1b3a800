"""Which header of a file is which canonical column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gridplan.inputs.aliases import UNIT_WORDS, WRONG_UNITS
from gridplan.inputs.schema import NUMERIC, TRAVEL, Column, Table, plain
from gridplan.inputs.sheets.cells import half_width
from gridplan.inputs.sheets.notes import FileFault, Notes, did_you_mean, listed
from gridplan.words.text import Text

_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")


def is_known(header: str, table: Table, columns: Mapping[str, str]) -> bool:
    """Whether a text is a header of that table, by its own name, an alias, or region.toml."""
    names = {plain(name) for column in table for name in (column.name, *column.aliases)}
    return header in columns.values() or bool({plain(header), _bare(header)} & names)


def check_headers(file: str, headers: list[str], table: Table, columns: Mapping[str, str]) -> None:
    """That a file has headers of this table at all, and each of them once.

    Raises
    ------
    FileFault : where its columns cannot be told.
    """
    known = [header for header in headers if is_known(header, table, columns)]
    if not known:
        raise FileFault(
            "no-headers",
            Text(
                f"{file} has no headers of a table {table.name}; it begins with: {listed(headers) or '—'}.",
                f"{file} 没有{table.title.zh}表的表头；开头为：{listed(headers) or '—'}。",
            ),
            Text(
                f"Write headers over the columns: {listed(table.names)}. In Excel they stand on the first sheet, "
                f'or on the one named by sheet = "…" in [tables.{table.name}].',
                f"请写明各列表头：{listed(table.names)}。Excel 读取第一张工作表，"
                f'或 [tables.{table.name}] 中 sheet = "…" 指定的工作表。',
            ),
        )
    twice = [header for header in known if f"{header} #2" in headers]
    if twice:
        raise FileFault(
            "duplicate-header",
            Text(
                f"{file} has several columns called {listed(twice)}.", f"{file} 有多列都叫 {listed(twice)}。"
            ),
            Text("Rename or delete all but one of them.", "请只保留一列，其余改名或删除。"),
        )


def map_headers(
    file: str, headers: list[str], table: Table, columns: Mapping[str, str], notes: Notes
) -> dict[str, str]:
    """Canonical name → header of the file: as region.toml says, else by name, else by the best alias."""
    found: dict[str, str] = {}
    for canonical, wanted in columns.items():
        match = next((h for h in headers if half_width(wanted) == h), None)
        if match is not None:
            found[canonical] = match
            column = table.column(canonical)
            if column is not None:
                unit = _wrong_unit(match, column) or _unit_in_brackets(match, column)
                _refuse_unit(file, match, table, column, unit, notes)
    free = [h for h in headers if h not in found.values()]
    for column in table:
        if column.name not in found and (matches := _matches(column, free)):
            found[column.name] = matches[0]
            free.remove(matches[0])
            if len(matches) > 1 and column.kind in NUMERIC:
                notes.warn(
                    "several-headers",
                    table.name,
                    Text(
                        f"{file}: {listed(matches)} could all be {column.name}; '{matches[0]}' is used.",
                        f"{file}：{listed(matches)} 都可能是 {column.name}，采用“{matches[0]}”。",
                    ),
                    Text(
                        f"To use another, write {_setting(column)} in [tables.{table.name}].",
                        f"如需采用另一列，请在 [tables.{table.name}] 中写 {_setting(column)}。",
                    ),
                )
    for column in table:
        if column.name not in found:
            for header in free:
                _refuse_unit(file, header, table, column, _wrong_unit(header, column), notes)
    if table.name == "units":
        groups = {h.casefold().replace(" ", "_"): h for h in free}
        found |= {name: h for name, h in groups.items() if name.startswith("people_") and name not in found}
    return found


def demand_columns(
    files: str, headers: list[str], table: Table, have: Iterable[str], excused: Iterable[str], notes: Notes
) -> None:
    """Note every required column that is not there; one whose header has the wrong unit was noted with it."""
    refused = {f.id for f in notes.findings if (f.table, f.code) == (table.name, "wrong-unit")}
    lacking = {"hospital_id", "minutes"} - {*have, *refused}
    if table is TRAVEL and len(lacking) == 2 and len(headers) > 2 and "unit_id" in have:
        _refuse_matrix(files, headers, notes)
        return
    for column in table:
        if column.required and column.name not in {*have, *excused, *refused}:
            near = did_you_mean(column.name, headers)
            fits = near if "?" in near.en else Text("none of them fits.", "都不符合。")
            others = listed(column.aliases[:4])
            notes.fault(
                "missing-column",
                table.name,
                Text(f"{files} has no column {column.name}.", f"{files} 缺少列 {column.name}。"),
                Text(
                    f"Its headers: {listed(headers)}; {fits.en}"
                    f" Also read: {others}. Or write {_setting(column)} in [tables.{table.name}].",
                    f"现有表头：{listed(headers)}；{fits.zh}"
                    f"也可用：{others}；或在 [tables.{table.name}] 中写 {_setting(column)}。",
                ),
                id=column.name,
            )


def _refuse_matrix(files: str, headers: list[str], notes: Notes) -> None:
    """A travel table with a column per hospital."""
    notes.fault(
        "wide-table",
        TRAVEL.name,
        Text(
            f"{files} has no columns hospital_id and minutes; it looks like a matrix, a column per hospital: {listed(headers)}.",
            f"{files} 没有 hospital_id、minutes 两列，像是每家医院一列的矩阵：{listed(headers)}。",
        ),
        Text(
            "Give a row per unit and hospital under the headers unit_id, hospital_id, minutes (in Excel: Data, From "
            "Table, Unpivot Other Columns).",
            "请改为每个单元、每家医院一行，表头为 unit_id, hospital_id, minutes（Excel：数据 → 自表格 → 逆透视其他列）。",
        ),
        id="hospital_id",
    )


def _setting(column: Column) -> str:
    """The line of region.toml that names a column."""
    return f'columns = {{ {column.name} = "…" }}'


def _matches(column: Column, headers: list[str]) -> list[str]:
    """The headers that mean this column, the best alias first."""
    ranked: list[str] = []
    for alias in (column.name, *column.aliases):
        key = plain(alias)
        ranked += [h for h in headers if plain(h) == key and h not in ranked]
        ranked += [h for h in headers if _bare(h) == key and h not in ranked and not _wrong_unit(h, column)]
    return ranked


def _bare(header: str) -> str:
    """A header without what stands in brackets: 人口（人） → 人口."""
    return plain(_BRACKETS.sub("", half_width(header)))


def _wrong_unit(header: str, column: Column) -> str:
    """The unit in a header of this column that would make its numbers mean something else, else ""."""
    text = plain(header)
    names = [plain(name) for name in (column.name, *column.aliases)]
    for name in sorted((n for n in names if text.startswith(n)), key=len, reverse=True)[:1]:
        rest = text[len(name) :]
        for unit in WRONG_UNITS.get(column.unit, ()):
            if rest.strip("()[]【】") == unit or (unit in rest and (not unit.isascii() or len(unit) > 4)):
                return unit
    return ""


def _refuse_unit(file: str, header: str, table: Table, column: Column, unit: str, notes: Notes) -> None:
    if unit:
        right = UNIT_WORDS[column.unit]
        notes.fault(
            "wrong-unit",
            table.name,
            Text(
                f"{file}: '{header}' counts in {unit}, but {column.name} is in {right.en}.",
                f"{file}：“{header}”的单位是“{unit}”，而 {column.name} 应以“{right.zh}”为单位。",
            ),
            Text(
                f"Convert the numbers to {right.en} and rename the header.",
                f"请把数值换算为“{right.zh}”，并修改表头。",
            ),
            id=column.name,
        )


def _unit_in_brackets(header: str, column: Column) -> str:
    inside = [plain(b).strip("()[]【】") for b in _BRACKETS.findall(half_width(header))]
    units = WRONG_UNITS.get(column.unit, ())
    return next((u for b in inside for u in units if b == u or (not u.isascii() and u in b)), "")
