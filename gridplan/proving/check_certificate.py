"""Check the certificate of a plan folder: python check_certificate.py [FOLDER]. Needs Python 3.9 and numpy, nothing else.

A certificate proves "no plan under these rules costs less than B". For each goal of each layer it holds a binary tree:
an inner node takes a pair (district, hospital) in on one side and out on the other, so nothing is left out; a leaf holds
prices: of a place under a hospital's cap, of a resident under its capacity, of an earlier goal that is kept. At these
prices the districts fall apart, and the cheapest set S of partners of each gives a lower bound:

    bound(leaf) = sum over d of min over S [ sum over u in d of min over h in S (cost + price per resident * residents)
                  + sum over h in S of price per place ] - prices * what there is of places, residents and earlier goals

A rule that is left out only makes the bound lower, so the proof holds whatever it leaves out. Exit status 0: it holds.
核验方案文件夹中的证书：逐叶重算下界，证明在所列规则下没有更优的方案。退出码 0 表示成立。
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

KNOWN = "full_coverage candidates district_cap hospital_cap priority eligibility pin ban capacity travel_standard group_weights"
ABOUT = "name title_en title_zh source goals tolerance travel extends posts alliances signatures support"
GAP, SLIP, RADIUS = 1e-6, 1e-7, 6371.0088


class Fails(Exception):
    """The first thing that does not hold."""


def _table(path: Path) -> list[Any]:
    """Rows of a CSV file, or of the GeoJSON of that name; an apostrophe before =, +, - or @ is a guard."""
    drawn = path.with_suffix(".geojson")
    if not path.exists() and drawn.exists():
        rows = [f["properties"] for f in json.loads(drawn.read_text(encoding="utf-8"))["features"]]
        return [{k: "" if v is None else str(v) for k, v in r.items()} for r in rows]
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v[1:] if v[:1] == "'" and v[1:2] in "=+-@\t" else v for k, v in r.items()} for r in rows]


class City:
    """The tables of a plan folder, and what the policy makes of them."""

    def __init__(self, folder: Path) -> None:
        self.plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        self.policy, region = self.plan["policy"], folder / "region"
        self.units, self.hospitals = (_table(region / f"{n}.csv") for n in ("units", "hospitals"))
        self.branches, self.partnerships = (_table(region / f"{n}.csv") for n in ("branches", "partnerships"))
        shapes = json.loads((region / "districts.geojson").read_text(encoding="utf-8"))
        self.districts = {str(f["properties"]["district_id"]): f["properties"] for f in shapes["features"]}
        self.people = np.array([float(u["people"]) for u in self.units])
        self.district = [u["district_id"] for u in self.units]
        self.unit = {u["unit_id"]: n for n, u in enumerate(self.units)}
        self.rows, travel = _table(folder / "assignment.csv"), self.plan["travel"]
        self.drawn = travel["method"] == "straight_line"
        self.date = "".join(
            re.findall('^data_date = "(.*)"', (region / "region.toml").read_text("utf-8"), re.M)
        )
        self.given = [] if self.drawn else _table(folder / "travel.csv") or _table(region / "travel.csv")
        if not (self.drawn or self.given):
            raise Fails("minutes were not made from points, and there is no travel.csv / 缺少 travel.csv")
        named = {r: [p for p in self.policy.get(r, ()) if p.get("layer") != "grid"] for r in ("pin", "ban")}
        self.pins, self.bans = ({(p["district_id"], p["hospital_id"]) for p in own} for own in named.values())

    def candidates(self, layer: str) -> list[Any]:
        """Hospitals that may be partners in a layer (SH-4), in the order of ids."""
        who = self.policy["candidates"]
        kinds = who["exempt"] if layer == who["exempt_layer"] else who["counted"]
        kinds = [*who["counted"], *who["exempt"]] if who["merge_layers"] else kinds
        fit = [h for h in self.hospitals if h["tier"] in who["tiers"] and h["ownership"] in who["ownerships"]]
        return sorted((h for h in fit if h["category"] in kinds), key=lambda h: h["hospital_id"])

    def priorities(self) -> dict[Any, Any]:
        """The strongest ground of each pair (SH-5); a pair that is not in it has priority 5."""
        rule = self.policy.get("priority", {})
        found = [(h, 1) for h in self.hospitals]
        for b in self.branches:
            kind = "campus" if b["relation"] == "clinic" and rule.get("clinics") else b["relation"]
            level = {("planned", "campus"): 2, ("open", "affiliate"): 3}.get((b["status"], kind), 5)
            placed = (b["status"], kind) == ("open", "campus") and b["lon"] and b["lat"]
            found.append((b, 1 if placed else level))
        found += [(p, self._basis(p, rule)) for p in self.partnerships]
        best: dict[Any, int] = {}
        for row, level in found:
            key = (row["district_id"], row["hospital_id"])
            best[key] = min(level, best.get(key, 5))
        return best

    def _basis(self, row: Any, rule: Any) -> int:
        """Priority 3 or 4; counterpart support that is younger than asked, or without effect, is no basis (SH-6)."""
        told = (rule.get("counterpart_as_of") or self.date, row.get("since"))
        now, since = (int((re.findall("[0-9]{4}", str(t)) or ["0"])[0]) for t in told)
        young = now and since and since + rule.get("counterpart_years", -99) > now
        weak = young or row.get("effect") == "no"
        return 3 if row["basis"] in ("custody", "affiliate", "" if weak else "counterpart") else 4

    def minutes(self, hospitals: list[Any]) -> np.ndarray:
        """(units, hospitals) minutes to the nearest open site, 4 decimals, inf where there is none."""
        place = {h["hospital_id"]: n for n, h in enumerate(hospitals)}
        out = np.full((len(self.units), len(hospitals)), np.inf)
        for row in self.given:
            if row["unit_id"] in self.unit and row["hospital_id"] in place:
                out[self.unit[row["unit_id"]], place[row["hospital_id"]]] = float(row["minutes"])
        if not self.drawn:
            return np.round(out, 4)
        way = self.policy["travel"]
        speed = np.array([float(way["speed_km_h"][self.districts[d]["kind"]]) for d in self.district])
        lon, lat = (np.radians([float(u[c] or "nan") for u in self.units]) for c in ("lon", "lat"))
        at = [b for b in self.branches if b["status"] == "open"]
        at = at if way.get("clinics") else [b for b in at if b["relation"] != "clinic"]
        for s in (*hospitals, *at):
            if s["hospital_id"] in place and s["lon"] and s["lat"]:
                x, y = (math.radians(float(s[c])) for c in ("lon", "lat"))
                n = place[s["hospital_id"]]
                half = np.sin((lat - y) / 2) ** 2 + np.cos(lat) * math.cos(y) * np.sin((lon - x) / 2) ** 2
                km = 2 * RADIUS * np.arcsin(np.sqrt(half))
                out[:, n] = np.fmin(out[:, n], km * way["detour"] / speed * 60)
        return np.round(out, 4)

    def most(self, rule: str, key: str) -> float:
        """The cap of a district or hospital, adjusted and overridden (SH-2, SH-3)."""
        cap = self.policy.get(rule)
        if cap is None or key in cap.get("override", {}):
            return math.inf if cap is None else float(cap["override"][key]["most"])
        own = self.districts.get(key, {}) if rule == "district_cap" else {}
        fields = [("people", "more_above_people"), ("area_km2", "more_above_km2")]
        more = any(cap.get(o) is not None and own.get(f) and float(own[f]) > cap[o] for f, o in fields)
        return float(cap["most"]) + more


class Layer:
    """One layer of partners as arrays: what serving costs in each goal, what the caps leave, and the plan."""

    def __init__(self, city: City, name: str) -> None:
        self.city, rules, hospitals = city, city.policy, city.candidates(name)
        self.ids = [h["hospital_id"] for h in hospitals]
        self.at = {h: n for n, h in enumerate(self.ids)}
        self.minutes, ground = city.minutes(hospitals), city.priorities()
        self.priority = np.array([[ground.get((d, h), 5) for h in self.ids] for d in city.district])
        worst = 3 if rules.get("eligibility", {}).get("mode") == "strict" else 5
        banned = np.array([[(d, h) in city.bans for h in self.ids] for d in city.district])
        self.may = (self.priority <= worst) & ~banned & np.isfinite(self.minutes)
        self.limit, self.over = 60.0, None
        if "travel_standard" in rules:
            self.limit, self.over = rules["travel_standard"]["minutes"], rules["travel_standard"].get("price")
            if self.over is None:
                self.may &= (self.minutes <= self.limit) | (city.people == 0)[:, None]
        kinds = rules["candidates"]["counted"]
        self.counted = np.array([h["category"] in kinds for h in hospitals], dtype=bool)
        places = [city.most("hospital_cap", h) if c else math.inf for h, c in zip(self.ids, self.counted)]
        self.places = np.array(places)
        bed = rules.get("capacity", {})
        stated = [h[bed["source"]] if bed else "" for h in hospitals]
        per_bed = float(bed.get("people_per_bed") or 1)
        self.room = np.array([float(s) * per_bed if s else math.inf for s in stated])
        self.weight = city.people.copy()
        weights = rules.get("group_weights", {})
        for group, weight in weights.get("weights", weights).items():
            self.weight += (weight - 1) * np.array([float(u.get(group) or 0) for u in city.units])
        self.serves = np.full(len(city.units), -1)
        for n, row in enumerate(city.rows, start=2):
            if row["layer"] == name:
                self._read(row, f"assignment.csv, row / 行 {n}")
        self._keeps_caps(name)

    def _read(self, row: dict[Any, Any], where: str) -> None:
        u, h = self.city.unit.get(row["unit_id"], -1), self.at.get(row["hospital_id"], -1)
        if u < 0 or h < 0 or self.serves[u] >= 0 or not self.may[u, h]:
            raise Fails(f"{where}: unknown, twice, or may not serve the unit / 未知、重复或不得服务该单元")
        if float(row["people"]) != self.city.people[u] or row["district_id"] != self.city.district[u]:
            raise Fails(f"{where}: people or district differ from the region / 人口或区与地区数据不一致")
        if not abs(float(row["minutes"]) - self.minutes[u, h]) <= 1.5e-4:
            raise Fails(f"{where}: minutes {row['minutes']}, are / 应为 {self.minutes[u, h]:.4f}")
        self.serves[u] = h

    def _keeps_caps(self, name: str) -> None:
        city, lived = self.city, self.city.people > 0
        if (self.serves < 0).any():
            raise Fails(f"{name}: {int((self.serves < 0).sum())} units without a row / 个单元未分配")
        pairs = {(city.district[u], self.ids[self.serves[u]]) for u in np.flatnonzero(lived)}
        pairs |= {p for p in city.pins if p[1] in self.at}
        counted = [p for p in pairs if self.counted[self.at[p[1]]]]
        for n, rule in enumerate(("district_cap", "hospital_cap")):
            for key in {p[n] for p in counted}:
                if sum(p[n] == key for p in counted) > city.most(rule, key):
                    raise Fails(f"{name}: {key} has more pairs than its cap / 结对数超过上限")
        load = np.bincount(self.serves, weights=city.people, minlength=len(self.ids))
        if (load > self.room * (1 + 1e-9)).any():
            raise Fails(f"{name}: a hospital serves more than its capacity / 有医院超过承载能力")

    def cost(self, goal: str) -> np.ndarray:
        """(units, hospitals) what serving a whole unit costs in a goal, inf where it may not be."""
        each, weight = (self.minutes > self.limit).astype(float), self.city.people
        if goal == "travel":
            prices = np.array(self.city.policy.get("priority", {}).get("prices", [0.0] * 5), dtype=float)
            each, weight = self.minutes + prices[self.priority - 1], self.weight
            if self.over is not None:
                each = each + self.over * np.maximum(0.0, self.minutes - self.limit)
        elif goal.startswith("residents_through_"):
            each = (self.priority >= int(goal[-1])).astype(float)
        elif goal != "coverage":
            raise Fails(f"goal {goal} is not known here / 未知目标")
        return np.where(self.may, np.where(self.may, each, 0.0) * weight[:, None], np.inf)

    def leaf(self, cost: np.ndarray, kept: list[Any], leaf: dict[Any, Any], path: list[Any]) -> float:
        """A lower bound on every plan with the pairs of the path in or out, by the prices of the leaf."""
        mu, lam = (
            np.array([float(leaf.get(k, {}).get(h, 0)) for h in self.ids]) for k in ("places", "people")
        )
        pi = np.array([float(x) for x in leaf.get("kept", [0.0] * len(kept))])
        all_prices, limits = np.concatenate([mu, lam, pi]), np.array([limit for _, limit in kept])
        if len(pi) != len(kept) or not np.isfinite(all_prices).all() or (all_prices < 0).any():
            raise Fails("a price is missing or below zero / 价格缺失或为负")
        free = leaf.get("costs") == 0  # prices alone above 0 show that no plan fits
        total = (np.where(np.isfinite(cost), 0.0, np.inf) if free else cost) + self.city.people[:, None] * lam
        for (own, _), price in zip(kept, pi):
            total = total + price * np.where(np.isfinite(own), own, 0.0)
        paid = [
            p * m
            for ps, ms in ((mu, self.places), (lam, self.room), (pi, limits))
            for p, m in zip(ps, ms)
            if p
        ]
        if not np.isfinite(paid).all():
            raise Fails("a price where there is no limit / 无上限处定价")
        parts = [self._cheapest(d, total, mu, path) for d in self.city.districts]
        if not np.isfinite(parts).all():
            return math.inf
        bound = math.fsum(parts) - math.fsum(paid) - 1e-12 * (sum(map(abs, parts)) + sum(paid))
        return bound if not free else math.inf if bound > 0 else -math.inf

    def _cheapest(self, d: str, total: np.ndarray, mu: np.ndarray, path: list[Any]) -> float:
        """The least cost of a district over the sets of partners that the path leaves it; inf where none is left."""
        units = [u for u, own in enumerate(self.city.district) if own == d and self.city.people[u] > 0]
        taken = {self.at[h] for dd, h in self.city.pins if dd == d and h in self.at}
        taken |= {self.at[h] for dd, h, side in path if dd == d and side == "in"}
        out = {self.at[h] for dd, h, side in path if dd == d and side == "out"}
        own = [h for h in sorted(taken) if self.counted[h]]
        room = self.city.most("district_cap", d) - len(own)
        if taken & out or room < 0:
            return math.inf
        rows, every = total[units], range(len(self.ids))
        open_ = [
            h for h in every if self.counted[h] and h not in taken | out and np.isfinite(rows[:, h]).any()
        ]
        given = [h for h in every if h in taken or (not self.counted[h] and h not in out)]
        base = rows[:, given].min(axis=1) if given else np.full(len(units), np.inf)
        if open_ and room >= len(open_) and not mu[open_].any():
            base, open_ = np.minimum(base, rows[:, open_].min(axis=1)), []
        return float(mu[own].sum()) + _least(rows[:, open_], mu[open_], base, int(min(room, len(open_))))


def _least(rows: np.ndarray, mu: np.ndarray, base: np.ndarray, room: int) -> float:
    """The least of sum(min(base, chosen columns)) + prices of the chosen, over at most `room` of them."""
    best = float(base.sum())
    if room == 1:
        return min(best, float((np.minimum(base[:, None], rows).sum(axis=0) + mu).min()))
    for n in range(rows.shape[1] if room > 1 else 0):
        below = np.minimum(base, rows[:, n])
        rest = _least(rows[:, n + 1 :], mu[n + 1 :], below, min(room - 1, rows.shape[1] - n - 1))
        best = min(best, float(mu[n]) + rest)
    return best


def _walk(node: dict[Any, Any], path: list[Any]) -> list[Any]:
    """Every leaf, with the pairs taken in and out on the way to it."""
    if "pair" not in node:
        return [(node, path)]
    return [x for side in ("in", "out") for x in _walk(node[side], [*path, (*node["pair"], side)])]


def _goals(layer: Layer, name: str, own: dict[Any, Any], printed: dict[Any, Any]) -> list[Any]:
    """Every goal of a layer, in order."""
    said: list[str] = []
    kept: list[Any] = []
    more = 1 + layer.city.policy["tolerance"]
    if [g["goal"] for g in own["goals"]] != [g["goal"] for g in printed["goals"]]:
        raise Fails(f"{name}: other goals than the plan / 目标与方案不一致")
    for goal, claim in zip(own["goals"], printed["goals"]):
        what = f"{name}, {goal['goal']}"
        if "tree" not in goal:
            said.append(f"{what}: not certified / 未出具证书: {goal['not_certified']}")
            continue
        cost, reached = layer.cost(goal["goal"]), float(goal["reached"])
        value = math.fsum(cost[np.arange(len(cost)), layer.serves])
        slip = SLIP * max(1.0, abs(value))
        off = abs(goal["value"] - value), abs(claim["value"] - value), abs(claim["reached"] - reached)
        if max(off) > slip:
            raise Fails(f"{what}: value / 目标值 {goal['value']:,.2f}, is / 应为 {value:,.2f}")
        if not reached - slip <= value <= reached * more + slip:
            raise Fails(f"{what}: reached {reached:,.2f} does not fit the value / 曾达值与目标值不符")
        bounds = [layer.leaf(cost, kept, leaf, path) for leaf, path in _walk(goal["tree"], [])]
        if min(bounds) > reached + slip:
            raise Fails(
                f"{what}: the plan is below the bound, so it breaks a rule / 方案低于下界，必违反规则"
            )
        if goal["bound"] > min(bounds) + slip:
            raise Fails(f"{what}: bound / 下界 {goal['bound']:,.2f}, proven / 可证 {min(bounds):,.2f}")
        gap = max(0.0, reached - min(bounds)) / max(1.0, abs(reached))
        told = (
            "optimal / 最优" if gap <= GAP else f"gap / 差距 {gap:.4%} ({goal.get('why') or 'open / 未闭合'})"
        )
        said.append(
            f"{what}: value / 目标值 {value:,.4f}, bound / 下界 {min(min(bounds), reached):,.4f}, {len(bounds)} leaves / 叶, {told}"
        )
        kept.append((cost, reached * more + SLIP * max(1.0, reached * more)))
    return said


def check(folder: Path) -> list[Any]:
    """The lines to print; raises Fails at the first thing that does not hold."""
    city = City(folder)
    proof = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    rules = {rule: own for rule, own in city.policy.items() if rule in KNOWN.split()}
    other = [rule for rule in city.policy if rule not in (KNOWN + " " + ABOUT).split()]
    said = [f"policy / 政策: {json.dumps(rules, ensure_ascii=False)}"]
    said += [f"rules left out of the bound / 未计入下界的规则: {', '.join(other)}"] if other else []
    printed = {layer["layer"]: layer for layer in city.plan["layers"]}
    if [layer["layer"] for layer in proof["layers"]] != list(printed):
        raise Fails("the certificate has other layers than the plan / 证书与方案的服务类别不一致")
    for own in proof["layers"]:
        if any("tree" in goal for goal in own["goals"]):
            said += _goals(Layer(city, own["layer"]), own["layer"], own, printed[own["layer"]])
        else:
            said += [f"{own['layer']}: not certified / 未出具证书: {own['goals'][0]['not_certified']}"]
    return said


def main() -> int:
    """Print what holds."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    try:
        print("\n".join(check(folder)))
    except (Fails, OSError, KeyError, ValueError, TypeError, IndexError) as fault:
        print(f"DOES NOT HOLD / 不成立: {fault if isinstance(fault, Fails) else repr(fault)}")
        return 1
    print("holds / 成立")
    return 0


if __name__ == "__main__":
    sys.exit(main())
