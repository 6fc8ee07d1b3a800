"""Scenarios: what if; named changes in a file, planned side by side, compared in a table and on a map."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import tomli_w

import gridplan as gp
from gridplan.desk.answer import Answer, Asked, Go, Missing, Sent, Shown
from gridplan.desk.html import Html, table, tag, together
from gridplan.desk.page import boxed, form, refusal
from gridplan.desk.plan_step import begin, live, now, refused, stop
from gridplan.desk.policy.fields import option, text_field
from gridplan.desk.policy.form import number
from gridplan.desk.state import POLICY, SCENARIOS, State
from gridplan.desk.worker import COMPARED, COMPARED_MAP, RUNS
from gridplan.desk.worker import SCENARIOS as FILE
from gridplan.files.whole import write_whole
from gridplan.inputs.sheets.read_toml import read_toml
from gridplan.scenario.runs.row import SHOWN, STATUSES
from gridplan.words.errors import ScenarioError
from gridplan.words.text import Language, Text

BASE = "base"
AS_IT_IS = {"en": "the policy as it is", "zh": "现行政策"}
CAPS: Mapping[str, Text] = {
    "district_cap": Text("Partners of a district, at most", "每区合作医院上限"),
    "hospital_cap": Text("Districts of a hospital, at most", "每院合作区上限"),
}
PEOPLE = Text("Residents × (1.1 is ten per cent more)", "人口 ×（1.1 为增加一成）")
SOLVED = ("optimal", "feasible")
STOP = Text("Stop, keep what is finished", "停止，保留已完成的情景")


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """The run as it is; else the scenarios, their comparison, and a form for another one."""
    lang, job = asked.lang, state.job_of("scenarios")
    if asked.rest == ("now",):
        return now(state, lang)
    if asked.rest:
        return _file(state, asked.rest)
    title = Text("What if: scenarios side by side", "情景比选").say(lang)
    told = refusal(trouble, lang) if trouble else None
    if job is not None and job.running:
        return Shown(title, together([told, live(job, lang, ("what", "seconds"), STOP)]))
    why = Text("The scenarios were not planned:", "情景未求解：")
    ended = refused(job, why, lang) if job is not None and job.refused else None
    return Shown(title, together([told, ended, _compared(state, lang), _listed(state, lang), _another(state, lang)]))  # fmt: skip


def act(state: State, asked: Asked) -> Answer:
    """Add a scenario, take one away, plan them, or stop."""
    match asked.rest:
        case ("add",):
            add(state, asked.one("name").strip(), _changes(asked))
        case ("away",):
            tables = _tables(state)
            if asked.one("name") != BASE and tables.pop(asked.one("name"), None) is not None:
                _write(state, tables)
        case ("begin",):
            if len(_tables(state)) > 1:
                _of_this_region(state)
                return begin(state, "scenarios", state.region_folder, state.policy_file, state.folder / SCENARIOS)  # fmt: skip
        case ("stop",):
            return stop(state)
        case _:
            return Missing()
    return Go("scenarios")


def add(state: State, name: str, table: Mapping[str, Any]) -> None:
    """Another scenario in the file; one of that name is another one from now on.

    Raises
    ------
    ScenarioError : it changes nothing, or what cannot be changed.
    """
    if not table:
        raise ScenarioError(Text("nothing changes", "未作任何更改"), Text("fill in at least one field", "请至少填写一项"))  # fmt: skip
    _write(state, {**_tables(state), name: dict(table)})


def _file_of(state: State) -> Path:
    return state.folder / SCENARIOS / FILE


def _tables(state: State) -> dict[str, Any]:
    """The scenarios as the file has them, that of the present policy first."""
    base = {BASE: {"description": AS_IT_IS}}
    if not _file_of(state).is_file():
        return base
    gp.read_scenarios(_file_of(state))  # a file that somebody broke by hand is told
    return {**base, **read_toml(_file_of(state))["scenario"]}


def _write(state: State, tables: Mapping[str, Any]) -> None:
    """Write the file, once each scenario is known to be possible in this region."""
    from gridplan.scenario.scenario_table import scenarios_of

    region, policy = state.region(), state.policy()
    _file_of(state).parent.mkdir(exist_ok=True)
    for scenario in scenarios_of({"scenario": dict(tables)}, FILE, _file_of(state).parent).values():
        gp.edits.apply(region, policy, scenario)
    text = tomli_w.dumps({"scenario": dict(tables)})
    write_whole(_file_of(state), lambda path: path.write_text(text, encoding="utf-8", newline="\n"))


def _changes(asked: Asked) -> dict[str, Any]:
    """What the form says; an empty field changes nothing."""
    rules = {key: _number(asked.one(key), text) for key, text in CAPS.items() if asked.one(key).strip()}
    made: dict[str, Any] = {"policy": rules} if rules else {}
    if asked.one("profile") in gp.profile_names():
        made["policy"] = {"extends": asked.one("profile"), **rules}
    if asked.one("people").strip():
        made["population"] = {"all": _number(asked.one("people"), PEOPLE)}
    for key in ("close_hospital", "open_branch"):
        if asked.one(key):
            made[key] = [asked.one(key)]
    return made


def _number(text: str, what: Text) -> int | float:
    value = number(text.strip())
    if isinstance(value, str):
        raise ScenarioError(Text(f"{what.en}: {text!r} is no number", f"{what.zh}：{text!r} 不是数字"))
    return value


def _of_this_region(state: State) -> None:
    """A run folder of other files is set aside: its plans are those of another region."""
    runs = state.folder / SCENARIOS / RUNS
    if (runs / "run.json").is_file():
        base = gp.open_runs(runs).record["bases"].get("", {})
        if base.get("sha256") != state.region().fingerprint:
            state.set_aside(f"{SCENARIOS}/{RUNS}")


def _file(state: State, rest: tuple[str, ...]) -> Answer:
    path = state.folder / SCENARIOS / rest[0]
    if len(rest) != 1 or rest[0] not in (FILE, COMPARED, COMPARED_MAP) or not path.is_file():
        return Missing()
    return Sent(path, path.name, page=rest[0] == COMPARED_MAP)


def _compared(state: State, lang: Language) -> Html | None:
    """The comparison of the last run, as `gridplan compare` writes it."""
    room = state.folder / SCENARIOS
    if not (room / COMPARED).is_file():
        return None
    found = pd.read_csv(room / COMPARED, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    rows = []
    for row in found.to_dict("records"):
        reason = str(row["reason_zh" if lang == "zh" else "reason"])
        cells = [_cell(name, str(row[name]), lang) for name in SHOWN]
        cells[2:] = [tag("span", cell, class_="number") for cell in cells[2:]]
        rows.append((cells[0], together([cells[1], tag("br"), reason]) if reason else cells[1], *cells[2:]))
    title = Text("Side by side", "并列比较").say(lang)
    new = Text("Map of all scenarios (opens in a new tab)", "各情景地图（在新标签页打开）").say(lang)
    links = [tag("a", new, href=f"scenarios/{COMPARED_MAP}", target="_blank", rel="noopener"), " "] if (room / COMPARED_MAP).is_file() else []  # fmt: skip
    links.append(tag("a", COMPARED, href=f"scenarios/{COMPARED}", download=COMPARED))
    return together([table([text.say(lang) for text in SHOWN.values()], rows, title), boxed(tag("p", *links), kind="good")])  # fmt: skip


def _called(name: str, lang: Language) -> str:
    """A scenario's name; that of the present policy is said."""
    return Text(**AS_IT_IS).say(lang) if name == BASE else name


