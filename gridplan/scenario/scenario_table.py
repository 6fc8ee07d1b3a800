"""Scenario files: TOML that a planner reads and writes, every fault told at once with file and key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gridplan.inputs.sheets.notes import FileFault, did_you_mean
from gridplan.inputs.sheets.read_toml import read_toml
from gridplan.policies.policy import Policy
from gridplan.scenario.edits.change import Change, fault
from gridplan.scenario.edits.close_hospital import CloseHospital
from gridplan.scenario.edits.people import Population
from gridplan.scenario.edits.places import CloseLink, CloseRoads, NewBranch, OpenBranch
from gridplan.scenario.edits.policy_edits import PolicyTables, UsePolicy
from gridplan.scenario.edits.staff import ALL, Staff
from gridplan.scenario.edits.travel_edits import Speeds, TravelFactor
from gridplan.scenario.scenario import Scenario
from gridplan.words.errors import PolicyError, ScenarioError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text, both

NUMBER = (int, float)
AIMS = ("goals", "tolerance")  # keys of a policy that may stand beside it
# The keys of a scenario, in the order in which their changes are made; the policy first.
KEYS = (
    "description", "extends", "policy", *AIMS, "population", "groups", "open_branch", "close_hospital", "close_link",
    "close_roads", "staff", "speeds", "travel_factor",
)  # fmt: skip
SEE = Text("see docs/scenarios.md for what may stand there", "可写内容见 docs/scenarios.md")


def read_scenarios(path: str | Path) -> dict[str, Scenario]:
    r"""The scenarios of a TOML file, by name, in the order of the file.

    Parameters
    ----------
    path : str or Path
        A TOML file (docs/scenarios.md).

    Returns
    -------
    dict[str, Scenario]
        Name → Scenario.

    Raises
    ------
    ScenarioError
        It cannot be read, is no TOML, or has faults; all of them at once, each naming file and key.

    Examples
    --------
    >>> from pathlib import Path
    >>> import gridplan as gp
    >>> _ = Path("scenarios.toml").write_text("[scenario.one_each.policy]\ndistrict_cap = 1\n", encoding="utf-8")
    >>> list(gp.read_scenarios("scenarios.toml"))
    ['one_each']
    """
    path = Path(path)
    try:
        content = read_toml(path)
    except FileFault as wrong:
        raise ScenarioError(wrong.what, wrong.hint) from None
    return scenarios_of(content, path.name, path.parent)


def scenarios_of(content: Mapping[str, Any], file: str, folder: Path = Path()) -> dict[str, Scenario]:
    """The scenarios of the tables of a file.

    Parameters
    ----------
    folder : where paths of policies start from.
    """
    reader = _Reader(file, folder)
    return reader.read(content)


def changes_of(
    table: Mapping[str, Any], where: str = "scenario", folder: Path = Path()
) -> tuple[Change, ...]:
    """The changes of one scenario's table, without what it extends: the way back from `Change.table`."""
    reader = _Reader(where, folder)
    changes = reader.changes(table, where)
    reader.raise_if_any()
    return changes


