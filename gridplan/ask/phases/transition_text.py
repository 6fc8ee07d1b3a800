"""A transition in words and as tables: what changes in each phase, and how far each district then travels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gridplan.ask.phases.transition import COLUMNS, DISTRICTS, Phase, worst_served
from gridplan.plans.plan import Plan
from gridplan.words.text import Text
from gridplan.words.vocabulary import CHANGES, LAYERS, PHASE_COLUMNS, both_words

WORTH = 0.05  # minutes that are worth a word: one decimal is printed


def phases_table(plan: Plan, phases: Sequence[Phase]) -> pd.DataFrame:
    """All changes of a transition with names: phase, layer, district_id, district, hospital_id, hospital, change, people."""
    changes = [phase.changes.assign(phase=phase.number) for phase in phases]
    table = pd.concat(changes, ignore_index=True) if changes else pd.DataFrame(columns=[*COLUMNS, "phase"])
    for noun in ("district", "hospital"):
        names = getattr(plan.region, f"{noun}s").set_index(f"{noun}_id")["name"]
        table[noun] = table[f"{noun}_id"].map(names)
    return table[PHASE_COLUMNS]


def districts_table(plan: Plan, phases: Sequence[Phase]) -> pd.DataFrame:
    """How far every district travels in every phase.

    Returns
    -------
    DataFrame phase, layer, district_id, district, partners, people_without, minutes_before, mean_minutes.
    """
    tables = [phase.districts.assign(phase=phase.number) for phase in phases]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*DISTRICTS, "phase"])
    table["district"] = table["district_id"].map(plan.region.districts.set_index("district_id")["name"])
    return table[["phase", "layer", "district_id", "district", *DISTRICTS[2:]]]


def phases_text(plan: Plan, phases: Sequence[Phase]) -> Text:
    """The phases in words: what is new and what ends in each, how far the caps are exceeded, whose minutes change."""
    if not phases:
        return Text(f"{plan.name}: the plan changes nothing.", f"{plan.name}：方案与现状相同，无需变动。")
    total = sum(len(phase.changes) for phase in phases)
    lines = [
        Text(
            f"{plan.name}: {total} change(s) in {len(phases)} phase(s); every phase was checked.",
            f"{plan.name}：{total} 项变动，分 {len(phases)} 期；每期均已核验。",
        )
    ]
    for phase in phases:
        lines.append(
            Text(
                f"Phase {phase.number}: {len(phase.changes)} change(s); {phase.over} pair(s) over the caps afterwards",
                f"第 {phase.number} 期：变动 {len(phase.changes)} 项；期末超出上限 {phase.over} 对",
            )
        )
        lines += [*_changes(plan, phase), *_minutes(plan, phase)]
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def _changes(plan: Plan, phase: Phase) -> Iterator[Text]:
    dropped = Text("no longer counted (open campus, no agreement)", "不再计入（已有院区，未签约）")
    for table, aside in ((phase.changes, False), (phase.aside, True)):
        for row in table.itertuples():
            layer, word = both_words(LAYERS, row.layer), dropped if aside else CHANGES[str(row.change)]
            district, hospital = (
                plan.region.label("district", row.district_id),
                plan.region.label("hospital", row.hospital_id),
            )
            pair = f"{district} – {hospital}"
            yield Text(f"  {word.en}: {pair} [{layer.en}]", f"  {word.zh}：{pair}［{layer.zh}］")


def _minutes(plan: Plan, phase: Phase) -> Iterator[Text]:
    """Whose minutes change, and who then travels longest, layer by layer."""
    names = plan.region.district_names
    longest = {layer: (names[district], minutes) for layer, district, minutes in worst_served(phase)}
    for layer, rows in phase.districts.groupby("layer", sort=False):
        first = rows["minutes_before"].isna() & rows["mean_minutes"].notna()
        moved = rows[first | ((rows["mean_minutes"] - rows["minutes_before"]).abs() >= WORTH)]
        told = [
            (names[r.district_id], f"{_before(r.minutes_before)} → {r.mean_minutes:.1f}")
            for r in moved.itertuples()
        ]
        none = int(rows["mean_minutes"].isna().sum())
        name = both_words(LAYERS, str(layer))
        en = ", ".join(f"{who.en} {minutes}" for who, minutes in told) or "nothing changes"
        zh = "、".join(f"{who.zh} {minutes}" for who, minutes in told) or "无变化"
        if str(layer) in longest:
            name_of, most = longest[str(layer)]
            en += f"; longest: {name_of.en} {most:.1f}"
            zh += f"；最长：{name_of.zh} {most:.1f}"
        en, zh = (f"{en}; {none} without a partner", f"{zh}；{none} 个区尚无合作医院") if none else (en, zh)
        yield Text(f"  minutes per resident [{name.en}]: {en}", f"  人均出行时间（分钟）［{name.zh}］：{zh}")


def _before(minutes: float) -> str:
    return "–" if pd.isna(minutes) else f"{minutes:.1f}"
