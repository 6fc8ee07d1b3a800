"""Numbers as people write them: 4.5万, 39800人, 2000张, 121°29′6″E, 12.3 %. Only what has one meaning; the rest is None."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gridplan.inputs.column import Column, plain
from gridplan.inputs.sheets.cells import clean_text, half_width, is_blank, without_footnote
from gridplan.inputs.sheets.unit_factors import UNIT_FACTORS

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_SPACED = re.compile(r"[+-]?\d{1,3}([ \u2009\u202f]\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.,]*\d\.?)\s*([^\d\s.,+-].*)")
_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%")
_CLOCK = re.compile(r"(?:(\d+)\s*(?:小时|时|h|hours?))?\s*(?:(\d+(?:\.\d+)?)\s*(?:分钟|分|min|minutes?))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒|s|sec|seconds?))?", re.IGNORECASE)  # fmt: skip
_SIGNS = {"e": 1, "东经": 1, "n": 1, "北纬": 1, "w": -1, "西经": -1, "s": -1, "南纬": -1}
_SIDE = "东经|北纬|西经|南纬"
_SIDED = re.compile(rf"({_SIDE}|[enws])?\s*[:：]?\s*(.*?)\s*({_SIDE}|[enws])?", re.IGNORECASE)
_SECONDS = re.compile(r"[分m'′’‘`]\s*\d+(\.\d+)?\s*s", re.IGNORECASE)
_MARK = r"(?:°|º|度|d|deg)"
_DEGREES = re.compile(
    rf"([+-]?\d+(?:\.\d+)?)\s*(?:{_MARK}\s*(?:(\d+(?:\.\d+)?)\s*(?:['′’‘`分m]|min)\s*)?(?:(\d+(?:\.\d+)?)\s*(?:[\"″”“]|''|′′|’’|秒|s|sec)?\s*)?)?",
    re.IGNORECASE,
)
_PARTED_DEGREES = re.compile(r"([+-]?\d{1,3})([:-])(\d{1,2})\2(\d{1,2}(?:\.\d+)?)")  # 116:33:0.0
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Written:
    """A number, and whether it was written otherwise than in digits; `own_unit` where the cell states the unit itself."""

    value: float
    plainly: bool = True
    own_unit: bool = False
    share: bool = False


def as_written(text: str, column: Column) -> Written | None:
    """The number that a cell means, NaN where it is blank; None where it is none, or might be several."""
    if is_blank(text):
        return Written(math.nan)
    marked = half_width(clean_text(half_width(text))).removeprefix("'")
    cell = without_footnote(marked)
    written = _unmarked(cell, column)
    return written if cell == marked or written is None else replace(written, plainly=False)


def _unmarked(cell: str, column: Column) -> Written | None:
    if column.kind == "degree":
        return _degrees(cell)
    if (number := _digits(cell)) is not None:
        return Written(number, plainly=not _SPACED.fullmatch(cell))
    if share := _PERCENT.fullmatch(cell):
        return Written(float(share[1]) / 100, plainly=False, share=True) if column.unit == "persons" else None
    if column.unit == "minutes" and (clock := _CLOCK.fullmatch(cell)) and any(clock.groups()):
        hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        return Written(hours * 60 + minutes + seconds / 60, plainly=False, own_unit=True)
    match = _WITH_UNIT.fullmatch(cell)
    if match is None or (number := _digits(match[1])) is None:
        return None
    factor = UNIT_FACTORS.get(column.unit, {}).get(plain(match[2]))
    return None if factor is None else Written(scaled(number, factor), plainly=False, own_unit=True)


def shares_of(read: Mapping[str, Written | None], per_cent: bool, of_many: bool) -> dict[str, Written | None]:
    """The cells of a column of shares, each number as a share of 1; None where it may be one of 1 or of 100.

    Parameters
    ----------
    per_cent : whether the header says that they are per cent; else they are where one is above 1.
    of_many : whether the group is large everywhere (65 and older), so that 0.2 can be no per cent.
    """
    bare = [w.value for w in read.values() if w is not None and not w.share and not math.isnan(w.value)]
    of_one = not per_cent and max(bare, default=0.0) <= 1
    found: dict[str, Written | None] = {}
    for text, written in read.items():
        found[text] = written
        if written is None or written.share or math.isnan(written.value):
            continue
        unclear = not of_many if of_one else of_many and written.value <= 1
        if unclear and written.value != 0:
            found[text] = None
        else:
            share = written.value if of_one else scaled(written.value, 0.01)
            found[text] = replace(written, value=share, plainly=False, share=True)
    return found


def scaled(number: float, factor: float) -> float:
    """A number in another unit, without the dust of floating point."""
    return number if factor == 1 or math.isnan(number) else round(number * factor, 6)


def _digits(text: str) -> float | None:
    digits = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    digits = re.sub(r"\s", "", digits) if _SPACED.fullmatch(digits) else digits
    if not _NUMBER.fullmatch(digits):
        return None
    number = float(digits)
    return number if math.isfinite(number) else None


def _degrees(cell: str) -> Written | None:
    """Decimal degrees, or degrees, minutes and seconds, with E, N, 东经 … before or after."""
    sided = _SIDED.fullmatch(cell)
    before, bare, after = sided.groups() if sided else (None, cell, None)
    if after and after.casefold() == "s" and _SECONDS.search(cell):
        bare, after = f"{bare}s", None
    side = (before or after or "").casefold()
    sign, turned = _SIGNS.get(side, 1), bool(side)
    if DECIMAL_COMMA.fullmatch(bare):  # a degree has no thousands: the comma is a decimal point
        bare, turned = bare.replace(",", "."), True
    if _NUMBER.fullmatch(bare):
        return Written(sign * float(bare), plainly=not turned) if math.isfinite(float(bare)) else None
    if parted := _PARTED_DEGREES.fullmatch(bare):
        bare = f"{parted[1]}°{parted[3]}′{parted[4]}″"
    match = _DEGREES.fullmatch(bare)
    if match is None or (match[2] is None and match[3] is not None):
        return None
    degrees, minutes, seconds = float(match[1]), float(match[2] or 0), float(match[3] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return Written(round(math.copysign(value, degrees) * sign, 7), plainly=False)
