"""Changes to the policy: rules in Python, tables as profiles write them, another profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar

from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.policies.extends import merged, origins_of
from gridplan.policies.policy import Policy
from gridplan.policies.profile import RULE_KEYS, from_dict, plain_rule, to_dict
from gridplan.policies.profile import policy as read_policy
from gridplan.policies.rules import Rule
from gridplan.scenario.edits.change import Change, fault, refuse
from gridplan.words.text import Text

OTHER_KEYS = {
    "goals": Text("Goals", "目标"),
    "tolerance": Text("Tolerance", "容许放宽"),
    "travel": Text("Travel", "出行"),
    "off": Text("Switched off", "不启用"),
}


@dataclass(frozen=True)
class WithRules(Change):
    """Rules laid over the policy, as `Policy.with_rule` does: one of the same class is replaced, pins are added.

    Parameters
    ----------
    rules : tuple[Rule, ...]
        Rules as `gp.rules` has them.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.WithRules((gp.rules.DistrictCap(1),)),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> policy.rule(gp.rules.DistrictCap).most
    1
    """

    rules: tuple[Rule, ...]
    key: ClassVar[str] = "policy"

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", tuple(self.rules))

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        tables: dict[str, Any] = {}
        for rule in self.rules:
            plain = plain_rule(rule)
            tables[rule.key] = [*tables.get(rule.key, []), plain] if rule.many else plain
        return {self.key: tables}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The policy with these rules."""
        return region, policy.with_rule(*self.rules)

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """A sentence per rule; what it was before where the policy is known."""
        if policy is not None:
            return policy.diff(policy.with_rule(*self.rules))
        said = [(rule, rule.sentence()) for rule in self.rules]
        return tuple(Text(f"{r.id} {r.title.en}: {s.en}", f"{r.id} {r.title.zh}：{s.zh}") for r, s in said)


@dataclass(frozen=True)
class PolicyTables(Change):
    """Tables of a profile laid over the policy: `{"district_cap": 1, "goals": ["changes", "travel"]}`.

    A rule's table replaces the keys that it writes and keeps the others. A single value is the rule's first key
    (`district_cap = 1`), `true` switches a rule on as it stands by default, `false` switches it off. Pins and bans
    are added to those of the policy.

    Parameters
    ----------
    tables : Mapping[str, object]
        Keys as profiles write them: rules, goals, tolerance, travel, off.
    where : str, default "policy"
        Named in messages ("scenarios.toml: scenario.one_each.policy").

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.PolicyTables({"district_cap": 1}),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> policy.rule(gp.rules.DistrictCap).most
    1
    """

    tables: Mapping[str, Any]
    where: str = field(default="policy", compare=False)
    key: ClassVar[str] = "policy"

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", dict(self.tables))
        known = (*OTHER_KEYS, *RULE_KEYS)
        refuse(
            fault(
                f"{self.where}.{key}",
                Text("is no key that a scenario may change", "不是情景可以更改的键"),
                did_you_mean(key, known),
                key,
            )
            for key in self.tables
            if key not in known
        )

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: dict(self.tables)}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The policy with these tables.

        Raises
        ------
        PolicyError : a value that cannot stand, with its key.
        """
        return region, self._laid_over(policy)

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """A sentence per rule that changes, with what it was where the policy is known; else the keys as written."""
        if policy is not None:
            return policy.diff(self._laid_over(policy))
        return tuple(_as_written(key, value) for key, value in self.tables.items())

    def _laid_over(self, policy: Policy) -> Policy:
        off = [key for key, value in self.tables.items() if value is False]
        given = self.tables.get("off", [])
        off += [key for key in given if key in RULE_KEYS] if isinstance(given, list) else []
        below = {key: value for key, value in to_dict(policy).items() if key not in off}
        above = {key: _table(key, value) for key, value in self.tables.items() if key not in (*off, "off")}
        pairs = {key: above.pop(key) for key in list(above) if key in RULE_KEYS and RULE_KEYS[key].many}
        origins = {**policy.origins, **origins_of(self.tables, self.where)}
        changed = from_dict(merged(below, above), self.where, origins)
        if pairs:
            head = {"name": policy.name, "travel": to_dict(policy)["travel"]}
            changed = changed.with_rule(*from_dict({**head, **pairs}, self.where, origins).rules)
        if isinstance(given, list) and (strangers := [key for key in given if key not in RULE_KEYS]):
            refuse(
                fault(
                    f"{self.where}.off",
                    Text(f"has {key!r}, which is no rule", f"中的 {key!r} 不是规则"),
                    did_you_mean(str(key), RULE_KEYS),
                    str(key),
                )
                for key in strangers
            )
        return changed


@dataclass(frozen=True)
class UsePolicy(Change):
    """Another policy altogether, in place of the one that the scenarios start from.

    Parameters
    ----------
    name : str or Path or Policy
        A built-in profile, the path of a file, or a Policy.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.UsePolicy("shanghai-2025-strict"),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> policy.name
    'shanghai-2025-strict, future'
    """

    name: str | Path | Policy
    key: ClassVar[str] = "policy"

    @property
    def policy(self) -> Policy:
        """The policy itself.

        Raises
        ------
        PolicyError : there is none of that name, or it has faults.
        """
        return self.name if isinstance(self.name, Policy) else read_policy(self.name)

    def table(self) -> dict[str, Any]:
        """As a profile, whole."""
        return {self.key: to_dict(self.policy)}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """That policy."""
        return region, self.policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence, and what differs where the policy before is known."""
        mine = self.policy
        said = Text(f"The policy is {mine.name}: {mine.title.en}", f"政策为 {mine.name}：{mine.title.zh}")
        return (said, *(policy.diff(mine) if policy is not None else ()))


def _table(key: str, value: Any) -> Any:
    """A rule's table as profiles write it, from the short forms."""
    kind = RULE_KEYS.get(key)
    if kind is None or isinstance(value, Mapping) or (kind.many and isinstance(value, list)):
        return value
    if value is True:
        return {}
    names = [f.name for f in fields(kind)]
    return {names[0]: value} if names and not kind.whole else value


def _as_written(key: str, value: Any) -> Text:
    kind = RULE_KEYS.get(key)
    title = kind.title if kind is not None else OTHER_KEYS[key]
    if value is False:
        return Text(f"{title.en}: off", f"{title.zh}：不启用")
    written = value
    if isinstance(value, Mapping):
        written = ", ".join(f"{k} = {v}" for k, v in value.items())
    elif isinstance(value, list):
        written = ", ".join(str(v) for v in value)
    return Text(f"{title.en}: {written}", f"{title.zh}：{written}")
