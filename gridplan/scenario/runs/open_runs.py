"""Runs: what a run folder holds, and the way back to a whole plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from gridplan.doctor.doctor import check
from gridplan.geography.reading import read
from gridplan.geography.travel import travel_times
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.plans.folder.store import layer_result
from gridplan.plans.plan import Plan
from gridplan.policies.pairs import candidates
from gridplan.policies.policy import Policy
from gridplan.policies.preflight import unstated
from gridplan.policies.profile import from_dict
from gridplan.scenario.runs.row import SOLVED, assignment_of
from gridplan.scenario.runs.run_files import frame, half
from gridplan.scenario.runs.run_folder import RunFolder, read_record
from gridplan.scenario.scenario import Scenario, apply
from gridplan.scenario.scenario_table import changes_of
from gridplan.words.damaged import trusted
from gridplan.words.errors import DataError, ScenarioError
from gridplan.words.findings import Findings
from gridplan.words.text import Language, Text
from gridplan.words.vocabulary import PAIR_COLUMNS

ANEW = Text("run the scenarios again in a new folder", "请在新文件夹中重新运行情景")
MOST_KEPT = 8  # plans of a run in memory, so that a comparison need not open each several times


@dataclass(frozen=True, eq=False)
class Runs:
    """The scenarios of a run folder, finished and waiting.

    Parameters
    ----------
    folder : where everything is.
    record : what run.json holds.
    table : a row per scenario and layer: name, city, scenario, layer, status, reason, figures.
    """

    folder: Path
    record: Mapping[str, Any]
    table: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The scenarios, in the order in which they were asked for."""
        return [case["name"] for case in self.record["cases"]]

    @property
    def waiting(self) -> list[str]:
        """The scenarios that have not been run yet."""
        return self.table.loc[self.table["status"] == "waiting", "name"].tolist()

    def case(self, name: str) -> Mapping[str, Any]:
        """What run.json keeps of a scenario.

        Raises
        ------
        ScenarioError : there is none of that name.
        """
        found = self._cases.get(name)
        if found is None:
            what = Text(f"the run has no scenario {name!r}", f"该运行没有情景 {name!r}")
            raise ScenarioError(what, did_you_mean(name, self.names))
        return found

    @cached_property
    def _cases(self) -> dict[str, Mapping[str, Any]]:
        return {case["name"]: case for case in self.record["cases"]}

    @cached_property
    def policy(self) -> Policy:
        """The policy that the scenarios start from."""
        return from_dict(self.record["policy"], "run.json")

    def base(self, city: str = "") -> Region:
        """The region that the scenarios start from."""
        if city not in self._bases:
            self._bases[city] = read_base(self.folder, self.record, city)
        return self._bases[city]

    @cached_property
    def _bases(self) -> dict[str, Region]:
        return {}

    def region(self, name: str) -> Region:
        """The region of a scenario."""
        with trusted(_damaged(name)):
            records = [json.loads(row["record"]) for row in self.rows(name) if row["record"]]
            policy = from_dict(records[0]["policy"], "run.json") if records else self.policy
        return self._region(name, policy)

    def _region(self, name: str, policy: Policy) -> Region:
        """The region of a scenario; whether a change may be made can depend on the policy that came of it."""
        case, region = self.case(name), self.base(self.case(name)["city"])
        for table in case["changes"]:
            if "region" in table:
                region = read(self.folder / "regions" / table["region"][:16])
            else:
                region = apply(region, policy, Scenario(name, changes_of(table)))[0]
        return region

    def rows(self, name: str) -> list[dict[str, Any]]:
        """All that is kept of a scenario, a row per layer, lists and record included."""
        case = self.case(name)
        columns = ["layer", "status", "served_by", "served_people", "pair_list", "record"]
        return RunFolder(self.folder).read(columns, [case["key"]]).to_pylist()

    def programmes(self) -> pd.DataFrame:
        """A row per goal of each plan's programme, where it was asked for.

        Returns
        -------
        DataFrame name, city, part, goal, value, bound, gap, unit, status, modelled (tables that it rests on), reason, reason_zh.
        """
        columns = [
            "name",
            "city",
            "part",
            "goal",
            "value",
            "bound",
            "gap",
            "unit",
            "status",
            "modelled",
            "reason",
            "reason_zh",
        ]
        rows = [
            {"name": name, "city": self.case(name)["city"], **goal}
            for name in self.names
            for row in self.rows(name)
            if row["record"]
            for goal in json.loads(row["record"]).get("programme", [])
        ]
        return pd.DataFrame(rows).reindex(columns=columns)

    def plan(self, name: str) -> Plan:
        """The whole plan of a scenario again, to draw, explain, verify or save.

        Raises
        ------
        ScenarioError : no such scenario, or it has no plan; its reason is told.
        DataError : the region is not the one that was planned.
        """
        rows = self.rows(name)
        kept = self._plans.get(name)
        if kept is None or kept[0] != rows:  # a run that goes on may have solved it again
            if len(self._plans) >= MOST_KEPT:
                self._plans.clear()
            kept = self._plans[name] = rows, self._plan(name, rows)
        return kept[1]

    @cached_property
    def _plans(self) -> dict[str, tuple[list[dict[str, Any]], Plan]]:
        """The plans opened last, with what they were made of: a comparison asks for each several times."""
        return {}

    def _plan(self, name: str, rows: list[dict[str, Any]]) -> Plan:
        solved = [row for row in rows if row["status"] in SOLVED]
        if not solved:
            mine = self.table[self.table["name"] == name].iloc[0]
            what = Text(
                f"scenario {name} has no plan: {mine['status']}", f"情景 {name} 没有方案：{mine['status']}"
            )
            raise ScenarioError(what, Text(str(mine["reason"] or ""), str(mine["reason_zh"] or "")))
        with trusted(_damaged(name)):
            record = json.loads(next(row["record"] for row in solved if row["record"]))
            policy, known = from_dict(record["policy"], "run.json"), record["region_sha256"]
        region = self._region(name, policy)
        if region.fingerprint != known:
            what = Text(f"the region of scenario {name} has changed since", f"情景 {name} 的地区数据已改变")
            raise DataError(what, ANEW)
        travel = travel_times(region, sorted(set(candidates(region, policy)["hospital_id"])), policy.travel)
        minutes = travel.to_frame()
        with trusted(_damaged(name)):
            tables = [assignment_of(row, region.units, minutes) for row in solved]
            listed = [{**pair, "layer": row["layer"]} for row in solved for pair in row["pair_list"]]
            pairs = pd.DataFrame(listed, columns=PAIR_COLUMNS)
            pairs = pairs.astype({"priority": "int64", "counted": "int64", "people": "int64"})
            layers = tuple(layer_result(layer) for layer in record["layers"])
            provenance = record["provenance"]
        findings = Findings([*check(region).warnings, *unstated(region, policy)])
        assigned = pd.concat(tables, ignore_index=True)
        return Plan(region, policy, travel, assigned, pairs, layers, findings, provenance)

    def summary(self, lang: Language = "en") -> str:
        """How many scenarios there are, and how they ended."""
        each = self.table.drop_duplicates("name")["status"].value_counts()
        said = ", ".join(f"{count:,} {word}" for word, count in each.items())
        head = Text(
            f"{len(self.names):,} scenarios in {self.folder}",
            f"{self.folder} 中共 {len(self.names):,} 个情景",
        )
        return f"{head.say(lang)}: {said}"

    def __repr__(self) -> str:
        return f"Runs: {self.summary()}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary())}</p>"


