"""The datum that a file states itself: in its headers, or row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridplan.inputs.column import Table, plain
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.headers import datum_in, datum_named
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text
from gridplan.words.vocabulary import DATUMS

HEADERS = (
    "坐标系",
    "坐标系统",
    "坐标类型",
    "坐标系类型",
    "datum",
    "coordinatesystem",
    "coordtype",
    "coordsystem",
)
SAME = {"cgcs2000": "wgs84"}  # to centimetres


def datum_of_headers(
    sheet: Sheet, table: Table, headers: tuple[str, ...], wanted: str, own: str, notes: Notes
) -> str:
    """The datum of the columns of places: as region.toml says, or as their headers do.

    Parameters
    ----------
    headers : of the columns of places that are read.
    wanted, own : the datum of the region, and the one that region.toml gives this very table ("" where it gives none).
    """
    all_said = {SAME.get(datum, datum): datum for header in headers if (datum := datum_in(header))}
    said, names = next(iter(all_said.values()), ""), " / ".join(headers)
    if len(all_said) > 1:
        _refuse_mixture(sheet, table, names, list(all_said.values()), notes)
        return wanted
    if not said or _same(said, wanted):
        return wanted
    if own:
        notes.error(
            "datum-contradicts",
            table.name,
            Text(
                f"{sheet.file}: the headers {names} say {DATUMS[said].en}, region.toml says {DATUMS[own].en}.",
                f"{sheet.file}：表头 {names} 写明是 {DATUMS[said].zh}，而 region.toml 写的是 {DATUMS[own].zh}。",
            ),
            Text(
                f'Write datum = "{said}" in [tables.{table.name}], or give the columns names without a datum.',
                f'请在 [tables.{table.name}] 中改为 datum = "{said}"，或去掉表头中的坐标系名称。',
            ),
            id="datum",
        )
        return wanted
    notes.warn(
        "datum-in-header",
        table.name,
        Text(
            f"{sheet.file}: the headers {names} say {DATUMS[said].en}; they are read so, not as {DATUMS[wanted].en}.",
            f"{sheet.file}：表头 {names} 写明是 {DATUMS[said].zh}，按此读取（地区坐标系为 {DATUMS[wanted].zh}）。",
        ),
        Text(
            f'Write datum = "…" in [tables.{table.name}] to settle it.',
            f'如需确定，请在 [tables.{table.name}] 中写 datum = "…"。',
        ),
        id="datum",
    )
    return said


def _refuse_mixture(sheet: Sheet, table: Table, names: str, said: list[str], notes: Notes) -> None:
    """A longitude in one datum and a latitude in another, which no place is."""
    notes.error(
        "datums-mixed",
        table.name,
        Text(
            f"{sheet.file}: the headers {names} say {' and '.join(DATUMS[d].en for d in said)}; a place is in one datum.",
            f"{sheet.file}：表头 {names} 写明的坐标系不同（{'、'.join(DATUMS[d].zh for d in said)}），同一位置只能用一种。",
        ),
        Text(
            "Ask whoever made the file which it is, and rename both headers, or export both coordinates from one map.",
            "请向文件提供方问明并统一两个表头，或从同一地图重新导出经度和纬度。",
        ),
        id="datum",
    )


def datums_of_rows(sheet: Sheet, table: Table, datum: str, own: str, notes: Notes) -> NDArray[np.object_]:
    """The datum of each record: what a column of datums says, else that of the table; what is read otherwise is said.

    Parameters
    ----------
    datum, own : of the table, and what region.toml or the headers say of this very table ("" where they say nothing): a row
        that says another contradicts it.
    """
    datums = np.full(len(sheet.rows), datum, dtype=object)
    column = next((h for h in sheet.headers if plain(h) in HEADERS), None)
    if column is None:
        return datums
    other: dict[str, list[int]] = {}
    for position, cell in enumerate(sheet.cells[column]):
        named, row = datum_named(cell), sheet.rows[position]
        if not plain(cell):
            continue
        if not named:
            notes.error(
                "unknown-datum",
                table.name,
                Text(
                    f"{column} = '{cell}' is no datum that is known.",
                    f"{column} = “{cell}”不是已知的坐标系。",
                ),
                Text(f"Known: {', '.join(DATUMS)}.", f"可用：{'、'.join(DATUMS)}。"),
                row,
            )
        elif own and not _same(named, own):
            _refuse_row(column, cell, row, own, table, notes)
        else:
            datums[position] = named
            if not _same(named, datum):
                other.setdefault(named, []).append(row)
    for named, rows in other.items():
        notes.warn(
            "datum-in-rows",
            table.name,
            Text(
                f"{sheet.file}: {column} says {DATUMS[named].en} in {len(rows)} of {len(datums)} rows ({row_ranges(rows)}); "
                f"they are read so, not as {DATUMS[datum].en}.",
                f"{sheet.file}：“{column}”写明 {len(datums)} 行中有 {len(rows)} 行是 {DATUMS[named].zh}（第 {row_ranges(rows)} "
                f"行），按此读取（本表坐标系为 {DATUMS[datum].zh}）。",
            ),
            Text("Look at one of them on the map.", "请在地图上核对其中一处。"),
            id="datum",
        )
    return datums


def _refuse_row(column: str, cell: str, row: int, own: str, table: Table, notes: Notes) -> None:
    notes.error(
        "datum-contradicts",
        table.name,
        Text(
            f"{column} = '{cell}', but region.toml or the headers say {DATUMS[own].en} of the whole table.",
            f"{column} = “{cell}”，而 region.toml 或表头写明整张表是 {DATUMS[own].zh}。",
        ),
        Text(
            f"Correct the cell, or take the datum out of the headers and of [tables.{table.name}]: then each row has its own.",
            f"请更正该格；或去掉表头及 [tables.{table.name}] 中的坐标系，则按各行所写读取。",
        ),
        row,
    )


def _same(one: str, other: str) -> bool:
    return SAME.get(one, one) == SAME.get(other, other)
