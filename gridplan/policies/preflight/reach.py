"""Whether travel times know every unit and candidate, and whether every unit reaches a hospital it may go to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.condense import MANY, row_ranges
from gridplan.policies.policy import Policy
from gridplan.policies.rules import TravelStandard
from gridplan.words.findings import Finding
from gridplan.words.text import Text

FAR = float(np.finfo(float).max)  # minutes: any that can be reached, however far


def refusal(rule: str, id: str, what: Text, hint: Text, where: Text | None = None) -> Finding:
    """A refusal: the rule's id, what, and where the policy says so (file and key)."""
    place = Text("", "") if where is None else Text(f" ({where.en})", f"（{where.zh}）")
    said = Text(f"{rule}: {what.en}{place.en}", f"{rule}：{what.zh}{place.zh}")
    return Finding("error", "policy-impossible", "policy", said, hint, id=id)


def unmeasured(region: Region, travel: Travel, pairs: pd.DataFrame) -> Iterator[Finding]:
    """Candidates and units that the travel times know nothing of (they were made elsewhere)."""
    for noun, known, needed in (
        ("hospital", travel.hospital_ids, pairs["hospital_id"]),
        ("unit", travel.unit_ids, region.units["unit_id"]),
    ):
        lacking = sorted(set(needed) - set(known))
        shown = [lacking] if len(lacking) >= MANY else [[key] for key in lacking]
        for first, *others in shown:
            more = (
                Text(f" and {len(others):,} more", f"等 {len(others) + 1:,} 个") if others else Text("", "")
            )
            label = region.label(noun, first)
            what = Text(f"the travel times lack {noun} {label}{more.en}", f"出行时间中没有 {label}{more.zh}")
            hint = Text("make them for every unit and every candidate", "请为所有单元和候选医院计算出行时间")
            yield refusal("SH-1", first, what, hint)


def out_of_reach(region: Region, policy: Policy, travel: Travel, pairs: pd.DataFrame) -> Iterator[Finding]:
    """Each unit reaches a hospital that its district may choose, within the travel limit."""
    standard = policy.rule(TravelStandard)
    limit = standard.minutes if standard is not None and standard.price is None else FAR
    units = region.units.set_index("unit_id").reindex(travel.unit_ids)
    times = np.nan_to_num(travel.minutes, nan=np.inf, posinf=np.inf)
    district, empty = units["district_id"], (units["people"] == 0).to_numpy()
    for layer, rows in pairs.groupby("layer"):
        allowed = rows.pivot(index="district_id", columns="hospital_id", values="allowed")
        columns = pd.Index(travel.hospital_ids).get_indexer(allowed.columns)
        minutes = np.where(allowed.reindex(district).to_numpy(dtype=bool), times[:, columns], np.inf)
        nearest = minutes.min(axis=1)
        beyond = ~(nearest <= np.where(empty, FAR, limit))
        lost, far = np.flatnonzero(np.isinf(nearest) & beyond), np.flatnonzero(~np.isinf(nearest) & beyond)
        for ask, who in ((_lost, lost), (_far, far)):
            each = [who] if len(who) >= MANY else [who[n : n + 1] for n in range(len(who))]
            for some in each:
                yield ask(region, policy, str(layer), [travel.unit_ids[u] for u in some], nearest[some])


def _lost(region: Region, policy: Policy, layer: str, units: list[str], minutes: np.ndarray) -> Finding:
    """Units from which no hospital can be reached: one, or so many that they are told at once."""
    what = Text(
        f"from unit {region.label('unit', units[0])} no hospital of layer {layer} that its district may choose "
        f"can be reached{_and_rows(region, units).en}",
        f"单元 {region.label('unit', units[0])} 无法到达其所在区在 {layer} 层可选的任何医院{_and_rows(region, units).zh}",
    )
    hint = Text("add the missing travel times, or allow more pairs", "请补充出行时间，或放宽可选结对")
    return refusal("SH-1", units[0], what, hint)


def _far(region: Region, policy: Policy, layer: str, units: list[str], minutes: np.ndarray) -> Finding:
    """Units beyond the travel standard: one, or so many that they are told at once, the furthest first."""
    standard = policy.rule(TravelStandard)
    assert standard is not None  # nothing else is a limit
    furthest = int(minutes.argmax())
    units = [units[furthest], *units[:furthest], *units[furthest + 1 :]]
    label, best = region.label("unit", units[0]), float(minutes[furthest])
    what = Text(
        f"unit {label}: nearest allowed hospital of layer {layer} is {best:.1f} min away, limit "
        f"{standard.minutes:g}{_and_rows(region, units).en}",
        f"单元 {label}：{layer} 层最近可选医院 {best:.1f} 分钟，限 {standard.minutes:g} 分钟{_and_rows(region, units).zh}",
    )
    enough = np.ceil(best * 10) / 10
    hint = Text(f"allow {enough:.1f} min", f"放宽到 {enough:.1f} 分钟")
    return refusal("STANDARD", units[0], what, hint, policy.where("travel_standard"))


def _and_rows(region: Region, units: list[str]) -> Text:
    """ "; 11 more unit(s) likewise, rows 3–13 of units": where there are more."""
    if len(units) == 1:
        return Text("", "")
    row = region.units.set_index("unit_id")["row"] if "row" in region.units else pd.Series(dtype=int)
    rows = row_ranges(int(row[u]) for u in units[1:] if u in row.index)
    more = len(units) - 1
    return Text(
        f"; {more:,} more unit(s) likewise, rows {rows} of units",
        f"；另有 {more:,} 个单元同样：units 表第 {rows} 行",
    )