def _damaged(name: str) -> DataError:
    """The error of a result that is not as gridplan wrote it."""
    return DataError(Text(f"the result of scenario {name} is damaged", f"情景 {name} 的结果已损坏"), ANEW)


def open_runs(folder: str | Path) -> Runs:
    """Open a run folder.

    Parameters
    ----------
    folder : str or Path
        A run folder, as `gp.scenarios(…, out=…)` writes it (docs/scenarios.md).

    Returns
    -------
    Runs
        Its scenarios, finished and waiting; `.plan(name)` is a whole plan.

    Raises
    ------
    DataError
        It is no run folder, or a file of it is damaged.

    Examples
    --------
    >>> import gridplan as gp
    >>> _ = gp.scenarios(gp.tiny_town(), {"today": gp.policy("shanghai-2025")}, out="runs", workers=1)
    >>> gp.open_runs("runs").plan("today").status
    'optimal'
    """
    folder = Path(folder)
    record = read_record(folder)
    return Runs(folder, record, _table(folder, record))


def read_base(folder: Path, record: Mapping[str, Any], city: str) -> Region:
    """The region of a city, from the run folder or from the region folder that run.json names."""
    with trusted(half(folder / "run.json")):
        base = record["bases"][city]
        where = Path(base["folder"]) if base["outside"] else folder / base["folder"]
    return read(where)


def _table(folder: Path, record: Mapping[str, Any]) -> pd.DataFrame:
    columns = ["name", "city", "scenario", "key"]
    with trusted(half(folder / "run.json")):
        cases = pd.DataFrame([[case[c] for c in columns] for case in record["cases"]], columns=columns)
    results = frame(RunFolder(folder).read(None, set(cases["key"])))
    table = cases.merge(results, on="key", how="left", sort=False)
    table["status"] = table["status"].fillna("waiting")
    for column in ("layer", "reason", "reason_zh"):
        table[column] = table[column].fillna("")
    return table
