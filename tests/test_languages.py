"""Both languages, complete: every sentence that a planner reads is there in English and in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.geography.sources import REASONS
from gridplan.inputs.schema import TABLES
from gridplan.policies.goals import GOALS, UNITS
from gridplan.policies.rules import RULES
from gridplan.show.difference.difference_words import DIFFERENCE_WORDS
from gridplan.show.shared.plan_tables import tables
from gridplan.show.shared.words import GRID_WORDS, WORDS
from gridplan.words import vocabulary
from gridplan.words.findings import HEADINGS, SEVERITY_WORDS
from gridplan.words.text import Text
from tests.show.handmade import plan_with_warning

HOUSE = Path(__file__).resolve().parent.parent / "gridplan"
FILES = sorted(HOUSE.rglob("*.py"))
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2,}")
SENTENCE = re.compile("[A-Za-z]{2,},? [a-z]{2,}")

# Names that are the same to everybody, and words of options as they are typed.
SAME = {"WGS 84", "per_phase = 4"}
# English that speaks of Chinese words, since it tells what may stand in a table.
QUOTING = {
    'If they come from a raster sum, write decimals = "round" under [people] in region.toml, or run gridplan check DIR --repair NEW --accept people-with-decimals: they are rounded, each district\'s total is kept. If they count 万, write units = { people = "万" } in the table\'s settings.',
    "the register: 隶属关系, who runs the hospital",
    "the register: 医疗机构类别",
    "the register: 经营性质, 所有制形式",
    "relation 分院 is read as affiliate (a hospital under agreement).",
    "Write 院区 (campus) if it is part of the hospital.",
    "it needs layer (服务类别), unit_id (单元编号) and hospital_id (医院编号); names may stand for ids",
}
# Words that a section chief does not use, or that were given up for better ones; and what 层 may still stand in.
RETIRED = re.compile("综合层|中医层|方案有多好|人均分钟|需知悉|计数的?(合作)?医院|计数结对|服务层|层")
LAYERED = re.compile("网格层|图层|层级|层次|分层|楼层|基层|各层|上层|下层|底层")
# In show/: what is no sentence to a reader.
NOT_READ = {
    "outcome proven",
    "upper right",
    "lower right",
    "offset points",
    "img-src data:",
    "worker-src blob:",
}
LETTERS = {"综", "中", "结", "妇", "专"}  # on the marks of categories, beside their words in the legend
COUNTED = {" 人", " 个"}  # the Chinese half of a pair that is put together from parts


def place(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    """Every file of the package, parsed."""
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


def literal(node: ast.AST) -> str | None:
    """What is written out in an expression; None where nothing is, as in a name from the data."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or "" for part in node.values)
    parts = {ast.BinOp: ("left", "right"), ast.IfExp: ("body", "orelse")}.get(type(node), ())
    found = [literal(getattr(node, part)) for part in parts]
    return "".join(text or "" for text in found) if any(text is not None for text in found) else None


