"""The attributes of a Shapefile (dBase III, IV), in the encoding that their bytes prove."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from gridplan.inputs.sheets.encoding import choose, decode_cut, known_encoding
from gridplan.inputs.sheets.guard import refuse_large
from gridplan.inputs.sheets.notes import FileFault

MAX_BYTES = 512 * 2**20
LONGEST_NAME = 10  # bytes of a field's name
LONGEST_CLAIM = 64
_LANGUAGES = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}


@dataclass(frozen=True)
class Attributes:
    """Headers, records, encoding, the encoding wrongly claimed, row of each record, rows with half a character or stars."""

    headers: list[str]
    records: list[list[str]]
    encoding: str
    claimed: str
    rows: list[int]
    halved: list[int]
    starred: list[int]


def read_dbf(dbf: Path, cpg: Path | None) -> Attributes:
    """The records of a .dbf; ValueError where it is cut short.

    A text that was cut to the width of its field may end inside a character, and may have been padded after that: the
    half character is dropped, and its row is named.
    """
    refuse_large(dbf, MAX_BYTES)
    data = dbf.read_bytes()
    try:
        count, header_size, record_size = struct.unpack_from("<IHH", data, 4)
        fields: list[tuple[bytes, int]] = []
        position = 32
        while data[position] != 0x0D:
            name = data[position : position + 11].partition(b"\0")[0]
            fields.append((name, data[position + 16]))
            position += 32
        if record_size < 1 + sum(width for _, width in fields):
            raise IndexError
        if len(data) < header_size + count * record_size:
            raise IndexError
    except (struct.error, IndexError) as error:
        raise ValueError("cut short") from error
    starts = np.cumsum([1, *(width for _, width in fields)])
    raw: list[list[bytes]] = []
    rows: list[int] = []
    starred: list[int] = []
    for number in range(count):
        record = data[header_size + number * record_size :][:record_size]
        if record[:1] != b"*":
            cells = [record[a:b] for a, b in pairwise(starts)]
            raw.append([b"" if _starred(cell) else cell for cell in cells])
            rows.append(number + 2)
            if any(map(_starred, cells)):
                starred.append(rows[-1])
    claim = _claim(cpg) if cpg else _LANGUAGES.get(data[29])
    pieces = [(name, len(name) >= LONGEST_NAME) for name, _ in fields]
    pieces += [(cell.rstrip(b" \0"), _full(cell)) for record in raw for cell in record]
    encoding, padded = _encoding(pieces, claim, dbf.name)
    records, halved = [], []
    for row, cells in zip(rows, raw, strict=True):
        records.append([decode_cut(c.rstrip(b" \0"), encoding, padded or _full(c)) for c in cells])
        if padded and any(_is_halved(c.rstrip(b" \0"), encoding) for c in cells):
            halved.append(row)
    only_ascii = all(piece.isascii() for piece, _ in pieces)
    wrong = claim is not None and cpg is not None and known_encoding(claim) != encoding and not only_ascii
    return Attributes(
        [decode_cut(name, encoding, cut) for name, cut in pieces[: len(fields)]],
        records,
        encoding,
        claim or "" if wrong else "",
        rows,
        halved,
        starred,
    )


def _starred(cell: bytes) -> bool:
    """Whether a field is full of stars: how the format writes a number that it does not have, or that is too long for it."""
    return len(cell) > 1 and not cell.strip(b"*")


def _encoding(pieces: list[tuple[bytes, bool]], claim: str | None, file: str) -> tuple[str, bool]:
    """The encoding, and whether it fits only where every text may end inside a character."""
    try:
        return choose(pieces, claim, file), False
    except FileFault:
        return choose([(piece, True) for piece, _ in pieces], claim, file), True


def _is_halved(piece: bytes, encoding: str) -> bool:
    try:
        decode_cut(piece, encoding, False)
    except UnicodeDecodeError:
        return True
    return False


def _claim(cpg: Path) -> str:
    """What a .cpg says; it is a word."""
    with cpg.open("rb") as stream:
        return stream.read(LONGEST_CLAIM).decode("ascii", errors="replace").strip()


def _full(cell: bytes) -> bool:
    """Whether a field is filled to its width, so that its last character may be cut."""
    return len(cell) > 0 and cell[-1:] not in (b" ", b"\0")
