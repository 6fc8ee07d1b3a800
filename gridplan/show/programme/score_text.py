"""The scorecard as lines to read, and the file of what was measured outside."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gridplan.inputs.formats.read_file import local_file, read_file
from gridplan.inputs.sheets.cells import clean_id, clean_text
from gridplan.inputs.sheets.notes import FileFault
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules.indicators import indicators
from gridplan.policies.rules import PairScores
from gridplan.words.errors import DataError
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import HEADS

COLUMNS = ("indicator_id", "value", "self_score", "outside_score")
PAIR_COLUMNS = ("district_id", "hospital_id", "score")
NEXT = Text("Scores of pairs: a bounded price, no ban.", "结对评价得分：有上限的折算，不强制。")
NOT = Text("not measured", "未测")


def read_assessment(path: Path) -> pd.DataFrame:
    """Values and assessments from outside; columns that are missing are blank.

    Raises
    ------
    DataError : the file cannot be read, or has no column indicator_id.
    """
    return _columns(path, "indicators", COLUMNS, ("indicator_id",))


def read_pairs(path: Path) -> pd.DataFrame:
    """Scores of pairs from outside.

    Raises
    ------
    DataError : the file cannot be read, or lacks a column.
    """
    return _columns(path, "pair_scores", PAIR_COLUMNS, PAIR_COLUMNS)


def _columns(path: Path, name: str, columns: tuple[str, ...], needed: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        raise DataError(Text(f"there is no file {path}", f"没有文件 {path}"))
    try:
        sheet = read_file(local_file(path.parent, path.name), name, lambda header: header in columns)
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    for column in (column for column in needed if column not in sheet.headers):
        raise DataError(
            Text(f"{path.name} has no column {column}", f"{path.name} 没有 {column} 列"),
            Text(f"columns: {', '.join(columns)}", f"列：{'、'.join(columns)}"),
        )
    found = {}
    for column in columns:
        cells = sheet.cells[column] if column in sheet.headers else [""] * len(sheet.rows)
        found[column] = [(clean_id if column.endswith("_id") else clean_text)(cell) for cell in cells]
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


def pair_lines(plan: Plan, table: pd.DataFrame, lang: Language) -> Iterator[str]:
    """Pair by pair: its score, where it is from, and the minutes that it would cost."""
    yield Text("Pairs (score, minutes per resident in the next plan, if asked for):", "结对（得分，及下一方案中的折算分钟，须在政策中写明方生效）：").say(lang)  # fmt: skip
    source = {"plan": Text("plan", "方案测算"), "outside": Text("outside", "外部评价")}
    for row in table.itertuples():
        where = plan.region.label("district", row.district_id)
        who = plan.region.label("hospital", row.hospital_id)
        yield f"  {where} – {who}: {row.score:g}, {row.minutes:.2f} ({source[row.source].say(lang)})"


def next_policy(plan: Plan, table: pd.DataFrame, out: Path, file: Path) -> str:
    """A policy file that lays `[pair_scores]` over that of the plan folder."""
    rule = plan.policy.rule(PairScores) or PairScores()
    below = os.path.relpath(out / "policy.toml", file.parent).replace(os.sep, "/")
    lines = [
        f"# {NEXT.zh} / {NEXT.en}",
        f"extends = {json.dumps(below, ensure_ascii=False)}", "", "[pair_scores]", f"most_minutes = {rule.most_minutes:g}", "",
        "[pair_scores.scores]",
    ]  # fmt: skip
    lines += [
        f"{json.dumps(f'{r.district_id} {r.hospital_id}', ensure_ascii=False)} = {r.score:g}"
        for r in table.itertuples()
    ]
    return "\n".join(lines) + "\n"
