"""Check the certificate of a folder: python check_certificate.py [FOLDER]. Needs Python 3.9 and numpy, nothing else.
For each goal of each layer a certificate holds a binary tree: an inner node takes a pair (district, hospital), or a hospital for a
unit, in on one side, out on the other, so nothing is left out; a leaf holds prices: of a place under a hospital's cap ("places"), a
resident under its capacity ("people"), an earlier goal ("kept"). At these prices districts fall apart; the cheapest sets S give:
    bound(leaf) = sum over d of min over S [ sum over u in d of min over h in S (cost + price per resident * residents)
                  + sum over h in S of price per place ] - prices * what there is of places, residents and earlier goals
Where sets are too many, a leaf prices each unit ("units", m), and hospitals fall apart, too: sum of m + the least sum over h in S
of [price per place - the most that h saves, sum of (m - cost); where "whole", by whole units that fit in its capacity].
Rules left out make the bound lower, never wrong. Where a sum without the costs ("costs": 0) is above 0, no plan fits.
逐叶重算下界，证明在所列规则下没有更优的方案（或没有任何方案）。Exit status / 退出码 0: holds / 成立; 3: holds, but rules or goals
that are named were not looked at / 成立，但列明的规则或目标未查验; 1: does not hold / 不成立。"""
import csv, itertools, json, math, re, sys, numpy as np
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
KNOWN = """full_coverage candidates district_cap hospital_cap priority eligibility pin ban capacity travel_standard group_weights grids
    change_price connected_parts grid_leads special_leads willing_private no_provincial_leads urban_groups county_communities""".split()
PARTS = """travel alliances exchange group_guarantee hubs members posts referral release scorecard shared signatures support
    tiers""".split()  # minutes, and parts of a programme, which hang on a plan and change nothing of it
GAP, SLIP, RADIUS, INF = 1e-6, 1e-7, 6371.0088, math.inf
class Fails(Exception): """The first thing that does not hold."""
def need(holds: Any, what: str) -> None:  # go on only where something holds
    if not holds: raise Fails(what)
def table(path: Path) -> list[Any]:  # rows of a CSV file, or of the GeoJSON of that name; an apostrophe before =, +, - or @ is a guard
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{k: v[1:] if v[:1] == "'" and v[1:2] in "=+-@\t" else v for k, v in r.items()} for r in csv.DictReader(file)]
    shapes = json.loads(drawn.read_text(encoding="utf-8"))["features"] if (drawn := path.with_suffix(".geojson")).exists() else []
    return [{k: "" if v is None else str(v) for k, v in s["properties"].items()} for s in shapes]
