"""CD-6 judged from support.csv alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.judging.programme.claims import Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.programme.gaps import judge_gaps
from gridplan.judging.programme.weak.candidates import WEAK, Department, floors_of, home_of, weak_departments
from gridplan.judging.programme.weak.missed import judge_missed
from gridplan.judging.programme.weak.running import judge_running, running_since
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Support
from gridplan.words.text import Text

KEYS = ["hospital_id", "discipline"]


def judge_support(rule: Support, claimed: Claimed) -> Iterator[Breach]:
    """Every broken demand of CD-6, with rows of support.csv."""
    strangers = [*unknown_ids(rule.id, claimed, "support", ("hospital_id", "discipline"))]
    yield from strangers
    if strangers:
        return
    table = claimed.tables["support"]
    table = table.assign(district_id=[claimed.of_hospital[h]["district_id"] for h in table["hospital_id"]])
    running = set(running_since(rule, claimed))
    weak = {key: _people(claimed, *key) for key in weak_departments(claimed, running)}
    everyone = np.sort(list(weak.values()))
    for row in table.itertuples():
        level = claimed.levels.get((row.hospital_id, row.discipline), np.nan)
        faults: list[tuple[str, str]] = []
        if not level <= WEAK:
            faults.append(("its level is not known to be 0 or 1", "能力等级并非 0 或 1"))
        if (row.hospital_id, row.discipline) in running:
            faults.append(("it is supported already", "已在扶持期内"))
        if row.until_year - row.year_started != rule.years:
            faults.append((f"{rule.years} years are asked", f"应连续扶持 {rule.years} 年"))
        if row.year_started not in range(rule.first_year, rule.first_year + rule.years):
            faults.append(("it starts outside the years planned", "起始年度不在规划年度内"))
        if abs(row.people - _people(claimed, row.hospital_id, row.discipline)) > 1:
            faults.append(("people are not what the tables give", "需求人数与表不符"))
        mine = _people(claimed, row.hospital_id, row.discipline)
        first, last = (len(everyone) - int(np.searchsorted(everyone, n)) for n in (mine + 1.5, mine - 1.5))
        if not first + 1 <= row.rank <= last:
            rank = f"{first + 1}" if last == first + 1 else f"{first + 1}–{last}"
            faults.append(
                (
                    f"rank is {row.rank:g}, by its people it is {rank}",
                    f"rank 为 {row.rank:g}，按需求人数应为 {rank}",
                )
            )
        for en, zh in faults:
            name = discipline_name(row.discipline)
            who = claimed.hospital(row.hospital_id)
            what = Text(f"support.csv: {name.en} of {who}: {en}", f"support.csv：{who} 的{name.zh}：{zh}")
            yield Breach(rule.id, what, hospital_id=row.hospital_id, rows=(int(row.row),))
    for _, rows in table[table.duplicated(KEYS, keep=False)].groupby(KEYS):
        yield Breach(rule.id, Text("support.csv: chosen twice", "support.csv：重复入选"), rows=rows_of(rows))
    for rank, rows in table[table["rank"].duplicated(keep=False)].groupby("rank"):
        what = Text(f"support.csv: rank {rank:g} is given twice", f"support.csv：rank {rank:g} 重复")
        yield Breach(rule.id, what, rows=rows_of(rows))
    limits = (("year_started", "", rule.per_year), ("hospital_id", "hospital", rule.per_hospital),
              ("discipline", "discipline", rule.per_discipline), ("district_id", "district", rule.district_most))  # fmt: skip
    for column, noun, most in limits:
        keys = ["year_started"] if not noun else ["year_started", column]
        for key, rows in table.groupby(keys):
            if len(rows) > most:
                who = " ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in key)
                what = Text(
                    f"support.csv: {len(rows)} in {who}, at most {most}",
                    f"support.csv：{who} 入选 {len(rows)} 个，至多 {most} 个",
                )
                yield Breach(rule.id, what, rows=rows_of(rows))
    yield from _floors(rule, claimed, table, weak)
    yield from _room_left(rule, claimed, table, weak)
    yield from judge_running(rule, claimed)
    yield from judge_missed(rule, claimed, weak)
    yield from judge_gaps(rule.id, claimed, running)
    yield from figures_that_differ(rule.id, claimed.figures.get("support", {}), _figures(rule, claimed))


def _floors(
    rule: Support, claimed: Claimed, table: pd.DataFrame, weak: Mapping[Department, float]
) -> Iterator[Breach]:
    """A district has at least its floor each year, or what its weak departments come to in a year."""
    for district, least in sorted(floors_of(rule, claimed, weak).items()):
        for year in range(rule.first_year, rule.first_year + rule.years):
            rows = table[(table["district_id"] == district) & (table["year_started"] == year)]
            if len(rows) < least:
                what = Text(
                    f"support.csv: {claimed.district(district)} has {len(rows)} in {year}, at least {least}",
                    f"support.csv：{claimed.district(district)} {year} 年入选 {len(rows)} 个，至少 {least} 个",
                )
                yield Breach(rule.id, what, district_id=district, rows=rows_of(rows))


def _room_left(
    rule: Support, claimed: Claimed, table: pd.DataFrame, weak: Mapping[Department, float]
) -> Iterator[Breach]:
    """A year with fewer than are to be chosen, though a weak department is left that no limit keeps out.

    Asked where the gain is less than programme.json says: a list that the clock stopped may have room left.
    """
    if _figures(rule, claimed)["gain"] >= claimed.figures.get("support", {}).get("gain", np.inf) * (1 - 1e-9):
        return
    chosen = set(zip(table["hospital_id"], table["discipline"], strict=True))
    left = pd.DataFrame(
        [(*key, home_of(claimed, key), people) for key, people in weak.items() if key not in chosen],
        columns=[*KEYS, "district_id", "people"],
    )
    for year in range(rule.first_year, rule.first_year + rule.years):
        rows, fits = table[table["year_started"] == year], left[left["people"] > 0]
        limits = (("hospital_id", rule.per_hospital), ("discipline", rule.per_discipline), ("district_id", rule.district_most))  # fmt: skip
        for column, most in limits:
            count = rows[column].value_counts()
            fits = fits[~fits[column].isin(count.index[count >= most])]
        if len(rows) < rule.per_year and len(fits):
            best = fits.loc[fits["people"].idxmax()]
            name, who = discipline_name(best["discipline"]), claimed.hospital(best["hospital_id"])
            what = Text(
                f"support.csv: {len(rows)} of {rule.per_year} in {year}, though {name.en} of {who} could be chosen too",
                f"support.csv：{year} 年入选 {len(rows)} 个，应为 {rule.per_year} 个；{who} 的{name.zh}尚可入选",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))


def _people(claimed: Claimed, hospital: str, code: str) -> float:
    """People in need by the share of the gap, half where a post or an alliance holds it."""
    held = claimed.posted(hospital, code) or claimed.allied(
        str(claimed.of_hospital[hospital]["district_id"]), code
    )
    gap = (3 - claimed.levels.get((hospital, code), 3.0)) / 3
    return float(np.round(claimed.people(hospital, code) * gap * (0.5 if held else 1.0)))


def _figures(rule: Support, claimed: Claimed) -> dict[str, float]:
    gain = fill = 0.0
    for row in claimed.tables["support"].itertuples():
        weight = _people(claimed, row.hospital_id, row.discipline) * (
            rule.first_year + rule.years - row.year_started
        )
        gain += weight
        fill += weight if rule.fills(row.discipline) else 0.0
    return {"gain": gain, **({"fill": fill} if "fill" in claimed.figures.get("support", {}) else {})}
