"""`python -m benchmarks stages` tells the quickest run of each tree, and leaves no tree behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import gridplan as gp
from benchmarks import stages


def runs_of(monkeypatch: pytest.MonkeyPatch, told: dict[str, list[dict[str, float]]]) -> list[str]:
    """Runs that tell these seconds by stage, one after the other of each tree; the list says who ran when."""
    ran: list[str] = []

    def run(tree: Path, folder: Path, out: Path) -> stages.Run:
        name = "now" if tree == stages.ROOT else "before"
        ran.append(name)
        return stages.Run(told[name][ran.count(name) - 1], 10.0 * ran.count(name), 100.0 * ran.count(name))

    monkeypatch.setattr(stages, "_run", run)
    return ran


def test_the_quickest_run_counts_whole_and_the_goal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    runs_of(monkeypatch, {"now": [{"read": 1.0, "solve": 3.0}, {"read": 2.0, "solve": 1.5}]})
    figures = list(stages.measure(None, None, turns=2))
    assert [(f.what, f.value) for f in figures] == [
        ("read", 2.0), ("solve", 1.5), ("whole process", 3.5), ("whole process, by the clock", 20.0), ("most memory", 200.0),
    ]  # fmt: skip
    assert [f.to_reach for f in figures] == ["", "", stages.MOST_SECONDS, "", ""]


@pytest.mark.parametrize("kind", stages.KINDS)
def test_a_made_up_city_is_measured_by_clock_and_memory_too(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    read: list[gp.Region] = []

    def run(tree: Path, folder: Path, out: Path) -> stages.Run:
        read.append(gp.read(folder))
        return stages.Run({"read": 1.0}, 46.0, 400.0)

    monkeypatch.setattr(stages, "_run", run)
    monkeypatch.setattr(stages, "MOST", {60: ("< 45", "< 1500")})
    *_, clock, memory = stages.measure(None, 60, 1, kind)
    assert (clock.reached, memory.reached) == (False, True)
    assert clock.of == f"plan of the 60 units, {kind}, now"
    assert len(read[0].units) == 60 and read[0].units.geometry.notna().all() == (kind == "polygons")


def test_two_trees_run_in_turn_and_the_other_is_taken_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = {"now": [{"read": 1.0}] * 2, "before": [{"read": 2.0}] * 2}
    ran = runs_of(monkeypatch, told)
    asked: list[list[str]] = []
    monkeypatch.setattr(stages, "_done", lambda words, *_: asked.append([str(word) for word in words]) or "")
    figures = list(stages.measure("abc", None, turns=2))
    assert ran == ["before", "now"] * 2
    assert {f.of for f in figures} == {"plan of the sample city, abc", "plan of the sample city, now"}
    added, removed = (next(words for words in asked if verb in words) for verb in ("add", "remove"))
    assert "abc" in added and added[-2] == removed[-1]


def test_a_revision_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 128, "", "fatal: invalid reference: nowhere")

    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(RuntimeError, match="invalid reference: nowhere"):
        list(stages.measure("nowhere", None, turns=1))
