"""Today in words: a sentence per layer, a line per district, a line per hospital."""

from __future__ import annotations

from typing import Any

import numpy as np

from gridplan.plans.today import FAR, Today
from gridplan.words.text import Text
from gridplan.words.vocabulary import LAYERS, both_words


def today_text(now: Today) -> Text:
    """Today as text: layers, then districts and hospitals of each."""
    lines = [Text(f"{now.name}: today", f"{now.name}：现状"), *now.lines()]
    if now.region.partnerships.empty:
        lines.append(Text("The region states no partnership of today.", "数据未列出现有合作。"))
    for layer in now.policy.partner_layers:
        name = both_words(LAYERS, layer)
        lines.append(Text(f"Districts today, {name.en}", f"各区现状（{name.zh}）"))
        lines += [_district(row) for row in now.districts_frame(layer).itertuples()]
        loads = now.hospitals_frame(layer)
        if len(loads):
            lines.append(Text(f"Load of hospitals today, {name.en}", f"各医院现状负荷（{name.zh}）"))
        lines += [
            Text(
                f"  {row.hospital} ({row.hospital_id}): {row.districts} district(s), {row.people:,} residents",
                f"  {row.hospital} ({row.hospital_id})：{row.districts} 个区，{row.people:,} 人",
            )
            for row in loads.itertuples()
        ]
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def _district(d: Any) -> Text:
    name = f"{d.district} ({d.district_id})"
    if not d.partners:
        return Text(
            f"  {name}: no partner today, {d.people:,} residents",
            f"  {name}：现无合作医院，{d.people:,} 人",
        )
    mean = "–" if np.isnan(d.mean_minutes) else f"{d.mean_minutes:.1f}"
    lost = Text(
        f", {d.people_without:,} residents out of reach of all of them" if d.people_without else "",
        f"，其中 {d.people_without:,} 人无法到达" if d.people_without else "",
    )
    return Text(
        f"  {name}: {d.partners} partner(s), {mean} minutes on average, {d.people_beyond:,} residents beyond {FAR:g} "
        f"minutes{lost.en}",
        f"  {name}：合作医院 {d.partners} 家，人均 {mean} 分钟，超过 {FAR:g} 分钟 {d.people_beyond:,} 人{lost.zh}",
    )
