"""What a layer's priorities, and the rules whose price is told, cost its residents, in words."""

from __future__ import annotations

from collections.abc import Mapping

from gridplan.policies.policy import Policy
from gridplan.words.text import Text


def prices_text(
    policy: Policy, each: float | None, value: float, without: Mapping[str, float], people: float
) -> Text:
    """Halves of a sentence, each begun with a semicolon; empty where no price is known.

    Parameters
    ----------
    each : minutes per resident that the priorities cost.
    value, without : of the last goal, and what it would be without a rule, by the rule's id.
    people : residents among whom the difference is shared.
    """
    told = []
    if each is not None:
        told.append(
            Text(f"; priorities cost {each:.1f} min per resident", f"；优先次序使人均多 {each:.1f} 分钟")
        )
    titles = {rule.id: rule.title for rule in policy.rules}
    for rule, bare in without.items():
        more, title = (value - bare) / max(1.0, people), titles.get(rule, Text(rule, rule))
        told.append(
            Text(
                f"; {title.en} ({rule}) costs {more:.2f} min per resident ({bare:,.0f} without, {value:,.0f} with)",
                f"；{title.zh}（{rule}）使人均多 {more:.2f} 分钟（无此规则 {bare:,.0f}，有 {value:,.0f}）",
            )
        )
    return Text("".join(text.en for text in told), "".join(text.zh for text in told))
