"""A plan folder is the old one or the new one at every moment; strangers' files and edits of one's own are never lost."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gridplan.files import swap
from gridplan.files.claim import claimed, work_folder
from gridplan.files.swap import mend
from gridplan.plans.folder.own_files import hashes, is_own
from gridplan.plans.folder.plan_folder import add_files, fill, held
from gridplan.plans.folder.record import read_record
from gridplan.words.errors import DataError

SHAPE = {
    "form": 1, "region": {}, "policy": {}, "travel": {"method": "", "settings": {}},
    "provenance": {"region_sha256": "", "tables_sha256": {}},
    "layers": [{"layer": "x", "engine": "", "seconds": 0, "preference_minutes": None, "goals": [
        {"goal": "", "text": {"en": "", "zh": ""}, "unit": "", "value": 0, "reached": 0, "bound": 0}]}],
}  # fmt: skip
Put = Callable[[Path], None]


def puts(**files: str) -> Put:
    """Write files ("map_html", "region__units_csv") and a plan.json that lists them, as a plan would."""

    def write(made: Path) -> None:
        for name, text in files.items():
            path = made / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (made / "plan.json").write_text(json.dumps({**SHAPE, "files": hashes(made)}), encoding="utf-8")

    return write


def save(out: Path, **files: str) -> Path:
    with held(out) as claim:
        fill(claim, puts(**files))
    return out


def content(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
        for p in folder.rglob("*")
        if p.is_file() and p.name != "plan.json"
    }


@pytest.fixture(params=["exchange", "journal"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to change a folder: in one step, and by a journal where the system has no such step."""
    if request.param == "journal":
        monkeypatch.setattr(swap, "exchange", lambda *_: False)
    return str(request.param)


