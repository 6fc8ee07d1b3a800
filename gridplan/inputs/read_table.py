"""One table of a region: its files → canonical columns, typed, in WGS 84."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from gridplan.inputs.column import NUMERIC, Column, Table
from gridplan.inputs.formats.read_file import SUFFIXES, local_file, read_file, unread_hint
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.matching.ids import note_unread_ids
from gridplan.inputs.matching.joined import Read, joined, stacked
from gridplan.inputs.matching.stated_datum import datum_of_headers
from gridplan.inputs.matching.words_of_hospitals import hospital_words, note_fenyuan, note_tiers
from gridplan.inputs.place import Frame, frame_of, place_columns, place_shapes
from gridplan.inputs.read_settings import TableSettings
from gridplan.inputs.sheets import records
from gridplan.inputs.sheets.cells import clean_id, half_width
from gridplan.inputs.sheets.guard import guarded_reading
from gridplan.inputs.sheets.headers import check_headers, datum_in, demand_columns, is_known
from gridplan.inputs.sheets.hidden_columns import columns_of
from gridplan.inputs.sheets.matrix import as_pairs
from gridplan.inputs.sheets.notes import FileFault, Notes, did_you_mean, listed, nearest
from gridplan.inputs.sheets.place_cells import with_places
from gridplan.inputs.sheets.typed_columns import Cells
from gridplan.words.text import Text


def read_table(
    folder: Path,
    table: Table,
    settings: TableSettings,
    datum: str,
    notes: Notes,
    extra: Sequence[str] = (),
    excused: Collection[str] = (),
    round_people: bool = False,
) -> Read | None:
    """The table, or None where it has no file or its files cannot be used.

    Parameters
    ----------
    datum : of its coordinates.
    extra : headers to keep as numbers under their own name (weights for sharing people out).
    excused : required columns that may be missing here.
    round_people : whether persons may have decimals, to be rounded later.
    """
    sheets = _sheets(folder, table, settings, notes)
    return (
        read_sheets(sheets, table, settings, datum, notes, extra, excused, round_people) if sheets else None
    )


def read_sheets(
    sheets: Sequence[Sheet],
    table: Table,
    settings: TableSettings,
    datum: str,
    notes: Notes,
    extra: Sequence[str] = (),
    excused: Collection[str] = (),
    round_people: bool = False,
) -> Read | None:
    """The table of sheets that were read, see `read_table`."""
    try:
        parts, headers = [], []
        for sheet in sheets:
            pages, several = [], len(sheets) > 1 or bool(sheet.further)
            for page in (sheet, *sheet.further):
                with guarded_reading(page.file):  # shapes and projections are read by others' code, too
                    placed = records.with_headings(with_places(as_pairs(page, table), table), table)
                    records.note_sheet(placed, table, notes)
                    placed = records.without_totals(
                        records.wanted_records(placed, table, settings, notes), table, notes, settings.columns
                    )
                    pages.append(_part(placed, table, settings, datum, extra, notes, several, round_people))
                    headers.append(placed.headers)
            titles = [page.title for page in (sheet, *sheet.further)]
            parts.append(stacked(pages, titles, sheet.book, table))
    except FileFault as fault:
        notes.fault(fault.code, table.name, fault.what, fault.hint)
        return None
    files = " + ".join(sheet.book for sheet in sheets)
    _check_mentions(files, list(dict.fromkeys(h for own in headers for h in own)), table, settings, notes)
    has_shapes = any(part.shapes is not None for part in parts)
    excused = {*excused, *([c.name for c in table if c.kind == "degree"] if has_shapes else [])}
    excused |= {"minutes"} if table.name == "roads" and has_shapes else set()
    have = {name for part in parts for name in part.data.columns}
    if table.key and "name" in have and not any(table.key in part.data for part in parts):
        excused.add(table.key)  # ids are made of the names
        note_unread_ids(
            files, list(dict.fromkeys(h for own in headers for h in own)), table, settings.columns, notes
        )
    if any("sheet" in part.data for part in parts):
        excused.add("district_id")  # may be what the sheets are called
    demand_columns(files, list(dict.fromkeys(h for own in headers for h in own)), table, have, excused, notes)
    whole = joined(parts, headers, table, notes, settings.city)
    return None if whole is None else Read(_complete(whole.data, table), whole.shapes, files, whole.crs)


def _sheets(folder: Path, table: Table, settings: TableSettings, notes: Notes) -> list[Sheet]:
    files = settings.files or _default_files(folder, table, notes)
    if len(files) > 1 and not table.key:
        notes.fault(
            "several-files",
            table.name,
            Text(
                f"{table.name} has no id column on which {listed(files)} could be joined.",
                f"{table.name} 没有编号列，无法合并 {listed(files)}。",
            ),
            Text("Put it into one file.", "请放在一个文件中。"),
        )
        return []
    sheets = []
    known = cache(lambda header: is_known(header, table, settings.columns))
    for name in files:
        try:
            path = local_file(folder, name)
            sheet = read_file(path, table.name, known, settings.layer, settings.sheet)
            check_headers(sheet.file, sheet.seen, table, settings.columns)
        except FileFault as fault:
            notes.fault(fault.code, table.name, fault.what, fault.hint)
        else:
            sheets.append(sheet)
    return sheets if len(sheets) == len(files) else []


def _default_files(folder: Path, table: Table, notes: Notes) -> tuple[str, ...]:
    """The one file of the folder that is named like the table."""
    here = sorted(folder.iterdir())
    names = [p.name for p in here if p.stem.casefold() == table.name and p.suffix.casefold() in SUFFIXES]
    if len(names) > 1:
        notes.fault(
            "several-files",
            table.name,
            Text(
                f"{listed(names)}: which one holds the {table.name}?",
                f"{listed(names)}：哪一个是{table.title.zh}表？",
            ),
            Text(
                f'Write {table.name} = "{names[0]}" under [tables] in region.toml.',
                f'请在 region.toml 的 [tables] 中写 {table.name} = "{names[0]}"。',
            ),
        )
        return ()
    if not names:
        _note_missing(here, table, notes)
    return tuple(names)


def _note_missing(here: list[Path], table: Table, notes: Notes) -> None:
    """A table without a file: a fault where it is needed; a file of a kind that is not read is named."""
    unread = [p.name for p in here if p.stem.casefold() == table.name]
    if unread:
        (notes.fault if table.required else notes.warn)(
            "unknown-format",
            table.name,
            Text(
                f"{listed(unread)}: files of this kind are not read.", f"{listed(unread)}：不支持这种文件。"
            ),
            unread_hint(unread[0].rpartition(".")[2].join((".", ""))),
        )
    elif table.required:
        near = nearest(table.name, [p.name for p in here if p.suffix.casefold() in SUFFIXES])
        guess = Text(f"; did you mean '{near}'?", f"；是否想写“{near}”？") if near else Text(".", "。")
        notes.fault(
            "missing-table",
            table.name,
            Text(
                f"The folder has no table {table.name} ({table.name}.csv, .xlsx, .geojson, .gpkg or .shp).",
                f"文件夹中没有{table.title.zh}表（{table.name}.csv、.xlsx、.geojson、.gpkg 或 .shp）。",
            ),
            Text(
                f"Add it, or name its file under [tables] in region.toml{guess.en}",
                f"请补充，或在 region.toml 的 [tables] 中写明文件名{guess.zh}",
            ),
        )


def _part(
    sheet: Sheet,
    table: Table,
    settings: TableSettings,
    datum: str,
    extra: Sequence[str],
    notes: Notes,
    name_file: bool,
    round_people: bool,
) -> Read:
    """One file: canonical columns, typed and placed."""
    mapping = columns_of(sheet, table, settings.columns, notes, datum)
    named = mapping.get(table.key, mapping.get("name", ""))
    key = [half_width(cell) for cell in sheet.cells[named].tolist()] if named else None
    ids = [""] * len(sheet.rows) if key is None else [clean_id(k) or k for k in key]
    records.note_shapes(sheet, table, ids, notes)
    prefix = f"{sheet.file}: " if name_file else ""
    cells = Cells(table, sheet, ids, prefix, notes, settings.units, round_people)
    data = pd.DataFrame({"row": pd.Series(sheet.rows, dtype="int64")})
    for canonical, header in mapping.items():
        column = table.column(canonical)
        if column is not None:
            data[canonical] = cells.typed(column, header)
    for header in extra:
        match = next(
            (h for h in sheet.headers if header in (h, *[c for c, name in mapping.items() if name == h])),
            None,
        )
        if match is not None and header not in data:
            data[header] = cells.typed(Column(header, "number"), match)
    data = cells.with_shares(data)
    if table.name == "hospitals":
        data = hospital_words(data, ids, notes)
        if "tier" in mapping and (tier := table.column("tier")):
            note_tiers(data, sheet.cells[mapping["tier"]], tier.own_words, notes)
    if table.name == "branches" and "relation" in mapping:
        note_fenyuan(data, sheet.cells[mapping["relation"]], ids, notes)
    if not table.spatial:
        return Read(data, None, sheet.file)
    ends = tuple(mapping[name] for name in ("lon", "lat", "from_lon", "from_lat") if name in mapping)
    located = sheet.geometry is not None or ends
    own = settings.datum or next((said for end in ends if (said := datum_in(end))), "")
    if ends:
        datum = datum_of_headers(sheet, table, ends, datum, settings.datum, notes)
    frame = frame_of(sheet, table, datum, settings.crs, notes) if located else Frame(datum, None)
    return Read(
        place_columns(data, sheet, table, frame, notes, own),
        place_shapes(sheet, table, frame, notes),
        sheet.file,
        frame.crs if frame.projected else None,
    )


def _check_mentions(
    files: str, headers: list[str], table: Table, settings: TableSettings, notes: Notes
) -> None:
    """Every header that region.toml names is in some file."""
    named = [("where", h) for h in settings.where] + [("columns", h) for h in settings.columns.values()]
    for key, header in named:
        if header not in headers and half_width(header) not in headers:
            near = did_you_mean(header, headers)
            notes.fault(
                "unknown-header",
                table.name,
                Text(
                    f"region.toml, [tables.{table.name}] {key}: {files} has no header '{header}'.",
                    f"region.toml 的 [tables.{table.name}] {key}：{files} 没有表头“{header}”。",
                ),
                near,
                id=header,
            )


def _complete(data: pd.DataFrame, table: Table) -> pd.DataFrame:
    """All canonical columns in their order, then groups and weights, then `row`; ids of records never NaN."""
    data = data.copy()
    for column in table:
        if column.name not in data:
            number = column.kind in NUMERIC
            data[column.name] = pd.Series(
                np.nan if number else "", index=data.index, dtype="float64" if number else "str"
            )
    others = [name for name in data.columns if name not in table.names and name != "row"]
    return data[[*table.names, *others, "row"]]
