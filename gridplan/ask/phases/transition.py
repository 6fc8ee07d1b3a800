"""gp.transition: from today's partnerships to the plan's, a few changes at a time (SH-9)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from gridplan.ask.phases.transition_ground import (
    KEYS,
    PLACE,
    Roads,
    as_far_as_bent,
    caps,
    districts_of,
    pairs_of,
    steps_of,
)
from gridplan.optimise.what_if.phases import Steps, phases
from gridplan.optimise.what_if.served import SLIP
from gridplan.plans.plan import Plan
from gridplan.policies.policy import Policy
from gridplan.words.arguments import a_plan
from gridplan.words.errors import PolicyError, SolveError
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import LAYERS, both_words

COLUMNS = [*KEYS, "counted", "change", "people"]
DISTRICTS = [*PLACE, "partners", "people_without", "minutes_before", "mean_minutes"]
NO_WORSE = 5.0


@dataclass(frozen=True, eq=False)
class Phase:
    """One phase of a transition; all its changes take effect together.

    Parameters
    ----------
    number : int
        From 1.
    changes : DataFrame
        Columns layer, district_id, hospital_id, counted (0/1), change ("new" or "ended"), people (residents whom the
        plan gives the pair; 0 for an ended one).
    pairs : DataFrame
        Columns layer, district_id, hospital_id, counted: every partnership once the phase is done, with the open
        campuses without an agreement that count as present.
    over : int
        By how many counted pairs districts and hospitals then exceed their caps, in all.
    districts : DataFrame
        A row per layer and district: layer, district_id, partners (once the phase is done), people_without (residents
        who then have no partner in reach), minutes_before, mean_minutes (of the others, before the phase and after it;
        NaN where there are none). Each resident goes to the cheapest partner, as in `gp.today`; where the partners are
        those of the plan, to the one that the plan gives.
    aside : DataFrame
        As `changes`: open campuses without an agreement that the plan does not use, and that no longer count as present.
        Nobody has to agree on them, so they are no changes.

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
    districts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=DISTRICTS))
    aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))


def transition(plan: Plan, per_phase: int, no_worse: float = NO_WORSE) -> tuple[Phase, ...]:
    """Phases of at most `per_phase` changes each, from today's partnerships of candidates to the plan's pairs.

    A new pair and an ended one are a change each, in every layer, so a swap of partners is two. All changes of a phase
    take effect together. After every phase each district that had a partner in a layer has one, no district and no
    hospital is further over its cap than before, and no district's mean minutes are more than `no_worse` above those
    before the phase. Only changes of the plan are made, each once. Each phase makes as many changes as it may; those
    that end a pair over a cap, first partners, and new pairs for many residents come first. Where that would lead into
    a corner all phases are planned together, so a way is found wherever there is one. An open campus without an
    agreement counts as present (`gp.today`): a pair with it is no change.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again.
    per_phase : int
        Most changes in a phase, from 1.
    no_worse : float, default 5
        Minutes by which the residents of a district may travel longer on average, in a layer, after a phase than
        before it; from 0. Districts without a partner before the phase are exempt. `math.inf` asks for nothing.

    Returns
    -------
    tuple[Phase, ...]
        Each checked anew; empty where the plan changes nothing.

    Raises
    ------
    ArgumentError
        `plan` is no Plan.
    PolicyError
        `per_phase` is no whole number from 1, or `no_worse` no number from 0; or no way has so few changes per phase, or
        leaves every district so near: the message says what is enough.
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
    [4, 4]
    """
    a_plan(plan, "transition")
    _refuse_numbers(per_phase, no_worse)
    if not plan.policy.partner_layers:
        return ()
    pairs = pairs_of(plan)
    policy = as_far_as_bent(plan.policy.on(plan.region), pairs)
    todo = pairs[pairs["existing"] != pairs["listed"]].reset_index(drop=True)
    steps = steps_of(plan, policy, pairs, todo, float(no_worse))
    if not steps.sizes.any():
        return ()
    way = phases(steps, per_phase)
    if way is None:
        raise _no_way(plan, steps, todo, per_phase)
    roads = Roads(plan)
    made, state = [], pairs[pairs["existing"]]
    was = districts_of(roads, state)
    for number, indices in enumerate(way, start=1):
        changes = todo.iloc[indices]
        after = pd.concat([state, changes[changes["listed"]]]).merge(
            changes.loc[~changes["listed"], KEYS], how="left", indicator="gone"
        )
        after = after[after.pop("gone") == "left_only"].sort_values(KEYS, ignore_index=True)
        now = districts_of(roads, after)
        now.insert(4, "minutes_before", was["mean_minutes"])
        agreed = changes["agreed"] | changes["listed"]
        _check(policy, state, after, int(agreed.sum()), per_phase)
        _check_minutes(now, float(no_worse))
        shown, aside = (_shown(changes[some])[COLUMNS] for some in (agreed, ~agreed))
        over = _over(policy, after)
        made.append(Phase(number, shown, _shown(after)[[*KEYS, "counted"]], over, now[DISTRICTS], aside))
        state, was = after, now
    _check_end(pairs, state)
    return tuple(made)


def _refuse_numbers(per_phase: object, no_worse: object) -> None:
    if not isinstance(per_phase, int) or isinstance(per_phase, bool) or per_phase < 1:
        raise PolicyError(
            Text(
                f"per_phase must be a whole number from 1; got {per_phase!r}",
                f"per_phase 须为不小于 1 的整数；现为 {per_phase!r}",
            ),
            Text("per_phase = 4", "per_phase = 4"),
        )
    number = isinstance(no_worse, int | float) and not isinstance(no_worse, bool)
    if not number or not float(no_worse) >= 0:  # type: ignore[arg-type]
        raise PolicyError(
            Text(
                f"no_worse must be a number of minutes from 0; got {no_worse!r}",
                f"no_worse 须为不小于 0 的分钟数；现为 {no_worse!r}",
            ),
            both("no_worse = 5"),
        )