def pair(row: Any) -> tuple[str, str]: return row["district_id"], row["hospital_id"]  # the pair that a row is of
class City:  # the tables of a folder: a plan and its region, or, without plan.json, a region that has no plan
    def __init__(self, folder: Path) -> None:
        self.folder, region, files = folder, folder / "region", (folder / "certificate.json", folder / "plan.json")
        self.proof, self.plan = (json.loads(f.read_text(encoding="utf-8") if f.exists() or f == files[0] else "null") for f in files)
        told, names = self.plan or self.proof, ("districts", "units", "hospitals", "branches", "partnerships")
        self.rules, self.rows = defaultdict(dict, told["policy"]), table(folder / "assignment.csv")
        rows, self.units, self.hospitals, self.branches, self.partnerships = (table(region / f"{n}.csv") for n in names)
        self.districts, self.where = {d["district_id"]: d for d in rows}, [u["district_id"] for u in self.units]
        self.people, self.unit = np.array([float(u["people"]) for u in self.units]), {u["unit_id"]: n for n, u in enumerate(self.units)}
        self.date = "".join(re.findall('(?m)^data_date = "(.*)"', (region / "region.toml").read_text(encoding="utf-8")))
        drawn = told["travel"]["method"] == "straight_line"
        self.given = [] if drawn else table(folder / "travel.csv") or table(region / "travel.csv")
        need(drawn or self.given, "minutes were not made from points, and there is no travel.csv / 缺少 travel.csv")
        county, urban = self.rules["county_communities"], self.rules["urban_groups"].get("kinds", [])
        kinds = {*county.get("kinds", ["county"])} - {*urban}  # districts of one grid (CD-2) or none (ZJ-1), unless they say otherwise
        whole = {d for d, r in self.districts.items() if (r.get("consortium") or "county" * (r["kind"] in kinds)) == "county"}
        self.forms = {d: "urban" if d not in whole else "county" if county else "" for d in self.districts}
        self.kinds = ["campus", "clinic"] if self.rules["priority"].get("clinics") else ["campus"]
        self.campuses = [b for b in self.branches if b["status"] == "open" and b["relation"] in self.kinds and b["lon"] and b["lat"]]
    def minutes(self, at: dict[str, int]) -> np.ndarray:  # (units, hospitals) to the nearest open site, 4 decimals, inf: none
        out, way = np.full((len(self.units), len(at)), INF), self.rules["travel"]
        for row in (row for row in self.given if row["unit_id"] in self.unit and row["hospital_id"] in at):
            out[self.unit[row["unit_id"]], at[row["hospital_id"]]] = float(row["minutes"])
        here = [b for b in self.branches if b["status"] == "open" and (b["relation"] != "clinic" or way.get("clinics"))]
        speed = np.array([float(way["speed_km_h"][self.districts[d]["kind"]]) for d in self.where])
        lon, lat = (np.radians([float(u[c] or "nan") for u in self.units]) for c in ("lon", "lat"))
        for s in [] if self.given else [s for s in [*self.hospitals, *here] if s["hospital_id"] in at and s["lon"] and s["lat"]]:
            x, y, n = math.radians(float(s["lon"])), math.radians(float(s["lat"])), at[s["hospital_id"]]
            half = np.sin((lat - y) / 2) ** 2 + np.cos(lat) * math.cos(y) * np.sin((lon - x) / 2) ** 2
            out[:, n] = np.fmin(out[:, n], 2 * RADIUS * np.arcsin(np.sqrt(half)) * way["detour"] / speed * 60)
        return np.round(out, 4)
    def parts(self, key: list[Any]) -> list[int]:  # of each unit the first of its part: units with one key that hang together
        need((self.folder / "borders.csv").exists(), "there is no borders.csv / 缺少 borders.csv")
        rows, first = table(self.folder / "borders.csv"), list(range(len(key)))
        beside = [(a, b) for a, b in ((self.unit[r["from_unit"]], self.unit[r["to_unit"]]) for r in rows) if key[a] == key[b]]
        while any(first[a] != first[b] for a, b in beside):
            for a, b in beside: first[a] = first[b] = min(first[a], first[b])
        return first
    def priorities(self) -> dict[Any, int]:  # the strongest ground of each pair (SH-5); a pair that is not in it has priority 5
        rule, found = self.rules["priority"], [(h, 1) for h in [*self.hospitals, *self.campuses]]
        found += [(b, 2) for b in self.branches if b["status"] == "planned" and b["relation"] in self.kinds]
        found += [(b, 3) for b in self.branches if b["status"] == "open" and b["relation"] == "affiliate"]
        for p in self.partnerships:  # counterpart support that is younger than asked, or without effect, is no basis (SH-6)
            told = (rule.get("counterpart_as_of") or self.date, p.get("since"))
            now, since = (int((re.findall("[0-9]{4}", str(t)) or ["0"])[0]) for t in told)
            weak = p.get("effect") == "no" or (now and since and since + rule.get("counterpart_years", -99) > now)
            found.append((p, 3 if p["basis"] in ("custody", "affiliate", "" if weak else "counterpart") else 4))
        return {pair(row): level for row, level in sorted(found, key=lambda one: -one[1])}
    def most(self, rule: str, one: str) -> float:  # the cap of a district or hospital, adjusted and overridden (SH-2, SH-3)
        cap, own = self.rules[rule], self.districts.get(one, {}) if rule == "district_cap" else {}
        above = [(own.get("people"), cap.get("more_above_people")), (own.get("area_km2"), cap.get("more_above_km2"))]
        more = any(has and limit is not None and float(has) > limit for has, limit in above)
        return float(cap["override"][one]["most"] if one in cap.get("override", {}) else cap.get("most", INF) + more)
    def serving(self, name: str) -> list[Any]:  # hospitals of a layer: SH-4, or leads of grids: ZJ-2 to ZJ-5, CD-1, CD-2
        rules, grid = self.rules, name == "grid"
        who, private = rules["grid_leads" if grid else "candidates"], ("private", "enterprise") if grid else ()
        kinds = ([*who["categories"], *rules["special_leads"].get("categories", [])] if grid else
                 who["exempt"] if name == who["exempt_layer"] else who["counted"] + who["exempt"] * who["merge_layers"])
        fit = [h for h in self.hospitals if h["category"] in kinds and h["tier"] in who["tiers"]]
        fit = [h for h in fit if ("willing_private" in rules and h.get("willing") == "yes" if h["ownership"] in private else
                                  h["ownership"] in who["ownerships"])]
        county, never = rules["county_communities"].get("tiers", []), "provincial" if "no_provincial_leads" in rules else ""
        return fit if not grid else [h for h in fit if h["tier"] != never and (h["tier"] not in who["tertiary"] or h["grade"][:1] == "3")
                                     if self.forms.get(h["district_id"]) == "urban" or (county and h["tier"] in county)]
