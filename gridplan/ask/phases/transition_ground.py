"""What a transition moves: the pairs of today and of the plan, the caps, and how far residents travel in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.optimise.what_if.phases import Steps
from gridplan.optimise.what_if.served import Served
from gridplan.plans.plan import Plan
from gridplan.plans.today import preference, score_minutes
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Cap, DistrictCap, HospitalCap, Override
from gridplan.words.vocabulary import GRID

KEYS = ["layer", "district_id", "hospital_id"]
PLACE = ["layer", "district_id"]


def pairs_of(plan: Plan) -> pd.DataFrame:
    """Pairs of partners of today or of the plan.

    Returns
    -------
    DataFrame layer, district_id, hospital_id, counted, priority, existing (bool: there today, an open campus without an
    agreement too), agreed (bool: by a partnership of the tables), listed (bool: of the plan), people (that the plan gives).
    """
    table = plan.pair_table
    table = table[table["layer"] != GRID].merge(plan.pairs[[*KEYS, "people"]], on=KEYS, how="left")
    table["listed"] = table["people"].notna()
    table["people"] = table["people"].fillna(0).astype("int64")
    table["agreed"] = table["existing"]
    table["existing"] |= table["present"]
    columns = [*KEYS, "counted", "priority", "existing", "agreed", "listed", "people"]
    return table.loc[table["listed"] | table["existing"], columns].reset_index(drop=True)


def as_far_as_bent(policy: Policy, pairs: pd.DataFrame) -> Policy:
    """The caps, raised where they bend to what the plan itself has there."""
    planned = pairs[pairs["listed"] & pairs["counted"]]
    for column, rule in caps(policy) if policy.caps_bend else ():
        counts = {str(key): int(count) for key, count in planned[column].value_counts().items()}
        over = {key: Override(n, "deviations") for key, n in counts.items() if n > rule.limit(key)}
        policy = policy.with_rule(replace(rule, override={**rule.override, **over}))
    return policy


def caps(policy: Policy) -> list[tuple[str, Cap]]:
    """The caps that are on, with the column of what they bind."""
    both = ("district_id", policy.rule(DistrictCap)), ("hospital_id", policy.rule(HospitalCap))
    return [(column, rule) for column, rule in both if rule is not None]


class Roads:
    """Minutes and choices of the residents of a plan's districts."""

    def __init__(self, plan: Plan) -> None:
        units = plan.region.units.sort_values("unit_id", ignore_index=True)
        rows = pd.Index(plan.travel.unit_ids).get_indexer(units["unit_id"])
        people, groups = units["people"].to_numpy(dtype=float), units.groupby("district_id").indices
        self.plan = plan
        self.here = {str(d): rows[at] for d, at in groups.items()}
        self.people = {str(d): people[at] for d, at in groups.items()}
        self.column = {str(h): n for n, h in enumerate(plan.travel.hospital_ids)}

    def to(self, district: str, partners: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(u,) residents, (u, m) minutes to each partner and each unit's order of them, inf where out of reach."""
        here, people = (
            self.here.get(district, np.zeros(0, dtype=np.int64)),
            self.people.get(district, np.zeros(0)),
        )
        at = np.array([self.column[h] for h in partners["hospital_id"]], dtype=np.int64)
        minutes = self.plan.travel.minutes[np.ix_(here, at)]
        policy, priority = self.plan.policy, partners["priority"].to_numpy()
        order = preference(policy, minutes, priority, score_minutes(policy, partners)).astype(float)
        return people, minutes, np.where(np.isfinite(minutes), order, np.inf)

    def final(self) -> dict[tuple[str, str], float]:
        """(layer, district) → mean minutes of its residents as the plan has them."""
        rows = self.plan.assignment
        told = rows.assign(total=rows["people"] * rows["minutes"]).groupby(PLACE)[["people", "total"]].sum()
        return {
            key: float(r.total / r.people)
            for key, r in zip(told.index, told.itertuples(), strict=True)
            if r.people
        }


def steps_of(plan: Plan, policy: Policy, pairs: pd.DataFrame, todo: pd.DataFrame, no_worse: float) -> Steps:
    """The changes as arrays."""
    sign = np.where(todo["listed"], 1, -1)
    today = pairs[pairs["existing"]]
    count, cap, moves = [], [], []
    ends = np.zeros(len(todo), dtype=bool)
    for column, rule in caps(policy):
        for key in sorted(set(todo.loc[todo["counted"], column])):
            here = ((todo[column] == key) & todo["counted"]).to_numpy()
            count.append(int(((today[column] == key) & today["counted"]).sum()))
            cap.append(rule.limit(key))
            moves.append(np.where(here, sign, 0))
            ends |= here & (sign < 0) & (count[-1] > cap[-1])
    partners, partner_moves = [], []
    for (layer, district), rows in today.groupby(PLACE):
        here = ((todo["layer"] == layer) & (todo["district_id"] == district)).to_numpy()
        partners.append(len(rows))
        partner_moves.append(np.where(here, sign, 0))
    with_one = set(today[PLACE].itertuples(index=False, name=None))
    places = todo[PLACE].itertuples(index=False, name=None)
    first = (sign > 0) & np.array([place not in with_one for place in places], dtype=bool)
    people = todo["people"].to_numpy(dtype=float)
    gain = np.select([ends, first], [1.0, 0.9], people / (2 * max(1.0, people.max(initial=0.0))))
    n = len(todo)
    return Steps(
        gain,
        np.array(count, dtype=np.int64),
        np.array(cap, dtype=np.int64),
        np.array(moves, dtype=np.int64).reshape(len(count), n),
        np.array(partners, dtype=np.int64),
        np.array(partner_moves, dtype=np.int64).reshape(len(partners), n),
        (todo["agreed"] | todo["listed"]).to_numpy(dtype=float),
        tuple(_served(plan, pairs, todo)),
        no_worse,
    )


def _served(plan: Plan, pairs: pd.DataFrame, todo: pd.DataFrame) -> Iterator[Served]:
    """Each district in each layer that has a partner today and whose partners change."""
    roads = Roads(plan)
    final = roads.final()
    for (layer, district), rows in pairs.groupby(PLACE):
        mine = np.flatnonzero(((todo["layer"] == layer) & (todo["district_id"] == district)).to_numpy())
        if not len(mine) or not rows["existing"].any():
            continue
        rows = rows.reset_index(drop=True)
        people, minutes, order = roads.to(str(district), rows)
        place = {h: n for n, h in enumerate(rows["hospital_id"])}
        yield Served(
            mine,
            todo["listed"].to_numpy()[mine],
            np.array([place[h] for h in todo["hospital_id"].iloc[mine]], dtype=np.int64),
            (rows["existing"] & rows["listed"]).to_numpy(),
            people,
            minutes,
            order,
            final.get((str(layer), str(district)), float("nan")),
        )


def districts_of(roads: Roads, state: pd.DataFrame) -> pd.DataFrame:
    """Each district in each layer while these pairs stand, worked out from the pairs alone.

    Where they are the plan's, its residents go where the plan sends them, else each to the cheapest partner.

    Returns
    -------
    DataFrame layer, district_id, partners, people_without (residents without a partner in reach), mean_minutes.
    """
    plan, rows, final = roads.plan, [], roads.final()
    planned = {key: set(mine["hospital_id"]) for key, mine in plan.pairs.groupby(PLACE)}
    for layer in plan.policy.partner_layers:
        mine = state[state["layer"] == layer]
        for district in plan.region.districts["district_id"]:
            partners = mine[mine["district_id"] == district]
            people, minutes, order = roads.to(str(district), partners)
            if not len(partners):
                rows.append((layer, district, 0, int(people.sum()), float("nan")))
                continue
            near = np.take_along_axis(minutes, order.argmin(axis=1)[:, None], axis=1)[:, 0]
            reached = np.isfinite(near) & (people > 0)
            mean = (
                float((people * near)[reached].sum() / people[reached].sum())
                if reached.any()
                else float("nan")
            )
            if set(partners["hospital_id"]) == planned.get((layer, district)):
                mean = final.get((layer, str(district)), mean)
            without = int(people[~np.isfinite(near)].sum())
            rows.append((layer, district, len(partners), without, mean))
    return pd.DataFrame(rows, columns=[*PLACE, "partners", "people_without", "mean_minutes"])
