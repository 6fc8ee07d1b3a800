"""Region folders written for one test each: tiny_town's tables as CSV, with what the test changes."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.inputs.sample import tiny_town
from gridplan.inputs.write import write_region

TOML = 'name = "town"\ndatum = "wgs84"\n'
LON, LAT = (tiny_town().hospitals[name].to_numpy() for name in ("lon", "lat"))


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


def put_hospitals(folder: Path, **columns: object) -> None:
    """The hospitals of tiny_town with these columns in the place of lon and lat."""
    table = plain("hospitals").drop(columns=["lon", "lat"])
    put(folder, "hospitals.csv", table.assign(**columns).to_csv(index=False))


def settings(folder: Path, text: str) -> None:
    """Write region.toml with more in it."""
    (folder / "region.toml").write_text(TOML + text, encoding="utf-8")


def codes(folder: Path) -> set[str]:
    """What the doctor says of a folder."""
    return {f.code for f in check(folder)}


def assert_in_place(folder: Path, within: float = 1e-6) -> None:
    """That the hospitals are read where those of tiny_town are."""
    hospitals = read(folder).hospitals
    assert np.allclose(hospitals["lon"], LON, atol=within) and np.allclose(hospitals["lat"], LAT, atol=within)


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
