"""What changes between plans, as figures: those of compare, movers and pair_changes, of two plans and of many."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gridplan as gp
from gridplan.plans.against_today import against_text
from gridplan.scenario.runs.before_after import before_after
from gridplan.show.difference.difference import SCRIPTS, draw_difference, draw_scenarios
from gridplan.show.difference.difference_sheet import Named, difference_sheet
from gridplan.show.difference.difference_words import DIFFERENCE_WORDS
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.shared.offline import asset
from gridplan.show.shared.words import WORDS
from gridplan.words.errors import ScenarioError
from gridplan.words.text import both
from tests.show.test_difference import CARD, after, before, choose, digits

if TYPE_CHECKING:
    from tests.conftest import Browser


SCENARIOS = {
    "today": gp.Scenario("today"),
    "one each": gp.Scenario("one each", (gp.edits.WithRules((gp.rules.DistrictCap(1),)),)),
    "more people": gp.Scenario("more people", (gp.edits.Population({"all": 1.5}),)),
    "one out": gp.Scenario("one out", (gp.edits.CloseHospital("H4"),)),
    "too far": gp.Scenario("too far", (gp.edits.WithRules((gp.rules.TravelStandard(1),)),)),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> gp.results.Runs:
    folder = tmp_path_factory.mktemp("runs") / "runs"
    return gp.scenarios(gp.tiny_town(), SCENARIOS, policy="shanghai-2025", out=folder, workers=1)


def sheet_of(runs: gp.results.Runs, base: str) -> dict[str, Any]:
    names = [name for name in runs.names if name != "too far"]
    plans = [Named(both(name), runs.plan(name)) for name in names]
    return difference_sheet(plans, names.index(base), ["general", "tcm"], drawn_areas(plans[0].plan.region))


@pytest.mark.parametrize("base", ["today", "one each"])
@pytest.mark.parametrize("layer", ["general", "tcm"])
def test_figures_are_those_of_compare_movers_and_pair_changes(
    runs: gp.results.Runs, base: str, layer: str
) -> None:
    sheet = sheet_of(runs, base)
    mine = sheet["layers"][["general", "tcm"].index(layer)]
    compared = gp.compare(runs, base, layer).set_index("name")
    against = before_after(runs, layer).set_index("name")
    for plan, one in zip(sheet["plans"], mine["plans"], strict=True):
        name = plan["name"][0]
        row = compared.loc[name]
        for figure in (
            "mean_minutes",
            "worst_minutes",
            "people_beyond",
            "standard_minutes",
            "pairs",
            "hospitals",
        ):
            assert one["figures"][figure] == pytest.approx(row[figure], abs=1e-4)
        scenario, told = runs.plan(name), against.loc[name]
        beyond = int(gp.measures.people_beyond(scenario, 60, "layer", layer).sum())
        assert one["figures"]["beyond_far"] == beyond == told["beyond"]
        assert one["won_lost"] == [told["winners"], told["losers"]]
        now = gp.measures.against_today(scenario)
        assert one["against"] == [
            against_text(scenario, now, layer).zh,
            against_text(scenario, now, layer).en,
        ]
        difference = one["difference"]
        assert (difference is None) == (name == base)
        if difference is None:
            continue
        assert [difference["moved"], difference["added"], difference["dropped"]] == [
            row["people_moved"], row["pairs_added"], row["pairs_dropped"],
        ]  # fmt: skip
        moved = gp.measures.movers(runs, name, base, layer)
        assert difference["units"] == len(moved)
        assert difference["moved"] == moved["people"].sum()
        by_district = moved.groupby("district_id")["people"].sum()
        means = [gp.measures.mean_minutes(runs.plan(one), layer=layer) for one in (base, name)]
        for d, told in zip(runs.base().districts["district_id"], difference["districts"], strict=True):
            assert told["moved"] == by_district.get(d, 0)
            assert [told["mean_before"], told["mean_after"]] == pytest.approx(
                [mean[d] for mean in means], abs=1e-4
            )
        changed = gp.measures.pair_changes(runs, name, base)
        changed = changed[changed["layer"] == layer]
        assert [(pair[0], pair[3]) for pair in difference["pairs"]] == list(
            zip(changed["change"], changed["people"], strict=True)
        )
    assert compared.loc["one each" if base == "today" else "today", "people_moved"] > 0 or layer == "tcm"


def test_a_unit_that_nobody_served_before_moves_too() -> None:
    """`movers` and `compare` count the same: whoever gets a hospital that had none."""
    plan = before()
    rows = plan.assignment
    lost = replace(plan, assignment=rows[~((rows["unit_id"] == "T1-01") & (rows["layer"] == "general"))])
    sheet = difference_sheet(
        [Named(both("a"), lost), Named(both("b"), plan)], 0, ["general"], drawn_areas(plan.region)
    )
    difference = sheet["layers"][0]["plans"][1]["difference"]
    people = int(plan.region.units.set_index("unit_id").loc["T1-01", "people"])
    assert (difference["units"], difference["moved"]) == (1, people)


def test_many_scenarios_have_a_switch(browser: Browser, runs: gp.results.Runs, tmp_path: Path) -> None:
    browser.open(draw_scenarios(runs).save(tmp_path / "scenarios.html"))
    driver = browser.driver
    compared = gp.compare(runs).set_index("name")
    today, *rows = driver.find_elements("css selector", ".scenarios tbody tr:not(.won)")
    heads = driver.find_element("css selector", ".scenarios thead")
    assert heads.rect["y"] + heads.rect["height"] <= today.rect["y"] + 1  # beside, not above, one another
    general = runs.plan("today").today.districts_frame("general")
    assert "现状" in today.text and f"{general['people_beyond'].sum():,}" in digits(today.text)
    assert f"{general['people_without'].sum():,}" in digits(today.text)
    assert [re.split("基准|不作变动", row.text.split("\n")[0])[0] for row in rows] == [
        "today",
        "one each",
        "more people",
        "one out",
    ]
    for name, row in zip(["one each", "more people", "one out"], rows[1:], strict=True):
        told = digits(row.find_elements("css selector", "td")[-1].text)
        assert told == [f"{compared.loc[name, 'people_moved']:,}"]
    shown = "return insets.map((box) => !box.hidden && box.querySelector('canvas').width > 0)"
    assert driver.execute_script(shown) == [True, True]
    driver.execute_script("INSET.most = 0; drawInsets()")  # a centre that is large on the map needs none
    assert driver.execute_script(shown) == [False, False]
    told = before_after(runs).set_index("name")
    won = driver.find_elements("css selector", ".scenarios .won")
    for name, row in zip(["today", "one each", "more people", "one out"], won, strict=True):
        assert [f"{told.loc[name, one]:,}" for one in ("winners", "losers")] == digits(row.text)
    moved = "return document.querySelector('.tiles .moved dd').textContent"
    assert driver.execute_script(moved) == f"{compared.loc['one each', 'people_moved']:,}"
    choose(driver, "plan", 2)
    assert driver.execute_script(moved) == f"{compared.loc['more people', 'people_moved']:,}"
    units = runs.plan("more people").region.units
    said = driver.execute_script(f"openUnit(0); return {CARD}")
    assert f"{runs.base().units['people'].iloc[0]:,.0f} → {units['people'].iloc[0]:,.0f}" in said
    choose(driver, "plan", 0)
    assert "基准" in driver.find_element("css selector", ".overview").text
    assert driver.find_elements("css selector", ".tiles") == []
    assert browser.errors() == []


def test_a_layer_that_only_one_plan_has_is_said(runs: gp.results.Runs) -> None:
    region = runs.base()
    merged = gp.plan(region, gp.policy("shanghai-2025").with_rule(gp.rules.Candidates(exempt=())))
    page = draw_scenarios({"with": runs.plan("today"), "without": merged}).parts["data"]
    assert [layer["name"][0] for layer in page["layers"]] == ["综合"]
    assert any("中医类结对：2 个方案中仅 1 个有此类别（with），未作比较" in note[0] for note in page["notes"])
    still = draw_scenarios(runs).parts["data"]["plans"]
    assert [plan["still"] for plan in still] == [
        int(not runs.case(plan["name"][0])["changes"]) for plan in still
    ]


def test_another_base(runs: gp.results.Runs) -> None:
    page = draw_scenarios({name: runs.plan(name) for name in ("today", "one each")}, base="one each")
    assert page.parts["data"]["base"] == 1
    assert page.parts["data"]["layers"][0]["plans"][1]["difference"] is None
    assert page.parts["data"]["layers"][0]["plans"][0]["difference"]["moved"] > 0


def test_shapes_travel_once() -> None:
    two = draw_scenarios({"a": before(), "b": after()}).html
    four = draw_scenarios({"a": before(), "b": after(), "c": before(), "d": after()}).html
    assert two.count('"corners"') == four.count('"corners"') == 2  # units and districts
    assert len(four) - len(two) < 6_000


def test_the_same_plans_give_the_same_bytes() -> None:
    assert draw_difference(before(), after()).html == draw_difference(before(), after()).html


def test_plans_of_other_units_are_refused() -> None:
    plan = before()
    region = plan.region.with_tables(units=plan.region.units.iloc[1:])
    with pytest.raises(ScenarioError, match="not of the same units") as told:
        draw_difference(plan, replace(plan, region=region))
    assert "T1-01" in str(told.value) and "单元不一致" in told.value.say("zh")
    moved = plan.region.units.assign(district_id="T1")
    with pytest.raises(ScenarioError, match="in the same districts"):
        draw_difference(plan, replace(plan, region=plan.region.with_tables(units=moved)))


def test_plans_without_a_common_layer_are_refused() -> None:
    plan = before()
    one, other = (replace(plan, layers=(layer,)) for layer in plan.layers)
    with pytest.raises(ScenarioError, match="no layer in common"):
        draw_difference(one, other)


def test_what_cannot_be_compared_is_told() -> None:
    with pytest.raises(ScenarioError, match="fewer than two"):
        draw_scenarios({"a": before()})
    with pytest.raises(ScenarioError, match="no plan 'c'"):
        draw_scenarios({"a": before(), "b": after()}, base="c")


def test_every_word_on_the_page_exists_and_is_used() -> None:
    scripts = "".join(map(asset, SCRIPTS))
    made = {f"paint_{paint}" for paint in ("partner", "minutes", "change")} | {"beside", "swipe", "one"}
    assert {key for key in DIFFERENCE_WORDS if not re.search(rf'[".]{key}\b', scripts)} <= made
    asked = set(re.findall(r'(?:word|plain)\("(\w+)"\)', scripts)) - {"paint_"}
    assert asked <= {*WORDS, *DIFFERENCE_WORDS}
