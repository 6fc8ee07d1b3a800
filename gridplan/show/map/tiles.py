"""Background tiles, for those who ask for them: named services, their datum, their hosts and whom to thank."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np
import pandas as pd
import shapely

from gridplan.inputs.datum import wgs84_to
from gridplan.plans.plan import Plan
from gridplan.show.shared.areas import DECIMALS, Areas
from gridplan.words.errors import DataError
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import GRID

KEY = "{key}"


@dataclass(frozen=True)
class Tiles:
    """A tile service.

    Parameters
    ----------
    urls : layers from below, as Leaflet writes them ({s}, {x}, {y}, {z}); with {key} where the service wants one.
    hosts : what the page may then fetch images from; nothing else.
    subdomains : what {s} stands for.
    most : the deepest zoom it has.
    attribution : whom to thank, shown on the map.
    datum : of its pictures; what is drawn above is moved there.
    """

    urls: tuple[str, ...]
    hosts: tuple[str, ...]
    subdomains: str
    most: int
    attribution: Text
    datum: str = "wgs84"


def _tianditu(layer: str) -> str:
    return (
        f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
        "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=" + KEY
    )


SERVICES = {
    "osm": Tiles(
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
        ("https://tile.openstreetmap.org",),
        "",
        19,
        Text("© OpenStreetMap contributors", "© OpenStreetMap 贡献者"),
    ),
    "tianditu": Tiles(
        (_tianditu("vec"), _tianditu("cva")),
        tuple(f"https://t{n}.tianditu.gov.cn" for n in range(8)),
        "01234567",
        18,
        Text("© Tianditu, National Geomatics Center of China", "© 天地图 国家地理信息公共服务平台"),
        "cgcs2000",
    ),
    "amap": Tiles(
        ("https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",),
        tuple(f"https://webrd0{n}.is.autonavi.com" for n in range(1, 5)),
        "1234",
        18,
        Text("© AutoNavi (Amap)", "© 高德地图"),
        "gcj02",
    ),
}


def tile_service(name: str | None, key: str | None = None) -> Tiles | None:
    """The tile service of that name with the key in its addresses; None where none is asked for.

    Raises
    ------
    DataError : an unknown name, a key that is missing, or one that nobody needs.
    """
    if name is None:
        if key is not None:
            raise DataError(
                Text("a key for tiles, but no tiles", "给出了底图密钥，但没有指定底图"),
                Text(f"name them: {', '.join(SERVICES)}", f"请指定底图：{'、'.join(SERVICES)}"),
            )
        return None
    if name not in SERVICES:
        near = difflib.get_close_matches(name, SERVICES, 1)
        hint = Text(f"did you mean {near[0]}?", f"是否指 {near[0]}？") if near else both(", ".join(SERVICES))
        raise DataError(Text(f"no tiles are called {name!r}", f"没有名为 {name!r} 的底图"), hint)
    service = SERVICES[name]
    wants = any(KEY in url for url in service.urls)
    if wants and not (key or "").strip():
        raise DataError(
            Text(f"the tiles {name} need a key", f"底图 {name} 需要密钥"),
            Text(
                "get one from the service, and give key= or --tiles-key",
                "请向该服务申请，用 key= 或 --tiles-key 给出",
            ),
        )
    if key and not wants:
        raise DataError(
            Text(f"the tiles {name} take no key", f"底图 {name} 不用密钥"),
            Text("leave key= or --tiles-key out", "请去掉 key= 或 --tiles-key"),
        )
    return replace(
        service, urls=tuple(url.replace(KEY, quote((key or "").strip(), safe="")) for url in service.urls)
    )


def in_datum(plan: Plan, areas: Areas, datum: str) -> tuple[Plan, Areas]:
    """Plan and areas as they are drawn above tiles of another datum: every coordinate moved, nothing else changed."""
    if datum in ("wgs84", "cgcs2000"):
        return plan, areas

    def moved(points: np.ndarray) -> np.ndarray:
        return np.column_stack(wgs84_to(points[:, 0], points[:, 1], datum)).round(DECIMALS)

    def sites(table: pd.DataFrame) -> pd.DataFrame:
        lon, lat = wgs84_to(table["lon"].to_numpy(float), table["lat"].to_numpy(float), datum)
        return table.assign(lon=lon, lat=lat)

    region = plan.region.with_tables(
        units=sites(plan.region.units),
        hospitals=sites(plan.region.hospitals),
        branches=sites(plan.region.branches),
        institutions=None if plan.region.institutions is None else sites(plan.region.institutions),
    )
    drawn = replace(
        areas,
        units=shapely.transform(areas.units, moved),
        districts=shapely.transform(areas.districts, moved),
        middles=moved(areas.middles),
        cells=None,  # a lattice that is moved is none
    )
    there = replace(plan, region=region)
    if any(one.layer != GRID for one in plan.layers):  # today, too, as its own places make it
        there.__dict__["today"] = plan.today
    return there, drawn
