"""Plans made by hand: what `show` draws must not depend on who made the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pandas as pd

from gridplan.geography.travel import Travel, travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sample import tiny_town
from gridplan.optimise.run.outcome import GoalResult
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.policy import Policy
from gridplan.policies.profile import policy
from gridplan.policies.rules import Ban, DistrictCap, Override
from gridplan.show.map.draw_map import PlanMap, draw
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text

# (layer, district) → partners with their priority; each unit goes to the nearest of them.
PAIRS = {
    ("general", "T1"): {"H1": 1, "H2": 1},
    ("general", "T2"): {"H3": 1, "H1": 1},
    ("general", "T3"): {"H1": 3, "H2": 3},
    ("tcm", "T1"): {"H4": 1},
    ("tcm", "T2"): {"H5": 1},
    ("tcm", "T3"): {"H4": 5, "H5": 5},
}
KEYS = ["layer", "district_id", "hospital_id"]


def plan_of(
    region: Region,
    pairs: Mapping[tuple[str, str], Mapping[str, int]],
    travel: Travel,
    rules: Policy,
    findings: Findings | None = None,
) -> Plan:
    """Each unit to the nearest of its district's partners, in each layer."""
    minutes = pd.DataFrame(travel.minutes, travel.unit_ids, travel.hospital_ids)
    rows, listed = [], []
    for (layer, district), partners in pairs.items():
        for hospital, priority in partners.items():
            listed.append((layer, district, hospital, priority, int(layer == "general"), "new"))
        for unit in region.units[region.units["district_id"] == district].itertuples():
            best = minutes.loc[unit.unit_id, list(partners)].idxmin()
            rows.append(
                (layer, unit.unit_id, district, int(unit.people), best, minutes.loc[unit.unit_id, best])
            )
    assignment = pd.DataFrame(
        rows, columns=["layer", "unit_id", "district_id", "people", "hospital_id", "minutes"]
    )
    served = assignment.groupby(KEYS, as_index=False)["people"].sum()
    table = pd.DataFrame(listed, columns=[*KEYS, "priority", "counted", "change"]).merge(served, how="left")
    table["people"] = table["people"].fillna(0).astype("int64")
    layers = []
    for layer in assignment["layer"].unique():
        part = assignment[assignment["layer"] == layer]
        value = float((part["people"] * part["minutes"]).sum())
        goal = GoalResult("travel", Text("least travel", "出行最少"), value, value)
        layers.append(LayerResult(layer, (goal,), "highs", 0.1, 1000.0))
    provenance = {"gridplan": "0.1.0", "inputs": {"units": "0" * 64}}
    return Plan(
        region=region,
        policy=rules,
        travel=travel,
        assignment=assignment.sort_values(["layer", "unit_id"], ignore_index=True),
        pairs=table[[*KEYS, "priority", "counted", "people", "change"]],
        layers=tuple(layers),
        findings=findings or Findings(),
        provenance=provenance,
    )


def town_plan(
    region: Region | None = None, rules: Policy | None = None, findings: Findings | None = None
) -> Plan:
    """tiny_town() planned by hand, always the same; or a changed copy of it, planned anew."""
    if region is None and rules is None and findings is None:
        return _town()
    region = tiny_town() if region is None else region
    rules = policy("shanghai-2025") if rules is None else rules
    travel = travel_times(region, ["H1", "H2", "H3", "H4", "H5"], rules.travel)
    return plan_of(region, PAIRS, travel, rules, findings)


@cache
def _town() -> Plan:
    return town_plan(tiny_town())


@cache
def drawn(plan: Plan) -> PlanMap:
    """The map of a plan, drawn once for all tests that look at it."""
    return draw(plan)


@cache
def plan_with_warning() -> Plan:
    """tiny_town planned by hand, with one warning."""
    place = Text("no place", "没有位置")
    return town_plan(
        findings=Findings(
            [Finding("warning", "branch-place", "branches", place, Text("add it", "请补充"), id="B3")]
        )
    )


# What has been seen to run in maps and workbooks, or to break them (each stands in every field). A text of several
# parts that is read exactly as it is written proves that none of them ran; what is only dangerous at the beginning of
# a cell or a link begins one, and what would hide its neighbours stands alone.
HOSTILE = [
    '=HYPERLINK("https://example.org","x") <img src=x onerror=window.__ran=1> <svg onload=window.__ran=1> '
    "'\"><b onmouseover=window.__ran=1> <a href=javascript:window.__ran=1>x</a>",
    "=cmd|'/c calc'!A0 </script><script>window.__ran=1</script> </title></style><script>window.__ran=1</script>",
    "javascript:window.__ran=1 &lt;b&gt; &amp;amp; <math><mtext></p><img src=x onerror=window.__ran=1> "
    "<iframe srcdoc='<script>top.__ran=1</script>'> <style>*{display:none}</style> @import url(https://example.org/x.css);",
    "+1-2@SUM(A1) ${window.__ran=1} `;window.__ran=1;` \\`;window.__ran=1// \"';window.__ran=1;//",
    "https://example.org/?a=1&b=<2> {{ 7*7 }} {% if 1 %}evaluated{% endif %} 楼{#3号楼",
    "line\u2028separator\u2029window.__ran=1 \\u003cscript\\u003ewindow.__ran=1",
    "<!--<script>",
    "{=1+1}",
    "__proto__",
    "\u202etxt.exe\u202c\u200f医院\u2067院\u2069",
    "很长的名称" * 60,
]


@cache
def hostile_plan(text: str) -> Plan:
    """tiny_town with `text` wherever data or a profile can bring a name or a sentence."""
    region = tiny_town()
    named = {
        table: getattr(region, table).assign(name=text)
        for table in ("districts", "units", "hospitals", "branches")
    }
    for table in ("districts", "hospitals"):
        named[table] = named[table].assign(name_en=text)
    region = replace(
        region.with_tables(**named), name=text, title=text, people=f"modelled: {text}", sources=(text, text)
    )
    rules = policy("shanghai-2025").with_rule(
        DistrictCap(2, {"T1": Override(3, text)}), Ban("T1", "H3", text)
    )
    rules = replace(rules, name=text, title=Text(text, text), source=text)
    finding = Finding("warning", text, text, Text(text, text), Text(text, text), row=2, id=text)
    return town_plan(region, rules, Findings([finding]))
