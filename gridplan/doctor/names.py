"""Names that mislead: signs that nobody can see, two hospitals of one name."""

from __future__ import annotations

from collections.abc import Iterator

from gridplan.doctor.cells import CONTROL
from gridplan.doctor.chart import Chart
from gridplan.doctor.record import id_of, is_blank, row_of, tables
from gridplan.words.findings import Finding
from gridplan.words.text import Text


def hidden_signs(chart: Chart) -> Iterator[Finding]:
    """A text with signs of no width, or that turn the direction of what follows: it is not what it looks like."""
    for schema, table in tables(chart.region):
        for column in (c for c in schema if c.kind == "text" and c.name in table):
            texts = table[column.name].astype(object)
            texts = texts[~is_blank(texts)].astype(str)
            for index in texts.index[[CONTROL.search(text) is not None for text in texts.tolist()]]:
                signs = ", ".join(sorted({f"U+{ord(sign):04X}" for sign in CONTROL.findall(texts[index])}))
                yield Finding(
                    "warning",
                    "hidden-sign",
                    schema.name,
                    Text(
                        f"{column.name} holds signs that cannot be seen: {signs}.",
                        f"{column.name} 含有看不见的字符：{signs}。",
                    ),
                    Text("Type the text again.", "请重新键入该文字。"),
                    row_of(table, index),
                    id_of(schema, table, index),
                )


def hospitals_of_one_name(chart: Chart) -> Iterator[Finding]:
    """Two hospitals of the same name: people will mix them up; pages add where each is."""
    table = chart.region.hospitals
    named = table[~is_blank(table["name"])]
    for name, same in named[named["name"].duplicated(keep=False)].groupby("name", sort=False):
        first, *others = same.index
        ids = ", ".join(str(id) for id in same["hospital_id"])
        yield Finding(
            "warning",
            "same-name",
            "hospitals",
            Text(
                f"{name} is the name of {len(same)} hospitals: {ids}.",
                f"{len(same)} 家医院同名“{name}”：{ids}。",
            ),
            Text(
                "Write their full names; pages add the district or the id.",
                "请填写全称；图表中会加注所在区或编号。",
            ),
            row_of(table, others[0]),
            str(table.at[first, "hospital_id"]),
        )
