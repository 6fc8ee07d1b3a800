"""Made-up regions of any size to draw: units with ragged borders, or the cells of a lattice."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gridplan.geography.tessellate import unit_areas
from gridplan.inputs.region import Region

WEST, SOUTH = 120.9, 30.8  # a box of one degree by 0.86, some 95 km each way
WIDE, HIGH = 1.0, 0.86
DISTRICTS, HOSPITALS, TCM = 16, 36, 9
HALVINGS = 3  # of every straight border: 8 pieces
RAGGED = 0.045  # how far the middle of a border moves, in its length
CENTRAL = 5
MOST_UNITS_WHOLE = 10_000  # more units share as many people as these have, some 47 million: no city has more


def region(units: int, cells: bool, seed: int = 1, general: int = HOSPITALS, borders: bool = True) -> Region:
    """A round city, denser in the middle: 16 districts, 36 hospitals or so many and 9 of TCM.

    Units are the cells of a lattice, or have polygons with ragged borders, or are points alone.
    """
    rng = np.random.default_rng(seed)
    seeds = _disc(rng, DISTRICTS, 0.6)
    seeds = seeds[np.argsort(np.hypot(*(seeds - [0.5, 0.5]).T))]
    places = _lattice(units) if cells else _disc(rng, units, 0.62)
    district = np.array([f"3101{d:02}" for d in cKDTree(seeds).query(places)[1]], dtype=object)
    whole = shapely.Point(0.5, 0.5).buffer(0.5, quad_segs=32)
    outlines = _in_order(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds))), seeds)
    people = np.ceil(rng.integers(500, 9_000, len(places)) * min(1.0, MOST_UNITS_WHOLE / len(places)))
    districts = _districts(shapely.intersection(outlines, whole), pd.Series(people).groupby(district).sum())
    width = len(str(units))
    lon, lat = WEST + places[:, 0] * WIDE, SOUTH + places[:, 1] * HIGH
    table = gpd.GeoDataFrame(
        {
            "unit_id": [f"U{n:0{width}}" for n in range(len(places))],
            "name": [f"第{n + 1}{'格' if cells else '居委会'}" for n in range(len(places))],
            "people": people,
            "district_id": district,
            "lon": lon.round(6),
            "lat": lat.round(6),
            "row": np.arange(2, len(places) + 2),
        },
        geometry=np.full(len(places), None, dtype=object),
        crs=4326,
    )
    made = Region(
        f"city-{units}", districts, table, _hospitals(rng, seeds, general), _branches(), _partnerships(), sources=("made up",)
    )  # fmt: skip
    return made if cells or not borders else made.with_tables(**_with_borders(made, rng))


def _disc(rng: np.random.Generator, size: int, towards_middle: float) -> np.ndarray:
    """Points in a disc of diameter 1 around (0.5, 0.5)."""
    angle, radius = rng.uniform(0, 2 * np.pi, size), 0.49 * rng.uniform(0, 1, size) ** towards_middle
    return 0.5 + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _lattice(cells: int) -> np.ndarray:
    """The middles of so many cells of a square lattice, those nearest to the middle of the disc."""
    side = 2 * int(np.ceil(np.sqrt(cells / np.pi))) + 4
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    middle = (side - 1) / 2
    place = np.column_stack([x.ravel(), y.ravel()]) - middle
    nearest = np.argsort(np.hypot(*place.T), kind="stable")[:cells]
    reach = np.hypot(*place[nearest[-1]])
    return 0.5 + 0.49 * place[np.sort(nearest)] / reach


def _in_order(shapes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The shape around each point."""
    owner, shape = shapely.STRtree(shapes).query(shapely.points(points), predicate="within")
    found = np.full(len(points), shapely.Polygon(), dtype=object)
    found[owner] = shapes[shape]
    return found


