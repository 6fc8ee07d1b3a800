"""The policy as a form: fields out of the rules' own classes, and a form back into the tables of a profile."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal

from gridplan.desk.answer import Asked
from gridplan.geography.travel import TravelSettings
from gridplan.policies.rules import RULES
from gridplan.policies.values import NUMBERS, WORD, WORDS, Range

Kind = Literal["number", "flag", "word", "words", "numbers", "pairs", "scores", "overrides", "text"]
HEAD = ("name", "title_en", "title_zh", "source")
TRAVEL = "travel"
MOST_ROWS = 1000
WHOLE = re.compile(r"[+-]?\d{1,15}")
DECIMAL = re.compile(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True)
class Field:
    """A field of a rule: its name, what it holds, its value where nobody wrote one, and whether it may be left blank."""

    name: str
    kind: Kind
    default: Any
    blank: bool


def fields_of(kind: type) -> list[Field]:
    """The fields of a rule, or of the travel settings, in their order."""
    found = []
    for one in fields(kind):
        default = one.default if one.default is not MISSING else None
        if one.default_factory is not MISSING:
            default = one.default_factory()
        range_: Range | None = {**NUMBERS, **getattr(kind, "ranges", {})}.get(one.name)
        what = _kind(one.name, str(one.type), range_)
        found.append(Field(one.name, what, default, range_ is not None and range_.none))
    return found


def _kind(name: str, type_: str, range_: Range | None) -> Kind:
    if type_.startswith("Mapping"):
        return "overrides" if "Override" in type_ else "scores" if name == "scores" else "pairs"
    if type_.startswith("tuple[float"):
        return "numbers"
    if type_ == "bool":
        return "flag"
    if name in WORD:
        return "word"
    if name in WORDS:
        return "words"
    return "text" if range_ is None else "number"


def policy_tables(asked: Asked, now: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a profile from the form; what the form does not show (the programme's rules) stays as it is now."""
    shown = {*HEAD, "goals", "tolerance", TRAVEL, *(kind.key for kind in RULES)}
    data: dict[str, Any] = {key: value for key, value in now.items() if key not in shown}
    data |= {key: asked.one(key).strip() for key in HEAD}
    data["goals"] = [goal for goal in asked.form.get("goals", []) if goal]
    data["tolerance"] = number(asked.one("tolerance")) if asked.one("tolerance").strip() else 0.0
    data[TRAVEL] = table(asked, TRAVEL, TravelSettings)
    for kind in RULES:
        if kind.many:
            rows = [
                table(asked, f"{kind.key}.{n}", kind)
                for n in range(MOST_ROWS)
                if _row(asked, f"{kind.key}.{n}")
            ]
            if rows:
                data[kind.key] = rows
        elif asked.one(f"on.{kind.key}"):
            made = table(asked, kind.key, kind)
            data[kind.key] = made.get(kind.whole, {}) if kind.whole else made
    return {key: _as_before(value, now.get(key)) for key, value in data.items()}


def _as_before(value: Any, before: Any) -> Any:
    """What was not changed, as it was written: 60.0 stays 60.0 though its field says 60."""
    if isinstance(value, dict) and isinstance(before, Mapping):
        return {key: _as_before(inner, before.get(key)) for key, inner in value.items()}
    return before if value == before and not isinstance(value, bool) else value


def _row(asked: Asked, where: str) -> bool:
    return any(asked.one(f"{where}.{end}").strip() for end in ("district_id", "hospital_id", "reason"))


def table(asked: Asked, where: str, kind: type) -> dict[str, Any]:
    """The table of a rule; numbers that are none stay as they were typed, for the policy to refuse in its own words."""
    made = {}
    for field in fields_of(kind):
        name = f"{where}.{field.name}"
        text = asked.one(name).strip()
        if field.kind == "number":
            if text or not field.blank:
                made[field.name] = number(text)
        elif field.kind == "flag":
            made[field.name] = bool(text)
        elif field.kind == "words":
            made[field.name] = list(asked.form.get(name, []))
        elif field.kind == "numbers":
            made[field.name] = [number(part) for part in re.split(r"[;；、\s]+|[,，]\s*", text) if part]
        elif field.kind in ("pairs", "scores"):
            made[field.name] = {key: number(value) for key, value in _pairs(asked, name)}
        elif field.kind == "overrides":
            made[field.name] = {
                who: {"most": number(most), "reason": asked.one(f"{name}.{n}.reason").strip()}
                for n, (who, most) in enumerate(_pairs(asked, name, gaps=True))
                if who
            }
        else:
            made[field.name] = text
    return made


def _pairs(asked: Asked, name: str, gaps: bool = False) -> list[tuple[str, str]]:
    found = []
    for n in range(MOST_ROWS):
        if f"{name}.{n}.key" not in asked.form:
            break
        parts = [asked.one(f"{name}.{n}.{end}").strip() for end in ("key", "with")]
        key, value = " ".join(part for part in parts if part), asked.one(f"{name}.{n}.value").strip()
        if key and not value and not gaps:
            key = ""  # a row whose number was taken away is gone
        if key or gaps:
            found.append((key, value))
    return found


def number(text: str) -> Any:
    """A number as people type it (full-width figures, commas between thousands); any other text as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain) if DECIMAL.fullmatch(plain) else text


def typed(value: Any) -> str:
    """A value as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(typed(part) for part in value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
