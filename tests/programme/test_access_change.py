"""Access before and after: by hand at primary care, on page, map and figure; the chapter in the report of the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from programme.test_chains import WITH
from programme.town import plan, region

import gridplan as gp
from gridplan.policies.programme_rules import Referral
from gridplan.show.programme.access_page import access_sections
from gridplan.show.programme.programme_sheet import programme_sheet
from gridplan.show.programme.report_chapter import programme_chapter, with_chapter
from gridplan.show.shared.areas import drawn_areas


@pytest.fixture(scope="module")
def made():
    policy = plan().policy.with_rule(Referral())
    town = replace(plan(), region=region(institutions=WITH), policy=policy)
    return gp.programme(town, only=["posts", "chains"])


def test_after_by_hand_at_primary_care(made):
    table = gp.measures.access_change(made)
    mine = table[table["tier"] == "primary"].set_index("unit_id")
    region, chains = made.plan.region, made.tables["chains"]
    people = region.units.set_index("unit_id")["people"]
    signed = {}
    for r in chains.itertuples():
        signed[r.institution_id] = signed.get(r.institution_id, 0.0) + people[r.unit_id] * r.share
    room = region.institutions.set_index("institution_id")["visits_capacity"].fillna(0.0)
    for unit, rows in chains.groupby("unit_id"):
        hand = sum(
            1000 * r.share * room[r.institution_id] / signed[r.institution_id] for r in rows.itertuples()
        )
        assert mine.at[unit, "after"] == pytest.approx(hand)
    used = sum(room[i] for i in signed)
    assert (mine["after"] * mine["people"]).sum() / 1000 == pytest.approx(used)


def test_what_nobody_states_is_left_out(made):
    table = gp.measures.access_change(made)
    beds = made.plan.region.hospitals.query("tier == 'municipal'")["beds"]
    assert ("municipal" in set(table["tier"])) == bool(beds.fillna(0).sum() > 0)
    found = gp.measures.access_inequality(table)
    assert (found["gini"].between(0, 1)).all()
    assert np.allclose(found["theil"], found["theil_between"] + found["theil_within"])


def test_page_map_and_figure_show_it(made):
    page = "".join(access_sections(made))
    assert "基尼系数" in page and "Gini" in page and "之后" in page
    sheet = programme_sheet(made, drawn_areas(made.plan.region))["access"]
    assert len(sheet["units"]) == len(made.plan.region.units) and len(sheet["units"][0][4]) == len(
        sheet["tiers"]
    )
    axes = gp.pictures.access_figure(made, "primary").axes[0]
    assert len(axes.get_yticklabels()) == made.plan.region.districts["district_id"].nunique()
    with pytest.raises(gp.errors.ArgumentError):
        gp.measures.access(made.plan, "somewhere")


def test_the_report_has_one_chapter_however_often(made):
    once = with_chapter("<main><p>plan</p></main><footer></footer>", made)
    assert once.count("<!-- programme -->") == 1 and programme_chapter(made) in once
    assert with_chapter(once, made) == once
    assert once.index("plan") < once.index("实施方案") < once.index("</main>")
    for part in made.parts:
        assert part.title.zh in once and part.title.en in once


def test_no_two_scripts_of_the_programmes_map_declare_the_same_name():
    import re

    from gridplan.show.map.draw_map import SCRIPTS
    from gridplan.show.shared.offline import asset

    names = [
        name
        for file in (*SCRIPTS, "programme.js")
        for found in re.findall(r"^(?:const|let|function) (.+)", asset(file), re.MULTILINE)
        for name in re.findall(r"^(\w+)", found)
    ]
    assert len(names) > 50 and sorted({n for n in names if names.count(n) > 1}) == []
