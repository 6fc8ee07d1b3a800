"""gp.certify: the certificate of a plan, worked out from the plan itself, whichever engine made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.optimise.build_problem import build_problem
from gridplan.optimise.engines.columns.partner_sets import count_sets
from gridplan.optimise.problem import Problem
from gridplan.optimise.stages import Stage
from gridplan.plans.folder.certificate import Certificate, GoalProof, borders_of, kept_with
from gridplan.plans.plan import LayerResult, Plan
from gridplan.policies.pairs import candidates, pair_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import VisitDemand
from gridplan.proving.grids import against_grids, leads_alone
from gridplan.proving.leaf import Leaf, Proof, Split
from gridplan.proving.no_plan import NoPlan
from gridplan.proving.partner_tree import prove, prove_none
from gridplan.proving.site_tree import fits, prove_sites
from gridplan.words.arguments import a_plan

MOST_SETS = 200_000  # of partners, in all districts together
LIMIT_SLIP = 1e-7  # relative, as the checker has it
TOO_MANY = "too many sets of partners"
CLOSED_BY_HIGHS = "closed by HiGHS, not certified / 由 HiGHS 闭合，未出具证书"


def certify(plan: Plan) -> Certificate:
    """The certificate of a plan: for every goal, a tree of pairs with prices that prove its bound.

    Rules that the tree leaves out (least share, parts and grids that hang together, …) only make the bound lower: what is
    certified is true all the same, and may be less than what the engine proved.

    Parameters
    ----------
    plan : Plan
        Of `plan` or `open_plan`.

    Returns
    -------
    Certificate
        A proof per goal of each layer; `.save(folder)` writes it beside the plan with the program that checks it.

    Raises
    ------
    ArgumentError
        `plan` is no plan.

    References
    ----------
    Lagrangian bounds by prices on caps and capacities, district by district: FORMULATION.md, "By columns".

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.certify(plan).whole
    True
    """
    a_plan(plan, "certify")
    pairs = plan.pair_table
    proofs: list[GoalProof] = []
    for result in plan.layers:
        problem = build_problem(plan.region, plan.policy, plan.travel, pairs, result.layer)
        why = "" if problem.grids is None else against_grids(plan.policy)
        if plan.policy.rule(VisitDemand) is not None:
            why = "demand made of visits is not certified"
        if problem.grids is not None:
            problem = leads_alone(problem, problem.grids, plan.policy)
        proofs += _layer(problem, result, why)
    made = Certificate(plan.name, tuple(proofs), borders_of(plan.region, plan.policy))
    kept_with(plan)[:] = [made]
    return made


def certify_none(region: Region, policy: Policy) -> NoPlan | None:
    """The certificate that no plan keeps the rules, of the first layer of partners for which it is found; else None.

    It knows who may serve whom, caps and capacities: where other rules are the reason, nothing is certified.

    Raises
    ------
    PolicyError : the policy names what the region does not have.
    """
    who = sorted(set(candidates(region, policy)["hospital_id"]))
    travel = travel_times(region, who, policy.travel)
    pairs = pair_table(region, policy)
    for layer in policy.partner_layers:
        p = build_problem(region, policy, travel, pairs, layer)
        if not _against(p):
            proof = prove_none(p)
            if proof.bound == np.inf:
                return NoPlan(region, policy, travel, layer, proof.leaves, tree_of(p, proof.tree))
    return None


def _layer(p: Problem, result: LayerResult, why_not: str) -> Iterator[GoalProof]:
    reason = why_not or _against(p)
    kept: list[tuple[Stage, float]] = []
    for n, (stage, goal) in enumerate(zip(p.stages, result.goals, strict=True)):
        why = reason or _not_a_sum(stage)
        if why:
            yield _nothing(result, n, why)
            continue
        proof = _proof(p, stage, kept, goal.reached)
        if proof is None:
            yield _nothing(result, n, TOO_MANY)
            continue
        short = _short(proof, goal.reached)
        why = CLOSED_BY_HIGHS if short and goal.status == "optimal" else ""
        bound = min(proof.bound, goal.reached)
        yield GoalProof(
            p.layer,
            goal.goal,
            goal.value,
            goal.reached,
            bound - 1e-9 * abs(bound),
            proof.leaves,
            tree_of(p, proof.tree),
            why,
        )
        limit = goal.reached * (1 + p.tolerance)
        kept.append((stage, limit + LIMIT_SLIP * max(1.0, limit)))


def _proof(p: Problem, stage: Stage, kept: list[tuple[Stage, float]], reached: float) -> Proof | None:
    """By sets of partners; in one district, where those are too many or leave a gap, by sites and whole units."""
    sets = prove(p, stage, kept, reached) if count_sets(p) <= MOST_SETS else None
    if sets is not None and (not fits(p) or not _short(sets, reached)):
        return sets
    sites = prove_sites(p, reached)
    return sites if sets is None or (sites is not None and sites.bound > sets.bound) else sets


def _short(proof: Proof, reached: float) -> bool:
    return reached - proof.bound > 1e-6 * max(1.0, abs(reached))


def _against(p: Problem) -> str:
    if p.caps_bend:
        return "caps that bend are not certified"
    if p.use is not None:
        return "uses of capacity of their own are not certified"
    if count_sets(p) > MOST_SETS and not fits(p):
        return TOO_MANY
    return ""


def _not_a_sum(stage: Stage) -> str:
    return (
        ""
        if stage.kind == "sum" and stage.pair_price is None
        else f"the goal {stage.goal} is no sum over units"
    )


def _nothing(result: LayerResult, n: int, why: str) -> GoalProof:
    goal = result.goals[n]
    return GoalProof(result.layer, goal.goal, goal.value, goal.reached, None, 0, {}, why)


def tree_of(p: Problem, node: Split | Leaf) -> dict[str, Any]:
    """The tree as the file holds it."""
    if isinstance(node, Split):
        of, one = (
            ("pair", p.district_ids[node.district]) if node.unit < 0 else ("unit", p.unit_ids[node.unit])
        )
        taken = [str(one), str(p.hospital_ids[node.hospital])]
        return {of: taken, "in": tree_of(p, node.inside), "out": tree_of(p, node.outside)}
    leaf: dict[str, Any] = {}
    for key, prices in (("places", node.places), ("people", node.people)):
        own = {str(p.hospital_ids[h]): float(prices[h]) for h in np.flatnonzero(prices).tolist()}
        if own:
            leaf[key] = own
    if len(node.kept):
        leaf["kept"] = node.kept.tolist()
    if node.costless:
        leaf["costs"] = 0
    if node.units is not None:
        leaf["units"] = {
            str(p.unit_ids[u]): float(node.units[u]) for u in np.flatnonzero(node.units).tolist()
        }
    if node.whole:
        leaf["whole"] = 1
    return leaf
