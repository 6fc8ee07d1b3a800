"""Another program: works a plan out again from the raw files, and its optimum by another route than gridplan.

Uses nothing of gridplan. Minutes by its own haversine, priorities from the tables by the text of the policy
("Meanings, fixed"), the optimum by listing every choice of at most two partners per district.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

PRICES = (0, 5, 10, 15, 30)  # minutes per resident, priorities 1 to 5
SPEEDS = {"central": 20, "suburban": 28, "outer_suburban": 36, "county": 40}  # km/h
DETOUR, RADIUS_KM = 1.3, 6371.0088
DISTRICT_CAP, HOSPITAL_CAP = 2, 3
LAYERS = {"general": ["general"], "tcm": ["tcm", "integrated_tcm"]}


@dataclass
class City:
    """Raw tables, all coordinates in WGS 84: units (unit_id, district_id, people, lon, lat), …"""

    kinds: dict[str, str]
    units: pd.DataFrame
    hospitals: pd.DataFrame
    branches: pd.DataFrame
    partnerships: pd.DataFrame

    def candidates(self, layer: str) -> pd.DataFrame:
        """Municipal, public, of the layer's categories."""
        h = self.hospitals
        fit = (h["tier"] == "municipal") & (h["ownership"] == "public") & h["category"].isin(LAYERS[layer])
        return h[fit].sort_values("hospital_id")

    def minutes(self, layer: str) -> np.ndarray:
        """Units × candidates: haversine × detour ÷ speed to the nearest open, located site, 4 decimals."""
        speed = self.units["district_id"].map(self.kinds).map(SPEEDS).to_numpy(float)
        usable = self.branches[(self.branches["status"] == "open") & self.branches["lon"].notna()]
        usable = usable[usable["relation"] != "clinic"]
        columns = []
        for h in self.candidates(layer).itertuples():
            own = usable[usable["hospital_id"] == h.hospital_id]
            sites = [(h.lon, h.lat), *own[["lon", "lat"]].itertuples(index=False, name=None)]
            km = np.min([haversine_km(self.units["lon"], self.units["lat"], *site) for site in sites], axis=0)
            columns.append(np.round(km * DETOUR / speed * 60, 4))
        return np.column_stack(columns)

    def priority(self, district: str, hospital: str) -> int:
        """1 home or open located campus · 2 planned campus · 3 affiliate, custody, counterpart · 4 other · 5."""
        b = self.branches[
            (self.branches["hospital_id"] == hospital) & (self.branches["district_id"] == district)
        ]
        p = self.partnerships
        basis = set(p.loc[(p["hospital_id"] == hospital) & (p["district_id"] == district), "basis"])
        home = dict(zip(self.hospitals["hospital_id"], self.hospitals["district_id"], strict=True))[hospital]
        is_open, campus = b["status"] == "open", b["relation"] == "campus"
        if home == district or (is_open & campus & b["lon"].notna()).any():
            return 1
        if (~is_open & campus).any():
            return 2
        if (is_open & (b["relation"] == "affiliate")).any() or basis & {
            "custody",
            "counterpart",
            "affiliate",
        }:
            return 3
        return 4 if basis else 5

    def today(self, layer: str, campuses: bool = True, strict: bool = False) -> dict[str, tuple[float, ...]]:
        """district → partners, residents without one, mean minutes of the others, of them beyond 60 minutes.

        Everybody goes to the partner of today with the least minutes + price (strict: the best priority, then minutes);
        an open located campus is a partner, if asked.
        """
        minutes, people = self.minutes(layer), self.units["people"].to_numpy(int)
        hospitals = list(self.candidates(layer)["hospital_id"])
        there = set(self.partnerships[["district_id", "hospital_id"]].itertuples(index=False, name=None))
        b = self.branches
        campus = b[(b["status"] == "open") & (b["relation"] == "campus") & b["lon"].notna()]
        if campuses:
            there |= set(campus[["district_id", "hospital_id"]].itertuples(index=False, name=None))
        told = {}
        for district in sorted(self.kinds):
            mine = [n for n, h in enumerate(hospitals) if (district, h) in there]
            here = np.flatnonzero((self.units["district_id"] == district).to_numpy())
            if not mine:
                told[district] = (0, int(people[here].sum()), float("nan"), 0)
                continue
            levels = [self.priority(district, hospitals[n]) for n in mine]
            taken = []
            for u in here:
                ways = [(lv, minutes[u, n]) for lv, n in zip(levels, mine, strict=True)]
                taken.append(min(ways if strict else [(t + PRICES[lv - 1], t) for lv, t in ways])[1])
            t = np.array(taken)
            told[district] = (
                len(mine),
                0,
                float((t * people[here]).sum() / people[here].sum()),
                int(people[here][t > 60].sum()),
            )
        return told

    def value(self, assignment: pd.DataFrame, layer: str, prices: Sequence[float] = PRICES) -> float:
        """Σ people × (minutes + price of the pair's priority) of one layer's rows, from the raw tables."""
        rows = assignment[assignment["layer"] == layer].merge(
            self.units, on="unit_id", suffixes=("_said", "")
        )
        ids = {h: n for n, h in enumerate(self.candidates(layer)["hospital_id"])}
        at = {u: n for n, u in enumerate(self.units["unit_id"])}
        minutes = self.minutes(layer)[rows["unit_id"].map(at), rows["hospital_id"].map(ids)]
        pairs = zip(rows["district_id"], rows["hospital_id"], strict=True)
        price = np.array([prices[self.priority(d, h) - 1] for d, h in pairs])
        return float((rows["people"] * (minutes + price)).sum())

    def optimum(self, layer: str, strict: bool = False) -> list[float]:
        """The optimum, goal by goal: [travel], or, strict, residents through 5, 4–5, 3–5, 2–5, then travel."""
        minutes, people = self.minutes(layer), self.units["people"].to_numpy(float)
        hospitals = list(self.candidates(layer)["hospital_id"])
        costs, cover, names = [], [], sorted(self.kinds)
        for n, district in enumerate(names):
            here = (self.units["district_id"] == district).to_numpy()
            level = np.array([self.priority(district, h) for h in hospitals])
            for partners in choices(len(hospitals), capped=layer == "general"):
                t, lv = minutes[here][:, partners], level[list(partners)]
                price = np.where(strict, 0, np.array(PRICES)[lv - 1])
                best = np.argmin(t + price + (1e6 * lv if strict else 0), axis=1)
                through = lv[best]
                goals = [people[here] @ (through >= weakest) for weakest in (5, 4, 3, 2)] if strict else []
                costs.append([*goals, people[here] @ (t + price)[np.arange(len(t)), best]])
                cover.append([n, *(len(names) + h for h in partners)])
        rows = csr_array(
            (
                np.ones(sum(map(len, cover))),
                (list(itertools.chain(*cover)), np.repeat(np.arange(len(cover)), list(map(len, cover)))),
            ),
            shape=(len(names) + len(hospitals), len(cover)),
        )
        cap = HOSPITAL_CAP if layer == "general" else len(names)
        lower = [1] * len(names) + [0] * len(hospitals)
        upper = [1] * len(names) + [cap] * len(hospitals)
        return in_order(np.array(costs), LinearConstraint(rows, lower, upper))


