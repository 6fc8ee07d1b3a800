"""What a repair has changed, record by record."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from gridplan.doctor.record import id_of, row_of
from gridplan.inputs.schema import TABLES

REPAIR_COLUMNS = ["table", "row", "id", "column", "before", "after", "why"]


@dataclass
class Changes:
    """What was changed, record by record."""

    rows: list[tuple[object, ...]] = field(default_factory=list)

    def note(self, table: str, at: object, data: pd.DataFrame, column: str, *change: str) -> None:
        """One change: `change` is before, after, why."""
        row = row_of(data, at)
        self.rows.append((table, row, id_of(TABLES[table], data, at), column, *change))

    def to_frame(self) -> pd.DataFrame:
        """table, row, id, column, before, after, why."""
        return pd.DataFrame(self.rows, columns=REPAIR_COLUMNS).astype({"row": "Int64"})
