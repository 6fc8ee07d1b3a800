"""gp.programme: everything that the policy asks for on top of a plan, part by part."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gridplan.judging.programme.judge_programme import JUDGES
from gridplan.optimise.run.clock import Clock
from gridplan.plans.plan import Plan
from gridplan.policies.rule import Rule
from gridplan.programmes.ally import ally
from gridplan.programmes.deploy import deploy
from gridplan.programmes.part import Part
from gridplan.programmes.programme import Programme
from gridplan.programmes.support import lift
from gridplan.programmes.upstream import upstream
from gridplan.programmes.way.guarantee import guarantee
from gridplan.programmes.way.hosts import host
from gridplan.programmes.way.links import link
from gridplan.programmes.way.members import gather
from gridplan.programmes.way.refer import refer
from gridplan.programmes.way.scorecard import evaluate
from gridplan.programmes.way.slots import release
from gridplan.programmes.way.tiers import weigh
from gridplan.words.arguments import a_plan, check_limits
from gridplan.words.errors import BrokenPlanError, DataError, NoPlanInTimeError, PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Text, both

Make = Callable[..., Part]
# part → how it is made, in this order; which rules ask for it stands with its judge
PARTS: Mapping[str, Make] = {
    "posts": deploy,
    "alliances": ally,
    "upstream": upstream,
    "tiers": weigh,
    "members": gather,
    "guarantee": guarantee,
    "chains": refer,
    "links": link,
    "slots": release,
    "hosts": host,
    "support": lift,
    "scorecard": evaluate,
}
NEEDS: Mapping[str, tuple[str, ...]] = {"slots": ("chains",)}  # parts that a part cannot be made without
# part → the parts above that change it where they are made
STANDS_ON: Mapping[str, tuple[str, ...]] = {
    "alliances": ("posts",), "upstream": ("posts",), "chains": ("posts", "guarantee"), "support": ("posts", "alliances"),
    "scorecard": tuple(name for name in PARTS if name != "scorecard"),
}  # fmt: skip

# part → its share of the clock, beside those that are left
WEIGHTS: Mapping[str, float] = {
    "posts": 14, "alliances": 3, "upstream": 5, "tiers": 1, "members": 1, "guarantee": 1, "chains": 12, "links": 3, "slots": 1, "hosts": 3,
    "support": 2, "scorecard": 1,
}  # fmt: skip


def programme(
    plan: Plan,
    *,
    only: Sequence[str] | None = None,
    seconds: float | None = None,
    progress: Progress = silent,
) -> Programme:
    """What hangs on a plan: custody and posts, and the parts after it; the plan stays as it is.

    Each part is an integer programme with goals in order, each with value, bound and gap, solved on top of the parts
    before it, and passed by a judge that reads the tables alone.

    Parameters
    ----------
    plan : Plan
        A plan, made or opened again; its policy says which parts are asked for, and how.
    only : sequence of str, optional
        Names of parts ("posts", "alliances", "upstream", "tiers", "members", "guarantee", "chains", "links",
        "slots", "hosts", "support", "scorecard") or of their tables
        ("signatures"), also of some that the policy does not ask for: these take their usual numbers.
    seconds : float, optional
        For all parts together, shared among those that are left; by default until proven. Goals that the clock stops
        keep what was found, with bound and gap; a part without a plan by then is off, with a finding.
    progress : Progress, optional
        Called at each part.

    Returns
    -------
    Programme
        Parts whose tables the region lacks are off, with a finding each.

    Raises
    ------
    ArgumentError
        `plan` is no plan.
    PolicyError
        An unknown part; or the policy asks for none.
    DataError
        No part can be made from the tables that are there.
    NoPlanInTimeError
        The time was over before any part had a plan.
    BrokenPlanError
        The judge rejects a part (a defect of gridplan, please report it).

    References
    ----------
    上海市卫生健康委员会《关于支持本市市级和区级医疗机构高质量合作的指导意见》, 2025-09-28 (SH-11); the model:
    gridplan/optimise/FORMULATION.md.

    Examples
    --------
    The made-up town knows nothing of departments:

    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.programme(plan, only=["posts"])
    Traceback (most recent call last):
    gridplan.words.errors.DataError: custody and posts need the table(s) departments, staff...
    """
    check_limits(seconds)
    a_plan(plan, "programme")
    parts: list[Part] = []
    rules: dict[str, tuple[Rule, ...]] = {}
    off: list[Finding] = []
    refused: list[DataError | NoPlanInTimeError] = []
    clock, left = Clock(seconds), _asked(plan, only)
    weights = [WEIGHTS[name] for name in left]
    for n, name in enumerate(left):
        kinds, make = JUDGES[name].rules, PARTS[name]
        asked = tuple(r for r in map(plan.policy.rule, kinds) if r is not None) or tuple(k() for k in kinds)
        rule: Any = asked if len(kinds) > 1 else asked[0]
        try:
            given = None if clock.left is None else clock.left * weights[n] / sum(weights[n:])
            part = make(
                plan, rule, seconds=given, progress=progress, above={part.name: part for part in parts}
            )
            parts.append(_without(part, plan, left))
        except (DataError, NoPlanInTimeError) as error:
            refused.append(error)
            off.append(
                Finding("warning", "part-off", "region", error.what, error.hint or both(""), None, name)
            )
        else:
            rules[name] = asked
            progress(Step(parts[-1].proof))
    if not parts:
        if len(refused) == 1 or not all(isinstance(error, DataError) for error in refused):
            raise refused[0]
        raise DataError(
            Text("no part of the programme can be made", "实施方案没有可制定的部分"), refused[0].hint,
            [error.what for error in refused],
        )  # fmt: skip
    made = Programme(plan, tuple(parts), rules, Findings(off))
    verdict = made.verify()
    if not verdict.kept:
        raise BrokenPlanError(
            Text(f"the judge rejects the programme of {made.name}", f"核验未通过：{made.name} 的实施方案"),
            Text("see `verdict` for all breaches", "全部不符之处见 verdict"),
            [breach.line() for breach in verdict.breaches[:10]],
            verdict,
        )
    return made


def _without(part: Part, plan: Plan, made: Sequence[str]) -> Part:
    """A part that says what it would stand on, which the policy asks for and this run does not make."""
    lacking = [JUDGES[name].rules[0].title for name in _of_policy(plan) if name in STANDS_ON.get(part.name, ()) and name not in made]  # fmt: skip
    if not lacking:
        return part
    what = Text(
        f"{part.title.en}: made without {', '.join(title.en for title in lacking)}, which the policy asks for; in the whole "
        "programme it comes out otherwise.",
        f"{part.title.zh}：制定时未包括政策要求的{'、'.join(title.zh for title in lacking)}，与完整实施方案的结果不同。",
    )
    hint = Text("Make the programme without only.", "请不加 only 制定完整的实施方案。")
    told = Finding("warning", "made-without", "region", what, hint, None, part.name)
    return replace(part, findings=Findings([*part.findings, told]))


def _of_policy(plan: Plan) -> list[str]:
    """The parts that the policy asks for, in their order."""
    return [name for name in PARTS if any(plan.policy.rule(kind) is not None for kind in JUDGES[name].rules)]


def _asked(plan: Plan, only: Sequence[str] | None) -> list[str]:
    """The parts to make, in their order."""
    if only is not None:
        known = {table: name for name in PARTS for table in (*JUDGES[name].tables, *JUDGES[name].shown)}
        known |= {name: name for name in PARTS}
        names = [only] if isinstance(only, str) else list(only)
        for unknown in (name for name in names if name not in known):
            near = difflib.get_close_matches(str(unknown), known, 1)
            hint = Text(f"did you mean {near[0]}?", f"是否指 {near[0]}？") if near else both(", ".join(PARTS))
            raise PolicyError(
                Text(f"a programme has no part {unknown!r}", f"实施方案没有 {unknown!r} 部分"), hint
            )
        wanted = {known[asked] for asked in names}
        wanted |= {below for name in wanted for below in NEEDS.get(name, ())}
        return [name for name in PARTS if name in wanted]
    asked = _of_policy(plan)
    if not asked:
        raise PolicyError(
            Text(
                f"the policy {plan.policy.name} asks for no programme",
                f"政策 {plan.policy.name} 没有要求实施方案",
            ),
            Text(
                'write [posts] in the policy, or ask for parts: only=["posts"], --only posts',
                '请在政策中写 [posts]，或指定部分：only=["posts"]、--only posts',
            ),
        )
    return asked
