"""Results: the plan in a few lines, its pages to open, its files to download, all of it as one zip."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import gridplan as gp
from gridplan.desk.answer import Answer, Asked, Go, Missing, Sent, Shown
from gridplan.desk.files_step import kilobytes
from gridplan.desk.html import Html, table, tag, together
from gridplan.desk.page import boxed, form, refusal
from gridplan.desk.state import PLAN, State
from gridplan.plans.folder.own_files import RECORD, is_own, own_files
from gridplan.plans.folder.plan_folder import add_files
from gridplan.words.text import Language, Text

PAGES: Mapping[str, Text] = {
    "map.html": Text("Map", "地图"),
    "report.html": Text("Report, to be printed on A4", "报告（可按 A4 打印）"),
    "table.html": Text("Page for the meeting: change the plan, solve again", "会商页：调整方案，重新求解"),
    "programme/programme.html": Text("Programme, to be printed", "实施方案（可打印）"),
    "programme/map.html": Text("Map of the programme", "实施方案地图"),
}
FILES: Mapping[str, Text] = {
    "plan.xlsx": Text("Workbook with all tables", "工作簿（全部表格）"),
    "changes.docx": Text("Report form (Word)", "报告表（Word）"),
    "assignment.csv": Text("Who goes where", "单元分配表"),
    "pairs.csv": Text("Pairs of district and hospital", "结对表"),
    "changes.csv": Text("Changes against today", "与现状相比的变动"),
    "grids.csv": Text("Grids and their leads", "网格及牵头医院"),
    "findings.csv": Text("Warnings about the data", "数据提醒"),
    "certificate.json": Text("Certificate of the proof", "最优性证书"),
    "check_certificate.py": Text("The program that checks it", "证书复核程序"),
    "borders.csv": Text("Which units touch, for that program", "单元相邻关系（供复核）"),
}
TABLE, ZIP = "table.html", f"{PLAN}.zip"


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """The summary and the files; or one of them."""
    lang = asked.lang
    if asked.rest == (ZIP,):
        return _zip(state)
    if asked.rest:
        return _file(state, "/".join(asked.rest))
    parts = [refusal(trouble, lang) if trouble else None, _stale(state, lang)]
    title = Text("Results", "成果").say(lang)
    try:
        summary = state.plan().summary(lang)
    except gp.GridplanError as error:
        return Shown(title, together([*parts, refusal(error, lang)]))
    parts += [boxed(tag("p", summary, class_="lines"), kind="good"), _pages(state, lang), _files(state, lang)]
    return Shown(title, together(parts))


def act(state: State, asked: Asked) -> Answer:
    """Lay the page for the meeting, where the plan was made without it."""
    if asked.rest != ("table",):
        return Missing()
    page = gp.table(state.plan())
    add_files(state.plan_folder, lambda folder: page.save(folder / TABLE))
    return Go("results")


def _stale(state: State, lang: Language) -> Html | None:
    """Whether files or policy are others than those that the plan was made of."""
    said = []
    try:
        plan = state.plan()
        if state.policy_file.is_file() and state.policy().digest != plan.provenance["policy_sha256"]:
            said.append(Text("The policy was changed after this plan.", "作出方案后政策已修改。"))
        if state.begun and state.region().fingerprint != plan.provenance["region_sha256"]:
            said.append(Text("The files were changed after this plan.", "作出方案后数据已修改。"))
    except gp.GridplanError as error:
        return refusal(error, lang)
    again = tag("a", Text("Plan again", "重新求解").say(lang), href="plan")
    return boxed(*(tag("p", text.say(lang)) for text in said), tag("p", again), kind="bad") if said else None


def _pages(state: State, lang: Language) -> Html:
    here = [name for name in PAGES if (state.plan_folder / name).is_file()]
    new = Text("opens in a new tab", "在新标签页打开").say(lang)
    links = [
        tag("li", tag("a", PAGES[name].say(lang), " ", tag("span", f"({new})", class_="soft"),
                      href=f"results/{name}", target="_blank", rel="noopener"))
        for name in here
    ]  # fmt: skip
    make = None
    if TABLE not in here:
        make = form("results?do=table", button=Text("Make the page for the meeting", "生成会商页"), lang=lang)
    return together([tag("h2", Text("To open", "打开查看").say(lang)), tag("ul", *links, class_="big"), make])


def _files(state: State, lang: Language) -> Html:
    names = sorted({*own_files(state.plan_folder), RECORD}, key=lambda n: ([*PAGES, *FILES].index(n) if n in (*PAGES, *FILES) else 99, n))  # fmt: skip
    rows = []
    for name in names:
        told = {**PAGES, **FILES}.get(name)
        link = tag("a", name, href=f"results/{name}", download=name.rpartition("/")[2])
        rows.append((link, told.say(lang) if told else "", kilobytes(state.plan_folder / name)))
    heads = [Text("File", "文件"), Text("What it is", "内容"), Text("Size", "大小")]
    everything = tag(
        "a",
        Text("Everything as one zip", "全部下载（zip）").say(lang),
        href=f"results/{ZIP}",
        download=ZIP,
        class_="go",
    )
    title = Text("To download", "下载").say(lang)
    return together(
        [tag("h2", title), tag("p", everything), table([h.say(lang) for h in heads], rows, title)]
    )


def _file(state: State, name: str) -> Answer:
    """A file of the plan folder: only those that gridplan writes there, and none that leads elsewhere."""
    path = state.plan_folder / name
    if not is_own(name) or not path.is_file() or not _inside(path, state.plan_folder):
        return Missing()
    return Sent(path, path.name, page=name in PAGES)


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _zip(state: State) -> Answer:
    """The plan folder in one file, made beside and gone once it is sent."""
    number, name = tempfile.mkstemp(prefix="gridplan-", suffix=".zip")
    os.close(number)
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as packed:
        for own in sorted({*own_files(state.plan_folder), RECORD}):
            if _inside(state.plan_folder / own, state.plan_folder):
                packed.write(state.plan_folder / own, f"{PLAN}/{own}")
    return Sent(Path(name), ZIP, gone=True)
