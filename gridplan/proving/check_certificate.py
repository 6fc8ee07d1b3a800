"""Check the certificate of a folder: python check_certificate.py [FOLDER]. Needs Python 3.9 and numpy, nothing else.

A certificate proves "no plan under these rules costs less than B". For each goal of each layer it holds a binary tree:
an inner node takes a pair (district, hospital) in on one side and out on the other, so nothing is left out; a leaf holds
prices: of a place under a hospital's cap, of a resident under its capacity, of an earlier goal that is kept. At these
prices the districts fall apart, and the cheapest set S of partners of each gives a lower bound:

    bound(leaf) = sum over d of min over S [ sum over u in d of min over h in S (cost + price per resident * residents)
                  + sum over h in S of price per place ] - prices * what there is of places, residents and earlier goals

A rule that is left out only makes the bound lower, so the proof holds whatever it leaves out. Where the costs are left
out and the sum is still above 0, no plan fits: so is proven, too, that there is none. Exit status 0: it holds.
核验文件夹中的证书：逐叶重算下界，证明在所列规则下没有更优的方案（或没有任何方案）。退出码 0 表示成立。
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

KNOWN = "full_coverage candidates district_cap hospital_cap priority eligibility pin ban capacity travel_standard group_weights change_price"
GAP, SLIP, RADIUS = 1e-6, 1e-7, 6371.0088
BRANCHES = {("open", "campus"): 1, ("planned", "campus"): 2, ("open", "affiliate"): 3}  # priorities of pairs, SH-5


class Fails(Exception):
    """The first thing that does not hold."""


def need(holds: Any, what: str) -> None:
    """Go on only where something holds."""
    if not holds:
        raise Fails(what)


def table(path: Path) -> list[Any]:
    """Rows of a CSV file, or of the GeoJSON of that name; an apostrophe before =, +, - or @ is a guard."""
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return [{k: v[1:] if v[:1] == "'" and v[1:2] in "=+-@\t" else v for k, v in r.items()} for r in rows]
    drawn = path.with_suffix(".geojson")
    shapes = json.loads(drawn.read_text(encoding="utf-8"))["features"] if drawn.exists() else []
    return [{k: "" if v is None else str(v) for k, v in s["properties"].items()} for s in shapes]


def pair(row: Any) -> tuple[str, str]:
    """The pair that a row is of."""
    return row["district_id"], row["hospital_id"]


class City:
    """The tables of a folder: a plan and its region, or, without plan.json, a region that has no plan."""

    def __init__(self, folder: Path) -> None:
        self.proof = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
        plan, region = folder / "plan.json", folder / "region"
        self.plan = json.loads(plan.read_text(encoding="utf-8")) if plan.exists() else None
        told = self.plan or self.proof
        self.policy, self.rows = told["policy"], table(folder / "assignment.csv")
        names = ("units", "hospitals", "branches", "partnerships")
        self.units, self.hospitals, self.branches, self.partnerships = (table(region / f"{n}.csv") for n in names)
        self.districts = {d["district_id"]: d for d in table(region / "districts.csv")}
        self.people = np.array([float(u["people"]) for u in self.units])
        self.unit = {u["unit_id"]: n for n, u in enumerate(self.units)}
        self.district = [u["district_id"] for u in self.units]
        self.date = "".join(re.findall('(?m)^data_date = "(.*)"', (region / "region.toml").read_text(encoding="utf-8")))
        drawn = told["travel"]["method"] == "straight_line"
        self.given = [] if drawn else table(folder / "travel.csv") or table(region / "travel.csv")
        need(drawn or self.given, "minutes were not made from points, and there is no travel.csv / 缺少 travel.csv")
        named = {rule: [p for p in self.policy.get(rule, ()) if p.get("layer") != "grid"] for rule in ("pin", "ban")}
        self.pins, self.bans = ({pair(p) for p in named[rule]} for rule in ("pin", "ban"))

    def minutes(self, at: dict[str, int]) -> np.ndarray:
        """(units, hospitals) minutes to the nearest open site, 4 decimals, inf where there is none."""
        out = np.full((len(self.units), len(at)), np.inf)
        for row in self.given:
            if row["unit_id"] in self.unit and row["hospital_id"] in at:
                out[self.unit[row["unit_id"]], at[row["hospital_id"]]] = float(row["minutes"])
        way, here = self.policy["travel"], [b for b in self.branches if b["status"] == "open"]
        sites = [*self.hospitals, *(b for b in here if b["relation"] != "clinic" or way.get("clinics"))]
        speed = np.array([float(way["speed_km_h"][self.districts[d]["kind"]]) for d in self.district])
        lon, lat = (np.radians([float(u[c] or "nan") for u in self.units]) for c in ("lon", "lat"))
        for s in [] if self.given else sites:
            if s["hospital_id"] in at and s["lon"] and s["lat"]:
                x, y, n = math.radians(float(s["lon"])), math.radians(float(s["lat"])), at[s["hospital_id"]]
                half = np.sin((lat - y) / 2) ** 2 + np.cos(lat) * math.cos(y) * np.sin((lon - x) / 2) ** 2
                out[:, n] = np.fmin(out[:, n], 2 * RADIUS * np.arcsin(np.sqrt(half)) * way["detour"] / speed * 60)
        return np.round(out, 4)

    def priorities(self) -> dict[Any, int]:
        """The strongest ground of each pair (SH-5); a pair that is not in it has priority 5."""
        rule, found = self.policy.get("priority", {}), [(h, 1) for h in self.hospitals]
        for b in self.branches:
            kind = "campus" if b["relation"] == "clinic" and rule.get("clinics") else b["relation"]
            level = BRANCHES.get((b["status"], kind), 5)
            found.append((b, level if level > 1 or (b["lon"] and b["lat"]) else 5))
        for p in self.partnerships:  # counterpart support that is younger than asked, or without effect, is no basis (SH-6)
            told = (rule.get("counterpart_as_of") or self.date, p.get("since"))
            now, since = (int((re.findall("[0-9]{4}", str(t)) or ["0"])[0]) for t in told)
            weak = p.get("effect") == "no" or (now and since and since + rule.get("counterpart_years", -99) > now)
            found.append((p, 3 if p["basis"] in ("custody", "affiliate", "" if weak else "counterpart") else 4))
        return {pair(row): level for row, level in sorted(found, key=lambda one: -one[1])}

    def most(self, rule: str, one: str) -> float:
        """The cap of a district or hospital, adjusted and overridden (SH-2, SH-3)."""
        cap = self.policy.get(rule)
        if cap is None or one in cap.get("override", {}):
            return math.inf if cap is None else float(cap["override"][one]["most"])
        own = self.districts.get(one, {}) if rule == "district_cap" else {}
        above = [(own.get("people"), cap.get("more_above_people")), (own.get("area_km2"), cap.get("more_above_km2"))]
        return float(cap["most"]) + any(has and limit is not None and float(has) > limit for has, limit in above)


class Layer:
    """One layer of partners as arrays: who may serve whom, what each limit leaves, and the plan."""

    def __init__(self, city: City, name: str) -> None:
        self.city, rules, who = city, city.policy, city.policy["candidates"]
        kinds = who["exempt"] if name == who["exempt_layer"] else who["counted"]
        kinds = [*who["counted"], *who["exempt"]] if who["merge_layers"] else kinds
        fit = [h for h in city.hospitals if h["tier"] in who["tiers"] and h["ownership"] in who["ownerships"]]
        hospitals = sorted((h for h in fit if h["category"] in kinds), key=lambda h: h["hospital_id"])
        self.ids = [h["hospital_id"] for h in hospitals]
        self.at = {h: n for n, h in enumerate(self.ids)}
        self.counted = [h["category"] in who["counted"] for h in hospitals]
        self.minutes, ground = city.minutes(self.at), city.priorities()
        self.priority = np.array([[ground.get((d, h), 5) for h in self.ids] for d in city.district])
        banned = np.array([[(d, h) in city.bans for h in self.ids] for d in city.district])
        worst = 3 if rules.get("eligibility", {}).get("mode") == "strict" else 5
        self.may = np.isfinite(self.minutes) & (self.priority <= worst) & ~banned
        standard = rules.get("travel_standard", {"minutes": 60.0, "price": 0.0})
        self.limit, self.over = standard["minutes"], standard.get("price")
        if self.over is None:
            self.may &= (self.minutes <= self.limit) | (city.people == 0)[:, None]
        most = [city.most("hospital_cap", h) if c else math.inf for h, c in zip(self.ids, self.counted)]
        bed = rules.get("capacity", {})
        stated = [h[bed["source"]] if bed else "" for h in hospitals]
        room = [float(s) * float(bed.get("people_per_bed") or 1) if s else math.inf for s in stated]
        self.places, self.room, self.weight = np.array(most), np.array(room), city.people.copy()
        weights = rules.get("group_weights", {})
        for group, weight in weights.get("weights", weights).items():
            self.weight += (weight - 1) * np.array([float(u.get(group) or 0) for u in city.units])
        self.today = {pair(p) for p in city.partnerships if p["hospital_id"] in self.at}
        clinics, counts = rules.get("priority", {}).get("clinics"), rules.get("priority", {}).get("campuses_present", True)
        kinds = ("campus", "clinic") if clinics else ("campus",)
        here = [b for b in city.branches if b["status"] == "open" and b["relation"] in kinds and b["lon"] and b["lat"]]
        self.there = {pair(b) for b in here if counts} - {pair(p) for p in city.partnerships}  # open campuses: no change
        self.change = float(rules.get("change_price", {}).get("person_minutes", 0))  # of a pair that is new or ended

    def only_counted(self, pairs: set[Any]) -> set[Any]:
        """The pairs that count toward the caps."""
        return {p for p in pairs if self.counted[self.at[p[1]]]}

    def read(self, name: str) -> None:
        """Who serves whom in the plan; it keeps the caps and capacities."""
        city, self.serves = self.city, np.full(len(self.city.units), -1)
        for n, row in ((n, row) for n, row in enumerate(city.rows, start=2) if row["layer"] == name):
            u, h, where = city.unit.get(row["unit_id"], -1), self.at.get(row["hospital_id"], -1), f"assignment.csv, row / 行 {n}"
            fits = u >= 0 and h >= 0 and self.serves[u] < 0 and self.may[u, h] and row["district_id"] == city.district[u]
            need(fits, f"{where}: unknown, twice, or may not serve / 未知、重复或不得服务")
            same = float(row["people"]) == city.people[u] and abs(float(row["minutes"]) - self.minutes[u, h]) <= 1.5e-4
            need(same, f"{where}: other people or minutes / 人口或时间与地区数据不一致")
            self.serves[u] = h
        need((self.serves >= 0).all(), f"{name}: {int((self.serves < 0).sum())} units without a row / 个单元未分配")
        served = {(city.district[u], self.ids[self.serves[u]]) for u in np.flatnonzero(city.people > 0)}
        self.pairs = served | {p for p in city.pins if p[1] in self.at}
        for rule, ones in zip(("district_cap", "hospital_cap"), zip(*self.only_counted(self.pairs))):
            for one in set(ones):
                need(ones.count(one) <= city.most(rule, one), f"{name}: {one} has more pairs than its cap / 结对数超过上限")
        load = np.bincount(self.serves, weights=city.people, minlength=len(self.ids))
        need((load <= self.room * (1 + 1e-9)).all(), f"{name}: a hospital serves more than its capacity / 有医院超过承载能力")

    def cost(self, goal: str) -> np.ndarray:
        """(units, hospitals) what serving a whole unit costs in a goal, inf where it may not be."""
        need(goal in ("travel", "coverage") or goal.startswith("residents_through_"), f"{goal}: unknown goal / 未知目标")
        minutes, weight = np.where(self.may, self.minutes, 0.0), self.city.people
        each = (minutes > self.limit).astype(float)  # coverage
        if goal == "travel":
            prices = np.array(self.city.policy.get("priority", {}).get("prices", [0.0] * 5), dtype=float)
            over = (self.over or 0.0) * np.maximum(0.0, minutes - self.limit)
            each, weight = minutes + prices[self.priority - 1] + over, self.weight
        elif goal != "coverage":
            each = (self.priority >= int(goal[-1])).astype(float)
        return np.where(self.may, each * weight[:, None], np.inf)

    def leaf(self, cost: Any, change: float, kept: list[Any], leaf: dict[str, Any], path: list[Any]) -> float:
        """A lower bound on all plans with the pairs of the path in or out, by the prices of the leaf; inf: there is none."""
        mu, lam = (np.array([float(leaf.get(k, {}).get(h, 0)) for h in self.ids]) for k in ("places", "people"))
        pi, free = [float(x) for x in leaf.get("kept", [0.0] * len(kept))], leaf.get("costs") == 0
        prices, limits = [*mu, *lam, *pi], [*self.places, *self.room, *(limit for _, limit in kept)]
        paid = [p * m for p, m in zip(prices, limits) if p]
        sound = len(prices) == len(limits) and np.isfinite([*prices, *paid]).all() and min(prices, default=0) >= 0
        need(sound, "a price is missing, below zero, or where there is no limit / 价格缺失、为负或无上限处定价")
        change = 0.0 if free else change
        total = np.where(np.isfinite(cost), 0.0 if free else cost, np.inf) + self.city.people[:, None] * lam
        for (own, _), price in zip(kept, pi):
            total = total + price * np.where(np.isfinite(own), own, 0.0)
        parts = [self.cheapest(d, total, mu, change, path) for d in self.city.districts]
        if not np.isfinite(parts).all():
            return math.inf
        ended = change * len(self.only_counted(self.today))  # pairs of exempt hospitals cost too: left out of the bound
        bound = math.fsum(parts) + ended - math.fsum(paid)
        bound -= 1e-12 * (sum(map(abs, parts)) + ended + sum(paid))  # rounding, on the safe side
        return bound if not free else math.inf if bound > 0 else -math.inf

    def cheapest(self, d: str, total: np.ndarray, mu: np.ndarray, change: float, path: list[Any]) -> float:
        """The least cost of a district over the sets of partners that the path leaves it; inf where none is left."""
        city, every = self.city, range(len(self.ids))
        taken, out = ({self.at[h] for dd, h, side in path if dd == d and side == s} for s in ("in", "out"))
        pinned = {self.at[h] for dd, h in city.pins if dd == d and h in self.at}
        own = [h for h in sorted(taken | pinned) if self.counted[h]]
        room = city.most("district_cap", d) - len(own)
        if (taken | pinned) & out or room < 0:
            return math.inf
        costs = [0.0 if (d, h) in self.there else -change if (d, h) in self.today else change for h in self.ids]
        price = mu + np.array(self.counted) * costs
        rows = total[[u for u, of in enumerate(city.district) if of == d and city.people[u] > 0]]
        given = [h for h in every if h in own or (not self.counted[h] and h not in out)]
        open_ = [h for h in every if self.counted[h] and h not in {*own, *out} and np.isfinite(rows[:, h]).any()]
        base = rows[:, given].min(axis=1, initial=np.inf)
        if room >= len(open_) and not price[open_].any():
            base, open_ = np.minimum(base, rows[:, open_].min(axis=1, initial=np.inf)), []
        must = [rows[:, h] for h in taken - pinned if price[h] < 0]
        return float(price[own].sum()) + least(rows[:, open_], price[open_], base, int(min(room, len(open_))), must)


def least(rows: np.ndarray, price: np.ndarray, base: np.ndarray, room: int, must: list[Any]) -> float:
    """The least of sum(min(base, chosen columns)) + prices of the chosen, over all sets of at most `room` of them.

    A member that brings money (a partner of today that stays), chosen or in `must`, pays the way there of its best unit.
    """
    nobody, best = len(price), math.inf  # one column more: no further member
    rows, price = np.column_stack([rows, np.full(len(rows), np.inf)]), np.append(price, 0.0)
    for first in (list(f) for n in range(max(room, 1)) for f in itertools.combinations(range(nobody), n)):
        rest = nobody if not room else first[-1] + 1 if first else 0  # the last member: any column from here, all at once
        below = np.minimum(base, rows[:, first].min(axis=1, initial=np.inf))
        served = np.minimum(below[:, None], rows[:, rest:])
        totals = served.sum(axis=0) + price[first].sum() + price[rest:]
        finite = np.where(np.isfinite(served), served, -np.inf)  # a set that leaves a unit alone is inf already
        for column in [*must, *(rows[:, f] for f in first if price[f] < 0)]:
            totals += (column[:, None] - finite).min(axis=0, initial=np.inf)
        brings = price[rest:] < 0
        if brings.any():
            totals[brings] += (rows[:, rest:] - finite).min(axis=0, initial=np.inf)[brings]
        best = min(best, float(totals.min()))
    return best


def walk(node: dict[str, Any], path: list[Any]) -> list[Any]:
    """Every leaf, with the pairs taken in and out on the way to it."""
    sides = ("in", "out") if "pair" in node else ()
    return [leaf for side in sides for leaf in walk(node[side], [*path, (*node["pair"], side)])] or [(node, path)]


def goals(layer: Layer, name: str, own: list[Any], printed: list[Any]) -> list[str]:
    """Every goal of a layer, in order: its value, the bound of its tree, what lies between."""
    said, kept, more = list[str](), list[Any](), 1 + layer.city.policy["tolerance"]
    need([g["goal"] for g in own] == [g["goal"] for g in printed], f"{name}: other goals / 目标与方案不一致")
    for goal, claim in zip(own, printed):
        what = f"{name}, {goal['goal']}"
        if "tree" not in goal:
            said.append(f"{what}: not certified / 未出具证书: {goal['not_certified']}")
            continue
        cost, reached = layer.cost(goal["goal"]), float(goal["reached"])
        change = layer.change if goal["goal"] == "travel" else 0.0
        value = math.fsum(cost[np.arange(len(cost)), layer.serves]) + change * len((layer.pairs ^ layer.today) - layer.there)
        slip = SLIP * max(1.0, abs(value))
        off = max(abs(goal["value"] - value), abs(claim["value"] - value), abs(claim["reached"] - reached))
        need(off <= slip, f"{what}: value / 目标值 {goal['value']:,.2f}, is / 应为 {value:,.2f}")
        need(reached - slip <= value <= reached * more + slip, f"{what}: reached / 曾达值 {reached:,.2f} is another / 不符")
        leaves = walk(goal["tree"], [])
        bound = min(layer.leaf(cost, change, kept, leaf, path) for leaf, path in leaves)
        need(bound <= reached + slip, f"{what}: the plan is below the bound, so it breaks a rule / 方案低于下界，必违反规则")
        need(goal["bound"] <= bound + slip, f"{what}: bound / 下界 {goal['bound']:,.2f}, proven / 可证 {bound:,.2f}")
        gap = max(0.0, reached - bound) / max(1.0, abs(reached))
        far = "optimal / 最优" if gap <= GAP else f"gap / 差距 {gap:.4%} ({goal.get('why') or 'open / 未闭合'})"
        found = f"value / 目标值 {value:,.4f}, bound / 下界 {min(bound, reached):,.4f}"
        said.append(f"{what}: {found}, {len(leaves)} leaves / 叶, {far}")
        kept.append((cost, reached * more + SLIP * max(1.0, reached * more)))
    return said


def check(folder: Path) -> list[str]:
    """The lines to print; raises Fails at the first thing that does not hold."""
    city = City(folder)
    rules = {rule: own for rule, own in city.policy.items() if rule in KNOWN.split()}
    said = [f"rules in the bound / 计入下界的规则: {json.dumps(rules, ensure_ascii=False)}"]
    if city.plan is None:
        name, leaves = city.proof["no_plan"]["layer"], walk(city.proof["no_plan"]["tree"], [])
        layer = Layer(city, name)
        least_of = min(layer.leaf(layer.cost("coverage"), 0.0, [], leaf, path) for leaf, path in leaves)
        need(least_of == math.inf, "a leaf leaves room for a plan / 有叶节点未排除方案")
        return [*said, f"{name}: no plan keeps these rules / 没有符合这些规则的方案, {len(leaves)} leaves / 叶"]
    printed = {layer["layer"]: layer["goals"] for layer in city.plan["layers"]}
    need([one["layer"] for one in city.proof["layers"]] == list(printed), "other layers than the plan / 服务类别与方案不一致")
    for name, own in ((one["layer"], one["goals"]) for one in city.proof["layers"]):
        if any("tree" in goal for goal in own):
            layer = Layer(city, name)
            layer.read(name)
            said += goals(layer, name, own, printed[name])
        else:
            said.append(f"{name}: not certified / 未出具证书: {own[0]['not_certified']}")
    return said


if __name__ == "__main__":
    try:
        print("\n".join(check(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)))
        print("holds / 成立")
    except (Fails, OSError, KeyError, ValueError, TypeError, IndexError) as fault:
        print(f"DOES NOT HOLD / 不成立: {fault if isinstance(fault, Fails) else repr(fault)}")
        sys.exit(1)
