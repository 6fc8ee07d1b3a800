"""The national catalogue of disciplines (诊疗科目名录): codes, names in two languages, everyday names, spellings.

A code of it goes by three spellings: 0304 (plain), 03.04 (printed) and A03.04 (home page of a medical record). Excel
makes 304 of the first and 3.04 of the second. All are read as 0304; so are 心血管内科 and 心内科.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from gridplan.inputs.sheets.cells import half_width
from gridplan.words.text import Text, both

SPELLED = re.compile(r"A?(\d{1,2})\.?(\d{2})?", re.IGNORECASE)


@dataclass(frozen=True)
class Discipline:
    """One discipline of the catalogue.

    Parameters
    ----------
    code : two or four digits ("07", "0304").
    weight : relative weight of need per resident, ours, for ranking only, no prevalence; 0 = not ranked.
    """

    code: str
    name: Text
    weight: float
    aliases: tuple[str, ...] = ()


@cache
def disciplines() -> Mapping[str, Discipline]:
    """Code → discipline, in the order of the catalogue.

    Examples
    --------
    >>> disciplines()["0304"].name.en
    'Cardiology'
    """
    text = files("gridplan.inputs").joinpath("disciplines.csv").read_text(encoding="utf-8")
    listed = [
        Discipline(
            row["code"],
            Text(row["name_en"], row["name_zh"]),
            float(row["relative_weight"] or 0),
            tuple(row["aliases"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return MappingProxyType({one.code: one for one in listed})


def discipline_name(code: str) -> Text:
    """The name of a code; the code itself where the catalogue does not have it."""
    known = disciplines().get(code)
    return both(code) if known is None else known.name


def discipline_code(text: str) -> str:
    """The code that a cell means; the cell as it is (without blanks) where it means none; "" where it is blank.

    Examples
    --------
    >>> [discipline_code(cell) for cell in ("03.04", "A0304", "304", "心内科", "Cardiology", "7", "哪科")]
    ['0304', '0304', '0304', '0304', '0304', '07', '哪科']
    """
    cell = half_width(text).strip(" \t\r\n'\u3000\u200b\ufeff")
    if cell in ("", "-", "—", "–", "/"):
        return ""
    code = _code(cell)
    return code or _by_name().get(_plain(cell), cell)


def _code(cell: str) -> str:
    known = disciplines()
    whole = cell[:-2] if re.fullmatch(r"\d+\.0", cell) else cell
    if re.fullmatch(r"\d{1,2}\.\d", whole):
        whole = f"{whole}0"  # 03.10, as Excel leaves it
    if whole.isdigit() and len(whole) == 3:
        whole = f"0{whole}"
    found = SPELLED.fullmatch(whole)
    if not found:
        return ""
    code = found[1].zfill(2) + (found[2] or "")
    return code if code in known else ""


@cache
def _by_name() -> Mapping[str, str]:
    """Every name, without blanks and in lower case → code."""
    names: dict[str, str] = {}
    for one in disciplines().values():
        for name in (one.name.zh, one.name.en, f"{one.name.zh}专业", *one.aliases):
            names.setdefault(_plain(name), one.code)
    return names


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "_-")