class Layer:  # one layer as arrays: who may serve whom, what each limit leaves, and the plan
    def __init__(self, city: City, name: str) -> None:
        rules, people, where, forms, self.grid = city.rules, city.people, city.where, city.forms, name == "grid"
        hospitals = sorted(city.serving(name), key=lambda h: h["hospital_id"])
        self.city, self.ids = city, [h["hospital_id"] for h in hospitals]
        self.at, home = {h: n for n, h in enumerate(self.ids)}, [(h["hospital_id"], h["district_id"]) for h in hospitals]
        self.minutes, ground = city.minutes(self.at), city.priorities()
        self.priority = np.array([[1 if self.grid else ground.get((d, h), 5) for h in self.ids] for d in where])
        named = ([pair(p) for p in rules[r] if (p.get("layer") == "grid") == self.grid] for r in ("pin", "ban"))
        self.pins, bans = ({p for p in own if p[1] in self.at} for own in named)
        standard, shape, grids = rules["travel_standard"], rules["grid_shape"] if self.grid else {}, rules["grids"]
        self.limit, self.over = standard.get("minutes", 60.0), standard.get("price") if standard else 0.0
        far = min(self.limit if self.over is None else INF, shape.get("minutes") or INF)
        self.may = np.isfinite(self.minutes) & ((self.minutes <= far) | (people == 0)[:, None])
        self.may &= self.priority <= (3 if rules["eligibility"].get("mode") == "strict" else 5)
        town = {d for d in forms if forms[d] == "urban" and grids.get("across_districts")}  # whose borders grids may cross
        self.may &= np.array([[(d, h) not in bans and (not self.grid or d == at or {d, at} <= town) for h, at in home] for d in where])
        self.of = {d: np.flatnonzero([d == own and p > 0 for own, p in zip(where, people)]) for d in forms if forms[d] or not self.grid}
        self.counted = np.array([self.grid or h["category"] in rules["candidates"]["counted"] for h in hospitals])
        self.cap = {d: city.most("district_cap", d) if not self.grid else INF if d in town else 1 if forms[d] == "county" else
                    grids["number"].get(d) or grids.get("most_per_district") or INF for d in forms}
        caps = [city.most("hospital_cap", h) if c and not self.grid else INF for h, c in zip(self.ids, self.counted)]
        bed, weights, self.places, self.weight = rules["capacity"], rules["group_weights"], np.array(caps), people.copy()
        self.room = np.array([float(h[bed["source"]] or INF) * float(bed.get("people_per_bed") or 1) if bed else INF for h in hospitals])
        for group, weight in weights.get("weights", weights).items():
            self.weight += (weight - 1) * np.array([float(u.get(group) or 0) for u in city.units])
        self.today = {pair(p) for p in city.partnerships if p["hospital_id"] in self.at}
        self.there = {pair(b) for b in city.campuses if rules["priority"].get("campuses_present", True)} - self.today  # no change
        self.change = 0.0 if self.grid else float(rules["change_price"].get("person_minutes", 0))  # of a pair that is new or ended
    def read(self, name: str) -> None:  # who serves whom in the plan; it keeps the caps and capacities
        city, self.serves = self.city, np.full(len(self.city.units), -1)
        for n, row in ((n, row) for n, row in enumerate(city.rows, start=2) if row["layer"] == name):
            u, h, where = city.unit.get(row["unit_id"], -1), self.at.get(row["hospital_id"], -1), f"assignment.csv, row / 行 {n}"
            fits = u >= 0 and h >= 0 and self.serves[u] < 0 and self.may[u, h] and row["district_id"] == city.where[u]
            fits = fits and float(row["people"]) == city.people[u] and abs(float(row["minutes"]) - self.minutes[u, h]) <= 1.5e-4
            need(fits, f"{where}: twice, may not serve, or other people or minutes / 重复、不得服务，或人口、时间与地区数据不一致")
            self.serves[u] = h
        need(all(h >= 0 or d not in self.of for h, d in zip(self.serves, city.where)), f"{name}: a unit without a row / 有单元未分配")
        self.lived = np.flatnonzero((city.people > 0) & (self.serves >= 0))
        self.pairs = {(city.where[u], self.ids[self.serves[u]]) for u in self.lived} | self.pins
        tally = Counter(one for p in self.pairs if self.counted[self.at[p[1]]] for one in p)
        load = np.bincount(self.serves[self.lived], weights=city.people[self.lived], minlength=len(self.ids))
        over = [one for one, most in [*self.cap.items(), *zip(self.ids, self.places)] if tally[one] > most]
        over += [h for h, full in zip(self.ids, load > self.room * (1 + 1e-9)) if full]
        need(not over, f"{name}: {over} beyond cap or capacity / 超过结对数上限或承载能力")
        if "connected_parts" in city.rules and not self.grid:  # no hospital has more parts than the districts have pieces for it
            own, all_ = (Counter(h for _, h in {*zip(city.parts(k), self.serves)}) for k in ([*zip(city.where, self.serves)], city.where))
            need(not own - all_, f"{name}: what {[self.ids[h] for h in own - all_]} serve stands apart / 服务片区不相连")
    def cost(self, goal: str) -> np.ndarray:  # (units, hospitals) what serving a whole unit costs in a goal, inf where it may not be
        need(re.fullmatch("travel|coverage|residents_through_[2-5]", goal), f"{goal}: unknown goal / 未知目标")
        minutes, weight = np.where(self.may, self.minutes, 0.0), self.weight if goal == "travel" else self.city.people
        prices = np.array(self.city.rules["priority"].get("prices", [0.0] * 5)) * (not self.grid)
        each = minutes > self.limit if goal == "coverage" else self.priority >= (5 if goal == "travel" else int(goal[-1]))
        if goal == "travel": each = minutes + prices[self.priority - 1] + (self.over or 0.0) * np.maximum(0.0, minutes - self.limit)
        return np.where(self.may, each * weight[:, None], INF)
    def leaf(self, cost: Any, change: float, kept: list[Any], leaf: dict[str, Any], path: list[Any]) -> float:
        mu, lam = (np.array([float(leaf.get(k, {}).get(h, 0)) for h in self.ids]) for k in ("places", "people"))  # inf: no plan
        pi, free = [float(x) for x in leaf.get("kept", [0.0] * len(kept))], leaf.get("costs") == 0
        prices, limits = [*mu, *lam, *pi], [*self.places, *self.room, *(limit for _, limit in kept)]
        paid, change = [p * m for p, m in zip(prices, limits) if p], 0.0 if free else change
        each = np.array([float(leaf.get("units", {}).get(u["unit_id"], 0)) for u in self.city.units])
        sound = len(prices) == len(limits) and np.isfinite([*prices, *paid, *each]).all() and min(prices, default=0) >= 0
        need(sound, "a price is missing, below zero, or where there is no limit / 价格缺失、为负或无上限处定价")
        total = np.where(np.isfinite(cost), 0.0 if free else cost, INF) + self.city.people[:, None] * lam
        for (own, _), price in zip(kept, pi): total = total + price * np.where(np.isfinite(own), own, 0.0)
        for _, u, h, side in (step for step in path if step[0] == "unit"):  # who serves a unit, or does not
            total[self.city.unit[u], (np.arange(len(self.ids)) == self.at[h]) == (side == "out")] = INF
        parts = [self.cheapest(d, total[own], mu, change, path, each[own], leaf) for d, own in self.of.items()]
        if INF in parts: return INF
        ended = change * sum(self.counted[self.at[h]] for _, h in self.today)  # pairs of exempt hospitals: left out of the bound
        bound = math.fsum(parts) + ended - math.fsum(paid) - 1e-12 * float(sum(map(abs, parts)) + ended + sum(paid) + abs(each).sum())
        return bound if not free else INF if bound > 0 else -INF  # less a little for rounding, on the safe side
    def cheapest(self, d: str, rows: Any, mu: Any, change: float, path: list[Any], each: Any, leaf: dict[str, Any]) -> float:
        taken, out = ({self.at[h] for *step, h, side in path if (*step, side) == ("pair", d, s)} for s in ("in", "out"))
        pinned, every = {self.at[h] for dd, h in self.pins if dd == d}, range(len(self.ids))
        own = [h for h in sorted(taken | pinned) if self.counted[h]]
        given = [h for h in every if h in own or (not self.counted[h] and h not in out)]
        open_ = [h for h in every if self.counted[h] and h not in {*own, *out} and np.isfinite(rows[:, h]).any()]
        few = min(self.cap[d] - len(own), len(open_))
        if (taken | pinned) & out or few < 0: return INF
        price = mu + self.counted * [0 if (d, h) in self.there else -change if (d, h) in self.today else change for h in self.ids]
        if "units" in leaf:  # hospitals fall apart
            saves, size = np.maximum(each[:, None] - rows, 0.0), self.city.people[self.of[d]].astype(int)
            rooms = np.floor(np.minimum(self.room, size.sum())).astype(int)
            most = np.zeros((rooms.max() + 1, len(rooms)))  # row: what is saved where so much room is used at most
            for u in np.flatnonzero(saves.any(axis=1) & (size < len(most))) if "whole" in leaf else ():
                most[size[u] :] = np.maximum(most[size[u] :], most[: len(most) - size[u]] + saves[u])
            brings = price - (most[rooms, every] if "whole" in leaf else saves.sum(axis=0))
            return float(each.sum() + brings[given].sum() + np.sort(np.minimum(brings[open_], 0.0))[: int(few)].sum())
        base = rows[:, given].min(axis=1, initial=INF)
        if few == len(open_) and not price[open_].any():  # all of them
            base, open_ = np.minimum(base, rows[:, open_].min(axis=1, initial=INF)), []
        must, few = [rows[:, h] for h in taken - pinned if price[h] < 0], int(min(few, len(open_)))
        return float(price[own].sum()) + least(rows[:, open_], price[open_], base, few, must)
