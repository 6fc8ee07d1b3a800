"""Areas where no hospital may lead a grid: what stands against each hospital there, and what would help."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.policies.counting.grid_counts import GridCounts
from gridplan.words.text import Text

SHOWN = 8  # hospitals that a refusal names one by one
ADD = Text("add a hospital that may lead to the table hospitals", "在医院表中补充可牵头的医院")
ACROSS = Text("let grids cross borders (across_districts = true)", "允许网格跨区（across_districts = true）")


def leaderless(grids: GridCounts | None, form: str) -> Iterator[tuple[str, Text, Text]]:
    """Areas of a form ("urban", "county") without a lead: place, what, hint."""
    from gridplan.policies.rules import RULES  # some of them call this

    if grids is None:
        return

    wider = {kind.id: kind.wider for kind in RULES if kind.wider is not None}
    areas: dict[str, list[str]] = {}
    for district in grids.planned:
        areas.setdefault(grids.area[district], []).append(district)
    for area, districts in areas.items():
        if any(grids.leads(d) for d in districts) or grids.forms[districts[0]] != form:
            continue
        where, here = grids.named(area), grids.table[grids.table["district_id"].isin(districts)]
        reasons, against = _reasons(grids, here)
        helps = [*(wider[rule] for rule in dict.fromkeys(against) if rule in wider), ADD]
        helps += [ACROSS] if area != "" and form == "urban" else []
        yield (
            area or "grids",
            Text(
                f"no hospital of {where.en} may lead a grid{reasons.en}",
                f"{where.zh}没有可牵头网格的医院{reasons.zh}",
            ),
            Text("; or ".join(h.en for h in helps), "；或".join(h.zh for h in helps)),
        )


def _reasons(grids: GridCounts, here: pd.DataFrame) -> tuple[Text, list[str]]:
    """Each hospital with the rule against it, the first few by name; and those rules."""
    from gridplan.policies.rules import Ban, GridLeads

    if here.empty:
        return Text(": none stands there", "：当地没有医院"), []
    said, said_zh, blamed = [], [], []
    for h in here.itertuples():
        label, rule, why = grids.region.label("hospital", h.hospital_id), h.rule, h.why
        if h.leads:
            seatless = GridLeads.id, Text("stands in no unit of it", "不在其任何单元内")
            rule, why = seatless if h.hospital_id in grids.home else (Ban.id, Text("banned", "被禁止"))
        blamed.append(rule)
        said.append(f"{label} – {rule}: {why.en}")
        said_zh.append(f"{label}（{rule}：{why.zh}）")
    more = len(said) - SHOWN
    tail, tail_zh = (f" and {more} more", f" 等，另有 {more} 家") if more > 0 else ("", "")
    return Text(f": {'; '.join(said[:SHOWN])}{tail}", f"：{'；'.join(said_zh[:SHOWN])}{tail_zh}"), blamed
