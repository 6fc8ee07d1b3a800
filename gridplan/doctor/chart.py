"""What several checks look at, worked out once: every place with its district, and how it lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from gridplan.geography.metric import in_metres, to_metres
from gridplan.inputs.region import Region

ELSEWHERE_DEGREES = 5.0  # no city is wider: what lies farther from its middle is a wrong number
PLACED = {"units": "unit_id", "hospitals": "hospital_id", "branches": "branch_id"}


@dataclass(frozen=True, eq=False)
class Chart:
    """A region as the doctor sees it."""

    region: Region

    @cached_property
    def _said(self) -> dict[tuple[str, int | None], list[str]]:
        said: dict[tuple[str, int | None], list[str]] = {}
        for finding in self.region.findings:
            if finding.severity == "error":
                said.setdefault((finding.table, finding.row), []).append(finding.what.en)
        return said

    def already_said(self, table: str, row: int | None, column: str) -> bool:
        """Whether reading has noted this very cell, or that its table has no places at all, so that it is not noted twice."""
        if column in ("lon", "lat") and table in self._unplaced:
            return True
        return any(column in what for what in self._said.get((table, row), ()))

    @cached_property
    def _unplaced(self) -> set[str]:
        return {f.table for f in self.region.findings if f.code in ("wrong-zone", "wrong-crs")}

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude around which the region lies, even if one of its tables is wrong.

        A table whose latitudes are beyond 90 is taken the other way round: it can only be swapped.
        """
        tables = [_polygon_middles(self.region.districts), self.region.units, self.region.hospitals]
        medians = [table[["lon", "lat"]].astype(float).median() for table in tables if len(table)]
        upright = [m[["lat", "lon"]].set_axis(m.index) if abs(m["lat"]) > 90 else m for m in medians]
        middle = pd.DataFrame(upright, columns=["lon", "lat"]).median()
        return float(middle["lon"]), float(middle["lat"])

    def condition(self, lon: pd.Series, lat: pd.Series) -> pd.Series:
        """How each coordinate pair looks: "fine", "blank", "swapped" or "absurd"."""
        x, y = lon.astype(float).to_numpy(), lat.astype(float).to_numpy()
        straight, turned = self._near(x, y), self._near(y, x)
        words = np.select(
            [np.isnan(x) | np.isnan(y), straight, turned], ["blank", "fine", "swapped"], default="absurd"
        )
        return pd.Series(words, index=lon.index, dtype=object)

    def _near(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        lon, lat = self.middle
        near: np.ndarray = (np.abs(x - lon) <= ELSEWHERE_DEGREES) & (np.abs(y - lat) <= ELSEWHERE_DEGREES)
        return near

    @cached_property
    def road_ends(self) -> pd.DataFrame:
        """Both ends of every road, one below the other: row, id (none), name, lon, lat, condition."""
        columns = ["row", "id", "name", "lon", "lat", "condition"]
        roads = self.region.roads
        if roads is None or roads.empty:
            return pd.DataFrame(columns=columns)
        ends = pd.concat(
            [
                roads.rename(columns={f"{end}_lon": "lon", f"{end}_lat": "lat"})
                .assign(id="", name=f"{end}_lon, {end}_lat")
                .reindex(columns=columns[:-1])
                for end in ("from", "to")
            ],
            ignore_index=True,
        )
        return ends.assign(condition=self.condition(ends["lon"], ends["lat"]))

    @cached_property
    def swapped_districts(self) -> pd.Series:
        """Whether the polygon of a district has latitude where longitude should be."""
        middles = _polygon_middles(self.region.districts)
        return self.condition(middles["lon"], middles["lat"]) == "swapped"

    @cached_property
    def shapes(self) -> gpd.GeoSeries:
        """Valid polygons of the districts that have a usable one, by district_id, in metres."""
        return self.valid_shapes(self.region.districts[~self.swapped_districts], "district_id")

    @cached_property
    def invalid(self) -> set[str]:
        """The districts whose polygon is invalid."""
        districts = self.region.districts
        return set(districts.loc[~districts.geometry.is_valid & districts.geometry.notna(), "district_id"])

    def valid_shapes(self, table: gpd.GeoDataFrame, key: str) -> gpd.GeoSeries:
        """The polygons of a table, made valid, by id, in metres; records without one are left out."""
        known = table[table.geometry.notna() & ~table.geometry.is_empty].drop_duplicates(key)
        crs = self.region.metric_crs
        ids = pd.Index(known[key].to_numpy(dtype=object), dtype=object)
        return gpd.GeoSeries(in_metres(known.geometry, crs), index=ids, crs=crs)

    @cached_property
    def all_have_shapes(self) -> bool:
        """Whether every district has a polygon, so that "outside all" can be said at all."""
        ids = set(self.region.districts["district_id"])
        return bool(ids) and ids <= set(self.shapes.index)

    def called(self, district_id: str) -> str:
        """Name and id of a district."""
        return f"{self._names.get(district_id, '')} ({district_id})".strip()

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(zip(self.region.districts["district_id"], self.region.districts["name"], strict=True))

    @cached_property
    def places(self) -> pd.DataFrame:
        """All units, hospitals and branches, one below the other.

        table, row, id, name, hospital_id, district_id (as stated), lon, lat, condition, found (the district
        it lies in, "" where in none) and km_out (km outside its stated district, NaN where not known).
        The units come first, so that their index is the position in `region.units`.
        """
        columns = ["row", "id", "name", "hospital_id", "district_id", "lon", "lat"]
        tables = []
        for name, key in PLACED.items():
            table = pd.DataFrame(getattr(self.region, name))
            table = table.assign(id=table[key]).reindex(columns=columns).astype(object)
            tables.append(table.assign(table=name))
        places = pd.concat(tables, ignore_index=True).astype({"lon": float, "lat": float})
        places["district_id"] = places["district_id"].where(places["district_id"].notna(), "")
        places["condition"] = self.condition(places["lon"], places["lat"])
        points = self.points(places["lon"], places["lat"])
        points[(places["condition"] != "fine").to_numpy()] = None
        places["found"] = self.containing(points, places["district_id"])
        at_home = (places["found"] != "") & (places["found"] == places["district_id"])
        away = np.flatnonzero(~at_home)  # only these: a distance looks at every corner of a district
        places["km_out"] = 0.0
        metres = shapely.distance(points[away], self.stated_shapes(places["district_id"].iloc[away]))
        places.loc[away, "km_out"] = metres / 1000
        return places

    @cached_property
    def units_in_place(self) -> pd.DataFrame:
        """The units of `places` whose coordinates look fine."""
        return self.places[(self.places["table"] == "units") & (self.places["condition"] == "fine")]

    def stated_shapes(self, district_ids: pd.Series) -> np.ndarray:
        """The polygon of each stated district, None where there is none."""
        shapes = dict(zip(self.shapes.index, self.shapes, strict=True))
        stated: np.ndarray = np.array([shapes.get(id) for id in district_ids], dtype=object)
        return stated

    def points(self, lon: ArrayLike, lat: ArrayLike) -> np.ndarray:
        """Degrees → points in metres."""
        points = shapely.points(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        return to_metres(points, self.region.metric_crs)

    def containing(self, points: np.ndarray, stated: pd.Series) -> np.ndarray:
        """The district each point lies in, "" where in none; the stated one where it is among several."""
        shape, hit = shapely.STRtree(points).query(np.asarray(self.shapes), predicate="intersects")
        hits = pd.DataFrame({"point": hit, "district_id": self.shapes.index.to_numpy()[shape]})
        hits["other"] = hits["district_id"].to_numpy() != stated.to_numpy()[hit]
        first = hits.sort_values(["point", "other"], kind="stable").drop_duplicates("point")
        found = np.full(len(points), "", dtype=object)
        found[first["point"].to_numpy()] = first["district_id"].to_numpy()
        return found


def _polygon_middles(districts: gpd.GeoDataFrame) -> pd.DataFrame:
    bounds = shapely.bounds(np.asarray(districts.geometry, dtype=object)).reshape(-1, 4)
    middles = {"lon": (bounds[:, 0] + bounds[:, 2]) / 2, "lat": (bounds[:, 1] + bounds[:, 3]) / 2}
    return pd.DataFrame(middles, index=districts.index)
