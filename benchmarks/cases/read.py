"""Readers of the public formats: a file in, its instances out."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from benchmarks.cases.instance import Instance
from benchmarks.cases.tokens import FormatError, Tokens

DATA = "GRIDPLAN_REAL_DATA"


def read_pmed(file: Path) -> list[Instance]:
    """OR-Library p-median: `n edges p`, then `u v cost`; the last cost of a pair counts; shortest paths between all."""
    tokens = Tokens(file)
    n = tokens.whole("number of vertices", 1, 100_000)
    edges, p = tokens.whole("number of edges"), tokens.whole("p", 1, n)
    length = np.full((n, n), np.inf)
    for e in range(1, edges + 1):
        u, v = (tokens.whole(f"vertex of edge {e}", 1, n) - 1 for _ in range(2))
        cost = tokens.number(f"cost of edge {e}")
        if cost < 0:
            raise tokens.wrong(f"cost of edge {e}: expected ≥ 0, got {cost:g}")
        length[u, v] = length[v, u] = cost
    tokens.end()
    return [Instance(file.stem, _paths(length), leads=p, known=_known(file).get(file.stem))]


def read_cpmp(file: Path) -> list[Instance]:
    """Capacitated p-median: `n p`, then `x y capacity demand` (SJC, Stefanello), or OR-Library's file of many."""
    tokens = Tokens(file)
    first = tokens.whole("first number", 1)
    if len(tokens) != 2 + 4 * first:
        return _read_pmedcap(file, tokens, first)
    n, p = first, tokens.whole("p", 1, first)
    rows = tokens.table(n, 4, "x y capacity demand")
    if (rows[:, 2:] < 0).any():
        raise FormatError(
            f"{file}, point {int(np.argwhere(rows[:, 2:] < 0)[0][0]) + 1}: negative capacity or demand"
        )
    return [
        _capacitated(file.stem, rows[:, :2], rows[:, 2], rows[:, 3], p, _known(file).get(file.stem), False)
    ]


def _read_pmedcap(file: Path, tokens: Tokens, problems: int) -> list[Instance]:
    out = []
    for _ in range(problems):
        number, best = tokens.whole("number of the problem"), tokens.number("best value")
        n = tokens.whole("number of points", 1)
        p, room = tokens.whole("p", 1, n), tokens.number("capacity")
        rows = tokens.table(n, 4, f"problem {number}: point x y demand")
        name = f"{file.stem}-{number:02}"
        out.append(_capacitated(name, rows[:, 1:3], np.full(n, room), rows[:, 3], p, best, True))
    tokens.end()
    return out


def _capacitated(
    name: str,
    places: np.ndarray,
    room: np.ndarray,
    demand: np.ndarray,
    p: int,
    known: float | None,
    floor: bool,
) -> Instance:
    cost = np.linalg.norm(places[:, None] - places[None], axis=2)
    return Instance(name, np.floor(cost) if floor else cost, p, room, demand, known=known)


def read_sscflp(file: Path) -> list[Instance]:
    """Holmberg: `m n`, m × `capacity price`, n demands, m × n total costs, site by site."""
    tokens = Tokens(file)
    m, n = tokens.whole("number of sites", 1), tokens.whole("number of customers", 1)
    sites = tokens.table(m, 2, "capacity and price of sites", 0)
    demand = tokens.table(1, n, "demands", 0)[0]
    cost = tokens.table(m, n, "costs", 0).T
    tokens.end()
    name = file.stem
    return [Instance(name, cost, None, sites[:, 0], demand, sites[:, 1], _known(file).get(name))]


def read_avella_boccia(file: Path) -> list[Instance]:
    """Avella and Boccia: `m n`, n demands, m capacities, m prices, m × n costs of a unit of demand, site by site."""
    tokens = Tokens(file)
    m, n = tokens.whole("number of sites", 1), tokens.whole("number of customers", 1)
    demand, room, price = (
        tokens.table(1, many, what, 0)[0] for many, what in ((n, "demands"), (m, "capacities"), (m, "prices"))
    )
    cost = tokens.table(m, n, "costs", 0).T * demand[:, None]
    tokens.end()
    return [Instance(file.stem, cost, None, room, demand, price, _known(file).get(file.stem))]


def read_sites(file: Path) -> list[Instance]:
    """Single-source facility location in the layout that the file's name tells."""
    return read_avella_boccia(file) if file.suffix == ".plc" else read_sscflp(file)


