"""Naming the offender: rows, ids and names of the records that checks talk about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gridplan.inputs.column import Table
from gridplan.inputs.region import Region
from gridplan.inputs.schema import TABLES

PAIR_KEYS = {
    "partnerships": ["hospital_id", "district_id"],
    "travel": ["unit_id", "hospital_id"],
    "links": ["from_unit", "to_unit", "way"],
    "departments": ["hospital_id", "discipline"],
    "staff": ["hospital_id", "discipline"],
    "custody": ["managed_id"],
    "support": ["hospital_id", "discipline"],
}


def tables(region: Region) -> Iterator[tuple[Table, pd.DataFrame]]:
    """Every table that the region has, with its schema."""
    for schema in TABLES.values():
        table = getattr(region, schema.name)
        if table is not None:
            yield schema, pd.DataFrame(table)


def records(table: pd.DataFrame) -> Iterator[Any]:
    """The records of a table as named tuples; `row` is a whole number or None."""
    if table.empty:
        return  # what most checks find
    rows = pd.Series(None, index=table.index, dtype=object)
    if "row" in table:
        known = table["row"].notna()
        rows[known] = [int(row) for row in table.loc[known, "row"].tolist()]
    yield from table.assign(row=rows).itertuples()


def row_of(table: pd.DataFrame, index: Any) -> int | None:
    """The spreadsheet row of a record, None where it is not known."""
    row: Any = table.at[index, "row"] if "row" in table else None
    return None if row is None or pd.isna(row) else int(row)


def id_of(schema: Table, table: pd.DataFrame, index: Any) -> str:
    """The id of a record: its key, or the ids that a keyless table pairs."""
    columns = [schema.key] if schema.key else PAIR_KEYS.get(schema.name, [])
    ids: list[Any] = [table.at[index, column] for column in columns if column in table]
    return "–".join(str(id) for id in ids if not pd.isna(id))


def is_blank(values: pd.Series) -> pd.Series:
    """Which cells say nothing."""
    blank = values.isna()
    return blank if pd.api.types.is_numeric_dtype(values) else blank | (values.astype(object) == "")
