"""What follows a plan at the desk: variants from the meeting, scenarios side by side, the programme."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import gridplan as gp
from gridplan.plans.folder.plan_folder import add_files
from tests.desk.at_desk import Desk, open_desk
from tests.desk.test_steps import until, with_town


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder with a plan, as the run leaves it."""
    folder = with_town(tmp_path_factory.mktemp("made") / "city")
    plan = gp.plan(gp.read(folder), gp.policy(folder / "policy.toml"))
    gp.save(plan, folder / "plan")
    add_files(folder / "plan", lambda out: gp.table(plan).save(out / "table.html"))
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(made, tmp_path / "city")
    with open_desk(tmp_path / "city") as opened:
        yield opened


def variant(folder: Path, *rules: gp.rules.Rule) -> dict[str, str]:
    """What the meeting's page sends: the plan as it is, and its policy with pins and bans."""
    gp.save_policy(gp.policy(folder / "policy.toml").with_rule(*rules), folder.parent / "pins.toml")
    pins = (folder.parent / "pins.toml").read_text(encoding="utf-8")
    assignment = (folder / "plan" / "assignment.csv").read_text(encoding="utf-8-sig")
    return {"name": "仁济到闵行", "assignment": assignment, "pins": pins}


def test_opened_again_it_goes_on_at_the_results(desk: Desk) -> None:
    assert "Everything as one zip" in desk.get().words
    steps = desk.get("results").text.partition("<nav")[2].partition("</nav>")[0]
    for step in ("Meeting", "Scenarios", "Programme"):
        assert step in steps


def test_a_variant_comes_back_is_judged_and_planned_with_its_locks(desk: Desk) -> None:
    folder = desk.server.state.folder
    page = desk.get("table").text
    assert 'src="results/table.html"' in page and 'sandbox="allow-scripts' in page
    assert "allow-same-origin" not in page
    # a pair that is banned, though the assignment has it: the judge says so
    pair = gp.open_plan(folder / "plan").pairs.iloc[0]
    sent = variant(folder, gp.rules.Ban(pair.district_id, pair.hospital_id))
    assert "is banned" in desk.post("table/keep", sent).words
    name = sent["name"]
    assert sorted(p.name for p in (folder / "variants").iterdir()) == [f"{name}.csv", f"{name}.toml"]
    policy = gp.policy(folder / "variants" / f"{name}.toml")
    verdict = gp.judge(gp.read(folder), policy, gp.read_assignment(folder / "variants" / f"{name}.csv"))
    assert {b.rule for b in verdict.breaches} == {"BAN"}
    assert (
        desk.get(f"table/{name}.csv".replace(name, "%E4%BB%81%E6%B5%8E%E5%88%B0%E9%97%B5%E8%A1%8C")).status
        == 200
    )
    page = desk.post("table/use", {"name": name})
    assert "Plan again" in page.words
    assert gp.policy(folder / "policy.toml").digest == policy.digest
    assert (folder / "set-aside" / "1-policy.toml").is_file()
    assert "The policy was changed after this plan." in desk.get("results").words
    desk.post("plan/begin", {"seconds": "", "gap": "0"})
    job = desk.server.state.job
    assert job is not None
    until(lambda: not job.running)
    again = gp.open_plan(folder / "plan")
    assert again.status == "optimal"
    assert (pair.district_id, pair.hospital_id) not in set(
        again.pairs[["district_id", "hospital_id"]].itertuples(index=False, name=None)
    )
    desk.post("table/away", {"name": name})
    assert (folder / "set-aside" / f"1-{name}.toml").is_file()
    assert "Taken back" not in desk.get("table").words


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "../x"), ("name", ""), ("name", "con"), ("assignment", "a,b\n1,2\n"), ("pins", "name = "), ("pins", 'extends = "/etc/passwd"\n')],
)  # fmt: skip
def test_what_is_no_variant_is_refused_and_leaves_nothing(field: str, value: str, desk: Desk) -> None:
    folder = desk.server.state.folder
    before = sorted(folder.rglob("*"))
    page = desk.post("table/keep", variant(folder) | {field: value})
    assert 'role="alert"' in page.text
    assert [path for path in sorted(folder.rglob("*")) if path not in before] == []
    assert desk.post("table/use", {"name": "../plan"}).status == 404


