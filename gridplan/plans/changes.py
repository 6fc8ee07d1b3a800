"""gp.changes: the table of changes against today's partnerships, as the authority's report wants it (SH-10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gridplan.plans.once import once
from gridplan.plans.plan import Plan
from gridplan.policies.rules import Ban, Cap, DistrictCap, HospitalCap, Pin
from gridplan.words.arguments import a_plan
from gridplan.words.text import Text
from gridplan.words.vocabulary import BASES, CHANGE_COLUMNS, CHANGES, GRID, LAYERS, PRIORITIES, both_words

SAID_FIRST = ("new", "adjusted", "ended", "present", "kept")
KEYS = ["layer", "district_id", "hospital_id"]


def changes(plan: Plan) -> pd.DataFrame:
    """Every pair of the plan and of today, what becomes of it (新建、保留、调整、撤销), and why.

    kept: a partnership today that the plan has too. ended: one of a candidate hospital that the plan does not have;
    partnerships of hospitals that are no candidates are not the plan's to change and are left out. adjusted: a pair
    of the plan that is not there today and takes the place of one that the same district ends in the same layer;
    each ended pair gives its place once, the one with the better priority first, and the new pair with more
    residents takes it first. present: a pair of the plan with an open, located campus in the district, though no agreement is
    in the tables: nothing changes on the ground, but it is to be signed and reported. new: any other pair of the plan.
    (`pairs.csv` calls adjusted and present pairs new.) Grid leads are no partners: the layer "grid" is not spoken of.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.

    Returns
    -------
    DataFrame
        Columns layer, district_id, district, hospital_id, hospital, change, people (residents served in the
        plan, 0 for an ended pair), reason (English), reason_zh; a row per pair, by layer and district.

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
    pairs = pairs[pairs["listed"] | pairs["existing"]]
    said = _Said(plan, pairs)
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
    """How many pairs are new, adjusted, ended and kept."""
    counts = {change: int((table["change"] == change).sum()) for change in SAID_FIRST}
    counts = {change: count for change, count in counts.items() if count or change != "present"}
    english = ", ".join(f"{count} {CHANGES[change].en}" for change, count in counts.items())
    chinese = "，".join(f"{CHANGES[change].zh} {count} 对" for change, count in counts.items())
    if plan.region.partnerships.empty:
        english += "; the region states no partnership of today"
        chinese += "；数据未列出现有合作"
    return Text(f"{english}.", f"{chinese}。")


def _line(row: Any) -> Text:
    layer, people = both_words(LAYERS, row.layer), f"{row.people:,}"
    pair = f"{row.district} ({row.district_id}) – {row.hospital} ({row.hospital_id})"
    served = Text("", "") if row.change == "ended" else Text(f", {people} residents", f"，服务 {people} 人")
    return Text(
        f"  {pair} [{layer.en}]{served.en}: {row.reason}",
        f"  {pair}［{layer.zh}］{served.zh}：{row.reason_zh}",
    )


class _Said:
    """What the reasons of all pairs look up: names, bases and counted pairs of today, the policy as it holds here."""

    def __init__(self, plan: Plan, pairs: pd.DataFrame) -> None:
        self.region, self.policy = plan.region, plan.policy.on(plan.region)
        tables = {"district": self.region.districts, "hospital": self.region.hospitals}
        self.names = {noun: dict(zip(t[f"{noun}_id"], t["name"], strict=True)) for noun, t in tables.items()}
        self.bases: dict[tuple[str, str], set[str]] = {}
        here = self.region.partnerships
        for district, hospital, basis in zip(
            here["district_id"], here["hospital_id"], here["basis"], strict=True
        ):
            self.bases.setdefault((district, hospital), set()).add(basis)
        branches = self.region.branches
        at = (branches["status"] == "open") & (branches["relation"] == "campus")
        at &= branches["lon"].notna() & branches["lat"].notna()
        self.campuses = set(
            branches.loc[at, ["district_id", "hospital_id"]].itertuples(index=False, name=None)
        )
        today = pairs[pairs["existing"] & pairs["counted"]]
        self.today = {noun: today[f"{noun}_id"].value_counts().to_dict() for noun in tables}
        self.pins, self.bans = self.policy.rules_of(Pin), self.policy.rules_of(Ban)


