"""Where minutes come from: the straight line, or a given table. A router joins as one more `TravelSource`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, get_args

import numpy as np
import pandas as pd

from gridplan.inputs.region import Region
from gridplan.words.errors import PolicyError
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import KINDS

EARTH_RADIUS_KM = 6371.0088
UNITS_AT_A_TIME = 20_000

Method = Literal["auto", "straight_line", "table", "roads"]
METHODS: tuple[Method, ...] = get_args(Method)

# Why a pair is left out (constant words, written into plan.json).
NO_LOCATION = "the unit has no location"
NO_KIND = "the kind of the unit's district is not known"
NO_SERVICE_POINT = "the hospital has no service point with a location"
NOT_IN_TABLE = "not in the travel table"
NO_WAY = "no way on the road graph"
OFF_ROAD = "no road within"  # so many km
REASONS = {
    NO_LOCATION: Text(NO_LOCATION, "单元没有位置"),
    NO_KIND: Text(NO_KIND, "单元所在区的类别未知"),
    NO_SERVICE_POINT: Text(NO_SERVICE_POINT, "医院没有带位置的服务点"),
    NOT_IN_TABLE: Text(NOT_IN_TABLE, "出行时间表中没有"),
    NO_WAY: Text(NO_WAY, "路网不连通"),
}


@dataclass(frozen=True)
class TravelSettings:
    """How minutes are made; written in the policy, copied into every plan.

    Parameters
    ----------
    detour : float
        Road length ÷ great-circle length, at least 1.
    speed_km_h : Mapping[str, float]
        km/h by kind of the unit's district.
    method : Method, default "auto"
        "straight_line", "table" or "roads"; "auto" takes the best that the region brings: its travel table, else
        its road graph, else the straight line.
    walk_km_h : float, default 5.0
        km/h from a unit, or a service point, to the nearest road node ("roads" only).
    snap_km : float, default 2.0
        km; what lies farther from every road node than this is unreachable ("roads" only).
    clinics : bool, default False
        Whether an open branch that is only an outpatient clinic (门诊部) is a service point.

    Raises
    ------
    PolicyError : a speed is not above zero, the detour is below 1, a kind or the method is unknown.

    Examples
    --------
    >>> import gridplan as gp
    >>> gp.policy("shanghai-2025").travel.detour
    1.3
    """

    detour: float
    speed_km_h: Mapping[str, float]
    method: Method = "auto"
    walk_km_h: float = 5.0
    snap_km: float = 2.0
    clinics: bool = False
    later: ClassVar[tuple[str, ...]] = ("clinics",)  # unsaid where they are as before they came

    def __post_init__(self) -> None:
        object.__setattr__(self, "speed_km_h", dict(self.speed_km_h))
        wrong = [f"{kind}: {speed} km/h" for kind, speed in self.speed_km_h.items() if not _positive(speed)]
        wrong += [f"walk_km_h: {self.walk_km_h}"] if not _positive(self.walk_km_h) else []
        if wrong:
            raise PolicyError(
                Text(
                    "A travel speed must be a number above 0 km/h.",
                    "出行速度必须是大于 0 的数（公里/小时）。",
                ),
                Text("Correct the speeds in the policy.", "请在政策文件中更正速度。"),
                wrong,
            )
        if not (_positive(self.detour) and self.detour >= 1):
            raise PolicyError(
                Text(
                    f"The detour must be at least 1, it is {self.detour}.",
                    f"绕行系数至少为 1，现为 {self.detour}。",
                ),
                Text(
                    "A road is never shorter than the straight line; 1.3 is usual.",
                    "道路不会短于直线；常用值为 1.3。",
                ),
            )
        if not _positive(self.snap_km):
            raise PolicyError(
                Text(
                    f"snap_km must be above 0 km, it is {self.snap_km}.",
                    f"snap_km 必须大于 0 公里，现为 {self.snap_km}。",
                )
            )
        strangers = [kind for kind in self.speed_km_h if kind not in KINDS]
        if strangers:
            raise PolicyError(
                Text("Speeds are given for unknown kinds of district.", "为未知的区类型设定了速度。"),
                Text(f"The kinds are {', '.join(KINDS)}.", f"区类型为：{'、'.join(KINDS)}。"),
                strangers,
            )
        if self.method not in METHODS:
            raise PolicyError(
                Text(
                    f"The travel method “{self.method}” is unknown.",
                    f"未知的出行计算方法“{self.method}”。",
                ),
                Text(f"The methods are {', '.join(METHODS)}.", f"可用方法：{'、'.join(METHODS)}。"),
            )


def _positive(value: float) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value) and value > 0


@dataclass(frozen=True, eq=False)
class Minutes:
    """What a source answers: a matrix, what it was made with, and why pairs are unreachable.

    Parameters
    ----------
    minutes : float (units × hospitals), np.inf where unreachable, never NaN.
    settings : all that is needed to recompute the matrix.
    no_way : why an unreachable pair is unreachable, unless its unit or hospital has a reason of its own.
    unit_reasons, hospital_reasons : position → reason that holds for the whole row or column.
    """

    minutes: np.ndarray
    settings: Mapping[str, object]
    no_way: str
    unit_reasons: Mapping[int, str] = field(default_factory=dict)
    hospital_reasons: Mapping[int, str] = field(default_factory=dict)


class TravelSource(Protocol):
    """Anything that knows minutes from units to hospitals (OSRM, Valhalla, r5py can be written as one).

    `points` are the service points of `hospital_ids` (hospital_id, site, lon, lat), hospital by hospital in
    that order. A router asks for units × points and folds with `nearest_point`.
    """

    @property
    def name(self) -> str:
        """The method's name in plan.json."""
        ...

    def minutes(
        self, region: Region, hospital_ids: Sequence[str], points: pd.DataFrame, settings: TravelSettings
    ) -> Minutes:
        """Minutes from every unit of the region to every hospital."""
        ...