def test_scenarios_are_those_of_the_command_line(desk: Desk, tmp_path: Path) -> None:
    folder = desk.server.state.folder
    assert "Plan all and compare" not in desk.get("scenarios").words
    assert "nothing changes" in desk.post("scenarios/add", {"name": "nothing"}).words
    assert "is no number" in desk.post("scenarios/add", {"name": "x", "district_cap": "many"}).words
    assert "H9" in desk.post("scenarios/add", {"name": "x", "close_hospital": "H9"}).words
    assert not (folder / "scenarios" / "scenarios.toml").exists()
    assert (
        "Plan all and compare" in desk.post("scenarios/add", {"name": "one each", "district_cap": "1"}).words
    )
    page = desk.post("scenarios/add", {"name": "without H1", "close_hospital": "H1", "people": "1.1"})
    assert "without H1" in page.words, page.words
    desk.post("table/keep", variant(folder, gp.rules.Ban("T1", "H2")))
    assert "仁济到闵行" in desk.post("table/scenario", {"name": "仁济到闵行"}).words
    desk.post("scenarios/away", {"name": "without H1"})
    assert list(gp.read_scenarios(folder / "scenarios" / "scenarios.toml")) == [
        "base",
        "one each",
        "仁济到闵行",
    ]
    desk.post("scenarios/begin")
    job = desk.server.state.job
    assert job is not None and job.kind == "scenarios"
    until(lambda: not job.running)
    assert job.refused is None, job.refused
    page = desk.get("scenarios")
    assert "proven optimal" in page.words
    table = pd.read_csv(folder / "scenarios" / "compare.csv")
    assert table["name"].tolist() == ["base", "one each", "仁济到闵行"]
    alone = gp.plan(gp.read(folder), gp.policy(folder / "policy.toml").with_rule(gp.rules.DistrictCap(1)))
    assert table["pairs"].tolist()[1] == len(alone.pairs.query("layer == 'general'"))
    assert b"leaflet" in desk.get("scenarios/scenarios.html").body
    assert desk.get("scenarios/runs").status == 404
    # other files: the plans of before are those of another region
    units = folder / "units.geojson"
    units.write_text(units.read_text("utf-8").replace("0,", "1,", 1), encoding="utf-8")
    assert desk.get("scenarios").status == 200


def test_the_programme_is_that_of_the_command_line(desk: Desk) -> None:
    folder = desk.server.state.folder
    assert "Make the programme" in desk.get("programme").words
    desk.post("programme/begin")
    job = desk.server.state.job
    assert job is not None and job.kind == "programme"
    until(lambda: not job.running)
    page = desk.get("programme")
    assert job.refused is None, job.refused
    assert (folder / "plan" / "programme" / "programme.json").is_file()
    assert 'href="results/programme/programme.html"' in page.text
    reply = desk.get("results/programme/programme.html")
    assert reply.body == (folder / "plan" / "programme" / "programme.html").read_bytes()
    assert reply.headers["Content-Security-Policy"].startswith("sandbox")
    assert "Make it again" in page.words


def test_a_run_of_another_step_is_shown_instead_of_a_second_one(desk: Desk) -> None:
    desk.post("plan/begin", {"seconds": "", "gap": "0"})
    job = desk.server.state.job
    assert job is not None
    page = desk.post("programme/begin")
    assert job is desk.server.state.job
    assert job.kind == "plan" and ("Stop, keep the best plan so far" in page.words or not job.running)
    job.end()
