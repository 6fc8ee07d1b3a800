"""Faults of single cells: blank, negative or absurd numbers, unknown words, unsafe or repeated ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import PAIR_KEYS, id_of, is_blank, row_of, tables
from gridplan.geography.implied_speed import below_zero
from gridplan.inputs.aliases import UNIT_WORDS
from gridplan.inputs.column import Column, Table
from gridplan.inputs.sheets.cells import FORMULA_STARTS
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.inputs.sheets.typed_columns import LARGE_GROUPS
from gridplan.words.findings import Finding
from gridplan.words.text import Text

LEAST_SHARE = 0.01  # of the residents
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def blank_cells(chart: Chart) -> Iterator[Finding]:
    """Cells that must not be blank, record by record; units of a district that could not be shared out are said with it."""
    not_shared = {f.id for f in chart.region.findings if f.code == "not-shared"}
    shared = set(chart.region.districts["district_id"]) - not_shared
    for schema, table in tables(chart.region):
        holes: dict[Any, list[Column]] = {}
        for column in (c for c in schema if c.filled and c.name in table):
            if (schema.name, column.name) == ("travel", "minutes"):
                continue  # a pair without minutes is unreachable, see blank_minutes
            blank = is_blank(table[column.name])
            if (schema.name, column.name) == ("units", "people") and chart.region.modelled:
                blank &= table["district_id"].isin(shared)
            for index in table.index[blank]:
                if not chart.already_said(schema.name, row_of(table, index), column.name):
                    holes.setdefault(index, []).append(column)
        for index, columns in holes.items():
            yield _blank(schema, columns, row_of(table, index), id_of(schema, table, index))


def _blank(schema: Table, columns: list[Column], row: int | None, id: str) -> Finding:
    """One finding for a record, however many of its cells are blank."""
    names = [column.name for column in columns]
    wanted, wanted_zh = [], []
    for column in columns:
        unit = UNIT_WORDS.get(column.unit)
        words = f": {' / '.join(column.words)}" if column.words else ""
        wanted.append(column.name + (f" ({unit.en})" if unit else "") + words)
        wanted_zh.append(column.name + (f"（{unit.zh}）" if unit else "") + words)
    verb = "is" if len(names) == 1 else "are"
    return Finding(
        "error",
        "blank-cell",
        schema.name,
        Text(f"{', '.join(names)} {verb} blank.", f"{'、'.join(names)} 为空。"),
        Text(f"Fill in {', '.join(wanted)}.", f"请填写 {'、'.join(wanted_zh)}。"),
        row,
        id,
    )


def blank_minutes(chart: Chart) -> Iterator[Finding]:
    """Pairs of the travel table without minutes: they count as unreachable, said once."""
    travel = chart.region.travel
    if travel is None:
        return
    rows = [row_of(travel, index) for index in travel.index[travel["minutes"].isna()]]
    rows = [row for row in rows if not chart.already_said("travel", row, "minutes")]
    if rows:
        listed, pairs = row_ranges(rows), "pair has" if len(rows) == 1 else "pairs have"
        yield Finding(
            "warning",
            "blank-minutes",
            "travel",
            Text(
                f"{len(rows)} {pairs} no minutes: unreachable (rows {listed}).",
                f"{len(rows)} 对没有填写分钟数，按不可达处理（第 {listed} 行）。",
            ),
            Text("Fill them in, or leave them if there is no way.", "请补填；确无道路可达的可保留空白。"),
            rows[0],
        )


def numbers_out_of_range(chart: Chart) -> Iterator[Finding]:
    """A number below or above what can be believed (coordinates have checks of their own)."""
    for schema, table in tables(chart.region):
        for column in (schema.column(str(name)) for name in table.columns):
            if column is None or column.kind not in ("whole", "number"):
                continue
            numbers = table[column.name].astype(float)
            low = float("-inf") if column.low is None else column.low
            high = float("inf") if column.high is None else column.high
            off = (numbers < low) | (numbers > high)
            if schema.name == "travel" and column.name == "minutes":
                off &= ~numbers.isin(below_zero(numbers))  # told together, see `minutes_below_zero`
            for index in table.index[off]:
                row = row_of(table, index)
                if not chart.already_said(schema.name, row, column.name):
                    id = id_of(schema, table, index)
                    yield _out_of_range(schema, column, float(numbers[index]), row, id)


def minutes_below_zero(chart: Chart) -> Iterator[Finding]:
    """A negative number that repeats in the travel table: it stands for no way, said once."""
    travel = chart.region.travel
    if travel is None:
        return
    for value in below_zero(travel["minutes"]):
        rows = [row for at in travel.index[travel["minutes"] == value] if (row := row_of(travel, at))]
        count = int((travel["minutes"] == value).sum())
        yield Finding(
            "error",
            "repeated-minutes",
            "travel",
            Text(
                f"{count:,} pairs take {value:g} minutes (rows {row_ranges(rows)}): it seems to stand for “no way”.",
                f"{count:,} 对为 {value:g} 分钟（第 {row_ranges(rows)} 行）：似表示“不可达”。",
            ),
            Text(
                "Leave those cells empty; gridplan check DIR --repair NEW --accept repeated-minutes does.",
                "请将这些单元格留空；可用 gridplan check DIR --repair NEW --accept repeated-minutes。",
            ),
            rows[0] if rows else None,
        )


def _out_of_range(schema: Table, column: Column, number: float, row: int | None, id: str) -> Finding:
    said, name = f"{number:,.15g}", UNIT_WORDS.get(column.unit)
    unit, unit_zh = (f" {column.unit}", f" {name.zh}") if name else ("", "")
    if number < 0:
        code = "negative-number"
        what = Text(f"{column.name} is negative: {said}{unit}.", f"{column.name} 为负数：{said}{unit_zh}。")
        hint = Text("Correct the number; nothing is below 0.", "请更正；数值不得小于 0。")
    else:
        code = "absurd-number"
        high = f"{column.high:,.15g}"
        what = Text(f"{column.name} = {said}{unit} cannot be.", f"{column.name} = {said}{unit_zh} 不合常理。")
        hint = Text(
            f"At most {high}{unit} is believed; look for a wrong unit or an extra digit.",
            f"合理值不超过 {high}{unit_zh}；请检查单位或多写的数字。",
        )
    return Finding("error", code, schema.name, what, hint, row, id)


def shares_as_persons(chart: Chart) -> Iterator[Finding]:
    """A large group of which there are fewer than one in a hundred residents, and nowhere more than a hundred: per cent."""
    units = chart.region.units
    for name in (name for name in LARGE_GROUPS if name in units):
        numbers, people = units[name].astype(float), units["people"].astype(float)
        known = numbers.notna() & people.notna()
        if 0 < numbers[known].max() <= 100 and numbers[known].sum() < LEAST_SHARE * people[known].sum():
            most = f"{numbers[known].max():.6g}"
            yield Finding(
                "error",
                "share-as-persons",
                "units",
                Text(
                    f"{name} is at most {most} everywhere, under 1 % of the residents: it looks like per cent, not persons.",
                    f"{name} 各单元最大仅 {most}，不足常住人口的 1%：像是百分比，而不是人数。",
                ),
                Text(
                    f'Write % into the header, or units = {{ {name} = "%" }} in [tables.units]: persons follow from the residents.',
                    f'请在表头写明（%），或在 [tables.units] 中写 units = {{ {name} = "%" }}，人数由常住人口推得。',
                ),
                id=name,
            )


def unknown_words(chart: Chart) -> Iterator[Finding]:
    """A word that is not in its closed list."""
    for schema, table in tables(chart.region):
        for column in (c for c in schema if c.words is not None and c.name in table):
            values = table[column.name]
            for index in table.index[~values.isin(list(column.words or {})) & ~is_blank(values)]:
                row, word = row_of(table, index), str(values[index])
                if not chart.already_said(schema.name, row, column.name):
                    yield _unknown_word(schema, column, word, row, id_of(schema, table, index))


def _unknown_word(schema: Table, column: Column, word: str, row: int | None, id: str) -> Finding:
    words = column.words or {}
    near = did_you_mean(word, [*words, *(text.zh for text in words.values())])
    guess = Text(near.en + " ", near.zh) if "?" in near.en else Text("", "")
    all_zh = "、".join(f"{key}（{text.zh}）" for key, text in words.items())
    return Finding(
        "error",
        "unknown-word",
        schema.name,
        Text(f"{column.name} = '{word}' is not a known word.", f"{column.name} = “{word}”不是约定的词。"),
        Text(
            f"{guess.en}The words are {', '.join(words)}. Or teach the word in region.toml: [words.{column.name}] "
            f'"{word}" = "…".',
            f'{guess.zh}可用：{all_zh}。或在 region.toml 的 [words.{column.name}] 中写 "{word}" = "…"。',
        ),
        row,
        id,
    )


def unsafe_ids(chart: Chart) -> Iterator[Finding]:
    """An id that a spreadsheet would run as a formula, or that holds characters nobody can see."""
    for schema, table in tables(chart.region):
        ids = table[schema.key].astype(str).tolist() if schema.key else []
        for index, id in zip(table.index if schema.key else (), ids, strict=True):
            if CONTROL.search(id):
                what = Text(
                    f"The id {id!a} holds a character that cannot be seen.",
                    f"编号 {id!a} 含有不可见字符。",
                )
            elif id.startswith(FORMULA_STARTS):
                what = Text(
                    f"The id '{id}' begins with {id[0]}: a spreadsheet would run it as a formula.",
                    f"编号“{id}”以 {id[0]} 开头，电子表格会把它当作公式执行。",
                )
            else:
                continue
            hint = Text(
                "Let ids begin with a letter or digit and hold only letters, digits, - and _.",
                "编号应以字母或数字开头，只含字母、数字、- 和 _。",
            )
            row = row_of(table, index)
            yield Finding("error", "unsafe-id", schema.name, what, hint, row, CONTROL.sub("?", id))


def duplicate_ids(chart: Chart) -> Iterator[Finding]:
    """An id, or a pair of ids, that stands in several rows."""
    for schema, table in tables(chart.region):
        keys = [schema.key] if schema.key else PAIR_KEYS.get(schema.name, [])
        if not keys or table.empty:
            continue
        if not table.duplicated(keys).any():
            continue
        filled = table[~table[keys].apply(is_blank).any(axis=1)]
        repeated = filled[filled.duplicated(keys, keep=False)]
        for _, group in repeated.groupby(keys, sort=False):
            rows = sorted(row_of(table, index) or 0 for index in group.index)
            same = bool(group.drop(columns=["row"], errors="ignore").astype(str).nunique().le(1).all())
            yield _duplicate(schema, keys, rows, same, id_of(schema, table, group.index[0]))


def _duplicate(schema: Table, keys: list[str], rows: list[int], same: bool, id: str) -> Finding:
    listed, harmless = row_ranges([*rows]), schema.name in ("partnerships", "links")
    equal = Text(
        "The rows are equal: keep one, or run gridplan check DIR --repair NEW.",
        "各行完全相同：请只保留一行，或运行 gridplan check DIR --repair NEW。",
    )
    differ = (
        Text(
            "The rows differ: give each its own id, or delete the wrong one.",
            "各行内容不同：请改用不同编号，或删除错误的一行。",
        )
        if schema.key
        else Text("The rows differ: delete the wrong one.", "各行内容不同：请删除错误的一行。")
    )
    if schema.name == "links":
        differ = Text("One is enough for the units to touch.", "有一行即视为相连，可只保留一行。")
    return Finding(
        "warning" if harmless else "error",
        "duplicate-id" if schema.key else "duplicate-pair",
        schema.name,
        Text(
            f"{' + '.join(keys)} {id} stands in rows {listed}.",
            f"{' + '.join(keys)} {id} 重复出现在第 {listed} 行。",
        ),
        equal if same else differ,
        rows[1],
        id,
    )
