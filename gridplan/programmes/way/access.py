"""How well residents reach beds and visits: floating catchments (2SFCA and its family), and how unequal that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from gridplan.plans.plan import Plan
from gridplan.programmes.ground import TCM, Ground, haversine_km
from gridplan.programmes.way.ways import per_km
from gridplan.words.arguments import a_plan
from gridplan.words.errors import ArgumentError, DataError
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID, PRIMARY

ZONES = (
    (1 / 3, 1.0),
    (2 / 3, 0.68),
    (1.0, 0.22),
)  # of the catchment, and how much they count: Luo and Qi 2009
COLUMNS = ["unit_id", "district_id", "people", "access"]
Decay = Callable[[np.ndarray, float], np.ndarray]


def _step(minutes: np.ndarray, within: float) -> np.ndarray:
    return (minutes <= within).astype(float)


def _zones(minutes: np.ndarray, within: float) -> np.ndarray:
    out = np.zeros(minutes.shape)
    for end, weight in reversed(ZONES):
        out[minutes <= end * within] = weight
    return out


def _gaussian(minutes: np.ndarray, within: float) -> np.ndarray:
    """1 at no distance, 0 at the edge of the catchment: Dai 2010."""
    edge = np.exp(-0.5)
    return np.where(minutes <= within, (np.exp(-0.5 * (minutes / within) ** 2) - edge) / (1 - edge), 0.0)


DECAYS: Mapping[str, Decay] = {"2sfca": _step, "e2sfca": _zones, "g2sfca": _gaussian, "3sfca": _zones}


def floating_catchment(
    people: np.ndarray, supply: np.ndarray, minutes: np.ndarray, within: float, method: str = "2sfca"
) -> np.ndarray:
    """Supply per person that each unit reaches, when all share what they reach.

    Parameters
    ----------
    people : (units,). supply : (places,). minutes : (units, places).
    within : the catchment, minutes.
    method : "2sfca" (all within count alike), "e2sfca" (three zones), "g2sfca" (Gaussian decay), "3sfca" (zones, and people
        choose among what they reach).

    Returns
    -------
    (units,) supply per person.
    """
    weight = DECAYS[method](minutes, within)
    share = np.ones(weight.shape)
    if method == "3sfca":
        total = weight.sum(axis=1, keepdims=True)
        share = np.divide(weight, total, out=np.zeros(weight.shape), where=total > 0)
    demand = (people[:, None] * weight * share).sum(axis=0)
    ratio = np.divide(supply, demand, out=np.zeros(len(supply)), where=demand > 0)
    return np.asarray((weight * share * ratio).sum(axis=1))


def access(
    plan: Plan,
    tier: str = "primary",
    method: str = "2sfca",
    minutes: float | None = None,
    planned: bool = False,
) -> pd.DataFrame:
    """Visits or beds per 1,000 residents that each unit reaches, by tier.

    Parameters
    ----------
    plan : Plan
        A plan; its region and its travel settings are used (straight lines, from the nearest main site).
    tier : str, default "primary"
        "primary" (visits_capacity of community centres and township hospitals), "district" or "municipal" (beds of public
        general hospitals). What states nothing supplies nothing.
    method : str, default "2sfca"
        "2sfca", "e2sfca", "g2sfca" or "3sfca".
    minutes : float, optional
        The catchment; by default 15, 30 and 60 minutes by tier.
    planned : bool, default False
        Whether residents use the plan alone, not all that is near: of municipal hospitals their partner, of district hospitals the
        lead of their grid. Before and after are two calls.

    Returns
    -------
    DataFrame
        unit_id, district_id, people, access.

    Raises
    ------
    ArgumentError
        An unknown tier or method.
    DataError
        Nothing of that tier states what it can supply.

    References
    ----------
    Luo and Wang 2003 (2SFCA), Luo and Qi 2009 (E2SFCA), Dai 2010 (Gaussian), Wan, Zou and Sternberg 2012 (3SFCA).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> table = gp.measures.access(plan, tier="municipal", minutes=60)
    >>> list(table)
    ['unit_id', 'district_id', 'people', 'access']
    """
    a_plan(plan, "measures.access")
    for word, known, what in ((tier, CATCHMENTS, "tier"), (method, DECAYS, "method")):
        if word not in known:
            raise ArgumentError(
                Text(f"there is no {what} {word!r}", f"没有 {what} {word!r}"),
                Text(f"one of {', '.join(known)}", f"可选 {'、'.join(known)}"),
            )
    places, supply = _supply(plan, tier)
    if not supply.sum() > 0:
        raise DataError(
            Text(f"nothing of tier {tier} states what it can supply", f"{tier} 层级没有填写供给能力"),
            Text("fill in visits_capacity, or beds of hospitals", "请填写 visits_capacity 或医院床位"),
        )
    units = plan.region.units
    ground = Ground(plan)
    each = {d: per_km(ground, d) for d in units["district_id"].unique()}
    way = units["district_id"].map(each).to_numpy(float)[:, None] * haversine_km(
        units["lon"].to_numpy(float)[:, None], units["lat"].to_numpy(float)[:, None],
        places["lon"].to_numpy(float), places["lat"].to_numpy(float),
    )  # fmt: skip
    if planned and tier != "primary":
        way = np.where(_planned(plan, tier, places), way, np.inf)
    within = CATCHMENTS[tier] if minutes is None else minutes
    found = 1000 * floating_catchment(units["people"].to_numpy(float), supply, way, within, method)
    made = units[["unit_id", "district_id", "people"]].reset_index(drop=True)
    return pd.DataFrame(made).assign(access=found)[COLUMNS]


CATCHMENTS = {"primary": 15.0, "district": 30.0, "municipal": 60.0}


def _supply(plan: Plan, tier: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Places of a tier with what they supply a year, or beds."""
    region = plan.region
    if tier == "primary":
        table = region.institutions
        if table is None:
            return region.hospitals.iloc[:0], np.empty(0)
        table = table[table["kind"].isin(PRIMARY)]
        room = table.get("visits_capacity", pd.Series(float("nan"), index=table.index))
        return table, room.astype(float).fillna(0).to_numpy()
    h = region.hospitals
    h = h[(h["tier"] == tier) & (h["ownership"] == "public") & (h["category"] == "general")]
    return h, h["beds"].astype(float).fillna(0).to_numpy()


