"""SH-12 and LZ-4 judged from alliances.csv and signatures.csv alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridplan.inputs.disciplines import discipline_name
from gridplan.judging.programme.claims import Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Alliances, Signatures
from gridplan.policies.rule import Rule
from gridplan.words.text import Text

ONE = 1.0  # person, by which rounded figures may differ


def judge_alliances(rules: tuple[Rule, ...], claimed: Claimed) -> Iterator[Breach]:
    """Every broken demand of SH-12 and LZ-4, with rows of the table that is named."""
    strangers = [
        *unknown_ids(Alliances.id, claimed, "alliances", ("hospital_id", "discipline", "district_id")),
        *unknown_ids(Signatures.id, claimed, "signatures", ("lead_id", "discipline")),
    ]
    yield from strangers
    if strangers:
        return
    allies = next((r for r in rules if isinstance(r, Alliances)), None)
    signs = next((r for r in rules if isinstance(r, Signatures)), None)
    if allies is None and len(claimed.tables["alliances"]):
        what = Text("alliances.csv: the policy asks for none", "alliances.csv：政策未要求专科联盟")
        yield Breach(Alliances.id, what, rows=rows_of(claimed.tables["alliances"]))
    found: dict[str, float] = {}
    if allies is not None:
        yield from _rows(allies, claimed)
        yield from _counts(allies, claimed)
        found |= _need(allies, claimed)
    if signs is not None and _grids(claimed):
        yield from _signatures(signs, claimed)
        found |= _signature_figures(signs, claimed)
    told = claimed.figures.get("alliances", {})
    found = {name: value for name, value in found.items() if value or name in told}
    yield from figures_that_differ((allies or signs or Alliances()).id, told, found)


def _level(claimed: Claimed, hospital: str, code: str) -> float:
    """Level with one more where a post is held; NaN where it is not known."""
    level = claimed.levels.get((hospital, code), np.nan)
    return min(3.0, level + claimed.posted(hospital, code)) if level == level else np.nan


def need_of(claimed: Claimed, district: str, code: str) -> float:
    """People in need of a district's receiving hospitals, by the share of the gap that posts leave."""
    total = 0.0
    for receiver in claimed.general_receivers:
        if claimed.of_hospital[receiver]["district_id"] == district:
            level = _level(claimed, receiver, code)
            total += claimed.people(receiver, code) * (3 - level) / 3 if level == level else 0.0
    return float(np.round(total))


def _rows(rule: Alliances, claimed: Claimed) -> Iterator[Breach]:
    """Row by row: who leads has reach, not at home, where there is need, in step with the regional consortium."""
    leading: dict[str, list[str]] = {}
    for (hospital, code), key in claimed.keys.items():
        one = claimed.of_hospital.get(hospital, {})
        if key in rule.reach and one.get("ownership", "military") != "military":
            leading.setdefault(code, []).append(hospital)
    for row in claimed.tables["alliances"].itertuples():
        key, partners = (
            claimed.keys.get((row.hospital_id, row.discipline), ""),
            claimed.partners.get(row.district_id, set()),
        )
        faults: list[tuple[str, str]] = []
        if key not in rule.reach or key != row.reach:
            faults.append((f"it has not that reach ({key or 'none'})", f"该科级别为“{key or '无'}”，不符"))
        if claimed.of_hospital[row.hospital_id]["ownership"] == "military":
            faults.append(("a military hospital follows rules of its own", "军队医院另有规定"))
        if claimed.of_hospital[row.hospital_id]["district_id"] == row.district_id:
            faults.append(("it stands in that district", "该院就在本区"))
        need = need_of(claimed, row.district_id, row.discipline)
        if abs(need - row.people) > ONE or need <= 0:
            faults.append(
                (f"{row.people:,.0f} people are printed, {need:,.0f} it is", f"所列 {row.people:,.0f} 人，应为 {need:,.0f} 人")
            )  # fmt: skip
        if int(row.coordinated) != int(row.hospital_id in partners):
            faults.append(("coordinated is not what the plan's partners say", "coordinated 与结对不符"))
        if rule.coordinate and row.hospital_id not in partners:
            inside = sorted(partners.intersection(leading.get(row.discipline, ())))
            if inside:
                own = claimed.hospital(inside[0])
                faults.append(
                    (
                        f"{own}, a partner of the district, leads in it itself",
                        f"该区合作医院{own}自身具备该重点专科",
                    )
                )
        for en, zh in faults:
            name, who, where = (
                discipline_name(row.discipline), claimed.hospital(row.hospital_id), claimed.district(row.district_id),
            )  # fmt: skip
            what = Text(
                f"alliances.csv: {name.en} of {who} in {where}: {en}",
                f"alliances.csv：{who}{name.zh}与{where}：{zh}",
            )
            yield Breach(
                rule.id, what, district_id=row.district_id, hospital_id=row.hospital_id, rows=(int(row.row),)
            )


