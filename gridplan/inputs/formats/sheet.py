"""Sheet: what a file held, as text, with what its reader noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from gridplan.words.text import Text

Known = Callable[[str], bool]


@dataclass(frozen=True)
class Remark:
    """What a reader noticed and a planner should know: a warning, or an error where it says so."""

    code: str
    what: Text
    hint: Text
    row: int | None = None
    error: bool = False


@dataclass(frozen=True)
class Sheet:
    """What a file held: text cells under the headers of the file, and shapes where it has them.

    Parameters
    ----------
    file : its name, for messages.
    cells : a column of text per header, "" where empty.
    rows : the spreadsheet row of each record.
    geometry : a shape (or None) per record, or None where the format has none.
    crs : what the file says of its coordinates, None where it says nothing.
    encoding : of its text.
    claimed : the encoding that the file claimed, where that was wrong.
    broken_shapes : rows whose shape cannot be read.
    wide : rows with more cells than the header.
    unit : what a title says all numbers count in (单位：万人), "" where none does.
    cut : most bytes that a header of this format holds, 0 where there is no such limit.
    hidden : rows that a workbook hides.
    hidden_columns : headers of the columns that it hides.
    merged : headers and the rows in which their value is that of a cell merged over several rows.
    remarks : what its reader noticed.
    title : of the sheet of a workbook where several are read as one table, else "".
    further : the other sheets of that table, in their order.
    """

    file: str
    cells: pd.DataFrame
    rows: list[int]
    geometry: NDArray[np.object_] | None = None
    crs: CRS | None = None
    encoding: str = "utf-8"
    claimed: str = ""
    broken_shapes: tuple[int, ...] = ()
    wide: tuple[int, ...] = ()
    unit: str = ""
    cut: int = 0
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    merged: Mapping[str, frozenset[int]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    title: str = ""
    further: tuple[Sheet, ...] = ()

    @property
    def book(self) -> str:
        """The name of the file alone."""
        return self.file.removesuffix(f" · {self.title}")

    @property
    def headers(self) -> list[str]:
        """The headers as the file writes them."""
        return list(self.cells.columns)

    @property
    def seen(self) -> list[str]:
        """The headers of the columns that can be seen."""
        return [header for header in self.headers if header not in self.hidden_columns]

    def keep(self, wanted: NDArray[np.bool_]) -> Sheet:
        """Only the wanted records."""
        return replace(
            self,
            cells=self.cells[wanted].reset_index(drop=True),
            rows=[row for row, keep in zip(self.rows, wanted, strict=True) if keep],
            geometry=None if self.geometry is None else self.geometry[wanted],
        )

    def noting(self, *remarks: Remark) -> Sheet:
        """The same with further remarks."""
        return replace(self, remarks=(*self.remarks, *remarks))


def seen_first(sheet: Sheet, hidden: frozenset[int]) -> Sheet:
    """The sheet with its hidden columns named; of several columns of one name one that can be seen has it."""
    if not hidden:
        return sheet
    names = sheet.headers
    for column, name in enumerate(names):
        bare, _, number = name.rpartition(" #")
        first = names.index(bare) if bare in names and number.isdecimal() else -1
        if first in hidden and column not in hidden:
            names[first], names[column] = name, bare
    cells = sheet.cells.set_axis(names, axis=1)
    return replace(
        sheet, cells=cells, hidden_columns=frozenset(name for n, name in enumerate(names) if n in hidden)
    )


def text_frame(columns: Sequence[str], records: Sequence[Sequence[str]]) -> pd.DataFrame:
    """A table of text; a header that occurs twice gets a number."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for position, header in enumerate(columns, start=1):
        name = header or f"column {position}"
        seen[name] += 1
        names.append(f"{name} #{seen[name]}" if seen[name] > 1 else name)
    made = {n: pd.Series(list(cells), dtype="str") for n, cells in enumerate(zip(*records, strict=True))}
    if not made:
        return pd.DataFrame([list(r) for r in records], columns=names, dtype="str")
    return pd.DataFrame(made).set_axis(names, axis=1).fillna("")
