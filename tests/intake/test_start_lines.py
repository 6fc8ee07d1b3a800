"""What start() writes for what is not there: a line to fill in; and what it says of files that it does not read."""

from __future__ import annotations

import tomllib

import gridplan as gp
from gridplan.inputs.sample import tiny_town


def _files(folder, hospitals):
    gp.write_region(tiny_town(), folder)
    (folder / "region.toml").unlink()
    table = tiny_town().hospitals.rename(columns=hospitals)
    table.drop(columns=["row", "geometry"], errors="ignore").to_csv(folder / "hospitals.csv", index=False)


def test_a_missing_column_has_a_line_to_fill_in(tmp_path):
    _files(tmp_path, {"tier": "归谁\\"})
    begun = gp.start(tmp_path)
    assert "hospitals.tier" in [what for what, _ in begun.missing]
    text = begun.file.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("# tier = ")]
    assert "归谁" in line
    begun.file.write_text(text.replace(line, "tier = '归谁\\'"), encoding="utf-8")
    assert "tier" in tomllib.loads(begun.file.read_text(encoding="utf-8"))["tables"]["hospitals"]["columns"]
    assert not gp.check(tmp_path).errors


def test_documents_are_named_as_not_read(tmp_path):
    _files(tmp_path, {})
    (tmp_path / "说明.docx").write_bytes(b"PK")
    chosen = gp.start(tmp_path, lang="en").chosen.set_index("file")
    assert chosen.loc["说明.docx", "table"] == "" and "not read" in chosen.loc["说明.docx", "why"]
