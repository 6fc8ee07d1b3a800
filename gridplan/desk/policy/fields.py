"""The fields of a policy's form as HTML: numbers, ticks, words, rows of exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridplan.desk.html import Html, plain, tag
from gridplan.desk.policy.form import Field, typed
from gridplan.desk.policy.names import name_of, option_of
from gridplan.policies.values import WORD, WORDS
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import KINDS

Choices = tuple[tuple[str, str], ...]
REASON = Text("reason", "理由")


@dataclass(frozen=True)
class Places:
    """Districts and hospitals of the region, id and name each, and its groups of residents."""

    districts: Choices = ()
    hospitals: Choices = ()
    groups: Choices = ()


def option(value: str, text: str, chosen: bool) -> Html:
    """An option of a list."""
    return tag("option", plain(text), value=value, selected=chosen)


def text_field(name: str, value: Any, bad: set[str], short: bool = False, label: str | None = None) -> Html:
    """A line to type in; marked where its value cannot stand."""
    return tag(
        "input", type="text", id=f"f-{name}", name=name, value=typed(value), aria_label=label,
        aria_invalid="true" if name in bad else None, class_="short" if short else None, autocomplete="off",
    )  # fmt: skip


def field_block(
    field: Field, where: str, values: Any, bad: set[str], places: Places, lang: Language, off: bool = False
) -> Html:  # fmt: skip
    """A field with its label; of a rule that is off, as the rule would stand by default."""
    name, label = f"{where}.{field.name}", name_of(field.name).say(lang)
    given = values if isinstance(values, Mapping) else {}
    value = given.get(field.name, field.default)
    if field.kind == "flag":
        tick = tag("input", type="checkbox", name=name, value="1", id=f"f-{name}", checked=bool(value))
        return tag("div", tag("label", tick, " ", label), class_="field")
    if field.kind == "words":
        return _ticks(field, name, label, value or (), lang)
    if field.kind in ("pairs", "scores", "overrides"):
        return _rows(field, name, label, value, bad, places, lang)
    if field.kind == "word":
        options = [
            option(word, option_of(field.name, word).say(lang), word == value) for word in WORD[field.name]
        ]
        control = tag("select", *options, id=f"f-{name}", name=name)
    elif field.name in ("district_id", "hospital_id"):
        listed = places.districts if field.name == "district_id" else places.hospitals
        control = _choice(name, str(value or ""), listed, label, bad)
    else:
        control = text_field(name, value, bad, short=field.kind == "number")
    return tag("div", tag("label", label, for_=f"f-{name}"), control, class_="field")


def _ticks(field: Field, name: str, label: str, value: Any, lang: Language) -> Html:
    ticks = [
        tag("label", tag("input", type="checkbox", name=name, value=word, checked=word in value), " ",
            option_of(field.name, word).say(lang))
        for word in WORDS[field.name]
    ]  # fmt: skip
    return tag("fieldset", tag("legend", label), *ticks, class_="ticks", id=f"f-{name}")


def _choice(name: str, value: str, listed: Choices, label: str, bad: set[str]) -> Html:
    """One of a list; a line to type in where there is no list, or the list is not known yet."""
    if not listed:
        return text_field(name, value, bad, label=label)
    known = listed if value in ("", *(id for id, _ in listed)) else (*listed, (value, value))
    options = [option("", "–", value == ""), *(option(id, f"{id} {text}", id == value) for id, text in known)]
    return tag("select", *options, id=f"f-{name}", name=name, aria_label=label)


def _rows(
    field: Field, name: str, label: str, value: Any, bad: set[str], places: Places, lang: Language
) -> Html:  # fmt: skip
    """A table of a few rows, and an empty one to add to it."""
    rows: list[tuple[str, Any, str]] = (
        [(str(k), *_parts(v)) for k, v in value.items()] if isinstance(value, Mapping) else []
    )
    kinds = tuple((kind, text.say(lang)) for kind, text in KINDS.items())
    listed = {"speed_km_h": kinds, "kinds": kinds, "number": places.districts, "weights": places.groups}.get(
        field.name
    )
    if listed is None:
        listed = places.hospitals if name.startswith("hospital") else places.districts
    blocks = []
    for n, (key, amount, reason) in enumerate([*rows, ("", None, "")]):
        first, _, second = key.partition(" ") if field.kind == "scores" else (key, "", "")
        cells = [
            _choice(f"{name}.{n}.key", first, listed, f"{label} {n + 1}", bad),
            _choice(
                f"{name}.{n}.with",
                second,
                places.hospitals,
                f"{label} {n + 1}: {name_of('hospital_id').say(lang)}",
                bad,
            )
            if field.kind == "scores"
            else None,
            text_field(
                f"{name}.{n}.value",
                amount,
                bad,
                short=True,
                label=f"{label} {n + 1}: {Text('number', '数').say(lang)}",
            ),
        ]
        if field.kind == "overrides":
            cells.append(
                text_field(f"{name}.{n}.reason", reason, bad, label=f"{label} {n + 1}: {REASON.say(lang)}")
            )
        blocks.append(tag("div", *cells, class_="row"))
    return tag("fieldset", tag("legend", label), *blocks, class_="rows", id=f"f-{name}")


def _parts(value: Any) -> tuple[Any, str]:
    """Number and reason of a row; a number alone has no reason."""
    if isinstance(value, Mapping):
        return value.get("most"), str(value.get("reason", ""))
    return value, ""
