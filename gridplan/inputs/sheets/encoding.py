"""Which encoding a file is in: strictly UTF-8, else strictly GB18030 (GBK is part of it), else a fault.

Strict UTF-8 that holds Chinese is never an accident, so it wins over what a .cpg or a language byte claims. A
claim of Latin-1 is what ArcGIS writes when it does not know, so it counts only where GB18030 fails too.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence

from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.text import Text

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Beginnings of the codecs that files are written in; Python has others (hex, zip …) that make no text.
OF_LETTERS = (
    "utf",
    "gb",
    "big5",
    "cp",
    "iso8859",
    "latin",
    "mac",
    "koi8",
    "euc",
    "shift",
    "hz",
    "ascii",
    "johab",
)
_CHINESE_NAMES = ("936", "cp936", "gbk", "gb2312", "gb18030", "ms936", "ansi936", "oem936", "windows936")


def decode(data: bytes, file: str) -> tuple[str, str]:
    """The text of `data` and the name of its encoding."""
    if data.startswith(_UTF16) and _fits([(data, False)], "utf-16"):
        return data.decode("utf-16"), "utf-16"
    if b"\0" in data:
        raise FileFault(
            "not-text",
            Text(
                f"{file} is not a text file: it holds bytes that no text has.",
                f"{file} 不是文本文件：含有文本中没有的字节。",
            ),
            Text(
                "An Excel file must be called .xlsx; else save it again as “CSV UTF-8”.",
                "Excel 文件的扩展名须为 .xlsx；否则请另存为“CSV UTF-8”。",
            ),
        )
    name = choose([(data, False)], None, file)
    return data.decode("utf-8-sig" if name == "utf-8" else name), name


def choose(pieces: Sequence[tuple[bytes, bool]], claimed: str | None, file: str) -> str:
    """The encoding in which all pieces decode strictly.

    Parameters
    ----------
    pieces : bytes, and whether they may be cut inside their last character (a DBF field that is full).
    claimed : what a .cpg or a language byte says, None where nothing does.
    file : for the message.
    """
    claim = known_encoding(claimed)
    latin = claim is not None and claim.startswith(("iso8859", "cp125", "latin"))
    order = [
        "utf-8",
        *([claim] if claim and not latin else []),
        "gb18030",
        *([claim] if claim and latin else []),
    ]
    for encoding in order:
        if _fits(pieces, encoding):
            return encoding
    raise FileFault(
        "unknown-encoding",
        Text(
            f"{file} is neither UTF-8 nor GB18030 (GBK) text.",
            f"{file} 既不是 UTF-8，也不是 GB18030（GBK）编码。",
        ),
        Text("Save it again as “CSV UTF-8” or as Excel.", "请另存为“CSV UTF-8”或 Excel 格式。"),
    )


def known_encoding(name: str | None) -> str | None:
    """Python's name of an encoding as a .cpg writes it, None where it is not known."""
    plain = (name or "").strip().casefold().replace(" ", "").replace("-", "").replace("_", "")
    if plain in _CHINESE_NAMES:
        return "gb18030"
    if plain in ("65001", "utf8", "cp65001"):
        return "utf-8"
    for candidate in (plain, f"cp{plain}", plain.replace("iso8859", "iso8859-").replace("88591", "8859-1")):
        try:
            found = codecs.lookup(candidate).name
        except (LookupError, ValueError):  # also names that no codec can have
            continue
        if found.startswith(OF_LETTERS):
            return found
    return None


def decode_cut(data: bytes, encoding: str, may_be_cut: bool) -> str:
    """Decoded strictly; an incomplete last character of a full field is dropped."""
    return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=not may_be_cut)


def _fits(pieces: Iterable[tuple[bytes, bool]], encoding: str) -> bool:
    try:
        for data, may_be_cut in pieces:
            decode_cut(data, encoding, may_be_cut)
    except UnicodeDecodeError:
        return False
    return True
