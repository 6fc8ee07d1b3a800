"""Scenario: a name and changes in order; what they make of a region and a policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from gridplan.inputs.region import Region
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.change import Change
from gridplan.words.errors import PolicyError, ScenarioError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Language, Text, both


@dataclass(frozen=True)
class Scenario:
    """A named future: changes to the region and to the policy, made one after the other.

    `one + other` makes the changes of both, those of `one` first.

    Parameters
    ----------
    name : str
        Short, unique among the scenarios that run together; a row of the results.
    changes : tuple[Change, ...], default ()
        Made in this order; none = as things are.
    description : Text or str, default ""
        For people, a text or one in both languages.

    Examples
    --------
    >>> import gridplan as gp
    >>> one = gp.Scenario("one", (gp.edits.CloseHospital("H4"),))
    >>> region, policy = gp.edits.apply(gp.tiny_town(), gp.policy("shanghai-2025"), one)
    >>> len(region.hospitals)
    6
    """

    name: str
    changes: tuple[Change, ...] = ()
    description: Text | str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ScenarioError(Text("a scenario needs a name", "情景须有名称"), both(repr(self.name)))
        object.__setattr__(self, "changes", tuple(self.changes))
        wrong = [change for change in self.changes if not isinstance(change, Change)]
        if wrong:
            raise TypeError(
                f"a scenario holds changes such as gp.edits.CloseHospital('SH004'), got {wrong[0]!r}"
            )

    @property
    def about(self) -> Text:
        """The description in both languages."""
        return self.description if isinstance(self.description, Text) else both(self.description)

    def __add__(self, other: Scenario) -> Scenario:
        if not isinstance(other, Scenario):
            return NotImplemented
        return Scenario(f"{self.name} + {other.name}", (*self.changes, *other.changes))

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """A sentence per change, in both languages.

        Parameters
        ----------
        region, policy : what the scenario starts from; with them ids get names, and rules what they were.
        """
        said: list[Text] = []
        for change in self.changes:
            said += change.sentences(region, policy)
            if region is not None and policy is not None:
                region, policy = change.on(region, policy)
        return tuple(said)

    def page(self, lang: Language = "en", region: Region | None = None, policy: Policy | None = None) -> str:
        """The scenario as lines a planner reads: name, description, what changes."""
        about = self.about.say(lang)
        head = self.name + (("：" if lang == "zh" else ": ") + about if about else "")
        none = Text("Nothing changes.", "不作更改。")
        lines = [text.say(lang) for text in self.sentences(region, policy) or (none,)]
        return "\n".join([head, *(f"  {line}" for line in lines)])

    def __str__(self) -> str:
        return self.page("zh") + "\n\n" + self.page("en")

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def apply(region: Region, policy: Policy, scenario: Scenario) -> tuple[Region, Policy]:
    """The region and the policy as the scenario makes them; the originals stay as they are.

    Parameters
    ----------
    region : Region
        The city as it is.
    policy : Policy
        The policy as it is.
    scenario : Scenario
        Its changes are made in their order.

    Returns
    -------
    tuple[Region, Policy]
        The changed region, and the changed policy.

    Raises
    ------
    ScenarioError
        A change names what the region lacks (with near matches), or cannot be made; all of them at once.

    Examples
    --------
    >>> import gridplan as gp
    >>> closed = gp.Scenario("without H4", (gp.edits.CloseHospital("H4"),))
    >>> region, policy = gp.edits.apply(gp.tiny_town(), gp.policy("shanghai-2025"), closed)
    >>> len(region.hospitals)
    6
    """
    faults: list[Finding] = []
    for change in scenario.changes:
        try:
            region, policy = change.on(region, policy)
        except (ScenarioError, PolicyError) as error:
            faults += _findings(change, error)
    if faults:
        what = Text(
            f"scenario {scenario.name}: {len(faults)} fault(s)", f"情景 {scenario.name}：{len(faults)} 处错误"
        )
        raise ScenarioError(what, findings=Findings(faults))
    return region, replace(policy, name=_policy_name(policy, scenario))


def _policy_name(policy: Policy, scenario: Scenario) -> str:
    return f"{policy.name}, {scenario.name}" if scenario.changes else policy.name


def _findings(change: Change, error: ScenarioError | PolicyError) -> Iterable[Finding]:
    """The faults of an error, itself where it lists none."""
    if error.findings:
        return error.findings
    hint = error.hint or both("")
    said = Text(f"{change.key}: {error.what.en}", f"{change.key}：{error.what.zh}")
    which = "; ".join(w.en if isinstance(w, Text) else w for w in error.which)
    return [Finding("error", "scenario", "scenario", said, hint, id=which)]