def least(rows: np.ndarray, price: np.ndarray, base: np.ndarray, room: int, must: list[Any]) -> float:
    """The least of sum(min(base, chosen columns)) + prices of the chosen, over all sets of at most `room` of them.
    A member that brings money (a partner of today that stays), chosen or in `must`, pays the way there of its best unit."""
    nobody, best = len(price), INF  # one column more: no further member
    rows, price = np.column_stack([rows, np.full(len(rows), INF)]), np.append(price, 0.0)
    for first in (list(f) for n in range(max(room, 1)) for f in itertools.combinations(range(nobody), n)):
        rest = nobody if not room else first[-1] + 1 if first else 0  # the last member: any column from here, all at once
        served = np.minimum(np.minimum(base, rows[:, first].min(axis=1, initial=INF))[:, None], rows[:, rest:])
        totals, brings = served.sum(axis=0) + price[first].sum() + price[rest:], price[rest:] < 0
        if must or (price < 0).any():
            finite = np.where(np.isfinite(served), served, -INF)  # a set that leaves a unit alone is inf already
            for column in [*must, *(rows[:, f] for f in first if price[f] < 0)]:
                totals += (column[:, None] - finite).min(axis=0, initial=INF)
            totals[brings] += (rows[:, rest:] - finite).min(axis=0, initial=INF)[brings]
        best = min(best, float(totals.min()))
    return best
