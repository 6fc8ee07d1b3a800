"""The sheet of provenance: what a plan was made from, by which versions; travel assumptions; sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gridplan.plans.plan import Plan
from gridplan.show.shared.bilingual_table import Column, Table, cell, two, word
from gridplan.show.shared.words import PROVENANCE
from gridplan.words.text import Text, shown_now, two_halves
from gridplan.words.vocabulary import KINDS, LAYERS, NOUNS, TRAVEL_METHODS, both_words


def provenance_table(plan: Plan) -> Table:
    """What the plan was made from, by which versions; travel assumptions; sources."""
    rows: list[tuple[str, Any]] = [
        (two(Text("data source", "数据来源")), _in_language(source)) for source in plan.region.sources
    ]
    rows.append((two(Text("travel times", "出行时间")), word(TRAVEL_METHODS, plan.travel.method)))
    rows += list(_flat("travel", plan.travel.settings))
    rows.append((two(Text("unreachable pairs", "不可达组合")), len(plan.travel.left_out)))
    for result in plan.layers:
        layer = both_words(LAYERS, result.layer)
        rows.append((two(Text(f"{layer.en}: solver", f"{layer.zh}：求解器")), result.engine))
        rows.append((two(Text(f"{layer.en}: seconds", f"{layer.zh}：秒")), round(result.seconds, 3)))
    rows += list(_flat("", plan.provenance))
    columns = (Column(Text("item", "项目"), "long"), Column(Text("value", "内容"), "long"))
    return Table(Text("Provenance", "说明"), columns, rows)


def _in_language(source: str) -> str:
    """A source as it is written, or its half of the one language that is shown."""
    return source if shown_now() == "both" else two(two_halves(source))


def _flat(before: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{before}.{key}" if before else str(key)
        if isinstance(value, Mapping):
            yield from _flat(name, value)
        else:
            plain = (
                value
                if isinstance(value, (str, int, float))
                else json.dumps(value, ensure_ascii=False, default=str)
            )
            yield _item(name), cell(plain)


def _item(name: str) -> str:
    """An entry of plan.json in both languages; the kind, table or package that it is of stands behind."""
    known = max((key for key in PROVENANCE if f"{name}.".startswith(f"{key}.")), key=len, default=None)
    if known is None:
        return name
    of = name.removeprefix(known).removeprefix(".")
    return two(PROVENANCE[known]) + (f": {word(KINDS | NOUNS, of)}" if of else "")
