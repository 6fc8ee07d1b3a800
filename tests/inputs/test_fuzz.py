"""Damaged and hostile files: read or refused in our own words, by every door (`make fuzz` tries thousands)."""

from __future__ import annotations

import gc
import json
import struct
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.inputs.formats.read_file import local_file
from gridplan.inputs.read_settings import FILE, TableSettings, read_settings
from gridplan.inputs.read_table import read_table
from gridplan.inputs.schema import TABLES
from gridplan.inputs.sheets.encoding import known_encoding
from gridplan.inputs.sheets.notes import FileFault, Notes
from gridplan.inputs.sheets.read_toml import parse_toml
from gridplan.plans.folder.record import read_record
from tests.inputs.fuzz import fuzz


@pytest.mark.filterwarnings("ignore")  # what third-party readers mutter about damaged files
def test_no_damaged_file_raises_what_is_not_ours(tmp_path: Path) -> None:
    outcome = fuzz(tmp_path / "work", 240, seed=12)
    assert outcome.strangers == []
    assert min(outcome.ways["read"], outcome.ways["refused"]) > 20, "both ways must be tried"
    gc.collect()  # files that they left open are closed here, not in the middle of another test


def faults(folder: Path, name: str, content: str | bytes, table: str) -> list[str]:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    notes = Notes()
    assert read_table(folder, TABLES[table], TableSettings(), "wgs84", notes) is None
    return [finding.what.en for finding in notes.findings]


def feature(properties: object) -> str:
    return json.dumps(
        {"type": "FeatureCollection", "features": [{"properties": properties, "geometry": None}]}
    )


def test_hostile_tables_are_named_with_their_cause(tmp_path: Path) -> None:
    told = {
        "no object": faults(tmp_path, "units.geojson", feature([1]), "units"),
        "half a character": faults(
            tmp_path, "hospitals.json", feature({"name": "\ud800", "id": "1"}), "hospitals"
        ),
        "100,000 columns": faults(
            tmp_path, "districts.csv", ",".join(["name"] * 100_000) + "\n1\n", "districts"
        ),
    }
    assert {word: len(lines) for word, lines in told.items() if word in lines[0]} == dict.fromkeys(told, 1)


def test_a_dbf_that_claims_records_without_size_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "districts.shp").write_bytes(struct.pack(">i", 9994) + bytes(96))
    (tmp_path / "districts.shx").write_bytes(bytes(100))
    (tmp_path / "districts.dbf").write_bytes(struct.pack("<B3xIHH20x", 3, 2**32 - 1, 33, 0) + b"\x0d")
    notes = Notes()
    assert read_table(tmp_path, TABLES["districts"], TableSettings(), "wgs84", notes) is None
    assert "cut short" in notes.findings[0].what.en


@pytest.mark.parametrize(
    "text",
    [
        "a." * 20_000 + "a = 1",
        "a = " + "[" * 5_000,
        "a = " + "9" * 6_000,
        "a = 99999999999999999999",
        "x = {" * 500,
    ],
    ids=["dots", "brackets", "digits", "too many bits", "tables"],
)
def test_absurd_toml_is_refused_by_every_door(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileFault, match=r"x\.toml: not valid TOML"):
        parse_toml(text, "x.toml")
    file = tmp_path / "x.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(gp.PolicyError, match=r"x\.toml: not valid TOML"):
        gp.policy(file)
    with pytest.raises(gp.errors.ScenarioError, match=r"x\.toml: not valid TOML"):
        gp.read_scenarios(file)
    file.rename(tmp_path / FILE)
    notes = Notes()
    assert read_settings(tmp_path, notes) is None and "not valid TOML" in notes.findings[0].what.en


def test_text_with_many_dots_is_no_nested_table() -> None:
    assert parse_toml(f'a = "{"1." * 100}"\nb = "{"x" * 100_000}"', "x.toml")["a"].startswith("1.1.")


def test_a_huge_region_toml_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / FILE).open("wb") as stream:
        stream.truncate(10 * 2**30)  # takes no room on the disk
    notes = Notes()
    assert read_settings(tmp_path, notes) is None and "is larger than" in notes.findings[0].what.en


@pytest.mark.parametrize("name", ["x" * 5_000 + ".csv", "a\0b.csv"], ids=["long", "nul"])
def test_names_that_no_file_can_have_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileFault):
        local_file(tmp_path, name)


def test_a_deep_or_absurd_plan_json_is_refused(tmp_path: Path) -> None:
    for text, why in (("[" * 100_000, "too deeply"), ('{"form": ' + "9" * 6_000 + "}", "form")):
        (tmp_path / "plan.json").write_text(text, encoding="utf-8")
        with pytest.raises(gp.DataError, match=why):
            read_record(tmp_path)


def test_only_codecs_of_letters_are_encodings() -> None:
    assert [known_encoding(name) for name in ("GBK", "hex", "zlib", "a\0b", "unicode_escape", "utf-8")] == [
        "gb18030", None, None, None, None, "utf-8",
    ]  # fmt: skip