def walk(node: dict[str, Any], path: list[Any]) -> list[Any]:  # every leaf, with what was taken in and out on the way to it
    both = ((node[side], [*path, (of, *node[of], side)]) for of in ("pair", "unit") if of in node for side in ("in", "out"))
    return [leaf for one in both for leaf in walk(*one)] or [(node, path)]
def goals(layer: Layer, name: str, own: list[Any], printed: list[Any]) -> list[str]:  # of each goal in order: value, bound, gap
    said = [f"{name}, {goal['goal']}: not certified / 未出具证书: {goal['not_certified']}" for goal in own if "tree" not in goal]
    kept, more, proven = list[Any](), 1 + layer.city.rules["tolerance"], [both for both in zip(own, printed) if "tree" in both[0]]
    if proven: layer.read(name)
    for goal, claim in proven:
        what, cost, reached = f"{name}, {goal['goal']}", layer.cost(goal["goal"]), float(goal["reached"])
        change = layer.change if goal["goal"] == "travel" else 0.0
        value = math.fsum(cost[layer.lived, layer.serves[layer.lived]]) + change * len((layer.pairs ^ layer.today) - layer.there)
        slip, leaves, sums = SLIP * max(1.0, abs(value)), walk(goal["tree"], []), cost[np.isfinite(cost)]
        off = max(abs(goal["value"] - value), abs(claim["value"] - value), abs(claim["reached"] - reached), reached - value)
        need(off <= slip and value <= reached * more + slip, f"{what}: value / 目标值 {goal['value']:,.2f}, is / 应为 {value:,.2f}")
        bound = min(layer.leaf(cost, change, kept, leaf, path) for leaf, path in leaves)
        if not change and bound < INF and (sums == np.rint(sums)).all(): bound = float(math.ceil(bound))  # so is every plan's value
        need(bound <= reached + slip, f"{what}: the plan is below the bound, so it breaks a rule / 方案低于下界，必违反规则")
        need(goal["bound"] <= bound + slip, f"{what}: bound / 下界 {goal['bound']:,.2f}, proven / 可证 {bound:,.2f}")
        gap = max(0.0, reached - bound) / max(1.0, abs(reached))
        far = "optimal / 最优" if gap <= GAP else f"gap / 差距 {gap:.4%} ({goal.get('why') or 'open / 未闭合'})"
        said.append(f"{what}: value / 目标值 {value:,.4f}, bound / 下界 {min(bound, reached):,.4f}, {len(leaves)} leaves / 叶, {far}")
        kept.append((cost, reached * more + SLIP * max(1.0, reached * more)))
    return said
