"""CD-4 judged from links.csv and far.csv alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridplan.inputs.disciplines import disciplines
from gridplan.judging.programme.claims import SPHERE, Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import Hubs
from gridplan.words.text import Text

STRONG = {"national", "city", "tcm"}
AT_THE_STANDARD = 0.01  # minutes: who lives so near to the standard may count or not


def judge_links(rule: Hubs, claimed: Claimed) -> Iterator[Breach]:
    """Hubs are strong departments, few enough, each with few enough links; a grid has one hub of a discipline, where it is far."""
    strangers = [
        *unknown_ids(rule.id, claimed, "links", ("hospital_id", "lead_id", "discipline")),
        *unknown_ids(rule.id, claimed, "far", ("lead_id", "discipline")),
    ]
    yield from strangers
    if strangers:
        return
    table, holders = claimed.tables["links"], _holders(claimed)
    far = {(r.lead_id, r.discipline): int(r.people) for r in claimed.tables["far"].itertuples()}
    yield from _far(rule, claimed, far, holders)
    for row in table.itertuples():
        faults: list[tuple[str, str]] = []
        if (row.hospital_id, row.discipline) not in holders:
            faults.append(("the hub is no strong department", "远程中心并非优势科室"))
        if row.hospital_id == row.lead_id:
            faults.append(("it is linked to itself", "与自身相连"))
        if far.get((row.lead_id, row.discipline)) != int(row.people):
            faults.append(("people are not those of far.csv", "人数与 far.csv 不符"))
        for en, zh in faults:
            who = claimed.hospital(row.lead_id)
            what = Text(
                f"links.csv: {row.discipline} of {who}: {en}", f"links.csv：{who} 的 {row.discipline}：{zh}"
            )
            yield Breach(rule.id, what, hospital_id=row.hospital_id, rows=(int(row.row),))
    for key, rows in table[table.duplicated(["lead_id", "discipline"], keep=False)].groupby(
        ["lead_id", "discipline"]
    ):
        what = Text(
            f"links.csv: {key[0]} has two hubs of {key[1]}", f"links.csv：{key[0]} 的 {key[1]} 有两个远程中心"
        )
        yield Breach(rule.id, what, rows=rows_of(rows))
    hubs = table.groupby(["hospital_id", "discipline"]).size()
    for key, count in hubs[hubs > rule.links].items():
        who = claimed.hospital(key[0])
        what = Text(
            f"links.csv: {key[1]} of {who} has {count} links, at most {rule.links}",
            f"links.csv：{who} 的 {key[1]} 连接 {count} 个，至多 {rule.links} 个",
        )
        yield Breach(rule.id, what, hospital_id=str(key[0]))
    if len(hubs) > rule.hubs:
        yield Breach(
            rule.id,
            Text(
                f"links.csv: {len(hubs)} hubs, at most {rule.hubs}",
                f"links.csv：{len(hubs)} 个远程中心，至多 {rule.hubs} 个",
            ),
        )
    home = {key: str(one["district_id"]) for key, one in claimed.of_hospital.items()}
    own = sum(
        float(r.people)
        for r in table.itertuples()
        if r.hospital_id in claimed.partners.get(home[r.lead_id], set())
    )
    found = {"gain": float(table["people"].sum()), "hubs": float(len(hubs)), "own": own}
    yield from figures_that_differ(rule.id, claimed.figures.get("links", {}), found)


def _holders(claimed: Claimed) -> set[tuple[str, str]]:
    table, known = claimed.region.departments, disciplines()
    rows = [] if table is None else table.to_dict("records")
    return {
        (str(r["hospital_id"]), str(r["discipline"]))
        for r in rows
        if (r["level"] >= 3 or r["key"] in STRONG) and str(r["discipline"]) in known
    }


def _far(
    rule: Hubs, claimed: Claimed, said: dict[tuple[str, str], int], holders: set[tuple[str, str]]
) -> Iterator[Breach]:
    """far.csv: residents in need beyond the standard, worked out anew for each grid and discipline that is listed."""
    units, travel, lead = claimed.region.units, claimed.policy.travel, claimed.lead_of
    speed = np.array([travel.speed_km_h[claimed.kinds[d]] for d in units["district_id"]])
    minutes: dict[str, np.ndarray] = {}

    def to(hospital: str) -> np.ndarray:
        if hospital not in minutes:
            best, n = np.full(len(units), np.inf), len(units)
            for lon, lat in claimed.sites[hospital]:
                metres = SPHERE.inv(units["lon"], units["lat"], np.full(n, lon), np.full(n, lat))[2]
                best = np.minimum(best, metres / 1000 * travel.detour / speed * 60)
            minutes[hospital] = best
        return minutes[hospital]

    of = np.array([str(lead.get(u, "")) for u in units["unit_id"]])
    codes = {code for _, code in holders if disciplines()[code].weight or claimed.has_need(code)}
    for row in sorted(
        key
        for key in said
        if key[1] not in codes or key in holders or key[0] not in claimed.general_receivers
    ):
        yield Breach(
            rule.id,
            Text(f"far.csv: {row[0]} {row[1]} does not belong here", f"far.csv：不应列出 {row[0]} {row[1]}"),
        )
    for code in sorted(codes):
        near = [to(h) for h, own in sorted(holders) if own == code and h in claimed.of_hospital]
        nearest = np.min(near, axis=0) if near else np.full(len(units), np.inf)
        need = claimed.unit_need(code)
        for receiver in claimed.general_receivers:
            key, here = (receiver, code), of == receiver
            if key in holders:
                continue
            told = said.get(key, 0)
            share = 1.0
            if not here.any():
                here = (units["district_id"] == claimed.of_hospital[key[0]]["district_id"]).to_numpy()
                share = claimed.residents.get(key[0], 0) / max(1.0, float(units.loc[here, "people"].sum()))
            low, high = (
                share * float(need[here & (nearest > rule.minutes + edge)].sum())
                for edge in (AT_THE_STANDARD, -AT_THE_STANDARD)
            )
            if not low - 1.001 <= told <= high + 0.001:
                who = claimed.hospital(key[0])
                what = Text(
                    f"far.csv: {key[1]} of {who}: {told:,} people, {high:,.0f} it is",
                    f"far.csv：{who} 的 {key[1]}：所列 {told:,} 人，应为 {high:,.0f} 人",
                )
                yield Breach(rule.id, what, hospital_id=key[0])
