"""Places in the answer of a router → the units and hospitals that were asked for: by their order where that fits, else by place."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from pyproj import Geod

from gridplan.inputs.formats.router_answer import AT
from gridplan.inputs.sheets.notes import Notes
from gridplan.words.text import Text

PLACE = re.compile(rf"{AT} (\d+): (-?[\d.]+),(-?[\d.]+)")
MIDDLE_KM, FARTHEST_KM = 1.0, 10.0  # from a place to its road, of those in order; of any one
EARTH = Geod(a=6371008.8, b=6371008.8)


def with_ids(travel: pd.DataFrame, column: str, named: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The travel table with ids in a column where an answer of a router has places.

    Parameters
    ----------
    named : the records with that id column, lon, lat and row.
    """
    places, found = _places(travel[column])
    if not places:
        return travel
    here = _placed(named)
    order = _in_order(found, here)
    match = order if order is not None else _nearest(found, here)
    ids = here[column].tolist()
    lost = [text for text, position in zip(places, match, strict=True) if position < 0]
    if lost:
        notes.error(
            "router-place-unknown",
            "travel",
            Text(
                f"{len(lost)} of {len(places)} places of the router's answer are nobody's {column}, or that of several: {lost[0]} …",
                f"路由结果的 {len(places)} 个位置中有 {len(lost)} 个对不上唯一的 {column}：{lost[0]} …",
            ),
            Text(
                "Ask for all units and hospitals in the order of their tables, in degrees of WGS 84; or write travel.csv with ids.",
                "请按各表的顺序、以 WGS 84 经纬度请求全部单元与医院；或写成带编号的 travel.csv。",
            ),
        )
    said = {
        text: ids[position] if position >= 0 else "" for text, position in zip(places, match, strict=True)
    }
    return travel.assign(**{column: [said.get(text, text) for text in travel[column].tolist()]})


def from_units(
    travel: pd.DataFrame, units: pd.DataFrame, hospitals: pd.DataFrame, notes: Notes
) -> pd.DataFrame:
    """The travel table with units before hospitals; an error where the router was asked for the way back."""
    ends = [_places(travel[column])[1] for column in ("unit_id", "hospital_id")]
    there, here = _placed(hospitals), _placed(units)
    back = [_in_order(found, at) for found, at in zip(ends, (there, here), strict=True)]
    forth = [_in_order(found, at) for found, at in zip(ends, (here, there), strict=True)]
    if None in back or None not in forth:
        return travel
    notes.error(
        "router-way-back",
        "travel",
        Text(
            "The router's answer has the hospitals as its sources and the units as its destinations: these are the minutes back.",
            "路由结果以医院为起点、单元为终点：所得为返程时间。",
        ),
        Text(
            "Ask again with the units as sources and the hospitals as destinations; where the way back counts as the way "
            "there, exchange sources and destinations in the file and turn its table.",
            "请以单元为起点、医院为终点重新请求；如往返时间可视为相同，请在文件中对调 sources 与 destinations 并转置时间表。",
        ),
    )
    return travel.rename(columns={"unit_id": "hospital_id", "hospital_id": "unit_id"})


def _places(cells: pd.Series) -> tuple[list[str], np.ndarray]:
    """The places of a router in a column, as they stand there and as degrees."""
    found = [match for text in dict.fromkeys(cells.tolist()) if (match := PLACE.fullmatch(text))]
    degrees = np.array([[float(n) for n in match.groups()[1:]] for match in found]).reshape(-1, 2)
    return [match[0] for match in found], degrees


def _placed(named: pd.DataFrame) -> pd.DataFrame:
    return named.dropna(subset=["lon", "lat"]).sort_values("row", kind="stable")


def _km(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    km: np.ndarray = EARTH.inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2] / 1000
    return km


def _in_order(found: np.ndarray, here: pd.DataFrame) -> list[int] | None:
    """One after the other, where each lies at its place but for the way to the road."""
    if not len(found) or len(found) != len(here):
        return None
    km = _km(found, here[["lon", "lat"]].to_numpy(float))
    return list(range(len(found))) if np.median(km) <= MIDDLE_KM and km.max() <= FARTHEST_KM else None


def _nearest(found: np.ndarray, here: pd.DataFrame) -> list[int]:
    """The nearest record of each place, -1 where it is far or the nearest of another place, too."""
    there = here[["lon", "lat"]].to_numpy(float)
    near = []
    for place in found:
        km = _km(np.repeat(place[None], len(there), axis=0), there) if len(there) else np.array([np.inf])
        near.append(int(km.argmin()) if km.min() <= MIDDLE_KM else -1)
    return [one if one < 0 or near.count(one) == 1 else -1 for one in near]
