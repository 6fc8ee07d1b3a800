"""plan.gpkg: a plan for a GIS, a layer each for units, districts, hospitals, pairs and grids, styled for QGIS; or GeoParquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridplan.files.geopackage import write_geopackage
from gridplan.geography.tessellate import areas_of
from gridplan.plans.folder.mark import keyword, mark_of
from gridplan.plans.grids_of_plan import grids
from gridplan.plans.plan import Plan
from gridplan.words.vocabulary import GRID

GPKG = "plan.gpkg"
LAYERS = ("units", "districts", "hospitals", "pairs", "grids")
PARQUET = tuple(f"plan_{layer}.parquet" for layer in LAYERS)
KINDS = {"units": "fill", "districts": "line", "hospitals": "marker", "pairs": "line", "grids": "fill"}
# Fills that are told apart by people who see colours differently (Okabe and Ito, 2008), lighter and darker.
COLOURS = (
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999",
    "#f3cf80", "#aad9f4", "#80cfb9", "#f8f2a1", "#80b9d9", "#eaae80", "#e6bcd3", "#cccccc",
)  # fmt: skip


def plan_layers(plan: Plan, ground: gpd.GeoSeries | None = None) -> dict[str, gpd.GeoDataFrame]:
    """The layers of a plan, in WGS 84; `ground` are the `unit_areas`, where they are at hand.

    units : unit_id, name, people, district_id, and for each layer of the plan hospital and minutes (hospital_general …);
        the unit's polygon, else the ground that is nearer to its point than to any other (of many points on a lattice, its square).
    districts : district_id, name, kind, people. hospitals : as in the region, as points.
    pairs : layer, district, hospital, people, priority, as lines from the district's middle to the hospital.
    grids : lead, residents, mean minutes; only where the plan has grids.
    """
    region = plan.region
    units = region.units.drop(columns="row", errors="ignore")
    if ground is None:
        ground = areas_of(region)
    units = units.set_geometry(gpd.GeoSeries(np.asarray(ground, dtype=object), index=units.index, crs=4326))
    for layer, rows in plan.assignment.groupby("layer", sort=False):
        served = rows.drop_duplicates("unit_id").set_index("unit_id")
        units[f"hospital_{layer}"] = units["unit_id"].map(served["hospital_id"])
        units[f"minutes_{layer}"] = units["unit_id"].map(served["minutes"])
    hospitals = region.hospitals.drop(columns="row", errors="ignore")
    points = gpd.points_from_xy(hospitals["lon"], hospitals["lat"], crs=4326)
    found = {
        "units": units,
        "districts": region.districts.drop(columns="row", errors="ignore"),
        "hospitals": gpd.GeoDataFrame(hospitals, geometry=points),
        "pairs": _pairs(plan),
    }
    if GRID in plan.policy.layers:
        found["grids"] = _grids(plan, units)
    return found


def _pairs(plan: Plan) -> gpd.GeoDataFrame:
    region = plan.region
    middles = _middles(plan)
    sites = region.hospitals.drop_duplicates("hospital_id").set_index("hospital_id")[["lon", "lat"]]
    pairs = plan.pairs.copy()
    pairs["district"] = [region.label("district", id) for id in pairs["district_id"]]
    pairs["hospital"] = [region.label("hospital", id) for id in pairs["hospital_id"]]
    lines = [
        shapely.LineString([middles[district], tuple(sites.loc[hospital])])
        for district, hospital in zip(pairs["district_id"], pairs["hospital_id"], strict=True)
    ]
    return gpd.GeoDataFrame(pairs, geometry=lines, crs=4326)


def _middles(plan: Plan) -> dict[str, tuple[float, float]]:
    """Where the residents of each district are, on average."""
    units = plan.region.units.dropna(subset=["lon", "lat"])
    weight = units["people"].fillna(0).clip(lower=0) + 1e-6
    sums = (
        units.assign(w=weight, x=units["lon"] * weight, y=units["lat"] * weight)
        .groupby("district_id")[["w", "x", "y"]]
        .sum()
    )
    return {
        str(id): (row.x / row.w, row.y / row.w) for id, row in zip(sums.index, sums.itertuples(), strict=True)
    }


def _grids(plan: Plan, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    drawn = units.dissolve(f"hospital_{GRID}")[["geometry"]]
    table = grids(plan)
    shapes = drawn["geometry"].reindex(table["hospital_id"]).to_numpy()
    return gpd.GeoDataFrame(table, geometry=shapes, crs=4326)


def write_gpkg(plan: Plan, path: Path, ground: gpd.GeoSeries | None = None) -> None:
    """All layers into one GeoPackage, with a style for each that QGIS takes by itself."""
    layers = plan_layers(plan, ground)
    first = next((c for c in layers["units"] if str(c).startswith("hospital_")), "")
    called = dict(zip(layers["hospitals"]["hospital_id"], layers["hospitals"]["name"], strict=True))
    styles = {name: _style(name, layer, str(first), called) for name, layer in layers.items()}
    write_geopackage(path, layers, styles, {"units": keyword(mark_of(plan))})


def _style(name: str, layer: gpd.GeoDataFrame, served: str, called: Mapping[str, str]) -> str:
    """A QML style: units and grids coloured by hospital, the rest plain."""
    by = served if name == "units" else "hospital_id" if name == "grids" else ""
    kind = KINDS[name]
    if not by:
        return _qml(
            f'<renderer-v2 type="singleSymbol"><symbols>{_symbol(kind, 0, "#333333")}</symbols></renderer-v2>'
        )
    values = [str(v) for v in pd.unique(layer[by].dropna())]
    ranges = "".join(
        f'<category symbol="{n}" value={quoteattr(v)} label={quoteattr(called.get(v, v))} render="true"/>'
        for n, v in enumerate(values)
    )
    symbols = "".join(_symbol(kind, n, COLOURS[n % len(COLOURS)]) for n in range(len(values)))
    return _qml(
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(by)}><categories>{ranges}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
    )


def _symbol(kind: str, number: int, colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    paint = f"{red},{green},{blue}"
    simple = {
        "fill": (
            "SimpleFill",
            {"color": f"{paint},180", "outline_color": "255,255,255,255", "outline_width": "0.2"},
        ),
        "line": ("SimpleLine", {"line_color": f"{paint},255", "line_width": "0.5"}),
        "marker": ("SimpleMarker", {"color": f"{paint},255", "size": "2.4", "name": "circle"}),
    }
    made, options = simple[kind]
    said = "".join(f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in options.items())
    return f'<symbol name="{number}" type="{kind}"><layer class="{made}"><Option type="Map">{said}</Option></layer></symbol>'


def _qml(renderer: str) -> str:
    return (
        f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis version=\"3.22\">{renderer}</qgis>"
    )


def write_parquet(plan: Plan, folder: Path, ground: gpd.GeoSeries | None = None) -> None:
    """The same layers as GeoParquet, a file each."""
    import pyarrow.parquet as pq

    for name, layer in plan_layers(plan, ground).items():
        file = folder / f"plan_{name}.parquet"
        layer.to_parquet(file, index=False)
        table = pq.read_table(file)
        about = {**(table.schema.metadata or {}), b"gridplan": keyword(mark_of(plan)).encode("ascii")}
        pq.write_table(table.replace_schema_metadata(about), file)
