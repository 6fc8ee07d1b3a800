"""Files: dropped in, recognised, looked at by the doctor, and repaired where a planner says so."""

from __future__ import annotations

from pathlib import Path

import gridplan as gp
from gridplan.desk.answer import Answer, Asked, Go, Missing, Sent, Shown
from gridplan.desk.html import Html, plain, table, tag, together
from gridplan.desk.page import boxed, form, lines, refusal
from gridplan.desk.state import ASIDE, REPAIRED, State
from gridplan.desk.uploads import TAKEN
from gridplan.doctor.mending.accept import MEANINGS
from gridplan.files.whole import write_whole
from gridplan.inputs.read_settings import FILE, Settings, read_settings
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.notes import Notes
from gridplan.intake.begin import acceptable
from gridplan.intake.look import LARGEST
from gridplan.words.errors import DataError
from gridplan.words.findings import HEADINGS, SEVERITY_WORDS, visible
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import PLACES, both_words

REPAIRS = "repairs.csv"
MOST_TOLD = 300  # findings in the page
MOST_TOML = 200_000


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """The files, what they are taken for, and what is wrong with them."""
    lang = asked.lang
    if asked.rest == (REPAIRS,) and (state.region_folder / REPAIRS).is_file():
        return Sent(state.region_folder / REPAIRS, REPAIRS)
    if asked.rest:
        return Missing()
    parts = [refusal(trouble, lang) if trouble else None, _drop(lang), _files(state, lang)]
    if state.begun:
        try:
            findings = state.findings()
        except gp.GridplanError as error:
            return Shown(_title(lang), together([*parts, refusal(error, lang), _toml(state, lang)]))
        parts += [_taken(state, lang), _more(state, lang), _doctor(state, findings, lang)]
        parts += [_cures(state, findings, lang), _toml(state, lang)]
    return Shown(_title(lang), together(parts))


def act(state: State, asked: Asked) -> Answer:
    """Look at the files, take one away, write region.toml, repair, or go back to the files as they are."""
    match asked.rest:
        case ("look",):
            if not (state.folder / FILE).is_file():
                state.beginning = gp.start(state.folder, lang=asked.lang)
        case ("anew",):
            state.set_aside(REPAIRED)
            state.set_aside(FILE)
            state.beginning = gp.start(state.folder, lang=asked.lang)
        case ("away",):
            if asked.one("name") in [file.name for file in state.files]:
                state.set_aside(asked.one("name"))
                state.set_aside(REPAIRED)
        case ("toml",):
            _write_toml(state, asked.one("text"))
        case ("repair",):
            if state.region_folder == state.folder:
                codes = [code for code in asked.form.get("accept", []) if code in MEANINGS]
                gp.repair_folder(state.folder, state.folder / REPAIRED, accept=codes)
        case ("unrepair",):
            state.set_aside(REPAIRED)
        case _:
            return Missing()
    return Go("files")


def _title(lang: Language) -> str:
    return Text("Files of the city", "城市数据").say(lang)


def _drop(lang: Language) -> Html:
    """The place to drop files; the page's script sends them one by one and then asks to look."""
    what = Text(
        "Drop files here or choose them: districts, streets or towns with residents, hospitals; "
        "existing partnerships and travel times where you have them.",
        "把文件拖到这里或点击选择：各区、街道乡镇及人口、医院；如有，还可加现有合作关系、出行时间。",
    )
    kinds = Text(
        "Excel, CSV, GeoJSON, GeoPackage, Shapefile (all its parts), as they are, whatever they are called.",
        "Excel、CSV、GeoJSON、GeoPackage、Shapefile（全部组成文件），保持原样，文件名不限。",
    )
    choose = tag("label", Text("Choose files", "选择文件").say(lang), for_="choose")
    field = tag("input", id="choose", type="file", multiple=True, accept=",".join(TAKEN))
    said = {
        "data_sending": Text("sending", "正在上传").say(lang),
        "data_large": Text("is too large", "文件过大").say(lang),
        "data_on": Text("Go on with the others", "继续处理其余文件").say(lang),
        "data_lost": Text("did not arrive", "上传失败").say(lang),
    }
    told = tag("div", tag("ul", id="told"), role="status")
    inside = (
        tag("p", what.say(lang)),
        tag("p", kinds.say(lang), class_="soft"),
        tag("p", choose, " ", field),
        told,
    )
    return tag("div", *inside, id="drop", class_="box drop", data_most=LARGEST, **said)