def _districts(outlines: np.ndarray, people: pd.Series) -> gpd.GeoDataFrame:
    shapes = shapely.transform(outlines, lambda xy: xy * [WIDE, HIGH] + [WEST, SOUTH])
    numbers = range(len(shapes))
    return gpd.GeoDataFrame(
        {
            "district_id": [f"3101{d:02}" for d in numbers],
            "name": [f"第{d + 1}区" for d in numbers],
            "name_en": [f"District {d + 1}" for d in numbers],
            "kind": ["central" if d < CENTRAL else "suburban" for d in numbers],
            "people": people.reindex([f"3101{d:02}" for d in numbers]).to_numpy(),
            "area_km2": np.nan,
            "consortium": "",
            "row": np.arange(2, len(shapes) + 2),
        },
        geometry=shapes,
        crs=4326,
    )


def _hospitals(rng: np.random.Generator, seeds: np.ndarray, general: int) -> pd.DataFrame:
    places = _disc(rng, general + TCM, 0.9)
    home = cKDTree(seeds).query(places)[1]
    tcm = np.arange(len(places)) >= general
    return pd.DataFrame(
        {
            "hospital_id": [f"H{n:02}" for n in range(len(places))],
            "name": [f"市第{n + 1}{'中医' if t else '人民'}医院" for n, t in enumerate(tcm)],
            "name_en": [f"{'TCM' if t else 'General'} Hospital {n + 1}" for n, t in enumerate(tcm)],
            "tier": "municipal",
            "category": np.where(tcm, "tcm", "general"),
            "specialty": "",
            "grade": "3A",
            "ownership": "public",
            "district_id": [f"3101{d:02}" for d in home],
            "lon": (WEST + places[:, 0] * WIDE).round(6),
            "lat": (SOUTH + places[:, 1] * HIGH).round(6),
            "beds": 1000.0,
            "capacity_people": np.nan,
            "willing": "",
            "row": np.arange(2, len(places) + 2),
        }
    )


def _branches() -> pd.DataFrame:
    columns = ["branch_id", "hospital_id", "name", "district_id", "status", "relation", "lon", "lat", "row"]
    return pd.DataFrame(
        {name: pd.Series(dtype=float if name in ("lon", "lat") else object) for name in columns}
    )


def _partnerships() -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(dtype=object) for name in ("hospital_id", "district_id", "basis", "since", "row")}
    )


def _with_borders(made: Region, rng: np.random.Generator) -> dict[str, gpd.GeoDataFrame]:
    """Units and districts with the ragged borders that units have in earnest: each border is drawn once, for both sides."""
    straight = np.asarray(unit_areas(made.units, made.districts, made.metric_crs).to_crs(made.metric_crs))
    lines = shapely.get_parts(shapely.union_all(shapely.boundary(straight)))
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    ragged = np.array([_ragged(shapely.get_coordinates(line), rng) for line in merged], dtype=object)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(ragged))))
    middles = shapely.point_on_surface(straight)
    nearest = cKDTree(shapely.get_coordinates(middles))
    owner = nearest.query(shapely.get_coordinates(shapely.point_on_surface(faces)))[1]
    unit, face = shapely.STRtree(faces).query(middles, predicate="within")
    owner[face] = unit
    areas = np.full(len(straight), shapely.Polygon(), dtype=object)
    for n, mine in pd.Series(owner).groupby(owner).indices.items():
        areas[n] = shapely.union_all(faces[mine])
    units = made.units.set_geometry(gpd.GeoSeries(areas, crs=made.metric_crs).to_crs(4326))
    joined = units.dissolve("district_id").geometry.reindex(made.districts["district_id"])
    return {"units": units, "districts": made.districts.set_geometry(np.asarray(joined), crs=4326)}


def _ragged(corners: np.ndarray, rng: np.random.Generator) -> shapely.LineString:
    for _ in range(HALVINGS):
        step = np.diff(corners, axis=0)
        aside = np.column_stack([-step[:, 1], step[:, 0]]) * rng.uniform(-RAGGED, RAGGED, (len(step), 1))
        halved = np.empty((2 * len(corners) - 1, 2))
        halved[::2], halved[1::2] = corners, corners[:-1] + step / 2 + aside
        corners = halved
    return shapely.LineString(corners)
