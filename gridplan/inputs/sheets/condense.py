"""One cause, one finding: the same fault in most rows of a table is said once, with its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gridplan.inputs.schema import TABLES
from gridplan.words.findings import Finding
from gridplan.words.text import Text

ALIKE = 3  # more than these word for word alike are one finding
MANY = 10  # fewer rows are listed one by one, even where they are all of the table
SHOWN_RANGES = 10
BY_A_PROGRAM = ("id-is-a-date", "id-digits-lost", "formula-without-value")  # one cause however few they are
Kind = tuple[str, str, str, str]


def condensed(findings: Iterable[Finding], sizes: Mapping[str, int]) -> list[Finding]:
    """The findings, those said once that are word for word alike in more than three rows; and an error that stands in
    half the rows of its table (and in ten at least), or that a spreadsheet made.

    Parameters
    ----------
    sizes : number of records by table; of tables that are not in it all is listed.
    """
    findings = _alike_once(list(findings))
    kinds: dict[Kind, list[Finding]] = {}
    for number, finding in enumerate(findings):
        kinds.setdefault(_kind(finding, number), []).append(finding)
    told: list[Finding] = []
    for same in kinds.values():
        rows = {finding.row for finding in same if finding.row is not None}
        most = len(rows) >= max(MANY, sizes.get(same[0].table, len(rows) * 3) / 2)
        by_program = same[0].code in BY_A_PROGRAM and len(rows) > 1
        told += [_told_once(same, rows)] if most or by_program else same
    return told


def _alike_once(findings: list[Finding]) -> list[Finding]:
    """Findings that differ in nothing but row and id, once with all their rows where there are more than a few."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for number, f in enumerate(findings):
        key = (f.severity, f.code, f.table, f.what, f.hint) if f.row is not None else (number,)
        alike.setdefault(key, []).append(f)
    told = []
    for same in alike.values():
        rows = {f.row for f in same if f.row is not None}
        told += [_with_rows(same, rows)] if len(rows) > ALIKE else same
    return told


def _with_rows(same: list[Finding], rows: set[int]) -> Finding:
    first = min(same, key=lambda f: f.row or 0)
    others = row_ranges(rows - {first.row})
    what = Text(
        f"{first.what.en} The same in {len(rows) - 1:,} more rows: {others}.",
        f"{first.what.zh}另有 {len(rows) - 1:,} 行同样：第 {others} 行。",
    )
    return replace(first, what=what)


def _kind(finding: Finding, number: int) -> Kind:
    """What makes two errors the same: table, code and column; a warning is only like itself."""
    if finding.severity != "error" or finding.row is None:
        return "", "", "", str(number)
    table = TABLES.get(finding.table)
    named = [c.name for c in table or () if c.name in finding.what.en]
    return finding.table, finding.code, max(named, key=len, default=""), ""


def _told_once(same: list[Finding], rows: set[int]) -> Finding:
    first = _with_rows([f for f in same if f.row is not None], rows)
    if first.code in BY_A_PROGRAM:
        return first
    hint = Text(
        f"{first.hint.en} So many at once have one cause: a wrong column, unit or file.",
        f"{first.hint.zh}如此之多通常出于同一原因：列、单位或文件有误。",
    )
    return replace(first, hint=hint)


def row_ranges(rows: Iterable[int | None]) -> str:
    """Rows as text: 3, 9–12, 20 …; the first ten ranges, the rest of the rows counted."""
    ranges: list[list[int]] = []
    for row in sorted({row for row in rows if row is not None}):
        if ranges and row == ranges[-1][-1] + 1:
            ranges[-1].append(row)
        else:
            ranges.append([row])
    shown = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in ranges[:SHOWN_RANGES])
    more = sum(len(r) for r in ranges[SHOWN_RANGES:])
    return shown + (f" … (+{more:,})" if more else "")
