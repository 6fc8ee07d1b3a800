"""Names that mean harm, in every field of the desk: nothing of them runs."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gridplan as gp
from gridplan.desk.uploads import refuse_name
from gridplan.plans.folder.plan_folder import add_files
from gridplan.words.errors import DataError
from tests.desk.at_desk import Desk, open_desk
from tests.desk.test_in_browser import Person, until
from tests.show.handmade import HOSTILE, hostile_plan

if TYPE_CHECKING:
    from tests.conftest import Browser

RAN = "return [window.__ran, document.querySelectorAll('img, svg, iframe:not(#meeting), math, style, main b, form[action^=java]').length];"
PARTS = (
    "<script>window.__ran=1</script>", '"><script>window.__ran=1</script>', "'><img src=x onerror=window.__ran=1>",
    '" onfocus="window.__ran=1" autofocus="', "' onmouseover='window.__ran=1", "<svg/onload=window.__ran=1>",
    "<iframe src=javascript:window.__ran=1>", "</title><script>window.__ran=1</script>", "</textarea><script>window.__ran=1</script>",
    "</option></select><script>window.__ran=1</script>", "</style><img src=x onerror=window.__ran=1>", "javascript:window.__ran=1",
    "<base href=https://example.org/>", "<meta http-equiv=refresh content=0;url=https://example.org/>", "<form action=javascript:window.__ran=1>",
    "<details open ontoggle=window.__ran=1>", "&lt;script&gt;window.__ran=1&lt;/script&gt;", "<b>bold</b>", "${window.__ran=1}",
    "<link rel=stylesheet href=https://example.org/x.css>",
)  # fmt: skip
NAMES = [*(text[:300] for text in HOSTILE), *PARTS]  # more than 30


def hostile_region() -> gp.Region:
    """A town in which each district, unit, hospital and branch has another such name."""
    region, turns = gp.tiny_town(), itertools.cycle(NAMES)
    tables = {name: getattr(region, name) for name in ("districts", "units", "hospitals", "branches")}
    named = {
        name: table.assign(name=[f"{next(turns)} {n}" for n in range(len(table))])
        for name, table in tables.items()
    }
    return region.with_tables(**named)


def runs_nothing(driver: Any, where: str) -> None:
    ran, foreign = driver.execute_script(RAN)
    assert ran is None, where
    assert foreign == 0, where


def test_hostile_names_run_nothing(local_browser: Browser, tmp_path: Path) -> None:
    assert len(NAMES) > 30
    local_browser.requests.clear()
    browser, driver = local_browser, local_browser.driver
    folder = tmp_path / "desk <script>window.__ran=1<"
    text = " ".join(NAMES)
    gp.save(hostile_plan(text), folder / "plan")
    gp.write_region(hostile_region(), folder)
    for n, name in enumerate(NAMES):
        safe = name.replace("/", "∕").replace("\0", "")[:80]
        (folder / f"{n} {safe}.csv").write_text("a\n", encoding="utf-8")
    shown = (*NAMES, "</script>")
    with open_desk(folder, "en") as desk:
        desk.post("policy/choose", {"profile": "shanghai-2025"})
        form = dict.fromkeys(("name", "title_en", "title_zh", "source", "candidates.exempt_layer"), text)
        rows = {}
        for n, name in enumerate(shown):
            rows |= {
                f"pin.{n}.district_id": name,
                f"pin.{n}.hospital_id": name,
                f"pin.{n}.reason": name,
                f"pin.{n}.layer": "partners",
            }
            rows |= {
                f"{cap}.override.{n}.{end}": v
                for cap in ("district_cap", "hospital_cap")
                for end, v in (("key", f"{n}{name}"), ("value", "2"), ("reason", name))
            }
            rows |= {
                f"group_weights.weights.{n}.key": f"people_{name}",
                f"group_weights.weights.{n}.value": "2",
            }
        on = {
            f"on.{key}": "1"
            for key in ("full_coverage", "district_cap", "hospital_cap", "candidates", "group_weights")
        }
        good = form | rows | on | {
            "district_cap.most": "2", "hospital_cap.most": "3", "candidates.tiers": "municipal", "candidates.ownerships": "public",
            "candidates.counted": "general", "goals": "travel", "travel.method": "auto", "travel.detour": "1.3", "travel.walk_km_h": "5",
            "travel.snap_km": "2", "travel.speed_km_h.0.key": "central", "travel.speed_km_h.0.value": "20",
        }  # fmt: skip
        reply = desk.post("policy/save", good)
        assert "Not saved" not in reply.words, reply.words[:600]
        bad = good | dict.fromkeys(
            ("district_cap.most", "priority.prices", "tolerance", "travel.method", "travel.speed_km_h.0.key"),
            text,
        )
        refused = desk.post("policy/save", bad | {"on.priority": "1"})
        assert "Not saved" in refused.words
        address = desk.server.address
        for step in ("files", "policy", "plan", "results"):
            driver.get(address + step)
            runs_nothing(driver, step)
        page = json.dumps(refused.text)
        driver.get(address + "files")
        driver.execute_script(f"document.open(); document.write({page}); document.close();")
        assert driver.execute_script(RAN) == [None, 0]
        for name, value in (("seconds", text), ("gap", text)):
            assert 'role="alert"' in desk.post("plan/begin", {name: value}).text
        assert [url for url in browser.outside() if not url.startswith(f"http://{desk.host}/")] == []


def is_a_name(name: str) -> bool:
    try:
        refuse_name(f"{name}.csv")
    except DataError:
        return False
    return True


def finished(desk: Desk) -> None:
    job = desk.server.state.job
    assert job is not None
    until(lambda: not job.running)
    assert job.refused is None, job.refused


def test_what_comes_after_the_plan_runs_nothing(local_browser: Browser, tmp_path: Path) -> None:
    """Meeting, scenarios and programme: names of variants and scenarios, what a variant brings, and what a run makes of it."""
    browser, driver, folder, text = local_browser, local_browser.driver, tmp_path / "city", " ".join(NAMES)
    browser.requests.clear()
    rules = gp.policy("shanghai-2025").with_rule(gp.rules.Ban("T1", "H3", text))
    gp.write_region(hostile_region(), folder)
    gp.save_policy(rules, folder / "policy.toml")
    plan = gp.plan(gp.read(folder), rules)
    gp.save(plan, folder / "plan", certificate=False)
    add_files(folder / "plan", lambda out: gp.table(plan).save(out / "table.html"))
    assignment = (folder / "plan" / "assignment.csv").read_text(encoding="utf-8-sig") + f',"{text.replace(chr(34), chr(34) * 2)}",,,,\n'  # fmt: skip
    pins = (folder / "policy.toml").read_text(encoding="utf-8")
    with open_desk(folder, "en") as desk:
        driver.get(desk.server.address + "table")
        driver.switch_to.frame(driver.find_element("id", "meeting"))
        until(lambda: driver.execute_script("return typeof desk !== 'undefined' && !!desk.now && !!own.desk"))
        for name in NAMES:  # the frame may send what it likes
            driver.execute_script("parent.postMessage({ gridplan: { variant: { name: arguments[0], assignment: arguments[0], pins: arguments[0] } } }, '*')", name)  # fmt: skip
        assert driver.execute_script("return window.__ran") is None
        driver.switch_to.default_content()
        until(lambda: driver.find_element("id", "taking").is_displayed())
        runs_nothing(driver, "the form that the frame fills")
        some = [" ".join(NAMES[n : n + 8]) for n in range(0, len(NAMES), 8)]
        for name in (*some, *filter(is_a_name, NAMES)):
            kept = desk.post("table/keep", {"name": name, "assignment": assignment, "pins": pins})
            assert ('role="alert"' in kept.text) is not is_a_name(name), name
            told = desk.post("scenarios/add", dict.fromkeys(("name", "district_cap", "people", "close_hospital", "profile"), name))  # fmt: skip
            assert 'role="alert"' in told.text, name
            if is_a_name(name):
                desk.post("table/scenario", {"name": name})
            else:
                desk.post("table/keep", {"name": "x", "assignment": name, "pins": name})
                desk.post("scenarios/add", {"name": name, "people": "1.1", "profile": name})
        kept_names = [name for name in NAMES if is_a_name(name)]
        assert len(kept_names) > 1
        scenarios = gp.read_scenarios(folder / "scenarios" / "scenarios.toml")
        assert set(some) < set(scenarios)
        for step in ("table", "scenarios", "programme"):
            driver.get(desk.server.address + step)
            runs_nothing(driver, step)
        for name in list(scenarios)[3:]:
            desk.post("scenarios/away", {"name": name})
        desk.post("scenarios/begin")
        finished(desk)
        desk.post("programme/begin")
        finished(desk)
        for step in ("scenarios", "programme", "results", "plan"):
            driver.get(desk.server.address + step)
            runs_nothing(driver, step)
            if step in ("scenarios", "programme"):
                Person(browser).looks()
        for page in ("scenarios/scenarios.html", "results/programme/programme.html", "results/report.html"):
            driver.get(desk.server.address + page)
            assert driver.execute_script("return window.__ran") is None, page
            assert not driver.find_elements("css selector", "body iframe, body img[src='x'], base, meta[http-equiv=refresh]"), page  # fmt: skip
        assert [url for url in browser.outside() if not url.startswith(f"http://{desk.host}/")] == []
