"""Policy: a name, goals in order, rules, and the travel assumptions behind the minutes."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from gridplan.geography.travel import TravelSettings
from gridplan.inputs.region import Region
from gridplan.policies.goals import GOALS, goal_faults, tolerance_faults
from gridplan.policies.programme_rules import PROGRAMME_RULES
from gridplan.policies.rule import told
from gridplan.policies.rules import RULES, Candidates, Eligibility, Grids, Priority, Rule
from gridplan.words.errors import PolicyError
from gridplan.words.html import card, html_row, html_table, said
from gridplan.words.text import Language, Text, both
from gridplan.words.vocabulary import GRID, KINDS, both_words

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True)
class Policy:
    """What a plan must keep, and what it should aim for.

    Parameters
    ----------
    name : str
        Short name ("shanghai-2025").
    title, source : Text
        For people.
    rules : tuple[Rule, ...]
        At most one of each class, any number of `Pin` and `Ban`.
    travel : TravelSettings
        Assumptions for travel times.
    goals : tuple[str, ...], default ("travel",)
        Names of goals (`policy.goals.GOALS`), each once, solved in this order.
    tolerance : float, default 0.0
        A later goal may worsen an earlier one by at most this share of what that one reached; 0 = not at all.
    origins : Mapping[str, str], optional
        Key → file that wrote it, for messages; two policies that differ in it only are equal.
    programme : tuple[Rule, ...], default ()
        Rules of the programme, at most one of each class; a plan ignores them.

    Examples
    --------
    >>> import gridplan as gp
    >>> one_each = gp.policy("shanghai-2025").with_rule(gp.rules.DistrictCap(1))
    >>> one_each.rule(gp.rules.DistrictCap).most
    1
    """

    name: str
    title: Text
    rules: tuple[Rule, ...]
    travel: TravelSettings
    goals: tuple[str, ...] = ("travel",)
    source: str = ""
    tolerance: float = 0.0
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    programme: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        for name, faults in (
            ("goals", goal_faults(self.goals)),
            ("tolerance", tolerance_faults(self.tolerance)),
        ):
            for en, zh, hint in faults:
                raise PolicyError(Text(f"{name} {en}", f"{name} {zh}"), hint)
        object.__setattr__(self, "goals", tuple(self.goals))

    def where(self, key: str) -> Text:
        """A key as messages name it: "mine.toml: district_cap.override.T9"; without a file where Python wrote it."""
        file = written_by(self.origins, key)
        return Text(f"{file}: {key}", f"{file}：{key}") if file else both(key)

    def rule(self, kind: type[R]) -> R | None:
        """The rule of that class, None where it is off."""
        return next((rule for rule in (*self.rules, *self.programme) if isinstance(rule, kind)), None)

    def rules_of(self, kind: type[R]) -> tuple[R, ...]:
        """All rules of that class (there may be many pins and bans)."""
        return tuple(rule for rule in self.rules if isinstance(rule, kind))

    @property
    def candidates(self) -> Candidates:
        """Who may be a partner (SH-4)."""
        return self.rule(Candidates) or Candidates()

    @property
    def partner_layers(self) -> Mapping[str, tuple[str, ...]]:
        """Layers of partners → categories of their candidates; none where the policy speaks of grids alone."""
        grids_alone = self.rule(Grids) is not None and self.rule(Candidates) is None
        return {} if grids_alone else self.candidates.layers

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers of a plan, in order: partners, then the grids."""
        return (*self.partner_layers, *((GRID,) if self.rule(Grids) is not None else ()))

    @property
    def prices(self) -> tuple[float, ...]:
        """Minutes per resident for priorities 1 to 5 (SH-5)."""
        return (self.rule(Priority) or Priority(prices=(0.0,) * 5)).prices

    @property
    def campuses_present(self) -> bool:
        """Whether an open campus without an agreement counts as a partner of today, and is no change."""
        return (self.rule(Priority) or Priority()).campuses_present

    def with_campuses(self, present: bool) -> Policy:
        """The same policy, open campuses without an agreement counted as partners of today or not."""
        return self.with_rule(replace(self.rule(Priority) or Priority((0.0,) * 5), campuses_present=present))

    @property
    def worst_priority(self) -> int:
        """The weakest priority that may be chosen (SH-6)."""
        return (self.rule(Eligibility) or Eligibility()).worst_priority

    @property
    def caps_bend(self) -> bool:
        """Whether the caps (SH-2, SH-3) may be exceeded, since a goal counts by how much."""
        return "deviations" in self.goals

    def on(self, region: Region) -> Policy:
        """The policy as it holds in a region: caps adjusted for its districts (SH-2)."""
        return replace(self, rules=tuple(rule.on(region) for rule in self.rules))

    def with_rule(self, *rules: Rule) -> Policy:
        """The same policy with these rules; one of the same class is replaced, pins and bans are added.

        A pin or ban of a pair that has one already replaces it.
        """
        kept = (*self.rules, *self.programme)
        if wrong := [rule for rule in rules if not isinstance(rule, Rule)]:
            raise TypeError(f"with_rule takes rules such as gp.rules.DistrictCap(2), got {wrong[0]!r}")
        for rule in rules:
            kept = (*(r for r in kept if not _same_place(r, rule)), rule)
        order = {kind: n for n, kind in enumerate((*RULES, *PROGRAMME_RULES))}
        keys = {rule.key for rule in rules}  # no longer what a file wrote
        origins = {path: file for path, file in self.origins.items() if path.partition(".")[0] not in keys}
        ordered = sorted(kept, key=lambda r: order[type(r)])
        return replace(
            self,
            rules=tuple(r for r in ordered if r.of != "programme"),
            programme=tuple(r for r in ordered if r.of == "programme"),
            origins=origins,
        )

    def without(self, *kinds: type[Rule] | str) -> Policy:
        """The same policy without the rules of these classes (or ids, "SH-2")."""
        known = {kind.id: kind for kind in (*RULES, *PROGRAMME_RULES)}
        for unknown in (k for k in kinds if isinstance(k, str) and k not in known):
            near = difflib.get_close_matches(unknown, known, 1) or list(known)
            raise PolicyError(Text(f"no rule {unknown!r}", f"没有规则 {unknown!r}"), both(", ".join(near)))
        drop = tuple(known[k] if isinstance(k, str) else k for k in kinds)
        return replace(
            self,
            rules=tuple(r for r in self.rules if not isinstance(r, drop)),
            programme=tuple(r for r in self.programme if not isinstance(r, drop)),
        )

    def diff(self, other: Policy) -> tuple[Text, ...]:
        """What `other` has that differs: one sentence per rule added, dropped or changed. Empty when equal."""
        mine = {_place(r): r for r in (*self.rules, *self.programme)}
        theirs = {_place(r): r for r in (*other.rules, *other.programme)}
        lines = []
        for place in sorted(mine.keys() | theirs.keys()):
            before, after = mine.get(place), theirs.get(place)
            if before != after:
                lines.append(_difference(before, after))
        if self.goals != other.goals:
            was, now = ", ".join(self.goals), ", ".join(other.goals)
            lines.append(Text(f"goals: {was} → {now}", f"目标：{was} → {now}"))
        if self.tolerance != other.tolerance:
            was, now = (f"{100 * policy.tolerance:g}%" for policy in (self, other))
            lines.append(Text(f"tolerance: {was} → {now}", f"容许放宽：{was} → {now}"))
        if self.travel != other.travel:
            was_so, now_so = _travel_sentence(self.travel), _travel_sentence(other.travel)
            lines.append(Text(f"{was_so.en} → {now_so.en}", f"{was_so.zh} → {now_so.zh}"))
        return tuple(lines)

    def page(self, lang: Language = "en") -> str:
        """The policy as a page: title, source, goals, rules with their ids, travel assumptions."""
        zh = lang == "zh"
        lines = [f"{self.name}: {self.title.say(lang)}"]
        lines += [("出处：" if zh else "source: ") + self.source] if self.source else []
        lines.append("目标（按次序）" if zh else "Goals, in this order")
        lines += [f"  {n}. {self._aim(goal).say(lang)}" for n, goal in enumerate(self.goals, start=1)]
        lines += [f"  {_tolerance_sentence(self.tolerance).say(lang)}"] if self.tolerance else []
        lines.append("规则" if zh else "Rules")
        lines += [
            f"  {rule.id:<8} {rule.title.say(lang)}: {rule.sentence().say(lang)}" for rule in self.rules
        ]
        if self.programme:
            lines.append("实施方案（不影响方案本身）" if zh else "Programme (it never changes the plan)")
            lines += [f"  {r.id:<8} {r.title.say(lang)}: {r.sentence().say(lang)}" for r in self.programme]
        off = [kind.title.say(lang) for kind in RULES if not self.rules_of(kind)]
        lines += [("未启用：" if zh else "Off: ") + ("、" if zh else ", ").join(off)] if off else []
        lines.append(_travel_sentence(self.travel).say(lang))
        return "\n".join(lines)

    def _aim(self, goal: str) -> Text:
        """A goal as this policy means it: without partners nothing has a priority."""
        if goal == "travel" and not self.partner_layers:
            return Text(
                "least total of people × minutes to the grid's lead", "使 居民 × 到牵头医院的分钟 合计最小"
            )
        return GOALS[goal]

    def __repr__(self) -> str:
        rules = ", ".join(dict.fromkeys(rule.id for rule in self.rules))
        return f"Policy {self.name}: {self.title.en}\n  goals: {', '.join(self.goals)}\n  rules: {rules}"

    def __str__(self) -> str:
        return self.page("zh") + "\n\n" + self.page("en")

    def _repr_html_(self) -> str:
        aims = "".join(said(self._aim(goal), "li") for goal in self.goals)
        rules = html_table(
            (Text("clause", "条款"), Text("rule", "规则"), Text("demands", "内容")),
            (html_row((rule.id, rule.title, rule.sentence())) for rule in (*self.rules, *self.programme)),
        )
        notes = [_travel_sentence(self.travel)]
        if self.tolerance:
            notes.append(_tolerance_sentence(self.tolerance))
        if off := [kind.title for kind in RULES if not self.rules_of(kind)]:
            english, chinese = ", ".join(title.en for title in off), "、".join(title.zh for title in off)
            notes.append(Text(f"Off: {english}.", f"未启用：{chinese}。"))
        title = Text(f"{self.name}: {self.title.en}", f"{self.name}：{self.title.zh}")
        heads = [said(both(self.source), "p")] if self.source else []
        heads.append(said(Text("Goals, in this order", "目标（按次序）"), "p"))
        return card(title, *heads, f"<ol>{aims}</ol>", rules, *(said(note, "p") for note in notes))

    @property
    def programme_digest(self) -> str:
        """SHA-256 of everything in the policy that can change a programme, beside the plan."""
        rules = [[rule.key, _canonical(told(rule))] for rule in self.programme]
        return hashlib.sha256(
            json.dumps(rules, ensure_ascii=False, sort_keys=True).encode("utf-8")
        ).hexdigest()

    @property
    def digest(self) -> str:
        """SHA-256 of everything in the policy that can change a plan."""
        rules = [[rule.key, _canonical(told(rule))] for rule in self.rules]
        text = json.dumps(
            [rules, self.goals, float(self.tolerance), _canonical(told(self.travel))],
            ensure_ascii=False,
            sort_keys=True,
        )
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def written_by(origins: Mapping[str, str], key: str) -> str:
    """The file that wrote a key, or the nearest table around it; "" where none did."""
    parts = key.split(".")
    for n in range(len(parts), 0, -1):
        path = ".".join(parts[:n])
        files = [file for written, file in origins.items() if f"{written}.".startswith(f"{path}.")]
        if files:
            return files[-1]
    return ""


