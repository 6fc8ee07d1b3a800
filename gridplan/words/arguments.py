"""What callers hand in, looked at once and at once: one clear error for what cannot be meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real

from gridplan.words.errors import ArgumentError
from gridplan.words.text import Text

HAS = {  # by what each noun is known, since they stand on higher floors
    "Plan": ("region", "policy", "assignment", "pairs", "layers"),
    "Region": ("districts", "units", "hospitals", "with_tables"),
    "Policy": ("rules", "goals", "with_rule"),
    "Runs": ("record", "table", "plan"),
}
MADE_BY = {
    "Plan": Text(
        "make one with gp.plan(region, policy), or open one with gp.open_plan(folder)",
        "请用 gp.plan(region, policy) 制定方案，或用 gp.open_plan(folder) 打开方案",
    ),
    "Region": Text(
        "read one with gp.read(folder); a plan has one: plan.region",
        "请用 gp.read(文件夹) 读取；方案自带地区：plan.region",
    ),
    "Policy": Text(
        'read one with gp.policy("shanghai-2025"); a plan has one: plan.policy',
        '请用 gp.policy("shanghai-2025") 读取；方案自带政策：plan.policy',
    ),
    "Runs": Text(
        "make them with gp.scenarios(…), or open them with gp.open_runs(folder)",
        "请用 gp.scenarios(…) 制定，或用 gp.open_runs(文件夹) 打开",
    ),
}
IN_CHINESE = {"Plan": "方案", "Region": "地区", "Policy": "政策", "Runs": "情景方案"}


def check_limits(seconds: object = None, gap: object = 0.0, threads: object = 1) -> None:
    """Refuse seconds, gap and threads that no solve can keep.

    Raises
    ------
    ArgumentError : seconds is not None and no number above 0; gap is none from 0 to 1; threads is no whole number from 1 on.
    """
    if seconds is not None and not (_number(seconds) and seconds > 0):  # type: ignore[operator]
        raise _wrong(
            "seconds",
            seconds,
            Text("a number above 0, or None for no limit", "大于 0 的数，或 None（不限时）"),
        )
    if not (_number(gap) and 0 <= gap <= 1):  # type: ignore[operator]
        raise _wrong(
            "gap", gap, Text("a number from 0 to 1, such as 0.01 for 1 %", "0 到 1 的数，如 0.01 表示 1%")
        )
    if isinstance(threads, bool) or not isinstance(threads, Integral) or threads < 1:
        raise _wrong("threads", threads, Text("a whole number from 1 on", "不小于 1 的整数"))


def a_plan(plan: object, verb: str) -> None:
    """Refuse what is no plan, such as the region it would be made for.

    Raises
    ------
    ArgumentError : `plan` lacks what every plan has.
    """
    _a("Plan", plan, verb)


def a_region(region: object, verb: str) -> None:
    """Refuse what is no region, such as a plan of it.

    Raises
    ------
    ArgumentError : `region` lacks what every region has.
    """
    _a("Region", region, verb)


def a_policy(policy: object, verb: str) -> None:
    """Refuse what is no policy, such as its name.

    Raises
    ------
    ArgumentError : `policy` lacks what every policy has.
    """
    _a("Policy", policy, verb)


def some_runs(runs: object, verb: str) -> None:
    """Refuse what are no runs, such as a single plan.

    Raises
    ------
    ArgumentError : `runs` lacks what every set of runs has.
    """
    _a("Runs", runs, verb)


def _a(noun: str, value: object, verb: str) -> None:
    if all(hasattr(value, part) for part in HAS[noun]):
        return
    kind, article = type(value).__name__, "" if noun == "Runs" else "a "
    what = Text(
        f"gp.{verb} takes {article}{noun}, got a {kind}",
        f"gp.{verb} 须传入 {noun}（{IN_CHINESE[noun]}），传入的是 {kind}",
    )
    raise ArgumentError(what, MADE_BY[noun])


def a_kind(value: object, kind: type, name: str, hint: Text) -> None:
    """Refuse a value of another kind.

    Raises
    ------
    ArgumentError : `value` is no `kind`.
    """
    if not isinstance(value, kind):
        found = type(value).__name__
        what = Text(
            f"{name} must be a {kind.__name__}, got a {found}",
            f"{name} 须为 {kind.__name__}，传入的是 {found}",
        )
        raise ArgumentError(what, hint)


def one_of(name: str, value: object, known: Sequence[str]) -> None:
    """Refuse a word that is none of those known.

    Raises
    ------
    ArgumentError : it is another one.
    """
    if value not in known:
        listed = ", ".join(map(repr, known))
        raise _wrong(name, value, Text(f"one of {listed}", f" {listed} 之一"))


def _number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def _wrong(name: str, value: object, wanted: Text) -> ArgumentError:
    what = Text(f"{name}={value!r} cannot be used", f"{name}={value!r} 无效")
    return ArgumentError(what, Text(f"give {wanted.en}", f"请给出{wanted.zh}"))
