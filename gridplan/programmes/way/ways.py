"""Which primary institutions the residents of a unit may go to: the nearest of its district, with minutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridplan.programmes.ground import Ground, haversine_km
from gridplan.words.vocabulary import PRIMARY


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways of one district.

    Parameters
    ----------
    units : with residents. centres : primary institutions.
    unit, centre : (ways,) row of each. minutes : (ways,) one way, 4 decimals.
    """

    units: pd.DataFrame
    centres: pd.DataFrame
    unit: np.ndarray
    centre: np.ndarray
    minutes: np.ndarray


def per_km(ground: Ground, district: str) -> float:
    """Minutes of a kilometre in a straight line: detour ÷ speed of the district."""
    travel = ground.plan.policy.travel
    return travel.detour / travel.speed_km_h[ground.kinds[district]] * 60


def ways_of(ground: Ground, district: str, nearest: int) -> Ways:
    """The ways of a district; none where it has no residents or no primary institution."""
    region = ground.plan.region
    table = region.institutions
    assert table is not None
    units, places = region.units, table[table["kind"].isin(PRIMARY)]
    units = units[(units["district_id"] == district) & (units["people"] > 0)].reset_index(drop=True)
    centres = places[places["district_id"] == district].reset_index(drop=True)
    km = haversine_km(
        units["lon"].to_numpy(float)[:, None], units["lat"].to_numpy(float)[:, None],
        centres["lon"].to_numpy(float), centres["lat"].to_numpy(float),
    )  # fmt: skip
    minutes = np.round(km * per_km(ground, district), 4)
    near = np.argsort(minutes, axis=1, kind="stable")[:, :nearest]
    unit, centre = np.repeat(np.arange(len(units)), near.shape[1]), near.ravel()
    return Ways(units, centres, unit, centre, minutes[unit, centre])


def stated(table: pd.DataFrame, column: str) -> np.ndarray:
    """A column of numbers, infinite where it is blank: no limit."""
    if column not in table:
        return np.full(len(table), np.inf)
    return table[column].astype(float).fillna(np.inf).to_numpy()


def bed_room(centres: pd.DataFrame, stay: float) -> np.ndarray:
    """Stays a year that beds and home beds of institutions give; infinite where neither is stated."""
    both = [
        centres.get(c, pd.Series(np.nan, index=centres.index)).astype(float) for c in ("beds", "home_beds")
    ]
    beds = both[0].fillna(0) + both[1].fillna(0)
    return np.where(both[0].isna() & both[1].isna(), np.inf, beds * 365 / stay)
