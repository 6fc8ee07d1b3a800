"""A matrix of minutes, a row per unit and a column per hospital (or the other way), as rows of pairs."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.inputs.column import Table
from gridplan.inputs.formats.sheet import Remark, Sheet
from gridplan.inputs.schema import TABLES, TRAVEL
from gridplan.inputs.sheets.cells import clean_number, half_width
from gridplan.inputs.sheets.headers import is_known, map_headers
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text

MINUTES = 0.9  # of the cells that must be numbers or blank
LEAST = 2  # columns of hospitals
NUMBERED = ("序号", "no", "no.", "#")
CALLED = re.compile(r"院|中心|hospital|clinic", re.IGNORECASE)


def as_pairs(sheet: Sheet, table: Table) -> Sheet:
    """The sheet of a travel table; one that is a matrix as a record per unit and hospital."""
    if table is not TRAVEL:
        return sheet
    named = [h for h in sheet.headers if is_known(h, TRAVEL, {})]
    others = [h for h in sheet.headers if h not in named and half_width(h).strip().casefold() not in NUMBERED]
    if len(named) != 1 or len(others) < LEAST or len(set(others)) < len(others):
        return sheet
    (first,) = map_headers(sheet.file, named, TRAVEL, {}, Notes()) or ("",)
    second = {"unit_id": "hospital_id", "hospital_id": "unit_id"}.get(first, "")
    known = any(
        is_known(h, other, {}) for h in others for name, other in TABLES.items() if name != "departments"
    )
    cells = sheet.cells[others].to_numpy(object)
    if (
        not second
        or known
        or np.mean([clean_number(c) is not None for c in cells.ravel()] or [0.0]) < MINUTES
    ):
        return sheet
    pairs = pd.DataFrame(
        {
            named[0]: np.repeat(sheet.cells[named[0]].to_numpy(object), len(others)),
            second: np.tile(np.array(others, dtype=object), len(sheet.rows)),
            "minutes": cells.ravel(),
        },
        dtype=str,
    )
    rows = [row for row in sheet.rows for _ in others]
    return replace(sheet, cells=pairs, rows=rows, merged={}).noting(
        Remark(
            "matrix",
            Text(
                f"{sheet.file}: a matrix, {len(sheet.rows)} rows × {len(others)} columns, is read as a pair per cell.",
                f"{sheet.file}：为 {len(sheet.rows)} 行 × {len(others)} 列的矩阵，按每格一对读取。",
            ),
            Text(
                'Minutes are expected; write units = { minutes = "seconds" } in [tables.travel] if they are seconds.',
                '应为分钟；如为秒，请在 [tables.travel] 中写 units = { minutes = "seconds" }。',
            ),
        )
    )


def names_hospitals(sheet: Sheet) -> bool:
    """Whether most headers of a matrix are called like hospitals, in files that nobody has said to hold minutes."""
    others = sheet.headers[1:]
    return bool(others) and sum(bool(CALLED.search(h)) for h in others) > len(others) / 2
