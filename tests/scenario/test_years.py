"""Projections by hand; years together against every way through them; rates with faults."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.optimise.problem import Problem
from gridplan.optimise.what_if.near_optimal import priced
from gridplan.optimise.what_if.partner_menus import Menu, menus_of
from gridplan.scenario.futures.ground import ground

TOWN, RULES = gp.tiny_town(), gp.policy("shanghai-2025")
COLUMNS = ["district_id", "group", "births", "growth", "survival", "ageing", "ages_to", "migration"]


def rates(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


AGEING = rates(
    ("all", "people_0_14", 0.01, 0, 1, 0.1, "rest", 0),
    ("all", "rest", 0, 0, 0.99, 0.02, "people_65plus", 0.01),
    ("all", "people_65plus", 0, 0, 0.9, 0, "", 0),
)
SWING = rates(  # T1 empties, T2 grows, T3 grows fast
    ("T1", "rest", 0, 0, 1, 0, "", -0.35), ("T2", "rest", 0, 0.5, 1, 0, "", 0), ("T3", "rest", 0, 0, 1, 0, "", 1.0)
)  # fmt: skip


def test_a_year_on_is_what_the_hand_computes() -> None:
    later = gp.project(TOWN, AGEING, [2026, 2027])[2027]
    # T1 has 42,000 people: 4,200 under 15, 8,800 over 64, so 29,000 between
    young = 4200 * 0.9 + 0.01 * 42_000
    middle = 29_000 * 0.99 * 0.98 + 4200 * 0.1 + 29_000 * 0.01
    old = 8800 * 0.9 + 29_000 * 0.99 * 0.02
    mine = later.units[later.units["district_id"] == "T1"]
    assert mine["people_0_14"].sum() == round(young) == 4200
    assert mine["people_65plus"].sum() == round(old) == 8494
    assert mine["people"].sum() == round(young) + round(middle) + round(old) == 4200 + 28_846 + 8494
    assert later.districts.set_index("district_id").loc["T1", "people"] == mine["people"].sum()
    assert later.people.startswith("modelled: projected by cohort")
    assert not gp.check(later).errors


def test_real_numbers_go_on_from_year_to_year() -> None:
    growth = rates(("all", "rest", 0, 0.001, 1, 0, "", 0))
    later = gp.project(TOWN, growth, [2026, 2036])[2036].units
    for district, people in TOWN.units.groupby("district_id")["people"].sum().items():
        mine = later.loc[later["district_id"] == district, "people"].sum()
        assert mine == round(people * 1.001**10)


def test_the_base_year_is_the_region_itself_and_a_district_has_its_own_row() -> None:
    table = rates(("all", "rest", 0, 0.1, 1, 0, "", 0), ("T2", "rest", 0, 0, 1, 0, "", 0))
    made = gp.project(TOWN, table, [2026, 2027])
    assert made[2026].fingerprint == TOWN.fingerprint
    people = made[2027].units.groupby("district_id")["people"].sum()
    assert people.to_dict() == {"T1": 46_200, "T2": 26_000, "T3": 14_300}
    assert gp.project(TOWN, table, [2030], base=2029)[2030].fingerprint == made[2027].fingerprint


def test_groups_that_the_rates_do_not_name_keep_their_share() -> None:
    later = gp.project(TOWN, rates(("all", "rest", 0, 1, 1, 0, "", 0)), [0, 1])[1].units
    assert later["people_65plus"].to_numpy() == pytest.approx(
        2 * TOWN.units["people_65plus"].to_numpy(), abs=1
    )


def test_rates_are_read_from_a_file_with_chinese_headers(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("区划代码,人群,增长率\nall,rest,0.1\nT2,rest,\n", encoding="utf-8-sig")
    people = gp.project(TOWN, file, [2026, 2027])[2027].units.groupby("district_id")["people"].sum()
    assert people.to_dict() == {"T1": 46_200, "T2": 26_000, "T3": 14_300}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("district_id,growth\nall,0.1\n", "no column group"),
        ("district_id,group,growth\nT9,rest,0.1\n", "row 2.*'T9' is not known"),
        ("district_id,group,growth\nall,people_65,0.1\n", "(?s)row 2.*did you mean 'people_65plus'"),
        ("district_id,group,growth\nall,rest,0.1\nall,people_65plus,12%\n", "row 3.*growth must be a share"),
        ("district_id,group,survival\nall,rest,1.2\n", "survival must be a share per year from 0 to 1"),
        ("district_id,group,ageing\nall,rest,0.1\n", "ageing without ages_to"),
        ("district_id,group,ages_to\nall,rest,rest\n", "ages_to 'rest' is not known"),
        ("district_id,group,growth\nall,rest,0\nall,rest,0\n", "row 3.*stands in row 2 too"),
        ("district_id,group\n", "it has no rows|empty"),
    ],
)
def test_every_fault_of_the_rates_is_told_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(gp.DataError, match=said):
        gp.project(TOWN, file, [2026])


def test_bad_years_and_files_are_refused(tmp_path: Path) -> None:
    for years, base in (([2025], 2026), ([], None), ([2026, 2200], None)):
        with pytest.raises(gp.DataError, match="years must be from"):
            gp.project(TOWN, AGEING, years, base=base)
    with pytest.raises(gp.DataError, match=r"no file none\.csv"):
        gp.project(TOWN, tmp_path / "none.csv", [2026])
    with pytest.raises(gp.DataError, match="add up to more"):
        gp.project(
            TOWN.with_tables(units=TOWN.units.assign(people_65plus=TOWN.units["people"])), AGEING, [2026]
        )


@cache
def swing(per_year: int, first: int | None) -> gp.results.YearPlans:
    return gp.years(TOWN, RULES, SWING, years=range(2026, 2029), per_year=per_year, first=first)


def every_way(per_year: int, first: int | None) -> float:
    """The least total of all ways through the three years, by trying each."""
    problems = [ground(r, RULES).problem for r in gp.project(TOWN, SWING, range(2026, 2029)).values()]
    counts = np.ones_like(
        problems[0].existing
    )  # T2 has a campus of H1 without an agreement: no change in any year
    counts[list(problems[0].district_ids).index("T2"), list(problems[0].hospital_ids).index("H1")] = False
    menus = [menus_of(p) for p in problems]
    held: dict[tuple[tuple[bool, ...], ...], float] = {}
    for t, (p, mine) in enumerate(zip(problems, menus, strict=True)):
        now: dict[tuple[tuple[bool, ...], ...], float] = {}
        for picks in itertools.product(*(range(len(m.members)) for m in mine)):
            members = np.array([m.members[i] for m, i in zip(mine, picks, strict=True)])
            if (members.sum(axis=0) > p.hospital_cap).any():
                continue
            cost = sum(float(m.costs[i, -1]) for m, i in zip(mine, picks, strict=True))
            key = tuple(tuple(row) for row in members.tolist())
            if t == 0:
                if first is None or int(((members ^ p.existing) & counts).sum()) <= first:
                    now[key] = cost
                continue
            ways = [v for b, v in held.items() if int(((np.array(b) ^ members) & counts).sum()) <= per_year]
            if ways:
                now[key] = min(ways) + cost
        held = now
    return min(held.values())


@pytest.mark.parametrize(("per_year", "first"), [(0, None), (1, 3), (1, None), (2, 2), (6, 4)])
def test_years_together_are_the_best_of_all_ways_through_them(per_year: int, first: int | None) -> None:
    found = swing(per_year, first)
    assert found.proven and found.best.total == pytest.approx(every_way(per_year, first))
    assert found.myopic is not None and found.best.total <= found.myopic.total * (1 + 1e-9)
    table = found.to_frame()
    assert (table["together_changes"][1:] <= per_year).all() and (
        table["year_by_year_changes"][1:] <= per_year
    ).all()
    assert (table["free"] <= table["together"] + 1e-6).all()
    assert first is None or table["together_changes"][0] <= first


def test_looking_ahead_is_better_than_year_by_year() -> None:
    grows = rates(*[(d, "rest", 0, g, 1, 0, "", 0) for d, g in (("T1", 0.48), ("T2", 0.87), ("T3", 0.72))])
    two_each = RULES.with_rule(gp.rules.HospitalCap(2)).with_campuses(False)
    found = gp.years(TOWN, two_each, grows, years=range(2026, 2030), per_year=1, first=3)
    assert found.proven and found.myopic is not None
    assert found.myopic.total - found.best.total > 100_000
    assert f"{found.myopic.total - found.best.total:,.0f} more" in found.summary()


def test_each_year_is_a_plan_that_the_judge_passes_and_the_changes_are_listed() -> None:
    found = swing(2, 2)
    assert list(found.plans) == [2026, 2027, 2028]
    assert all(gp.verify(plan).kept for plan in found.plans.values())
    pairs = [set(p.pairs.query("counted == 1")[["district_id", "hospital_id"]].itertuples(index=False, name=None)) for p in found.plans.values()]  # fmt: skip
    moved = found.pairs()
    for year, before, after in zip((2027, 2028), pairs, pairs[1:], strict=False):
        told = moved[moved["year"] == year]
        here = {("T2", "H1")}  # an open campus without an agreement
        assert (
            set(told[["district_id", "hospital_id"]].itertuples(index=False, name=None))
            == (before ^ after) - here
        )
    assert "proven optimal" in found.summary() and "逐年求解" in found.summary("zh")
    for row in found.to_frame().itertuples():
        rows = found.plans[row.year].to_frame("general")
        assert row.mean_minutes == pytest.approx(
            (rows["people"] * rows["minutes"]).sum() / rows["people"].sum(), abs=1e-4
        )
        assert (
            f"residents, {row.mean_minutes:.2f} min per resident ({row.plan_minutes:.2f} as the goal"
            in found.summary()
        )


def test_sets_that_are_left_out_before_could_not_have_been_in_a_better_way() -> None:
    p: Problem = ground(TOWN, RULES).problem
    menus: list[Menu] = menus_of(p)
    base, reduced = priced(p, menus)
    for picks in itertools.product(*(range(len(m.members)) for m in menus)):
        used = sum(m.members[i].astype(int) for m, i in zip(menus, picks, strict=True))
        if (used <= p.hospital_cap).all():
            cost = sum(float(m.costs[i, -1]) for m, i in zip(menus, picks, strict=True))
            assert cost >= base + sum(float(r[i]) for r, i in zip(reduced, picks, strict=True)) - 1e-3


def test_bad_options_get_one_clear_error() -> None:
    for options, said in (({"per_year": -1}, "per_year must be"), ({"first": 0.5}, "first must be"), ({"gap": 2}, "gap=2 cannot be used")):  # fmt: skip
        with pytest.raises((gp.PolicyError, gp.errors.ArgumentError), match=said):
            gp.years(TOWN, RULES, SWING, years=[2026, 2027], **options)  # type: ignore[arg-type]
    with pytest.raises(gp.PolicyError, match="no way through the years keeps to per_year = 0, first = 0"):
        gp.years(TOWN, RULES, SWING, years=[2026, 2027], per_year=0, first=0)
    with pytest.raises(gp.PolicyError, match="travel alone"):
        gp.years(TOWN, gp.policy("shanghai-2025-strict"), SWING, years=[2026])