@dataclass
class _Reader:
    """Reads the tables of a file and gathers all faults."""

    file: str
    folder: Path
    faults: list[Finding] = field(default_factory=list)

    def read(self, content: Mapping[str, Any]) -> dict[str, Scenario]:
        for key in content:
            if key != "scenario":
                hint = Text("scenarios are tables [scenario.NAME]", "情景写为表 [scenario.名称]")
                self.wrong(key, Text("is no key of a scenario file", "不是情景文件的键"), hint)
        tables = content.get("scenario", {})
        if not isinstance(tables, Mapping) or not tables:
            what = Text("holds no scenario", "没有任何情景")
            self.wrong(
                "scenario",
                what,
                Text("write [scenario.NAME] and its changes", "请写 [scenario.名称] 及其更改"),
            )
            self.raise_if_any()
        own = {name: self.scenario(name, table) for name, table in tables.items()}
        known = {name: scenario for name, scenario in own.items() if scenario is not None}
        whole = {
            name: Scenario(name, tuple(self.inherited(name, tables, known, ())), scenario.description)
            for name, scenario in known.items()
        }
        self.raise_if_any()
        return whole

    def scenario(self, name: str, table: Any) -> Scenario | None:
        """One scenario with its own changes only."""
        where = f"{self.file}: scenario.{name}"
        if not isinstance(table, Mapping):
            self.wrong(f"scenario.{name}", Text("must be a table", "须为表"), both(f"[scenario.{name}]"))
            return None
        about = table.get("description", "")
        if (
            isinstance(about, Mapping)
            and set(about) == {"en", "zh"}
            and all(isinstance(v, str) for v in about.values())
        ):
            about = Text(about["en"], about["zh"])
        elif not isinstance(about, str):
            hint = both('description = "…"')
            self.wrong(f"scenario.{name}.description", Text("must be a text", "须为文字"), hint)
            about = ""
        return Scenario(name, self.changes(table, where), about)

    def inherited(
        self, name: str, tables: Mapping[str, Any], known: Mapping[str, Scenario], above: tuple[str, ...]
    ) -> Iterator[Change]:
        """The changes of the scenarios that one extends, then its own."""
        bases = tables[name].get("extends", [])
        bases = [bases] if isinstance(bases, str) else bases
        key = f"scenario.{name}.extends"
        if not isinstance(bases, list) or not all(isinstance(base, str) for base in bases):
            self.wrong(
                key,
                Text("must be a name, or a list of names", "须为名称或名称列表"),
                both('extends = ["a", "b"]'),
            )
            bases = []
        for base in bases:
            if base == name or base in above:
                what = Text(f"{base!r} extends this one in turn", f"{base!r} 形成循环")
                self.wrong(key, what, Text("let one of them stand alone", "请让其中一个不再扩展"))
            elif base in known:
                yield from self.inherited(base, tables, known, (*above, name))
            elif base not in tables:
                self.wrong(
                    key,
                    Text(f"there is no scenario {base!r}", f"没有情景 {base!r}"),
                    did_you_mean(base, tables),
                )
        yield from known[name].changes

    def changes(self, table: Mapping[str, Any], where: str) -> tuple[Change, ...]:
        """The changes that a table writes, in the order of KEYS."""
        place = where.removeprefix(f"{self.file}: ")
        for key in table:
            if key not in KEYS:
                what = Text("is no key of a scenario", "不是情景的键")
                self.wrong(f"{place}.{key}", what, did_you_mean(key, KEYS))
        made: list[Change] = []
        for key in KEYS:
            if key in table and key not in ("description", "extends"):
                made += self.built(key, table[key], where, f"{place}.{key}")
        return tuple(made)

    def built(self, key: str, value: Any, where: str, place: str) -> list[Change]:
        """The changes of one key; faults are noted."""
        before = len(self.faults)
        try:
            made = list(self.of_key(key, value, where, place))
        except (ScenarioError, PolicyError) as error:
            self.faults += error.findings or [fault(f"{self.file}: {place}", error.what, error.hint or SEE)]
            return []
        return made if len(self.faults) == before else []

    def of_key(self, key: str, value: Any, where: str, place: str) -> Iterator[Change]:
        if key == "policy":
            yield from self.policy(value, f"{where}.policy", place)
        elif key in AIMS:
            yield PolicyTables({key: value}, where)
        elif key in ("population", "speeds"):
            if self.is_table(value, place):
                yield Population(value) if key == "population" else Speeds(value)
        elif key == "groups":
            for group, factors in value.items() if self.is_table(value, place) else ():
                if self.is_table(factors, f"{place}.{group}"):
                    yield Population(factors, group)
        elif key == "staff":
            yield Staff(value if isinstance(value, Mapping) else {ALL: value})
        elif key == "travel_factor":
            yield TravelFactor(value)
        else:
            yield from self.listed(key, value, place)

    def policy(self, value: Any, where: str, place: str) -> Iterator[Change]:
        """A name of another policy, a whole policy, or tables laid over the one that the scenarios start from."""
        if isinstance(value, str):
            beside = self.folder / value
            yield _checked(UsePolicy(beside if beside.is_file() else value))
        elif self.is_table(value, place):
            tables = dict(value)
            if "extends" in tables:
                yield from self.policy(tables.pop("extends"), where, f"{place}.extends")
            if tables:
                yield PolicyTables(tables, where)

    def listed(self, key: str, value: Any, place: str) -> Iterator[Change]:
        """Branches, hospitals, links, lines of roads: one or a list."""
        one: Callable[[Any, str], Change | None] = {
            "open_branch": self.branch,
            "close_hospital": lambda v, p: CloseHospital(v) if self.is_id(v, p) else None,
            "close_link": self.link,
            "close_roads": self.roads,
        }[key]
        alone = not isinstance(value, list) or (
            key == "close_roads" and value and isinstance(value[0], NUMBER)
        )
        for item in [value] if alone else value:
            change = one(item, place)
            if change is not None:
                yield change

    def branch(self, value: Any, place: str) -> Change | None:
        if not isinstance(value, Mapping):
            return OpenBranch(value) if self.is_id(value, place) else None
        known = [f.name for f in fields(NewBranch)]
        for name in value:
            if name not in known:
                self.wrong(
                    f"{place}.{name}",
                    Text("is no key of a new branch", "不是新院区的键"),
                    did_you_mean(name, known),
                )
        lacking = [name for name in known[:4] if name not in value]
        for name in lacking:
            self.wrong(f"{place}.{name}", Text("is missing", "缺少"), SEE)
        words = [name for name in ("hospital_id", "district_id", "relation", "name") if name in value]
        texts = not [name for name in words if not self.is_id(value[name], f"{place}.{name}")]
        return NewBranch(**value) if not lacking and texts and set(value) <= set(known) else None

    def link(self, value: Any, place: str) -> Change | None:
        if isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value):
            return CloseLink((value[0], value[1]))
        return CloseLink(value) if self.is_id(value, place) else None

    def roads(self, value: Any, place: str) -> Change | None:
        if isinstance(value, list):
            return CloseRoads(tuple(value))
        self.wrong(place, Text("must be four numbers", "须为四个数"), both("[121.5, 31.3, 121.6, 31.4]"))
        return None

    def is_id(self, value: Any, place: str) -> bool:
        if isinstance(value, str):
            return True
        hint = Text(f'write it in quotes: "{value}"', f'请加引号："{value}"')
        self.wrong(place, Text(f"must be a text; got {value!r}", f"须为文字；现为 {value!r}"), hint)
        return False

    def is_table(self, value: Any, place: str) -> bool:
        if isinstance(value, Mapping):
            return True
        hint = both(f"{place.rpartition('.')[2]} = {{ … }}")
        self.wrong(place, Text(f"must be a table; got {value!r}", f"须为表；现为 {value!r}"), hint)
        return False

    def wrong(self, key: str, what: Text, hint: Text) -> None:
        said = Text(f"{self.file}: {key} {what.en}", f"{self.file}：{key} {what.zh}")
        found = Finding("error", "scenario", "scenario", said, hint, id=key)
        if found not in self.faults:
            self.faults.append(found)

    def raise_if_any(self) -> None:
        if self.faults:
            count = len(self.faults)
            what = Text(
                f"{self.file}: {count} fault(s) in the scenarios", f"{self.file}：情景有 {count} 处错误"
            )
            raise ScenarioError(what, findings=Findings(self.faults))


def _checked(change: UsePolicy) -> UsePolicy:
    """The policy read once, so that a fault is told where it is named and workers need no file."""
    policy: Policy = change.policy
    return UsePolicy(policy)
