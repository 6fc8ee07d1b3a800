"""A made-up country: a region folder per city, points of units in districts with polygons, no two cities alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import gridplan as gp
from benchmarks.cases.city import RADIUS_KM, disc

KM_PER_DEGREE = 111.2
SOUTH, WEST = 24.0, 102.0  # of the cities' middles, degrees
SPAN = 14.0
KINDS = ("central", "suburban", "outer_suburban")


@dataclass(frozen=True)
class Country:
    """What a country is made from; the same numbers give the same country.

    Parameters
    ----------
    cities : how many, about as many as China has of prefecture level.
    units, hospitals, districts : of each city; one hospital in six is of Chinese medicine.
    """

    cities: int = 300
    units: int = 2000
    hospitals: int = 24
    districts: int = 12

    def write(self, folder: Path) -> dict[str, Path]:
        """City → region folder; those that are there already stay."""
        for n in range(self.cities):
            if not (folder / f"c{n:03}" / "region.toml").is_file():
                gp.write_region(self.city(n), folder / f"c{n:03}")
        return gp.cities(folder)

    def city(self, n: int) -> gp.Region:
        """One city."""
        rng = np.random.default_rng(n)
        middle = rng.uniform((WEST, SOUTH), (WEST + SPAN, SOUTH + SPAN))
        scale = np.array([KM_PER_DEGREE * np.cos(np.radians(middle[1])), KM_PER_DEGREE])
        centres, places, sites = (
            disc(rng, self.districts, 0.5),
            disc(rng, self.units, 0.6),
            disc(rng, self.hospitals, 1.2),
        )
        shapes = _shapes(centres)
        order = [int(i) for i in np.argsort(np.linalg.norm(centres, axis=1))]
        ids = np.array([f"D{d + 1:02}" for d in range(self.districts)], dtype=object)
        kinds = np.empty(self.districts, dtype=object)
        for rank, d in enumerate(order):
            kinds[d] = KINDS[min(2, 3 * rank // self.districts)]
        people = rng.integers(200, 8000, size=self.units)
        home = ids[_nearest(places, centres)]
        degrees = [middle + points / scale for points in (places, sites)]
        units = pd.DataFrame({"unit_id": [f"U{u + 1:05}" for u in range(self.units)]})
        units = units.assign(name=units["unit_id"], people=people.astype(float), district_id=home)
        units = units.assign(lon=degrees[0][:, 0], lat=degrees[0][:, 1], row=range(2, self.units + 2))
        districts = pd.DataFrame({"district_id": ids, "name": ids, "kind": kinds}).assign(
            name_en="", area_km2=np.nan, consortium="", row=range(2, self.districts + 2)
        )
        districts["people"] = [float(people[home == d].sum()) for d in ids]
        polygons = [shapely.transform(shape, lambda xy: middle + xy / scale) for shape in shapes]
        return gp.Region(
            name=f"c{n:03}",
            districts=gpd.GeoDataFrame(districts, geometry=polygons, crs=4326),
            units=gpd.GeoDataFrame(units, geometry=[None] * self.units, crs=4326),
            hospitals=self._hospitals(ids[_nearest(sites, centres)], degrees[1], rng),
            branches=_empty("branch_id hospital_id name district_id status relation", "lon lat"),
            partnerships=_empty("hospital_id district_id basis since"),
        )

    def _hospitals(self, home: np.ndarray, at: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
        ids = [f"H{h + 1:02}" for h in range(self.hospitals)]
        return pd.DataFrame({"hospital_id": ids, "name": ids, "name_en": "", "tier": "municipal"}).assign(
            category=["tcm" if h % 6 == 5 else "general" for h in range(self.hospitals)],
            specialty="",
            grade="3A",
            ownership="public",
            district_id=home,
            lon=at[:, 0],
            lat=at[:, 1],
            beds=rng.integers(300, 2000, self.hospitals).astype(float),
            capacity_people=np.nan,
            willing="",
            row=range(2, self.hospitals + 2),
        )


def _nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    nearest: np.ndarray = np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(axis=1)
    return nearest


def _shapes(centres: np.ndarray) -> list[shapely.Geometry]:
    """Around each centre what is nearer to it than to the others, up to the edge of the city, km."""
    edge = shapely.Point(0, 0).buffer(RADIUS_KM * 1.01)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(centres), extend_to=edge.envelope).geoms
    tree = shapely.STRtree(shapely.points(centres))
    made: dict[int, shapely.Geometry] = {}
    for cell in cells:
        (inside,) = tree.query(cell, predicate="contains")
        made[int(inside)] = shapely.intersection(cell, edge)
    return [made[d] for d in range(len(centres))]


def _empty(texts: str, numbers: str = "") -> pd.DataFrame:
    columns = {name: pd.Series(dtype=object) for name in texts.split()}
    return pd.DataFrame({**columns, **{n: pd.Series(dtype=float) for n in numbers.split()}}).assign(
        row=pd.Series(dtype=float)
    )
