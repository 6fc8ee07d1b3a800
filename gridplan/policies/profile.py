"""Profiles: a policy as a TOML file that a planner can read and change."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from gridplan.geography.travel import TravelSettings
from gridplan.policies.extends import load, origins_of
from gridplan.policies.goals import goal_faults, tolerance_faults
from gridplan.policies.policy import Policy, written_by
from gridplan.policies.programme_rules import PROGRAMME_RULES
from gridplan.policies.rule import SEE, told
from gridplan.policies.rules import RULES, Override, Rule
from gridplan.policies.values import value_faults
from gridplan.words.arguments import a_policy
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text, both

T = TypeVar("T")

HEAD = ("name", "title_en", "title_zh", "source", "goals", "tolerance", "extends", "off", "travel")
RULE_KEYS = {kind.key: kind for kind in (*RULES, *PROGRAMME_RULES)}


def policy(name: str | Path) -> Policy:
    """A policy by the name of a built-in profile, or from a TOML file.

    Parameters
    ----------
    name : str or Path
        Of a built-in profile ("shanghai-2025", "zhejiang-2020", …: `profile_names`), or the path of one.

    Returns
    -------
    Policy
        The policy; prints as a page that a planner can read.

    Raises
    ------
    PolicyError
        No such profile, or the file has faults; all of them at once, each naming file and key.

    References
    ----------
    Each profile names its policy and clauses: docs/policy.md.

    Examples
    --------
    >>> import gridplan as gp
    >>> gp.policy("shanghai-2025").name
    'shanghai-2025'
    """
    return from_dict(*load(name))


def to_dict(policy: Policy) -> dict[str, Any]:
    """The policy as plain tables, the same form as a profile; `from_dict` reads it back."""
    head: dict[str, Any] = {
        "name": policy.name,
        "title_en": policy.title.en,
        "title_zh": policy.title.zh,
        "source": policy.source,
        "goals": list(policy.goals),
        "tolerance": policy.tolerance,
        "travel": plain_rule(policy.travel),
    }
    for rule in (*policy.rules, *policy.programme):
        if rule.many:
            head.setdefault(rule.key, []).append(plain_rule(rule))
        else:
            head[rule.key] = plain_rule(rule)
    return head


def save_policy(policy: Policy, path: str | Path) -> None:
    """Write the policy as a profile that `policy(path)` reads back.

    Parameters
    ----------
    policy : Policy
        The policy.
    path : str or Path
        The TOML file to write.

    Raises
    ------
    ArgumentError
        `policy` is no Policy.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import gridplan as gp
    >>> gp.save_policy(gp.policy("shanghai-2025").with_rule(gp.rules.DistrictCap(1)), "mine.toml")
    >>> gp.policy("mine.toml").diff(gp.policy("shanghai-2025")) != ""
    True
    """
    a_policy(policy, "save_policy")
    Path(path).write_text(tomli_w.dumps(to_dict(policy)), encoding="utf-8", newline="\n")


def from_dict(data: Mapping[str, Any], file: str, origins: Mapping[str, str] | None = None) -> Policy:
    """A policy from the tables of a profile.

    Parameters
    ----------
    file : named in messages.
    origins : key → file that wrote it, where a profile extends another.
    """
    origins = origins or origins_of(data, file)
    faults = _Faults(file, origins)
    faults.unknown(data, (*HEAD, *RULE_KEYS), "")
    goals, tolerance = data.get("goals", ["travel"]), data.get("tolerance", 0.0)
    for en, zh, hint in goal_faults(goals):
        faults.add("goals", en, zh, hint)
    for en, zh, hint in tolerance_faults(tolerance):
        faults.add("tolerance", en, zh, hint)
    for key in ("name", "title_en", "title_zh", "source"):
        if not isinstance(data.get(key, ""), str):
            faults.add(key, "must be a text", "须为文字", f'{key} = "…"')
    _check_off(data, faults)
    rules = [
        rule for key, kind in RULE_KEYS.items() if key in data for rule in _rules(kind, data[key], faults)
    ]
    if "travel" not in data:
        extends = Text('begin with extends = "shanghai-2025"', '请以 extends = "shanghai-2025" 开头')
        faults.add("travel", "is missing", "缺少", extends)
    travel = _build(TravelSettings, data["travel"], "travel", faults) if "travel" in data else None
    faults.raise_if_any()
    assert travel is not None  # a fault would have been raised
    name = str(data.get("name", Path(file).stem))
    title = Text(str(data.get("title_en", name)), str(data.get("title_zh", name)))
    source = str(data.get("source", ""))
    return Policy(
        name,
        title,
        tuple(rule for rule in rules if rule.of != "programme"),
        travel,
        tuple(goals),
        source,
        float(tolerance),
        origins,
        tuple(rule for rule in rules if rule.of == "programme"),
    )


def _check_off(data: Mapping[str, Any], faults: _Faults) -> None:
    """`off` names rules of the profile that is extended, and none that is written beside it."""
    off = data.get("off", [])
    if not isinstance(off, list) or not all(isinstance(key, str) for key in off):
        faults.add("off", "must be a list of rules", "须为规则列表", 'off = ["least_share"]')
        return
    for key in off:
        faults.word(key, tuple(RULE_KEYS), "off", "rule", "规则")
        if key in RULE_KEYS and key in data:
            hint = Text(f"drop [{key}], or take it out of off", f"请去掉 [{key}]，或从 off 中删去")
            faults.add(
                "off", f"names {key}, which is written here as well", f"列出了 {key}，但此处又写了它", hint
            )
    if off and "extends" not in data:
        hint = Text("leave it out: what is not written is off", "请删去：未写的规则即未启用")
        faults.add("off", "acts only with extends", "须与 extends 同用", hint)


def _rules(kind: type[Rule], given: Any, faults: _Faults) -> list[Rule]:
    tables = given if kind.many and isinstance(given, list) else [given]
    return [rule for table in tables if (rule := _build(kind, table, kind.key, faults)) is not None]


def _build(kind: type[T], table: Any, key: str, faults: _Faults) -> T | None:
    """One rule (or the travel settings) from its table; faults are noted, and None comes back."""
    if not isinstance(table, Mapping):
        faults.add(
            key, "must be a table", "须为表", f"[[{key}]]" if getattr(kind, "many", False) else f"[{key}]"
        )
        return None
    if whole := getattr(kind, "whole", ""):
        table = {whole: dict(table)}
    names = tuple(f.name for f in fields(kind))  # type: ignore[arg-type]
    faults.unknown(table, names, key)
    before = len(faults.found)
    values = {n: _value(n, v, key, faults) for n, v in table.items() if n in names}
    needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]  # type: ignore[arg-type]
    for name in needed:
        if name not in values:
            faults.add(f"{key}.{name}", "is missing", "缺少", "")
    for name, en, zh, hint in value_faults(kind, values):
        faults.add(f"{key}.{name}", en, zh, hint)
    return kind(**values) if len(faults.found) == before else None


def _value(name: str, value: Any, key: str, faults: _Faults) -> Any:
    if name == "override":
        return _overrides(value, key, faults)
    return tuple(value) if isinstance(value, list) else value


def _overrides(given: Any, key: str, faults: _Faults) -> Any:
    """Tables with most and reason as `Override`; what is none is left for `value_faults` to name."""
    if not isinstance(given, Mapping):
        return given
    for who, table in given.items():
        faults.unknown(
            table if isinstance(table, Mapping) else {}, ("most", "reason"), f"{key}.override.{who}"
        )
    return {who: Override(**_blank(t)) if isinstance(t, Mapping) else t for who, t in given.items()}


def _blank(table: Mapping[str, Any]) -> dict[str, Any]:
    """most and reason as they are written, blank where they are not."""
    return {"most": table.get("most"), "reason": table.get("reason", "")}


def plain_rule(value: Any) -> dict[str, Any]:
    """A rule (or the travel settings) as the table that a profile writes."""
    plain = {k: _listed(v) for k, v in told(value).items() if v is not None}
    whole: dict[str, Any] | None = plain.get(getattr(value, "whole", ""))
    return plain if whole is None else whole


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_listed(v) for v in value]
    return {str(k): _listed(v) for k, v in value.items()} if isinstance(value, Mapping) else value


@dataclass
class _Faults:
    """Gathers all faults of one profile, so that a planner mends them in one go."""

    file: str
    origins: Mapping[str, str]

    def __post_init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, key: str, en: str, zh: str, hint: str | Text) -> None:
        file = written_by(self.origins, key) or self.file
        what = Text(f"{file}: {key} {en}", f"{file}：{key} {zh}")
        mend = hint if isinstance(hint, Text) else both(hint) if hint else SEE
        self.found.append(Finding("error", "policy-value", "policy", what, mend, id=key))

    def unknown(self, table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in known:
                self.word(key, known, f"{where}.{key}" if where else key, "key", "键")

    def word(self, word: Any, known: tuple[str, ...], key: str, en: str = "word", zh: str = "词") -> None:
        if word in known:
            return
        near = difflib.get_close_matches(str(word), known, 1)
        hint = Text(f"did you mean {near[0]}?", f"是否指 {near[0]}？") if near else both(", ".join(known))
        self.add(key, f"is not a known {en} ({word!r})", f"不是已知的{zh}（{word!r}）", hint)

    def raise_if_any(self) -> None:
        if self.found:
            what = Text(
                f"{self.file}: {len(self.found)} fault(s) in the policy",
                f"{self.file}：政策有 {len(self.found)} 处错误",
            )
            raise PolicyError(what, findings=Findings(self.found))
