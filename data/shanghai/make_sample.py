"""Make the sample city: facts (facts/*.csv) plus a schematic map and a modelled population grid.

    python data/shanghai/make_sample.py [--out FOLDER]

The same input gives the same files, byte for byte. What is fact, derived or modelled: see README.md.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

HERE = Path(__file__).parent
FACTS = ("districts", "hospitals", "branches", "district_leads", "links")
UNITS, LEAST_UNITS = 640, 12  # units in all, and in every district
CELL_KM = 0.2  # edge of the fine cells that districts and units are made of
SMOOTH_KM = 0.35  # bends smaller than this are straightened
CHONGMING = "310151"  # three islands; the other districts share the mainland
CORE = np.array([[121.475, 31.232]])  # People's Square
RADIUS_KM, LON_0, LAT_0 = 6371.0088, np.radians(121.5), np.radians(31.2)

# The coast, the city limits and some towns, drawn by hand.
SKETCH = tomllib.loads((HERE / "sketch.toml").read_text(encoding="utf-8"))


def plane(lon_lat: np.ndarray) -> np.ndarray:
    """Degrees to kilometres around the city: cylindrical equal-area on a sphere, so that areas are right."""
    lon, lat = np.radians(lon_lat).T
    x = RADIUS_KM * np.cos(LAT_0) * (lon - LON_0)
    return np.column_stack([x, RADIUS_KM / np.cos(LAT_0) * (np.sin(lat) - np.sin(LAT_0))])


def degrees(x_y: np.ndarray) -> np.ndarray:
    """Kilometres of `plane` back to degrees."""
    x, y = np.asarray(x_y).T
    lat = np.arcsin(y * np.cos(LAT_0) / RADIUS_KM + np.sin(LAT_0))
    return np.degrees(np.column_stack([x / RADIUS_KM / np.cos(LAT_0) + LON_0, lat]))


def numbers(text: str) -> np.ndarray:
    """The lon lat pairs of a hand-written list, names left out."""
    return np.array([item.split()[-2:] for item in text.split(",")], float)


def drawn(text: str) -> shapely.Polygon:
    """A hand-drawn outline in kilometres."""
    return shapely.Polygon(plane(numbers(text)))


def towns(district: str) -> np.ndarray:
    """The hand-placed towns of a district, x y (km); none for some."""
    text = SKETCH["towns"].get(district, "")
    return plane(numbers(text)) if text else np.empty((0, 2))


def read_facts() -> dict[str, pd.DataFrame]:
    """The five fact tables, every cell as the text it is."""
    files = {name: HERE / f"facts/shanghai_{name}.csv" for name in FACTS}
    tables = {name: pd.read_csv(file, dtype=str, encoding="utf-8") for name, file in files.items()}
    tables["districts"] = tables["districts"].set_index("adcode").sort_index()
    return tables


def located(facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every located fact but the links: district_id, kind of point, x, y (km)."""
    seats = facts["districts"].reset_index().rename(columns={"seat_lon": "lon", "seat_lat": "lat"})
    hospitals = facts["hospitals"].rename(columns={"home_adcode": "adcode"})
    tables = {"seat": seats, "hospital": hospitals, "branch": facts["branches"]}
    tables["lead"] = facts["district_leads"]
    points = pd.concat([t[["adcode", "lon", "lat"]].assign(kind=kind) for kind, t in tables.items()]).dropna()
    x, y = plane(points[["lon", "lat"]].to_numpy(float)).T
    return pd.DataFrame({"district_id": points["adcode"], "kind": points["kind"], "x": x, "y": y})


