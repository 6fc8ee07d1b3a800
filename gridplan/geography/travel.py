"""Travel: minutes from every unit to every hospital, with a reason for each pair that has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.geography.roads import RoadGraph
from gridplan.geography.sources import (
    EARTH_RADIUS_KM,
    GivenTable,
    Method,
    Minutes,
    StraightLine,
    TravelSettings,
    TravelSource,
    nearest_point,
)
from gridplan.inputs.region import Region
from gridplan.words.arguments import a_region
from gridplan.words.errors import DataError
from gridplan.words.text import Text
from gridplan.words.vocabulary import TRAVEL_COLUMNS

__all__ = [
    "EARTH_RADIUS_KM",
    "GivenTable",
    "Method",
    "Minutes",
    "RoadGraph",
    "StraightLine",
    "Travel",
    "TravelSettings",
    "TravelSource",
    "nearest_point",
    "service_points",
    "travel_times",
]

MINUTE_DECIMALS = 4
TIE = 6  # decimals to which minutes that are equal tie, whatever the last bits of a distance are
LEFT_OUT_COLUMNS = ["unit_id", "hospital_id", "reason"]


@dataclass(frozen=True, eq=False)
class Travel:
    """Minutes from units to hospitals.

    Parameters
    ----------
    unit_ids : array
        (n,) ids, in the order of `region.units`.
    hospital_ids : array
        (m,) ids, in the order asked for.
    minutes : array
        (n, m) minutes to the hospital's nearest service point, 4 decimals; np.inf where unreachable.
    method : str
        "straight_line", "table", "roads", or the name of another source.
    settings : Mapping[str, object]
        What is needed to recompute the minutes (detour, km/h by kind, km of the earth's radius, …).
    left_out : DataFrame
        unit_id, hospital_id, reason; a row per unreachable pair.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> plan.travel.method, plan.travel.minutes.shape
    ('straight_line', (12, 5))
    """

    unit_ids: np.ndarray
    hospital_ids: np.ndarray
    minutes: np.ndarray
    method: str
    settings: Mapping[str, object]
    left_out: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """unit_id, hospital_id, minutes of every reachable pair: the table that `travel.csv` holds."""
        row, column = np.nonzero(np.isfinite(self.minutes))
        values = [self.unit_ids[row], self.hospital_ids[column], self.minutes[row, column]]
        return pd.DataFrame(dict(zip(TRAVEL_COLUMNS, values, strict=True)))

    def __repr__(self) -> str:
        n, m = self.minutes.shape
        return f"Travel by {self.method}: {n} units × {m} hospitals, {len(self.left_out)} pairs left out"


def service_points(region: Region, hospital_ids: Sequence[str], clinics: bool = False) -> pd.DataFrame:
    """Where the residents of a hospital's partners go: its main site and every open branch with a location.

    Campus or affiliate alike (policy-rules, "Meanings, fixed"); planned branches and sites without a location
    are no service points, and a branch that is only an outpatient clinic is one where `clinics` says so.

    Returns
    -------
    DataFrame hospital_id, site (branch_id, or hospital_id for the main site), lon, lat (degrees, WGS 84);
    hospital by hospital in the order of `hospital_ids`, the main site first.
    """
    main = region.hospitals.assign(site=region.hospitals["hospital_id"])
    serves = (region.branches["status"] == "open") & (clinics | (region.branches["relation"] != "clinic"))
    branches = region.branches[serves]
    branches = branches.assign(site=branches["branch_id"]).sort_values("site")
    columns = ["hospital_id", "site", "lon", "lat"]
    tables = [main[columns], branches[columns]] if len(branches) else [main[columns]]
    points = pd.concat(tables, ignore_index=True)
    position = pd.Index(hospital_ids).get_indexer(pd.Index(points["hospital_id"]))
    points = points.assign(position=position)[position >= 0].dropna(subset=["lon", "lat"])
    return points.sort_values("position", kind="stable", ignore_index=True)[columns]


def travel_times(
    region: Region,
    hospital_ids: Sequence[str],
    settings: TravelSettings,
    method: Method | TravelSource = "auto",
) -> Travel:
    """Minutes from every unit to every hospital of `hospital_ids`.

    Parameters
    ----------
    region : Region
        The city.
    hospital_ids : Sequence[str]
        The hospitals, in the order of the columns.
    settings : TravelSettings
        Speeds in km/h, detour, minutes of access; `policy.travel` has those of a policy.
    method : Method or TravelSource, default "auto"
        Overrides `settings.method` unless "auto"; or a `TravelSource` of one's own, such as a router.

    Returns
    -------
    Travel
        Minutes, units × hospitals, and where each comes from.

    Raises
    ------
    ArgumentError
        `region` is no Region.
    DataError
        An unknown hospital; a table or road graph that is asked for but that the region lacks.
    PolicyError
        The settings have no speed for a kind of district that occurs.

    References
    ----------
    Detour factors: Ballou, Rahardja and Sakai (2002), Selected country circuity factors for road travel
    distance estimation, Transportation Research Part A 36(9).

    Examples
    --------
    >>> import gridplan as gp
    >>> travel = gp.travel_times(gp.tiny_town(), ["H1", "H2"], gp.policy("shanghai-2025").travel)
    >>> travel.minutes.shape
    (12, 2)
    """
    a_region(region, "travel_times")
    ids = [str(h) for h in hospital_ids]
    unknown = [h for h in dict.fromkeys(ids) if h not in set(region.hospitals["hospital_id"])]
    if unknown:
        raise DataError(
            Text(
                "Travel is asked for hospitals that the region does not have.",
                "要求计算出行时间的医院不在本地区数据中。",
            ),
            Text("Use ids of the table hospitals.", "请使用医院表中的编号。"),
            unknown,
        )
    if isinstance(method, str):
        source = _source(region, settings.method if method == "auto" else method)
    else:
        source = method
    answer = source.minutes(region, ids, service_points(region, ids, settings.clinics), settings)
    minutes = np.round(answer.minutes, MINUTE_DECIMALS)
    minutes[np.isnan(minutes)] = np.inf
    unit_ids = region.units["unit_id"].to_numpy(dtype=object)
    left_out = _left_out(unit_ids, np.array(ids, dtype=object), minutes, answer)
    used = dict(answer.settings) | ({"clinics": True} if settings.clinics else {})
    return Travel(unit_ids, np.array(ids, dtype=object), minutes, source.name, used, left_out)


def _source(region: Region, method: Method) -> TravelSource:
    if method == "auto":
        method = (
            "table" if region.travel is not None else "roads" if region.roads is not None else "straight_line"
        )
    if (method == "table" and region.travel is None) or (method == "roads" and region.roads is None):
        table = "travel" if method == "table" else "roads"
        raise DataError(
            Text(
                f"The policy asks for travel by “{method}”, but the region has no table {table}.",
                f"政策要求按“{method}”计算出行时间，但本地区没有 {table} 表。",
            ),
            Text(
                f"Add {table}.csv to the region folder, or choose another method.",
                f"请在地区文件夹中加入 {table}.csv，或改用其他方法。",
            ),
        )
    sources: tuple[TravelSource, ...] = (StraightLine(), GivenTable(), RoadGraph())
    return {source.name: source for source in sources}[method]


def _left_out(
    unit_ids: np.ndarray, hospital_ids: np.ndarray, minutes: np.ndarray, answer: Minutes
) -> pd.DataFrame:
    row, column = np.nonzero(np.isinf(minutes))
    reasons = [
        answer.unit_reasons.get(i) or answer.hospital_reasons.get(j) or answer.no_way
        for i, j in zip(row.tolist(), column.tolist(), strict=True)
    ]
    values = [unit_ids[row], hospital_ids[column], reasons]
    return pd.DataFrame(dict(zip(LEFT_OUT_COLUMNS, values, strict=True)))
