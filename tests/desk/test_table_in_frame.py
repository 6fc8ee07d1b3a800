"""The meeting's page in its frame at the desk, in Chromium: changed by hand, sent back, kept only when somebody says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import gridplan as gp
from gridplan.plans.folder.plan_folder import add_files
from tests.desk.at_desk import open_desk
from tests.desk.test_in_browser import Person, until
from tests.desk.test_steps import with_town

if TYPE_CHECKING:
    from tests.conftest import Browser


def test_a_variant_goes_from_the_frame_into_the_folder(local_browser: Browser, tmp_path: Path) -> None:
    browser, driver, person = local_browser, local_browser.driver, Person(local_browser)
    folder = with_town(tmp_path / "city")
    plan = gp.plan(gp.read(folder), gp.policy(folder / "policy.toml"))
    gp.save(plan, folder / "plan", certificate=False)
    add_files(folder / "plan", lambda out: gp.table(plan).save(out / "table.html"))
    with open_desk(folder, "zh") as desk:
        driver.get(desk.server.address + "table")
        person.reads("在此与各方当面调整方案")
        frame = driver.find_element("id", "meeting")
        driver.switch_to.frame(frame)
        until(lambda: driver.execute_script("return typeof desk !== 'undefined' && !!desk.now && !!own.desk"))
        assert driver.execute_script("return self.origin") == "null", "it has an origin of its own"
        reached = "fetch(arguments[0]).then(() => arguments[1]('reached'), () => arguments[1]('refused'))"
        assert driver.execute_async_script(reached, desk.server.address + "plan/now") == "refused"
        # a pair is locked out, the rest solved again in the page's own worker, and sent back under a name
        driver.execute_script("own.lang = 0; showAll(); desk.lock(0, 0, 2); solveAgain();")
        until(lambda: driver.execute_script("return !solving.running"))
        assert driver.execute_script("return solving.fault") == ""
        value = driver.execute_script("return desk.state.proof[0].value")
        driver.find_element("id", "name").send_keys("不含第一对")
        driver.find_element("css selector", "#save summary").click()
        driver.find_element("id", "save_desk").click()
        driver.switch_to.default_content()
        until(lambda: driver.find_element("id", "taking").is_displayed())
        assert driver.find_element("id", "variant").get_attribute("value") == "不含第一对"
        assert not (folder / "variants").exists(), "nothing is kept before somebody says so"
        driver.find_element("css selector", "#taking button").click()
        person.reads("全部规则均满足")
        person.looks()
        policy = gp.policy(folder / "variants" / "不含第一对.toml")
        table = gp.read_assignment(folder / "variants" / "不含第一对.csv")
        assert gp.judge(plan.region, policy, table).kept
        assert gp.plan(plan.region, policy).layers[0].value == value
        person.presses("列入情景比选")
        person.reads("全部求解并比较")
        person.looks()
        assert list(gp.read_scenarios(folder / "scenarios" / "scenarios.toml")) == ["base", "不含第一对"]
        driver.get(desk.server.address + "programme")
        person.reads("制定实施方案")
        person.looks()
        assert [url for url in browser.outside() if not url.startswith(f"http://{desk.host}/")] == []
        assert [line for line in browser.errors() if "plan/now" not in line] == []
