"""Which records of a file count: those that `where` wants, without rows of totals, headings and remarks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.inputs.aliases import TOTAL_WORDS
from gridplan.inputs.column import Table, plain
from gridplan.inputs.formats.sheet import Remark, Sheet
from gridplan.inputs.read_settings import TableSettings
from gridplan.inputs.sheets.cells import FOOTNOTES, half_width, is_blank
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.headers import is_known
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.amount import many
from gridplan.words.text import Text

LOOKED_AT = 4  # columns in which a total or a remark begins
LEAST_COLUMNS = 3  # of a table in which a row with one filled cell is no record
FOR_ALL = ("全市", "总和", "sum", "total")  # may say for whom a record is, or of what it is the sum
SHOWN = 30  # letters of a remark that are quoted
SUBTOTALS = ("合计", "小计", "总计", "subtotal")
ENDS_OF_TOTALS = re.compile(
    "[" + "".join({word[-1] for word in (*TOTAL_WORDS, *SUBTOTALS)}) + "]", re.IGNORECASE
)
REMARK = re.compile(
    r"(注|附注|备注|说明|资料来源|数据来源|来源|数据时间|统计时间|统计口径|口径|填表|制表|填报|审核|单位负责人|联系人|联系电话|日期|单位)"
    r"\s*(人|单位|日期|时间)?\s*\d*\s*[:：、.．]|"
    rf"(note|notes|source|sources|remark|remarks|prepared by|data)\s*\d*\s*[:.]|[*※★#{FOOTNOTES}]|\d{{1,2}}[.、)）]\s*\D",
    re.IGNORECASE,
)
HEADING = re.compile(
    r"[(（]?[一二三四五六七八九十]+[)）]?[、.．]|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+[部章类]"
)
# A label whose text stands behind it or in the next cell: 填表人：张三, 说明.
LABEL = re.compile(
    r"(注|附注|备注|说明|填表说明|资料来源|数据来源|来源|数据时间|统计时间|统计口径|口径|填表|制表|填报|审核|复核|单位负责人|负责人|联系人|联系电话|电话)"
    r"\s*(人|单位|日期|时间|签字|签章)?\s*\d*\s*([:：].*)?|(note|notes|source|sources|remark|remarks|prepared by)\s*\d*\s*(:.*)?",
    re.IGNORECASE | re.DOTALL,
)
DISTRICT = re.compile(r"[区县市旗]$")
AMOUNT = re.compile(r"(?!(19|20)\d\d)\d{1,6}(\.\d+)?")
SENTENCE = re.compile(r"[。；;]|.{25,}")


def note_sheet(sheet: Sheet, table: Table, notes: Notes) -> None:
    """Say what the reader noticed, which encoding was used where it is not plain, which rows could not be read whole."""
    for remark in sheet.remarks:
        say = notes.error if remark.error else notes.warn
        say(remark.code, table.name, remark.what, remark.hint, remark.row)
    if sheet.claimed:
        notes.warn(
            "encoding-contradicts",
            table.name,
            Text(
                f"The .cpg of {sheet.file} says {sheet.claimed}, but its bytes are {sheet.encoding}.",
                f"{sheet.file} 的 .cpg 写 {sheet.claimed}，但内容是 {sheet.encoding} 编码。",
            ),
            Text(f"It was read as {sheet.encoding}.", f"已按 {sheet.encoding} 读取。"),
        )
    elif sheet.encoding not in ("utf-8", "xlsx"):
        notes.warn(
            "encoding",
            table.name,
            Text(
                f"{sheet.file} is not UTF-8; it was read as {sheet.encoding}.",
                f"{sheet.file} 不是 UTF-8，已按 {sheet.encoding} 读取。",
            ),
            Text(
                "Look at a few names; saving as UTF-8 ends the doubt.",
                "请核对几个名称；另存为 UTF-8 可避免疑问。",
            ),
        )
    for row in sheet.wide:
        notes.error(
            "too-many-cells",
            table.name,
            Text(
                f"{sheet.file}: the row has more cells than the header.",
                f"{sheet.file}：该行的单元格多于表头。",
            ),
            Text("A comma inside a text needs quotes around the text.", "文字中的逗号需要加引号。"),
            row=row,
        )


def note_shapes(sheet: Sheet, table: Table, ids: list[str], notes: Notes) -> None:
    """Say which shapes could not be read."""
    for row, id in zip(sheet.rows, ids, strict=True):
        if row in sheet.broken_shapes:
            notes.error(
                "broken-geometry",
                table.name,
                Text(f"{sheet.file}: the shape cannot be read.", f"{sheet.file}：图形无法读取。"),
                Text("Draw it again, or repair it in a GIS.", "请重新绘制，或用 GIS 软件修复。"),
                row=row,
                id=id,
            )


def wanted_records(sheet: Sheet, table: Table, settings: TableSettings, notes: Notes) -> Sheet:
    """Only the records that region.toml wants; says how many were left aside."""
    for header, wanted in settings.where.items():
        if header in sheet.cells:
            keep = sheet.cells[header].map(half_width).isin([half_width(w) for w in wanted]).to_numpy(bool)
            if not keep.all():
                left, words = int((~keep).sum()), listed(wanted)
                notes.warn(
                    "left-aside",
                    table.name,
                    Text(
                        f"{left} of {len(keep)} records of {sheet.file} are left aside: "
                        f"{header} is not {words}.",
                        f"{sheet.file} 的 {len(keep)} 条记录中略去 {left} 条：{header} 不是 {words}。",
                    ),
                    Text(
                        f"As `where` in [tables.{table.name}] asks.",
                        f"依据 [tables.{table.name}] 中的 where。",
                    ),
                )
            sheet = sheet.keep(keep)
    return _hidden_told(sheet, table, settings, notes)


def _hidden_told(sheet: Sheet, table: Table, settings: TableSettings, notes: Notes) -> Sheet:
    """Rows that a workbook hides, as a filter does, are read unless region.toml leaves them out; either way it is said."""
    hidden = sheet.hidden.intersection(sheet.rows)
    if not hidden:
        return sheet
    out, rows = settings.hidden_rows == "leave_out", row_ranges(hidden)
    read = Text("left aside", "已略去") if out else Text("read like the others", "与其他行一样读取")
    other = "read" if out else "leave_out"
    notes.warn(
        "hidden-rows",
        table.name,
        Text(
            f"{sheet.file}: {many(len(hidden), 'hidden row')} (filtered): {rows}; {read.en}.",
            f"{sheet.file}：有 {len(hidden)} 行被隐藏（筛选）：第 {rows} 行；{read.zh}。",
        ),
        Text(
            f'If that is wrong, write hidden_rows = "{other}" in [tables.{table.name}].',
            f'如不对，请在 [tables.{table.name}] 中写 hidden_rows = "{other}"。',
        ),
        row=min(hidden),
    )
    return sheet.keep(np.array([row not in hidden for row in sheet.rows], dtype=bool)) if out else sheet


def with_headings(sheet: Sheet, table: Table) -> Sheet:
    """Districts that stand as headings above their rows (一、东城区), whose own cells are blank, in each of their rows."""
    district = table.column("district_id")
    if district is None or table.key in ("", "district_id") or sheet.geometry is not None:
        return sheet
    own = replace(table, columns=(district,))
    column = next((n for n, header in enumerate(sheet.headers) if is_known(header, own, {})), None)
    if column is None:
        sheet = _with_column_of_headings(sheet)
        column = len(sheet.headers) - 1
        if sheet.headers[column] != "district_id":
            return sheet
    cells = sheet.cells.to_numpy(dtype=object)
    heads = np.zeros(len(cells), dtype=bool)
    said, filled = "", [""] * len(cells)
    for n in np.flatnonzero([not is_blank(cell) for cell in cells[:, column].tolist()]).tolist():
        words = {half_width(cell) for cell in cells[n] if not is_blank(cell)}
        word = HEADING.sub("", half_width(cells[n, column]), count=1).strip()
        if len(words) > 1 and not _is_total(word):
            return sheet  # the rows name their district themselves
        heads[n] = len(words) == 1 and bool(word) and not REMARK.match(word) and not _is_total(word)
        filled[n] = word if heads[n] else ""
    if not heads.any():
        return sheet
    for n, word in enumerate(filled):
        said = word or said
        filled[n] = cells[n, column] if heads[n] or not said or not is_blank(cells[n, column]) else said
    names = list(dict.fromkeys(half_width(cell) for cell in cells[heads, column]))
    return (
        replace(sheet, cells=sheet.cells.assign(**{sheet.headers[column]: pd.Series(filled, dtype="str")}))
        .keep(~heads)
        .noting(
            Remark(
                "headings-filled",
                Text(
                    f"{sheet.file}: headings over rows ({listed(names)}) are read as the {sheet.headers[column]} of each row.",
                    f"{sheet.file}：各组标题（{listed(names)}）按其下每一行的“{sheet.headers[column]}”读取。",
                ),
                Text("Right where the rows below belong to it.", "如其下各行均属该标题则无误。"),
            )
        )
    )


def _with_column_of_headings(sheet: Sheet) -> Sheet:
    """With a last column district_id, where rows without one stand under headings that are all districts: 一、东城区."""
    cells = sheet.cells.to_numpy(dtype=object)
    headings = [""] * len(cells)
    for n, row in enumerate(cells.tolist()):
        words = {half_width(cell) for cell in row if not is_blank(cell)}
        word = words.pop() if len(words) == 1 else ""
        headings[n] = word if HEADING.match(word) else ""
    if not headings or not headings[0] or not all(DISTRICT.search(word) for word in headings if word):
        return sheet
    return replace(sheet, cells=sheet.cells.assign(district_id=pd.Series(headings, dtype="str")))


def without_totals(
    sheet: Sheet, table: Table, notes: Notes, columns: Mapping[str, str] | None = None
) -> Sheet:
    """Without rows that are no records: totals (合计, 东城区小计), headings (一、市属医院), remarks under the table.

    Parameters
    ----------
    columns : canonical column → header, as region.toml says.
    """
    drawn = np.zeros(len(sheet.rows), dtype=bool)
    if sheet.geometry is not None:
        drawn = np.array([shape is not None for shape in sheet.geometry], dtype=bool)
    words = _total_words(sheet, table, columns or {})
    total = np.array([word != "" for word in words], dtype=bool) & ~drawn
    remark = _remarks(sheet) & ~drawn & ~total
    rows = np.array(sheet.rows, dtype=int)
    for position in np.flatnonzero(total):
        notes.warn(
            "total-row",
            table.name,
            Text(
                f"{sheet.file}: a row of totals is left aside: '{words[position]}'.",
                f"{sheet.file}：略去合计行“{words[position]}”。",
            ),
            Text("Delete it if it is none of the records.", "建议从表中删除。"),
            row=int(rows[position]),
        )
    if remark.any():
        first = next(half_width(c) for c in sheet.cells.iloc[int(np.argmax(remark))] if not is_blank(c))
        said = first if len(first) <= SHOWN else f"{first[:SHOWN]}…"
        notes.warn(
            "remark-row",
            table.name,
            Text(
                f"{sheet.file}: rows that are headings or remarks are left aside: {row_ranges(rows[remark].tolist())} ('{said}').",
                f"{sheet.file}：略去标题或备注行：第 {row_ranges(rows[remark].tolist())} 行（“{said}”）。",
            ),
            Text("Right where they are no records.", "如确非记录则无误。"),
            row=int(rows[remark][0]),
        )
    none = total | remark
    return sheet.keep(~none) if none.any() else sheet


def _total_words(sheet: Sheet, table: Table, columns: Mapping[str, str]) -> list[str]:
    """The word of totals of each row that is one, "" of the others.

    It stands where a record is called (id, name; a table without ids: what it must say), or in one of the first columns
    of a row that is called nothing. 全市 may also say for whom a record is: it is no total where the row is called otherwise.
    """
    found = [""] * len(sheet.rows)
    texts = {n: sheet.cells.iloc[:, n].tolist() for n in range(sheet.cells.shape[1])}
    naming = [
        c.name
        for c in table
        if c.name in (table.key, "name") or (not table.key and c.required and not c.unit)
    ]
    named = [n for n, header in enumerate(sheet.headers) if _is_one_of(naming, header, table, columns)]
    called = [n for n in named if _is_one_of(["name"], sheet.headers[n], table, columns)] or named
    for n in dict.fromkeys([*named, *range(min(LOOKED_AT, len(texts)))]):
        words = {cell for cell in dict.fromkeys(texts[n]) if _is_total(cell)}
        for position, cell in enumerate(texts[n]) if words else ():
            if cell not in words or found[position]:
                continue
            others = (texts[m][position] for m in called if m != n)
            sure = n in named and (bool(table.key) or plain(cell) not in FOR_ALL)
            if sure or all(is_blank(other) or _is_total(other) for other in others):
                found[position] = half_width(cell)
    return found


def _is_one_of(names: list[str], header: str, table: Table, columns: Mapping[str, str]) -> bool:
    """Whether a header is that of one of some columns of a table."""
    own = tuple(column for column in table if column.name in names)
    return is_known(header, replace(table, columns=own), {c: h for c, h in columns.items() if c in names})


def _is_total(cell: str) -> bool:
    if not ENDS_OF_TOTALS.search(half_width(cell)):
        return False  # most cells: quick, for tables of 100,000 rows
    word = plain(cell).strip("[]()（）:")
    return word in TOTAL_WORDS or word.endswith(SUBTOTALS)


def _remarks(sheet: Sheet) -> np.ndarray:
    """Which rows hold one text alone that is a remark or a heading, or begin with a label, in a table of several columns."""
    none = np.zeros(len(sheet.rows), dtype=bool)
    if len(sheet.headers) < LEAST_COLUMNS:
        return none
    cells = sheet.cells.to_numpy(dtype=object)
    filled = (cells != "").sum(axis=1)
    few = filled <= max(2, cells.shape[1] // 2)
    few |= cells[:, 0] == cells[:, 1]  # a merged text stands in all columns
    for position in np.flatnonzero(few):
        words = list(dict.fromkeys(half_width(cell) for cell in cells[position] if not is_blank(cell)))
        if len(words) == 1:
            (word,) = words
            none[position] = bool(REMARK.match(word) or HEADING.match(word) or SENTENCE.search(word))
        elif words:
            none[position] = bool(LABEL.fullmatch(words[0])) and not any(map(AMOUNT.fullmatch, words[1:]))
    return none
