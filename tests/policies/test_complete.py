"""A rule lives in three rooms: declared, constrained, judged; and it is written down for people, in both languages."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from gridplan.judging.rules import judges
from gridplan.optimise.constraint import sets_nothing
from gridplan.optimise.rules import constraints
from gridplan.policies.rules import RULES, Rule
from tests.rules import proofs

ROOT = Path(__file__).resolve().parents[2]
FORMULATION = (ROOT / "gridplan" / "optimise" / "FORMULATION.md").read_text(encoding="utf-8")
EDITORS = (ROOT / "gridplan" / "policies" / "rules" / "__init__.py").read_text(encoding="utf-8")
DOCS = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


def whole(word: str, text: str) -> bool:
    """Whether a word stands in a text, not only as part of another (SH-1 is not in SH-12)."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def test_ids_and_keys_are_their_own() -> None:
    assert len({kind.id for kind in RULES}) == len({kind.key for kind in RULES}) == len(RULES)


def test_nothing_is_translated_or_judged_that_is_no_rule() -> None:
    assert set(constraints()) == set(judges()) == set(RULES)


def test_each_judge_is_the_judge_of_its_own_rule() -> None:
    assert [judges()[kind].__name__ for kind in RULES] == [kind.key for kind in RULES]
    assert all(judges()[kind].__doc__ for kind in RULES)


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.id)
class TestEveryRule:
    def test_has_title_and_sentence_in_both_languages(self, kind: type[Rule]) -> None:
        rule = kind("T1", "H1") if kind.many else kind()  # type: ignore[call-arg]
        for text in (kind.title, rule.sentence()):
            assert text.en and text.zh and text.en != text.zh

    def test_says_what_it_means_and_its_clause(self, kind: type[Rule]) -> None:
        assert kind.__doc__
        document = {"SH": "shanghai-2025", "ZJ": "zhejiang-2020", "CD": "chengdu-2018"}.get(kind.id[:2])
        own = re.fullmatch(r"(SH|ZJ|CD)-\d+", kind.id) is None
        assert own or re.search(rf"Clause: {document}, {kind.id} \(.*[\u4e00-\u9fff].*\)", kind.__doc__)

    def test_is_in_the_formulation(self, kind: type[Rule]) -> None:
        assert whole(kind.id, FORMULATION), f"gridplan/optimise/FORMULATION.md does not name {kind.id}"

    def test_has_a_row_in_the_docs(self, kind: type[Rule]) -> None:
        rows = [line for line in DOCS.splitlines() if line.startswith(f"| {kind.id} |")]
        assert len(rows) == 1, f"docs/policy.md has {len(rows)} rows | {kind.id} | …, one is needed"
        row = rows[0]
        table = f"[[{kind.key}]]" if kind.many else f"[{kind.key}]"
        assert f"`{table}`" in row
        fields = {name for name in (f.name for f in dataclasses.fields(kind)) if name != "override"}
        assert {name for name in fields if f"`{name}`" not in row} == set()


def test_the_formulation_names_every_row_of_the_model() -> None:
    from gridplan.optimise.model.reference import all_rows

    for write in all_rows():
        name = write.__name__
        assert f"`{name}`" in FORMULATION, f"FORMULATION.md has no row | (number) | … | `{name}` |"
        numbers = re.findall(r"\((\d+)\)", write.__doc__ or "")
        assert len(numbers) == 1, f"the docstring of {name} gives its number in FORMULATION.md, as (10)"
        assert f"| ({numbers[0]}) |" in FORMULATION, f"FORMULATION.md has no row ({numbers[0]}), of {name}"


def test_every_row_that_gives_way_has_its_price_in_the_formulation() -> None:
    from gridplan.optimise.model.reference import all_rows

    rows = {(re.findall(r"\((\d+)\)", write.__doc__ or "") or [""])[0] for write in all_rows()}
    table = FORMULATION.split("| slack of |")[1].split("\n\n")[0]
    priced = set(re.findall(r"\((\d+)\)", "".join(line.split("|")[1] for line in table.splitlines()[2:])))
    firm = {"1", "2", "11", "13", "14", "16", "17", "18", "20", "25"}
    assert rows - priced <= firm, f"rows {sorted(rows - priced - firm)} have no line in the table of slacks"


