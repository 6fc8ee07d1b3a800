"""Which records of a file count: those that `where` wants, without rows of totals."""

from __future__ import annotations

import numpy as np

from gridplan.inputs.aliases import TOTAL_WORDS
from gridplan.inputs.read_settings import TableSettings
from gridplan.inputs.schema import Table, plain
from gridplan.inputs.sheets.cells import half_width
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.inputs.sheets.read_grid import Sheet
from gridplan.words.text import Text


def note_sheet(sheet: Sheet, table: Table, notes: Notes) -> None:
    """Say which encoding was used where it is not plain, and which rows could not be read whole."""
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
    return sheet


def without_totals(sheet: Sheet, table: Table, notes: Notes) -> Sheet:
    """Without rows like 合计: a total word in one of the first three cells, and no shape."""
    total = np.zeros(len(sheet.rows), dtype=bool)
    for n in range(min(3, sheet.cells.shape[1])):
        total |= [plain(cell).rstrip(":") in TOTAL_WORDS for cell in sheet.cells.iloc[:, n].tolist()]
    if sheet.geometry is not None:
        total = total & np.array([shape is None for shape in sheet.geometry], dtype=bool)
    for row in np.array(sheet.rows, dtype=int)[total]:
        notes.warn(
            "total-row",
            table.name,
            Text(f"{sheet.file}: a row of totals is left aside.", f"{sheet.file}：略去合计行。"),
            Text("Delete it if it is none of the records.", "建议从表中删除。"),
            row=int(row),
        )
    return sheet.keep(~total) if total.any() else sheet