def read_city(folder: Path, units: pd.DataFrame | None = None) -> City:
    """The sample city's raw tables; with other units where they are given."""
    facts = read_table(folder, "facts/shanghai_districts")
    tables = [read_table(folder, name) for name in ("units", "hospitals", "branches", "partnerships")]
    kinds = dict(zip(facts["adcode"], facts["kind"], strict=True))
    return City(kinds, tables[0] if units is None else units, *tables[1:])


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A CSV with its ids as text."""
    ids = {"district_id": str, "adcode": str, "code": str, "hospital_id": str, "unit_id": str}
    return pd.read_csv(folder / f"{name}.csv", dtype=ids, encoding="utf-8-sig")


def in_order(costs: np.ndarray, rows: LinearConstraint) -> list[float]:
    """Least cost column by column, each held while the next is minimised; one pattern per district."""
    held, found = [rows], []
    for goal in costs.T:
        done = milp(
            goal / 1e3,
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, 1),
            constraints=held,
            options={"mip_rel_gap": 0},
        )
        assert done.success, done.message
        found.append(float(goal @ np.round(done.x)))
        held.append(LinearConstraint(goal[None] / 1e3, -np.inf, (found[-1] + 0.5) / 1e3))
    return found


def choices(hospitals: int, capped: bool) -> list[tuple[int, ...]]:
    """Every choice of one or two partners; without caps, all of them together are as good as any."""
    if not capped:
        return [tuple(range(hospitals))]
    return [c for size in range(1, DISTRICT_CAP + 1) for c in itertools.combinations(range(hospitals), size)]


def haversine_km(lon: pd.Series, lat: pd.Series, to_lon: float, to_lat: float) -> np.ndarray:
    """Great-circle km on a sphere."""
    x, y, a, b = (np.radians(np.asarray(v, dtype=float)) for v in (lon, lat, to_lon, to_lat))
    h = np.sin((b - y) / 2) ** 2 + np.cos(y) * np.cos(b) * np.sin((a - x) / 2) ** 2
    return 2 * RADIUS_KM * np.arcsin(np.sqrt(h))


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The published forward formula (Krasovsky 1940), undone by fixed-point iteration."""
    x, y = lon, lat
    for _ in range(8):
        dx, dy = _gcj02_shift(x, y)
        x, y = lon - dx, lat - dy
    return x, y


def _gcj02_shift(lon: float, lat: float) -> tuple[float, float]:
    x, y, axis, ecc = lon - 105, lat - 35, 6378245.0, 0.00669342162296594323
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    dlat += (
        (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30))
        * 2
        / 3
    )
    dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    dlon += (
        (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
        * 2
        / 3
    )
    magic = 1 - ecc * sin(lat / 180 * pi) ** 2
    to_lat = 180 / (axis * (1 - ecc) / (magic * sqrt(magic)) * pi)
    to_lon = 180 / (axis / sqrt(magic) * cos(lat / 180 * pi) * pi)
    return dlon * to_lon, dlat * to_lat