def test_numbers_of_rows_are_unique_and_tables_whole() -> None:
    """Each row of the formulation has a number of its own, and no blank line cuts a table in two."""
    numbers = re.findall(r"^\| \((\d+)\) \| .* \| `", FORMULATION, flags=re.MULTILINE)
    assert len(numbers) == len(set(numbers)) and set(map(int, numbers)) == set(range(1, len(numbers) + 1))
    blocks = re.split(r"\n\s*\n", FORMULATION)
    tables = [block.strip().splitlines() for block in blocks if block.lstrip().startswith("|")]
    assert tables and [table[0] for table in tables if not re.fullmatch(r"\|(-+\|)+", table[1])] == []
    assert [row for table in tables for row in table if row.count("|") != table[0].count("|")] == []


TESTS = ROOT / "tests"
ROOMS = {
    "gridplan/policies": "declared",
    "gridplan/optimise": "constrained",
    "gridplan/judging": "judged",
    "tests": "proven",
}
CLAUSES = ("may", "keeps", "keeps_grids", "costs", "counts")  # of trying everything


def acts(kind: type[Rule] | None) -> bool:
    """Whether a rule changes the model by itself; others say who may be paired, before there is a model."""
    constraint = constraints().get(kind) if kind is not None else None
    return constraint is None or constraint.numbers is not sets_nothing or bool(constraint.rows)


def lacks(key: str) -> list[str]:
    """What a rule still lacks, in a sentence each."""
    files = {room: ROOT / room / "rules" / f"{key}.py" for room in ROOMS}
    said = [
        f"{key} is not {ROOMS[room]}: there is no {room}/rules/{key}.py"
        for room, file in files.items()
        if not file.exists()
    ]
    kind, here = next((kind for kind in RULES if kind.key == key), None), f"tests/rules/{key}.py"
    states = vars(proofs()[key]) if key in proofs() else {}
    if acts(kind):
        golden = (
            [key, *states.get("GOLDEN_GRIDS", ())]
            if "GOLDEN" in states
            else states.get("GOLDEN_GRIDS", [key])
        )
        said += [
            f"{key} has no golden LP {name}: give GOLDEN in {here}, then make golden NAME={name}"
            for name in golden
            if not (TESTS / f"golden/lp/{name}.lp").exists()
        ]
        if not states.keys() & {*CLAUSES}:
            said.append(f"{key} has no clause for trying everything: one of {', '.join(CLAUSES)} in {here}")
        if "drawn" not in states and not elsewhere(states.get("DRAWN_IN"), f'"{key}"', "GRID_RULES"):
            said.append(f"{key} is not drawn by hypothesis: def drawn in {here}")
    fields = kind is None or any(f.name != "reason" for f in dataclasses.fields(kind))
    if fields and "BAD" not in states:
        said.append(f"{key} has no bad values: BAD in {here}")
    breaks = not files["gridplan/judging"].exists() or "yield from ()" not in files[
        "gridplan/judging"
    ].read_text(encoding="utf-8")
    if (
        breaks
        and "BROKEN" not in states
        and not elsewhere(states.get("JUDGED_IN"), f'"{kind.id if kind else key}"')
    ):
        said.append(f"{key} has no plan that its judge must name: BROKEN in {here}")
    if kind is None or not re.search(rf"^\| {kind.id} \|", DOCS, flags=re.MULTILINE):
        said.append(f"{key} has no row in docs/policy.md")
    if kind is None or f".{key} import {kind.__name__} as" not in EDITORS:
        said.append(f"{key} is unknown to editors: a line in gridplan/policies/rules/__init__.py")
    if kind is None or not whole(kind.id, FORMULATION):
        said.append(f"{key} is not in gridplan/optimise/FORMULATION.md")
    return said


def elsewhere(file: str | None, *words: str) -> bool:
    """Whether another test file, which the rule's own names, has one of the words."""
    text = (ROOT / file).read_text(encoding="utf-8") if file is not None else ""
    return any(word in text for word in words)


NAMES = sorted({file.stem for room in ROOMS for file in (ROOT / room / "rules").glob("[a-z]*.py")})


@pytest.mark.parametrize("key", NAMES)
def test_a_rule_lacks_nothing(key: str) -> None:
    assert "\n".join(lacks(key)) == ""


def test_a_rule_of_which_nothing_exists_lacks_all_of_it() -> None:
    assert len(lacks("made_up")) == 12
