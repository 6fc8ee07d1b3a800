"""Region folders written for one test each: tiny_town's tables as CSV, with what the test changes."""

from __future__ import annotations

import struct
from pathlib import Path

import pandas as pd

from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region

TOML = 'name = "town"\ndatum = "wgs84"\n'


def town_folder(folder: Path, toml: str = TOML) -> Path:
    """tiny_town in canonical files, under this region.toml."""
    write_region(tiny_town(), folder)
    (folder / "region.toml").write_text(toml, encoding="utf-8")
    return folder


def plain(name: str) -> pd.DataFrame:
    """A table of tiny_town as text, without shapes, as a planner's sheet would be."""
    table = pd.DataFrame(getattr(tiny_town(), name)).drop(columns=["geometry", "row"], errors="ignore")
    return table.astype(object).where(table.notna(), "")


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> None:
    """Write `name` in place of the table's files."""
    for path in folder.glob(f"{Path(name).stem}.*"):
        path.unlink()
    (folder / name).write_bytes(text.encode(encoding))


def dbf(headers: list[bytes], records: list[list[bytes]], language: int = 0) -> bytes:
    """A dBase III file of text fields, byte for byte as given."""
    widths = [max(len(r[i]) for r in records) for i in range(len(headers))]
    head = 32 + 32 * len(headers) + 1
    data = struct.pack("<BBBBIHH17xBxx", 3, 120, 1, 1, len(records), head, 1 + sum(widths), language)
    for header, width in zip(headers, widths, strict=True):
        data += struct.pack("<11sc4xBB14x", header, b"C", width, 0)
    data += b"\r"
    for record in records:
        data += b" " + b"".join(cell.ljust(width) for cell, width in zip(record, widths, strict=True))
    return data + b"\x1a"
