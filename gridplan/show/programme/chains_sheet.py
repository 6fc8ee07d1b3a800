"""What the map says of the chain 1+1+1, as plain data: centres by how full they are, units with their three places."""

from __future__ import annotations

from typing import Any

import numpy as np

from gridplan.programmes.programme import Programme


def chains_sheet(programme: Programme) -> dict[str, Any]:
    """Centres with load and capacity; units with where they go first, from there, and above.

    Returns
    -------
    dict
        centres: [name, lat, lon, load, capacity or None, overflow]; units: [name, lat, lon, people, [[centre, share, minutes], …],
        district hospital, minutes, partner, minutes, broken], positions in the region's tables. Seats: where those hospitals stand.
        All empty where there are none.
    """
    region, tables = programme.plan.region, programme.tables
    if "chains" not in tables or region.institutions is None:
        return {"centres": [], "units": [], "seats": {}}
    loads = tables["loads"].set_index("institution_id")
    stated = region.institutions.set_index("institution_id")[["name", "lat", "lon"]].to_dict("index")
    place = {key: n for n, key in enumerate(loads.index)}
    hospital = {key: n for n, key in enumerate(region.hospitals["hospital_id"])}
    centres = [
        [
            str(stated[key]["name"]), *_at(stated[key]), int(row["load"]),
            None if str(row["capacity"]) == "" else float(row["capacity"]), int(row["overflow"]),
        ]
        for key, row in loads.iterrows()
    ]  # fmt: skip
    home = region.units.set_index("unit_id")[["name", "lat", "lon", "people"]].to_dict("index")
    units: list[list[Any]] = []
    chained: dict[str, list[Any]] = {}
    for row in tables["chains"].sort_values("share", ascending=False, kind="stable").itertuples():
        chained.setdefault(row.unit_id, []).append(row)
    for key, mine in sorted(chained.items()):
        first = mine[0]
        ways = [
            [place[r.institution_id], round(float(r.share), 4), round(float(r.minutes_1), 1)] for r in mine
        ]
        units.append([
            str(home[key]["name"]), *_at(home[key]), int(home[key]["people"]), ways,
            hospital[first.managed_id], round(float(first.minutes_2), 1), hospital[first.hospital_id],
            round(float(first.minutes_3), 1), int(first.broken),
        ])  # fmt: skip
    used = sorted({n for one in units for n in (one[5], one[7])})
    seats = {str(n): _at(region.hospitals.iloc[n]) for n in used}
    return {"centres": centres, "units": units, "seats": seats}


def _at(one: Any) -> tuple[float | None, float | None]:
    lat, lon = float(one["lat"]), float(one["lon"])
    return (round(lat, 5), round(lon, 5)) if np.isfinite([lat, lon]).all() else (None, None)
