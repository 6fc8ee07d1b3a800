"""The choices as the lines of a region.toml, each with why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplan.inputs.schema import TABLES
from gridplan.intake.look import Fit
from gridplan.words.text import Language, Text


@dataclass
class Choices:
    """What region.toml will say, with why; `tables` are further lines by table, `names` what names stand for."""

    name: str
    title: str
    datum: str
    why_datum: Text
    chosen: Mapping[str, list[Fit]]
    others: Mapping[str, list[str]]
    tables: dict[str, list[tuple[str, str, Text]]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)


def region_toml(choices: Choices, lang: Language) -> str:
    """The file, with remarks in one language."""

    def line(key: str, value: str, why: Text | None = None) -> str:
        return f"{key} = {value}" + (f"  # {why.say(lang)}" if why else "")

    head = Text(
        "Written by gridplan start: every line is a choice that can be changed. Then: gridplan check DIR",
        "由 gridplan start 写出：每一行都是可以修改的选择。修改后运行：gridplan check 文件夹",
    )
    lines = [f"# {head.say(lang)}", line("name", quoted(choices.name))]
    if choices.title:
        lines.append(line("title", quoted(choices.title)))
    lines.append(line("datum", quoted(choices.datum), choices.why_datum))
    for table in [name for name in TABLES if name in choices.chosen]:
        lines += ["", f"[tables.{table}]", *_table(choices, table, lang)]
    for table, names in choices.names.items():
        guess = Text(
            "read by their letters: look at each, change or delete it",
            "按字面推断：请逐条核对，不对请修改或删除",
        )
        lines += ["", f"[names.{table}]  # {guess.say(lang)}"]
        lines += [line(quoted(short), quoted(full)) for short, full in names.items()]
    return "\n".join(lines) + "\n"


def _table(choices: Choices, table: str, lang: Language) -> list[str]:
    fits = choices.chosen[table]
    files = [quoted(fit.source.file) for fit in fits]
    lines = ["file = " + (files[0] if len(files) == 1 else f"[{', '.join(files)}]")]
    first = fits[0].source
    if first.sheet and not first.read.further:
        lines.append(f"sheet = {quoted(first.sheet)}")
    if first.layer:
        lines.append(f"layer = {quoted(first.layer)}")
    if others := choices.others.get(table):
        instead = Text("might be it, too", "也可能是这张表")
        lines += [f"# {instead.say(lang)}: {place}" for place in others]
    lines += [f"{key} = {value}  # {why.say(lang)}" for key, value, why in choices.tables.get(table, [])]
    columns: dict[str, str] = {}
    for one in reversed(fits):
        columns |= {
            name: header for name, header in one.columns.items() if len(fits) == 1 or name not in columns
        }
    if len(fits) == 1:
        lines += ["", f"[tables.{table}.columns]"]
        own = set(first.read.headers)
        lines += [f"{name} = {quoted(header)}" for name, header in columns.items() if header in own]
    return [*lines, *_lacking(fits, lang)]


def _lacking(fits: list[Fit], lang: Language) -> list[str]:
    """A line to be filled in for each required column that no file has, with the headers that are not used."""
    lacking = [c for c in fits[0].lacking if all(c in fit.lacking for fit in fits)]
    used = {header for fit in fits for header in fit.columns.values()}
    free = dict.fromkeys(h for fit in fits for h in fit.source.read.headers if h not in used)
    why = Text("missing; write its header, without the # before", "缺少该列：请填写表头并去掉行首的 #")
    left = Text("headers that are not used", "尚未采用的表头")
    also = f"{left.say(lang)}: {', '.join(quoted(header) for header in free)}" if free else ""
    text = "; ".join(part for part in (why.say(lang), also) if part)
    settings = [f'{column} = "…"' for column in lacking]
    if len(fits) > 1:
        settings = [f"columns = {{ {setting} }}" for setting in settings]
    return [f"# {setting}  # {text}" for setting in settings]


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
