"""The meeting: the table's page in a frame, variants taken back from it, judged, and planned with their locks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import gridplan as gp
from gridplan.desk import scenarios_step
from gridplan.desk.answer import Answer, Asked, Go, Missing, Sent, Shown
from gridplan.desk.html import Html, table, tag, together
from gridplan.desk.page import form, lines, refusal
from gridplan.desk.results_step import TABLE
from gridplan.desk.state import ASIDE, HALF, PLAN, POLICY, VARIANTS, State
from gridplan.desk.uploads import MOST_FILES, refuse_name
from gridplan.files.whole import told, write_whole
from gridplan.inputs.sheets.notes import FileFault
from gridplan.inputs.sheets.read_toml import parse_toml
from gridplan.policies.profile import from_dict
from gridplan.words.errors import DataError
from gridplan.words.text import Language, Text

MOST_TOLD = 5  # breaches of a variant
KEPT = Text("every rule is kept", "全部规则均满足")


@dataclass(frozen=True)
class Variant:
    """What was taken back under a name: who goes where, and the policy with the locks."""

    name: str
    verdict: gp.Verdict | None  # None where the file cannot be judged; `fault` says why
    fault: Text | None
    locks: int

    @property
    def said(self) -> list[Text]:
        """What the judge says of it."""
        if self.verdict is None:
            return [self.fault or Text("", "")]
        found = self.verdict.breaches
        more = Text(f"… {len(found) - MOST_TOLD} more", f"……另有 {len(found) - MOST_TOLD} 处")
        return [b.what for b in found[:MOST_TOLD]] + ([more] if len(found) > MOST_TOLD else []) or [KEPT]


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """The page in its frame, what was taken back below it; or a file of a variant."""
    lang = asked.lang
    if asked.rest:
        return _file(state, asked.rest)
    head = Text(
        "Change the plan here with everybody at the table. “Take home → Into the desk” brings a variant back: it is judged, "
        "and its locks can be planned.",
        "在此与各方当面调整方案。“带走结果 → 存入工作台”把备选方案带回：随即核验，其锁定条件可再求解。",
    )
    parts = [refusal(trouble, lang) if trouble else None, tag("p", head.say(lang)), _taking(lang)]
    if (state.plan_folder / TABLE).is_file():
        name = Text("Page for the meeting", "会商页").say(lang)
        parts.append(tag("iframe", src=f"results/{TABLE}", id="meeting", title=name, sandbox="allow-scripts allow-downloads allow-modals"))  # fmt: skip
    else:
        make = Text("Make the page for the meeting", "生成会商页")
        parts.append(form("results?do=table", button=make, lang=lang))
    parts.append(_variants(state, lang))
    return Shown(Text("In the meeting", "会商").say(lang), together(parts))


def act(state: State, asked: Asked) -> Answer:
    """Keep a variant, plan with its locks, lay it beside the others, or take it away."""
    name = asked.one("name").strip()
    match asked.rest:
        case ("keep",):
            keep(state, name, asked.one("assignment"), asked.one("pins"))
            return Go("table")
        case ("use",) if name in names(state):
            policy = gp.policy(state.folder / VARIANTS / f"{name}.toml")
            state.set_aside(POLICY)
            write_whole(state.policy_file, lambda path: gp.save_policy(policy, path))
            return Go("plan")
        case ("scenario",) if name in names(state):
            scenarios_step.add(state, name, {"policy": f"../{VARIANTS}/{name}.toml"})
            return Go("scenarios")
        case ("away",) if name in names(state):
            state.set_aside(f"{VARIANTS}/{name}.csv")
            state.set_aside(f"{VARIANTS}/{name}.toml")
            return Go("table")
    return Missing()


def names(state: State) -> list[str]:
    """The variants that were taken back, by name."""
    found = {path.stem for path in (state.folder / VARIANTS).glob("*.csv")}
    return sorted(name for name in found if (state.folder / VARIANTS / f"{name}.toml").is_file())


def keep(state: State, name: str, assignment: str, pins: str) -> None:
    """Write a variant: NAME.csv for `gridplan verify`, NAME.toml for `gridplan plan`; one of that name is set aside.

    Raises
    ------
    DataError : the name is none, or what was sent is no assignment.
    PolicyError : what was sent is no policy.
    """
    refuse_name(f"{name}.csv")
    if len(names(state)) >= MOST_FILES:
        raise DataError(Text("there are too many variants already", "备选方案过多"), Text("take some away first", "请先移出一些"))  # fmt: skip
    try:
        policy = from_dict(parse_toml(pins, f"{name}.toml"), f"{name}.toml")
    except FileFault as fault:
        raise DataError(fault.what, fault.hint) from None
    room, half = state.folder / VARIANTS, state.folder / HALF
    with told(room):
        half.mkdir(exist_ok=True)
        part = half / f"{name}.csv"
        try:
            part.write_text(assignment, encoding="utf-8", newline="")
            gp.read_assignment(part)  # refused where it is none
            room.mkdir(exist_ok=True)
            for ending in ("csv", "toml"):
                state.set_aside(f"{VARIANTS}/{name}.{ending}")
            write_whole(room / f"{name}.toml", lambda path: gp.save_policy(policy, path))
            part.replace(room / f"{name}.csv")
        finally:
            part.unlink(missing_ok=True)
            half.rmdir()


def _file(state: State, rest: tuple[str, ...]) -> Answer:
    if len(rest) != 1 or rest[0].rpartition(".")[0] not in names(state):
        return Missing()
    path = state.folder / VARIANTS / rest[0]
    return Sent(path, path.name) if path.suffix in (".csv", ".toml") and path.is_file() else Missing()


def _taking(lang: Language) -> Html:
    """A form that the page's script fills with what the frame sends; nothing is kept before somebody presses it."""
    name = tag("label", Text("Name of the variant", "备选方案名称").say(lang), for_="variant")
    fields = (
        tag("p", Text("A variant comes back from the meeting.", "会商页送回一个备选方案。").say(lang)),
        tag("div", name, tag("input", type="text", id="variant", name="name", maxlength="60", required=True), class_="field"),
        tag("input", type="hidden", name="assignment"),
        tag("input", type="hidden", name="pins"),
    )  # fmt: skip
    keep_it = form("table?do=keep", *fields, button=Text("Keep it in the folder", "存入文件夹"), lang=lang)
    return tag("div", keep_it, id="taking", class_="box good", hidden=True, role="status")


