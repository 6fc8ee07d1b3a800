"""Which sheet of a workbook holds a table, or which sheets do: those of one form, a district each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gridplan.inputs.column import Table, plain
from gridplan.inputs.formats.read_grid import HEADER_ROWS
from gridplan.inputs.formats.sheet import Known, Remark
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.cells import half_width, is_blank
from gridplan.inputs.sheets.headers import is_known
from gridplan.inputs.sheets.notes import FileFault, listed
from gridplan.words.text import Text

BY_DISTRICT = ("units", "hospitals")  # tables that offices keep with a sheet per district


@dataclass
class Page:
    """One worksheet: its text, cut to what is filled, with merged cells filled."""

    title: str
    hidden: bool
    grid: list[list[str]]
    hidden_rows: frozenset[int] = frozenset()
    merged: dict[int, frozenset[int]] = field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing stands on it."""
        return all(is_blank(cell) for row in self.grid for cell in row)


def chosen(path: Path, pages: list[Page], table: str, known: Known) -> tuple[list[Page], list[Remark]]:
    """The page of a table among those that can be seen, or those of one form that make it, and what to say of the choice."""
    seen = [page for page in pages if not page.hidden] or pages
    fits = {id(page): _fit(page, known) for page in pages}
    remarks = [
        _not_read(path, page)
        for page in pages
        if page.hidden and page not in seen and fits[id(page)] >= max(2, *(fits[id(s)] for s in seen)) / 2
    ]
    schema = TABLES.get(table)
    called = [p for p in seen if plain(p.title) in ({table, schema.title.zh} if schema else {table})]
    if len(called) == 1:
        return called, remarks
    best = max(fits[id(page)] for page in seen)
    most = [page for page in seen if fits[id(page)] == best]
    if len(most) > 1 and best and schema and of_one_table([page.grid for page in most], schema, known):
        return most, [*remarks, _joined(path, most, [page for page in seen if page not in most])]
    if len(most) > 1 and best:
        titles = listed(page.title for page in most)
        raise FileFault(
            "several-sheets",
            Text(f"{path.name}: which of the sheets {titles} holds the {table}?", f"{path.name}：工作表 {titles} 中哪一张是{schema.title.zh if schema else table}表？"),
            Text(f'Write sheet = "{most[0].title}" in [tables.{table}].', f'请在 [tables.{table}] 中写 sheet = "{most[0].title}"。'),
        )  # fmt: skip
    if most[0] is not seen[0]:
        remarks.append(
            Remark(
                "sheet-chosen",
                Text(
                    f"{path.name}: the sheet '{most[0].title}' is read, it has most headers of {table}.",
                    f"{path.name}：读取工作表“{most[0].title}”，其表头与{schema.title.zh if schema else table}表最相符。",
                ),
                Text(
                    f'To use another, write sheet = "…" in [tables.{table}].',
                    f'如需另一张，请在 [tables.{table}] 中写 sheet = "…"。',
                ),
            )
        )
    return most[:1], remarks


def _joined(path: Path, pages: list[Page], others: list[Page]) -> Remark:
    titles = listed(page.title for page in pages)
    left = listed(page.title for page in others if not page.empty)
    besides = Text(f" Not read: {left}.", f"未读取：{left}。") if left else Text("", "")
    return Remark(
        "sheets-joined",
        Text(
            f"{path.name}: {len(pages)} sheets with the same headers are read as one table: {titles}.{besides.en}",
            f"{path.name}：{len(pages)} 张表头相同的工作表合并读取：{titles}。{besides.zh}",
        ),
        Text('To read only one, write sheet = "…".', '如只需其中一张，请写 sheet = "…"。'),
    )


def of_one_table(grids: Sequence[Sequence[Sequence[str]]], table: Table, known: Known) -> bool:
    """Whether sheets are parts of one table: the same headers, and hardly a record that stands on several of them.

    Sheets of several years, or a summary beside its parts, name the same records: which one counts has to be asked.
    """
    if table.name not in BY_DISTRICT:
        return False
    tops = [
        max(range(len(grid[:HEADER_ROWS])), key=lambda n: (_known_in(grid[n], known), -n)) for grid in grids
    ]
    heads = [grid[top] for grid, top in zip(grids, tops, strict=True)]
    if len({frozenset(plain(cell) for cell in row if known(half_width(cell))) for row in heads}) > 1:
        return False
    records: list[set[tuple[str, ...]]] = []
    for grid, top, head in zip(grids, tops, heads, strict=True):
        names = [n for n, cell in enumerate(head) if _names_records(cell, table)]
        keys = {tuple(plain(row[n]) for n in names if n < len(row)) for row in grid[top + 1 :]}
        records.append({key for key in keys if any(key)})
    told = Counter(key for some in records for key in some)
    fewest = min((len(some) for some in records if some), default=0)
    return sum(count > 1 for count in told.values()) * 2 < fewest


def _known_in(row: Sequence[str], known: Known) -> int:
    return len({plain(cell) for cell in row if known(half_width(cell))})


def _names_records(header: str, table: Table) -> bool:
    named = tuple(c for c in table if c.name in (table.key, "name", "district_id"))
    return is_known(half_width(header), replace(table, columns=named), {})


def _fit(page: Page, known: Known) -> int:
    """How many different headers of the table stand in one of the first rows."""
    return max((_known_in(row, known) for row in page.grid[:HEADER_ROWS]), default=0)


def _not_read(path: Path, page: Page) -> Remark:
    return Remark(
        "hidden-sheet",
        Text(
            f"{path.name}: the sheet '{page.title}' is hidden and is not read.",
            f"{path.name}：工作表“{page.title}”已隐藏，未读取。",
        ),
        Text(f'To read it, write sheet = "{page.title}".', f'如需读取，请写 sheet = "{page.title}"。'),
    )
