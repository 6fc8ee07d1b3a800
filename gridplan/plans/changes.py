"""gp.changes: the table of changes against today's partnerships, as the authority's report wants it (SH-10)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gridplan.plans.grounds import Ground, grounds
from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.policies.rules import Ban, HospitalCap, Pin
from gridplan.words.amount import people_text
from gridplan.words.arguments import a_plan
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import BASES, CHANGE_COLUMNS, CHANGES, GRID, LAYERS, PRIORITIES, both_words

SAID_FIRST = ("new", "adjusted", "ended", "left", "present", "kept")
NO_CHANGE = {"present", "left"}  # of open campuses without an agreement: counted where there are any
WEAKEST = 5  # a priority that is no ground: nothing there yet
KEYS = ["layer", "district_id", "hospital_id"]


def changes(plan: Plan) -> pd.DataFrame:
    """Every pair of the plan and of today, what becomes of it (新建、保留、调整、撤销), and why.

    kept: a partnership today that the plan has too, and a custody that no rule ends and that is nobody's nearest (it serves
    0 residents; the goal "changes" and SH-9 count it as ended, since the plan does not list it). ended: one of a candidate hospital that the plan does not have;
    partnerships of hospitals that are no candidates are not the plan's to change and are left out. adjusted: a pair
    of the plan that is not there today and takes the place of one that the same district ends in the same layer;
    each ended pair gives its place once, the one with the better priority first, and the new pair with more
    residents takes it first. present: a pair of the plan with an open, located campus in the district, though no agreement is
    in the tables: nothing changes on the ground, but it is to be signed and reported. left: such a campus that counts as a
    partner today and is none in the plan; it costs no change and is not counted as one. new: any other pair of the plan.
    With `campuses_present = false` in `[priority]` no pair is present or left. (`pairs.csv` calls adjusted pairs new.) Grid leads are no partners: the layer "grid" is not spoken of.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    DataFrame
        Columns layer, district_id, district, hospital_id, hospital, change, people (residents served in the
        plan, 0 for a pair that ended or is left), reason (English), reason_zh; a row per pair, by layer and district.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.

    References
    ----------
    shanghai-2025, SH-9 and SH-10 (reporting of new, adjusted and ended pairs).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> table = gp.changes(plan)
    >>> table.loc[table["change"] == "kept", ["district_id", "hospital_id", "people"]].values.tolist()
    [['T3', 'H1', 3000]]
    """
    a_plan(plan, "changes")
    return _changes(plan).copy()


@once
def _changes(plan: Plan) -> pd.DataFrame:
    pairs = plan.pair_table.merge(plan.pairs[[*KEYS, "people"]], on=KEYS, how="left")
    pairs["listed"] = pairs["people"].notna()
    pairs["people"] = pairs["people"].fillna(0).astype("int64")
    pairs = pairs[pairs["listed"] | pairs["existing"] | pairs["present"]]
    said = _Said(plan)
    rows = []
    for layer in (result.layer for result in plan.layers if result.layer != GRID):
        of_district: dict[str, list[Any]] = {}
        for pair in pairs[pairs["layer"] == layer].itertuples():
            of_district.setdefault(pair.district_id, []).append(pair)
        for district in sorted(of_district):
            rows += _district(said, of_district[district])
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)


def changes_text(plan: Plan, table: pd.DataFrame) -> Text:
    """The table of `changes` as text: how many of each kind, then each pair with its reason, those kept last."""
    lines = [
        Text(f"{plan.name}: changes against today", f"{plan.name}：与现状相比的变化"),
        count_text(plan, table),
    ]
    for change in SAID_FIRST:
        rows = table[table["change"] == change]
        if len(rows):
            word = CHANGES[change]
            lines.append(Text(f"{word.en} ({len(rows)})", f"{word.zh}（{len(rows)}）"))
        lines += [_line(row) for row in rows.itertuples()]
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def count_text(plan: Plan, table: pd.DataFrame) -> Text:
    """How many pairs are new, adjusted, ended and kept, and how many open campuses without an agreement stay or are left."""
    counts = {change: int((table["change"] == change).sum()) for change in SAID_FIRST}
    counts = {change: count for change, count in counts.items() if count or change not in NO_CHANGE}
    english = ", ".join(f"{count} {CHANGES[change].en}" for change, count in counts.items())
    chinese = "，".join(f"{CHANGES[change].zh} {count} 对" for change, count in counts.items())
    if plan.region.partnerships.empty:
        english += "; the region states no partnership of today"
        chinese += "；数据未列出现有合作"
    return Text(f"{english}.", f"{chinese}。")


def _line(row: Any) -> Text:
    layer, people = both_words(LAYERS, row.layer), f"{row.people:,}"
    pair = f"{row.district} ({row.district_id}) – {row.hospital} ({row.hospital_id})"
    served = (
        Text("", "")
        if row.change in ("ended", "left")
        else Text(f", {people} residents", f"，服务 {people} 人")
    )
    return Text(
        f"  {pair} [{layer.en}]{served.en}: {row.reason}",
        f"  {pair}［{layer.zh}］{served.zh}：{row.reason_zh}",
    )


class _Said:
    """What the reasons of all pairs look up: names, bases and grounds of pairs, the policy as it holds here."""

    def __init__(self, plan: Plan) -> None:
        self.region, self.policy = plan.region, plan.policy.on(plan.region)
        tables = {"district": self.region.districts, "hospital": self.region.hospitals}
        self.names = {noun: dict(zip(t[f"{noun}_id"], t["name"], strict=True)) for noun, t in tables.items()}
        self.bases: dict[tuple[str, str], set[str]] = {}
        here = self.region.partnerships
        for district, hospital, basis in zip(
            here["district_id"], here["hospital_id"], here["basis"], strict=True
        ):
            self.bases.setdefault((district, hospital), set()).add(basis)
        self.told = {"district": self.region.district_names, "hospital": self.region.hospital_names}
        self.grounds = grounds(plan)
        self.pins, self.bans = self.policy.rules_of(Pin), self.policy.rules_of(Ban)


def _district(said: _Said, rows: list[Any]) -> list[tuple[Any, ...]]:
    """One district in one layer: kept, present, new, adjusted, ended, left."""
    left = [p for p in rows if not p.listed and not p.existing]
    idle = [p for p in rows if not p.listed and p not in left and _is_idle(said, p)]
    kept = [p for p in rows if p.existing and p.listed]
    fresh = [p for p in rows if p.listed and not p.existing]
    present = [p for p in fresh if p.present]
    new = sorted((p for p in fresh if p not in present), key=lambda p: (-int(p.people), p.hospital_id))
    ended = sorted(
        (p for p in rows if not p.listed and p not in left and p not in idle),
        key=lambda p: (p.priority, p.hospital_id),
    )
    takes = {one.hospital_id: other.hospital_id for one, other in zip(new, ended, strict=False)}
    gives = {old: taker for taker, old in takes.items()}
    lines = [(p, "kept", _kept(said, p)) for p in kept] + [(p, "kept", _idle(said, p)) for p in idle]
    lines += [(p, "present", _present(said, p)) for p in present]
    for p in new:
        change = "adjusted" if p.hospital_id in takes else "new"
        lines.append((p, change, _new(said, p, takes.get(p.hospital_id))))
    lines += [(p, "ended", _ended(said, p, gives.get(p.hospital_id))) for p in ended]
    lines += [(p, "left", _left(said, p)) for p in left]
    order = list(CHANGES)
    lines.sort(key=lambda line: (order.index(line[1]), line[0].hospital_id))
    return [
        (
            p.layer, p.district_id, said.names["district"].get(p.district_id), p.hospital_id,
            said.names["hospital"].get(p.hospital_id), change, p.people, why.en, why.zh,
        )
        for p, change, why in lines
    ]  # fmt: skip


def _is_idle(said: _Said, pair: Any) -> bool:
    """A custody that no rule ends and that is nobody's nearest: the agreement goes on, it only serves no unit."""
    bases = said.bases.get((pair.district_id, pair.hospital_id), set())
    ground = said.grounds[pair.layer, pair.district_id, pair.hospital_id]
    return "custody" in bases and pair.allowed and not ground.full and not ground.people