def check(folder: Path) -> list[str]:  # the lines to print; raises Fails at the first thing that does not hold
    city = City(folder)
    left = [r for r, x in city.rules.items() if city.plan and isinstance(x, dict) and r not in KNOWN + PARTS]
    said = [f"rules looked at / 已查验的规则: {json.dumps({r: x for r, x in city.rules.items() if r in KNOWN}, ensure_ascii=False)}",
            f"not looked at / 未查验: {', '.join(left) or 'none / 无'}"]
    if city.plan is None:
        layer, leaves = Layer(city, city.proof["no_plan"]["layer"]), walk(city.proof["no_plan"]["tree"], [])
        room = [path for leaf, path in leaves if layer.leaf(layer.cost("coverage"), 0.0, [], leaf, path) < INF]
        need(not room and "visit_demand" not in city.rules, "a leaf leaves room for a plan / 有叶节点未排除方案")
        return [*said, f"{city.proof['no_plan']['layer']}: no plan keeps these rules / 没有符合这些规则的方案, {len(leaves)} leaves / 叶"]
    asked, shown = ([(one["layer"], [g["goal"] for g in one["goals"]]) for one in told["layers"]] for told in (city.proof, city.plan))
    need(asked == shown and ("grid" in dict(shown)) == ("grids" in city.rules), "other layers or goals than the plan / 服务类别或目标与方案不一致")
    for own, printed in zip(city.proof["layers"], city.plan["layers"]):
        said += goals(Layer(city, own["layer"]), own["layer"], own["goals"], printed["goals"])
    return said
if __name__ == "__main__":
    try:
        told = check(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
        left = [told[1].split(": ")[1]] * ("none /" not in told[1]) + [t.split(": not c")[0] for t in told if ": not certified" in t]
        print(*told, "holds / 成立" if not left else f"holds, but not looked at / 成立，但未查验: {', '.join(left)}", sep="\n")
        sys.exit(3 if left else 0)
    except (Fails, OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as fault:
        sys.exit(print(f"DOES NOT HOLD / 不成立: {fault if isinstance(fault, Fails) else repr(fault)}") or 1)
