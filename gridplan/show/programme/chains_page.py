"""The chain 1+1+1 as a part of programme.html: loads by district, the largest share of first contacts, who is full."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.programmes.programme import Programme
from gridplan.words.html import html_row, html_table, section
from gridplan.words.text import Text

HEADINGS = (
    Text("district", "区"), Text("primary institutions", "基层首诊机构"), Text("first contacts a year", "年首诊人次"),
    Text("beyond capacity", "超出能力"), Text("share that can be carried", "可支撑的首诊率"), Text("institutions that bind", "起约束作用的机构"),
)  # fmt: skip
SHOWN = 4  # institutions that are named


def chains_sections(programme: Programme) -> Iterator[str]:
    """A row per district; nothing where there are no chains."""
    if "first_contact" not in programme.tables:
        return
    region, loads = programme.plan.region, programme.tables["loads"]
    assert region.institutions is not None
    home = loads["institution_id"].map(
        dict(zip(region.institutions["institution_id"], region.institutions["district_id"], strict=True))
    )
    rows = []
    for row in programme.tables["first_contact"].itertuples():
        mine, full = loads[home == row.district_id], str(row.binding).split()
        names = [region.label("institution", i) for i in full[:SHOWN]]
        more = len(full) - SHOWN
        said = Text(", ".join(names), "、".join(names))
        if more > 0:
            said = Text(f"{', '.join(names)} and {more} more", f"{'、'.join(names)} 等 {len(full)} 家")
        rows.append(html_row((
            region.label("district", row.district_id), len(mine), int(mine["load"].sum()), int(mine["overflow"].sum()),
            f"{100 * row.share:.1f} %", said,
        )))  # fmt: skip
    yield section(Text("The chain 1+1+1, by district", "1+1+1 转诊链（分区）"), html_table(HEADINGS, rows))
