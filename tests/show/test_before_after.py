"""Before and after: report, workbook and form say what the tables of plan and today say, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest

import gridplan as gp
from gridplan.inputs.sample import tiny_town
from gridplan.plans.against_today import against_text
from gridplan.plans.plan import Plan
from gridplan.policies.profile import policy
from gridplan.show.form.form import write_form
from gridplan.show.map.draw_map import draw
from gridplan.show.report.report import report
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.before_after import shifts
from gridplan.show.workbook.workbook import write_workbook
from tests.show.handmade import town_plan
from tests.show.test_report import Rows

TODAY = [
    ("H3", "T2"),
    ("H2", "T3"),
    ("H1", "T3"),
]  # T1 has no partner; H1 has a campus in T2 that nobody agreed


@cache
def town() -> Plan:
    today = pd.DataFrame(TODAY, columns=["hospital_id", "district_id"]).assign(
        basis="other", since="", row=[2, 3, 4]
    )
    return town_plan(tiny_town().with_tables(partnerships=today), policy("shanghai-2025"))


@cache
def worse() -> Plan:
    """The same, but T3 may no longer go to H2: who went there travels longer."""
    plan, rules = (
        town(),
        policy("shanghai-2025").with_rule(gp.rules.Ban("T3", "H2"), gp.rules.Ban("T3", "H3")),
    )
    return gp.plan(plan.region, rules)


def test_winners_and_losers_are_told_of_those_who_have_a_partner_today() -> None:
    """Counted anew from the rows, unit by unit."""
    plan = worse()
    now = plan.today.assignment.set_index(["layer", "unit_id"])
    table = gp.measures.against_today(plan).set_index(["layer", "district_id"])
    for layer in ("general", "tcm"):
        for district in ("T1", "T2", "T3", ""):
            won = lost = without = beyond = 0
            before, after, people = 0.0, 0.0, 0
            for row in plan.assignment[plan.assignment["layer"] == layer].itertuples():
                if district not in ("", row.district_id):
                    continue
                was = now.loc[(layer, row.unit_id)]
                beyond += row.people * (row.minutes > 60)
                if not was["hospital_id"]:
                    without += row.people
                    continue
                won += row.people * (row.minutes < was["minutes"])
                lost += row.people * (row.minutes > was["minutes"])
                before, after, people = (
                    before + row.people * was["minutes"], after + row.people * row.minutes, people + row.people,
                )  # fmt: skip
            told = table.loc[(layer, district)]
            assert (told["winners"], told["losers"], told["people_without"], told["beyond"]) == (
                won,
                lost,
                without,
                beyond,
            )
            means = [before / people, after / people] if people else [np.nan, np.nan]
            assert list(told[["minutes_today", "minutes_same"]]) == pytest.approx(means, nan_ok=True)
            assert told["minutes_lost"] - told["minutes_won"] == pytest.approx(after - before, abs=1e-6)
    assert table.loc[("general", "T3"), "losers"] > 0 and np.isnan(
        table.loc[("general", "T1"), "minutes_today"]
    )


def test_the_report_says_it_first_and_as_the_table_does() -> None:
    plan = worse()
    lines = Rows(report(plan, drawn_areas(plan.region))).lines
    first = lines[: next(n for n, line in enumerate(lines) if line.startswith("# 地图"))]
    table = gp.measures.against_today(plan)
    for district, name in (
        ("", "全市 all"),
        ("T1", "中区 Middle"),
        ("T2", "东区 East"),
        ("T3", "北县 North"),
    ):
        cells = [text for row in table[table["district_id"] == district].itertuples() for text in shifts(row)]
        assert " | ".join([name, *cells]) in first
    lost = table[(table["layer"] == "general") & (table["district_id"] == "T3")].iloc[0]
    text = report(plan, drawn_areas(plan.region))
    assert f"增加最多：北县 {lost.minutes_today:.1f} → {lost.minutes_same:.1f}" in text
    assert "现无合作医院 4.2 万人（1 个区），单独统计" in text


def test_the_workbook_holds_every_figure_as_a_number(tmp_path: Path) -> None:
    plan = worse()
    book = openpyxl.load_workbook(write_workbook(plan, tmp_path / "plan.xlsx"))
    head, *rows = book["现状与方案 Before and after"].iter_rows(values_only=True)
    names = [str(heading).split("\n")[1] for heading in head]
    table = gp.measures.against_today(plan)
    for row in table.itertuples():
        (line,) = [r for r in rows if (r[0].split()[-1].lower(), r[1] or "") == (row.layer, row.district_id)]
        told = dict(zip(names, line, strict=True))
        assert told["residents who travel less"] == row.winners
        assert told["residents who travel more"] == row.losers
        assert told["residents without a partner today"] == row.people_without
        mean = told["mean minutes today"]
        assert mean is None if np.isnan(row.minutes_today) else mean == pytest.approx(row.minutes_today)


def test_the_form_says_it_for_each_district(tmp_path: Path) -> None:
    plan = worse()
    page = docx.Document(str(write_form(plan, tmp_path / "changes.docx")))
    _, grid, _ = page.tables
    told = [[cell.text for cell in row.cells] for row in grid.rows][1:]
    table = gp.measures.against_today(plan)
    assert [line[2:] for line in told] == [list(shifts(row)) for row in table.itertuples()]
    assert any("现状 → 方案" in paragraph.text and "延长" in paragraph.text for paragraph in page.paragraphs)


def test_where_nobody_has_a_partner_today_nothing_is_made_up() -> None:
    plan = town_plan(
        tiny_town().with_tables(
            partnerships=tiny_town().partnerships.iloc[:0], branches=tiny_town().branches.iloc[:0]
        )
    )
    table = gp.measures.against_today(plan)
    assert table["minutes_today"].isna().all() and (table[["winners", "losers"]] == 0).all(axis=None)
    assert (table["people_without"] == table["people"]).all()
    assert "现均无合作医院" in report(plan, drawn_areas(plan.region))


def test_the_map_says_what_the_table_says() -> None:
    plan = worse()
    sheet, table = draw(plan).parts["data"], gp.measures.against_today(plan)
    ids = [*plan.region.districts["district_id"]]
    for one, layer in zip(sheet["layers"], plan.layers, strict=True):
        mine = table[table["layer"] == layer.layer].set_index("district_id")
        assert one["before"][0][0] == -1 and len(one["before"]) == len(mine)
        for district, *told in one["before"]:
            assert told == list(shifts(mine.loc["" if district < 0 else ids[district]]))


@pytest.mark.parametrize(
    ("losers", "said"), [(0, "延长 0 人"), (300, "延长 300 人"), (1_300, "延长 0.1 万人")]
)
def test_few_people_are_told_one_by_one_never_as_a_rounded_zero(losers: int, said: str) -> None:
    table = gp.measures.against_today(town())
    table.loc[(table["district_id"] == "") & (table["layer"] == "general"), ["losers", "people_without"]] = (
        losers, 300,
    )  # fmt: skip
    told = against_text(town(), table, "general")
    assert said in told.zh and "现无合作医院 300 人" in told.zh and "0.0 万" not in told.zh
    assert f"{losers:,} more;" in told.en
