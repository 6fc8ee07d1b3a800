"""A table as CSV that Excel opens rightly."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

from gridplan.files.whole import told
from gridplan.inputs.sheets.cells import guarded


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """A table as CSV that Excel opens rightly: UTF-8 with BOM.

    Text that a spreadsheet would take for a formula (=, +, -, @ …) gets an apostrophe in front, ids and names alike;
    `open_plan` and `read` take it away again.
    """
    with told(path):
        path.write_text(csv_text(table), encoding="utf-8-sig", newline="")


def csv_text(table: pd.DataFrame) -> str:
    """The text of that file."""
    texts = [name for name in table.columns if not is_numeric_dtype(table[name])]
    safe = table.assign(**{name: table[name].map(_guarded) for name in texts})
    return str(safe.to_csv(None, index=False, lineterminator="\n"))


def _guarded(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value
