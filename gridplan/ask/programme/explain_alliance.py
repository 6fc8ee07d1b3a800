"""Who allies with a district in a discipline, and why another department does not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gridplan.ask.explanation import Explanation
from gridplan.inputs.disciplines import discipline_name
from gridplan.policies.programme_rules import Alliances
from gridplan.programmes.programme import Programme
from gridplan.words.text import Language, Text


def explain_alliance(programme: Programme, district: str, code: str, lang: Language) -> Explanation:
    """Who leads in a discipline in a district, and which departments could."""
    region, table = programme.plan.region, programme.tables["alliances"]
    name, where = discipline_name(code), region.label("district", district)
    rule = next((r for r in programme.rules["alliances"] if isinstance(r, Alliances)), None)
    title = Text(f"Alliances in {name.en} of {where}", f"{where} · {name.zh}专科联盟")
    there = table[(table["district_id"] == district) & (table["discipline"] == code)]
    lines: list[Text] = []
    for row in there.itertuples():
        who = region.label("hospital", row.hospital_id)
        lines.append(Text(
            f"{who} leads; need (weighted) reached: {row.people:,}."
            + (" It is a partner of the district: in step with the regional consortium." if row.coordinated else ""),
            f"由{who}牵头，覆盖需求（加权）{row.people:,}。" + ("该院为本区合作医院，与区域医联体统筹。" if row.coordinated else ""),
        ))  # fmt: skip
    departments = region.departments
    reach = () if rule is None else rule.reach
    leaders = [] if departments is None else sorted(
        departments.loc[(departments["discipline"] == code) & departments["key"].isin(reach), "hospital_id"]
    )  # fmt: skip
    count = int((table["district_id"] == district).sum())
    if there.empty:
        lines.append(Text("No alliance.", "没有专科联盟。"))
        if not leaders:
            lines.append(Text("No department with reach leads in it.", "没有具辐射力的重点专科。"))
        elif rule is not None and count >= rule.per_district:
            least = table[table["district_id"] == district].nsmallest(1, "people").iloc[0]
            other = discipline_name(str(least["discipline"]))
            lines.append(Text(
                f"The district takes in {count} alliances, the most it may; the least of them is {other.en}, need (weighted) {least['people']:,}.",
                f"该区已有 {count} 个联盟，达到上限；其中需求（加权）最少的是{other.zh}，{least['people']:,}。",
            ))  # fmt: skip
    rows = [_leader(programme, rule, district, code, h) for h in leaders] if rule is not None else []
    return Explanation(
        title,
        tuple(lines),
        pd.DataFrame(rows, columns=["hospital_id", "leads", "reason", "what", "what_zh"]),
        lang,
    )


def _leader(programme: Programme, rule: Alliances, district: str, code: str, hospital: str) -> dict[str, Any]:
    """One department that could lead: what it leads, and why not here."""
    region, table = programme.plan.region, programme.tables["alliances"]
    hospitals = region.hospitals.set_index("hospital_id")
    mine = table[(table["hospital_id"] == hospital) & (table["discipline"] == code)]
    departments = region.departments
    assert departments is not None
    key = departments.loc[
        (departments["hospital_id"] == hospital) & (departments["discipline"] == code), "key"
    ].iloc[0]
    pairs = programme.plan.pairs
    partners = set(pairs.loc[(pairs["district_id"] == district) & (pairs["layer"] != "grid"), "hospital_id"])
    others = (
        set(
            departments.loc[
                (departments["discipline"] == code) & departments["key"].isin(rule.reach), "hospital_id"
            ]
        )
        & partners
    )
    if district in set(mine["district_id"]):
        reason, text = "leads", Text("leads here", "在本区牵头")
    elif hospitals.at[hospital, "district_id"] == district:
        reason, text = (
            "home",
            Text("stands in the district: it serves it without an alliance", "就在本区，无须联盟"),
        )
    elif hospitals.at[hospital, "ownership"] == "military":
        reason, text = "military", Text("a military hospital follows rules of its own", "军队医院另有规定")
    elif rule.coordinate and others and hospital not in others:
        reason, text = (
            "coordination",
            Text("a partner of the district leads in it itself", "该区合作医院自身具备该重点专科"),
        )
    elif len(mine) >= rule.most_of(str(key)):
        reason, text = (
            "full",
            Text(f"leads {len(mine)} districts, the most it may", f"已牵头 {len(mine)} 个区，达到上限"),
        )
    elif len(there := table[(table["district_id"] == district) & (table["discipline"] == code)]):
        other = region.label("hospital", there["hospital_id"].iloc[0])
        reason, text = (
            "another",
            Text(f"{other} leads here: one alliance per discipline", f"本区由{other}牵头，每学科一个联盟"),
        )
    else:
        reason, text = (
            "elsewhere",
            Text(
                "other alliances reach more need, in the order of goals", "按目标次序，其他联盟覆盖需求更多"
            ),
        )
    who = region.label("hospital", hospital)
    return {
        "hospital_id": hospital, "leads": len(mine), "reason": reason,
        "what": f"{who}: {text.en}", "what_zh": f"{who}：{text.zh}",
    }  # fmt: skip