def nearest_point(to_points: np.ndarray, points: pd.DataFrame, hospital_ids: Sequence[str]) -> np.ndarray:
    """(units × points) → (units × hospitals): the least over a hospital's points, else np.inf."""
    nearest = np.full((len(to_points), len(hospital_ids)), np.inf)
    column = pd.Index(hospital_ids).get_indexer(pd.Index(points["hospital_id"]))
    if len(column):
        located, starts = np.unique(column, return_index=True)
        nearest[:, located] = np.minimum.reduceat(to_points, starts, axis=1)
    return nearest


def without_point(points: pd.DataFrame, hospital_ids: Sequence[str]) -> dict[int, str]:
    """The hospitals (by position) that have no service point, with the reason."""
    located = set(points["hospital_id"])
    return {j: NO_SERVICE_POINT for j, hospital in enumerate(hospital_ids) if hospital not in located}


def reason_words(reason: str) -> Text:
    """Why a pair is unreachable, in both languages; the reason of a source of one's own as it is."""
    if reason.startswith(OFF_ROAD):
        return Text(reason, f"{reason.removeprefix(OFF_ROAD).strip()} 之内没有道路")
    return REASONS.get(reason, both(reason))


def radians_lat_lon(table: pd.DataFrame) -> np.ndarray:
    """Latitude and longitude in radians, the order of `angles` and of scikit-learn's haversine."""
    radians: np.ndarray = np.radians(table[["lat", "lon"]].to_numpy(dtype=float))
    return radians


def angles(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Angles on the sphere between all places of two lists, by the haversine formula.

    Parameters
    ----------
    here, there : (n, 2) and (m, 2) latitude and longitude, radians.

    Returns
    -------
    (n, m) radians.
    """
    north, east = (np.sin((here[:, None, k] - there[None, :, k]) / 2) for k in (0, 1))
    haversine = north**2 + np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * east**2
    angle: np.ndarray = 2 * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
    return angle


@dataclass(frozen=True)
class StraightLine:
    """Great circle × detour ÷ speed of the unit's district, to the nearest service point."""

    name: str = "straight_line"

    def minutes(
        self, region: Region, hospital_ids: Sequence[str], points: pd.DataFrame, settings: TravelSettings
    ) -> Minutes:
        """Minutes = km · detour / speed · 60 on a sphere of radius 6371.0088 km.

        Raises
        ------
        PolicyError : a kind that occurs among the districts has no speed.
        """

        speed = unit_speeds(region, settings)
        located = region.units[["lon", "lat"]].notna().all(axis=1).to_numpy()
        here, there = radians_lat_lon(region.units), radians_lat_lon(points)
        minutes = np.full((len(here), len(hospital_ids)), np.inf)
        known = np.flatnonzero(located & np.isfinite(speed)) if len(there) else np.array([], dtype=int)
        for start in range(0, len(known), UNITS_AT_A_TIME):
            some = known[start : start + UNITS_AT_A_TIME]
            km = nearest_point(angles(here[some], there), points, hospital_ids) * EARTH_RADIUS_KM
            minutes[some] = km * settings.detour / speed[some, None] * 60
        reasons = {int(i): NO_KIND for i in np.flatnonzero(~np.isfinite(speed))}
        reasons |= {int(i): NO_LOCATION for i in np.flatnonzero(~located)}
        used: dict[str, object] = {
            "detour": settings.detour,
            "speed_km_h": dict(settings.speed_km_h),
            "earth_radius_km": EARTH_RADIUS_KM,
        }
        return Minutes(minutes, used, NO_SERVICE_POINT, reasons, without_point(points, hospital_ids))


def unit_speeds(region: Region, settings: TravelSettings) -> np.ndarray:
    """km/h per unit, by the kind of its district; NaN where the district or its kind is not known."""
    kinds = region.districts.drop_duplicates("district_id").set_index("district_id")["kind"]
    missing = sorted(set(kinds.dropna()) - set(settings.speed_km_h))
    if missing:
        raise PolicyError(
            Text(
                "The policy gives no travel speed for some kinds of district.",
                "政策没有为某些类型的区设定出行速度。",
            ),
            Text("Add them to the speeds, in km/h.", "请补充这些类型的速度（公里/小时）。"),
            missing,
        )
    speeds: np.ndarray = region.units["district_id"].map(kinds.map(settings.speed_km_h)).to_numpy(dtype=float)
    return speeds


@dataclass(frozen=True)
class GivenTable:
    """The region's own travel table; a pair it lacks, or leaves blank, is unreachable."""

    name: str = "table"

    def minutes(
        self, region: Region, hospital_ids: Sequence[str], points: pd.DataFrame, settings: TravelSettings
    ) -> Minutes:
        """Minutes as the table gives them; where a pair is listed twice, the shorter."""
        assert region.travel is not None, "travel_times asks for a table only where there is one"
        minutes = np.full((len(region.units), len(hospital_ids)), np.inf)
        row = pd.Index(region.units["unit_id"]).get_indexer(pd.Index(region.travel["unit_id"]))
        column = pd.Index(hospital_ids).get_indexer(pd.Index(region.travel["hospital_id"]))
        given = region.travel["minutes"].to_numpy(dtype=float)
        known = (row >= 0) & (column >= 0) & np.isfinite(given)
        np.minimum.at(minutes, (row[known], column[known]), given[known])
        return Minutes(minutes, {"file": region.files.get("travel", "travel")}, NOT_IN_TABLE)
