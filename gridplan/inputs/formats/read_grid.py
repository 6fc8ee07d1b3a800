"""A grid of text cells → Sheet: where its headers stand, under titles, in one row or two, with units below them."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from gridplan.inputs.column import plain
from gridplan.inputs.formats.sheet import Known, Remark, Sheet, text_frame
from gridplan.inputs.sheets.cells import half_width, is_blank
from gridplan.inputs.sheets.encoding import decode
from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.text import Text

HEADER_ROWS = 20
MAX_COLUMNS = 2_000
# What a row of units under the headers holds, and what a title says of all numbers: 单位：万人.
UNIT = (
    r"(?:[万千百]?人|[万千百]人次|[万]|[个张家名床岁年元度%]|[°º度](?:[ENWS]|东经|北纬)?|万元|十进制度|度分秒|平方公里|平方千米|公顷|亩|km2|km²|公里|"
    r"分钟|小时|秒|min|minutes?|s|seconds?|h|hours?|persons?|people|beds?|degrees?)"
)
UNIT_CELL = re.compile(rf"[(（\[]?(?:单位[:：])?{UNIT}[)）\]]?|[-—–/]", re.IGNORECASE)
TITLE_UNIT = re.compile(rf"(?:单位|unit)s?\s*[:：]\s*({UNIT})(?!\w)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
ORDINAL = re.compile(r"[甲乙丙丁]|\d{1,2}")
SUM_WORDS = ("合计", "总计", "总数", "小计", "总人口", "人数", "数量", "全部", "total")
Merged = Mapping[int, frozenset[int]]


def read_csv(path: Path, known: Known) -> Sheet:
    """A CSV (comma, semicolon or tab) in UTF-8, UTF-16 with BOM or GB18030."""
    text, encoding = decode(path.read_bytes(), path.name)
    head = "\n".join(text.splitlines()[: HEADER_ROWS + 1])
    delimiter = max(",;\t", key=head.count)
    try:
        grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileFault(
            "unreadable-file",
            Text(f"{path.name} is not a readable CSV: {error}.", f"{path.name} 不是可读的 CSV：{error}。"),
            Text("Look for an unclosed quote, or save it again.", "请检查未闭合的引号，或重新保存。"),
        ) from error
    return sheet_of(path.name, grid, known, encoding)


def sheet_of(
    file: str,
    grid: list[list[str]],
    known: Known,
    encoding: str,
    merged: Merged | None = None,
    remarks: Sequence[Remark] = (),
    hidden: frozenset[int] = frozenset(),
) -> Sheet:
    """The records of a grid under their headers.

    Parameters
    ----------
    grid : rows of cells, as text.
    known : whether a text is a header of the table that is looked for.
    merged : column → rows (both from 0) whose value comes from a cell merged over several rows.
    hidden : rows (from 1) that are hidden.

    Raises
    ------
    FileFault : it is empty, or too wide to be a table.
    """
    filled = [number for number, row in enumerate(grid) if any(not is_blank(c) for c in row)]
    if not filled:
        raise FileFault(
            "empty-file",
            Text(f"{file} is empty.", f"{file} 是空的。"),
            Text("It needs a row of headers and rows of records.", "需要一行表头和若干行数据。"),
        )
    widest = max(len(grid[n]) for n in filled[:HEADER_ROWS])
    if widest > MAX_COLUMNS:
        raise FileFault(
            "too-large",
            Text(f"{file} has {widest:,} columns.", f"{file} 有 {widest:,} 列。"),
            Text(
                f"At most {MAX_COLUMNS:,} are read; delete those that are empty.",
                f"最多读取 {MAX_COLUMNS:,} 列；请删除空列。",
            ),
        )
    top, header, headers = _headers(grid, filled, known)
    while headers and not headers[-1]:
        headers.pop()
    below = [n for n in filled if n > header]
    headers, below = _units_below(grid, headers, below, known)
    records, rows, wide = [], [], []
    for number in below:
        cells = grid[number]
        if any(not is_blank(c) for c in cells[len(headers) :]):
            wide.append(number + 1)
        records.append([*cells[: len(headers)], *[""] * (len(headers) - len(cells))])
        rows.append(number + 1)
    frame = text_frame(headers, records)
    return Sheet(
        file,
        frame,
        rows,
        encoding=encoding,
        wide=tuple(wide),
        unit=_unit_of_titles([grid[n] for n in filled if n < top]),
        hidden=hidden.intersection(rows),
        merged={
            name: frozenset(row + 1 for row in merged[column] if row > header)
            for column, name in enumerate(frame.columns)
            if merged and column in merged
        },
        remarks=tuple(remarks),
    )


def _headers(grid: list[list[str]], filled: list[int], known: Known) -> tuple[int, int, list[str]]:
    """First and last row of the headers, and the headers: of one row, or of two where those say more."""
    first = max(filled[:HEADER_ROWS], key=lambda n: (_score(grid[n], known), -n))
    headers = [half_width(c) for c in grid[first]]
    best = first, first, headers
    if not any(map(known, headers)):
        return best
    for upper, lower in itertools.pairwise(filled[:HEADER_ROWS]):
        joined = _joined(grid[upper], grid[lower], known)
        if lower != upper + 1 or not joined:
            continue
        more = _score(joined, known) - _score(best[2], known)
        if more > 0 or (more == 0 and lower == best[0] and _adds_units(joined, best[2], grid[upper])):
            best = upper, lower, joined
    return best


def _adds_units(joined: Sequence[str], lower: Sequence[str], upper: Sequence[str]) -> bool:
    """Whether headings over some columns say what these count in: 人口（万人） over 常住人口."""
    headings = {half_width(cell) for cell in upper} - {""}
    return len(headings) > 1 and any(
        a != b and a.startswith(b) for a, b in zip(joined, lower, strict=False) if b
    )


def _score(row: Sequence[str], known: Known) -> int:
    """How many different headers of the table a row holds."""
    return len({plain(cell) for cell in row if known(half_width(cell))})


def _joined(upper: Sequence[str], lower: Sequence[str], known: Known) -> list[str]:
    """The headers of two rows: the lower one where it says what the column is, else the upper one; [] if they are none."""
    width = max(len(upper), len(lower))
    over, under = ([*map(half_width, row), *[""] * (width - len(row))] for row in (upper, lower))
    if not any(known(b) or (b and known(f"{b}{a}")) for a, b in zip(over, under, strict=True)):
        return []
    for column in range(1, width):  # a heading over several columns stands over the first of them in a CSV
        heading = over[column - 1]
        parted = not known(heading) or all(known(f"{under[n]}{heading}") for n in (column - 1, column))
        if not over[column] and under[column] and heading and parted:
            over[column] = heading
    found = []
    for a, b in zip(over, under, strict=True):
        if not b or a == b or (plain(b) in SUM_WORDS and known(a)):
            found.append(a)
        else:
            both = f"{a}{b}"
            said = next(
                (one for one in (b, both, f"{b}{a}") if known(one)), b
            )  # 床位数 over 编制: 编制床位数
            unit = "" if _IN_BRACKETS.search(said) else "".join(_IN_BRACKETS.findall(a)[:1])
            found.append(f"{said}{unit}" if UNIT_CELL.fullmatch(unit.strip("()[]")) else said)
    return found


def _units_below(
    grid: list[list[str]], headers: list[str], below: list[int], known: Known
) -> tuple[list[str], list[int]]:
    """The headers with the units that stand in a row of their own under them; without rows that number or repeat them."""
    while below:
        cells = [half_width(c) for c in grid[below[0]][: len(headers)]]
        words = [c for c in cells if c]
        if all(UNIT_CELL.fullmatch(word) for word in words) and any(
            len(w) > 0 and w not in "-—–/" for w in words
        ):
            headers = [
                f"{header}（{cell.strip('()（）[]')}）"
                if header and cell and cell not in "-—–/" and not header.endswith(")")
                else header
                for header, cell in zip(headers, [*cells, *[""] * len(headers)], strict=False)
            ]
        elif not (_numbers_columns(words) and len(below) > 1) and not _repeats_headers(words, known):
            break
        below = below[1:]
    return headers, below


def _numbers_columns(words: list[str]) -> bool:
    """Whether a row only numbers the columns: 甲, 乙, 1, 2, 3."""
    words = [plain(word) for word in words]  # ① is 1 here
    numbers = [int(word) for word in words if word.isdecimal()]
    counted = len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return counted and numbers[0] <= 1 and all(ORDINAL.fullmatch(word) for word in words)


def _repeats_headers(words: list[str], known: Known) -> bool:
    """Whether a row says the headers once more, in another language."""
    said = {plain(word) for word in words if known(word)}
    return len(said) >= 3 and len(said) > len(words) / 2


def _unit_of_titles(titles: list[list[str]]) -> str:
    """The one unit that the titles above the headers name."""
    said = {match[1] for row in titles for cell in row if (match := TITLE_UNIT.search(half_width(cell)))}
    return said.pop() if len(said) == 1 else ""
