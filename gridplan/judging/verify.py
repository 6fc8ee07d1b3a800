"""gp.verify: the judge. Re-checks a plan, made by gridplan or by hand, from the tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.doctor.doctor import check
from gridplan.doctor.minutes import forms_of_minutes, minutes_given
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.judging.breaches import MINUTE
from gridplan.judging.by_hand import many_not_known, not_known, understood
from gridplan.judging.claims import ClaimedPlan
from gridplan.judging.goal_figures import goal_figures
from gridplan.judging.judge_tables import PAIR, PlanTables, build_tables, layer_of_hospitals, pairs_of_today
from gridplan.judging.rules import judges, slack_of
from gridplan.judging.verdict import MANY, Breach, Verdict
from gridplan.policies.named import overridden, unknown_names
from gridplan.policies.policy import Policy
from gridplan.policies.rules import RULES, Candidates, FullCoverage, GridLeads, Grids, Rule
from gridplan.words.arguments import a_plan, a_policy, a_region
from gridplan.words.errors import DataError, PolicyError
from gridplan.words.findings import Findings
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import GRID

FIGURES = Text("Every printed figure is what the tables give.", "所有数字均与数据表一致。")


def verify(plan: ClaimedPlan) -> Verdict:
    """Re-check every rule, every printed figure and the objective of a plan from the tables alone.

    Shares no code with the optimiser: candidates, priorities and minutes are worked out again by other means.

    Parameters
    ----------
    plan : ClaimedPlan
        A plan, made or opened again.

    Returns
    -------
    Verdict
        Per rule whether it is kept, the rows that break it, and the room left.

    Raises
    ------
    ArgumentError
        `plan` is no plan.
    DataError
        The region has errors.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.verify(plan).kept
    True
    """
    a_plan(plan, "verify")
    plan.region.unchanged()
    verdict, tables = _judge(plan.region, plan.policy, plan.assignment, plan.travel, plan.name)
    figures = [*_pair_figures(plan, tables), *goal_figures(plan, tables)]
    return Verdict(verdict.name, verdict.judged, (*verdict.breaches, *figures))


def judge(
    region: Region,
    policy: Policy,
    assignment: pd.DataFrame,
    travel: Travel | pd.DataFrame | np.ndarray | None = None,
    name: str = "",
) -> Verdict:
    """Judge an assignment made or edited by hand: all broken rules at once, each with its rows.

    Parameters
    ----------
    region : Region
        The city.
    policy : Policy
        The rules to judge by.
    assignment : DataFrame
        Columns layer, unit_id, hospital_id; and, checked where present, district_id, people, minutes. Chinese headers
        and names of units and hospitals are read too, see `read_assignment`. A column `row` gives row numbers
        for messages; else rows are counted from 2 (the header is row 1).
    travel : Travel or DataFrame or array, optional
        Minutes made elsewhere, in any form that `plan` takes; by default as the policy says.
    name : str, default ""
        What the verdict is called.

    Returns
    -------
    Verdict
        Its `notes` say what was read otherwise than it is written, or left out.

    Raises
    ------
    ArgumentError
        `region` is no Region, `policy` no Policy, or `travel` no minutes.
    DataError
        A column is missing, nobody can travel in the minutes given, or the region has errors.
    PolicyError
        An override is of something that the region does not have, or that no cap binds.

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> table = plan.assignment.copy()
    >>> table.loc[table["unit_id"] == "T1-01", "hospital_id"] = "H7"
    >>> gp.judge(plan.region, plan.policy, table).kept
    False
    """
    a_region(region, "judge")
    a_policy(policy, "judge")
    forms_of_minutes(travel)
    errors = check(region).errors
    if errors:
        raise DataError(
            Text(
                f"region {region.name} has {len(errors)} error(s)",
                f"地区 {region.name} 的数据有 {len(errors)} 处错误",
            ),
            findings=errors,
        )
    layers = layer_of_hospitals(region, policy)
    categories = region.hospitals.set_index("hospital_id")["category"]
    counted = {h for h in layers if categories[h] in policy.candidates.counted}
    faults = Findings(unknown_names(region, policy, overridden(policy), {False: layers}, counted))
    if faults:
        what = Text("the policy names what it cannot act on", "政策所指对象无法适用")
        raise PolicyError(what, findings=faults)
    given = understood(region, policy, assignment)
    verdict = _judge(region, policy, given.rows, minutes_given(region, travel), name)[0]
    return replace(verdict, breaches=(*verdict.breaches, *given.slips), notes=given.notes)


def _judge(
    region: Region, policy: Policy, assignment: pd.DataFrame, travel: Travel | None, name: str
) -> tuple[Verdict, PlanTables]:
    policy = policy.on(region)
    known, breaches = _sorted_out(region, policy, _numbered(assignment))
    tables = build_tables(region, policy, known, travel)
    judged = []
    for rule in (*policy.rules, *_unsaid(policy)):
        breaches += judges()[type(rule)](rule, tables)
        judged.append((rule.id, rule.sentence(), slack_of(rule, tables)))
    breaches += _row_figures(tables, known)
    judged.append(("FIGURES", FIGURES, Text("", "")))
    return Verdict(name or f"{region.name}, {policy.name}", tuple(judged), tuple(breaches)), tables


def _unsaid(policy: Policy) -> Iterator[Rule]:
    """Who may serve and who may lead is judged even where the policy does not say."""
    for kind in RULES:
        if kind.unsaid and policy.rule(kind) is None:
            yield from [rule for rule in [kind()] if any(map(rule.concerns, policy.layers))]


def _numbered(assignment: pd.DataFrame) -> pd.DataFrame:
    rows = assignment.reset_index(drop=True)
    return rows if "row" in rows else rows.assign(row=rows.index + 2)


def _sorted_out(region: Region, policy: Policy, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Breach]]:
    """Rows whose layer, unit and hospital exist, and a breach for each that does not."""
    known = {
        "layer": (set(policy.layers), Candidates.id if policy.partner_layers else Grids.id),
        "unit_id": (set(region.units["unit_id"]), FullCoverage.id),
        "hospital_id": (set(region.hospitals["hospital_id"]), Candidates.id),
    }
    good, breaches = pd.Series(True, index=rows.index), []
    for column, (words, clause) in known.items():
        bad = ~rows[column].isin(words)
        written = rows.loc[bad, column].map(lambda value: "" if pd.isna(value) else str(value))
        groups = [(str(value), same) for value, same in rows[bad].groupby(written)]
        many = [value for value, _ in groups] if len(groups) >= MANY else []
        for value, same in [("", rows[bad])] if many else groups:
            what = many_not_known(column, many) if many else not_known(region, policy, column, value)
            layer, unit, hospital = (value if column == c else "" for c in known)
            lead = column == "hospital_id" and set(same["layer"]) == {GRID}
            rule = GridLeads.id if lead else clause
            breaches.append(Breach(rule, what, layer, "", hospital, unit, tuple(same["row"].astype(int))))
        good &= ~bad
    return rows[good], breaches


def _row_figures(tables: PlanTables, rows: pd.DataFrame) -> Iterator[Breach]:
    """District, people and minutes as printed in each row, against the tables."""
    facts = tables.assignment
    for column, noun, slip in (
        ("district_id", Text("district", "区"), 0.0),
        ("people", Text("people", "人口"), 0.0),
        ("minutes", Text("minutes", "分钟"), MINUTE),
    ):
        if column not in rows:
            continue
        printed, true = rows[column].reset_index(drop=True), facts[column].reset_index(drop=True)
        if column == "district_id":
            wrong = printed.map(str) != true.map(str)
        else:
            wrong = ~((pd.to_numeric(printed, errors="coerce") - true).abs() <= slip)
        if column == "minutes":
            true = true.round(4)
        for n in wrong[wrong].index:
            fact = facts.iloc[n]
            said, is_ = _written(printed[n]), _written(true[n])
            what = Text(
                f"unit {fact['unit_id']}: {noun.en} printed {said.en}, is {is_.en}",
                f"单元 {fact['unit_id']}：{noun.zh}写作 {said.zh}，应为 {is_.zh}",
            )
            place = {"hospital_id": fact["hospital_id"], "unit_id": fact["unit_id"]}
            yield Breach(
                "FIGURES", what, fact["layer"], fact["district_id"], **place, rows=(int(fact["row"]),)
            )


def _written(value: object) -> Text:
    """A cell as messages quote it: a whole number without ".0", text as it was written."""
    if pd.isna(value) or value == "":
        return Text("blank", "空")
    if isinstance(value, float) and value.is_integer():
        return both(str(int(value)))
    return both(str(value))


def _pair_figures(plan: ClaimedPlan, tables: PlanTables) -> Iterator[Breach]:
    """The pairs as printed, against the pairs that the assignment makes."""
    printed = plan.pairs.reset_index(drop=True)
    rows: dict[tuple[str, ...], list[int]] = {}
    for n, key in enumerate(printed[PAIR].map(str).itertuples(index=False, name=None)):
        rows.setdefault(key, []).append(n + 2)
    true = tables.pairs[tables.pairs["listed"]].set_index(PAIR)
    existing, present = pairs_of_today(plan.region, plan.policy)
    for key in sorted(rows.keys() | set(true.index)):
        layer, district, hospital = key
        place = {"layer": layer, "district_id": district, "hospital_id": hospital}
        wrong: list[Text] = []
        if key not in rows:
            wrong.append(Text("is not listed", "未列出"))
        elif key not in true.index:
            wrong.append(Text("is listed but serves nobody", "已列出但不服务任何居民"))
        else:
            pair, partners = (district, hospital), layer != GRID
            change = (
                "kept"
                if partners and pair in existing
                else "present"
                if partners and pair in present
                else "new"
            )
            wrong += _line_figures(printed.iloc[rows[key][0] - 2], true.loc[key], change)
        if len(rows.get(key, ())) > 1:
            wrong.append(Text("is listed twice", "重复列出"))
        for fault in wrong:
            what = Text(
                f"pair {district} – {hospital} {fault.en}", f"结对 {district} – {hospital} {fault.zh}"
            )
            yield Breach("FIGURES", what, **place, rows=tuple(rows.get(key, ())))


def _line_figures(line: pd.Series, fact: pd.Series, change: str) -> Iterator[Text]:
    expected = {
        "priority": int(fact["priority"]),
        "counted": int(fact["counted"]),
        "people": int(fact["people"]),
        "change": change,
    }
    for column, value in expected.items():
        if line[column] != value:
            yield Text(
                f"has {column} {line[column]}, is {value}", f"{column} 写作 {line[column]}，应为 {value}"
            )
