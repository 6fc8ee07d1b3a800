"""The page in Jupyter: its kernel solves every policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gridplan as gp
from gridplan.show.table_page.scripts import script
from tests.conftest import Browser
from tests.show.table.driving import until


def test_in_jupyter_the_kernel_solves_every_policy_and_the_variant_is_a_plan() -> None:
    """What the page sends, and what it hears; with a rule that the page itself does not know."""
    rules = gp.policy("shanghai-2025").with_rule(gp.rules.LeastShare(0.1))
    plan = gp.plan(gp.tiny_town(), rules)
    widget, heard = gp.table(plan).widget(), []
    widget.send = heard.append
    widget._hear(widget, {"assignment": [["general", "T1-01", "H3"]]}, [])
    assert widget.assignment.to_numpy().tolist() == [["general", "T1-01", "H3"]]
    widget._hear(
        widget,
        {"solve": {"locks": [["general", "T3", "H3", "pin"], ["tcm", "T1", "H4", "ban"]], "seconds": 60}},
        [],
    )
    told = heard[0]["done"]["results"]
    assert [layer["status"] for layer in told] == ["optimal", "optimal"]
    assert widget.plan.status == "optimal"
    assert {("T3", "H3")} <= set(
        widget.plan.pairs[["district_id", "hospital_id"]].itertuples(index=False, name=None)
    )
    assert told[0]["of"] == widget.plan.assignment.query("layer == 'general'")["hospital_id"].tolist()
    assert gp.verify(widget.plan).kept
    widget._hear(
        widget,
        {"solve": {"locks": [["general", "T1", h, "ban"] for h in ("H1", "H2", "H3")], "seconds": 60}},
        [],
    )
    assert heard[1]["fault"][0] and heard[1]["fault"][1] != heard[1]["fault"][0]


def test_the_page_in_the_widget_asks_its_kernel(browser: Browser, town: gp.Plan, tmp_path: Path) -> None:
    """The page in a frame of its own, as the widget lays it, and a kernel of three lines around it."""
    widget = gp.table(town).widget()
    module = script("widget.js").replace("export default { render };", "")
    body = (
        "<!doctype html><meta charset='utf-8'><div id='cell'></div><script>" + module + "const heard = [];"
        f"const html = {json.dumps(widget.html).replace('<', chr(92) + 'u003c')};"
        "let answer = null; const model = { get: (name) => (name === 'html' ? html : 'table'), send: (told) => heard.push(told),"
        " on: (_, does) => { answer = does; }, off: () => {} };"
        "render({ model: model, el: document.getElementById('cell') });</script>"
    )
    file = tmp_path / "notebook.html"
    file.write_text(body, encoding="utf-8")
    browser.open(file)
    driver = browser.driver
    driver.switch_to.frame(0)
    until(driver, "window.desk === undefined ? typeof desk !== 'undefined' && desk.now : true")
    driver.execute_script("desk.lock(0, 2, 1); solveAgain();")
    driver.switch_to.default_content()
    until(driver, "heard.some((told) => told.solve)")
    asked = driver.execute_script("return heard.find((told) => told.solve).solve")
    assert asked["locks"] == [["general", "T1", "H3", "pin"]]
    sent: list[Any] = []
    widget.send = sent.append
    widget._hear(widget, {"solve": asked}, [])
    driver.execute_script("answer(arguments[0])", sent[0])
    driver.switch_to.frame(0)
    until(driver, "!solving.running")
    proofs = driver.execute_script(
        "return [solving.fault, desk.state.proof.map((one) => [one.kind, one.value])]"
    )
    assert proofs == ["", [["locks", layer.value] for layer in widget.plan.layers]]
    driver.switch_to.default_content()
    assert browser.outside() == []
    assert browser.errors() == []
