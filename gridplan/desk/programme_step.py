"""The programme: what hangs on the plan, made by a run of its own, to open and to download."""

from __future__ import annotations

import gridplan as gp
from gridplan.desk.answer import Answer, Asked, Missing, Shown
from gridplan.desk.html import Html, tag, together
from gridplan.desk.page import boxed, form, refusal
from gridplan.desk.plan_step import begin, live, now, refused, stop
from gridplan.desk.results_step import PAGES
from gridplan.desk.state import PLAN, State
from gridplan.words.text import Language, Text

FOLDER = "programme"
STOP = Text("Stop, write nothing", "停止，不写出")


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """The run as it is; else what was made, and a button to make it."""
    lang, job = asked.lang, state.job_of("programme")
    if asked.rest == ("now",):
        return now(state, lang)
    if asked.rest:
        return Missing()
    title = Text("What hangs on the plan", "实施方案").say(lang)
    told = refusal(trouble, lang) if trouble else None
    if job is not None and job.running:
        return Shown(title, together([told, live(job, lang, button=STOP)]))
    why = Text("No programme was written:", "未写出实施方案：")
    ended = refused(job, why, lang) if job is not None and job.refused else None
    return Shown(title, together([told, ended, _made(state, lang), _begin(state, lang)]))


def act(state: State, asked: Asked) -> Answer:
    """Begin it, or stop it."""
    if asked.rest == ("begin",):
        return begin(state, "programme", state.plan_folder)
    return stop(state) if asked.rest == ("stop",) else Missing()


def _begin(state: State, lang: Language) -> Html:
    what = Text(
        "Who manages whom, who is sent where, who tends weak departments: all that the files and the policy allow, judged. "
        f"It goes into {PLAN}/{FOLDER}/, as gridplan programme {PLAN} writes it, and takes some 75 seconds at most.",
        f"托管、派驻、薄弱专科扶持等，凡数据和政策允许的都作出并核验。写入 {PLAN}/{FOLDER}/，与 gridplan programme {PLAN} 相同，最多约 75 秒。",
    )
    again = (state.plan_folder / FOLDER).is_dir()
    button = Text("Make it again", "重新制定") if again else Text("Make the programme", "制定实施方案")
    return form("programme?do=begin", tag("p", what.say(lang)), button=button, lang=lang, second=again)


def _made(state: State, lang: Language) -> Html | None:
    if not (state.plan_folder / FOLDER / "programme.json").is_file():
        return None
    try:
        summary = gp.open_programme(state.plan_folder).summary(lang)
    except gp.GridplanError as error:
        return refusal(error, lang)
    new = Text("opens in a new tab", "在新标签页打开").say(lang)
    links = [
        tag("li", tag("a", PAGES[name].say(lang), " ", tag("span", f"({new})", class_="soft"), href=f"results/{name}", target="_blank", rel="noopener"))
        for name in PAGES
        if name.startswith(FOLDER) and (state.plan_folder / name).is_file()
    ]  # fmt: skip
    more = tag(
        "a",
        Text("Tables and workbook are among the results", "表格和工作簿见成果页").say(lang),
        href="results",
    )
    return together([boxed(tag("p", summary, class_="lines"), kind="good"), tag("ul", *links, class_="big"), tag("p", more)])  # fmt: skip
