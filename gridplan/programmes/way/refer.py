"""The chain 1+1+1 (SH-13, JG-2, JG-4): a unit's community centres, their district hospitals, the partner above."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from gridplan.optimise.programme.chains import (
    ChainsProblem,
    ChainsSolution,
    largest_first_contact,
    solve_chains,
)
from gridplan.optimise.programme.goals_in_order import Reached
from gridplan.optimise.run.clock import Clock
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Referral
from gridplan.programmes.ground import TCM, Ground, haversine_km, note
from gridplan.programmes.part import Part, goal_results
from gridplan.programmes.way.tier_loads import first_contacts, not_stated, tier_loads
from gridplan.programmes.way.ways import Ways, bed_room, per_km, stated, ways_of
from gridplan.words.errors import DataError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text
from gridplan.words.vocabulary import CHAIN_COLUMNS, CONTACT_COLUMNS, GRID, LOAD_COLUMNS, PRIMARY

THOUSAND = 1000.0
LEAST_SHARE = 1e-6  # of a unit's contacts; less is nobody
GOALS = {
    "overflow": (Text("first contacts beyond what centres, district hospitals and beds behind them can carry", "超出基层、区级医院或床位承接能力的首诊"), "thousand visits", 1.0),
    "beyond": (Text("first contacts beyond the standard", "超过首诊时间标准的首诊"), "thousand visits", 1.0),
    "broken": (Text("referrals whose district hospital another partner manages", "区级医院由另一家合作医院托管的上转"), "thousand visits", 1.0),
    "travel": (Text("least travel (thousand visits × minutes)", "就诊路程最少（千人次 × 分钟）"), "thousand visit-minutes", 1.0),
}  # fmt: skip


def refer(
    plan: Plan, rule: Referral | None = None, *, above: Mapping[str, Part] | None = None, seconds: float | None = None,
    progress: Progress = silent,
) -> Part:  # fmt: skip
    """The chain of every unit, district by district, and the largest share of first contacts that primary care can carry.

    Parameters
    ----------
    rule : by default that of the plan's policy, else `Referral()`.
    above : parts made before; custody says which chain is broken.

    Returns
    -------
    Part with the tables "chains", "loads", "tier_loads", "first_contact".

    Raises
    ------
    DataError : the table institutions is needed, or no unit has a partner.
    """
    start = time.perf_counter()
    rule = rule or plan.policy.rule(Referral) or Referral()
    if plan.region.institutions is None:
        raise DataError(
            Text(
                "the chain 1+1+1 needs the table institutions", "1+1+1 转诊链需要基层机构表（institutions）"
            ),
            Text("add it to the region folder and plan again", "请在地区文件夹中补充后重新制定方案"),
        )
    return _Referring(plan, rule, above or {}).part(start, seconds, progress)


class _Referring:
    """The problems of all districts with their ids, and the way back."""

    def __init__(self, plan: Plan, rule: Referral, above: Mapping[str, Part]) -> None:
        self.plan, self.rule, self.ground = plan, rule, Ground(plan)
        self.findings: list[Finding] = []
        self.thirds: dict[tuple[str, str], float] = {}
        table = plan.region.institutions
        assert table is not None
        self.centres = table[table["kind"].isin(PRIMARY)].reset_index(drop=True)
        custody = above["posts"].tables["custody"] if "posts" in above else None
        self.guaranteed = above["guarantee"].tables["guarantee"] if "guarantee" in above else None
        self.manager = (
            {} if custody is None else dict(zip(custody["managed_id"], custody["hospital_id"], strict=True))
        )
        hospitals = self.ground.hospitals
        rows = plan.assignment[plan.assignment["layer"] != GRID]
        rows = rows[~rows["hospital_id"].map(hospitals["category"]).isin(TCM)]
        self.partner = dict(zip(rows["unit_id"], rows["hospital_id"], strict=True))
        if not self.partner:
            raise DataError(
                Text("the plan has no layer of partners: nobody stands above the district hospitals", "方案没有结对类服务，区级医院之上无合作医院"),
                Text("plan under a policy with partners", "请按含结对的政策制定方案"),
            )  # fmt: skip
        if self.centres["visits_capacity"].isna().any():
            count = int(self.centres["visits_capacity"].isna().sum())
            self.findings.append(note(
                "capacity-not-stated", "institutions", f"{count} of {len(self.centres)} primary institutions state no capacity: no limit.",
                f"{len(self.centres)} 家基层机构中有 {count} 家未填写诊疗能力，按不限处理。", "Fill in visits_capacity.", "请填写 visits_capacity。",
            ))  # fmt: skip

    def _district(
        self, district: str
    ) -> tuple[ChainsProblem, pd.DataFrame, list[str], pd.DataFrame, list[str]] | None:
        """Numbers of a district, its units, district hospitals, centres, partners; None where something is missing."""
        region, rule = self.plan.region, self.rule
        ways = ways_of(self.ground, district, rule.nearest)
        units, centres = ways.units, ways.centres
        hospitals = sorted(
            h for h in self.ground.served if self.ground.hospitals.at[h, "district_id"] == district
        )
        lacking = [t for t, there in ((Text("primary institution", "基层机构"), len(centres)), (Text("district hospital", "区级医院"), len(hospitals))) if not there]  # fmt: skip
        if units.empty:
            return None
        if lacking:
            where, people = region.label("district", district), int(units["people"].sum())
            en, zh = ", ".join(x.en for x in lacking), "、".join(x.zh for x in lacking)
            self.findings.append(note(
                "no-chain", "institutions", f"{where} has no {en}: {people:,} residents have no chain.",
                f"{where} 没有{zh}：{people:,} 名居民没有转诊链。", "Add it to the tables.", "请在数据表中补充。", district,
            ))  # fmt: skip
            return None
        minute = per_km(self.ground, district)
        names = [self.partner[u] for u in units["unit_id"]]
        partners = sorted({*names, *(self.manager[h] for h in hospitals if h in self.manager)})
        sites = self.ground.hospitals.loc[hospitals, ["lon", "lat"]].to_numpy(float)
        to = haversine_km(
            centres["lon"].to_numpy(float)[:, None],
            centres["lat"].to_numpy(float)[:, None],
            sites[:, 0],
            sites[:, 1],
        )
        problem = ChainsProblem(
            units["people"].to_numpy(float) * rule.visits * rule.first_contact / THOUSAND,
            np.array([partners.index(n) for n in names]), ways.unit, ways.centre, ways.minutes, ways.minutes > rule.minutes,
            stated(centres, "visits_capacity") / THOUSAND, np.round(to * minute, 4),
            np.array([partners.index(self.manager[h]) if h in self.manager else -1 for h in hospitals]), rule.up_to_district,
            stated(self.ground.hospitals.loc[hospitals], "referrals_capacity") / THOUSAND, rule.down,
            bed_room(centres, rule.stay) / THOUSAND, self.reserved(ways),
        )  # fmt: skip
        return problem, units, hospitals, centres, partners

    def reserved(self, ways: Ways) -> np.ndarray:
        """(ways,) share of the unit that is guaranteed the way (CD-5)."""
        if self.guaranteed is None:
            return np.zeros(len(ways.unit))
        people = self.guaranteed.groupby(["unit_id", "institution_id"])["people"].sum()
        keys = zip(
            ways.units["unit_id"].to_numpy()[ways.unit],
            ways.centres["institution_id"].to_numpy()[ways.centre],
            strict=True,
        )
        count = np.array([float(people.get(key, 0.0)) for key in keys])
        asked = np.bincount(ways.unit, weights=count, minlength=len(ways.units))
        of = np.maximum(
            ways.units["people"].to_numpy(float), asked
        )  # who belongs to two groups is one person
        return count / of[ways.unit]

    def part(self, start: float, seconds: float | None, progress: Progress) -> Part:
        """Tables, goals, sentences."""
        chains: list[tuple[object, ...]] = []
        loads: list[tuple[object, ...]] = []
        contact: list[tuple[object, ...]] = []
        sums: dict[str, list[Reached]] = {}
        districts = [str(d) for d in self.plan.region.districts["district_id"]]
        clock = Clock(seconds)
        progress(Step(Text("the chain 1+1+1", "1+1+1 转诊链")))
        made = {d: one for d in districts if (one := self._district(d)) is not None}
        solved: dict[str, ChainsSolution] = {}
        for district in sorted(
            made, key=lambda d: len(made[d][0].unit)
        ):  # large ones last: they get what small ones leave
            name = self.plan.region.label("district", district)
            told = Text(f"the chain 1+1+1, {name}", f"1+1+1 转诊链 {name}")
            progress(Step(told, seconds=time.perf_counter() - start))
            solved[district] = solve_chains(made[district][0], clock.share(len(made) - len(solved)))
        for district, one in made.items():
            chains += self._chains(*one, solved[district])
            loads += self._loads(one[0], one[3], solved[district])
            contact.append(self._contact(district, one[0], one[3]))
            for reached_ in solved[district].reached:
                sums.setdefault(reached_.name, []).append(reached_)
        table = pd.DataFrame(chains, columns=CHAIN_COLUMNS)
        tables = {
            "chains": table, "loads": pd.DataFrame(loads, columns=LOAD_COLUMNS),
            "first_contact": pd.DataFrame(contact, columns=CONTACT_COLUMNS),
        }  # fmt: skip
        tables["tier_loads"] = tier_loads(self.plan, self.rule, table)
        self.findings += not_stated(self.plan, tables["tier_loads"])
        reached = [
            Reached(name, sum(r.value for r in all_of), sum(r.bound for r in all_of), sum(r.seconds for r in all_of), len(all_of))
            for name, all_of in sums.items()
        ]  # fmt: skip
        values = self._values(tables)
        least = min(contact, key=lambda row: float(str(row[1])), default=None)
        facts = {
            "districts": len(contact), "units": int(table["unit_id"].nunique()), "centres": int(table["institution_id"].nunique()),
            "largest_first_contact": None if least is None else least[1],
        }  # fmt: skip
        modelled = tuple(n for n in ("institutions", "custody") if n in self.plan.region.modelled_tables)
        return Part(
            "chains", Referral.title, tables, goal_results(reached, values, GOALS), round(time.perf_counter() - start, 3),
            tuple(self._sentences(values, least)), Findings(self.findings), modelled, facts,
        )  # fmt: skip

    def _chains(
        self, p: ChainsProblem, units: pd.DataFrame, hospitals: list[str], centres: pd.DataFrame, partners: list[str],
        solution: ChainsSolution,
    ) -> list[tuple[object, ...]]:  # fmt: skip
        rows: list[tuple[object, ...]] = []
        for n in np.flatnonzero(solution.share > LEAST_SHARE).tolist():
            u, i = int(p.unit[n]), int(p.centre[n])
            h = hospitals[int(solution.chain[i])]
            partner = partners[int(p.partner[u])]
            broken = int(h in self.manager and self.manager[h] != partner)
            rows.append((
                str(units.at[u, "unit_id"]), str(centres.at[i, "institution_id"]), float(solution.share[n]), h, partner,
                float(p.minutes[n]), float(p.to_hospital[i, int(solution.chain[i])]), self.third(partner, h), broken,
            ))  # fmt: skip
        return rows

    def third(self, partner: str, hospital: str) -> float:
        """Minutes from the district hospital to the partner's nearest site."""
        if (partner, hospital) not in self.thirds:
            self.thirds[partner, hospital] = float(self.ground.minutes([partner], [hospital])[0])
        return self.thirds[partner, hospital]

    def _loads(
        self, p: ChainsProblem, centres: pd.DataFrame, solution: ChainsSolution
    ) -> list[tuple[object, ...]]:
        load = np.bincount(p.centre, weights=p.visits[p.unit] * solution.share, minlength=len(centres))
        return [
            (
                str(centres.at[i, "institution_id"]), round(float(load[i]) * THOUSAND),
                "" if not np.isfinite(p.capacity[i]) else int(p.capacity[i] * THOUSAND),
                max(0, round(float(load[i] - p.capacity[i]) * THOUSAND)) if np.isfinite(p.capacity[i]) else 0,
            )
            for i in range(len(centres))
        ]  # fmt: skip

    def _contact(self, district: str, p: ChainsProblem, centres: pd.DataFrame) -> tuple[object, ...]:
        share, full = largest_first_contact(p, self.rule.first_contact)
        binding = (
            [str(centres.at[int(i), "institution_id"]) for i in np.flatnonzero(full)]
            if share < 1 - 1e-9
            else []
        )
        return (district, round(share, 6), " ".join(binding))

    def _values(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
        """What the tables come to, in thousand visits."""
        t, rule, tiers = tables["chains"], self.rule, tables["tier_loads"]
        up, back = rule.up_to_district, rule.up_to_district * rule.down
        over = tiers.groupby("tier")["overflow"].sum()
        beyond = sum(
            float(over.get(tier, 0.0)) / rate for tier, rate in (("district", up), ("down", back)) if rate
        )
        flow = first_contacts(self.plan, rule, t) / THOUSAND
        load = flow.groupby(t["institution_id"]).sum()
        capacity = (
            self.centres.set_index("institution_id")["visits_capacity"].reindex(load.index).fillna(np.inf)
            / THOUSAND
        )
        return {
            "overflow": float((load - capacity).clip(lower=0).sum()) + float(beyond) / THOUSAND, "beyond": float(flow[t["minutes_1"] > rule.minutes].sum()),
            "broken": float((flow * rule.up_to_district * t["broken"]).sum()),
            "travel": float((flow * (t["minutes_1"] + rule.up_to_district * t["minutes_2"])).sum()),
        }  # fmt: skip

    def _sentences(self, values: Mapping[str, float], least: tuple[object, ...] | None) -> list[Text]:
        lines = [Text(
            f"{values['overflow']:,.0f} thousand a year first contacts are beyond what centres, or the district hospitals and beds behind them, can carry, {values['beyond']:,.0f} thousand beyond "
            f"{self.rule.minutes:g} minutes; {values['broken']:,.0f} thousand referrals meet a district hospital of another partner.",
            f"每年 {values['overflow']:,.0f} 千人次首诊超出基层或其后区级医院、床位的承接能力，{values['beyond']:,.0f} 千人次超过 {self.rule.minutes:g} 分钟；"
            f"{values['broken']:,.0f} 千人次上转的区级医院由另一家合作医院托管。",
        )]  # fmt: skip
        if least is not None:
            where = self.plan.region.label("district", str(least[0]))
            lines.append(Text(
                f"Primary care can carry {100 * float(str(least[1])):.1f}% of first contacts everywhere; {where} binds.",
                f"各区基层可支撑的首诊率为 {100 * float(str(least[1])):.1f}%，受限于{where}。",
            ))  # fmt: skip
        lines.append(Text(
            "Visits and share of first contacts: BMC HSR 2021, 21:51; one sent down for 19 sent up: BMC Fam Pract 2020, Pudong 2016; shares "
            "sent up and length of stay are guesses. None is a count of this city.",
            "就诊次数与首诊率：BMC HSR 2021, 21:51；上转 19 例下转 1 例：BMC Fam Pract 2020（浦东 2016 年）；上转比例与住院天数为估计。均非本市统计。",
        ))  # fmt: skip
        return lines