def _counts(rule: Alliances, claimed: Claimed) -> Iterator[Breach]:
    """One alliance per district and discipline; most and least of a department, district, hospital; the share."""
    table = claimed.tables["alliances"]
    for (district, code), rows in table.groupby(["district_id", "discipline"]):
        if len(rows) > 1:
            name, where = discipline_name(str(code)), claimed.district(district)
            what = Text(
                f"alliances.csv: {where} has {len(rows)} alliances in {name.en}, one is allowed",
                f"alliances.csv：{where} {name.zh}有 {len(rows)} 个联盟，只能有一个",
            )
            yield Breach(rule.id, what, district_id=str(district), rows=rows_of(rows))
    for (h, code), rows in table.groupby(["hospital_id", "discipline"]):
        most = rule.most_of(claimed.keys.get((str(h), str(code)), ""))
        if not rule.least <= len(rows) <= most:
            name, who = discipline_name(str(code)), claimed.hospital(h)
            what = Text(
                f"alliances.csv: {name.en} of {who} leads {len(rows)} districts, {rule.least} to {most} are allowed",
                f"alliances.csv：{who}{name.zh}牵头 {len(rows)} 个区，应为 {rule.least} 至 {most} 个",
            )
            yield Breach(rule.id, what, hospital_id=str(h), rows=rows_of(rows))
    for column, most, label in (
        ("district_id", rule.per_district, claimed.district), ("hospital_id", rule.per_hospital, claimed.hospital),
    ):  # fmt: skip
        for key, rows in table.groupby(column):
            if len(rows) > most:
                what = Text(
                    f"alliances.csv: {label(key)} has {len(rows)} alliances, at most {most}",
                    f"alliances.csv：{label(key)} 有 {len(rows)} 个联盟，至多 {most} 个",
                )
                yield Breach(rule.id, what, rows=rows_of(rows))
    if rule.suburbs is not None and len(table):
        outside = sum(claimed.kinds[d] != "central" for d in table["district_id"])
        if outside < rule.suburbs * len(table) - 1e-9:
            what = Text(
                f"alliances.csv: {outside} of {len(table)} are outside the centre, {100 * rule.suburbs:g}% are asked",
                f"alliances.csv：{len(table)} 个联盟中 {outside} 个在中心城区以外，要求 {100 * rule.suburbs:g}%",
            )
            yield Breach(rule.id, what)


def _need(rule: Alliances, claimed: Claimed) -> dict[str, float]:
    """People in need with an alliance, kind by kind."""
    out: dict[str, float] = {}
    for row in claimed.tables["alliances"].itertuples():
        kind = claimed.kinds[row.district_id]
        name = f"need_{kind if kind in rule.order else 'others'}"
        out[name] = out.get(name, 0.0) + need_of(claimed, row.district_id, row.discipline)
    told = claimed.figures.get("alliances", {})
    return {**{name: 0.0 for name in told if name.startswith("need_")}, **out}


def _grids(claimed: Claimed) -> list[str]:
    return sorted(claimed.grids.leads)


