"""Which units touch: by a common border, or by a bridge or ferry that the region gives."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridplan.geography.adjacency import touching
from gridplan.geography.tessellate import unit_areas
from gridplan.geography.travel import service_points
from gridplan.inputs.region import Region

KEPT = 4  # regions whose areas and borders are kept, since each question of one plan needs them again


@lru_cache(maxsize=KEPT)
def neighbours(region: Region) -> np.ndarray:
    """Pairs of units that touch, by border or by link.

    Returns
    -------
    int array (pairs, 2) of positions in `region.units`, each pair once, the smaller first, sorted.
    """
    pairs = touching(_areas(region), region.metric_crs)
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
    tree = shapely.STRtree(_areas(region).to_numpy())
    unit = tree.nearest(shapely.points(points["lon"], points["lat"])) if len(points) else []
    return points.assign(unit=np.asarray(unit, dtype=int))


@lru_cache(maxsize=KEPT)
def _areas(region: Region) -> gpd.GeoSeries:
    """`unit_areas` of a region; not to be written to."""
    return unit_areas(region.units, region.districts, region.metric_crs)