def _files(state: State, lang: Language) -> Html | None:
    if not state.files:
        return None
    away = Text("Take away", "移出").say(lang)
    rows = []
    for file in state.files:
        name = tag("input", type="hidden", name="name", value=file.name)
        press = tag("button", away, type="submit", class_="second", aria_label=f"{away} {file.name}")
        rows.append(
            (file.name, kilobytes(file), tag("form", name, press, method="post", action="files?do=away"))
        )  # fmt: skip
    headings = [Text("File", "文件"), Text("Size", "大小"), Text("", "")]
    shown = table(
        [h.say(lang) for h in headings[:2]] + [away], rows, Text("Files here", "已有文件").say(lang)
    )
    if state.begun:
        return shown
    button = Text("Look at the files", "识别文件")
    return together([shown, form("files?do=look", button=button, lang=lang)])


def kilobytes(file: Path) -> str:
    """The size of a file; a small one has a kilobyte, too."""
    return f"{-(-file.stat().st_size // 1024):,} kB"


def _taken(state: State, lang: Language) -> Html | None:
    """Which file is which table, as region.toml says."""
    settings = read_settings(state.region_folder, Notes())
    if settings is None:
        return None
    rows = [
        (both_words(PLACES, name).say(lang), name, _where(state, settings, name))
        for name in TABLES
        if _where(state, settings, name)
    ]
    headings = [Text("Table", "表").say(lang), "region.toml", Text("File", "文件").say(lang)]
    return table(headings, rows, Text("Which file is which table", "文件与表的对应").say(lang))


def _where(state: State, settings: Settings, name: str) -> str:
    said = settings.table(name)
    files = said.files or tuple(
        p.name for p in sorted(state.region_folder.glob(f"{name}.*")) if p.suffix in TAKEN
    )
    return " · ".join([*files, *(part for part in (said.sheet, said.layer) if part)]) if files else ""


def _more(state: State, lang: Language) -> Html | None:
    """What the look that was just taken says besides."""
    begun = state.beginning
    if begun is None or state.region_folder != state.folder:
        return None
    parts: list[object] = []
    if begun.confirm:
        parts += [
            tag("h2", Text("Please look at", "请核对").say(lang)),
            lines([c.say(lang) for c in begun.confirm]),
        ]
    if begun.missing:
        parts.append(tag("h2", Text("Missing, and where cities get it", "缺少的内容及获取途径").say(lang)))
        parts.append(lines([f"{what}: {where.say(lang)}" for what, where in begun.missing]))
    return boxed(*parts) if parts else None


def _doctor(state: State, findings: gp.results.Findings, lang: Language) -> Html:
    errors, warnings = len(findings.errors), len(findings.warnings)
    head = tag("h2", Text("What the doctor finds", "数据检查结果").say(lang))
    if not errors:
        fine = Text(
            f"No errors, {warnings} warning(s). The region can be planned.",
            f"没有错误，提醒 {warnings} 处。可以求解。",
        )
        go = tag("a", Text("On to the policy", "下一步：政策").say(lang), href="policy", class_="go")
        said = boxed(tag("p", fine.say(lang)), tag("p", go), kind="good")
    else:
        said = boxed(
            tag("p", Text(f"{errors} error(s), {warnings} warning(s).", f"错误 {errors} 处，提醒 {warnings} 处。").say(lang)),
            kind="bad",
        )  # fmt: skip
    rows = [
        (
            SEVERITY_WORDS[f.severity].say(lang), both_words(PLACES, f.table).say(lang), "" if f.row is None else f.row,
            f.id, visible(f.what.say(lang)), visible(f.hint.say(lang)),
        )
        for f in list(findings)[:MOST_TOLD]
    ]  # fmt: skip
    names = ("severity", "table", "row", "id", "what", "hint")
    told = (
        table([HEADINGS[n].say(lang) for n in names], rows, Text("Findings", "检查发现").say(lang))
        if rows
        else None
    )
    more = len(findings) - MOST_TOLD
    rest = tag("p", Text(f"… and {more:,} more", f"……另有 {more:,} 项").say(lang)) if more > 0 else None
    return together([head, said, told, rest])