def _cell(name: str, text: str, lang: Language) -> str:
    if name == "status":
        return STATUSES[text].say(lang) if text in STATUSES else text
    if name == "name" or not text:
        return _called(text, lang)
    return f"{float(text):,.1f}" if "minutes" in name else f"{float(text):,.0f}"


def _listed(state: State, lang: Language) -> Html:
    region, policy = state.region(), state.policy()
    rows = []
    known = gp.read_scenarios(_file_of(state)) if _file_of(state).is_file() else {}
    for name, one in known.items():
        said = tag("p", one.page(lang, region, policy), class_="lines")
        hidden = tag("input", type="hidden", name="name", value=name)
        away = form("scenarios?do=away", hidden, button=Text("Take away", "移出"), lang=lang, second=True)
        rows.append((_called(name, lang), "" if name == BASE else said, "" if name == BASE else away))
    title = Text("Scenarios", "情景").say(lang)
    none = Text(
        f"None yet. Each starts from {POLICY} and the files, and changes what you say.",
        f"尚无情景。每个情景都从 {POLICY} 和现有数据出发，只改变所填内容。",
    )
    listed = table([title, Text("What changes", "更改内容").say(lang), ""], rows, title) if rows else tag("p", none.say(lang))  # fmt: skip
    run = form("scenarios?do=begin", button=Text("Plan all and compare", "全部求解并比较"), lang=lang) if len(rows) > 1 else None  # fmt: skip
    return together([listed, run])


def _another(state: State, lang: Language) -> Html:
    region = state.region()
    none = Text("no change", "不变").say(lang)
    hospitals = [*zip(region.hospitals["hospital_id"].astype(str), region.hospitals["name"].astype(str), strict=True)]  # fmt: skip
    planned = region.branches[region.branches["status"] == "planned"] if "status" in region.branches else region.branches[:0]  # fmt: skip
    branches = [*zip(planned["branch_id"].astype(str), planned["name"].astype(str), strict=True)]
    profiles = [(name, gp.policy(name).title.say(lang)) for name in gp.profile_names()]

    def choice(key: str, what: Text, among: list[tuple[str, str]]) -> Html | None:
        options = [option("", none, True), *(option(value, text, False) for value, text in among)]
        label = tag("label", what.say(lang), for_=f"f-{key}")
        return tag("div", label, tag("select", *options, id=f"f-{key}", name=key), class_="field") if among else None  # fmt: skip

    def field(key: str, what: Text) -> Html:
        label = tag("label", what.say(lang), for_=f"f-{key}")
        return tag("div", label, text_field(key, "", set(), short=key != "name"), class_="field")

    inside = (
        field("name", Text("Name", "名称")),
        *(field(key, text) for key, text in CAPS.items()),
        choice("close_hospital", Text("A hospital closes", "停用医院"), hospitals),
        choice("open_branch", Text("A planned campus opens", "启用规划院区"), branches),
        field("people", PEOPLE),
        choice("profile", Text("Another policy altogether", "改用其他政策"), profiles),
    )
    head = Text("Another scenario", "新增情景")
    return together([tag("h2", head.say(lang)), form("scenarios?do=add", *inside, button=Text("Add it", "添加"), lang=lang)])  # fmt: skip
