"""Records in their places: polygons, points, districts that only geometry tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gridplan.inputs.column import NUMERIC
from gridplan.inputs.matching.joined import Read
from gridplan.inputs.place import is_polygon, points_of
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text


def with_polygons(read: Read, name: str, notes: Notes) -> pd.DataFrame:
    """The table with a column geometry: polygons and None (points of units live on as lon and lat)."""
    data = read.data.copy()
    shapes = np.full(len(data), None, dtype=object) if read.shapes is None else read.shapes
    polygon = is_polygon(shapes)
    point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    wrong = ~polygon & (shapely.get_type_id(shapes) >= 0) & ~(point & (name == "units"))
    for position in np.flatnonzero(wrong):
        notes.error(
            "wrong-geometry",
            name,
            Text(
                f"The shape is a {shapes[position].geom_type}, not a polygon.",
                f"图形是 {shapes[position].geom_type}，不是面。",
            ),
            Text("Draw the area as a polygon.", "请用面（polygon）表示范围。"),
            row=int(data["row"].iloc[position]),
            id=str(data[TABLES[name].key].iloc[position]),
        )
    data["geometry"] = [shape if keep else None for shape, keep in zip(shapes, polygon, strict=True)]
    columns = [c for c in data.columns if c not in ("geometry", "row")]
    return data[[*columns, "geometry", "row"]]


def located(read: Read | None, name: str) -> pd.DataFrame:
    """The table with lon and lat, from its shapes where it states none; empty where there is no file."""
    if read is None:
        table = TABLES[name]
        types = {c.name: "float64" if c.kind in NUMERIC else "str" for c in table} | {"row": "int64"}
        return pd.DataFrame({c: pd.Series([], dtype=t) for c, t in types.items()})
    data = read.data.copy()
    if read.shapes is not None and "lon" in data:
        lon, lat = points_of(read.shapes)
        blank = data["lon"].isna() & data["lat"].isna()
        data["lon"], data["lat"] = data["lon"].mask(blank, lon), data["lat"].mask(blank, lat)
    return data


def without_unlocated(units: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The units that have a location; the others are told."""
    missing = units["lon"].isna() | units["lat"].isna()
    for unit_id, name, row in units.loc[missing, ["unit_id", "name", "row"]].itertuples(index=False):
        notes.warn(
            "unit-left-out",
            "units",
            Text(f"{name} has no location and is left out of the plan.", f"{name} 没有位置，未纳入规划。"),
            Text("Give it lon and lat to plan it.", "补充经纬度后即可纳入。"),
            row=int(row),
            id=str(unit_id),
        )
    return units[~missing].reset_index(drop=True)


def join_districts(units: pd.DataFrame, districts: pd.DataFrame) -> pd.DataFrame:
    """Units that state no district get the one that their point lies in ("" where none does)."""
    blank = units["district_id"] == ""
    shapes = districts["geometry"].to_numpy()
    if not blank.any() or not any(s is not None for s in shapes):
        return units
    points = shapely.points(units.loc[blank, ["lon", "lat"]].to_numpy(float), handle_nan="skip")
    district, at = shapely.STRtree(points).query(shapes, predicate="intersects")
    first = pd.Series(districts["district_id"].to_numpy()[district], index=at).groupby(level=0).min()
    joined = units.copy()
    joined.loc[blank, "district_id"] = first.reindex(range(len(points))).fillna("").to_numpy()
    return joined
