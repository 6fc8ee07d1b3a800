"""What a layer's priorities, and the rules whose price is told, cost its residents, in words; what is travel, what is price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gridplan.policies.goals import UNITS
from gridplan.policies.policy import Policy
from gridplan.words.text import Text

SAME = 0.005  # minutes: less is not seen in two decimals


def mean_text(minutes: float, counted: float) -> Text:
    """Mean minutes travelled, and beside them what the goal counts where that is more than travel.

    Parameters
    ----------
    minutes : that a resident travels on average.
    counted : per resident as the goal "travel" counts, with the prices of priorities and changes.
    """
    if abs(counted - minutes) < SAME:
        return Text(f"{minutes:.2f} min per resident", f"人均 {minutes:.2f} 分钟")
    return Text(
        f"{minutes:.2f} min per resident ({counted:.2f} as the goal counts it, priorities included)",
        f"人均 {minutes:.2f} 分钟（计入优先级等折算为 {counted:.2f}）",
    )


def prices_text(
    policy: Policy, each: float | None, value: float, without: Mapping[str, float], people: float, unit: str
) -> Text:
    """Halves of a sentence, each begun with a semicolon; empty where no price is known.

    Parameters
    ----------
    each : minutes per resident that the priorities cost.
    value, without : of the last goal, and what it would be without a rule, by the rule's id.
    people : residents among whom the difference is shared.
    unit : of the last goal, a key of `policies.goals.UNITS`.
    """
    told = []
    if each is not None:
        told.append(
            Text(f"; priorities cost {each:.1f} min per resident", f"；优先次序使人均多 {each:.1f} 分钟")
        )
    for name, _, sentence in rule_prices(policy, value, without, people, unit):
        told.append(Text(f"; {name.en} {sentence.en}", f"；{name.zh}{sentence.zh}"))
    return Text("".join(text.en for text in told), "".join(text.zh for text in told))


def rule_prices(
    policy: Policy, value: float, without: Mapping[str, float], people: float, unit: str
) -> Iterator[tuple[Text, float, Text]]:
    """Each rule whose price is known: its name, minutes per resident, and the rest of a sentence that tells both values."""
    titles, total = {rule.id: rule.title for rule in policy.rules}, UNITS[unit]
    for rule, bare in without.items():
        each, title = (value - bare) / max(1.0, people), titles.get(rule, Text(rule, rule))
        yield (
            Text(f"{title.en} ({rule})", f"{title.zh}（{rule}）"),
            each,
            Text(
                f"costs {each:.2f} min per resident ({bare:,.0f} {total.en} without, {value:,.0f} with)",
                f"使人均多 {each:.2f} 分钟（无此规则 {bare:,.0f} {total.zh}，有 {value:,.0f}）",
            ),
        )
