"""Typed columns: the text of each cell cleaned, what it cannot be noted with its row and id."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from gridplan.inputs.aliases import MILITARY_TIERS, UNIT_WORDS
from gridplan.inputs.disciplines import discipline_code
from gridplan.inputs.schema import HOSPITALS, NUMERIC, Column, Table, plain
from gridplan.inputs.sheets.cells import (
    clean_grade,
    clean_id,
    clean_number,
    clean_text,
    clean_word,
    half_width,
)
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.sheets.read_grid import Sheet
from gridplan.words.text import Text

COUNTS = ("staff", "institutions")  # tables that count people, and never name them


class Cells:
    """Types the columns of one sheet and notes the cells that are not what they should be."""

    def __init__(self, table: Table, sheet: Sheet, ids: list[str], prefix: str, notes: Notes) -> None:
        self.table, self.sheet, self.ids, self.prefix, self.notes = table, sheet, ids, prefix, notes

    def typed(self, column: Column, texts: pd.Series) -> pd.Series:
        clean = _cleaner(column)
        cells = texts.tolist()
        values = {text: clean(text) for text in dict.fromkeys(cells)}
        for position, text in enumerate(cells) if None in values.values() else ():
            if values[text] is None and self.sheet.rows[position] not in self.sheet.wide:
                self.bad(column, position, text)
        filler: object = np.nan if column.kind in NUMERIC else ""
        done = [filler if values[text] is None else values[text] for text in cells]
        return pd.Series(done, dtype="float64" if column.kind in NUMERIC else "str")

    def bad(self, column: Column, position: int, text: str) -> None:
        number = column.kind in NUMERIC
        needed = Text("a whole number", "整数") if column.kind == "whole" else Text("a number", "数字")
        what = (
            Text(
                f"{self.prefix}{column.name} = '{text}' is not {needed.en}.",
                f"{self.prefix}{column.name} = “{text}”不是{needed.zh}。",
            )
            if number
            else Text(
                f"{self.prefix}{column.name} = '{text}' has lost its last digits in Excel.",
                f"{self.prefix}{column.name} = “{text}”的末几位已被 Excel 丢失。",
            )
        )
        unit = Text("", "")
        if column.unit:
            name = UNIT_WORDS[column.unit]
            unit = Text(f" ({name.en})", f"（{name.zh}）")
        blank = Text("", "")
        if "." in text and column.unit == "persons":
            blank = Text("; if they count 万, multiply by 10,000", "；如以“万”计，请乘以 10000")
        elif not column.filled:
            blank = Text(", or leave the cell empty if it is not known", "；未知则留空")
        hint = (
            Text(f"Write digits only{unit.en}{blank.en}.", f"请只写数字{unit.zh}{blank.zh}。")
            if number
            else Text(
                "Format the column as text in Excel and enter the ids again.",
                "请在 Excel 中设为文本格式后重新填写。",
            )
        )
        code = "not-a-number" if number else "id-digits-lost"
        if self.table.name in COUNTS and number and any(c.isalpha() for c in text):
            code = "person-in-counts"  # the name itself is not repeated
            what = Text(
                f"{self.prefix}{column.name} holds words, not a number: persons do not belong into the table {self.table.name}.",
                f"{self.prefix}{column.name} 填的是文字而非数字：{self.table.title.zh}只填人数，不得填写个人信息。",
            )
            hint = Text("Write how many there are, never who.", "请填写人数，不要写姓名。")
        self.notes.error(code, self.table.name, what, hint, self.sheet.rows[position], self.ids[position])


def _cleaner(column: Column) -> Callable[[str], str | float | None]:
    if column.kind in NUMERIC:
        return lambda text: clean_number(text, whole=column.kind == "whole")
    if column.kind == "id":
        return clean_id
    if column.kind == "discipline":
        return discipline_code
    if column.kind == "word":
        return lambda text: clean_word(text, column)
    return clean_grade if column.name == "grade" else clean_text


def hospital_words(data: pd.DataFrame, ids: list[str], notes: Notes) -> pd.DataFrame:
    """ "specialist:FIELD" → category and specialty; a military tier → tier municipal, ownership military."""
    category = HOSPITALS.column("category")
    if data.empty:
        return data
    if "category" in data and category is not None:
        pieces = data["category"].map(half_width).str.partition(":")
        split = pieces[1] == ":"
        data["category"] = data["category"].where(
            ~split, pieces[0].map(lambda word: clean_word(word, category))
        )
        given = data["specialty"] if "specialty" in data else pd.Series("", index=data.index, dtype="str")
        data["specialty"] = given.where(given != "", pieces[2].str.strip())
    if "tier" in data:
        military = data["tier"].map(plain).isin(MILITARY_TIERS)
        for position in np.flatnonzero(military):
            notes.warn(
                "military-tier",
                "hospitals",
                Text(
                    "military is no tier; it is read as tier municipal, ownership military.",
                    "“军队”不是层级；按市级、军队所有读取。",
                ),
                Text(
                    "Write tier = municipal, ownership = military.",
                    "请写 tier = municipal，ownership = military。",
                ),
                row=int(data["row"].iloc[position]),
                id=ids[position],
            )
        data.loc[military, "tier"] = "municipal"
        if "ownership" in data:
            data["ownership"] = data["ownership"].mask(military, "military")
    return data


def note_fenyuan(data: pd.DataFrame, words: pd.Series, ids: list[str], notes: Notes) -> None:
    """Say that 分院 was read with caution: it may be a campus or a hospital under agreement."""
    for position in np.flatnonzero(words.map(plain) == "分院"):
        notes.warn(
            "ambiguous-word",
            "branches",
            Text(
                "relation 分院 is read as affiliate (a hospital under agreement).",
                "“分院”按协作分院（affiliate）读取。",
            ),
            Text("Write 院区 (campus) if it is part of the hospital.", "如属医院本部的一部分，请写“院区”。"),
            row=int(data["row"].iloc[position]),
            id=ids[position],
        )
