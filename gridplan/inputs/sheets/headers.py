"""Which header of a file is which canonical column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from gridplan.inputs.aliases import UNIT_WORDS
from gridplan.inputs.column import NUMERIC, Column, Table, plain
from gridplan.inputs.schema import TRAVEL
from gridplan.inputs.sheets.cells import half_width, without_footnote
from gridplan.inputs.sheets.notes import FileFault, Notes, did_you_mean, listed
from gridplan.inputs.sheets.unit_factors import UNIT_FACTORS, says_share, without_share
from gridplan.words.text import Text

_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_AROUND = re.compile(
    r"^\s*(?:\d{1,2}[.、)]\s*)?[*★#]*\s*(?:其中[:：]?\s*)?|(?:19|20)\d\d\s*年?[度末底初]?|\s*[*★:：]+\s*$"
)
_UNIT_AT_END = re.compile(r"[_ ]([A-Za-z])$")
_DATUM_WORDS = {
    "wgs1984": "wgs84", "wgs84坐标": "wgs84", "wgs84": "wgs84", "84坐标": "wgs84", "gps": "wgs84", "wgs": "wgs84",
    "gcj02": "gcj02", "火星坐标": "gcj02", "火星": "gcj02", "国测局": "gcj02", "高德": "gcj02", "腾讯": "gcj02", "amap": "gcj02",
    "gcj": "gcj02", "mars": "gcj02", "gaode": "gcj02", "tencent": "gcj02", "bd09ll": "bd09", "bd09": "bd09", "百度": "bd09", "baidu": "bd09",
    "cgcs2000": "cgcs2000", "国家2000": "cgcs2000", "2000国家大地": "cgcs2000", "2000坐标": "cgcs2000", "天地图": "cgcs2000",
}  # fmt: skip
_BD = re.compile(r"^bd(?=lon|lng|lat|[xy]$)|(?<=lon|lng|lat)bd$")  # bd_lon is Baidu's; BDS is satellites


def is_known(header: str, table: Table, columns: Mapping[str, str]) -> bool:
    """Whether a text is a header of that table, by its own name, an alias, or region.toml."""
    if header in columns.values():
        return True
    bare = plain(header)
    return any(
        bare in names or not _cores_of(header, *alike).isdisjoint(names)
        for alike, names in table.called.items()
    )


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
    file: str,
    headers: list[str],
    table: Table,
    columns: Mapping[str, str],
    notes: Notes,
    datum: str = "",
    cut: int = 0,
) -> dict[str, str]:
    """Canonical name → header of the file: as region.toml says, else by name, else by the best alias.

    Parameters
    ----------
    datum : that coordinates should be in, of columns in several datums.
    cut : bytes after which the format cuts headers, 0 for no such limit.
    """
    found: dict[str, str] = {}
    for canonical, wanted in columns.items():
        match = next((h for h in headers if half_width(wanted) == h or wanted == h), None)
        if match is not None:
            found[canonical] = match
            column = table.column(canonical)
            if (
                column is not None
                and (unit := stated_unit(match, column))
                and factor_of(unit, column) is None
            ):
                _refuse_unit(file, match, table, column, unit, notes)
    free = [h for h in headers if h not in found.values()]
    _take_places(free, table, datum, found)
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
    if cut:
        _take_cut(file, free, table, found, cut, notes)
    for column in table:
        if column.name not in found:
            for header in free:
                _refuse_unit(file, header, table, column, stated_unit(header, column), notes)
    if table.name == "units":
        groups = {h.casefold().replace(" ", "_"): h for h in free}
        found |= {name: h for name, h in groups.items() if name.startswith("people_") and name not in found}
    return found


def _take_places(free: list[str], table: Table, datum: str, found: dict[str, str]) -> None:
    """The columns of longitude and latitude, both in one datum where there are several: the wanted one, else the plainest."""
    for ends in (("lon", "lat"), ("from_lon", "from_lat"), ("to_lon", "to_lat")):
        pair = [table.column(name) for name in ends]
        if None in pair or any(name in found for name in ends):
            continue
        by_datum = [
            {datum_in(h): h for column in [one] if column for h in reversed(_matches(column, free))}
            for one in pair
        ]
        shared = set(by_datum[0]) & set(by_datum[1])
        best = next((d for d in (datum, "", "wgs84", "cgcs2000", "gcj02", "bd09") if d in shared), None)
        if len(set(by_datum[0]) | set(by_datum[1])) > 1 and best is not None:
            for name, headers in zip(ends, by_datum, strict=True):
                found[name] = headers[best]
                for header in headers.values():
                    free.remove(header)


def _take_cut(
    file: str, free: list[str], table: Table, found: dict[str, str], cut: int, notes: Notes
) -> None:
    """Headers that the format has cut, where only one column begins so."""
    for header in [h for h in free if _may_be_cut(h, cut)]:
        begun = {
            column.name
            for column in table
            if any(plain(name).startswith(plain(header)) for name in (column.name, *column.aliases))
        }
        if len(begun) == 1 and (name := begun.pop()) not in found:
            found[name] = header
            free.remove(header)
            notes.warn(
                "cut-header",
                table.name,
                Text(f"{file}: the header {header} was cut short by the format; it is read as {name}.",
                     f"{file}：字段名 {header} 被该格式截断，按 {name} 读取。"),
                Text(f'To use it otherwise, write columns = {{ … = "{header}" }} in [tables.{table.name}].',
                     f'如含义不同，请在 [tables.{table.name}] 中写 columns = {{ … = "{header}" }}。'),
                id=header,
            )  # fmt: skip


def _may_be_cut(header: str, cut: int) -> bool:
    """Whether a header fills the room of its format, but for less than a character."""
    sizes = [len(header.encode(encoding, "replace")) for encoding in ("utf-8", "gb18030")]
    return any(cut - (0 if header.isascii() else 2) <= size <= cut for size in sizes)


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
                    f" Also read: {others}. Or write {_setting(column)} in [tables.{table.name}], or teach the header: "
                    f'[aliases.{table.name}] {column.name} = ["…"].',
                    f"现有表头：{listed(headers)}；{fits.zh}"
                    f"也可用：{others}；或在 [tables.{table.name}] 中写 {_setting(column)}，"
                    f'或在 [aliases.{table.name}] 中写 {column.name} = ["…"]。',
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
    """The headers that mean this column, the best alias first; those that add a unit, a datum or a remark come last."""
    names = [plain(name) for name in (column.name, *column.aliases)]
    latest = sorted(headers, key=_year, reverse=True)
    exact = [(n, h) for n, key in enumerate(names) for h in headers if plain(h) == key]
    ranked = exact + [(n, h) for n, key in enumerate(names) for h in latest if key in _cores(h, column)]
    if column.kind in ("whole", "number"):  # 常住人口(2020) is a better number of residents than 户籍人口
        ranked.sort(key=lambda one: one[0])
    found = [h for h in dict.fromkeys(h for _, h in ranked) if _is_readable(h, column)]
    persons = [h for h in found if not (column.is_group and says_share(h))]
    return persons or found  # where persons are counted, their share says nothing more


def _year(header: str) -> str:
    """The year that a header names: of 2010年人口 and 2020年人口 the later one is better."""
    named = re.search(r"(?:19|20)\d\d", half_width(header))
    return named[0] if named else ""


def _is_readable(header: str, column: Column) -> bool:
    if column.unit == "persons" and says_share(header) and not column.is_group:
        return False  # 人口比重 is no number of residents
    unit = stated_unit(header, column)
    return not unit or factor_of(unit, column) is not None


def _cores(header: str, column: Column) -> frozenset[str]:
    """What a header says besides remarks in brackets, numbering, a year, a unit, a datum."""
    return _cores_of(header, column.kind == "degree", column.unit, column.is_group)


@lru_cache(maxsize=10_000)
def _cores_of(header: str, placed: bool, unit: str, group: bool) -> frozenset[str]:
    plainly = _bare(header)
    cores = {plainly, _without_datum(header)} if placed else {plainly}
    if group and says_share(header):
        cores.add(without_share(plainly))
    ending = _UNIT_AT_END.search(half_width(header))  # duration_s
    if ending and plain(ending[1]) in UNIT_FACTORS.get(unit, {}):
        cores |= {core.removesuffix(plain(ending[1])) for core in list(cores)}
    for word in UNIT_FACTORS.get(unit, {}):
        if len(word) > 1 or not word.isascii():
            cores |= {core.removesuffix(plain(word)) for core in list(cores) if core.endswith(plain(word))}
    return frozenset(cores - {""})


def _bare(header: str) -> str:
    """A header without what stands in brackets, before it or around it: 2.*2024年末常住人口（人）① → 常住人口."""
    return plain(_AROUND.sub("", _BRACKETS.sub("", without_footnote(half_width(header)))))


def _without_datum(header: str) -> str:
    text = _BD.sub("", plain(header))
    for word in _DATUM_WORDS:
        text = text.replace(word, "")
    return text.strip("()[]【】:/")


def datum_in(header: str) -> str:
    """The datum that a header names ("经度（百度）" → bd09), "" where it names none."""
    text = _BD.sub("bd09", plain(header))
    return next((datum for word, datum in _DATUM_WORDS.items() if word in text), "")


def datum_named(word: str) -> str:
    """The datum that a cell names, "" where it names none."""
    text = plain(word).replace("坐标系", "").replace("坐标", "")
    return next((d for w, d in _DATUM_WORDS.items() if w.replace("坐标", "") in text), "") if text else ""


def factor_of(unit: str, column: Column) -> float | None:
    """What one of a unit is in the unit of the column; None where that cannot be told."""
    return UNIT_FACTORS.get(column.unit, {}).get(plain(unit))


def stated_unit(header: str, column: Column) -> str:
    """The unit in a header of this column that makes its numbers mean something else, else ""."""
    units = {u: f for u, f in UNIT_FACTORS.get(column.unit, {}).items() if f != 1}
    for bracket in _BRACKETS.findall(half_width(header)):
        inside = plain(bracket).strip("()[]【】").removeprefix("单位:")
        if inside in units:
            return inside
        if long := [u for u in units if len(u) > 1 and not u.isascii() and inside.startswith(u)]:
            return max(long, key=len)
    text = _bare(header)
    names = [plain(name) for name in (column.name, *column.aliases)]
    for name in sorted((n for n in names if text.startswith(n)), key=len, reverse=True)[:1]:
        rest = text[len(name) :].strip(":")
        if rest in units:
            return rest
    return ""


def _refuse_unit(file: str, header: str, table: Table, column: Column, unit: str, notes: Notes) -> None:
    if not unit:
        return
    right = UNIT_WORDS[column.unit]
    what = Text(
        f"{file}: '{header}' counts in {unit}, but {column.name} is in {right.en}.",
        f"{file}：“{header}”的单位是“{unit}”，而 {column.name} 应以“{right.zh}”为单位。",
    )
    hint = Text(
        f"Convert the numbers to {right.en} and rename the header.",
        f"请把数值换算为“{right.zh}”，并修改表头。",
    )
    notes.fault("wrong-unit", table.name, what, hint, id=column.name)
