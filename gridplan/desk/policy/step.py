"""Policy: a profile chosen, then each rule as a row with its clause, its sentence, on or off, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import gridplan as gp
from gridplan.desk.answer import Answer, Asked, Go, Missing, Sent, Shown
from gridplan.desk.html import Html, table, tag, together
from gridplan.desk.page import boxed, form, refusal
from gridplan.desk.policy.fields import Places, field_block, option, text_field
from gridplan.desk.policy.form import HEAD, TRAVEL, fields_of, policy_tables
from gridplan.desk.policy.names import GOALS
from gridplan.desk.state import ASIDE, POLICY, State
from gridplan.files.whole import write_whole
from gridplan.geography.travel import TravelSettings
from gridplan.policies.profile import from_dict, to_dict
from gridplan.policies.rules import RULES, Rule
from gridplan.words.errors import ArgumentError
from gridplan.words.findings import visible
from gridplan.words.text import Language, Text

HEADS = {
    "name": Text("Short name", "简称"), "title_en": Text("Title in English", "英文名称"),
    "title_zh": Text("Title in Chinese", "中文名称"), "source": Text("Document", "文件依据"),
}  # fmt: skip


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """Profiles to choose from, and the policy that was chosen as a form."""
    lang = asked.lang
    if asked.rest == (POLICY,) and state.policy_file.is_file():
        return Sent(state.policy_file, POLICY)
    if asked.rest:
        return Missing()
    told = refusal(trouble, lang) if trouble else None
    if not state.policy_file.is_file():
        return Shown(_title(lang), together([told, _profiles(lang, again=False)]))
    try:
        policy = state.policy()
    except gp.GridplanError as error:
        return Shown(_title(lang), together([told, refusal(error, lang), _profiles(lang, again=True)]))
    parts = (
        told,
        _next(state, lang),
        _form(state, to_dict(policy), policy, (), lang),
        _profiles(lang, again=True),
    )
    return Shown(_title(lang), together(parts))


def act(state: State, asked: Asked) -> Answer:
    """Choose a profile, or write what the form says; a value that cannot stand comes back with its sentence."""
    match asked.rest:
        case ("choose",):
            name = asked.one("profile")
            if name not in gp.profile_names():  # never a file, wherever it lies
                raise ArgumentError(Text(f"no policy named {name!r}", f"没有名为 {name!r} 的政策"))
            chosen = gp.policy(name)
            state.set_aside(POLICY)
            _write(state, chosen)
            return Go("policy")
        case ("save",) if state.policy_file.is_file():
            data = policy_tables(asked, to_dict(state.policy()))
            try:
                made = from_dict(data, POLICY)
            except gp.PolicyError as error:
                shown = _form(state, data, None, error.findings, asked.lang)
                return Shown(_title(asked.lang), together([_faults(error, asked.lang), shown]))
            _write(state, made)
            return Go("plan" if state.sound else "policy")
    return Missing()


def _write(state: State, policy: gp.Policy) -> None:
    write_whole(state.policy_file, lambda path: gp.save_policy(policy, path))


def _title(lang: Language) -> str:
    return Text("Policy", "政策").say(lang)


def _next(state: State, lang: Language) -> Html:
    if state.sound:
        said = tag("a", Text("On to the plan", "下一步：求解").say(lang), href="plan", class_="go")
    else:
        said = tag(
            "a",
            Text("The files still have errors", "数据仍有错误，请先处理").say(lang),
            href="files",
            class_="go",
        )
    file = tag("a", POLICY, href=f"policy/{POLICY}", download=POLICY)
    return boxed(tag("p", said, " ", file), kind="good" if state.sound else "bad")


def _profiles(lang: Language, again: bool) -> Html:
    rows = []
    for n, name in enumerate(gp.profile_names()):
        profile = gp.policy(name)
        tick = tag(
            "input", type="radio", name="profile", value=name, id=f"p-{name}", checked=n == 0, required=True
        )
        label = tag("label", profile.title.say(lang), for_=f"p-{name}")
        rows.append((tag("span", tick, " ", label, class_="pick"), profile.source, tag("code", name)))
    heads = [Text("Profile", "内置政策").say(lang), HEADS["source"].say(lang), HEADS["name"].say(lang)]
    listed = table(heads, rows, Text("Profiles", "内置政策").say(lang))
    chosen = form("policy?do=choose", listed, button=Text("Take this one", "选用"), lang=lang, second=again)
    if not again:
        return chosen
    other = Text("Begin from another profile", "改用其他内置政策")
    kept = Text(f"The present {POLICY} is kept in {ASIDE}/.", f"现有 {POLICY} 移至 {ASIDE}/ 保存。")
    return tag("details", tag("summary", other.say(lang)), tag("p", kept.say(lang)), chosen)


def _faults(error: gp.PolicyError, lang: Language) -> Html:
    """Every fault, leading to its field."""
    listed = []
    for fault in error.findings:
        link = tag("a", visible(fault.what.say(lang)), href=f"#f-{_field_of(fault.id)}")
        listed.append(tag("li", link, " ", tag("span", visible(fault.hint.say(lang)), class_="soft")))
    head = Text("Not saved. What cannot stand:", "未保存。以下内容须修改：")
    return tag("div", tag("p", head.say(lang)), tag("ul", *listed), class_="box bad", role="alert")


def _field_of(key: str) -> str:
    """The field that a fault speaks of: "pin.district_id" is the rule's, "district_cap.override.T1.most" its table's."""
    parts = key.split(".")
    whole = {kind.key for kind in RULES if kind.many or kind.whole}
    return parts[0] if parts[0] in whole else ".".join(parts[:2])


def _form(
    state: State, data: Mapping[str, Any], policy: gp.Policy | None, faults: Any, lang: Language
) -> Html:
    bad, places = {fault.id for fault in faults}, _places(state)
    heads = [
        tag("div", tag("label", HEADS[key].say(lang), for_=f"f-{key}"), text_field(key, data.get(key, ""), bad), class_="field")
        for key in HEAD
    ]  # fmt: skip
    about = tag("fieldset", tag("legend", Text("About it", "基本信息").say(lang)), *heads)
    rules = [_rule(kind, data, policy, bad, places, lang) for kind in RULES]
    travel = tag(
        "fieldset",
        tag("legend", Text("Travel times", "出行时间").say(lang)),
        *(field_block(field, TRAVEL, data.get(TRAVEL, {}), bad, places, lang) for field in fields_of(TravelSettings)),
        class_="rule",
    )  # fmt: skip
    inside = (about, _goals(data, bad, lang), tag("h2", Text("Rules", "规则").say(lang)), *rules, travel)
    return form("policy?do=save", *inside, button=Text("Save the policy", "保存政策"), lang=lang)


def _places(state: State) -> Places:
    """Districts and hospitals to choose from; none where the files cannot be read yet."""
    if not state.sound:
        return Places()
    region = state.region()
    tables = (region.districts, "district_id"), (region.hospitals, "hospital_id")
    found = [tuple(zip(t[key].astype(str), t["name"].astype(str), strict=True)) for t, key in tables]
    groups = [column for column in region.units if column.startswith("people_")]
    return Places(found[0], found[1], tuple((column, "") for column in groups))


def _goals(data: Mapping[str, Any], bad: set[str], lang: Language) -> Html:
    goals = [*data.get("goals", [])]
    picks = []
    for n in range(min(len(GOALS), len(goals) + 1)):
        now = goals[n] if n < len(goals) else ""
        options = [
            option("", Text("–", "–").say(lang), now == ""),
            *(option(k, t.say(lang), k == now) for k, t in GOALS.items()),
        ]
        label = Text(f"Goal {n + 1}", f"目标 {n + 1}").say(lang)
        own = "f-goals" if n == 0 else f"f-goals-{n}"
        picks.append(
            tag(
                "div",
                tag("label", label, for_=own),
                tag("select", *options, id=own, name="goals"),
                class_="field",
            )
        )
    share = tag("label", Text("A later goal may worsen an earlier one by this share", "后一目标可使前一目标变差的比例").say(lang), for_="f-tolerance")  # fmt: skip
    field = tag(
        "div", share, text_field("tolerance", data.get("tolerance", 0.0), bad, short=True), class_="field"
    )
    return tag(
        "fieldset", tag("legend", Text("Goals, in this order", "目标（按先后次序）").say(lang)), *picks, field
    )


def _rule(
    kind: type[Rule], data: Mapping[str, Any], policy: gp.Policy | None, bad: set[str], places: Places, lang: Language
) -> Html:  # fmt: skip
    key, given = kind.key, data.get(kind.key)
    clause = tag("span", kind.id, class_="clause")
    if kind.many:
        rows = [*(given or []), {}]
        blocks = [
            tag("div", *(field_block(f, f"{key}.{n}", row, bad, places, lang) for f in fields_of(kind)), class_="several")
            for n, row in enumerate(rows)
        ]  # fmt: skip
        more = Text("A row without district and hospital counts for nothing.", "未填区和医院的行不计。").say(
            lang
        )
        legend = tag("legend", clause, " ", kind.title.say(lang))
        return tag("fieldset", legend, tag("p", more, class_="soft"), *blocks, class_="rule", id=f"f-{key}")
    tick = tag(
        "input", type="checkbox", name=f"on.{key}", value="1", id=f"f-{key}", checked=given is not None
    )
    legend = tag("legend", tag("label", tick, " ", clause, " ", kind.title.say(lang)))
    values = {kind.whole: given or {}} if kind.whole else (given or {})
    blocks = [field_block(f, key, values, bad, places, lang, given is None) for f in fields_of(kind)]
    sentence = _sentence(kind, policy)
    said = tag("p", sentence.say(lang), class_="soft") if sentence else None
    inside = tag(
        "details", tag("summary", Text("Numbers", "参数").say(lang)), *blocks, open=given is not None
    )
    return tag(
        "fieldset",
        legend,
        said,
        inside if blocks else None,
        class_="rule" if given is not None else "rule off",
    )


def _sentence(kind: type[Rule], policy: gp.Policy | None) -> Text | None:
    """What the rule demands: with the policy's numbers, else as it stands by default."""
    mine = policy.rule(kind) if policy is not None else None
    if mine is not None:
        return mine.sentence()
    with suppress(gp.PolicyError, TypeError):  # it has no meaning without numbers of its own
        return kind().sentence()
    return None
