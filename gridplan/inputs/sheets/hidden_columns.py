"""Columns that a workbook hides: read only where nothing that can be seen says the same, and told either way."""

from __future__ import annotations

from collections.abc import Mapping

from gridplan.inputs.column import Table
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.sheets.headers import is_known, map_headers
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.text import Text


def columns_of(
    sheet: Sheet, table: Table, columns: Mapping[str, str], notes: Notes, datum: str = ""
) -> dict[str, str]:
    """Canonical name → header (`map_headers`): of the columns that can be seen, and for what they lack of hidden ones."""
    hidden = [h for h in sheet.headers if h in sheet.hidden_columns]
    seen = [h for h in sheet.headers if h not in hidden or h in columns.values()]
    found = map_headers(sheet.file, seen, table, columns, notes, datum, sheet.cut)
    hidden = [h for h in hidden if is_known(h.partition(" #")[0], table, {})]
    if not hidden:
        return found
    free = [header for header in hidden if header not in found.values()]
    besides = map_headers(sheet.file, free, table, {}, Notes(), datum, sheet.cut)
    used = {name: header for name, header in besides.items() if name not in found}
    used |= {name: header for name, header in found.items() if header in hidden}
    if used:
        notes.warn(
            "hidden-column",
            table.name,
            Text(
                f"{sheet.file}: the hidden columns {listed(used.values())} are read.",
                f"{sheet.file}：读取了隐藏列 {listed(used.values())}。",
            ),
            Text(
                "No column that can be seen says the same; delete them if they are out of date.",
                "没有可见列含此内容；如已过时，请删除该列。",
            ),
        )
    if left := [h for h in hidden if h not in used.values()]:
        notes.warn(
            "hidden-column",
            table.name,
            Text(
                f"{sheet.file}: the hidden columns {listed(left)} are not read; others that can be seen say the same.",
                f"{sheet.file}：隐藏列 {listed(left)} 未读取，已有可见列含此内容。",
            ),
            Text(
                f'To read one, write columns = {{ … = "{left[0]}" }} in [tables.{table.name}].',
                f'如需读取，请在 [tables.{table.name}] 中写 columns = {{ … = "{left[0]}" }}。',
            ),
        )
    return found | used