def _idle(said: _Said, pair: Any) -> Text:
    return Text(
        "custody today, goes on; it is the nearest for nobody of the district, so it serves no unit",
        "现有托管继续；该区无人就近，未分配居民",
    )


def _kept(said: _Said, pair: Any) -> Text:
    bases = sorted(said.bases.get((pair.district_id, pair.hospital_id), ()))
    words = [both_words(BASES, basis) for basis in bases if basis]
    basis = Text(", ".join(w.en for w in words), "、".join(w.zh for w in words))
    kept = Text(
        f"a partnership today{f' ({basis.en})' if words else ''} that the plan keeps",
        f"现有合作{f'（{basis.zh}）' if words else ''}，予以保留",
    )
    return _joined([kept, *_grounds(said, pair)])


def _present(said: _Said, pair: Any) -> Text:
    why = [
        Text(
            "an open campus of the hospital is there; an agreement is to be signed",
            "该院在本区已有开放院区，须补签协议",
        )
    ]
    for pin in said.pins:
        if (pin.district_id, pin.hospital_id) == (pair.district_id, pair.hospital_id):
            why.insert(0, Text(f"pinned{_after(pin.reason)}", f"政策指定{_after(pin.reason)}"))
    return _joined([*why, *_grounds(said, pair)])


def _new(said: _Said, pair: Any, old: str | None) -> Text:
    why = []
    if old is not None:
        who = said.region.label("hospital", old)
        why.append(Text(f"takes the place of {who}", f"接替 {who}"))
    here = pair.district_id, pair.hospital_id
    why += [
        Text(f"pinned{_after(pin.reason)}", f"政策指定{_after(pin.reason)}")
        for pin in said.pins
        if (pin.district_id, pin.hospital_id) == here
    ]
    if pair.priority < WEAKEST:
        ground = PRIORITIES[pair.priority]
        why.append(Text(f"priority {pair.priority}: {ground.en}", f"优先级 {pair.priority}：{ground.zh}"))
    return _joined([*why, *_grounds(said, pair)])


