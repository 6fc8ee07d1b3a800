"""What is to be run: each scenario of each region with a key that says what its result depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gridplan.inputs.region import Region
from gridplan.optimise.engines.choose import Engine
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.change import Change
from gridplan.scenario.edits.policy_edits import UsePolicy
from gridplan.scenario.scenario import Scenario
from gridplan.words.errors import ScenarioError
from gridplan.words.text import Text, both

Asked = Scenario | Policy | tuple[Region, Policy]


@dataclass(frozen=True)
class UseRegion(Change):
    """Another region altogether, as it is given from Python."""

    region: Region
    key: ClassVar[str] = "region"

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """That region."""
        return self.region, policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        return (Text(f"The region is {self.region.name}.", f"地区为 {self.region.name}。"),)

    def table(self) -> dict[str, Any]:
        """By its fingerprint."""
        return {self.key: self.region.fingerprint}


@dataclass(frozen=True)
class Settings:
    """How every scenario of a run is solved.

    Parameters
    ----------
    engine, seconds, gap : as `gp.plan`; `seconds` is the clock of each scenario.
    programme : whether the programme of each plan is made too.
    """

    engine: Engine = "auto"
    seconds: float | None = None
    gap: float = 0.0
    programme: bool = False

    @property
    def most_seconds(self) -> float | None:
        """When a scenario that does not keep to its clock is given up: it may be stuck where no clock is read."""
        return None if self.seconds is None else 3 * self.seconds + 60


@dataclass(frozen=True)
class Case:
    """One scenario to solve: its name in the results, the city it is of ("" where there is only one), its key."""

    name: str
    city: str
    scenario: Scenario
    key: str

    def record(self) -> dict[str, Any]:
        """What run.json keeps of it."""
        about = self.scenario.about
        return {
            "name": self.name,
            "city": self.city,
            "scenario": self.scenario.name,
            "description": {"en": about.en, "zh": about.zh},
            "key": self.key,
        }


def case_of(name: str, city: str, scenario: Scenario, base: str, version: str, settings: Settings) -> Case:
    """A case with its key: the hash of inputs, changes, policy, version and settings.

    Parameters
    ----------
    base : what the region and the policy that it starts from are known by.
    """
    changes = [change.table() for change in scenario.changes]
    told = [base, changes, version, settings.engine, settings.seconds, settings.gap]
    told += ["programme"] if settings.programme else []
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return Case(name, city, scenario, hashlib.sha256(text.encode("utf-8")).hexdigest()[:32])


def scenario_of(name: str, asked: Asked) -> Scenario:
    """The scenario of whatever a user may give: a Scenario, a Policy, or a (Region, Policy)."""
    if isinstance(asked, Scenario):
        return asked
    if isinstance(asked, Policy):
        return Scenario(name, (UsePolicy(asked),))
    if (
        isinstance(asked, tuple)
        and len(asked) == 2
        and isinstance(asked[0], Region)
        and isinstance(asked[1], Policy)
    ):
        return Scenario(name, (UseRegion(asked[0]), UsePolicy(asked[1])))
    raise TypeError(
        f"scenario {name!r} must be a Scenario, a Policy or a (Region, Policy), got {type(asked).__name__}"
    )


def named(asked: Mapping[str, Asked]) -> dict[str, Scenario]:
    """The scenarios by name, as they are asked for.

    Raises
    ------
    ScenarioError : there is none.
    """
    if not asked:
        what = Text("there is no scenario to run", "没有可运行的情景")
        raise ScenarioError(what, both('{"today": gp.Scenario("today")}'))
    return {str(name): scenario_of(str(name), one) for name, one in asked.items()}
