"""What callers hand in, looked at once and at once: one clear error for what cannot be meant."""

from __future__ import annotations

import math
from numbers import Integral, Real

from gridplan.words.errors import ArgumentError
from gridplan.words.text import Text

PLAN_HAS = ("region", "policy", "assignment", "pairs", "layers")


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
    if all(hasattr(plan, part) for part in PLAN_HAS):
        return
    kind = type(plan).__name__
    raise ArgumentError(
        Text(f"gp.{verb} takes a Plan, got a {kind}", f"gp.{verb} 须传入 Plan（方案），传入的是 {kind}"),
        Text(
            "make one with gp.plan(region, policy), or open one with gp.open_plan(folder)",
            "请用 gp.plan(region, policy) 制定方案，或用 gp.open_plan(folder) 打开方案",
        ),
    )


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


def _number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def _wrong(name: str, value: object, wanted: Text) -> ArgumentError:
    what = Text(f"{name}={value!r} cannot be used", f"{name}={value!r} 无效")
    return ArgumentError(what, Text(f"give {wanted.en}", f"请给出{wanted.zh}"))