def _district(said: _Said, rows: list[Any]) -> list[tuple[Any, ...]]:
    """One district in one layer: kept, present, new, adjusted, ended."""
    kept = [p for p in rows if p.existing and p.listed]
    fresh = [p for p in rows if p.listed and not p.existing]
    present = [p for p in fresh if (p.district_id, p.hospital_id) in said.campuses]
    new = sorted((p for p in fresh if p not in present), key=lambda p: (-int(p.people), p.hospital_id))
    ended = sorted((p for p in rows if not p.listed), key=lambda p: (p.priority, p.hospital_id))
    takes = {one.hospital_id: other.hospital_id for one, other in zip(new, ended, strict=False)}
    gives = {old: taker for taker, old in takes.items()}
    lines = [(p, "kept", _kept(said, p)) for p in kept]
    lines += [(p, "present", _present(said, p)) for p in present]
    for p in new:
        change = "adjusted" if p.hospital_id in takes else "new"
        lines.append((p, change, _new(said, p, takes.get(p.hospital_id))))
    lines += [(p, "ended", _ended(said, p, gives.get(p.hospital_id))) for p in ended]
    order = list(CHANGES)
    lines.sort(key=lambda line: (order.index(line[1]), line[0].hospital_id))
    return [
        (
            p.layer, p.district_id, said.names["district"].get(p.district_id), p.hospital_id,
            said.names["hospital"].get(p.hospital_id), change, p.people, why.en, why.zh,
        )
        for p, change, why in lines
    ]  # fmt: skip


def _kept(said: _Said, pair: Any) -> Text:
    bases = sorted(said.bases.get((pair.district_id, pair.hospital_id), ()))
    words = [both_words(BASES, basis) for basis in bases if basis]
    basis = Text(", ".join(w.en for w in words), "、".join(w.zh for w in words))
    return Text(
        f"a partnership today{f' ({basis.en})' if words else ''} that the plan keeps",
        f"现有合作{f'（{basis.zh}）' if words else ''}，予以保留",
    )


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
    return _joined(why)


def _new(said: _Said, pair: Any, old: str | None) -> Text:
    ground = PRIORITIES[pair.priority]
    why = [Text(f"priority {pair.priority}: {ground.en}", f"优先级 {pair.priority}：{ground.zh}")]
    for pin in said.pins:
        if (pin.district_id, pin.hospital_id) == (pair.district_id, pair.hospital_id):
            why.insert(0, Text(f"pinned{_after(pin.reason)}", f"政策指定{_after(pin.reason)}"))
    if old is not None:
        who = said.region.label("hospital", old)
        why.insert(0, Text(f"takes the place of {who}", f"接替 {who}"))
    return _joined(why)


def _ended(said: _Said, pair: Any, taker: str | None) -> Text:
    here = pair.district_id, pair.hospital_id
    why = [
        Text(f"banned by the policy{_after(ban.reason)}", f"政策禁止{_after(ban.reason)}")
        for ban in said.bans
        if (ban.district_id, ban.hospital_id) == here
    ]
    if pair.priority > said.policy.worst_priority:
        why.append(Text("no basis as SH-6 asks for", "不具备 SH-6 要求的基础条件"))
    kinds: Mapping[str, type[Cap]] = {"district": DistrictCap, "hospital": HospitalCap}
    for noun, kind in kinds.items():
        key, cap = str(getattr(pair, f"{noun}_id")), said.policy.rule(kind)
        count = said.today[noun].get(key, 0)
        if cap is not None and pair.counted and count > cap.limit(key):
            label, most = said.region.label(noun, key), cap.limit(key)
            why.append(
                Text(
                    f"{kind.id}: {label} has {count} counted pairs today, cap {most}",
                    f"{kind.id}：{label} 现有计数结对 {count} 对，上限 {most}",
                )
            )
    if taker is not None:
        who = said.region.label("hospital", taker)
        why.append(Text(f"{who} takes its place", f"由 {who} 接替"))
    elif not why:
        why.append(
            Text(
                "the plan serves the district's residents better through its other partners",
                "方案由本区其他合作医院服务居民更优",
            )
        )
    return _joined(why)


def _after(reason: str) -> str:
    return f": {reason}" if reason else ""


def _joined(why: list[Text]) -> Text:
    return Text("; ".join(text.en for text in why), "；".join(text.zh for text in why))
