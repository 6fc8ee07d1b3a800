"""What the map says of a programme, as plain data: custody with its posts, alliances, signatures and where they look alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from gridplan.inputs.disciplines import discipline_name
from gridplan.plans.plan import Plan
from gridplan.programmes.borders import look_alikes
from gridplan.programmes.programme import Programme
from gridplan.programmes.way.access_change import access_change
from gridplan.show.programme.chains_sheet import chains_sheet
from gridplan.show.shared.areas import Areas
from gridplan.words.text import Text
from gridplan.words.vocabulary import ACCESS_TIERS, GRID

WORDS: Mapping[str, Text] = {
    "custody": Text("Who manages whom, posts by width", "谁托管谁（线宽为专家数）"),
    "alliances": Text("Specialist alliances", "专科联盟"),
    "signatures": Text("Signature specialties", "特色专科"),
    "custody_kept": Text("custody kept", "保留的托管"),
    "custody_new": Text("new custody", "新建的托管"),
    "custody_specialist": Text("custody of a specialist hospital, kept", "保留的专科医院托管"),
    "alike": Text("border where signatures look alike", "邻近网格特色雷同的边界"),
    "alliance_of": Text("leading department → district", "牵头科室 → 区"),
    "managed_by": Text("managed by", "托管医院"),
    "experts": Text("experts", "专家"),
    "manages": Text("manages", "托管"),
    "discipline": Text("discipline", "学科"),
    "from_until": Text("from, until", "起止"),
    "days_a_week": Text("days a week", "每周天数"),
    "chains": Text("1+1+1: click a unit", "1+1+1 转诊链（点击单元）"),
    "chain_first": Text("first contact", "首诊机构"),
    "chain_district": Text("district hospital", "区级医院"),
    "chain_city": Text("partner above", "上级合作医院"),
    "chain_back": Text("down the same way", "下转循原路"),
    "chain_broken": Text("another partner manages it", "由另一家合作医院托管"),
    "chain_visits": Text("first contacts a year", "年首诊人次"),
    "chain_capacity": Text("capacity", "诊疗能力"),
    "chain_full": Text("centre beyond its capacity", "超出能力的基层机构"),
    "chain_room": Text("centre, by how full it is", "基层机构（大小为负荷率）"),
    "access": Text("Access against the city's mean", "可及性（与全市均值相比）"),
    "access_before": Text("before: all that is near", "之前：就近可及"),
    "access_after": Text("after: under the plan", "之后：按方案"),
    "access_low": Text("less than half the mean", "不足均值一半"),
    "access_below": Text("below the mean", "低于均值"),
    "access_above": Text("at or above the mean", "不低于均值"),
    "signature_of": Text("signatures of the grid", "网格特色专科"),
}
WIDEST = 6.0  # pixels of the pair with most posts
DASHES = {"kept": None, "new": "6 4", "specialist": "2 4"}


def programme_words() -> dict[str, list[str]]:
    """The words that only a programme's map says, Chinese first."""
    return {key: [text.zh, text.en] for key, text in WORDS.items()}


def programme_sheet(programme: Programme, areas: Areas) -> dict[str, Any]:
    """Custody, alliances and signatures by position in the region's tables."""
    region, tables = programme.plan.region, programme.tables
    place = {h: n for n, h in enumerate(region.hospitals["hospital_id"])}
    district = {d: n for n, d in enumerate(region.districts["district_id"])}
    seat = region.hospitals[["lat", "lon"]].to_numpy(float)
    return {
        "custody": _custody(programme, place, seat) if "custody" in tables else [],
        "alliances": _alliances(programme, place, district, seat, areas) if "alliances" in tables else [],
        "signatures": _signatures(programme, place, seat) if "signatures" in tables else [],
        "alike": _alike(programme, areas) if "signatures" in tables else [],
        "chains": chains_sheet(programme),
        "access": _access(programme),
        "notes": [[note.zh, note.en] for note in programme.notes],
    }


