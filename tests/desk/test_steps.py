"""Files, cures, a run that is killed, stopped or refused: what lies in the folder, and what the page then says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import gridplan as gp
from gridplan.desk.state import State
from gridplan.plans.folder.verify_folder import verify_folder
from tests.desk.at_desk import Desk, open_desk
from tests.intake.messy import messy_folder

UNITS = "units.geojson"
PATIENCE = 120.0  # seconds; a machine may be busy


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def with_town(folder: Path, policy: gp.Policy | None = None) -> Path:
    gp.write_region(gp.tiny_town(), folder)
    gp.save_policy(policy or gp.policy("shanghai-2025"), folder / "policy.toml")
    return folder


def test_files_dropped_in_are_recognised_as_gridplan_start_does(tmp_path: Path) -> None:
    messy_folder(tmp_path / "office", 3)
    (tmp_path / "desk").mkdir()
    with open_desk(tmp_path / "desk", "zh") as desk:
        assert "识别文件" not in desk.get().words
        for file in (tmp_path / "office").iterdir():
            assert desk.upload(file.name, file.read_bytes()).status == 204
        assert "识别文件" in desk.get("files").words
        page = desk.post("files/look")
    begun = gp.start(tmp_path / "office", lang="zh")
    names = ("region.toml", *(p.name for p in (tmp_path / "office").iterdir()))
    for name in names:
        assert (tmp_path / "desk" / name).read_bytes() == (tmp_path / "office" / name).read_bytes(), name
    assert sorted(p.name for p in (tmp_path / "desk").iterdir()) == sorted({*names}), "nothing else is there"
    for finding in begun.findings[:20]:
        assert " ".join(finding.what.zh.split()) in page.words
    assert "可以求解" in page.words


def test_cures_are_those_of_the_command_line_and_a_new_file_sets_them_aside(tmp_path: Path) -> None:
    city, by_hand = tmp_path / "city", tmp_path / "by-hand"
    for folder in (city, by_hand):
        gp.write_region(gp.tiny_town(), folder)
        units = json.loads((folder / UNITS).read_text(encoding="utf-8"))
        units["features"][1]["properties"]["people"] = None
        (folder / UNITS).write_text(json.dumps(units), encoding="utf-8")
    with open_desk(city) as desk:
        page = desk.get("files")
        assert re.findall(r'name="accept" value="([\w-]+)"', page.text) == ["people-from-total", "blank-cell"]
        assert "plan" not in re.findall(r'href="[^"]*/en/(\w+)"', page.text), (
            "with errors there is no step Plan"
        )
        page = desk.post("files/repair", {"accept": ["people-from-total", "no-such-code"]})
        assert "No errors" in page.words
        gp.repair_folder(by_hand, by_hand / "repaired", accept=["people-from-total"])
        made, right = ({p.name: p.read_bytes() for p in (f / "repaired").iterdir()} for f in (city, by_hand))
        assert made == right
        assert b"modelled" in desk.get("files/repairs.csv").body
        assert desk.upload(UNITS, (city / UNITS).read_bytes()).status == 204
        assert not (city / "repaired").exists()
        assert (city / "set-aside" / "1-repaired" / UNITS).is_file()
        assert (city / "region.toml").is_file(), "a file of a known name changes no choice"
        assert desk.upload("new.csv", b"a,b\n1,2\n").status == 204
        assert not (city / "region.toml").exists()
        assert (city / "set-aside" / "1-region.toml").is_file()
        page = desk.post("files/look")
        assert "new.csv" in page.words
        assert "new.csv" not in desk.post("files/away", {"name": "new.csv"}).words
        assert (city / "set-aside" / "1-new.csv").is_file()
        desk.post("files/away", {"name": f"../by-hand/{UNITS}"})
        assert (by_hand / UNITS).is_file()


def test_region_toml_can_be_changed_in_the_page(tmp_path: Path) -> None:
    folder = with_town(tmp_path / "city")
    with open_desk(folder) as desk:
        text = (folder / "region.toml").read_text(encoding="utf-8")
        assert text.splitlines()[0] in desk.get("files").text.replace("&quot;", '"')
        desk.post("files/toml", {"text": text.replace("\n", "\r\n") + "title = 'x</textarea><script>'\r\n"})
        assert (folder / "region.toml").read_bytes().endswith(b"title = 'x</textarea><script>'\n")
        page = desk.post("files/toml", {"text": "name = "})
        assert page.status == 200
        assert "region.toml" in page.words
        assert "plan" not in page.text.partition("<main")[0].partition("<nav")[2]
        desk.post("files/toml", {"text": text})
        assert "No errors" in desk.get("files").words


def test_files_that_are_no_tables_are_refused_in_words(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        desk.upload("notes.csv", b"a,b\n1,2\n")
        assert "has headers of a table that gridplan knows" in desk.post("files/look").words
        assert desk.get("policy").status == 404
        assert desk.post("plan/begin").status == 404


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A desk that was killed in the middle of a run, opened again, and led to a plan; and what the live line said."""
    folder = with_town(tmp_path_factory.mktemp("killed") / "city")
    words = [
        sys.executable,
        "-c",
        "from gridplan.cli import main; main()",
        "desk",
        str(folder),
        "--no-browser",
        "--lang",
        "en",
    ]
    first = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert first.stdout is not None
    address = ""
    while "http://" not in address:
        address = first.stdout.readline()
    desk = Desk(address.strip())
    assert desk.post("plan/begin", {"seconds": "", "gap": "0"}).status == 200
    until(lambda: (folder.parent / ".plan.gridplan").exists() or (folder / ".plan.gridplan").exists())
    first.kill()
    first.wait()
    first.stdout.close()
    with open_desk(folder) as again:
        page = again.get()
        assert "Make the plan" in page.words, "it goes on at the step where it was"
        assert not (folder / "plan").exists(), "a plan is there whole or not at all"

        def begun() -> bool:
            page = again.post("plan/begin", {"seconds": "", "gap": "0"})
            job = again.server.state.job
            assert job is not None
            until(lambda: not job.running)
            return job.done or "another run is using" not in page.words + (
                job.refused.en if job.refused else ""
            )

        until(begun)  # the first desk's run ends within a moment of its desk
        said = again.get("plan").words
    return folder, said


