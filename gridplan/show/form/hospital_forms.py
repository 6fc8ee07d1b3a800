"""hospitals.docx: the report of each municipal hospital to its sponsor and to the commission (SH-21), one after another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_BREAK

from gridplan.plans.changes import changes
from gridplan.plans.plan import Plan
from gridplan.show.form.form import Fields, foot, head, outside
from gridplan.show.form.paper import line, new_page, save_page, table_of
from gridplan.show.shared.told_apart import as_named
from gridplan.words.amount import people_exact
from gridplan.words.html import count, minutes, text_of
from gridplan.words.text import Text
from gridplan.words.vocabulary import CHANGES, LAYERS, both_words

TITLE = Text(
    "Report on the building of the medical consortium, by hospital", "医疗联合体建设报告表（分医院）"
)
HEADINGS = (
    (Text("no.", "序号"), 11), (Text("change", "变动"), 30), (Text("district", "区"), 30), (Text("layer", "服务类别"), 24),
    (Text("residents served", "服务人口"), 30), (Text("mean minutes", "人均出行时间（分钟）"), 30), (Text("reason", "理由"), 102),
)  # fmt: skip


def write_hospital_forms(plan: Plan, path: Path, fields: Fields | None = None) -> Path:
    """Write a form per hospital that has, gets or loses a pair, each on a page of its own, by the order of ids."""
    page, plan = new_page(plan, TITLE), as_named(plan)
    table = changes(plan)
    means = plan.pairs_frame().set_index(["layer", "district_id", "hospital_id"])["mean_minutes"]
    about = plan.region.hospitals.set_index("hospital_id")
    for n, (hospital, mine) in enumerate(table.groupby("hospital_id")):
        if n:
            page.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        head(page, plan, TITLE)
        for sentence in _facts(about.loc[hospital], str(hospital), int(mine["people"].sum())):
            line(page.add_paragraph(), sentence)
        rows: list[list[Text | str]] = [
            [
                str(k), CHANGES[c.change], text_of(c.district), both_words(LAYERS, c.layer), count(c.people),
                minutes(means.get((c.layer, c.district_id, c.hospital_id), float("nan"))), Text(c.reason, c.reason_zh),
            ]
            for k, c in enumerate(mine.itertuples(), start=1)
        ]  # fmt: skip
        table_of(page, HEADINGS, rows)
        if (
            fields is not None
            and fields.outside is not None
            and (fields.outside["hospital_id"] == hospital).any()
        ):
            outside(page, plan, fields, str(hospital))
        foot(page, fields)
    return save_page(page, path)


def _facts(hospital: Any, id: str, people: int) -> list[Text]:
    """Who it is, who runs it, how many residents it serves."""
    name, english = text_of(hospital["name"]) or id, text_of(hospital["name_en"])
    sponsor = text_of(hospital.get("sponsor", ""))
    served = people_exact(people)
    return [
        Text(f"Hospital: {english or name} ({id})", f"医院：{name}（{id}）"),
        Text(f"Sponsor: {sponsor}".rstrip(), f"办医主体：{sponsor}"),
        Text(f"Residents served in the plan: {served.en}", f"方案服务人口：{served.zh}"),
    ]
