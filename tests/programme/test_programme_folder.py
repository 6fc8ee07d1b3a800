"""OUT/programme/: written in one step, opened again, judged with edits by hand, over the command line."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from programme.town import plan
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans.folder.store import write_plan_tables, write_record
from gridplan.programmes import make
from gridplan.programmes.store import save_programme, verify_programme
from gridplan.show.programme.programme_book import write_programme_book
from gridplan.show.programme.programme_report import programme_report
from gridplan.show.programme.save_shown import save_shown
from gridplan.words.text import Text


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """A plan folder without its pictures."""
    folder = tmp_path_factory.mktemp("town") / "OUT"
    folder.mkdir()
    write_plan_tables(plan(), folder)
    write_record(plan(), folder)
    return folder


@pytest.fixture(scope="module")
def whole():
    """The programme of the town, made once."""
    return gp.programme(plan())


def run(*words):
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


def test_the_way_over_the_command_line(out, whole):
    before = {name: (out / name).read_bytes() for name in ("assignment.csv", "pairs.csv", "policy.toml")}
    made = run("programme", out)
    assert made.exit_code == 0, made.output
    assert "Custody and posts: proven optimal, " in made.stderr  # in a pipe it is not silent
    assert "proven optimal" in made.output and "Modelled, not measured: needs" in made.output
    assert {
        name: (out / name).read_bytes() for name in before
    } == before  # a programme never changes the plan
    record = json.loads((out / "programme/programme.json").read_text(encoding="utf-8"))
    assert record["parts"][0]["goals"][0].keys() >= {"value", "bound", "gap"}
    tables = [
        "custody",
        "deployment",
        "alliances",
        "signatures",
        "links",
        "far",
        "support",
        "running",
        "missed",
        "gaps",
    ]
    tables += ["scorecard", "heads"]
    assert set(record["files"]) == {f"{name}.csv" for name in tables}
    assert "institutions" in made.output  # days upstream are off, and it says for want of what
    page = (out / "programme/programme.html").read_text(encoding="utf-8")
    assert page.count('<article class="own-page">') == 4 and "http" not in page.partition("<body")[2]
    assert "Modelled, not measured" in page and "以下数据为推算" in page
    judged = run("verify", "--plan", out, "--programme")
    assert judged.exit_code == 0, judged.output
    path = out / "programme/deployment.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8-sig")
    broken = run("verify", "--plan", out, "--programme")
    assert broken.exit_code == 1
    assert "SH-11" in broken.output
    save_programme(whole, out)
    assert verify_programme(out).kept
    assert list(out.parent.glob("OUT.edited/**/deployment.csv"))  # the edit by hand is kept aside


@pytest.mark.parametrize(
    ("old", "new"),
    [('"bound"', '"bund"'), ('"en"', '"enn"'), ('"reached"', '"rea"'), ('"rules": {', '"rules": 3, "x": {')],
)
def test_a_programme_with_parts_missing_is_refused_by_name(out, whole, tmp_path, old, new):
    save_programme(whole, out)
    copy = Path(shutil.copytree(out, tmp_path / "copy"))
    file = copy / "programme/programme.json"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(gp.DataError, match=r"programme\.json is damaged"):
        gp.open_programme(copy)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_scores_that_cannot_be_written_are_one_sentence(out, whole):
    save_programme(whole, out)
    told = run("score", out, "--csv", "/dev/full")
    assert told.exit_code == 1 and "/dev/full cannot be written: the disk is full" in told.output


def test_on_paper_each_hospital_has_a_page_of_its_own(out, whole, browser, pdftoppm, tmp_path):
    """What its office takes along: who comes, which days, until when."""
    save_shown(whole, out)
    browser.open(out / "programme/programme.html")
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    (tmp_path / "programme.pdf").write_bytes(base64.b64decode(printed))
    reads = [str(Path(pdftoppm).with_name("pdftotext")), tmp_path / "programme.pdf", "-"]
    text = subprocess.run(reads, capture_output=True, check=True).stdout.decode()
    heads = [page.strip().partition("\n")[0] for page in text.split("\f")]
    for managed in whole.tables["custody"]["managed_id"]:
        assert sum(head.endswith(f"({managed})") for head in heads) == 1, heads


def test_signatures_stand_below_each_other_on_the_map(whole, browser, tmp_path):
    """Two of a grid are two lines, and no grid's are drawn over another's."""
    (tmp_path / "map.html").write_text(gp.draw(whole).html, encoding="utf-8")
    browser.open(tmp_path / "map.html")
    boxes = browser.driver.execute_script("""
        [...document.querySelectorAll("label")].find((one) => one.textContent.includes("特色专科")).click();
        const seen = [...document.querySelectorAll(".tag:not(.crowded) .signature .line")];
        return seen.map((line) => { const b = line.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom]; });
    """)
    assert len(boxes) >= 2
    for n, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:n]:
            beside = right <= other[0] + 1 or left >= other[1] - 1
            assert beside or bottom <= other[2] + 1 or top >= other[3] - 1, boxes
    assert browser.errors() == [] and browser.outside() == []


def test_a_programme_takes_the_place_of_the_one_that_is_there(out, whole):
    """No table of an earlier run stays; what was edited by hand is kept aside; what a part was made without, it says."""
    save_programme(whole, out)
    (out / "programme/far.csv").write_text("by hand", encoding="utf-8")
    part = gp.programme(plan(), only=["support"])
    save_programme(part, out)
    files = {"programme.json", *(f"{name}.csv" for name in part.tables)}
    assert {file.name for file in (out / "programme").iterdir()} == files
    listed = json.loads((out / "plan.json").read_text(encoding="utf-8"))["files"]
    assert {name for name in listed if name.startswith("programme/")} == {
        f"programme/{name}" for name in files
    }
    assert (out.parent / "OUT.edited/programme/far.csv").read_text(encoding="utf-8") == "by hand"
    said = "made without Custody and posts, "
    assert said in part.summary() and said in gp.open_programme(out).summary()
    assert (
        "made without" not in whole.summary()
        and "made without" not in gp.programme(plan(), only=["links"]).summary()
    )


def test_what_rests_on_modelled_tables_says_so_everywhere(out, whole, tmp_path):
    """In each table and sheet, in the page, in explanations, beside the points of a frontier; and how it came about."""
    from openpyxl import load_workbook

    way = "levels seeded; key specialties are reported / 科室能力为推算；重点专科为公开报道"
    town = replace(plan().region, modelled_tables={"departments": way})
    made = replace(whole, plan=replace(plan(), region=town), parts=tuple(
        replace(part, modelled=("departments", *part.modelled)) for part in whole.parts
    ))  # fmt: skip
    save_programme(made, out)
    said = {"en": "departments (levels seeded; key specialties are reported)", "zh": "departments（科室能力为推算；重点专科为公开报道）"}  # fmt: skip
    page = programme_report(made)
    assert all(line in page for line in said.values())
    book = load_workbook(write_programme_book(made, tmp_path / "programme.xlsx"))
    for name, sheet in zip(made.tables, book.worksheets[1:], strict=True):
        table = pd.read_csv(out / f"programme/{name}.csv")
        assert table["modelled"].str.startswith("departments").all() and table.columns[-1] == "modelled", name
        assert [cell.value for cell in sheet[1]][-1] == "modelled", name
    for asked in ({"post": ("D1", "0303")}, {"alliance": ("T1", "0304")}):
        for lang, line in said.items():
            answer = gp.explain(made, **asked, lang=lang)
            assert line in str(answer) and line in answer._repr_html_()
    assert gp.measures.posts_frontier(made, points=1)["modelled"].str.startswith("departments").all()


def test_need_is_weighted_and_never_called_persons(whole):
    """A grid has fewer residents than the need of its heaviest discipline comes to."""
    grids = plan().assignment.query("layer == 'grid'").groupby("hospital_id")["people"].sum()
    posts = whole.tables["deployment"]
    over = posts[posts["people"] > posts["managed_id"].map(grids)]
    assert len(over)
    told = str(gp.explain(whole, post=(over["managed_id"].iloc[0], over["discipline"].iloc[0])))
    assert f"need (weighted) of its residents: {over['people'].iloc[0]:,}" in told
    page = programme_report(whole)
    assert "需求（加权）" in page and "people below standard" not in page
    units = {
        goal.goal: goal.unit
        for part in whole.parts
        for goal in part.goals
        if part.name in ("alliances", "links")
    }
    assert "people" not in units.values() and "need" in units.values()


@pytest.mark.parametrize(
    ("cell", "words"), [("two", "days_per_week is not a number"), (None, "lacks columns")]
)
def test_a_table_that_cannot_be_read_says_where(out, whole, cell, words):
    save_programme(whole, out)
    path = out / "programme/deployment.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    if cell is None:
        head = head.replace("minutes", "minuten")
    else:
        rows[0] = rows[0].replace(",2.0,", f",{cell},")
    path.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    with pytest.raises(gp.DataError, match=words):
        verify_programme(out)


def test_a_folder_without_a_programme_says_how_to_make_one(tmp_path):
    with pytest.raises(gp.DataError, match="has no programme"):
        verify_programme(tmp_path)


def test_a_part_without_a_plan_in_time_is_off_and_says_so(monkeypatch):
    def late(*args, **kwargs):
        raise gp.errors.NoPlanInTimeError(
            Text("nothing was found", "没有找到"), Text("give more", "请延长"), None
        )

    monkeypatch.setattr(make, "PARTS", {**make.PARTS, "alliances": late})
    made = gp.programme(plan(), only=["alliances", "support"])
    assert [part.name for part in made.parts] == ["support"]
    assert "nothing was found" in made.summary()
    with pytest.raises(gp.errors.NoPlanInTimeError):
        gp.programme(plan(), only=["alliances"])


def test_the_clock_is_that_of_all_parts(monkeypatch):
    given = {}

    def noted(name):
        def part(*args, seconds, **kwargs):
            given[name] = seconds
            return make_as_ever[name](*args, seconds=seconds, **kwargs)

        return part

    make_as_ever = dict(make.PARTS)
    monkeypatch.setattr(make, "PARTS", {name: noted(name) for name in make_as_ever})
    gp.programme(plan(), only=["posts", "support"], seconds=600)
    assert given["posts"] == pytest.approx(525, abs=1)  # 14 of 16 parts
    assert 400 < given["support"] < 600  # what posts did not need is left to the part after it


def test_a_programme_opens_again_as_it_was(out, whole):
    made = whole
    save_programme(made, out)
    again = gp.open_programme(out)
    assert again.verify().kept and [part.name for part in again.parts] == [part.name for part in made.parts]
    for name, table in made.tables.items():
        assert again.tables[name].equals(table.astype(again.tables[name].dtypes.to_dict())), name
    assert [g.value for p in again.parts for g in p.goals] == [g.value for p in made.parts for g in p.goals]


def test_explain_says_why_a_discipline_comes_and_why_not(out, whole):
    save_programme(whole, out)
    sent = gp.open_programme(out).tables["deployment"].iloc[0]
    held = run("explain", out, "--post", sent["managed_id"], sent["discipline"])
    assert held.exit_code == 0, held.output
    assert (
        "manages it" in held.output
        and "A post is held in" in held.output
        and "Without it, need met is" in held.output
    )
    strong = run("explain", out, "--post", "D1", "儿科")
    assert "it is strong already" in strong.output
    chinese = gp.explain(gp.open_programme(out), post=(sent["managed_id"], sent["discipline"]), lang="zh")
    assert "托管" in str(chinese) and "若不派驻该科" in str(chinese)
    alliance = run("explain", out, "--alliance", "T1", "0304")
    assert alliance.exit_code == 0 and "No alliance." in alliance.output


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--post", "D1", "x9"], "not in the national catalogue"), (["--post", "H7", "0304"], "receives nobody"),
     (["--alliance", "T9", "0304"], "has no district"), (["--post", "D1", "0304", "--tight"], "one thing at a time")],
)  # fmt: skip
def test_explain_refuses_what_there_is_not(out, whole, words, said):
    save_programme(whole, out)
    asked = run("explain", out, *words)
    assert asked.exit_code != 0 and said in asked.output


def test_a_post_of_a_plan_is_refused():
    with pytest.raises(gp.errors.GridplanError, match="asked of a programme"):
        gp.explain(plan(), post=("D1", "0304"))


def test_more_posts_meet_more_need_and_less_each(whole):
    made = whole
    table = gp.measures.posts_frontier(made, points=4)
    assert table["proven"].all() and table["need_met"].is_monotonic_increasing
    assert table["next_post"].dropna().is_monotonic_decreasing
    assert table["posts"].iloc[-1] == len(made.tables["deployment"])


def test_the_map_and_the_book_of_a_programme(tmp_path, whole):
    from openpyxl import load_workbook

    from gridplan.show.map.draw_map import draw

    made = whole
    drawn = draw(made)
    assert drawn.html == draw(made).html and "Who manages whom, posts by width" in drawn.html
    assert "programme.js" not in drawn.html or "http" not in drawn.html.partition("<body")[2]
    book = load_workbook(write_programme_book(made, tmp_path / "programme.xlsx"))
    assert book.sheetnames[:3] == ["目标 Goals", "托管 Custody", "派驻专家 Experts sent"]
    custody = book["托管 Custody"]
    assert custody.max_row == 1 + len(made.tables["custody"])
    names = [cell.value for cell in custody[1]]
    assert names[:2] == ["managed_id", "区级医院 district hospital"]


def test_scenarios_of_the_programme_run_through_the_runner(tmp_path):
    file = tmp_path / "s.toml"
    file.write_text(
        '[scenario.today]\n[scenario.few]\nstaff = 0.3\n[scenario.out]\nclose_hospital = ["H3"]\n',
        encoding="utf-8",
    )
    asked = gp.read_scenarios(file)
    runs = gp.scenarios(plan().region, asked, policy=plan().policy, workers=1, programme=True)
    goals = runs.programmes().set_index(["name", "part", "goal"])["value"]
    assert goals["few", "posts", "missing"] > goals["today", "posts", "missing"]
    assert goals["few", "posts", "need"] < goals["today", "posts", "need"]
    assert (
        goals["out", "posts", "need"] <= goals["today", "posts", "need"]
    )  # the others have seats enough for what it sent
    assert set(goals.index.get_level_values("name")) == {"today", "few", "out"}
    assert set(runs.programmes().query("part == 'posts'")["modelled"]) == {"needs"}


def test_fewer_staff_for_a_hospital_that_is_not_there_is_refused():
    with pytest.raises(gp.errors.ScenarioError):
        gp.edits.apply(plan().region, plan().policy, gp.Scenario("x", (gp.edits.Staff({"H99": 0.5}),)))
