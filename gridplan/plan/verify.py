"""gp.verify: the judge. Re-checks a plan, made by gridplan or by hand, from the tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from gridplan.doctor.doctor import check
from gridplan.errors import DataError, PolicyError
from gridplan.findings import Findings
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.plan.by_hand import not_known, understood
from gridplan.plan.judges import JUDGES, MINUTE, slack_of
from gridplan.plan.plan import LayerResult, Plan
from gridplan.plan.tables import PAIR, PlanTables, build_tables, layer_of_hospitals
from gridplan.plan.verdict import Breach, Verdict
from gridplan.policy.named import overridden, unknown_names
from gridplan.policy.policy import Policy
from gridplan.policy.rules import Candidates, ChangePrice, TravelStandard
from gridplan.text import Text, both

OPTIMAL = 1e-6  # relative gap that may be called optimal (policy-rules, "Goal of shanghai-2025")
SLIP = 1e-7  # relative; one unit whose minutes round the other way
STRICT = tuple(f"residents_through_{weakest}" for weakest in (5, 4, 3, 2))
FIGURES = Text("Every printed figure is what the tables give.", "所有数字均与数据表一致。")


def verify(plan: Plan) -> Verdict:
    """Re-check every rule, every printed figure and the objective of a plan from the tables alone.

    Shares no code with the optimiser: candidates, priorities and minutes are worked out again by other means.
    """
    verdict, tables = _judge(plan.region, plan.policy, plan.assignment, plan.travel, plan.name)
    figures = [*_pair_figures(plan, tables), *_goal_figures(plan, tables)]
    return Verdict(verdict.name, verdict.judged, (*verdict.breaches, *figures))


def judge(
    region: Region, policy: Policy, assignment: pd.DataFrame, travel: Travel | None = None, name: str = ""
) -> Verdict:
    """Judge an assignment made or edited by hand: all broken rules at once, each with its rows.

    Parameters
    ----------
    assignment : layer, unit_id, hospital_id; and, checked where present, district_id, people, minutes. Chinese
        headers and names of units and hospitals are read too, see `read_assignment`. A column `row` gives row
        numbers for messages; else rows are counted from 2 (the header is row 1).

    Returns
    -------
    Verdict; its `notes` say what was read otherwise than it is written, or left out.

    Raises
    ------
    DataError : a column is missing, or the region has errors.
    PolicyError : an override is of something that the region does not have, or that no cap binds.
    """
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
    faults = Findings(unknown_names(region, policy, overridden(policy), layers, counted))
    if faults:
        what = Text("the policy names what it cannot act on", "政策所指对象无法适用")
        raise PolicyError(what, findings=faults)
    given = understood(region, policy, assignment)
    verdict = _judge(region, policy, given.rows, travel, name)[0]
    return replace(verdict, breaches=(*verdict.breaches, *given.slips), notes=given.notes)


def _judge(
    region: Region, policy: Policy, assignment: pd.DataFrame, travel: Travel | None, name: str
) -> tuple[Verdict, PlanTables]:
    policy = policy.on(region)
    known, breaches = _sorted_out(region, policy, _numbered(assignment))
    tables = build_tables(region, policy, known, travel)
    judged = []
    for rule in policy.rules if policy.rule(Candidates) is not None else (*policy.rules, policy.candidates):
        breaches += JUDGES[type(rule)](rule, tables)
        judged.append((rule.id, rule.sentence(), slack_of(rule, tables)))
    breaches += _row_figures(tables, known)
    judged.append(("FIGURES", FIGURES, Text("", "")))
    return Verdict(name or f"{region.name}, {policy.name}", tuple(judged), tuple(breaches)), tables


def _numbered(assignment: pd.DataFrame) -> pd.DataFrame:
    rows = assignment.reset_index(drop=True)
    return rows if "row" in rows else rows.assign(row=rows.index + 2)


def _sorted_out(region: Region, policy: Policy, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Breach]]:
    """Rows whose layer, unit and hospital exist, and a breach for each that does not."""
    known = {
        "layer": (set(policy.candidates.layers), "SH-4"),
        "unit_id": (set(region.units["unit_id"]), "SH-1"),
        "hospital_id": (set(region.hospitals["hospital_id"]), "SH-4"),
    }
    good, breaches = pd.Series(True, index=rows.index), []
    for column, (words, rule) in known.items():
        bad = ~rows[column].isin(words)
        written = rows.loc[bad, column].map(lambda value: "" if pd.isna(value) else str(value))
        for value, same in rows[bad].groupby(written):
            what = not_known(region, policy, column, str(value))
            layer, unit, hospital = (str(value) if column == c else "" for c in known)
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


def _pair_figures(plan: Plan, tables: PlanTables) -> Iterator[Breach]:
    """The pairs as printed, against the pairs that the assignment makes."""
    printed = plan.pairs.reset_index(drop=True)
    rows: dict[tuple[str, ...], list[int]] = {}
    for n, key in enumerate(printed[PAIR].map(str).itertuples(index=False, name=None)):
        rows.setdefault(key, []).append(n + 2)
    true = tables.pairs[tables.pairs["listed"]].set_index(PAIR)
    existing = set(
        plan.region.partnerships[["district_id", "hospital_id"]].itertuples(index=False, name=None)
    )
    for key in sorted(rows.keys() | set(true.index)):
        layer, district, hospital = key
        place = {"layer": layer, "district_id": district, "hospital_id": hospital}
        wrong: list[Text] = []
        if key not in rows:
            wrong.append(Text("is not listed", "未列出"))
        elif key not in true.index:
            wrong.append(Text("is listed but serves nobody", "已列出但不服务任何居民"))
        else:
            change = "kept" if (district, hospital) in existing else "new"
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


def _goal_figures(plan: Plan, tables: PlanTables) -> Iterator[Breach]:
    """Every goal of every layer, its value, and that nothing is called optimal that is not."""
    printed = tuple(result.layer for result in plan.layers)
    if printed != tuple(plan.policy.candidates.layers):
        listed, expected = ", ".join(printed), ", ".join(plan.policy.candidates.layers)
        yield Breach(
            "FIGURES",
            Text(f"results of layers {listed}, not {expected}", f"各层结果为 {listed}，应为 {expected}"),
        )
    goals = tuple(g for goal in plan.policy.goals for g in (STRICT if goal == "priority" else (goal,)))
    facts = tables.assignment.merge(tables.pairs[[*PAIR, "priority"]], on=PAIR, how="left")
    price, changes = plan.policy.rule(ChangePrice), tables.changes()["layer"].value_counts()
    for result in plan.layers:
        if tuple(goal.goal for goal in result.goals) != goals:
            listed, expected = ", ".join(goal.goal for goal in result.goals), ", ".join(goals)
            what = Text(f"goals {listed}, not {expected}", f"目标为 {listed}，应为 {expected}")
            yield Breach("FIGURES", what, result.layer)
        rows = facts[facts["layer"] == result.layer]
        for goal in (goal for goal in result.goals if goal.goal in goals):
            true = _goal_value(plan.policy, goal.goal, rows)
            if price is not None and goal.goal == "travel":
                true += price.person_minutes * int(changes.get(result.layer, 0))
            if not abs(true - goal.value) <= SLIP * max(1.0, true):
                what = Text(
                    f"goal {goal.goal}: {goal.value:,.2f} printed, is {true:,.2f}",
                    f"目标 {goal.goal}：写作 {goal.value:,.2f}，应为 {true:,.2f}",
                )
                yield Breach("FIGURES", what, result.layer)
        yield from _claims(result)


def _claims(result: LayerResult) -> Iterator[Breach]:
    """A bound is below the value, and "optimal" is a closed gap."""
    for goal in result.goals:
        gap = abs(goal.value - goal.bound) / max(1.0, abs(goal.value))
        possible = goal.bound <= goal.value * (1 + OPTIMAL)
        if not possible or (goal.status == "optimal") != (gap <= OPTIMAL):
            what = Text(
                f"goal {goal.goal}: called {goal.status} with value {goal.value:,.2f} and bound {goal.bound:,.2f}",
                f"目标 {goal.goal}：值 {goal.value:,.2f}、下界 {goal.bound:,.2f}，却称为 {goal.status}",
            )
            yield Breach("FIGURES", what, result.layer)
    if result.preference_minutes is not None and not result.preference_minutes >= 0:
        what = Text("priorities cannot save minutes", "优先次序不可能节省时间")
        yield Breach("FIGURES", what, result.layer)


def _goal_value(policy: Policy, goal: str, rows: pd.DataFrame) -> float:
    """A goal from the judge's own minutes and priorities; minutes as they are printed, to 4 decimals."""
    if goal in STRICT:
        weakest = int(goal.removeprefix("residents_through_"))
        return float(rows.loc[rows["priority"] >= weakest, "people"].sum())
    minutes = rows["minutes"].round(4)
    price = rows["priority"].map(dict(enumerate(policy.prices, start=1)))
    standard = policy.rule(TravelStandard)
    if standard is not None and standard.price is not None:
        price = price + standard.price * (minutes - standard.minutes).clip(lower=0)
    return float((rows["people"] * (minutes + price)).sum())