def test_killed_in_the_middle_it_goes_on_where_it_was(planned: tuple[Path, str]) -> None:
    folder, said = planned
    assert "Made, verified and written to plan/." in said
    plan, verdict = verify_folder(folder / "plan")
    assert verdict.kept
    assert plan.status == "optimal"
    assert not list(folder.glob(".*")), "nothing half done is left"


def test_the_plan_folder_is_that_of_the_command_line(planned: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = planned
    plan = gp.plan(gp.read(folder), gp.policy(folder / "policy.toml"))
    gp.save(plan, tmp_path / "out")
    names = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    made = {p.relative_to(folder / "plan").as_posix() for p in (folder / "plan").rglob("*") if p.is_file()}
    assert made == {*names, "table.html"}
    for name in (
        "assignment.csv",
        "pairs.csv",
        "changes.csv",
        "policy.toml",
        "region/units.geojson",
        "certificate.json",
    ):
        assert (folder / "plan" / name).read_bytes() == (tmp_path / "out" / name).read_bytes(), name


def test_results_are_opened_and_downloaded(planned: tuple[Path, str]) -> None:
    folder, _ = planned
    with open_desk(folder) as desk:
        page = desk.get()
        assert "proven optimal" in page.words, "opened again, the desk shows the last step that there is"
        for name in ("map.html", "report.html", "table.html"):
            reply = desk.get(f"results/{name}")
            assert reply.body == (folder / "plan" / name).read_bytes()
            assert reply.headers["Content-Security-Policy"].startswith("sandbox allow-scripts")
            assert "allow-same-origin" not in reply.headers["Content-Security-Policy"]
        reply = desk.get("results/plan.xlsx")
        assert reply.headers["Content-Disposition"].startswith("attachment")
        packed = zipfile.ZipFile(BytesIO(desk.get("results/plan.zip").body))
        assert {n.removeprefix("plan/") for n in packed.namelist()} == {
            p.relative_to(folder / "plan").as_posix() for p in (folder / "plan").rglob("*") if p.is_file()
        }
        (folder / "plan" / "mine.txt").write_text("mine", encoding="utf-8")
        (folder / "plan" / "hospitals.docx").symlink_to(folder / "policy.toml")
        assert desk.get("results/mine.txt").status == 404, "only what gridplan writes"
        assert desk.get("results/hospitals.docx").status == 404, "no link that leads out"
        (folder / "plan" / "mine.txt").unlink()
        (folder / "plan" / "hospitals.docx").unlink()
        gp.save_policy(gp.policy("shanghai-2025-strict"), folder / "policy.toml")
        assert "The policy was changed after this plan." in desk.get("results").words
        gp.save_policy(gp.policy("shanghai-2025"), folder / "policy.toml")
        assert "was changed" not in desk.get("results").words


def test_a_policy_that_cannot_work_is_told_with_its_ways_out(tmp_path: Path) -> None:
    policy = (
        gp.policy("shanghai-2025").with_rule(gp.rules.LeastPartners(2)).with_rule(gp.rules.HospitalCap(1))
    )
    folder = with_town(tmp_path / "city", policy)
    with pytest.raises((gp.PolicyError, gp.InfeasibleError)) as refused:
        gp.plan(gp.read(folder), gp.policy(folder / "policy.toml"))
    with open_desk(folder, "zh") as desk:
        desk.post("plan/begin", {"seconds": "60", "gap": "0"})
        job = desk.server.state.job
        assert job is not None
        until(lambda: not job.running)
        page = desk.get("plan")
        assert " ".join(refused.value.say("zh").split()) in page.words
        assert json.loads(desk.get("plan/now").text)["running"] is False
        assert not (folder / "plan").exists()
        for bad in ({"seconds": "soon"}, {"seconds": "-1"}, {"gap": "2"}, {"gap": "x"}):
            assert 'role="alert"' in desk.post("plan/begin", bad).text
        assert job is desk.server.state.job, "no run was begun"


@pytest.mark.parametrize("ignored", [False, True], ids=["", "begun by a script with &"])
def test_stopped_before_there_is_a_plan_nothing_is_left(tmp_path: Path, ignored: bool) -> None:
    folder = with_town(tmp_path / "city")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ignored else signal.getsignal(signal.SIGINT)
    with open_desk(folder) as desk:
        desk.post("plan/begin", {"seconds": "", "gap": "0"})
        signal.signal(signal.SIGINT, before)
        assert "Stopping" in desk.post("plan/stop").words
        job = desk.server.state.job
        assert job is not None
        until(lambda: not job.running)
        assert "Stopped before there was a plan." in desk.get("plan").words
    assert sorted(p.name for p in tmp_path.rglob("*plan*")) == []


def test_ctrl_c_ends_the_desk(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "gridplan.cli",
        "desk",
        str(tmp_path / "new"),
        "--no-browser",
        "--lang",
        "zh",
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, encoding="utf-8") as desk:
        assert desk.stdout is not None
        lines = [desk.stdout.readline() for _ in range(3)]
        address = urlsplit(lines[1].strip())
        assert address.hostname == "127.0.0.1"
        assert address.path.endswith("/zh/")
        desk.send_signal(signal.SIGINT)
        assert "已关闭" in desk.stdout.read()
        assert desk.wait(30) == 0


def test_what_a_killed_desk_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".desk.gridplan").mkdir()
    (tmp_path / ".desk.gridplan" / "half.csv").write_text("a", encoding="utf-8")
    with open_desk(tmp_path):
        assert State(tmp_path).files == []
        assert list(tmp_path.iterdir()) == []