def _cures(state: State, findings: gp.results.Findings, lang: Language) -> Html | None:
    if state.region_folder != state.folder:
        said = Text(
            f"A repaired copy is in {REPAIRED}/, and it is planned; your files are untouched.",
            f"修复后的副本在 {REPAIRED}/ 中，求解将使用该副本；原始文件未作改动。",
        )
        listed = tag(
            "a",
            Text("List of repairs (CSV)", "修复清单（CSV）").say(lang),
            href=f"files/{REPAIRS}",
            download=REPAIRS,
        )
        back = form(
            "files?do=unrepair",
            button=Text("Back to the files as they are", "改回原始文件"),
            lang=lang,
            second=True,
        )
        return boxed(tag("p", said.say(lang)), tag("p", listed), back)
    if not findings.errors:
        return None
    ticks = [
        tag("li", tag("label", tag("input", type="checkbox", name="accept", value=code), " ", MEANINGS[code].say(lang),
                      " ", tag("code", code)))
        for code in dict.fromkeys(acceptable(findings))
    ]  # fmt: skip
    said = Text(
        "What has one safe answer (swapped coordinates, rows that stand twice, invalid borders) is put right in a copy. "
        "Tick what may be done besides; all else is to be mended in the file, which is then dropped in again.",
        "只有一种稳妥改法的（经纬度颠倒、重复行、无效边界等）将在副本中改正。下列处理须勾选后才进行；其余请改好文件后重新拖入。",
    )
    head = tag("h2", Text("Cures", "可选处理").say(lang))
    inside = (tag("p", said.say(lang)), tag("ul", *ticks, class_="ticks") if ticks else None)
    return together(
        [head, form("files?do=repair", *inside, button=Text("Repair into a copy", "修复为副本"), lang=lang)]
    )


def _toml(state: State, lang: Language) -> Html | None:
    file = state.folder / FILE
    if state.region_folder != state.folder or not file.is_file() or file.stat().st_size > MOST_TOML:
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    name = tag(
        "label",
        Text("region.toml: each line is a choice", "region.toml：每一行都是一项选择").say(lang),
        for_="toml",
    )
    area = tag("textarea", "\n", plain(text), id="toml", name="text", rows=18, spellcheck="false", wrap="off")
    save = form("files?do=toml", tag("p", name), area, button=Text("Save", "保存"), lang=lang)
    warn = Text(
        f"Recognise anew: the present region.toml is kept in {ASIDE}/.",
        f"重新识别：现有 region.toml 移至 {ASIDE}/ 保存。",
    )
    anew = form(
        "files?do=anew",
        tag("p", warn.say(lang)),
        button=Text("Recognise anew", "重新识别"),
        lang=lang,
        second=True,
    )
    title = Text("Change what the files are taken for", "修改文件识别结果")
    return tag("details", tag("summary", title.say(lang)), save, anew)


def _write_toml(state: State, text: str) -> None:
    if not (state.folder / FILE).is_file() or len(text) > MOST_TOML:
        raise DataError(Text("there is no region.toml to be changed", "没有可修改的 region.toml"))
    plain = text.replace("\r\n", "\n").lstrip("\n")
    write_whole(state.folder / FILE, lambda path: path.write_text(plain, encoding="utf-8", newline="\n"))
    state.set_aside(REPAIRED)
