"""How far each unit is from the nearest hospital that it may go to, by layer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.condense import MANY, row_ranges
from gridplan.inputs.sheets.notes import listed
from gridplan.policies.counting.case import Measured
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID

Told = tuple[str, Text, Text]  # place, what, hint


def nearest_partner(case: Measured) -> Iterator[tuple[str, np.ndarray]]:
    """Each layer of partners, with the minutes from each unit of the travel times to the nearest hospital that its
    district may choose; ∞ where none can be reached."""
    units = case.region.units.set_index("unit_id").reindex(case.travel.unit_ids)
    times = np.nan_to_num(case.travel.minutes, nan=np.inf, posinf=np.inf)
    for layer, rows in case.partners.groupby("layer"):
        allowed = rows.pivot(index="district_id", columns="hospital_id", values="allowed")
        columns = pd.Index(case.travel.hospital_ids).get_indexer(allowed.columns)
        may = allowed.reindex(units["district_id"]).to_numpy(dtype=bool)
        yield str(layer), np.where(may, times[:, columns], np.inf).min(axis=1)


def nearest_lead(case: Measured) -> Iterator[tuple[str, pd.Series]]:
    """Each district with grids, with the minutes from each of its units to the nearest hospital that may lead its grid."""
    times = pd.DataFrame(case.travel.minutes, case.travel.unit_ids, case.travel.hospital_ids).fillna(np.inf)
    rows = case.pairs[(case.pairs["layer"] == GRID) & case.pairs["allowed"]]
    for district, leads in rows.groupby("district_id")["hospital_id"]:
        units = case.region.units.loc[case.region.units["district_id"] == district, "unit_id"]
        yield str(district), times.loc[units, list(leads)].min(axis=1)


def one_or_all(found: np.ndarray) -> list[np.ndarray]:
    """Each alone, or so many that they are told at once."""
    return [found] if len(found) >= MANY else [found[n : n + 1] for n in range(len(found))]


def and_rows(region: Region, units: list[str]) -> Text:
    """ "; 11 more unit(s) likewise, rows 3–13 of units": where there are more than one."""
    if len(units) == 1:
        return Text("", "")
    row = region.units.set_index("unit_id")["row"] if "row" in region.units else pd.Series(dtype=int)
    rows = row_ranges(int(row[u]) for u in units[1:] if u in row.index)
    more = len(units) - 1
    return Text(
        f"; {more:,} more unit(s) likewise, rows {rows} of units",
        f"；另有 {more:,} 个单元同样：单元表第 {rows} 行",
    )


def far_from_leads(case: Measured, limit: float | None) -> Iterator[Told]:
    """Districts with residents further than the limit from every hospital that may lead their grid."""
    people = case.region.units.set_index("unit_id")["people"]
    for district, best in nearest_lead(case) if limit is not None else ():
        beyond = best[np.isfinite(best) & (people.loc[best.index] > 0)]
        beyond = beyond[beyond > limit]
        if len(beyond):
            minutes, label = float(beyond.max()), case.region.label("district", district)
            far, n = case.region.label("unit", str(beyond.idxmax())), len(beyond)
            what = Text(
                f"{label}: {n} {'unit lies' if n == 1 else 'units lie'} more than {limit:g} min from every hospital "
                f"that may lead their grid, the farthest {far} {minutes:.1f} min",
                f"{label}：{n} 个单元到任何可牵头其网格的医院均超过 {limit:g} 分钟，最远为{far}，{minutes:.1f} 分钟",
            )
            yield district, what, enough(minutes)


def enough(minutes: float) -> Text:
    """What would be enough: rounded up, so that it helps."""
    more = np.ceil(minutes * 10) / 10
    return Text(f"allow {more:.1f} min", f"放宽到 {more:.1f} 分钟")


def unmeasured(case: Measured) -> Iterator[Told]:
    """Candidates and units that the travel times know nothing of (they were made elsewhere)."""
    for noun, known, needed in (
        ("hospital", case.travel.hospital_ids, case.pairs["hospital_id"]),
        ("unit", case.travel.unit_ids, case.region.units["unit_id"]),
    ):
        lacking = sorted(set(needed) - set(known))
        shown = [lacking] if len(lacking) >= MANY else [[key] for key in lacking]
        for first, *others in shown:
            more = (
                Text(f" and {len(others):,} more", f"等 {len(others) + 1:,} 个") if others else Text("", "")
            )
            label = case.region.label(noun, first)
            what = Text(f"the travel times lack {noun} {label}{more.en}", f"出行时间中没有 {label}{more.zh}")
            yield (
                first,
                what,
                Text("make them for every unit and every candidate", "请为所有单元和候选医院计算出行时间"),
            )


def lost_to_leads(case: Measured) -> Iterator[Told]:
    """Districts with units from which no hospital that may lead their grid can be reached."""
    for district, best in nearest_lead(case):
        lost = [case.region.label("unit", unit) for unit in best.index[np.isinf(best)]]
        if lost:
            n = f"{len(lost)} unit" if len(lost) == 1 else f"{len(lost)} units"
            what = Text(
                f"no hospital that may lead their grid can be reached from {n}: {listed(lost)}",
                f"{len(lost)} 个单元无法到达任何可牵头其网格的医院：{listed(lost)}",
            )
            yield district, what, Text("add the missing travel times", "请补充出行时间")