def _grounds(said: _Said, pair: Any) -> list[Text]:
    """Who is near and how near, and the places left."""
    ground = said.grounds[pair.layer, pair.district_id, pair.hospital_id]
    return [text for text in (ground.near, ground.places) if text.en]


def _left(said: _Said, pair: Any) -> Text:
    why = Text(
        "an open campus of the hospital is there without an agreement; the plan does not pair it, which counts as no change",
        "该院在本区已有开放院区，未签约；方案不再结对，不计变动",
    )
    return _joined([why, _ended(said, pair, None)])


def _ended(said: _Said, pair: Any, taker: str | None) -> Text:
    here = pair.district_id, pair.hospital_id
    why = [
        Text(f"banned by the policy{_after(ban.reason)}", f"政策禁止{_after(ban.reason)}")
        for ban in said.bans
        if (ban.district_id, ban.hospital_id) == here
    ]
    if pair.priority > said.policy.worst_priority:
        why.append(Text("no basis as SH-6 asks for", "不具备 SH-6 要求的基础条件"))
    ground = said.grounds[pair.layer, pair.district_id, pair.hospital_id]
    for rule, holders in ground.full.items():
        noun, other = ("hospital", "district") if rule == HospitalCap.id else ("district", "hospital")
        label = said.region.label(noun, getattr(pair, f"{noun}_id"))
        names = [said.told[other].get(one, both(one)) for one in holders]
        why.append(
            Text(
                f"{rule}: the {len(names)} places of {label} are taken ({', '.join(name.en for name in names)})",
                f"{rule}：{label} 的 {len(names)} 个名额已满（{'、'.join(name.zh for name in names)}）",
            )
        )
    if taker is not None:
        who = said.region.label("hospital", taker)
        why.append(Text(f"{who} takes its place", f"由 {who} 接替"))
    return _joined([*why, _lost(ground)])


def _lost(ground: Ground) -> Text:
    """What the district's residents lose with the pair: of those who would be nearer to it, how many and by how much."""
    if not ground.people:
        return Text(
            "nobody of the district would be nearer to it than to the plan's partners",
            "该区居民到方案合作医院均不更远",
        )
    who, more = people_text(ground.people), ground.other - ground.minutes
    return Text(
        f"{who.en} were nearer to it, by {more:.1f} minutes on average",
        f"该区 {who.zh}到该院更近，人均少 {more:.1f} 分钟",
    )


def _after(reason: str) -> str:
    return f": {reason}" if reason else ""


def _joined(why: list[Text]) -> Text:
    return Text("; ".join(text.en for text in why), "；".join(text.zh for text in why))
