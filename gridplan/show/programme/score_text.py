"""The scorecard as lines to read, and the file of what was measured outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.sheets.cells import clean_id, clean_text
from gridplan.inputs.sheets.notes import FileFault
from gridplan.policies.programme_rules.indicators import indicators
from gridplan.words.errors import DataError
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import HEADS

COLUMNS = ("indicator_id", "value", "self_score", "outside_score")
NOT = Text("not measured", "未测")


def read_assessment(path: Path) -> pd.DataFrame:
    """Values and assessments from outside; columns that are missing are blank.

    Raises
    ------
    DataError : the file cannot be read, or has no column indicator_id.
    """
    if not path.is_file():
        raise DataError(Text(f"there is no file {path}", f"没有文件 {path}"))
    try:
        sheet = read_file(local_file(path.parent, path.name), "indicators", lambda header: header in COLUMNS)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    if "indicator_id" not in sheet.headers:
        raise DataError(
            Text(f"{path.name} has no column indicator_id", f"{path.name} 没有 indicator_id 列"),
            Text(f"columns: {', '.join(COLUMNS)}", f"列：{'、'.join(COLUMNS)}"),
        )
    found = {"indicator_id": [clean_id(cell) for cell in sheet.cells["indicator_id"]]}
    for column in COLUMNS[1:]:
        cells = sheet.cells[column] if column in sheet.headers else [""] * len(sheet.rows)
        found[column] = [clean_text(cell) for cell in cells]
    return pd.DataFrame(found)


def score_lines(card: pd.DataFrame, heads: pd.DataFrame, lang: Language) -> Iterator[str]:
    """Head by head: its score, then its indicators with value, floor and target, and both assessments."""
    known, said = indicators(), Text("self {a}, outside {b}", "自评 {a}，外评 {b}").say(lang)
    for head in heads.itertuples():
        yield f"{HEADS[head.head].say(lang)}: {head.score or NOT.say(lang)}"
        for row in card[card["head"] == head.head].itertuples():
            name, value = known[row.indicator_id].name.say(lang), row.value or NOT.say(lang)
            score = f" → {row.score}" if row.score else ""
            both = (
                f" ({said.format(a=row.self_score or '-', b=row.outside_score or '-')})"
                if row.self_score or row.outside_score
                else ""
            )
            yield f"  {name}: {value}{score} [{row.floor:g} … {row.target:g}]{both}"
