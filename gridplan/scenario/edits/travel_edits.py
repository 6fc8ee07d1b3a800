"""Changes to how fast people travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.change import Change, fault, kind_faults, listed, number_faults, refuse
from gridplan.scenario.edits.places import minutes_from
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS, both_words

FASTEST = 500.0  # km/h
MOST_TIMES = 10.0


@dataclass(frozen=True)
class Speeds(Change):
    """Other speeds by the kind of the unit's district; kinds that are not named keep theirs.

    Parameters
    ----------
    km_h : Mapping[str, float]
        Kind → km/h.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.Speeds({"central": 15}),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> policy == gp.policy("shanghai-2025")
    False
    """

    km_h: Mapping[str, float]
    key: ClassVar[str] = "speeds"

    def __post_init__(self) -> None:
        object.__setattr__(self, "km_h", dict(self.km_h))
        hint = Text("km/h, as in speeds = { central = 18 }", "公里/小时，如 speeds = { central = 18 }")
        refuse([*kind_faults(self.key, self.km_h), *number_faults(self.key, self.km_h, 0, FASTEST, hint)])

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: dict(self.km_h)}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The policy with these speeds."""
        source = minutes_from(region, policy.travel)
        if source != "straight_line":
            what = Text(
                f"minutes come from the region's {source}, which no speed changes",
                f"出行时间取自本地区的 {source}，与时速无关",
            )
            hint = Text("use travel_factor = 1.2 for 20 % longer", "延长 20% 请写 travel_factor = 1.2")
            refuse([fault(self.key, what, hint)])
        travel = replace(policy.travel, speed_km_h={**policy.travel.speed_km_h, **self.km_h})
        return region, replace(policy, travel=travel)

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence, with what the speeds were where the policy is known."""
        before = policy.travel.speed_km_h if policy is not None else {}
        parts = []
        for kind, speed in self.km_h.items():
            word, was = both_words(KINDS, kind), f"{before[kind]:g} → " if kind in before else ""
            parts.append(Text(f"{word.en} {was}{speed:g}", f"{word.zh} {was}{speed:g}"))
        said = listed(parts)
        return (Text(f"Speeds in km/h: {said.en}.", f"时速（公里）：{said.zh}。"),)


@dataclass(frozen=True)
class TravelFactor(Change):
    """Every journey takes `factor` times as long, wherever the minutes come from.

    Parameters
    ----------
    factor : float
        Above 0; 1.2 = 20 % longer.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.TravelFactor(1.2),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> policy == gp.policy("shanghai-2025")
    False
    """

    factor: float
    key: ClassVar[str] = "travel_factor"

    def __post_init__(self) -> None:
        hint = Text("1.2 means 20 % longer", "1.2 表示延长 20%")
        refuse(number_faults(self.key, {"factor": self.factor}, 0, MOST_TIMES, hint))

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: self.factor}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The table or the roads with longer minutes, and lower speeds."""
        tables = {}
        for name in ("travel", "roads"):
            table = getattr(region, name)
            if table is not None:
                tables[name] = table.assign(minutes=table["minutes"] * self.factor)
        slower = replace(
            policy.travel,
            speed_km_h={kind: speed / self.factor for kind, speed in policy.travel.speed_km_h.items()},
            walk_km_h=policy.travel.walk_km_h / self.factor,
        )
        return (region.with_tables(**tables) if tables else region), replace(policy, travel=slower)

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        return (
            Text(
                f"Every journey takes {self.factor:g} times as long.",
                f"所有出行时间变为原来的 {self.factor:g} 倍。",
            ),
        )
