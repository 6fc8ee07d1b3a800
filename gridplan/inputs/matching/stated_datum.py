"""The datum that a file states itself: in its headers, or row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridplan.inputs.column import Table, plain
from gridplan.inputs.formats.sheet import Sheet
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
    said = next((datum for header in headers if (datum := datum_in(header))), "")
    if not said or _same(said, wanted):
        return wanted
    names = " / ".join(headers)
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


def datums_of_rows(sheet: Sheet, table: Table, datum: str, notes: Notes) -> NDArray[np.object_]:
    """The datum of each record: what a column of datums says, else that of the table."""
    datums = np.full(len(sheet.rows), datum, dtype=object)
    column = next((h for h in sheet.headers if plain(h) in HEADERS), None)
    if column is None:
        return datums
    for position, cell in enumerate(sheet.cells[column]):
        if not plain(cell):
            continue
        if named := datum_named(cell):
            datums[position] = named
        else:
            notes.error(
                "unknown-datum",
                table.name,
                Text(
                    f"{column} = '{cell}' is no datum that is known.",
                    f"{column} = “{cell}”不是已知的坐标系。",
                ),
                Text(f"Known: {', '.join(DATUMS)}.", f"可用：{'、'.join(DATUMS)}。"),
                sheet.rows[position],
            )
    return datums


def _same(one: str, other: str) -> bool:
    return SAME.get(one, one) == SAME.get(other, other)