def _signatures(rule: Signatures, claimed: Claimed) -> Iterator[Breach]:
    """Row by row: strong enough, or lifted by an alliance of its district; how many per grid and discipline."""
    table, alliances, grids = claimed.tables["signatures"], claimed.tables["alliances"], _grids(claimed)
    allied = set(
        zip(alliances["district_id"], alliances["discipline"], alliances["hospital_id"], strict=True)
    )
    for row in table.itertuples():
        level = claimed.levels.get((row.lead_id, row.discipline), np.nan)
        district = str(claimed.of_hospital[row.lead_id]["district_id"])
        faults: list[tuple[str, str]] = []
        if row.lead_id not in grids:
            faults.append(("it leads no grid", "该院不牵头网格"))
        if not level >= 1:
            faults.append(("its level is 0 or not known", "能力为 0 或未知"))
        if row.level != level:
            faults.append(
                (
                    f"level {row.level:g} is printed, {level:g} it is",
                    f"所列能力 {row.level:g}，应为 {level:g}",
                )
            )
        if level == 1 and (district, row.discipline, row.lifted_by) not in allied:
            faults.append(
                ("it is weak, and no alliance of its district lifts it", "能力薄弱，且本区没有相应专科联盟")
            )
        if level >= 2 and row.lifted_by:
            faults.append(("it needs no alliance, and one is named", "无须联盟提升，却填写了联盟"))
        for en, zh in faults:
            name, who = discipline_name(row.discipline), claimed.hospital(row.lead_id)
            what = Text(
                f"signatures.csv: {name.en} of {who}: {en}", f"signatures.csv 中{who}的{name.zh}：{zh}"
            )
            yield Breach(rule.id, what, hospital_id=row.lead_id, rows=(int(row.row),))
    for lead, rows in table.groupby("lead_id"):
        if len(rows) > rule.per_grid or rows["discipline"].duplicated().any():
            what = Text(
                f"signatures.csv: {claimed.hospital(lead)} has {len(rows)} signatures ({rows['discipline'].nunique()} different), "
                f"{rule.per_grid} are asked",
                f"signatures.csv：{claimed.hospital(lead)} 有 {len(rows)} 个特色（{rows['discipline'].nunique()} 个不同），应为 {rule.per_grid} 个",
            )
            yield Breach(rule.id, what, hospital_id=str(lead), rows=rows_of(rows))
    for code, rows in table.groupby("discipline"):
        if len(rows) > rule.most_grids:
            name = discipline_name(str(code))
            what = Text(
                f"signatures.csv: {len(rows)} grids have {name.en}, at most {rule.most_grids}",
                f"signatures.csv：{len(rows)} 个网格以{name.zh}为特色，至多 {rule.most_grids} 个",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))
    if len(claimed.figures.get("alliances", {})):
        yield from _alike(rule, claimed)


def _alike(rule: Signatures, claimed: Claimed) -> Iterator[Breach]:
    """Borders where neighbours look alike, where there are more than the programme says."""
    alike = _borders_alike(claimed)
    if len(alike) > claimed.figures["alliances"].get("alike", 0.0) + 1e-9:
        table = claimed.tables["signatures"]
        for a, b, code in alike:
            name = discipline_name(code)
            rows = table[table["lead_id"].isin([a, b]) & (table["discipline"] == code)]
            what = Text(
                f"signatures.csv: {claimed.hospital(a)} and {claimed.hospital(b)} are neighbours and both have {name.en}",
                f"signatures.csv：{claimed.hospital(a)}与{claimed.hospital(b)}相邻，特色同为{name.zh}",
            )
            yield Breach(rule.id, what, hospital_id=a, rows=rows_of(rows))


def _borders_alike(claimed: Claimed) -> list[tuple[str, str, str]]:
    """(lead, lead, discipline) of neighbouring grids that share a signature."""
    lead = claimed.lead_of
    pairs = {
        (min(lead[a], lead[b]), max(lead[a], lead[b]))
        for a, near in claimed.grids.beside.items()
        for b in near
        if a in lead and b in lead and lead[a] != lead[b]
    }
    own: dict[str, set[str]] = {}
    for row in claimed.tables["signatures"].itertuples():
        own.setdefault(row.lead_id, set()).add(row.discipline)
    return [(a, b, s) for a, b in sorted(pairs) for s in sorted(own.get(a, set()) & own.get(b, set()))]


def _signature_figures(rule: Signatures, claimed: Claimed) -> dict[str, float]:
    table = claimed.tables["signatures"]
    has = table.groupby("lead_id").size()
    missing = sum(max(0, rule.per_grid - int(has.get(g, 0))) for g in _grids(claimed))
    strength = sum(
        claimed.levels.get((row.lead_id, row.discipline), 0.0)
        + (claimed.keys.get((row.lead_id, row.discipline), "") != "")
        for row in table.itertuples()
    )
    return {
        "unsigned": float(missing),
        "alike": float(len(_borders_alike(claimed))),
        "strength": float(strength),
    }