def test_old_and_new_never_mix(tmp_path: Path, way: str) -> None:
    out = save(
        tmp_path / "out",
        grids_csv="old",
        map_html="old",
        region__units_csv="old",
        assets__a_0123456789ab_js="x",
    )
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "region" / "notes.txt").write_text("mine too", encoding="utf-8")
    (out / "map.html.77.part").write_text("half", encoding="utf-8")
    save(out, map_html="new", region__units_geojson="new")
    assert content(out) == {
        "map.html": "new", "region/units.geojson": "new", "notes.txt": "mine", "region/notes.txt": "mine too",
    }  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_was_edited_by_hand_is_kept_beside_and_told(
    tmp_path: Path, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    out = save(tmp_path / "out", assignment_csv="made", pairs_csv="made")
    for edit in ("mine", "mine again", "mine again"):
        (out / "assignment.csv").write_text(edit, encoding="utf-8")
        with caplog.at_level(logging.WARNING, "gridplan"):
            save(out, assignment_csv="new", pairs_csv="new")
    assert content(tmp_path / "out.edited") == {"assignment.csv": "mine", "assignment-2.csv": "mine again"}
    assert content(out) == {"assignment.csv": "new", "pairs.csv": "new"}
    assert "kept in" in caplog.text and "assignment.csv" in caplog.text


def test_of_a_folder_without_a_list_tables_that_are_newer_are_kept(tmp_path: Path) -> None:
    out = save(tmp_path / "out", assignment_csv="mine", pairs_csv="made")
    (out / "plan.json").write_text(json.dumps(SHAPE), encoding="utf-8")
    os.utime(out / "plan.json", (0, 0))
    os.utime(out / "pairs.csv", (1, 1))
    save(out, assignment_csv="new", pairs_csv="new")
    assert content(tmp_path / "out.edited") == {"assignment.csv": "mine"}


def test_a_file_that_is_drawn_again_is_listed_anew(tmp_path: Path, way: str) -> None:
    out = save(tmp_path / "out", map_html="old", pairs_csv="made")
    (out / "pairs.csv").write_text("edited", encoding="utf-8")
    before = json.loads((out / "plan.json").read_text(encoding="utf-8"))["files"]
    assert add_files(out, lambda made: (made / "map.html").write_text("new", encoding="utf-8")) == [
        "map.html"
    ]
    after = json.loads((out / "plan.json").read_text(encoding="utf-8"))["files"]
    assert after["map.html"] != before["map.html"] and after["pairs.csv"] == before["pairs.csv"]
    assert content(out) == {"map.html": "new", "pairs.csv": "edited"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_link_leads_to_the_folder_that_is_meant(tmp_path: Path) -> None:
    real = save(tmp_path / "real", map_html="old")
    for name, target in (("absolute", real), ("relative", Path("real")), ("dangling", Path("later"))):
        (tmp_path / name).symlink_to(target)
        save(tmp_path / name, map_html=name)
        assert (tmp_path / name).is_symlink()
        assert content((tmp_path / name).resolve()) == {"map.html": name}
    assert {p.name for p in tmp_path.iterdir()} == {"real", "later", "absolute", "relative", "dangling"}


def test_links_in_a_ring_are_one_sentence_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "ring").symlink_to("other")
    (tmp_path / "other").symlink_to("ring")
    ring = tmp_path / "ring"
    for doing in (lambda: save(ring), lambda: save(ring / "out"), lambda: claimed(ring).__enter__()):
        with pytest.raises(DataError, match="it is a link that leads to itself") as told:
            doing()
        assert told.value.what.zh.endswith("链接指向自身")
    mend(ring)  # a reader has nothing to mend, and says itself what is wrong
    with pytest.raises(DataError, match="is a link that leads to nothing"):
        read_record(ring)


def test_the_folder_one_stands_in_is_written_from_the_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = save(tmp_path / "out", map_html="old", grids_csv="old")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(out)
    save(Path(), map_html="new")
    assert content(Path()) == content(out) == {"map.html": "new", "notes.txt": "mine"}


def test_a_failure_leaves_the_folder_as_it_was(tmp_path: Path, way: str) -> None:
    out = save(tmp_path / "out", map_html="old")

    def full(made: Path) -> None:
        puts(map_html="new")(made)
        raise OSError(28, "No space left on device")

    for place in (out, tmp_path / "deep" / "new"):
        with pytest.raises(DataError, match="the disk is full"), held(place) as claim:
            fill(claim, full)
    assert content(out) == {"map.html": "old"} and [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_above_that_is_deleted_meanwhile_is_said_and_what_to_do(tmp_path: Path) -> None:
    out = tmp_path / "above" / "out"
    out.parent.mkdir()
    with pytest.raises(DataError, match="it is not there, or its folder is not") as told, held(out) as claim:
        shutil.rmtree(out.parent)
        fill(claim, puts(map_html="x"))
    assert "moved or deleted meanwhile" in told.value.hint.en and "移动或删除" in told.value.hint.zh


def test_one_run_at_a_time(tmp_path: Path) -> None:
    out = save(tmp_path / "out", map_html="old")
    other = textwrap.dedent(f"""
        from pathlib import Path
        from gridplan.plans.folder.plan_folder import held
        try:
            with held(Path({str(out)!r})):
                print("came in")
        except ValueError as error:
            print(error)
    """)
    with held(out):
        told = subprocess.run(
            [sys.executable, "-c", other], capture_output=True, text=True, check=True
        ).stdout
    assert f"another run is using {out} (process {os.getpid()} since 20" in told
    told = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=True).stdout
    assert told == "came in\n"


KILLED = """
import os, signal, sys
from pathlib import Path
from gridplan.files import swap
from gridplan.plans.folder import plan_folder
from tests.plans.test_plan_folder import puts
way, moment, out = sys.argv[1:]
if way == "journal":
    swap.exchange = lambda *_: False

def dies(name):
    real = getattr(swap, name)
    def then(*given):
        if moment == "before " + name:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*given)
        if moment == "after " + name:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(swap, name, then)

for name in ("_bring", "exchange", "write_whole", "_clear_up"):
    dies(name)
with plan_folder.held(Path(out)) as claim:
    plan_folder.fill(claim, puts(map_html="new", region__units_csv="new"))
"""


@pytest.mark.parametrize(
    ("kind", "moment", "comes_out"),
    [
        ("exchange", "before _bring", "old"), ("exchange", "before exchange", "old"), ("exchange", "after exchange", "new"),
        ("journal", "before write_whole", "old"), ("journal", "after write_whole", "new"),
        ("journal", "after _clear_up", "new"),
    ],
)  # fmt: skip
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_a_kill_leaves_the_whole_old_or_the_whole_new(
    tmp_path: Path, kind: str, moment: str, comes_out: str, caplog: pytest.LogCaptureFixture
) -> None:
    out = save(tmp_path / "out", map_html="old", grids_csv="old", region__units_csv="old")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    ended = subprocess.run([sys.executable, "-c", KILLED, kind, moment, str(out)], check=False)
    assert ended.returncode == -signal.SIGKILL and work_folder(out).is_dir()
    with caplog.at_level(logging.WARNING, "gridplan"):
        mend(out)
    whole = {
        "old": {"map.html": "old", "grids.csv": "old", "region/units.csv": "old", "notes.txt": "mine"},
        "new": {"map.html": "new", "region/units.csv": "new", "notes.txt": "mine"},
    }
    assert content(out) == whole[comes_out]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert "ended in the middle" in caplog.text


def test_a_reader_leaves_a_run_alone_that_is_at_work(tmp_path: Path) -> None:
    out = save(tmp_path / "out", map_html="old")
    with claimed(out) as claim:
        (claim.work / "new").mkdir()
        done: list[float] = []

        def read() -> None:
            began = time.monotonic()
            mend(out)
            done.append(time.monotonic() - began)

        reader = threading.Thread(target=read)
        reader.start()
        reader.join()
        assert (claim.work / "new").is_dir() and done[0] < swap.LONG_ENOUGH / 2


def test_who_writes_may_read_the_folder_meanwhile(tmp_path: Path) -> None:
    out = save(tmp_path / "out", map_html="old")

    def write(made: Path) -> None:
        mend(out)  # as whoever opens the plan does
        (made / "map.html").write_text("new", encoding="utf-8")

    add_files(out, write)
    assert content(out) == {"map.html": "new"}


def test_own_names_are_known_and_no_others() -> None:
    own = [
        "map.html", "region/units.geojson", "assets/page.0123456789ab.js", ".map.html.12.part", "map.html.part",
        "region/.units.csv.3.part",
    ]  # fmt: skip
    others = [
        "notes.txt",
        "region/notes.txt",
        "assets/logo.png",
        "my.part",
        "map.html.bak",
        "figures/map.html",
    ]
    assert [name for name in own if not is_own(name)] == [] == [name for name in others if is_own(name)]
