"""A table of minutes against distance: what speed it implies, and what is wrong with one that nobody can travel at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.geography.sources import EARTH_RADIUS_KM, radians_lat_lon
from gridplan.geography.travel import service_points
from gridplan.inputs.region import Region

FAR_KM = 1.0  # nearer than this a pair may well take no time
SLOWEST, FASTEST = (
    1.5,
    150.0,
)  # km/h as the crow flies that the middle pair of a table may have; walking is 3 to 5
LEAST_PAIRS = 3
ONE_VALUE = 0.9
ALIKE_TIMES = 2.5  # the middle speed of a table that a pair in seconds may be faster or slower by
NINES_TIMES = 1.5  # as the next, for 99, 999 …, which no router gives by chance
NO_WAY_TIMES = 5.0  # a value that often repeats and is so many times the next one stands for "no way"


@dataclass(frozen=True, eq=False)
class Timed:
    """The pairs of a travel table whose ends have places.

    Parameters
    ----------
    rows : of the table, as positions.
    km : great circle to the hospital's nearest service point.
    minutes : as the table states.
    """

    rows: np.ndarray
    km: np.ndarray
    minutes: np.ndarray

    @property
    def far(self) -> np.ndarray:
        """Which pairs lie far enough apart to have a speed."""
        far: np.ndarray = self.km >= FAR_KM
        return far

    @property
    def zeros(self) -> np.ndarray:
        """Positions in the table of pairs that are kilometres apart and take no time."""
        zero: np.ndarray = self.rows[self.far & (self.minutes == 0)]
        return zero

    @property
    def speed(self) -> float:
        """km/h of the middle pair that takes time; NaN where too few do."""
        timed = self.far & (self.minutes > 0)
        if timed.sum() < LEAST_PAIRS:
            return float("nan")
        return float(np.median(self.km[timed] / (self.minutes[timed] / 60)))

    @property
    def one_value(self) -> float:
        """The minutes that nearly all pairs share though some lie much farther apart; NaN where there are none."""
        values, counts = np.unique(self.minutes[self.far], return_counts=True)
        if not len(values) or counts.sum() < 2 * LEAST_PAIRS or values[counts.argmax()] == 0:
            return float("nan")
        km = self.km[self.far]
        spread = km.max() > 2 * max(km.min(), FAR_KM)
        return (
            float(values[counts.argmax()])
            if spread and counts.max() >= ONE_VALUE * counts.sum()
            else float("nan")
        )

    @property
    def no_ways(self) -> np.ndarray:
        """The values far above the rest that repeat, as routers write where there is no way: 9999, or nines above all others."""
        values, counts = np.unique(self.minutes, return_counts=True)
        often = np.flatnonzero(counts < LEAST_PAIRS)
        first = max(1, often[-1] + 1 if len(often) else 0)  # from here on all values repeat
        for at in range(first, len(values)):
            nines = all(_nines(value) for value in values[at:])
            if values[at] >= (NINES_TIMES if nines else NO_WAY_TIMES) * max(values[at - 1], 1.0):
                return values[at:]
        return values[:0]

    @property
    def in_part_seconds(self) -> np.ndarray:
        """Which pairs nobody can travel so slowly, but as fast as the others if they are seconds.

        A ferry or a gorge is slow, too, but not sixty times slower than the rest.
        """
        timed = self.far & (self.minutes > 0) & ~np.isin(self.minutes, self.no_ways)
        speed = np.divide(self.km * 60, self.minutes, out=np.full(len(self.km), np.nan), where=timed)
        fine = speed[(speed >= SLOWEST) & (speed <= FASTEST)]
        if len(fine) < LEAST_PAIRS:
            return np.zeros(len(speed), dtype=bool)
        times = speed * 60 / np.median(fine)
        seconds: np.ndarray = (speed < SLOWEST) & (times >= 1 / ALIKE_TIMES) & (times <= ALIKE_TIMES)
        return seconds


def below_zero(minutes: pd.Series) -> list[float]:
    """Negative minutes that repeat, as routers write where there is no way: -1, -9999; any other is a wrong number."""
    counts = minutes[minutes < 0].value_counts()
    often = counts.index[counts >= LEAST_PAIRS].tolist()
    return sorted(value for value in often if value == -1 or _nines(-value))


def _nines(value: float) -> bool:
    return value > 9 and set(f"{value:.10g}") == {"9"}


def timed_pairs(region: Region, travel: pd.DataFrame) -> Timed:
    """The pairs of a table (unit_id, hospital_id, minutes) with their distance."""
    points = service_points(region, list(pd.unique(region.hospitals["hospital_id"])))
    units = region.units.drop_duplicates("unit_id")
    unit = pd.Index(units["unit_id"]).get_indexer(pd.Index(travel["unit_id"]))
    minutes = travel["minutes"].to_numpy(float)
    here, sites = radians_lat_lon(units), radians_lat_lon(points)
    km = np.full(len(travel), np.inf)
    by_hospital = travel.groupby("hospital_id", sort=False).indices
    sites_of = points.groupby("hospital_id", sort=False).indices
    for hospital, rows in by_hospital.items():
        rows = rows[unit[rows] >= 0]
        for site in sites_of.get(hospital, ()):
            km[rows] = np.minimum(km[rows], _km(here[unit[rows]], sites[site]))
    known = np.flatnonzero(np.isfinite(km) & np.isfinite(minutes) & (minutes >= 0))
    return Timed(known, km[known], minutes[known])


def _km(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    north, east = np.sin((here[:, 0] - there[0]) / 2), np.sin((here[:, 1] - there[1]) / 2)
    haversine = north**2 + np.cos(here[:, 0]) * np.cos(there[0]) * east**2
    km: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
    return km
