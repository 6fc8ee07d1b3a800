"""Arithmetic before any solving: every rule is asked, in its own file, in what ways it cannot work on a region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.counting.grid_counts import GridCounts
from gridplan.policies.leads import district_forms, lead_table
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import Policy
from gridplan.policies.rules import RULES, Ban, GridLeads, Grids, Pin, Rule
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text
from gridplan.words.vocabulary import GRID


def preflight(region: Region, policy: Policy, travel: Travel, pairs: pd.DataFrame) -> Findings:
    """Every fault that counting alone can show, each with the rule, the place and the numbers.

    Parameters
    ----------
    pairs : of `policies.pairs.pair_table`.
    """
    policy = policy.on(region)
    case, asked = _case(region, policy), _asked(policy)
    missing = [fault for kind in RULES if not policy.rules_of(kind) for fault in kind.absent(case)]
    idle = [fault for rule in asked for fault in _idle(case, rule)]
    misfits = {rule.key: [*rule.misfits(case)] for rule in asked}
    fits = not idle and not any(misfits[rule.key] for rule in asked if rule.of == "grids")
    measured = Measured(**vars(case) if fits else vars(replace(case, grids=None)), travel=travel, pairs=pairs)
    faults = [*missing, *idle, *(fault for faults in misfits.values() for fault in faults)]
    faults += [fault for rule in asked for fault in rule.refusals(measured)]
    return Findings(faults or [fault for rule in asked for fault in rule.shortfalls(measured)])


def refuse(findings: Findings) -> None:
    """Raise what preflight found.

    Raises
    ------
    PolicyError : with all findings.
    """
    if findings:
        what = Text("the policy cannot work on this region", "该政策在本地区无法实现")
        raise PolicyError(what, findings=findings)


def unstated(region: Region, policy: Policy) -> Iterator[Finding]:
    """What rules ask of the region, and the region does not state or lets them leave out: warnings of the plan."""
    case = _case(region, policy)
    for rule in _asked(policy):
        yield from rule.notes(case)


def _case(region: Region, policy: Policy) -> Case:
    """What every rule counts on."""
    forms, rule, able = district_forms(region, policy), policy.rule(Grids), candidates(region, policy)
    grids = None
    if rule is not None:
        banned = [ban for ban in policy.rules_of(Ban) if ban.concerns(GRID)]
        pinned = [pin for pin in policy.rules_of(Pin) if pin.concerns(GRID)]
        beside = (policy.rule(GridLeads) or GridLeads()).beside
        grids = GridCounts(region, rule, forms, lead_table(region, policy), banned, pinned, beside)
    return Case(region, policy, forms, tuple(able["hospital_id"]), grids)


def _asked(policy: Policy) -> list[Rule]:
    """One rule of each class that is on, or holds where the policy does not say, in the order of the rules."""
    return [policy.rule(kind) or kind() for kind in RULES if policy.rule(kind) is not None or kind.unsaid]


def _idle(case: Case, rule: Rule) -> Iterator[Finding]:
    """A rule that speaks of grids, or of partners, where the policy plans none."""
    if case.rule(type(rule)) is None:
        return
    if rule.of == "grids" and not case.plans_grids:
        yield rule.refusal(
            rule.key,
            Text(
                f"[{rule.key}] speaks of grids, but there are none",
                f"[{rule.key}] 针对网格，但政策不划分网格",
            ),
            Text("add [grids], or drop the rule", "请加入 [grids]，或去掉该规则"),
            case.where(rule.key),
        )
    elif rule.of == "partners" and not case.partner_layers:
        yield rule.refusal(
            rule.key,
            Text(f"[{rule.key}] speaks of partners, but the policy plans grids alone", f"[{rule.key}] 针对合作医院，但政策只划分网格"),
            Text("add [candidates], or drop the rule", "请加入 [candidates]，或去掉该规则"),
            case.where(rule.key),
        )  # fmt: skip