def read_gap(file: Path) -> list[Instance]:
    """OR-Library generalised assignment: `m n`, m × n costs, m × n uses, m capacities, agent by agent."""
    tokens = Tokens(file)
    m, n = tokens.whole("number of agents", 1), tokens.whole("number of jobs", 1)
    cost, use = tokens.table(m, n, "costs", 0).T, tokens.table(m, n, "uses", 0).T
    room = tokens.table(1, m, "capacities", 0)[0]
    tokens.end()
    return [Instance(file.name, cost, None, room, use, known=_known(file).get(file.name))]


def _paths(length: np.ndarray) -> np.ndarray:
    """Shortest paths; an edge of length zero is an edge all the same."""
    u, v = np.nonzero(np.isfinite(length))
    out: np.ndarray = shortest_path(csr_array((length[u, v], (u, v)), shape=length.shape), method="D")
    return out


@dataclass(frozen=True)
class Family:
    """A family of public instances: its reader, and its folders with the pattern of their files."""

    read: Callable[[Path], list[Instance]]
    folders: Mapping[str, str]
    what: str


FAMILIES: Mapping[str, Family] = {
    "pmed": Family(read_pmed, {"orlib_pmed": "pmed[0-9]*.txt"}, "p-median (OR-Library)"),
    "cpmp": Family(
        read_cpmp,
        {
            "orlib_pmed": "pmedcap1.txt",
            "cpmp_lorena_sjc": "*.dat",
            "cpmp_stefanello": "*_[0-9]*.txt",
            "cpmp_larger": "*_[0-9]*.txt",
        },
        "capacitated p-median (Osman–Christofides, SJC, Stefanello)",
    ),
    "sscflp": Family(
        read_sites,
        {"sscflp_holmberg": "p[0-9]*", "sscflp_tbed1": "*.plc"},
        "single-source facility location (Holmberg; Avella and Boccia)",
    ),
    "gap": Family(
        read_gap,
        {"gap_orlib": "[a-d][0-9]*", "gap_yagiura": "[c-e][0-9]*"},
        "generalised assignment (OR-Library; Yagiura)",
    ),
}


def files_of(family: str) -> list[Path]:
    """The files of a family below `$GRIDPLAN_REAL_DATA/benchmarks`, in natural order.

    Raises
    ------
    FormatError : the variable is not set, or nothing is there.
    """
    root = os.environ.get(DATA)
    if not root:
        raise FormatError(f"name the files, or set {DATA} to the folder that holds benchmarks/")
    found = [
        file
        for folder, pattern in FAMILIES[family].folders.items()
        for file in sorted((Path(root) / "benchmarks" / folder).glob(pattern), key=_natural)
    ]
    if not found:
        raise FormatError(f"no file of the family {family} below {Path(root) / 'benchmarks'}")
    return found


def instances_of(family: str, files: list[Path]) -> list[Instance]:
    """Every instance of the files, or of the family's folders where no file is named."""
    return [one for file in files or files_of(family) for one in FAMILIES[family].read(file)]


def _natural(file: Path) -> tuple[str, int]:
    letters = file.stem.rstrip("0123456789")
    return letters, int(file.stem[len(letters) :] or 0)


def _known(file: Path) -> dict[str, float]:
    """Best values from the list that stands beside the file; none where no list does."""
    for name, read in KNOWN.items():
        beside = file.parent / name
        if beside.exists():
            return dict(read(beside))
    return {}


def _second_word(file: Path) -> dict[str, float]:
    """`name value …` in every line but headings."""
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {row[0]: float(row[1]) for row in rows if len(row) > 1 and _is_number(row[1])}


def _orlib(file: Path) -> dict[str, float]:
    return {name: value for name, value in _second_word(file).items() if name.startswith("pmed")}


def _holmberg(file: Path) -> dict[str, float]:
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {row[0]: float(row[3]) for row in rows if len(row) == 6 and _is_number(row[3])}


def _stefanello(file: Path) -> dict[str, float]:
    """The least value of a row; its columns 1, 2, 4, 6 and 8 are values, the others gaps."""
    out = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = line.split()
        if len(row) == 10 and _is_number(row[1]):
            stem, number = row[0].rsplit("_", 1)
            out[f"{stem}_{int(number):03}"] = min(float(row[k]) for k in (1, 2, 4, 6, 8))
    return out


def _gap(file: Path) -> dict[str, float]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["Path"]: float(row["Best known solution value"]) for row in csv.DictReader(rows)}


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdigit()


KNOWN: Mapping[str, Callable[[Path], dict[str, float]]] = {
    "pmedopt.txt": _orlib,
    "BEST_KNOWN.txt": _second_word,
    "T2_best.txt": _stefanello,
    "OPTIMA_verified.txt": _holmberg,
    "optima.csv": _gap,
}