def distances(cells: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Kilometres from every cell (rows) to every point (columns)."""
    return np.hypot(cells[:, :1] - points[:, 0], cells[:, 1:] - points[:, 1])


def fine_cells(shape: shapely.Geometry) -> np.ndarray:
    """Centres (km) of the fine cells whose centre lies in the shape."""
    west, south, east, north = (np.floor(np.array(shape.bounds) / CELL_KM) * CELL_KM).tolist()
    x, y = np.meshgrid(np.arange(west, east + 1, CELL_KM), np.arange(south, north + 1, CELL_KM))
    cells = np.column_stack([x.ravel(), y.ravel()]).round(6)
    shapely.prepare(shape)
    return cells[shapely.contains_xy(shape, *cells.T)]


def joined(cells: np.ndarray) -> shapely.Geometry:
    """The fine cells as one shape."""
    half = CELL_KM / 2
    corners = np.column_stack([cells - half, cells + half]).round(6)
    return shapely.coverage_union_all(shapely.box(*corners.T))


def divide(mainland: shapely.Polygon, anchors: list[np.ndarray], area: np.ndarray) -> list[shapely.Geometry]:
    """Each cell goes to the district of the nearest anchor, its distance divided by the district's weight.

    The weights are turned until the areas stand in the proportion of the published ones. An anchor is at
    distance 0 from itself, so it stays in its district. A crumb that hangs apart goes to the neighbour it
    touches most.
    """
    cells = fine_cells(mainland.buffer(0.8))  # a margin, so that the coast is cut once, at the end
    inside = shapely.contains_xy(mainland, *cells.T)
    km = np.stack([distances(cells, points).min(axis=1) for points in anchors])
    wanted = area / area.sum()
    weights = np.ones(len(anchors))
    for step in np.geomspace(0.5, 0.05, 150):
        owner = np.argmin(km / weights[:, None], axis=0)
        share = np.bincount(owner[inside], minlength=len(weights)) / inside.sum()
        weights *= (wanted / share) ** step
    while True:
        shapes = [joined(cells[owner == d]) for d in range(len(weights))]
        parts = [sorted(shapely.get_parts(shape), key=shapely.area) for shape in shapes]
        crumbs = [crumb for small_to_large in parts for crumb in small_to_large[:-1]]
        if not crumbs:
            return shapes
        crumb = shapely.contains_xy(crumbs[0], *cells.T)
        touching = shapely.length(shapely.intersection(crumbs[0].boundary, shapes))
        touching[owner[crumb][0]] = 0
        owner[crumb] = np.argmax(touching)


def draw_districts(facts: dict[str, pd.DataFrame], points: pd.DataFrame) -> gpd.GeoSeries:
    """Schematic polygons in degrees, 4 decimals, by district id; neighbours share their borders exactly."""
    table = facts["districts"]
    main = [d for d in table.index if d != CHONGMING]
    anchors = [np.vstack([points.loc[points["district_id"] == d, ["x", "y"]], towns(d)]) for d in main]
    mainland = drawn(SKETCH["mainland"])
    rough = divide(mainland, anchors, table.loc[main, "area_km2"].to_numpy(float))
    smooth = shapely.coverage_simplify(rough, SMOOTH_KM)
    shapes = dict(zip(main, shapely.intersection(smooth, mainland), strict=True))
    shapes[CHONGMING] = shapely.MultiPolygon([drawn(text) for text in SKETCH["islands"].values()])
    rounded = [shapely.transform(shapes[d], lambda xy: degrees(xy).round(4)) for d in table.index]
    return gpd.GeoSeries(shapely.orient_polygons(rounded), index=table.index, crs=4326)


def attraction(cells: np.ndarray, points: pd.DataFrame, district: str) -> np.ndarray:
    """Relative density of residents: falls from the city's core, the seat, the leads and the towns."""
    own = points[points["district_id"] == district]
    density = 0.03 + np.exp(-distances(cells, plane(CORE))[:, 0] / 7)
    seats, leads = (own.loc[own["kind"] == kind, ["x", "y"]].to_numpy() for kind in ("seat", "lead"))
    for weight, centres in ((1.5, seats), (1.0, leads), (0.4, towns(district))):
        density += weight * np.exp(-distances(cells, centres) / 1.8).sum(axis=1)
    return density


def split(cells: np.ndarray, size: np.ndarray, parts: int) -> list[np.ndarray]:
    """Index arrays of `parts` groups of about equal size, halving the longer side each time."""
    stack, done = [(np.arange(len(cells)), parts)], []
    while stack:
        group, n = stack.pop()
        if n == 1:
            done.append(group)
            continue
        extent = np.ptp(cells[group], axis=0)
        group = group[np.argsort(cells[group, int(extent[1] > extent[0])], kind="stable")]
        grown = np.cumsum(size[group])
        cut = int(np.searchsorted(grown, grown[-1] * (n // 2) / n))
        stack += [(group[cut:], n - n // 2), (group[:cut], n // 2)]
    return done


def shared_out(total: int, sizes: np.ndarray, least: int = 1) -> np.ndarray:
    """Whole numbers in proportion to `sizes` that add up to `total`, none below `least`."""
    exact = (total - least * len(sizes)) * sizes / sizes.sum()
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - least * len(sizes) - whole.sum()]] += 1
    return whole + least


def populate(facts: dict[str, pd.DataFrame], points: pd.DataFrame, districts: gpd.GeoSeries) -> pd.DataFrame:
    """The population grid: every district's residents on units that add up to its census figure."""
    table = facts["districts"]
    people, area = table["population_2020"].astype(int), table["area_km2"].astype(float)
    size = 0.75 * people / people.sum() + 0.25 * area / area.sum()
    counts = dict(zip(table.index, shared_out(UNITS, size.to_numpy(), LEAST_UNITS).tolist(), strict=True))
    return pd.concat([units_of(table.loc[d], points, districts[d], n) for d, n in counts.items()])


def units_of(fact: pd.Series, points: pd.DataFrame, shape: shapely.Geometry, count: int) -> pd.DataFrame:
    """One district's units, numbered from its seat outwards."""
    district = str(fact.name)
    cells = [fine_cells(part) for part in shapely.get_parts(shapely.transform(shape, plane))]
    density = [attraction(part, points, district) for part in cells]
    # A unit is small where people live close together, but none is boundless where they do not.
    mean = np.concatenate(density).mean()
    size = [part / mean + 0.5 for part in density]
    counts = shared_out(count, np.array([part.sum() for part in size]))
    parts = zip(cells, density, size, counts, strict=True)
    groups = [(c[group], d[group]) for c, d, s, n in parts for group in split(c, s, n)]

    # A unit's point is its cell nearest to its centre of residents, so that it lies inside the district.
    spots = np.array([c[distances(c, np.average(c, axis=0, weights=d)[None]).argmin()] for c, d in groups])
    residents = shared_out(int(fact["population_2020"]), np.array([d.sum() for _, d in groups]))
    seat = plane(np.array([[fact["seat_lon"], fact["seat_lat"]]], float))
    order = np.argsort(distances(spots, seat)[:, 0], kind="stable")
    lon, lat = degrees(spots[order]).round(5).T
    numbers = [f"{i:03d}" for i in range(1, count + 1)]
    return pd.DataFrame(
        {
            "unit_id": [f"{district}-{i}" for i in numbers],
            "name": [f"{fact['name_zh']}{i}号网格" for i in numbers],
            "people": residents[order],
            "district_id": district,
            "lon": lon,
            "lat": lat,
        }
    )


def hospital_table(facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The 46 hospitals and the 40 district leads in the canonical words.

    Military is an ownership, a specialty stands by itself; grade and beds of the leads are not known.
    """
    leads = facts["district_leads"].rename(columns={"adcode": "home_adcode"})
    fact = pd.concat([facts["hospitals"], leads], ignore_index=True)
    table = fact.rename(columns={"id": "hospital_id", "name_zh": "name", "home_adcode": "district_id"})
    table[["category", "specialty"]] = fact["category"].str.split(":", expand=True)
    military = fact["tier"] == "military"
    table["tier"] = fact["tier"].mask(military, "municipal")
    table["ownership"] = fact["ownership"].mask(military, "military")
    table["capacity_people"] = ""
    names = "hospital_id name name_en tier category specialty grade ownership district_id lon lat beds"
    return table[[*names.split(), "capacity_people"]]


def branch_table(facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The 73 branches with the canonical column names."""
    table = facts["branches"].rename(columns={"branch_name_zh": "name", "adcode": "district_id"})
    return table[["branch_id", "hospital_id", "name", "district_id", "status", "relation", "lon", "lat"]]


def partnership_table(hospitals: pd.DataFrame, branches: pd.DataFrame) -> pd.DataFrame:
    """Derived: a municipal public hospital and a district where one of its open affiliates is."""
    candidates = hospitals.query(
        "tier == 'municipal' and ownership == 'public' and category in ['general', 'tcm', 'integrated_tcm']"
    )
    affiliates = branches.query("status == 'open' and relation == 'affiliate'")
    pairs = affiliates[affiliates["hospital_id"].isin(candidates["hospital_id"])]
    pairs = pairs[["hospital_id", "district_id"]].drop_duplicates()
    return pairs.assign(basis="affiliate", since="")


def link_table(facts: dict[str, pd.DataFrame], units: pd.DataFrame) -> pd.DataFrame:
    """The tunnel, the bridge and the ferry of Chongming, each between the units nearest to its two ends."""
    fact = facts["links"]
    ends = {f"{end}_unit": nearest_units(fact, end, units) for end in ("from", "to")}
    return pd.DataFrame({**ends, "way": fact["way"], "name": fact["name"]})


def nearest_units(fact: pd.DataFrame, end: str, units: pd.DataFrame) -> list[str]:
    """The unit, in the district that the fact names, whose point is nearest to that end of each link."""
    found = []
    for district, lon, lat in fact[[f"{end}_adcode", f"{end}_lon", f"{end}_lat"]].itertuples(index=False):
        own = units[units["district_id"] == district]
        km = distances(plane(own[["lon", "lat"]].to_numpy(float)), plane(np.array([[lon, lat]], float)))
        found.append(own["unit_id"].iloc[int(km.argmin())])
    return found


def district_json(facts: dict[str, pd.DataFrame], shapes: gpd.GeoSeries) -> str:
    """GeoJSON (RFC 7946), one district per line."""
    lines = []
    for district, fact in facts["districts"].iterrows():
        properties = {
            "district_id": district,
            "name": fact["name_zh"],
            "name_en": fact["name_en"],
            "kind": fact["kind"],
            "people": int(fact["population_2020"]),
            "area_km2": float(fact["area_km2"]),
        }
        geometry = shapely.geometry.mapping(shapes[district])
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description="Make the sample city Shanghai.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    facts = read_facts()
    points = located(facts)
    shapes = draw_districts(facts, points)
    hospitals, branches = hospital_table(facts), branch_table(facts)
    units = populate(facts, points, shapes)
    tables = {
        "units": units,
        "hospitals": hospitals,
        "branches": branches,
        "partnerships": partnership_table(hospitals, branches),
        "links": link_table(facts, units),
    }
    (out / "districts.geojson").write_text(district_json(facts, shapes), encoding="utf-8", newline="\n")
    for name, table in tables.items():
        ordered = table.sort_values(list(table.columns[:2]))
        ordered.to_csv(out / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")


if __name__ == "__main__":
    main()