def _place(rule: Rule) -> tuple[str, ...]:
    """What a rule speaks of: its class, and the pair and layer for pins and bans."""
    names = ("district_id", "hospital_id", "layer") if rule.many else ()
    pair = tuple(getattr(rule, name, "") for name in names)
    return (rule.key, *pair)


def _same_place(one: Rule, other: Rule) -> bool:
    return type(one) is type(other) and _place(one) == _place(other)


def _difference(before: Rule | None, after: Rule | None) -> Text:
    rule = after or before
    assert rule is not None
    none = Text("off", "未启用")
    was = before.sentence() if before else none
    now = after.sentence() if after else none
    return Text(
        f"{rule.id} {rule.title.en}: {was.en} → {now.en}", f"{rule.id} {rule.title.zh}：{was.zh} → {now.zh}"
    )


def _canonical(value: Any) -> Any:
    """Equal policies have equal digests: 5 and 5.0 are one number."""
    if isinstance(value, Mapping):
        return {str(k): _canonical(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(v) for v in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _tolerance_sentence(tolerance: float) -> Text:
    return Text(
        f"A later goal may worsen an earlier one by at most {100 * tolerance:g}%.",
        f"后一目标至多可使前一目标变差 {100 * tolerance:g}%。",
    )


def _travel_sentence(travel: TravelSettings) -> Text:
    speeds = [(both_words(KINDS, kind), speed) for kind, speed in travel.speed_km_h.items()]
    listed = ", ".join(f"{kind.en} {speed:g}" for kind, speed in speeds)
    listed_zh = "、".join(f"{kind.zh} {speed:g}" for kind, speed in speeds)
    return Text(
        f"Travel ({travel.method}): detour {travel.detour:g}, km/h by the kind of the unit's district: {listed}; "
        f"by roads {travel.walk_km_h:g} km/h to the nearest crossing, at most {travel.snap_km:g} km away",
        f"出行（{travel.method}）：绕行系数 {travel.detour:g}，按单元所在区类别的时速（公里）：{listed_zh}；"
        f"按路网时以每小时 {travel.walk_km_h:g} 公里到最近路口，不超过 {travel.snap_km:g} 公里",
    )
