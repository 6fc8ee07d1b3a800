"""Places that may be wrong: off by a datum, in another district than stated, two on one spot."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import shapely

from gridplan.doctor.chart import PLACED, Chart
from gridplan.doctor.places import BORDER_KM
from gridplan.doctor.record import records
from gridplan.geography.sources import EARTH_RADIUS_KM, angles, radians_lat_lon
from gridplan.inputs.datum import to_wgs84, wgs84_to
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import DATUMS

SAME_SPOT_KM = 0.05
DATUM_KM = 1.5  # farther off than a wrong datum can explain
LEAST_MISFITS, LEAST_SHARE, LEFT_MISFITS = 3, 0.01, 0.25


def another_datum(chart: Chart) -> Iterator[Finding]:
    """A table whose places fit their districts much better when read in another datum.

    A place misfits where it lies outside the district it states. A table is suspected where at least three
    places and 1 % of them misfit, and reading it in another datum leaves a quarter of those at most.
    """
    for table in (table for table in PLACED if table not in _in_another_frame(chart)):
        best = _better_datum(chart, table)
        if best is not None:
            says, is_, before, after, n = best
            yield Finding(
                "warning",
                "other-datum",
                table,
                Text(
                    f"The coordinates look like {DATUMS[is_].en}, not {DATUMS[says].en}: "
                    f"of {n} places {before} lie outside their district, "
                    f"and {after} if read as {DATUMS[is_].en}.",
                    f"坐标像是 {DATUMS[is_].zh}，而不是 {DATUMS[says].zh}："
                    f"{n} 个点中有 {before} 个不在所属区内，按 {DATUMS[is_].zh} 读取则为 {after} 个。",
                ),
                Text(
                    f"Check the datum of {table}, and of districts, in region.toml.",
                    f"请核对 region.toml 中 {table} 与 districts 的坐标系（datum）。",
                ),
            )


def _better_datum(chart: Chart, table: str) -> tuple[str, str, int, int, int] | None:
    """The datum it was probably read in, the one it probably is in, misfits before and after, places."""
    places = chart.places[(chart.places["table"] == table) & chart.places["km_out"].notna()]
    before = int((places["km_out"] > 0).sum())
    if before < max(LEAST_MISFITS, LEAST_SHARE * len(places)):
        return None
    own = chart.stated_shapes(places["district_id"])
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()

    def misfits(says: str, is_: str) -> int:
        moved = chart.points(*to_wgs84(*wgs84_to(lon, lat, says), is_))
        return int((shapely.distance(moved, own) > 0).sum())

    after, says, is_ = min((misfits(*pair), *pair) for pair in permutations(("wgs84", "gcj02", "bd09"), 2))
    return (says, is_, before, after, len(places)) if after <= LEFT_MISFITS * before else None


def _in_another_frame(chart: Chart) -> set[str]:
    """The tables of which reading has said that their metres look like those of another frame."""
    return {finding.table for finding in chart.region.findings if finding.code == "other-frame"}


def in_another_district(chart: Chart) -> Iterator[Finding]:
    """A unit, hospital or branch that does not lie where it says, with the distance.

    What a wrong datum explains (up to 1.5 km, in a table that `another_datum` suspects) is not said again, nor what a wrong
    frame of metres does.
    """
    misread = [finding.table for finding in another_datum(chart)]
    places = chart.places[chart.places["km_out"] > BORDER_KM]
    places = places[~(places["table"].isin(misread) & (places["km_out"] <= DATUM_KM))]
    places = places[~places["table"].isin(_in_another_frame(chart))]
    for place in records(places):
        if place.table == "units" and place.found == "":
            continue  # outside every district is an error of its own
        if chart.invalid & {place.found, place.district_id}:
            continue  # nobody knows what an invalid polygon contains
        lies = (
            Text(f"in {chart.called(place.found)}", f"在 {chart.called(place.found)}")
            if place.found
            else Text("in no district", "不在任何区内")
        )
        says = chart.called(place.district_id)
        yield Finding(
            "warning",
            "unit-elsewhere" if place.table == "units" else "site-elsewhere",
            place.table,
            Text(
                f"{place.name} says {says}, but lies {lies.en}, {place.km_out:.1f} km outside.",
                f"{place.name} 标注属于 {says}，实际{lies.zh}，距标注的区 {place.km_out:.1f} 公里。",
            ),
            Text(
                "Check district_id and location; the plan goes by district_id.",
                "请核对 district_id 与位置；规划以 district_id 为准。",
            ),
            place.row,
            place.id,
        )


def two_sites_in_one_place(chart: Chart) -> Iterator[Finding]:
    """Sites of different hospitals within 50 m of each other."""
    sites = chart.places[(chart.places["table"] != "units") & (chart.places["condition"] == "fine")]
    if len(sites) < 2:
        return
    at = radians_lat_lon(sites)
    reach = SAME_SPOT_KM / EARTH_RADIUS_KM
    site = list(records(sites))
    for i, j, angle in sorted(_close(at, reach)):
        one, two = site[i], site[j]
        if one.hospital_id == two.hospital_id:
            continue
        metres = f"{angle * EARTH_RADIUS_KM * 1000:.0f}"
        yield Finding(
            "warning",
            "same-place",
            two.table,
            Text(
                f"{two.name} and {one.name} ({one.id}) stand {metres} m apart.",
                f"{two.name} 与 {one.name}（{one.id}）相距仅 {metres} 米。",
            ),
            Text(
                "Right for an affiliate inside another hospital; else one of the locations is wrong.",
                "如为设在其他医院内的协作分院则无误；否则其中一处位置有误。",
            ),
            two.row,
            two.id,
        )


def _close(at: np.ndarray, reach: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of places, the earlier first, at most `reach` apart, and how far; all angles in radians."""
    north = np.argsort(at[:, 0], kind="stable")
    lat = at[north, 0]
    ends = np.searchsorted(lat, lat + reach, side="right")
    for k, end in enumerate(ends.tolist()):
        apart = angles(at[north[k : k + 1]], at[north[k + 1 : end]])[0]
        for place in np.flatnonzero(apart <= reach).tolist():
            i, j = sorted((int(north[k]), int(north[k + 1 + place])))
            yield i, j, float(apart[place])
