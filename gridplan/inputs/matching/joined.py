"""Several files, or several sheets of one file, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pyproj import CRS

from gridplan.inputs.column import NUMERIC, Table
from gridplan.inputs.matching.names import Names, ids_for_names
from gridplan.inputs.place import Shapes
from gridplan.inputs.sheets.headers import demand_columns
from gridplan.inputs.sheets.notes import Notes, listed
from gridplan.words.text import Text


@dataclass(frozen=True)
class Read:
    """A table as read: its records (with `row`), their shapes or None, its file names, its frame where it is metres."""

    data: pd.DataFrame
    shapes: Shapes | None
    files: str
    crs: CRS | None = None


def stacked(pages: Sequence[Read], titles: Sequence[str], book: str, table: Table) -> Read:
    """The sheets of one table below each other, each record with the `sheet` it stands on."""
    first = pages[0]
    if len(pages) == 1:
        return first
    data = pd.concat(
        [page.data.assign(sheet=title) for page, title in zip(pages, titles, strict=True)], ignore_index=True
    )
    words = [c.name for c in table if c.kind not in NUMERIC and c.name in data]
    data[words] = data[words].fillna("")
    drawn = [page.shapes for page in pages]
    shapes = None
    if any(some is not None for some in drawn):
        shapes = np.concatenate(
            [
                np.full(len(page.data), None, dtype=object) if some is None else some
                for page, some in zip(pages, drawn, strict=True)
            ]
        )
    return Read(data, shapes, book, next((page.crs for page in pages if page.crs is not None), None))


def joined(
    parts: list[Read], headers: list[list[str]], table: Table, notes: Notes, city: Sequence[str] = ()
) -> Read | None:
    """Several files as one: the first has the records, the others fill what it lacks, matched by the id.

    `city` is how the city is called before names, see `city_names`.
    """
    first, *others = parts
    if not others:
        return first
    parts = _keyed(parts, table, notes, city)
    first, *others = parts
    if any(table.key not in part.data for part in parts):
        key_only = replace(table, columns=table.columns[:1])
        for part, own in zip(parts, headers, strict=True):
            demand_columns(part.files, own, key_only, part.data.columns, (), notes)
        return None
    data, shapes, key = first.data, first.shapes, table.key
    for part in others:
        _note_join(data, part, table, notes)
        unique = part.data[part.data[key] != ""].drop_duplicates(key)
        wanted = data[key].map(pd.Series(unique.index, index=unique[key])).to_numpy(float)
        there, source = ~np.isnan(wanted), np.nan_to_num(wanted).astype(int)
        for name in part.data.columns.difference([key, "row"]):
            empty: object = np.nan if part.data[name].dtype.kind == "f" else ""
            values = part.data[name].iloc[source].reset_index(drop=True) if len(part.data) else data[key]
            values = values.where(there, empty)
            blank = data[name].isna() | (data[name].astype(object) == "") if name in data else None
            data[name] = values if blank is None else data[name].where(~blank, values)
        if shapes is None and part.shapes is not None:
            shapes = np.array(
                [part.shapes[s] if t else None for s, t in zip(source, there, strict=True)], dtype=object
            )
    return Read(data, shapes, first.files, next((part.crs for part in parts if part.crs is not None), None))


def _keyed(parts: list[Read], table: Table, notes: Notes, city: Sequence[str]) -> list[Read]:
    """The parts with ids where some have only names: those of the first part that has both; of names where none has ids."""
    if all(table.key in part.data for part in parts) or not all(
        "name" in p.data for p in parts if table.key not in p.data
    ):
        return parts
    known = next((p for p in parts if table.key in p.data and "name" in p.data), None)
    if known is None:
        if any(table.key in part.data for part in parts):
            return parts
        first = parts[0].data.assign(**{table.key: parts[0].data["name"]})
        names = Names(first, table.key, city)
    else:
        names = Names(known.data, table.key, city)
    found = []
    for part in parts:
        data = part.data
        if table.key not in data:
            data = data.assign(**{table.key: data["name"]})
            data = ids_for_names(data, table.name, table.key, names, notes)
        found.append(replace(part, data=data))
    return found


def _note_join(data: pd.DataFrame, part: Read, table: Table, notes: Notes) -> None:
    ids, base = part.data[table.key], set(data[table.key])
    twice = ids[ids.duplicated() & ids.isin(base)]
    for position in twice.index:
        notes.error(
            "duplicate-id",
            table.name,
            Text(
                f"{part.files}: {table.key} {ids[position]} occurs twice.",
                f"{part.files}：{ids[position]} 重复出现。",
            ),
            Text("Keep one of the rows.", "请只保留一行。"),
            row=int(part.data["row"].iloc[position]),
            id=str(ids[position]),
        )
    strangers = sorted(set(ids) - base - {""})
    if strangers:
        notes.warn(
            "not-joined",
            table.name,
            Text(
                f"{part.files}: {len(strangers)} records fit none of the {table.name}: {listed(strangers)}.",
                f"{part.files}：{len(strangers)} 条记录与{table.title.zh}表不匹配：{listed(strangers)}。",
            ),
            Text("They are left aside; look at their ids.", "已略去；请核对编号。"),
        )