def _variants(state: State, lang: Language) -> Html | None:
    found = [one for name in names(state) if (one := _judged(state).get(name))]
    if not found:
        return None
    rows = []
    for one in found:
        name = tag("input", type="hidden", name="name", value=one.name)
        use = form("table?do=use", name, button=Text("Plan with its locks", "按其锁定条件求解"), lang=lang)
        beside = form("table?do=scenario", name, button=Text("Beside the others", "列入情景比选"), lang=lang, second=True)  # fmt: skip
        away = form("table?do=away", name, button=Text("Take away", "移出"), lang=lang, second=True)
        files = [tag("a", f"{one.name}.{end}", href=f"table/{one.name}.{end}", download=f"{one.name}.{end}") for end in ("csv", "toml")]  # fmt: skip
        locks = Text(f"{one.locks} pin(s) and ban(s)", f"指定和禁止共 {one.locks} 对").say(lang)
        rows.append(
            (one.name, together([lines([text.say(lang) for text in one.said]), tag("p", locks, class_="soft")]), lines(files), together([use, beside, away]))
        )  # fmt: skip
    heads = [
        Text("Variant", "备选方案"),
        Text("The judge", "核验"),
        Text("Files", "文件"),
        Text("Go on", "下一步"),
    ]
    note = Text(
        f"They lie in {VARIANTS}/. Planning with locks makes {POLICY} anew (the present one is kept in {ASIDE}/), then {PLAN}/.",
        f"保存在 {VARIANTS}/。按锁定条件求解将重写 {POLICY}（现有的移至 {ASIDE}/），再生成 {PLAN}/。",
    )
    title = Text("Taken back from the meeting", "会商带回的备选方案").say(lang)
    return together([tag("h2", title), table([h.say(lang) for h in heads], rows, title), tag("p", note.say(lang), class_="soft")])  # fmt: skip


def _judged(state: State) -> Mapping[str, Variant]:
    """Every variant with the judge's verdict; judged again when a file, the region or the plan is another."""
    plan = state.plan()

    def read(folder: Path) -> dict[str, Variant]:
        return {name: _read(name, folder, plan) for name in names(state)}

    key = f"variants {plan.provenance['region_sha256']} {plan.policy.digest}"
    made: Mapping[str, Variant] = state.kept(key, state.folder / VARIANTS, read)
    return made


def _read(name: str, folder: Path, plan: gp.Plan) -> Variant:
    try:
        policy = gp.policy(folder / f"{name}.toml")
        locks = len(policy.rules_of(gp.rules.Pin)) + len(policy.rules_of(gp.rules.Ban))
        verdict = gp.judge(plan.region, policy, gp.read_assignment(folder / f"{name}.csv"))
    except gp.GridplanError as error:
        return Variant(name, None, Text(error.say("en"), error.say("zh")), 0)
    return Variant(name, verdict, None, locks)
