"""A plan changed by hand in the page, taken home and read back; the page beside the plan folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.show.shared.areas import drawn_areas
from gridplan.show.table_page.table_data import table_data
from tests.conftest import Browser
from tests.show.table.driving import downloaded, opened, until


def test_a_plan_changed_by_hand_is_taken_home_and_read_back(
    browser: Browser, town: gp.Plan, tmp_path: Path
) -> None:
    """Switch, drag, lock, solve, save; then verify and plan read the same figures. No request, no error."""
    from selenium.webdriver import ActionChains

    home = tmp_path / "home"
    driver = opened(browser, gp.table(town).save(tmp_path / "table.html"), home)
    assert driver.find_element("id", "standing").text == "The plan as made: proven optimal"
    assert driver.execute_script("return desk.now.breaches.length") == 0
    said = driver.execute_script("return desk.now.layers.map((part) => part.goals.travel)")
    assert said == pytest.approx([layer.value for layer in town.layers], rel=1e-9)

    # units are dragged over and given to the third hospital
    third = driver.execute_script(
        "return desk.layer().hospitals.findIndex((h) => data.hospitals[h].id === 'H3')"
    )
    driver.find_element("id", "tool_give").click()
    driver.find_element("css selector", f"#brush option[value='{third}']").click()
    # one of the larger partner's units in T1, so that both partners stay, and the one north of it
    units = driver.execute_script(
        "const of = desk.now.layers[0].of, at = (id) => data.units.id.indexOf(id);"
        "const many = (id) => desk.model.members[0].filter((u) => of[u] === of[at(id)]).length > 1;"
        "return many('T1-03') ? ['T1-03', 'T3-01'] : ['T1-04', 'T3-02'];"
    )
    places = driver.execute_script(
        "const box = board.canvas.getBoundingClientRect(), ratio = board.canvas.width / box.width;"
        "return arguments[0].map((id) => { const s = board.shapes[data.units.id.indexOf(id)].box;"
        "return [((s[0] + s[2]) / 2 * board.scale + board.x) / ratio - box.width / 2, ((s[1] + s[3]) / 2 * board.scale + board.y) / ratio - box.height / 2]; })",
        units,
    )
    canvas = driver.find_element("id", "board")
    chain = ActionChains(driver).move_to_element_with_offset(canvas, *map(round, places[0])).click_and_hold()
    chain.move_to_element_with_offset(canvas, *map(round, places[1])).release().perform()
    given = driver.execute_script(
        "return arguments[0].map((id) => desk.now.layers[0].of[data.units.id.indexOf(id)])", units
    )
    assert given == [third, third]
    assert driver.find_element("id", "standing").text == "By hand, not solved"
    line = driver.execute_script("return sentence(desk.state.lines.at(-1))")
    people = int(town.region.units.set_index("unit_id")["people"][units].sum())
    assert line.startswith(f"2 units ({people:,} people) go to Third Hospital: mean ")
    broken = driver.execute_script("return desk.now.breaches.map((b) => b.rule)")
    assert "SH-2" in broken  # three partners now: red, and not forbidden
    assert "broken" in driver.find_element("id", "card_rules").get_attribute("class")

    # assignment.csv: the judge finds the very same
    driver.execute_script("takeHome.assignment()")
    table = gp.read_assignment(downloaded(home / "assignment.csv"))
    verdict = gp.judge(town.region, town.policy, table)
    assert sorted({b.rule for b in verdict.breaches}) == sorted(set(broken))
    assert "手工调整，未经求解" in downloaded(home / "assignment.csv").read_text(encoding="utf-8-sig")
    own = table[table["layer"] == "general"]
    mean = (own["people"].astype(float) * own["minutes"].astype(float)).sum() / own["people"].astype(
        float
    ).sum()
    assert driver.execute_script("return desk.now.layers[0].mean") == pytest.approx(mean, abs=1e-9)

    # undone, redone; a pair is locked and the rest solved again
    driver.find_element("id", "undo").click()
    assert driver.find_element("id", "standing").text == "The plan as made: proven optimal"
    driver.execute_script("desk.selectDistrict(data.districts.findIndex((d) => d.id === 'T1'))")
    driver.find_element("id", f"lock_0_{third}").click()
    driver.find_element("id", "tab_solve").click()
    driver.find_element("id", "solve_now").click()
    until(driver, "!solving.running")
    assert driver.execute_script("return solving.fault") == ""
    assert driver.find_element("id", "standing").text == "Proven best with these locks"
    value = driver.execute_script("return desk.state.proof.map((one) => one.value)")
    driver.execute_script("takeHome.pins()")
    pinned = gp.policy(downloaded(home / "pins.toml"))
    again = gp.plan(town.region, pinned)
    assert again.status == "optimal"
    assert [layer.value for layer in again.layers] == pytest.approx(value, rel=1e-6)
    assert value[0] > town.layers[0].value
    (home / "assignment.csv").unlink()
    driver.execute_script("takeHome.assignment()")
    solved = gp.read_assignment(downloaded(home / "assignment.csv"))
    assert gp.judge(town.region, pinned, solved).kept

    # the page itself, with the variant inside
    driver.execute_script("desk.keep('locked'); takeHome.page()")
    driver.execute_script("takeHome.picture()")
    assert downloaded(home / "table.png").read_bytes().startswith(b"\x89PNG")
    browser.open(downloaded(home / "table.html"))
    assert driver.execute_script("return desk.saved.map((one) => one.name)") == ["locked"]
    driver.execute_script("own.lang = 0; desk.take(0)")
    assert driver.find_element("id", "standing").text == "在所锁定条件下已证明最优"
    assert browser.outside() == []
    assert browser.errors() == []


def test_closing_a_hospital_undoing_and_presenting(browser: Browser, town: gp.Plan, tmp_path: Path) -> None:
    driver = opened(browser, gp.table(town).save(tmp_path / "table.html"), tmp_path / "home")
    before = driver.execute_script("return Array.from(desk.now.layers[0].of)")
    driver.find_element("id", "tab_hospitals").click()
    hospital = driver.execute_script(
        "return desk.layer().hospitals[desk.now.layers[0].load.indexOf(Math.max(...desk.now.layers[0].load))]"
    )
    driver.find_element("id", f"close_{hospital}").click()
    assert (
        driver.execute_script(f"return desk.now.layers[0].load[desk.layer().hospitals.indexOf({hospital})]")
        == 0
    )
    assert driver.find_element("id", "undo").is_enabled()
    driver.find_element("id", "undo").click()
    assert driver.execute_script("return Array.from(desk.now.layers[0].of)") == before
    driver.find_element("id", "redo").click()
    assert driver.execute_script(f"return desk.state.variant.closed[{hospital}]") == 1
    for tab in ("district", "rules", "gains", "log"):
        driver.find_element("id", f"tab_{tab}").click()
        assert driver.find_element("id", "panel").text
    driver.find_element("id", "present").click()
    for _ in range(6):
        driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}))")
    assert "5 / 5" in driver.find_element("id", "slides").text
    driver.execute_script("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    driver.execute_script("window.print = () => {}; printPages()")
    sheets = len(driver.find_elements("css selector", "#paper .sheet"))
    assert sheets == 3 + driver.execute_script(
        "return desk.now.layers[0].load.filter((load) => load > 0).length"
    )
    assert browser.errors() == []


def test_the_table_joins_the_plan_folder(town: gp.Plan, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from gridplan.cli import app

    out = gp.save(town, tmp_path / "out", certificate=False)
    ran = CliRunner().invoke(app, ["table", str(out), "--lang", "en"])
    assert ran.exit_code == 0, ran.output
    assert (out / "table.html").is_file()
    assert "table.html" in json.loads((out / "plan.json").read_text(encoding="utf-8"))["files"]
    elsewhere = tmp_path / "new" / "t.html"
    assert CliRunner().invoke(app, ["table", str(out), "--out", str(elsewhere)]).exit_code == 0
    assert elsewhere.read_bytes() == (out / "table.html").read_bytes()
    (out / "plan.json").unlink()
    assert CliRunner().invoke(app, ["table", str(out), "--out", str(elsewhere)]).exit_code == 1


def test_large_regions_carry_the_nearest_candidates_and_say_so(
    monkeypatch: pytest.MonkeyPatch, town: gp.Plan
) -> None:
    from gridplan.show.table_page import table_data as module

    monkeypatch.setattr(module, "MOST_MINUTES", 1)
    monkeypatch.setattr(module, "NEAREST", 1)
    data = table_data(town, drawn_areas(town.region))
    assert [layer["all_carried"] for layer in data["layers"]] == [False, False]