def _access(programme: Programme) -> dict[str, Any]:
    """Units with their access by tier, before and after, against the mean of the city before; positions as they stand."""
    table = access_change(programme)
    means, tiers, units = {}, [], {}
    for tier, mine in table.groupby("tier", sort=False):
        mean = float((mine["people"] * mine["before"]).sum()) / max(1.0, float(mine["people"].sum()))
        if mean > 0:
            means[str(tier)] = mean
            tiers.append([ACCESS_TIERS[str(tier)].zh, ACCESS_TIERS[str(tier)].en, round(mean, 3)])
            units[str(tier)] = mine
    region = programme.plan.region.units
    places = region[["name", "lat", "lon", "people"]].itertuples(index=False)
    values = [
        [[_rounded(v) for v in mine["before"]], [_rounded(v) for v in mine["after"]]]
        for mine in units.values()
    ]
    return {
        "tiers": tiers,
        "units": [
            [str(name), round(float(lat), 5), round(float(lon), 5), int(people), [[b[n], a[n]] for b, a in values]]
            for n, (name, lat, lon, people) in enumerate(places)
            if tiers and np.isfinite([lat, lon]).all()
        ],
    }  # fmt: skip


def _rounded(value: float) -> float | None:
    return None if value != value else float(f"{value:.4g}")


def _point(seat: np.ndarray, n: int) -> list[float] | None:
    lat, lon = seat[n]
    return [float(lat), float(lon)] if np.isfinite([lat, lon]).all() else None


def _name(code: str) -> list[str]:
    name = discipline_name(code)
    return [name.zh, name.en]


def _custody(programme: Programme, place: dict[str, int], seat: np.ndarray) -> list[dict[str, Any]]:
    deployment = programme.tables["deployment"]
    first = deployment[deployment["phase"] == 1].groupby("managed_id").size()
    most, out = max(1, int(first.max()) if len(first) else 1), []
    for row in programme.tables["custody"].itertuples():
        mine = deployment[deployment["managed_id"] == row.managed_id].sort_values(["phase", "discipline"])
        ends = [_point(seat, place[row.hospital_id]), _point(seat, place[row.managed_id])]
        if None in ends:
            continue
        count = int(first.get(row.managed_id, 0))
        out.append({
            "manager": place[row.hospital_id], "managed": place[row.managed_id], "ends": ends, "experts": count,
            "width": round(1.5 + (WIDEST - 1.5) * count / most, 1), "dashes": DASHES[row.basis], "basis": row.basis,
            "posts": [
                [*_name(p.discipline), f"{p.from_year}–{p.until_year}", float(p.days_per_week)] for p in mine.itertuples()
            ],
        })  # fmt: skip
    return out


def _alliances(
    programme: Programme, place: dict[str, int], district: dict[str, int], seat: np.ndarray, areas: Areas
) -> list[dict[str, Any]]:
    out = []
    for (code, h), rows in programme.tables["alliances"].groupby(["discipline", "hospital_id"]):
        middles = [areas.middles[district[d]] for d in rows["district_id"]]
        star = [
            [district[d], [float(lat), float(lon)], int(people)]
            for d, (lon, lat), people in zip(rows["district_id"], middles, rows["people"], strict=True)
            if np.isfinite([lon, lat]).all()
        ]
        at = _point(seat, place[str(h)])
        if at is not None:
            out.append(
                {"code": str(code), "name": _name(str(code)), "leader": place[str(h)], "at": at, "star": star}
            )
    return out


def _signatures(programme: Programme, place: dict[str, int], seat: np.ndarray) -> list[dict[str, Any]]:
    out = []
    for lead, rows in programme.tables["signatures"].groupby("lead_id"):
        at = _point(seat, place[str(lead)])
        if at is not None:
            out.append(
                {"lead": place[str(lead)], "at": at, "names": [_name(code) for code in rows["discipline"]]}
            )
    return out


def _alike(programme: Programme, areas: Areas) -> list[dict[str, Any]]:
    """The common border of each pair of grids that share a signature, as lines."""
    alike = look_alikes(programme.plan, programme.tables["signatures"])
    if not alike:
        return []
    shape = areas.joined(_lead_of_unit(programme.plan))
    out = []
    for a, b, code in alike:
        border = (
            shapely.intersection(shapely.boundary(shape[a]), shapely.boundary(shape[b]))
            if a in shape and b in shape
            else None
        )
        lines = (
            [] if border is None else [g for g in shapely.get_parts(border) if g.geom_type == "LineString"]
        )
        merged = shapely.line_merge(shapely.multilinestrings(lines)) if lines else None
        parts = (
            []
            if merged is None
            else [shapely.get_coordinates(g)[:, ::-1].round(5).tolist() for g in shapely.get_parts(merged)]
        )
        out.append({"name": _name(code), "lines": parts})
    return out


def _lead_of_unit(plan: Plan) -> np.ndarray:
    rows = plan.assignment[plan.assignment["layer"] == GRID]
    lead = dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))
    return np.array([lead.get(u, "") for u in plan.region.units["unit_id"]], dtype=object)
