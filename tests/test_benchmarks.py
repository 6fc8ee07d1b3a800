"""A comparison is only worth something when all sides solve the same problem, as its file states it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.cases.city import City, problem
from benchmarks.cases.instance import Instance
from benchmarks.cases.read import FAMILIES, instances_of, read_cpmp, read_gap, read_pmed, read_sscflp
from benchmarks.cases.tokens import FormatError
from benchmarks.models import COMPETITORS, Competitor, checked_value, gridplan
from benchmarks.results import PROGRAMME, draw
from benchmarks.table import COLUMNS, Row, add_to, comparison, read_rows
from gridplan.optimise.engines.choose import solve
from gridplan.optimise.model.pulp_door import engines
from gridplan.optimise.problem import Problem

real = pytest.mark.skipif(not os.environ.get("GRIDPLAN_REAL_DATA"), reason="GRIDPLAN_REAL_DATA is not set")

PMED = "3 3 1\n1 2 4\n2 3 1\n2 3 2\n"
SJC = "3 2\n0 0 9 4\n3 4 9 5\n0 1 9 4\n"
PMEDCAP = "2\n 1 10\n 2 1 9\n 1 0 0 3\n 2 3 4 3\n 2 20\n 2 2 9\n 1 0 0 3\n 2 3 5 3\n"
HOLMBERG = "2 3\n10 5  20 7\n4 5 6\n1 2 3\n4 5 6\n"
GAP = "2 3\n1 2 3\n4 5 6\n7 8 9\n1 1 1\n15 16\n"
SAMPLE = {"pmed": PMED, "gap": GAP}


def written(folder: Path, text: str, name: str = "sample.txt") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def compact(name: str, made: Problem) -> tuple[float, float]:
    run = COMPETITORS[name](made, 30)
    return run.value, run.gap


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ratio", [None, 3.0])
def test_both_models_prove_the_same_optimum(seed: int, ratio: float | None) -> None:
    made = problem(City(units=40, hospitals=6, districts=5, seed=seed, capacity_ratio=ratio))
    ours, theirs = gridplan(made, 30), COMPETITORS["pulp-compact-highs"](made, 30)
    assert ours.value == pytest.approx(theirs.value, rel=1e-6)
    assert ours.gap <= 1e-6
    assert theirs.gap <= 1e-6


@pytest.mark.filterwarnings("ignore:Constructing LpVariable:DeprecationWarning")  # spopt still makes them so
@pytest.mark.parametrize("name", sorted(COMPETITORS))
def test_every_competitor_solves_the_p_median_of_the_file(name: str) -> None:
    if name == "pulp-compact-cbc" and "cbc" not in engines():
        pytest.skip("this PuLP brings no CBC")
    rng = np.random.default_rng(1)
    made = Instance("x", rng.integers(1, 50, (12, 12)).astype(float), leads=3).problem()
    assert COMPETITORS[name](made, 20).value == gridplan(made, 20).value


@pytest.mark.parametrize("name", ["highspy-direct", "ortools-cpsat", "pulp-compact-scip"])
def test_competitors_know_caps_capacities_and_prices(name: str) -> None:
    city = problem(City(units=40, hospitals=6, districts=5, seed=1, capacity_ratio=2.0))
    rng = np.random.default_rng(2)
    use, room = np.repeat(rng.integers(1, 9, (9, 1)), 5, axis=1).astype(float), np.full(5, 22.0)
    sites = Instance(
        "x", rng.integers(1, 50, (9, 5)).astype(float), capacity=room, use=use, opening_price=np.full(5, 20.0)
    )
    for made in (city, sites.problem()):
        ours, theirs = gridplan(made, 20), COMPETITORS[name](made, 20)
        assert ours.value == pytest.approx(theirs.value, rel=1e-6)
        assert theirs.gap <= 1e-6


def test_a_city_is_the_same_every_time() -> None:
    one, other = (problem(City(units=40, hospitals=6, districts=5, seed=7)) for _ in range(2))
    assert np.array_equal(one.minutes, other.minutes)
    assert np.array_equal(one.people, other.people)
    assert np.array_equal(one.priority, other.priority)


@pytest.mark.parametrize("sizes", [(3, 5, 4), (40, 0, 4), (40, 1, 4)])
def test_a_city_that_cannot_be_is_refused(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"at least|too few"):
        City(*sizes)


def test_a_city_with_room_for_less_than_its_people_is_refused() -> None:
    with pytest.raises(ValueError, match="mean load"):
        City(40, 6, 5, capacity_ratio=0.9)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("sizes", [(600, 45, 16), (300, 20, 12), (200, 6, 16)])
def test_a_city_with_room_for_three_times_its_people_has_a_plan(
    sizes: tuple[int, int, int], seed: int
) -> None:
    """Without a solver: each district has partners of its own, or a share of one, that take its units as they come."""
    (_, m, k), made = sizes, problem(City(*sizes, seed=seed, capacity_ratio=3.0))
    left, districts = made.capacity.copy(), np.zeros(m, dtype=int)
    for d in range(k):
        mine = [2 * d, 2 * d + 1] if m >= 2 * k else [d % m]
        districts[mine] += 1
        for u in np.flatnonzero(made.district == d).tolist():
            h = max(mine, key=lambda h: left[h])
            left[h] -= made.people[u]
    assert (left >= 0).all() and (districts <= made.hospital_cap).all()
    assert len(set(made.district.tolist())) == k


def test_a_contiguous_city_is_the_same_city_with_parts_that_hang_together() -> None:
    loose, made = (problem(City(60, 6, 3, capacity_ratio=3.0, contiguous=c)) for c in (False, True))
    assert loose.neighbours is None and np.array_equal(loose.minutes, made.minutes)
    assert made.neighbours is not None and len(made.neighbours) > 60
    a, b = made.neighbours.T
    assert (a < b).all() and (made.district[a] == made.district[b]).all()
    run = gridplan(made, 60)
    assert run.gap <= 1e-6 and run.value >= gridplan(loose, 60).value * (1 - 1e-9)


def test_a_city_that_counting_rules_out_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="16 districts with 2 partners each have room for 96% of the people"):
        City(6000, 100, 16, capacity_ratio=3.0)
    with pytest.raises(ValueError, match="no plan can exist: a unit has"):
        problem(City(6, 6, 3, capacity_ratio=1.0))
    with pytest.raises(ValueError, match="no plan can exist: a district has"):
        problem(City(14, 8, 4, seed=1, capacity_ratio=1.0))


def test_a_plan_that_breaks_a_rule_has_no_value() -> None:
    made = Instance("x", np.ones((4, 3)), leads=1, capacity=np.full(3, 3.0), use=np.ones(4)).problem()
    assert np.isnan(checked_value(made, np.zeros(4, dtype=int)))
    assert np.isnan(checked_value(made, np.array([0, 0, 1, 1])))
    roomy = Instance("x", np.ones((4, 3)), leads=1, capacity=np.full(3, 4.0), use=np.ones(4)).problem()
    assert checked_value(roomy, np.zeros(4, dtype=int)) == 4.0


def test_in_a_p_median_file_the_last_cost_of_an_edge_counts_and_paths_are_shortest(tmp_path: Path) -> None:
    (one,) = read_pmed(written(tmp_path, PMED))
    assert one.cost.tolist() == [[0, 4, 6], [4, 0, 2], [6, 2, 0]]
    assert one.leads == 1 and one.known is None


def test_an_edge_of_length_zero_is_an_edge(tmp_path: Path) -> None:
    (one,) = read_pmed(written(tmp_path, "2 1 1\n1 2 0\n"))
    assert one.cost.tolist() == [[0, 0], [0, 0]]


def test_capacitated_files_of_both_formats(tmp_path: Path) -> None:
    (one,) = read_cpmp(written(tmp_path, SJC))
    assert one.cost[0].tolist() == [0, 5, 1] and one.leads == 2
    assert one.capacity is not None and one.capacity.tolist() == [9, 9, 9]
    assert one.use is not None and one.use.tolist() == [4, 5, 4]
    first, second = read_cpmp(written(tmp_path, PMEDCAP, "many.txt"))
    assert (first.name, first.leads, first.known) == ("many-01", 1, 10.0)
    assert second.cost[0, 1] == 5.0, "costs are rounded down"


def test_sites_and_agents_come_as_the_files_say(tmp_path: Path) -> None:
    (one,) = read_sscflp(written(tmp_path, HOLMBERG))
    assert one.cost.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert one.opening_price is not None and one.opening_price.tolist() == [5, 7]
    (two,) = read_gap(written(tmp_path, GAP))
    assert two.use is not None and two.use.tolist() == [[7, 1], [8, 1], [9, 1]]
    assert two.capacity is not None and two.capacity.tolist() == [15, 16]


WRONG = [
    ("pmed", "", "ends before number of vertices"),
    ("pmed", "3 3 4\n", "line 1: p: expected a whole number from 1 to 3, got 4"),
    ("pmed", "3 1 1\n1 7 4\n", "line 2: vertex of edge 1"),
    ("pmed", "3 1 1\n1 2 four\n", "line 2: cost of edge 1: expected a number, got 'four'"),
    ("pmed", "3 1 1\n1 2 -4\n", "cost of edge 1: expected ≥ 0"),
    ("pmed", "3 1 1\n1 2 nan\n", "expected a number, got 'nan'"),
    ("pmed", "3 2 1\n1 2 4\n", "ends before vertex of edge 2"),
    ("pmed", PMED + "7\n", "line 5: expected the end of the file, got '7'"),
    ("cpmp", "3 2.5\n0 0 9 4\n3 4 9 5\n0 1 9 4\n", "line 1: p: expected a whole number"),
    ("cpmp", "2 1\n0 0 9 4\n3 4 9 -5\n", "point 2: negative capacity or demand"),
    ("cpmp", "1\n 1 10\n 2 1 9\n 1 0 0 3\n", "ends before problem 1: point x y demand, row 2"),
    ("sscflp", "2 3\n10 5 20 7\n4 5 6\n1 2 3\n4 5\n", "ends before costs, row 2 of 2, column 3"),
    ("sscflp", "2 3\n10 5 -20 7\n4 5 6\n1 2 3\n4 5 6\n", "line 2: capacity and price of sites, row 2"),
    ("gap", "2 3\n1 2 3\n4 5 6\n7 8 x\n1 1 1\n15 16\n", "line 4: uses, row 1 of 2, column 3 of 3"),
    ("gap", GAP + "\x00\n", "line 7: expected the end"),
]


@pytest.mark.parametrize(("family", "text", "says"), WRONG)
def test_a_file_of_another_form_is_named_with_its_line(
    family: str, text: str, says: str, tmp_path: Path
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(FormatError, match=r"sample\.txt") as raised:
        FAMILIES[family].read(file)
    assert says in str(raised.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "x.txt"
    binary.write_bytes(b"\xff\xfe\x00\x81")
    for file in (tmp_path / "absent.txt", tmp_path, binary):
        assert main(["pmed", str(file)]) == 2
        assert str(file) in capsys.readouterr().err


def test_without_files_and_data_the_way_out_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRIDPLAN_REAL_DATA", raising=False)
    assert main(["pmed"]) == 2
    assert "name the files, or set GRIDPLAN_REAL_DATA" in capsys.readouterr().err
    monkeypatch.setenv("GRIDPLAN_REAL_DATA", str(tmp_path))
    assert main(["gap"]) == 2
    assert "no file of the family gap" in capsys.readouterr().err


def test_a_competitor_that_is_not_installed_is_one_clear_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = Competitor("spopt", COMPETITORS["spopt"].ask, ("a_package_that_is_not_there",))
    monkeypatch.setattr("benchmarks.__main__.COMPETITORS", {**COMPETITORS, "spopt": absent})
    assert main(["pmed", str(written(tmp_path, PMED)), "--against", "spopt"]) == 2
    shown = capsys.readouterr()
    assert "a_package_that_is_not_there" in shown.err and ".[bench]" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("family", ["pmed", "gap"])
def test_the_command_line_writes_a_row_per_model(
    family: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = written(tmp_path, SAMPLE[family], "one.txt"), tmp_path / "out.csv"
    assert main([family, str(file), "--against", "pulp-compact-highs", "--csv", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == COLUMNS
    assert [row["engine"].partition("/")[0] for row in rows] == ["gridplan", "pulp-compact-highs"]
    assert rows[0]["value"] == rows[1]["value"] != ""
    assert float(rows[0]["gap"]) <= 1e-6
    assert "proven: gridplan 1, pulp-compact-highs 1 of 1" in capsys.readouterr().out


def test_a_city_is_measured_from_the_command_line() -> None:
    """Started as a module of its own, as users do: what is measured must reach the other process."""
    words = [
        sys.executable,
        "-m",
        "benchmarks",
        "city",
        "--units",
        "30",
        "--hospitals",
        "4",
        "--districts",
        "3",
    ]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    assert "city-30x4x3-1" in ended.stdout


def row(engine: str, value: float = 10.0, gap: float = 0.0, seconds: float = 1.0) -> Row:
    return Row("x", 5, 2, value, value * (1 - gap), gap, None, engine, seconds, 10.0)


def test_ratios_are_of_proven_runs_and_differing_optima_are_cried_out() -> None:
    told = " ".join(comparison([row("g"), row("g")], [row("t", seconds=4.0), row("t", gap=0.1)]))
    assert "4.0 × the time of gridplan (median of 1 that both proved)" in told
    assert "on 1 more it was stopped by the clock" in told
    assert "DIFFER" in " ".join(comparison([row("g", 10.0)], [row("t", 11.0)]))


def test_figures_are_drawn_as_they_were_written(tmp_path: Path) -> None:
    add_to(
        tmp_path / "pmed.csv", [row("gridplan/lagrangian", 12.5), row("spopt", float("nan"), float("nan"))]
    )
    assert len(read_rows(tmp_path / "pmed.csv")) == 2
    page = draw(tmp_path)
    assert "12.50" in page and "gridplan: 1 instances, 1 proven" in page
    assert page.count("Not measured.") == len(PROGRAMME) - 1
    assert all(f"`python -m benchmarks {part.command}`" in page for part in PROGRAMME)


@real
def test_the_real_files_are_all_read_with_their_known_values() -> None:
    counts = {family: instances_of(family, []) for family in FAMILIES}
    assert {f: len(i) for f, i in counts.items()} == {"pmed": 40, "cpmp": 43, "sscflp": 73, "gap": 32}
    assert all(one.known is not None for found in counts.values() for one in found)


@real
@pytest.mark.parametrize("name", ["pmed1", "pmed5", "pmed12", "pmed13", "pmed18", "pmed30"])
def test_public_optima_are_reached_and_proven(name: str) -> None:
    (one,) = read_pmed(Path(os.environ["GRIDPLAN_REAL_DATA"]) / "benchmarks" / "orlib_pmed" / f"{name}.txt")
    run = gridplan(one.problem(), 60)
    assert run.value == one.known and run.gap == 0.0


@pytest.mark.parametrize(
    "sizes", [(300, 20, 10), (60, 9, 9), (90, 8, 24), (80, 24, 5)], ids="{0[0]}x{0[1]}x{0[2]}".format
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_city_with_three_times_the_mean_load_has_a_plan(sizes: tuple[int, int, int], seed: int) -> None:
    made = problem(City(*sizes, seed=seed, capacity_ratio=3))
    assert np.bincount(made.district).min() > 0
    assert solve(made, seconds=20, gap=0.5).value > 0


def test_a_page_of_the_table_is_measured_and_written_down(
    browser: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`browser` only makes sure that there is one."""
    out = tmp_path / "tables.md"
    assert main(["table", "--units", "160", "--general", "8", "--out", str(out)]) == 0
    assert "| 160 | 17 |" in out.read_text(encoding="utf-8")
    assert "(optimal, optimal) | all |" in out.read_text(encoding="utf-8")
    assert "OVER BUDGET" not in capsys.readouterr().out


def test_a_map_is_measured_and_written_down(
    browser: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`browser` only makes sure that there is one. How fast a busy machine opens the map is no test."""
    monkeypatch.setattr("benchmarks.maps.BUDGET_FIRST", 120.0)
    out, figures = tmp_path / "maps.md", tmp_path / "maps.csv"
    assert main(["map", "--units", "230", "--csv", str(figures), "--out", str(out)]) == 0
    row = next(csv.DictReader(figures.read_text(encoding="utf-8").splitlines()))
    assert row["units"] == "230" and row["drawn_as"] == "polygons"
    assert 0.2 < float(row["mb"]) < 1 and all(
        float(row[name]) > 0 for name in ("draw", "first", "pan", "heap_mb")
    )
    assert "| 230 | polygons |" in out.read_text(encoding="utf-8")
    assert "OVER BUDGET" not in capsys.readouterr().out
