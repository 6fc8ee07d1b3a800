"""The docs must name what the code has: columns, rules, words."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from gridplan.inputs.schema import RATES, TABLES
from gridplan.judging.programme.judge_programme import JUDGES
from gridplan.policies.rules import RULES
from gridplan.scenario.futures.frontier import COLUMNS as FRONTIER_COLUMNS
from gridplan.scenario.futures.robustness import FUTURE_COLUMNS
from gridplan.scenario.futures.years import COLUMNS as YEAR_COLUMNS
from gridplan.words import vocabulary

MADE = tuple(kind for judge in JUDGES.values() for kind in judge.rules)  # rules of the programme's parts
ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    return re.split(r"^#+ ", page.partition(f"## {heading}\n")[2], flags=re.MULTILINE)[0]


def first_cells(part: str) -> list[str]:
    """Every `word` in the first column of a table, in order."""
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("|")]
    return [word for cell in rows for word in re.findall(r"`(\w+)`", cell)]


def test_the_plan_folder_is_documented_column_by_column() -> None:
    page = text("docs/plan-folder.md")
    assert first_cells(section(page, "assignment.csv")) == vocabulary.ASSIGNMENT_COLUMNS
    assert first_cells(section(page, "grids.csv")) == vocabulary.GRID_COLUMNS
    assert first_cells(section(page, "members.csv")) == vocabulary.MEMBER_COLUMNS
    assert first_cells(section(page, "pairs.csv")) == vocabulary.PAIR_COLUMNS
    assert first_cells(section(page, "changes.csv")) == vocabulary.CHANGE_COLUMNS
    programme = [c for table in vocabulary.PROGRAMME_COLUMNS for c in vocabulary.PROGRAMME_COLUMNS[table]]
    assert first_cells(section(page, "programme/")) == programme
    assert ", ".join(f"`{name}`" for name in vocabulary.TRAVEL_COLUMNS) in section(page, "travel.csv")


def test_trade_offs_and_futures_are_documented_column_by_column() -> None:
    page, pair = (
        text("docs/futures.md"),
        ["layer", "district_id", "district", "hospital_id", "hospital", "existing"],
    )
    assert first_cells(section(page, "Frontier")) == FRONTIER_COLUMNS
    assert first_cells(section(page, "Alternatives")) == [*pair, "plan", "alternatives", "in_all", "certain"]
    shares = ["today", "robust", "best_share", "frequency", "lowest", "highest"]
    assert first_cells(section(page, "Robustness")) == [*pair, *shares, *FUTURE_COLUMNS]
    assert first_cells(section(page, "Years")) == YEAR_COLUMNS
    assert first_cells(section(page, "The people of later years")) == RATES.names


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_region_folder_is_documented_column_by_column(table) -> None:
    assert set(table.names) <= set(first_cells(section(text("docs/region-folder.md"), table.name)))


@pytest.mark.parametrize("rule", (*RULES, *MADE), ids=lambda rule: rule.id)
def test_every_rule_has_a_row_with_its_options(rule) -> None:
    rows = [line for line in text("docs/policy.md").splitlines() if line.startswith(f"| {rule.id} |")]
    assert len(rows) == 1
    assert f"[{rule.key}]" in rows[0]
    options = [field.name for field in fields(rule) if f"`{field.name}" not in rows[0]]
    assert options == []


@pytest.mark.parametrize(
    "words",
    [
        "KINDS",
        "TIERS",
        "CATEGORIES",
        "OWNERSHIPS",
        "STATUSES",
        "RELATIONS",
        "BASES",
        "DATUMS",
        "CONSORTIA",
        "WILLING",
        "LINKS",
    ],
)
def test_every_word_that_a_table_may_hold_is_documented(words: str) -> None:
    page = text("docs/region-folder.md")
    assert [word for word in getattr(vocabulary, words) if word not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_names_the_two_commands_and_two_lines_for_windows() -> None:
    readme = text("README.md")
    assert "make plan" in readme
    assert "make test" in readme
    powershell = re.findall(r"```powershell\n(.*?)```", readme, flags=re.DOTALL)
    assert [len(block.splitlines()) for block in powershell] == [2]
