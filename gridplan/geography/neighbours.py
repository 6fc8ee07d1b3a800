"""Which units touch: by a common border, or by a bridge or ferry that the region gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from gridplan.geography.adjacency import touching
from gridplan.geography.tessellate import KEPT, areas_of
from gridplan.geography.travel import service_points
from gridplan.inputs.region import Region


@lru_cache(maxsize=KEPT)
def neighbours(region: Region) -> np.ndarray:
    """Pairs of units that touch, by border or by link.

    Returns
    -------
    int array (pairs, 2) of positions in `region.units`, each pair once, the smaller first, sorted.
    """
    pairs = touching(areas_of(region), region.metric_crs)
    if region.links is not None and len(region.links):
        index = pd.Index(region.units["unit_id"])
        linked = np.column_stack([index.get_indexer(region.links[c]) for c in ("from_unit", "to_unit")])
        linked = np.sort(linked[(linked >= 0).all(axis=1) & (linked[:, 0] != linked[:, 1])], axis=1)
        pairs = np.unique(np.vstack([pairs, linked]), axis=0)
    pairs.setflags(write=False)
    return pairs


def campuses(region: Region, hospital_ids: list[str]) -> pd.DataFrame:
    """The sites of hospitals, and the unit that each stands in.

    The main site and every open campus with a location; an affiliate (协作分院) is another hospital's house.

    Returns
    -------
    DataFrame hospital_id, site, lon, lat, unit (position in `region.units` of the unit whose area holds the site, else
    of the unit whose area is nearest).
    """
    points = service_points(region, hospital_ids)
    affiliate = region.branches.loc[region.branches["relation"] != "campus", "branch_id"]
    points = points[~points["site"].isin(affiliate)].reset_index(drop=True)
    tree = shapely.STRtree(areas_of(region).to_numpy())
    unit = tree.nearest(shapely.points(points["lon"], points["lat"])) if len(points) else []
    return points.assign(unit=np.asarray(unit, dtype=int))


def seats(
    region: Region,
    hospital_ids: list[str],
    beside: bool,
    unit_area: np.ndarray,
    lead_area: Mapping[str, object],
) -> pd.DataFrame:
    """The units from which the grid of each lead may grow: those of its own area with a campus of it.

    Parameters
    ----------
    unit_area, lead_area : the area that each unit of the region, and each hospital, belongs to.
    beside : whether a hospital all of whose units hold a campus of another of them may begin in a unit beside, too.

    Returns
    -------
    DataFrame hospital_id, unit (position in `region.units`), as `campuses`.
    """
    found = campuses(region, hospital_ids)[["hospital_id", "unit"]].drop_duplicates()
    own = [unit_area[u] == lead_area[h] for h, u in zip(found["hospital_id"], found["unit"], strict=True)]
    found = found[np.array(own, dtype=bool)]
    if not beside or found.empty:
        return found.reset_index(drop=True)
    shared = found.groupby("unit")["hospital_id"].transform("nunique") > 1
    crowded = found[shared.groupby(found["hospital_id"]).transform("all")]
    edges = neighbours(region)
    touching = pd.DataFrame(np.vstack([edges, edges[:, ::-1]]), columns=["unit", "other"])
    more = crowded.merge(touching, on="unit").drop(columns="unit").rename(columns={"other": "unit"})
    return pd.concat([found, more], ignore_index=True).drop_duplicates(ignore_index=True)
