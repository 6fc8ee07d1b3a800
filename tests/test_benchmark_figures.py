"""The benchmarks of scenarios and of a country: their figures, the made-up country, small runs of both."""

from __future__ import annotations

from pathlib import Path

import pytest

import gridplan as gp
from benchmarks import national, scenarios
from benchmarks.__main__ import main
from benchmarks.cases.country import Country
from benchmarks.figures import Figure, add_figures, read_figures, table
from benchmarks.results import draw

SMALL = Country(cities=2, units=60, hospitals=6, districts=3)


def test_a_figure_that_is_not_reached_says_so(tmp_path: Path) -> None:
    figures = [
        Figure("town", "each", 0.4, "s", "< 1"),
        Figure("town", "busy", 80.0, "%", "> 90"),
        Figure("town", "size", 12345.6, "KiB"),
    ]
    assert [f.reached for f in figures] == [True, False, None]
    add_figures(tmp_path / "scenarios.csv", figures[:1])
    add_figures(tmp_path / "scenarios.csv", figures[1:])
    assert read_figures(tmp_path / "scenarios.csv") == figures
    page = draw(tmp_path)
    assert all(line in page for line in table(figures))
    assert page.count("NOT REACHED") == 1 and "| 12,346 KiB |" in page


def test_a_city_of_the_country_is_sound_and_no_other_is_like_it(tmp_path: Path) -> None:
    where = SMALL.write(tmp_path)
    assert list(where) == ["c000", "c001"]
    one, other = (gp.read(folder) for folder in where.values())
    # nobody has a partner in it today, and the doctor asks whether that is so
    assert [[f.code for f in gp.check(city)] for city in (one, other)] == [["today-with-gaps"]] * 2
    assert one.fingerprint == SMALL.city(0).fingerprint != other.fingerprint
    assert len(one.units) == 60 and set(one.units["district_id"]) == set(one.districts["district_id"])


def test_scenarios_of_the_benchmark_are_all_different() -> None:
    asked = [*scenarios.many(gp.tiny_town(), 400).values(), *scenarios.many(gp.tiny_town(), 40, 400).values()]
    assert len({str(s.changes) for s in asked}) == 440
    assert len(national.asked(1)) == 1 and len(national.asked(5)) == 5


def test_a_small_country_is_measured(tmp_path: Path) -> None:
    out = tmp_path / "national.csv"
    size = ["--cities", "2", "--units", "150", "--scenarios", "2"]
    assert main(["national", *size, "--on", "local", "--csv", str(out)]) == 0
    figures = {f.what: f for f in read_figures(out)}
    assert figures["with a plan, of 4"].value == 4
    assert figures["most memory of a worker"].value > 20
    each = figures["processor seconds per plan, reading included"].value
    assert figures["core-hours, reckoned"].value == pytest.approx(2 * 1000 * each / 3600, rel=1e-4)


def test_a_small_bulk_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gp.write_region(gp.tiny_town(), tmp_path / "town")
    monkeypatch.setattr(scenarios, "regions", lambda scratch: iter([("town", tmp_path / "town")]))
    for name, value in (("MADE_UP", 600), ("SIDE_BY_SIDE", 2), ("TURNS", 1)):
        monkeypatch.setattr(scenarios, name, value)
    figures = {f.what: f for f in scenarios.measure(4)}
    assert figures["with a plan"].value == 4
    assert {"resume, all finished", "open", "compare with one of them"} <= set(figures)
    assert any(what.startswith("runner over bare loop") for what in figures)


def test_too_few_scenarios_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios", "--count", "1"]) == 2
    assert "--count 2 or more" in capsys.readouterr().err
