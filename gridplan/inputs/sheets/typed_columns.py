"""Typed columns: the text of each cell cleaned, what it cannot be noted with its row and id."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from gridplan.inputs.aliases import UNIT_WORDS
from gridplan.inputs.column import NUMERIC, Column, Table, plain
from gridplan.inputs.disciplines import discipline_code
from gridplan.inputs.formats.sheet import Sheet
from gridplan.inputs.sheets.cells import (
    clean_grade,
    clean_id,
    clean_number,
    clean_text,
    clean_word,
    half_width,
    is_withheld,
    without_footnote,
)
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.inputs.sheets.headers import factor_of, stated_unit
from gridplan.inputs.sheets.notes import Notes
from gridplan.inputs.sheets.numbers import DECIMAL_COMMA, Written, as_written, scaled, shares_of
from gridplan.inputs.sheets.unit_factors import PERCENT, says_percent, says_share
from gridplan.words.text import Text

COUNTS = ("staff", "institutions")  # tables that count people, and never name them
LARGE_GROUPS = ("people_65plus", "people_0_14")  # more than one in a hundred wherever people live
MANY_NUMBERS = 3  # more numbers in other words than digits are said in one note
PLAIN_DIGITS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(T[\d:.]+)?|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{1,2}"
)
SAVE_AGAIN = Text(
    "Open the file in Excel or WPS, let it calculate, and save it again.",
    "请用 Excel 或 WPS 打开，重新计算后保存。",
)
AS_MEANT = Text("Right where it reads as it was meant.", "如与原意相符则无需改动。")
PER_CENT = Text(
    "If they are per cent of the residents, write % in the header.",
    "如为占常住人口的百分比，请在表头写明（%）。",
)
DECIMALS = Text(
    'If they come from a raster sum, write decimals = "round" under [people] in region.toml, or run gridplan check DIR '
    "--repair NEW --accept people-with-decimals: they are rounded, each district's total is kept. If they count 万, write "
    'units = { people = "万" } in the table\'s settings.',
    '如来自栅格汇总，请在 region.toml 的 [people] 中写 decimals = "round"，或运行 gridplan check DIR --repair NEW --accept '
    'people-with-decimals：四舍五入取整，各区总数不变。如以“万”计，请在该表设置中写 units = { people = "万" }。',
)


class Cells:
    """Types the columns of one sheet and notes the cells that are not what they should be.

    Parameters
    ----------
    ids : of the records, for notes.
    prefix : of messages, where several files make one table.
    units : column → the unit that region.toml says it counts in.
    decimals : whether persons may have decimals here, to be rounded later.
    """

    def __init__(
        self,
        table: Table,
        sheet: Sheet,
        ids: list[str],
        prefix: str,
        notes: Notes,
        units: Mapping[str, str] | None = None,
        decimals: bool = False,
    ) -> None:
        self.table, self.sheet, self.ids, self.prefix, self.notes = table, sheet, ids, prefix, notes
        self.units, self.decimals = units or {}, decimals
        self.shares: list[tuple[str, int, str, float]] = []

    def typed(self, column: Column, header: str) -> pd.Series:
        """One column, its cells cleaned."""
        texts = self.sheet.cells[header]
        if column.kind in NUMERIC:
            return self._numbers(column, header, texts)
        clean, cells = _cleaner(column), texts.tolist()
        values = {text: clean(text) for text in dict.fromkeys(cells)}
        wrong = {text: why for text, value in values.items() if (why := self._unusable(column, text, value))}
        for position, text in enumerate(cells) if wrong else ():
            if text in wrong and self.sheet.rows[position] not in self.sheet.wide:
                code, what, hint = wrong[text]
                self.notes.error(
                    code, self.table.name, what, hint, self.sheet.rows[position], self.ids[position]
                )
        if column.kind == "id":
            self._tell_footnotes(column, values, cells)
        return pd.Series(["" if text in wrong else values[text] or "" for text in cells], dtype="str")

    def _tell_footnotes(self, column: Column, values: Mapping[str, str | None], cells: list[str]) -> None:
        """Say which ids were read without a footnote mark: 310101② as 310101."""
        marked = {
            text for text, id in values.items() if not text.isascii() and id == without_footnote(text.strip())
        }
        for position, text in enumerate(cells) if marked else ():
            if text in marked and text.strip() != values[text]:
                what = Text(
                    f"{self.prefix}{column.name} = '{text}' is read as {values[text]}, without its footnote mark.",
                    f"{self.prefix}{column.name} = “{text}”去掉脚注符号，按 {values[text]} 读取。",
                )
                at = self.sheet.rows[position], self.ids[position]
                self.notes.warn("number-as-written", self.table.name, what, AS_MEANT, *at)

    def _numbers(self, column: Column, header: str, texts: pd.Series) -> pd.Series:
        said = self.units.get(column.name, "")
        shared = column.is_group and (plain(said) in PERCENT if said else says_share(header))
        factor = 1.0 if shared else self._factor(column, header)
        if factor == 1.0 and not shared and header not in self.sheet.merged:
            digits = _digits_only(texts, column)
            if digits is not None:
                return digits
        told: dict[int, tuple[str, float]] = {}
        done = np.full(len(texts), np.nan)
        cells = ["" if column.withheld and is_withheld(text) else text for text in texts.tolist()]
        read = {text: as_written(text, column) for text in dict.fromkeys(cells)}
        if shared:
            read = shares_of(read, bool(said) or says_percent(header), column.name in LARGE_GROUPS)
        merged = (
            self.sheet.merged.get(header, frozenset()) if column.unit in ("persons", "beds") else frozenset()
        )
        if factor == 1.0 and not merged and all(self._is_plain(column, written) for written in read.values()):
            return pd.Series([read[text].value for text in cells], dtype="float64")  # type: ignore[union-attr]
        for position, text in enumerate(cells):
            written, row = read[text], self.sheet.rows[position]
            if shared and written is None and as_written(text, column) is not None:
                self._unclear_share(column, header, position, text)
            elif written is None or (row in merged and not math.isnan(written.value)):
                self._bad_number(column, position, text, row in merged)
            elif written.share:
                self.shares.append((column.name, position, text, written.value))
            else:
                value = written.value if written.own_unit else scaled(written.value, factor)
                if (
                    column.kind == "whole"
                    and value % 1 > 0
                    and not (self.decimals and column.unit == "persons")
                ):
                    self._bad_number(column, position, text, False)
                    continue
                done[position] = value
                if not written.plainly:
                    told[position] = text, value
        self._tell(column, told)
        return pd.Series(done, dtype="float64")

    def _is_plain(self, column: Column, written: Written | None) -> bool:
        """Whether a cell is what it should be, and nothing is to be said of it."""
        if written is None or not written.plainly:
            return False
        return column.kind != "whole" or not written.value % 1 > 0

    def _factor(self, column: Column, header: str) -> float:
        """What the numbers of a column are multiplied by: as region.toml, the header or a title says."""
        said = self.units.get(column.name, "")
        unit = said or stated_unit(header, column)
        if not unit and column.unit == "persons" and not _names_unit(header):
            unit = plain(self.sheet.unit)
        factor = factor_of(unit, column) if unit else 1.0
        if factor is None or factor == 1.0:
            return 1.0
        right = UNIT_WORDS[column.unit]
        self.notes.warn(
            "unit-converted",
            self.table.name,
            Text(
                f"{self.sheet.file}: '{header}' counts in {unit}; {column.name} is read in {right.en} (× {factor:.6g}).",
                f"{self.sheet.file}：“{header}”以“{unit}”计，{column.name} 已换算为“{right.zh}”（× {factor:.6g}）。",
            ),
            Text(
                f'If that is wrong, write units = {{ {column.name} = "…" }} in [tables.{self.table.name}].',
                f'如不对，请在 [tables.{self.table.name}] 中写 units = {{ {column.name} = "…" }}。',
            ),
            id=column.name,
        )
        return factor

    def _tell(self, column: Column, told: dict[int, tuple[str, float]]) -> None:
        """Say which numbers were written otherwise than in digits: one by one where they are few."""
        shown = list(told.items())
        if len(shown) > MANY_NUMBERS:
            examples = ", ".join(f"{text} → {value:,.10g}" for _, (text, value) in shown[:3])
            rows = [self.sheet.rows[position] for position in told]
            what = Text(
                f"{self.prefix}{column.name} is not in plain digits in {len(shown):,} rows ({row_ranges(rows)}): {examples}.",
                f"{self.prefix}{column.name} 有 {len(shown):,} 行不是纯数字（第 {row_ranges(rows)} 行）：{examples}。",
            )
            self.notes.warn("number-as-written", self.table.name, what, AS_MEANT, min(rows))
            return
        for position, (text, value) in shown:
            what = Text(
                f"{self.prefix}{column.name} = '{text}' is read as {value:,.10g}.",
                f"{self.prefix}{column.name} = “{text}”按 {value:,.10g} 读取。",
            )
            at = self.sheet.rows[position], self.ids[position]
            self.notes.warn("number-as-written", self.table.name, what, AS_MEANT, *at)

    def with_shares(self, data: pd.DataFrame) -> pd.DataFrame:
        """Groups of people that are stated in per cent of the residents as persons."""
        people = data["people"].to_numpy(float) if "people" in data else np.full(len(data), np.nan)
        told: dict[str, dict[int, tuple[str, float]]] = {}
        for name, position, text, share in self.shares:
            if name == "people" or math.isnan(people[position]) or not 0 <= share <= 1:
                self._bad_number(self._column(name), position, text, False)
            else:
                told.setdefault(name, {})[position] = text, float(round(people[position] * share))
        for name, cells in told.items():
            numbers = data[name].to_numpy(float, copy=True)
            numbers[list(cells)] = [value for _, value in cells.values()]
            data[name] = numbers
            self._tell(self._column(name), cells)
        return data

    def _column(self, name: str) -> Column:
        return self.table.column(name) or Column(name, "whole")

    def _unclear_share(self, column: Column, header: str, position: int, text: str) -> None:
        what = Text(
            f"{self.prefix}{column.name} = '{text}' under '{header}': a share of 1, or per cent?",
            f"{self.prefix}{column.name} = “{text}”（表头“{header}”）：是小数比例还是百分数？",
        )
        hint = Text("Write % behind the number, 12.3%.", "请在数字后写 %，如 12.3%。")
        at = self.sheet.rows[position], self.ids[position]
        self.notes.error("share-unclear", self.table.name, what, hint, *at)

    def _unusable(self, column: Column, text: str, value: object) -> tuple[str, Text, Text] | None:
        """Code, what and hint where a text cell holds what Excel made of it, or a word for "nothing" as an id."""
        said = Text(f"{self.prefix}{column.name} = '{text}'", f"{self.prefix}{column.name} = “{text}”")
        again = Text("Format the column as text in Excel and enter the ids again.", "请在 Excel 中设为文本格式后重新填写。")  # fmt: skip
        if self.sheet.encoding == "xlsx" and text.startswith("="):
            return (
                "formula-without-value",
                Text(f"{said.en} is a formula that was saved without its value.", f"{said.zh}是公式，保存时没有计算结果。"),
                SAVE_AGAIN,
            )  # fmt: skip
        if column.kind != "id":
            return None
        if value is None:
            what = Text(
                f"{said.en} has lost its last digits in Excel.", f"{said.zh}的末几位已被 Excel 丢失。"
            )
            return "id-digits-lost", what, again
        if DATE.fullmatch(half_width(text)):
            what = Text(
                f"{said.en} is a date: Excel has made one of an id.",
                f"{said.zh}是日期：编号被 Excel 改成了日期。",
            )
            return "id-is-a-date", what, again
        if value == "" and column.filled and half_width(text).casefold() in ("na", "nan", "null", "none"):
            what = Text(f"{said.en} means “not known”, so it is no id.", f"{said.zh}表示“无”，不能作编号。")
            return "word-for-nothing", what, Text("Write another id.", "请改用其他编号。")
        return None

    def _bad_number(self, column: Column, position: int, text: str, merged: bool) -> None:
        if self.sheet.rows[position] in self.sheet.wide:
            return
        needed = Text("a whole number", "整数") if column.kind == "whole" else Text("a number", "数字")
        said = Text(f"{self.prefix}{column.name} = '{text}'", f"{self.prefix}{column.name} = “{text}”")
        what = Text(f"{said.en} is not {needed.en}.", f"{said.zh}不是{needed.zh}。")
        code, hint = "not-a-number", self._number_hint(column)
        digits = half_width(text)
        if merged:
            code = "merged-number"
            what = Text(
                f"{said.en} is one cell merged over several rows: how many are of which?",
                f"{said.zh}是跨多行的合并单元格：各行分别是多少？",
            )
            hint = Text("Unmerge it and give each row its own number.", "请取消合并，逐行填写。")
        elif self.sheet.encoding == "xlsx" and text.startswith("="):
            code, hint = "formula-without-value", SAVE_AGAIN
            what = Text(
                f"{said.en} is a formula that was saved without its value.",
                f"{said.zh}是公式，保存时没有计算结果。",
            )
        elif self.table.name in COUNTS and any(c.isalpha() for c in text):
            code = "person-in-counts"  # the name itself is not repeated
            what = Text(
                f"{self.prefix}{column.name} holds words, not a number: persons do not belong into the table {self.table.name}.",
                f"{self.prefix}{column.name} 填的是文字而非数字：{self.table.title.zh}只填人数，不得填写个人信息。",
            )
            hint = Text("Write how many there are, never who.", "请填写人数，不要写姓名。")
        elif DECIMAL_COMMA.fullmatch(digits):
            code = "decimal-comma"
            hint = Text(
                "A comma is read as of thousands (12,345); write a decimal point.",
                "逗号只作千分位（12,345）；小数请用小数点。",
            )
        elif (
            column.unit == "persons"
            and column.kind == "whole"
            and "." in digits
            and clean_number(text) is not None
        ):
            code, hint = "people-with-decimals", DECIMALS
            if column.is_group and float(digits.replace(",", "")) <= 100:
                hint = Text(f"{PER_CENT.en} {DECIMALS.en}", f"{PER_CENT.zh}{DECIMALS.zh}")
        self.notes.error(code, self.table.name, what, hint, self.sheet.rows[position], self.ids[position])

    def _number_hint(self, column: Column) -> Text:
        unit = Text("", "")
        if column.unit:
            name = UNIT_WORDS[column.unit]
            unit = Text(f" ({name.en})", f"（{name.zh}）")
        blank = Text("", "")
        if not column.filled:
            blank = Text(", or leave the cell empty if it is not known", "；未知则留空")
        return Text(f"Write digits only{unit.en}{blank.en}.", f"请只写数字{unit.zh}{blank.zh}。")


def _digits_only(texts: pd.Series, column: Column) -> pd.Series | None:
    """The numbers of a column that holds nothing but plain digits, all at once; None where a cell holds anything else."""
    cells = texts.tolist()
    if not all(map(PLAIN_DIGITS.fullmatch, cells)):
        return None
    numbers = pd.Series([float(cell) for cell in cells], dtype="float64")
    return None if column.kind == "whole" and (numbers % 1 > 0).any() else numbers


def _names_unit(header: str) -> bool:
    """Whether a header says in brackets what it counts, be it persons."""
    return any(mark in header for mark in ("人）", "人)", "%", "％", "比", "率"))


def _cleaner(column: Column) -> Callable[[str], str | None]:
    if column.kind == "id":
        return clean_id
    if column.kind == "discipline":
        return discipline_code
    if column.kind == "word":
        return lambda text: clean_word(text, column)
    return clean_grade if column.name == "grade" else clean_text