def stated_supply(plan: Plan, tier: str) -> tuple[int, int]:
    """How many places of a tier state what they supply, and how many there are."""
    places, supply = _supply(plan, tier)
    return int((supply > 0).sum()), len(places)


def _planned(plan: Plan, tier: str, places: pd.DataFrame) -> np.ndarray:
    """(units, places) bool: the lead of the unit's grid, or its general partner."""
    rows = plan.assignment
    category = dict(zip(plan.region.hospitals["hospital_id"], plan.region.hospitals["category"], strict=True))
    rows = rows[rows["layer"] == GRID] if tier == "district" else rows[rows["layer"] != GRID]
    rows = rows[~rows["hospital_id"].map(category).isin(TCM)]
    of = dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))
    ids = places["hospital_id"].tolist()
    return np.array([[of.get(u) == h for h in ids] for u in plan.region.units["unit_id"]])


def inequality(table: pd.DataFrame) -> dict[str, float]:
    """How unequal access is between residents, and how much of that lies between districts.

    Parameters
    ----------
    table : DataFrame
        people, access and district_id, as `gp.measures.access` gives them.

    Returns
    -------
    dict
        mean, gini (0 all alike, towards 1 one has all), theil, theil_between (districts), theil_within.

    Raises
    ------
    DataError
        Nobody lives there.

    References
    ----------
    Gini 1912; Theil 1967 (whose index falls apart into between and within).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> found = gp.measures.inequality(gp.measures.access(plan, tier="municipal"))
    >>> 0 <= found["gini"] < 1 and abs(found["theil"] - found["theil_between"] - found["theil_within"]) < 1e-9
    True
    """
    people, value = table["people"].to_numpy(float), table["access"].to_numpy(float)
    total = float(people.sum())
    if total <= 0:
        raise DataError(Text("nobody lives there", "没有常住人口"), Text("fill in people", "请填写人口"))
    mean = float((people * value).sum()) / total
    out = dict.fromkeys(("mean", "gini", "theil", "theil_between", "theil_within"), 0.0) | {"mean": mean}
    if mean <= 0:
        return out
    order = np.argsort(value, kind="stable")
    share, gained = people[order] / total, (people * value)[order] / (total * mean)
    before = np.concatenate([[0.0], np.cumsum(gained)])
    out["gini"] = float(1 - (share * (before[1:] + before[:-1])).sum())
    out["theil"] = _theil(people, value / mean)
    groups = table.assign(gained=people * value).groupby("district_id")[["people", "gained"]].sum()
    groups = groups[groups["people"] > 0]
    inside = groups["gained"].to_numpy(float) / groups["people"].to_numpy(float)
    out["theil_between"] = _theil(groups["people"].to_numpy(float), inside / mean)
    out["theil_within"] = out["theil"] - out["theil_between"]
    return out


def _theil(people: np.ndarray, ratio: np.ndarray) -> float:
    logs = np.log(ratio, out=np.zeros(len(ratio)), where=ratio > 0)
    return float((people * ratio * logs).sum() / people.sum())
