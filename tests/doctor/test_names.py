"""Names that mislead are found, and pages tell apart what has one name."""

from __future__ import annotations

from html.parser import HTMLParser

import gridplan as gp
from gridplan.doctor.doctor import check
from gridplan.show.shared.told_apart import told_apart
from gridplan.words.html import html_row, said
from gridplan.words.text import both


def test_signs_that_cannot_be_seen_and_names_that_stand_twice_are_warnings() -> None:
    town = gp.tiny_town()
    names = ["市\u202e一医院", "同名医院", "同名医院", *town.hospitals["name"][3:]]
    odd = town.with_tables(hospitals=town.hospitals.assign(name=names))
    told = [(f.code, f.id) for f in check(odd) if f.code in ("hidden-sign", "same-name")]
    assert told == [("hidden-sign", "H1"), ("same-name", "H2")]
    shown = told_apart(gp.plan(odd, gp.policy("shanghai-2025"))).region.hospitals["name"]
    assert (
        shown.is_unique and all(name.startswith("同名医院·") for name in shown[1:3]) and shown[3] == names[3]
    )


def test_where_the_district_is_no_difference_the_id_is() -> None:
    town = gp.tiny_town()
    hospitals = town.hospitals.assign(name="同名", district_id="T1")
    plan = gp.plan(town.with_tables(hospitals=hospitals), gp.policy("shanghai-2025"))
    assert list(told_apart(plan).region.hospitals["name"]) == [
        f"同名·{id}" for id in hospitals["hospital_id"]
    ]


def test_a_name_cannot_turn_what_stands_around_it() -> None:
    tags: list[str] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]
    reader.feed(html_row(["\u202eabc", "plain", "مستشفى"]))
    assert tags == ["tr", "td", "bdi", "td", "td", "bdi"]
    assert "\u202e" not in said(both("a \u202e b"))
