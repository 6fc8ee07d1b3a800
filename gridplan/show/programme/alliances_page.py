"""Alliances, signature specialties and stays upstream as parts of programme.html."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.inputs.disciplines import discipline_name
from gridplan.programmes.borders import look_alikes
from gridplan.programmes.programme import Programme
from gridplan.words.html import html_row, html_table, said, section
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import KEY_SPECIALTIES, LEVELS_OF_DEPARTMENT

ALLIANCE_HEADINGS = (
    Text("leading department", "牵头科室"), Text("reach", "级别"), Text("districts", "覆盖的区"), Text("need (weighted) reached", "覆盖需求（加权）"),
)  # fmt: skip
SIGNATURE_HEADINGS = (
    Text("district", "区"), Text("grid led by", "网格牵头医院"), Text("signature", "特色专科"), Text("level today", "现有能力"),
    Text("lifted by the alliance of", "由其联盟提升"),
)  # fmt: skip
UPSTREAM_HEADINGS = (
    Text("district", "区"), Text("institution", "基层机构"), Text("stays a year: where, in what", "每年进修人次：去向与学科"),
    Text("teams joined by", "团队共建"),
)  # fmt: skip


def alliances_sections(programme: Programme) -> Iterator[str]:
    """Who leads where, and what each grid is known for; nothing where there is none."""
    if "alliances" in programme.tables and len(programme.tables["alliances"]):
        yield section(Text("Specialist alliances", "专科联盟"), _alliances(programme))
        yield section(Text("Alliances by discipline and district", "学科 × 区：专科联盟"), _matrix(programme))
    if "signatures" in programme.tables and len(programme.tables["signatures"]):
        yield section(Text("Signature specialties", "特色专科"), _signatures(programme))


def upstream_sections(programme: Programme) -> Iterator[str]:
    """Stays upstream and teams, institution by institution."""
    if "upstream" in programme.tables:
        yield section(Text("Days upstream and teams", "基层进修与团队共建"), _upstream(programme))


def _alliances(programme: Programme) -> str:
    region, rows = programme.plan.region, []
    for (h, code), mine in programme.tables["alliances"].groupby(["hospital_id", "discipline"]):
        name, reach = discipline_name(str(code)), KEY_SPECIALTIES[mine["reach"].iloc[0]]
        where = ", ".join(region.label("district", d) for d in mine["district_id"])
        who = region.label("hospital", str(h))
        rows.append(
            html_row(
                (Text(f"{who}: {name.en}", f"{who}：{name.zh}"), reach, where, int(mine["people"].sum()))
            )
        )
    return html_table(ALLIANCE_HEADINGS, rows)


def _matrix(programme: Programme) -> str:
    """A row per discipline, a column per district: who leads there."""
    table, region = programme.tables["alliances"], programme.plan.region
    short = dict(zip(region.hospitals["hospital_id"], region.hospitals["name"], strict=True))
    districts = region.districts[region.districts["district_id"].isin(table["district_id"])]
    names = [Text(en or zh, zh) for zh, en in districts[["name", "name_en"]].itertuples(index=False)]
    led = {
        (d, s): short[h]
        for h, s, d in table[["hospital_id", "discipline", "district_id"]].itertuples(index=False)
    }
    rows = (
        html_row((discipline_name(str(code)), *(led.get((d, code), "") for d in districts["district_id"])))
        for code in sorted(table["discipline"].unique())
    )
    return html_table((Text("discipline", "学科"), *names), rows)


def _signatures(programme: Programme) -> str:
    region, table = programme.plan.region, programme.tables["signatures"]
    home = dict(zip(region.hospitals["hospital_id"], region.hospitals["district_id"], strict=True))
    ordered = table.assign(district=table["lead_id"].map(home)).sort_values(
        ["district", "lead_id", "discipline"]
    )
    rows = (
        html_row((
            region.label("district", r.district), region.label("hospital", r.lead_id), discipline_name(r.discipline),
            LEVELS_OF_DEPARTMENT[int(r.level)], region.label("hospital", r.lifted_by) if r.lifted_by else "",
        ))
        for r in ordered.itertuples()
    )  # fmt: skip
    alike = look_alikes(programme.plan, table)
    lines = "".join(said(_alike(programme, a, b, code), "li") for a, b, code in alike)
    return html_table(SIGNATURE_HEADINGS, rows) + (f"<ul>{lines}</ul>" if alike else "")


def _alike(programme: Programme, a: str, b: str, code: str) -> Text:
    one, other = (programme.plan.region.label("hospital", h) for h in (a, b))
    name = discipline_name(code)
    return Text(
        f"{one} and {other} are neighbours and both are known for {name.en}.",
        f"{one}与{other}相邻，特色同为{name.zh}。",
    )


def _upstream(programme: Programme) -> str:
    region, stays, teams = programme.plan.region, programme.tables["upstream"], programme.tables["teams"]
    assert region.institutions is not None
    home = dict(zip(region.institutions["institution_id"], region.institutions["district_id"], strict=True))
    name = dict(zip(region.hospitals["hospital_id"], region.hospitals["name"], strict=True))
    keys = sorted({*stays["institution_id"], *teams["institution_id"]}, key=lambda key: (home[key], key))
    sent, joined = (
        {str(key): _listed(rows, name, count) for key, rows in table.groupby("institution_id")}
        for table, count in ((stays, "persons"), (teams, "teams"))
    )
    rows = (
        html_row((
            region.label("district", home[key]), region.label("institution", key), sent.get(key, both("")), joined.get(key, both("")),
        ))
        for key in keys
    )  # fmt: skip
    return html_table(UPSTREAM_HEADINGS, rows)


def _listed(rows: pd.DataFrame, name: dict[str, str], count: str) -> Text:
    """Hospital: disciplines with how many, one hospital after the other."""
    en, zh = [], []
    found: dict[str, list[tuple[Text, int]]] = {}
    for h, code, n in zip(rows["hospital_id"], rows["discipline"], rows[count], strict=True):
        found.setdefault(str(h), []).append((discipline_name(code), int(n)))
    for h, pairs in sorted(found.items()):
        en.append(f"{name[str(h)]}: " + ", ".join(f"{d.en} {n}" for d, n in pairs))
        zh.append(f"{name[str(h)]}：" + "、".join(f"{d.zh} {n}" for d, n in pairs))
    return Text("; ".join(en), "；".join(zh))