def texts(tree: ast.AST) -> Iterator[tuple[int, str | None, str | None]]:
    """Line, English and Chinese of every Text that is written in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            halves = dict(zip(("en", "zh"), node.args, strict=False))
            halves |= {word.arg: word.value for word in node.keywords if word.arg}
            if len(halves) == 2:
                yield node.lineno, literal(halves["en"]), literal(halves["zh"])


def one_sided(english: str | None, chinese: str | None) -> Iterator[str]:
    """What is wrong with the halves of a Text."""
    if english is not None and CHINESE.search(english) and english not in QUOTING:
        yield f"Chinese in the English half: {english}"
    words = english is not None and ENGLISH.search(english) and english not in SAME
    if words and chinese is not None and not CHINESE.search(chinese):
        yield f"no Chinese for: {english}"
    if chinese is not None and CHINESE.search(chinese) and english == "" and chinese not in COUNTED:
        yield f"no English for: {chinese}"


def test_every_sentence_has_its_other_half(trees: dict[Path, ast.Module]) -> None:
    wrong = [
        f"{place(file)}, line {line}: {fault}"
        for file, tree in trees.items()
        for line, english, chinese in texts(tree)
        for fault in one_sided(english, chinese)
    ]
    assert wrong == []


def test_no_sentence_uses_a_retired_word(trees: dict[Path, ast.Module]) -> None:
    """What may stand in tables that somebody else wrote (aliases) is no sentence of ours."""
    found = [
        f"{place(file)}, line {line}: {chinese}"
        for file, tree in trees.items()
        for line, _, chinese in texts(tree)
        if chinese and RETIRED.search(LAYERED.sub("", chinese))
    ]
    assert found == []


@pytest.mark.parametrize(
    "file",
    [*HOUSE.parent.glob("notebooks/*.ipynb"), *HOUSE.parent.glob("docs/zh/*.md")],
    ids=lambda f: f.name,
)
def test_no_page_of_the_docs_uses_a_retired_word(file: Path) -> None:
    assert RETIRED.findall(LAYERED.sub("", file.read_text(encoding="utf-8"))) == []


def test_the_test_finds_what_is_missing() -> None:
    code = (
        'Text("a word", "a word")\nText(f"{n} 区", f"{n} 区")\nText(en="x" if n else "more words", zh="字")'
    )
    assert [
        fault for _, english, chinese in texts(ast.parse(code)) for fault in one_sided(english, chinese)
    ] == ["no Chinese for: a word", "Chinese in the English half:  区"]
    assert [(english, chinese) for _, english, chinese in texts(ast.parse(code))] == [
        ("a word", "a word"),
        (" 区", " 区"),
        ("xmore words", "字"),
    ]


def both_halves(name: str, words: Mapping[object, Text]) -> list[str]:
    return [
        f"{name}[{key!r}]"
        for key, text in words.items()
        if text.en not in SAME and not (text.en and CHINESE.search(text.zh) and not CHINESE.search(text.en))
    ]


def closed_lists() -> dict[str, Mapping[object, Text]]:
    """Every mapping of texts in the vocabulary, and those of rules, goals, findings, travel and maps."""
    found = {
        name: value
        for name, value in vars(vocabulary).items()
        if isinstance(value, Mapping) and value and all(isinstance(text, Text) for text in value.values())
    }
    named = {
        "GOALS": GOALS, "UNITS": UNITS, "WORDS": WORDS, "GRID_WORDS": GRID_WORDS,
        "DIFFERENCE_WORDS": DIFFERENCE_WORDS, "HEADINGS": HEADINGS,
        "SEVERITY_WORDS": SEVERITY_WORDS, "REASONS": REASONS, "titles of rules": {rule.id: rule.title for rule in RULES},
        "tables": {name: table.title for name, table in TABLES.items()},
    }  # fmt: skip
    return found | named


@pytest.mark.parametrize("name", closed_lists())
def test_every_word_of_a_closed_list_has_both(name: str) -> None:
    assert both_halves(name, closed_lists()[name]) == []


def test_the_closed_lists_are_found() -> None:
    assert {"KINDS", "TIERS", "CATEGORIES", "OWNERSHIPS", "LAYERS", "ROLES", "PRIORITIES", "CHANGES"} <= set(
        closed_lists()
    )


@pytest.mark.parametrize("profile", gp.profile_names())
def test_every_rule_of_a_profile_says_its_numbers_in_both(profile: str) -> None:
    policy = gp.policy(profile)
    said = {rule.id: rule.sentence() for rule in policy.rules}
    assert both_halves(profile, said) == []
    for text in said.values():
        assert set(re.findall(r"\d+", text.en)) <= set(re.findall(r"\d+", text.zh)), text
    assert both_halves(profile, {"title": policy.title}) == []


def test_every_column_of_the_workbook_has_both() -> None:
    plan = plan_with_warning()
    for table in tables(plan, gp.verify(plan)):
        headings: dict[object, Text] = {column.heading.en: column.heading for column in table.columns}
        assert both_halves(table.title.en, {"title": table.title, **headings}) == []


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_of_the_region_can_be_headed_in_chinese(table) -> None:
    without = [c.name for c in table.columns if not any(CHINESE.search(alias) for alias in c.aliases)]
    assert without == []


def loose_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings of a file that stand in no Text, docstring, error of Python or option of the command line."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        named = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Text", "both")
        )
        if named or isinstance(node, ast.Raise):
            inside |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(
            node.body[0], ast.Expr
        ):
            inside |= {id(part) for part in ast.walk(node.body[0])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def test_no_sentence_is_shown_in_one_language_only(trees: dict[Path, ast.Module]) -> None:
    """HTML stands in strings too: its tags are taken away first."""
    allowed = NOT_READ | LETTERS | COUNTED
    shown = [
        f"{place(file)}, line {line}: {text}"
        for file in FILES
        if place(file).startswith("show/")
        for line, text in loose_strings(trees[file])
        if text not in allowed and not re.search(r"[<>]|class=|=\"", text)
        if CHINESE.search(text) or SENTENCE.search(text)
    ]
    assert shown == []


def test_the_help_of_a_command_speaks_both(trees: dict[Path, ast.Module]) -> None:
    commands = {file: trees[file] for file in FILES if place(file).startswith("cli/")}
    spoken = [
        f"{place(file)}, line {line}: {text}"
        for file, tree in commands.items()
        for line, text in loose_strings(tree)
        if SENTENCE.search(text) and not CHINESE.search(text)
    ]
    assert spoken == []
    docs = {
        f"{place(file)}: {node.name}": ast.get_docstring(node) or ""
        for file, tree in commands.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        if any("app.command" in ast.unparse(decorator) for decorator in node.decorator_list)
    }
    assert docs
    assert [name for name, doc in docs.items() if not (CHINESE.search(doc) and SENTENCE.search(doc))] == []
