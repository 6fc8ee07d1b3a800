"""Text of a cell → id, text, number, word. Everything is read as text first, so that nothing is guessed."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from gridplan.inputs.column import Column, plain
from gridplan.inputs.schema import GRADE_WORDS, OTHER_WORDS

BLANKS = {"", "-", "--", "—", "——", "–", "/", "na", "n/a", "#n/a", "nan", "null", "none", "<na>", "…", "..."}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_WHOLE_FLOAT = re.compile(r"\d+\.0+")
_SCIENTIFIC = re.compile(r"(\d\.(\d+))e\+?(\d+)", re.IGNORECASE)
_WITHHELD = re.compile(r"(<|≤|少于|小于|不足)\s*\d{1,2}|\*+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_REMARK = re.compile(r"[(\[【].*?[)\]】]")
_GRADE = re.compile(r"[一二三123]级[甲乙丙特]?等?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
# Footnote marks, ⁰–⁹ ₀–₉ ①–⒛: NFKC would make digits of them. After a letter ² is that of km².
FOOTNOTES = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u249b"
_FOOTNOTE = re.compile(f"([{FOOTNOTES}]+)")
_FOOTNOTE_AT_END = re.compile(f"(?<![A-Za-z{FOOTNOTES}])\\s*[{FOOTNOTES}]+$")
_TEN = re.compile(r"10\s*[⁰¹²³⁴-⁹]+")  # may be a power
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9_-]+")


def as_text(value: object) -> str:
    """The text of a value as a file format gave it; missing values are "". Whole floats lose their `.0`."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def half_width(text: str) -> str:
    """Full-width digits, signs and blanks made half-width (NFKC), footnote marks as they are, ends stripped."""
    if not text.isascii():
        parts = _FOOTNOTE.split(text)  # text, marks, text, …
        parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
        text = "".join(parts)
    return text.strip(" \t\r\n\u200b\ufeff")


def without_footnote(text: str) -> str:
    """A number or code without the footnote mark at its end: 54000① → 54000. 10² may be a power, and stays."""
    return text if text.isascii() or _TEN.search(text) else _FOOTNOTE_AT_END.sub("", text)


def is_blank(text: str) -> bool:
    """Whether a cell says "nothing here": empty, —, -, NA, …"""
    return half_width(text).casefold() in BLANKS


def is_withheld(text: str) -> bool:
    """Whether a cell says that a small count is withheld: <6, ≤5, 少于6, 小于6, *."""
    return _WITHHELD.fullmatch(half_width(text)) is not None


def guarded(text: str) -> str:
    """Text that a spreadsheet cannot take for a formula: `'` before =, +, -, @."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def clean_text(text: str) -> str:
    """A name as it is, without blanks at its ends or the `'` that guards a formula; "" where it is blank."""
    stripped = text.strip(" \t\r\n\u3000\u200b\ufeff\xa0")
    if is_blank(stripped):
        return ""
    return stripped[1:] if stripped.startswith("'") and stripped[1:].startswith(FORMULA_STARTS) else stripped


def clean_id(text: str) -> str | None:
    """An id as text: 310101, "310101.0", "３１０１０１", 3.10101E5 → "310101". None where digits were lost.

    Excel shows long ids as 3.10118E+11; a file saved so has lost the last digits for good.
    """
    plain_id = half_width(clean_text(half_width(text)))
    if _CODE.fullmatch(unmarked := without_footnote(plain_id)):
        plain_id = unmarked  # of names a mark may be part: 小区①
    if plain_id.startswith("'") and plain_id[1:].isdigit():
        plain_id = plain_id[1:]
    if _WHOLE_FLOAT.fullmatch(plain_id):
        return plain_id.partition(".")[0]
    scientific = _SCIENTIFIC.fullmatch(plain_id)
    if scientific is None:
        return plain_id
    mantissa, decimals, power = scientific.groups()
    if len(decimals) < int(power):
        return None
    number = Decimal(mantissa).scaleb(int(power))
    return str(int(number)) if number == int(number) else plain_id


def clean_number(text: str, whole: bool = False) -> float | None:
    """The number in a cell, NaN where it is blank, None where it is none (or not whole, where it must be)."""
    if is_blank(text):
        return math.nan
    digits = half_width(clean_text(half_width(text)))
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _NUMBER.fullmatch(digits):
        return None
    number = float(digits)
    if not math.isfinite(number) or (whole and not number.is_integer()):
        return None
    return number


def clean_word(text: str, column: Column) -> str:
    """The word of the closed list that a cell means; the cell as it is where it means none of them.

    A remark in brackets and a grade do not matter: 公立（非营利） is public, 综合性三级医院 general,
    中西医结合类 integrated_tcm.
    """
    stripped = clean_text(text)
    for word in dict.fromkeys((plain(stripped), *_simpler(stripped))):
        if (own := column.own_words.get(word)) is not None:
            return own
        for canonical, names in (column.words or {}).items():
            if word in (plain(canonical), plain(names.en), plain(names.zh), plain(names.zh + names.en)):
                return canonical
        if (other := OTHER_WORDS.get(column.name, {}).get(word)) is not None:
            return other
    return stripped


def _simpler(word: str) -> tuple[str, ...]:
    """A word without remarks in brackets, and without a hospital's grade; none where nothing is left."""
    bare = plain(_REMARK.sub("", half_width(word)))
    return tuple(one for one in (bare, _GRADE.sub("", bare), bare.removesuffix("类")) if one)


def clean_grade(text: str) -> str:
    """A hospital's grade: 三级甲等, 三甲 → 3A; 三级 → 3; 未定级 → ""; anything else as it is."""
    stripped = clean_text(text)
    words = (plain(stripped), plain(_REMARK.sub("", half_width(stripped))))
    return next((GRADE_WORDS[word] for word in words if word in GRADE_WORDS), stripped)