def _no_way(plan: Plan, steps: Steps, todo: pd.DataFrame, per_phase: int) -> PolicyError:
    """Why there is no way, and with which numbers there is one."""
    far = [(one.unavoidable(), one) for one in steps.served]
    far = [(jump, one) for jump, one in far if jump > steps.no_worse + SLIP]
    least = math.ceil(max((jump for jump, _ in far), default=0.0) * 10 - 1e-9) / 10
    eased = replace(steps, no_worse=max(steps.no_worse, least))
    needed = next((k for k in range(per_phase, steps.n + 1) if phases(eased, k) is not None), None)
    if needed is None:  # only together do caps and minutes stand in each other's way
        least, needed = _largest_jump(replace(steps, no_worse=math.inf), per_phase)
    told: list[Text] = []
    for jump, one in sorted(far, key=lambda pair: -pair[0]):
        row = todo.iloc[int(one.changes[0])]
        layer, place = both_words(LAYERS, row["layer"]), plan.region.label("district", row["district_id"])
        told.append(
            Text(
                f"{place} [{layer.en}] is {jump:.1f} minutes worse off in one phase, whatever comes first",
                f"{place}［{layer.zh}］无论先后，总有一期增加 {jump:.1f} 分钟",
            )
        )
    if needed > per_phase or not far:
        told.append(
            Text(
                "some changes must come together, since a district would be without a partner, too far away, "
                "or a cap further exceeded in between",
                "部分变动须同期进行，否则其间会有区没有合作医院、出行时间增加过多，或进一步超出上限",
            )
        )
    enough = [f"per_phase = {needed}"] if needed > per_phase else []
    enough += [f"no_worse = {least:g}"] if least > steps.no_worse else []
    named = f"per_phase = {per_phase}, no_worse = {steps.no_worse:g}"
    return PolicyError(
        Text(
            f"{named}: " + "; ".join(t.en for t in told),
            f"{named}：" + "；".join(t.zh for t in told),
        ),
        Text(f"{', '.join(enough)} is enough", f"{'，'.join(enough)} 即可"),
    )


def _largest_jump(steps: Steps, per_phase: int) -> tuple[float, int]:
    """By how much some way leaves a district worse off in a phase, minutes of residents left aside, and its phases' size."""
    needed = next(k for k in range(per_phase, steps.n + 1) if phases(steps, k) is not None)
    done, worst = np.zeros(steps.n, dtype=bool), 0.0
    for step in phases(steps, needed) or ():
        after = done.copy()
        after[step] = True
        worst = max([worst, *(one.jump(done[one.changes], after[one.changes]) for one in steps.served)])
        done = after
    return math.ceil(worst * 10 - 1e-9) / 10, needed


def _excess(policy: Policy, state: pd.DataFrame) -> dict[tuple[str, str], int]:
    """By how many counted pairs each district and hospital exceeds its cap."""
    counted, out = state[state["counted"]], {}
    for column, rule in caps(policy):
        for key, count in counted[column].value_counts().items():
            out[column, str(key)] = max(0, int(count) - rule.limit(str(key)))
    return out


def _over(policy: Policy, state: pd.DataFrame) -> int:
    return sum(_excess(policy, state).values())


def _check(policy: Policy, before: pd.DataFrame, after: pd.DataFrame, changes: int, most: int) -> None:
    """Count anew, from the pairs alone, what a phase must keep."""
    was = _excess(policy, before)
    worse = [place for place, over in _excess(policy, after).items() if over > was.get(place, 0)]
    places = [set(state[PLACE].itertuples(index=False, name=None)) for state in (before, after)]
    if worse or places[0] - places[1] or changes > most:
        raise SolveError(Text("a phase of the transition does not hold", "过渡方案的某一期不成立"))


def _check_minutes(districts: pd.DataFrame, no_worse: float) -> None:
    """That no district is left farther away than it may; minutes worked out from the pairs of the phase alone."""
    if ((districts["mean_minutes"] - districts["minutes_before"]) > no_worse + 10 * SLIP).any():
        raise SolveError(
            Text("a phase leaves a district farther away than it may", "过渡方案某一期使某区出行时间增加过多")
        )


def _check_end(pairs: pd.DataFrame, state: pd.DataFrame) -> None:
    plan = set(pairs.loc[pairs["listed"], KEYS].itertuples(index=False, name=None))
    if set(state[KEYS].itertuples(index=False, name=None)) != plan:
        raise SolveError(Text("the transition does not reach the plan", "过渡方案未到达目标"))


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    change = np.where(rows["listed"], "new", "ended")
    shown = rows.assign(counted=rows["counted"].astype(int), change=change)
    return shown.sort_values(KEYS, ignore_index=True)


def worst_served(phase: Phase) -> Iterator[tuple[str, str, float]]:
    """The district that travels longest once a phase is done, layer by layer: layer, district_id, mean minutes."""
    for layer, rows in phase.districts.groupby("layer", sort=False):
        told = rows.dropna(subset=["mean_minutes"])
        if len(told):
            row = told.loc[told["mean_minutes"].idxmax()]
            yield str(layer), str(row["district_id"]), float(row["mean_minutes"])
