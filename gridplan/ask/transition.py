"""gp.transition: from today's partnerships to the plan's, a few changes at a time (SH-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gridplan.optimise.what_if.phases import Steps, phases
from gridplan.plans.plan import Plan
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Cap, DistrictCap, HospitalCap, Override
from gridplan.words.arguments import a_plan
from gridplan.words.errors import PolicyError, SolveError
from gridplan.words.text import Text
from gridplan.words.vocabulary import CHANGES, GRID, LAYERS, PHASE_COLUMNS, both_words

KEYS = ["layer", "district_id", "hospital_id"]
COLUMNS = [*KEYS, "counted", "change", "people"]


@dataclass(frozen=True, eq=False)
class Phase:
    """One phase of a transition.

    Parameters
    ----------
    number : int
        From 1.
    changes : DataFrame
        Columns layer, district_id, hospital_id, counted (0/1), change ("new" or "ended"), people (residents whom the
        plan gives the pair; 0 for an ended one).
    pairs : DataFrame
        Columns layer, district_id, hospital_id, counted: every partnership once the phase is done.
    over : int
        By how many counted pairs districts and hospitals then exceed their caps, in all.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.transition(plan, 4)[0].number
    1
    """

    number: int
    changes: pd.DataFrame
    pairs: pd.DataFrame
    over: int


def transition(plan: Plan, per_phase: int) -> tuple[Phase, ...]:
    """Phases of at most `per_phase` changes each, from today's partnerships of candidates to the plan's pairs.

    A new pair and an ended one are a change each, in every layer, so a swap of partners is two. After every phase
    each district that had a partner in a layer has one, and no district and no hospital is further over its cap than
    before. Only changes of the plan are made, each once. Each phase makes as many changes as it may; those that end
    a pair over a cap, and new pairs for many residents, come first. Where that would lead into a corner all phases
    are planned together, so a way is found wherever there is one.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    per_phase : int
        Most changes in a phase, from 1.

    Returns
    -------
    tuple[Phase, ...]
        Each checked anew; empty where the plan changes nothing.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    PolicyError
        `per_phase` is no whole number from 1, or no way has so few changes per phase; the message says how many
        it takes.
    NoPlanInTimeError
        Whether there is a way could not be decided in two minutes.

    References
    ----------
    shanghai-2025, SH-9 (steady adjustment).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> [len(phase.changes) for phase in gp.transition(plan, 4)]
    [4, 4, 1]
    """
    a_plan(plan, "transition")
    if not isinstance(per_phase, int) or isinstance(per_phase, bool) or per_phase < 1:
        raise PolicyError(
            Text(
                f"per_phase must be a whole number from 1; got {per_phase!r}",
                f"per_phase 须为不小于 1 的整数；现为 {per_phase!r}",
            ),
            Text("per_phase = 4", "per_phase = 4"),
        )
    pairs = _pairs(plan)
    policy = _as_far_as_bent(plan.policy.on(plan.region), pairs)
    todo = pairs[pairs["existing"] != pairs["listed"]].reset_index(drop=True)
    steps = _steps(policy, pairs, todo)
    way = phases(steps, per_phase)
    if way is None:
        raise _too_few(steps, per_phase)
    made, state = [], pairs[pairs["existing"]]
    for number, indices in enumerate(way, start=1):
        changes = todo.iloc[indices]
        after = pd.concat([state, changes[changes["listed"]]]).merge(
            changes.loc[~changes["listed"], KEYS], how="left", indicator="gone"
        )
        after = after[after.pop("gone") == "left_only"].sort_values(KEYS, ignore_index=True)
        _check(policy, state, after, len(changes), per_phase)
        made.append(
            Phase(number, _shown(changes)[COLUMNS], _shown(after)[[*KEYS, "counted"]], _over(policy, after))
        )
        state = after
    _check_end(pairs, state)
    return tuple(made)


def phases_table(plan: Plan, phases: Sequence[Phase]) -> pd.DataFrame:
    """All changes of a transition with names: phase, layer, district_id, district, hospital_id, hospital, change, people."""
    changes = [phase.changes.assign(phase=phase.number) for phase in phases]
    table = pd.concat(changes, ignore_index=True) if changes else pd.DataFrame(columns=[*COLUMNS, "phase"])
    for noun in ("district", "hospital"):
        names = getattr(plan.region, f"{noun}s").set_index(f"{noun}_id")["name"]
        table[noun] = table[f"{noun}_id"].map(names)
    return table[PHASE_COLUMNS]


def phases_text(plan: Plan, phases: Sequence[Phase]) -> Text:
    """The phases in words: what is new and what ends in each, and how far the caps are exceeded after it."""
    if not phases:
        return Text(f"{plan.name}: the plan changes nothing.", f"{plan.name}：方案与现状相同，无需变动。")
    total, table = sum(len(phase.changes) for phase in phases), phases_table(plan, phases)
    lines = [
        Text(
            f"{plan.name}: {total} change(s) in {len(phases)} phase(s); every phase was checked.",
            f"{plan.name}：{total} 项变动，分 {len(phases)} 期；每期均已核验。",
        )
    ]
    for phase in phases:
        lines.append(
            Text(
                f"Phase {phase.number}: {len(phase.changes)} change(s); {phase.over} pair(s) over the caps afterwards",
                f"第 {phase.number} 期：变动 {len(phase.changes)} 项；期末超出上限 {phase.over} 对",
            )
        )
        for row in table[table["phase"] == phase.number].itertuples():
            layer, word = both_words(LAYERS, row.layer), CHANGES[row.change]
            pair = f"{row.district} ({row.district_id}) – {row.hospital} ({row.hospital_id})"
            lines.append(Text(f"  {word.en}: {pair} [{layer.en}]", f"  {word.zh}：{pair}［{layer.zh}］"))
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def _pairs(plan: Plan) -> pd.DataFrame:
    """Pairs of partners of today or of the plan: existing, listed, people, counted."""
    table = plan.pair_table
    table = table[table["layer"] != GRID].merge(plan.pairs[[*KEYS, "people"]], on=KEYS, how="left")
    table["listed"] = table["people"].notna()
    table["people"] = table["people"].fillna(0).astype("int64")
    return table.loc[table["listed"] | table["existing"], [*KEYS, "counted", "existing", "listed", "people"]]


def _as_far_as_bent(policy: Policy, pairs: pd.DataFrame) -> Policy:
    """The caps, raised where they bend to what the plan itself has there."""
    planned = pairs[pairs["listed"] & pairs["counted"]]
    for column, rule in _caps(policy) if policy.caps_bend else ():
        counts = {str(key): int(count) for key, count in planned[column].value_counts().items()}
        over = {key: Override(n, "deviations") for key, n in counts.items() if n > rule.limit(key)}
        policy = policy.with_rule(replace(rule, override={**rule.override, **over}))
    return policy


def _caps(policy: Policy) -> list[tuple[str, Cap]]:
    """The caps that are on, with the column of what they bind."""
    both = ("district_id", policy.rule(DistrictCap)), ("hospital_id", policy.rule(HospitalCap))
    return [(column, rule) for column, rule in both if rule is not None]


def _steps(policy: Policy, pairs: pd.DataFrame, todo: pd.DataFrame) -> Steps:
    """The changes as arrays."""
    sign = np.where(todo["listed"], 1, -1)
    today = pairs[pairs["existing"]]
    count, cap, moves = [], [], []
    ends = np.zeros(len(todo), dtype=bool)
    for column, rule in _caps(policy):
        for key in sorted(set(todo.loc[todo["counted"], column])):
            here = ((todo[column] == key) & todo["counted"]).to_numpy()
            count.append(int(((today[column] == key) & today["counted"]).sum()))
            cap.append(rule.limit(key))
            moves.append(np.where(here, sign, 0))
            ends |= here & (sign < 0) & (count[-1] > cap[-1])
    partners, partner_moves = [], []
    for (layer, district), rows in today.groupby(["layer", "district_id"]):
        here = ((todo["layer"] == layer) & (todo["district_id"] == district)).to_numpy()
        partners.append(len(rows))
        partner_moves.append(np.where(here, sign, 0))
    people = todo["people"].to_numpy(dtype=float)
    gain = np.where(ends, 1.0, people / (2 * max(1.0, people.max(initial=0.0))))
    n = len(todo)
    return Steps(
        gain,
        np.array(count, dtype=np.int64),
        np.array(cap, dtype=np.int64),
        np.array(moves, dtype=np.int64).reshape(len(count), n),
        np.array(partners, dtype=np.int64),
        np.array(partner_moves, dtype=np.int64).reshape(len(partners), n),
    )


def _too_few(steps: Steps, per_phase: int) -> PolicyError:
    needed = next(k for k in range(per_phase + 1, steps.n + 1) if phases(steps, k) is not None)
    return PolicyError(
        Text(
            f"per_phase = {per_phase}: some changes must come together, since a district would be without a partner "
            "or a cap further exceeded in between",
            f"per_phase = {per_phase}：部分变动须同期进行，否则其间会有区没有合作医院，或进一步超出上限",
        ),
        Text(f"per_phase = {needed} is enough", f"per_phase = {needed} 即可"),
    )


def _excess(policy: Policy, state: pd.DataFrame) -> dict[tuple[str, str], int]:
    """By how many counted pairs each district and hospital exceeds its cap."""
    counted, out = state[state["counted"]], {}
    for column, rule in _caps(policy):
        for key, count in counted[column].value_counts().items():
            out[column, str(key)] = max(0, int(count) - rule.limit(str(key)))
    return out


def _over(policy: Policy, state: pd.DataFrame) -> int:
    return sum(_excess(policy, state).values())


def _check(policy: Policy, before: pd.DataFrame, after: pd.DataFrame, changes: int, most: int) -> None:
    """Count anew, from the pairs alone, what a phase must keep."""
    was = _excess(policy, before)
    worse = [place for place, over in _excess(policy, after).items() if over > was.get(place, 0)]
    places = [
        set(state[["layer", "district_id"]].itertuples(index=False, name=None)) for state in (before, after)
    ]
    if worse or places[0] - places[1] or changes > most:
        raise SolveError(Text("a phase of the transition does not hold", "过渡方案的某一期不成立"))


def _check_end(pairs: pd.DataFrame, state: pd.DataFrame) -> None:
    plan = set(pairs.loc[pairs["listed"], KEYS].itertuples(index=False, name=None))
    if set(state[KEYS].itertuples(index=False, name=None)) != plan:
        raise SolveError(Text("the transition does not reach the plan", "过渡方案未到达目标"))


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    change = np.where(rows["listed"], "new", "ended")
    shown = rows.assign(counted=rows["counted"].astype(int), change=change)
    return shown.sort_values(KEYS, ignore_index=True)
