"""A travel table against distance: seconds for minutes, zeros, one value for all, a number that stands for no way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.doctor.chart import Chart
from gridplan.doctor.record import row_of
from gridplan.geography.given_minutes import WAYS, travel_of
from gridplan.geography.implied_speed import FASTEST, LEAST_PAIRS, SLOWEST, Timed, timed_pairs
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.condense import row_ranges
from gridplan.words.arguments import a_kind
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings, Severity
from gridplan.words.text import Text

PART = 0.01  # of the pairs that may be in another unit by a slip; more are an error
ZEROS = 0.02  # of the pairs that may take no time by a slip; more are an error of the whole table


def minutes_that_cannot_be(chart: Chart) -> Iterator[Finding]:
    """What the travel table says that nobody can travel."""
    travel = chart.region.travel
    if travel is None or travel.empty:
        return
    timed = timed_pairs(chart.region, travel)
    yield from _zeros(chart.region, timed)
    if not np.isnan(value := timed.one_value):
        yield _finding(
            "one-minute-value",
            Text(f"Nearly all pairs take the same {value:g} minutes, near and far.", f"远近不同的单元与医院，时间几乎都是 {value:g} 分钟。"),
            Text("Ask the router again; it may have filled in one value.", "请重新计算；可能是填充值。"),
        )  # fmt: skip
        return
    for value in timed.no_ways:
        count = int((timed.minutes == value).sum())
        yield _finding(
            "repeated-minutes",
            Text(f"{count:,} pairs take {value:,.0f} minutes, far more than any other: it seems to stand for “no way”.",
                 f"{count:,} 对为 {value:,.0f} 分钟，远高于其余：似表示“不可达”。"),
            Text("Leave those cells empty; gridplan check DIR --repair NEW --accept repeated-minutes does.",
                 "请将这些单元格留空；可用 gridplan check DIR --repair NEW --accept repeated-minutes。"),
        )  # fmt: skip
    partly = list(_partly_seconds(travel, timed))
    yield from partly
    if not any(f.severity == "error" for f in partly):
        yield from _speed(timed.speed)


def _zeros(region: Region, timed: Timed) -> Iterator[Finding]:
    zeros, travel = timed.zeros, region.travel
    if not len(zeros) or travel is None:
        return
    rows = [row for at in zeros if (row := row_of(travel, travel.index[at])) is not None]
    all_of = Text(
        f"{len(zeros):,} of {int(timed.far.sum()):,} pairs",
        f"{int(timed.far.sum()):,} 对中有 {len(zeros):,} 对",
    )
    yield Finding(
        "error" if len(zeros) > ZEROS * timed.far.sum() else "warning",
        "zero-minutes",
        "travel",
        Text(
            f"{all_of.en} that lie more than 1 km apart take 0 minutes{_at(rows)}.",
            f"相距 1 公里以上的 {all_of.zh}为 0 分钟{_at(rows)}。",
        ),
        Text(
            "A router that snaps all places to one spot gives zero: look at the places it was given.",
            "路由程序把位置都吸附到同一点时会得 0：请核对传给它的坐标。",
        ),
        rows[0] if rows else None,
    )


def _partly_seconds(travel: pd.DataFrame, timed: Timed) -> Iterator[Finding]:
    found = travel.iloc[timed.rows[timed.in_part_seconds]]
    if found.empty:
        return
    rows = sorted(row for at in found.index if (row := row_of(travel, at)) is not None)
    some = next(
        (Text(f", all of {ids[0]}", f"，均属 {ids[0]}") for c in ("hospital_id", "unit_id") if len(ids := found[c].unique()) == 1),
        Text("", ""),
    )  # fmt: skip
    first = found.iloc[0]
    pair = f"{first['unit_id']}–{first['hospital_id']}: {first['minutes']:,.10g}"
    severity: Severity = "error" if len(found) >= max(LEAST_PAIRS, PART * timed.far.sum()) else "warning"
    yield Finding(
        severity,
        "seconds-in-part",
        "travel",
        Text(
            f"{len(found):,} of {int(timed.far.sum()):,} pairs take some sixty times longer than the others{some.en}, as if in "
            f"seconds ({pair}){_at(rows)}.",
            f"{int(timed.far.sum()):,} 对中有 {len(found):,} 对比其余慢约六十倍{some.zh}，像是以秒计（{pair}）{_at(rows)}。",
        ),
        Text(
            "Divide them by 60, or ask the router for those pairs again.",
            "请将其除以 60，或重新计算这些时间。",
        ),
        rows[0] if rows else None,
    )


def _at(rows: list[int]) -> str:
    return f" ({row_ranges(rows)})" if rows else ""


def _speed(speed: float) -> Iterator[Finding]:
    if np.isnan(speed) or SLOWEST <= speed <= FASTEST:
        return
    said = Text(
        f"The minutes imply {speed:.3g} km/h as the crow flies",
        f"按直线距离折算，速度为 {speed:.3g} 公里/小时",
    )
    if SLOWEST <= speed * 60 <= FASTEST:
        yield _finding(
            "seconds-for-minutes",
            Text(f"{said.en}: they seem to be seconds.", f"{said.zh}：像是秒而不是分钟。"),
            Text('Write units = { minutes = "seconds" } in [tables.travel], or run gridplan check DIR --repair NEW --accept seconds-for-minutes.',
                 '请在 [tables.travel] 中写 units = { minutes = "seconds" }，或运行 gridplan check DIR --repair NEW --accept seconds-for-minutes。'),
        )  # fmt: skip
    elif SLOWEST <= speed / 60 <= FASTEST:
        yield _finding(
            "hours-for-minutes",
            Text(f"{said.en}: they seem to be hours.", f"{said.zh}：像是小时而不是分钟。"),
            Text('Write units = { minutes = "hours" } in [tables.travel].', '请在 [tables.travel] 中写 units = { minutes = "hours" }。'),
        )  # fmt: skip
    else:
        yield _finding(
            "absurd-speed",
            Text(f"{said.en}; nobody travels so.", f"{said.zh}，不合常理。"),
            Text("Look at the unit of the times, and at the places the router was given.", "请核对时间单位和传给路由程序的坐标。"),
        )  # fmt: skip


def _finding(code: str, what: Text, hint: Text) -> Finding:
    return Finding("error", code, "travel", what, hint)


IN_PYTHON = {  # what to do with minutes that stand in no file
    "seconds-for-minutes": Text("Divide them by 60 before giving them.", "请除以 60 后再给出。"),
    "hours-for-minutes": Text("Multiply them by 60 before giving them.", "请乘以 60 后再给出。"),
    "repeated-minutes": Text("Give NaN for those pairs.", "请将这些时间改为 NaN。"),
}


def minutes_given(region: Region, given: Travel | pd.DataFrame | np.ndarray | None) -> Travel | None:
    """Minutes as somebody gives them: a `Travel` as it is, a table or a matrix (`travel_of`) compared with distance.

    Raises
    ------
    ArgumentError, DataError : they are none of these, or nobody can travel so.
    """
    if given is None or not isinstance(given, (pd.DataFrame, np.ndarray)):
        forms_of_minutes(given)
        return given
    travel = travel_of(region, given)
    timed = region.with_tables(travel=travel.to_frame())
    found = [f for f in minutes_that_cannot_be(Chart(timed)) if f.severity == "error"]
    errors = Findings([replace(f, hint=IN_PYTHON.get(f.code, f.hint)) for f in found])
    if errors:
        raise DataError(Text("the minutes given cannot be", "给出的出行时间不合常理"), findings=errors)
    return travel


def forms_of_minutes(given: object) -> None:
    """Refuse what is no minutes in any form, before anything is worked out.

    Raises
    ------
    ArgumentError : `given` is not None and neither Travel nor table nor array.
    """
    if given is not None and not isinstance(given, (pd.DataFrame, np.ndarray)):
        a_kind(given, Travel, "travel", WAYS)
