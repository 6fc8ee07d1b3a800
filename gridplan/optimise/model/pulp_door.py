"""The one place that touches PuLP, and the solvers behind it; works with PuLP 3.3 and 4.

What PuLP says of a stopped run cannot be believed (3.3 calls it "Optimal"), so a HiGHS run is read from the
HiGHS object itself, and a CBC run from status, solution status, log and integrality together.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import highspy
import pulp

from gridplan.files.scratch import scratch
from gridplan.optimise.model.highs_door import Seen
from gridplan.optimise.run.in_time import in_time
from gridplan.optimise.run.interrupt import stopped
from gridplan.optimise.run.quiet import hush
from gridplan.optimise.run.with_parent import ends_with_us
from gridplan.words.errors import NoSolverError, SolveError
from gridplan.words.text import Text

Engine = Literal["highs", "cbc"]
Sense = Literal["<=", ">=", "=="]
Found = Literal["optimal", "feasible", "none", "infeasible"]
Variable = Any
Terms = Iterable[tuple[Variable, float]]
Told = Callable[[float | None, float | None], None]  # value and bound of the objective, while the solver runs

INTEGRALITY = 1e-6
# The solver proves to a tenth of what we call optimal, so that rounding cannot spoil the claim.
PROOF_GAP = 1e-7


@dataclass(frozen=True)
class Solved:
    """What one solver run brought.

    Parameters
    ----------
    found : "optimal", "feasible" (stopped early with a whole-number solution), "none" (stopped without), "infeasible".
    bound : proven lower bound on the objective, None where nothing is proven.
    seconds : inside the solver.
    """

    found: Found
    bound: float | None
    seconds: float

    @property
    def has_values(self) -> bool:
        """Whether the variables hold a solution."""
        return self.found in ("optimal", "feasible")


class Model:
    """A minimisation model with named rows; the only user of PuLP."""

    def __init__(self, name: str) -> None:
        self._problem = pulp.LpProblem(name, pulp.LpMinimize)
        self._names: set[str] = set()
        self._whole: list[Variable] = []

    def binary(self, name: str) -> Variable:
        """A variable that is 0 or 1."""
        variable = self._problem.add_variable(self._unique(name), 0, 1, cat="Binary")
        self._whole.append(variable)
        return variable

    def continuous(self, name: str, high: float | None = None) -> Variable:
        """A variable from 0 to `high`."""
        return self._problem.add_variable(self._unique(name), 0, high)

    def fix(self, variable: Variable, value: float) -> None:
        """Leave a variable no choice."""
        variable.lowBound = variable.upBound = value

    def add(self, terms: Terms, sense: Sense, limit: float, name: str) -> None:
        """A row: Σ coefficient · variable ≤, ≥ or = limit."""
        left = _weighted(terms)
        row = left <= limit if sense == "<=" else left >= limit if sense == ">=" else left == limit
        self._problem += row, self._unique(name)

    def minimise(self, terms: Terms) -> None:
        """Set the objective. An empty one gets a zero: PuLP 3.3 would add a dummy that CBC cannot read later."""
        self._problem.setObjective(_weighted(list(terms) or [(v, 0.0) for v in self._whole[:1]]))

    def value(self, variable: Variable) -> float:
        """A variable's value in the last solution."""
        return float(variable.varValue)

    def is_on(self, variable: Variable) -> bool:
        """Whether a 0/1 variable is 1 in the last solution."""
        return self.value(variable) > 0.5

    def write_lp(self, path: Path) -> None:
        """Write the model in LP format, for reading and for golden tests."""
        self._problem.writeLP(str(path))

    def solve(
        self,
        engine: Engine,
        seconds: float | None,
        gap: float,
        threads: int = 1,
        told: Told = lambda value, bound: None,
    ) -> Solved:
        """Run a solver; inside `interruptible`, Ctrl-C ends it with what it has found.

        Parameters
        ----------
        told : called with value and bound while HiGHS runs; CBC is a programme of its own and says nothing.

        Raises
        ------
        NoSolverError : the engine cannot run here.
        SolveError : the solver failed, or hands back values that are not whole.
        """
        start = time.perf_counter()
        if engine not in RUNS:
            raise NoSolverError(
                Text(f"there is no engine {engine!r}", f"没有求解器 {engine!r}"),
                Text(f"use one of {', '.join(engines())}", f"可用：{'、'.join(engines())}"),
            )
        found, bound = RUNS[engine](self._problem, seconds, max(gap, PROOF_GAP), threads, told)
        if found in ("optimal", "feasible") and not self._is_whole():
            if found == "optimal":
                raise SolveError(
                    Text(f"{engine} called a broken solution optimal", f"{engine} 给出的最优解不是整数解")
                )
            found = "none"
        return Solved(found, bound, time.perf_counter() - start)

    def _is_whole(self) -> bool:
        values = [variable.varValue for variable in self._whole]
        return all(v is not None and abs(v - round(v)) < INTEGRALITY and 0 <= round(v) <= 1 for v in values)

    def _unique(self, name: str) -> str:
        """PuLP rewrites what LP files cannot hold; do it first, so that two ids never become one name."""
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        candidate, n = plain, 1
        while candidate in self._names:
            n += 1
            candidate = f"{plain}__{n}"
        self._names.add(candidate)
        return candidate


def engines() -> list[str]:
    """The engines that can run on this machine."""
    names = set(pulp.listSolvers(onlyAvailable=True))
    return [e for e, needs in (("highs", {"HiGHS"}), ("cbc", {"PULP_CBC_CMD", "COIN_CMD"})) if names & needs]


def engine_version(engine: Engine) -> str:
    """Name and version of what solved, for the record."""
    if engine == "highs":
        hush()
        return f"HiGHS {highspy.Highs().version()} through PuLP {pulp.__version__}"
    return f"CBC through PuLP {pulp.__version__}"


def _weighted(terms: Terms) -> Any:
    listed = [(variable, float(weight)) for variable, weight in terms]
    build = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)  # PuLP 4, else 3.3
    return build(listed)


def _run_highs(
    problem: Any, seconds: float | None, gap: float, threads: int, told: Told
) -> tuple[Found, float | None]:
    hush()
    end = None if seconds is None else time.monotonic() + seconds
    # A presolve of HiGHS 1.16 was seen to call a model solved that nothing solves; HiGHS itself then takes it back.
    for presolve in ("choose", "off"):
        # another thread count earlier in this process returns garbage otherwise
        highspy.Highs.resetGlobalScheduler(True)
        left = None if end is None else max(0.0, end - time.monotonic())
        seen = Seen()
        solver = _InTime(
            msg=False, timeLimit=left, gapRel=gap, gapAbs=0.0, threads=threads, random_seed=0, presolve=presolve,
            callbackTuple=(_listener(told, seen), None), callbacksToActivate=list(LOOKS),
        )  # fmt: skip
        try:
            problem.solve(solver)
        except _LeftBehindError:
            return _as_seen(problem, seen)
        if stopped() or problem.solverModel.getModelStatus() != highspy.HighsModelStatus.kSolveError:
            break
    highs = problem.solverModel
    info, status = highs.getInfo(), highs.getModelStatus()
    kinds = highspy.HighsModelStatus
    if status == kinds.kSolveError and stopped():
        raise KeyboardInterrupt  # a second Ctrl-C, which cannot pass through HiGHS itself
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return "infeasible", None
    if status not in (
        kinds.kOptimal,
        kinds.kTimeLimit,
        kinds.kInterrupt,
        kinds.kSolutionLimit,
        kinds.kModelEmpty,
    ):
        raise SolveError(Text(f"HiGHS stopped with {status.name}", f"HiGHS 异常结束：{status.name}"))
    has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = float(info.mip_dual_bound)
    proven = bound if abs(bound) < highspy.kHighsInf else None
    if not has_point:
        return "none", proven
    return ("optimal" if status == kinds.kOptimal else "feasible"), proven


LOOKS = (
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
    highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
    highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution,
)


class _LeftBehindError(Exception):
    """HiGHS has not come back in its time."""


class _InTime(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS in a thread that is left behind where it does not end; only this thread touches PuLP's model."""

    def callSolver(self, lp: Any) -> None:
        if in_time(lp.solverModel.run, self.timeLimit) is None:
            raise _LeftBehindError


def _as_seen(problem: Any, seen: Seen) -> tuple[Found, float | None]:
    """The best that HiGHS had said before it was left behind."""
    proven = _finite(seen.bound)
    if seen.values is None:
        return "none", proven
    for variable in problem.variables():
        variable.varValue = float(seen.values[variable.index])
    return "feasible", proven


def _listener(told: Told, seen: Seen) -> Callable[..., None]:
    """What HiGHS calls again and again while it runs: it is told to stop here, and says how far it is."""

    def listen(kind: Any, message: str, out: Any, back: Any, mine: Any) -> None:
        if kind == LOOKS[0]:
            seen.raise_to(out.mip_dual_bound)
            told(_finite(out.mip_primal_bound), _finite(out.mip_dual_bound))
        elif kind == LOOKS[2]:
            seen.keep(out.mip_solution)
        if stopped():
            back.user_interrupt = True

    return listen


def _finite(figure: float) -> float | None:
    return float(figure) if abs(figure) < highspy.kHighsInf else None


def _run_cbc(
    problem: Any, seconds: float | None, gap: float, threads: int, told: Told
) -> tuple[Found, float | None]:
    if "cbc" not in engines():
        raise NoSolverError(
            Text("CBC cannot run here: this PuLP brings no CBC", "此处无法运行 CBC：当前 PuLP 不带 CBC"),
            Text("use engine='highs', or install pulp[cbc]", "请用 engine='highs'，或安装 pulp[cbc]"),
        )
    kind = getattr(pulp, "PULP_CBC_CMD", None) or pulp.COIN_CMD
    with scratch() as folder, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PULP_CBC_CMD is deprecated", DeprecationWarning)
        log = folder / "cbc.log"
        solver = kind(
            msg=False,
            timeLimit=seconds,
            gapRel=gap,
            threads=None if threads == 1 else threads,
            logPath=str(log),
        )
        solver.tmpDir, solver.path = str(folder), ends_with_us(solver.path, folder)
        answer = problem.solve(solver)
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    status, solution = _cbc_status(problem, answer)
    if pulp.LpStatusInfeasible in (status, solution):
        return "infeasible", None
    bound = _cbc_number(text, r"Lower bound:\s+(\S+)")
    if solution == pulp.LpSolutionOptimal and bound is None and "Result - Optimal solution found" in text:
        return "optimal", float(
            pulp.value(problem.objective)
        )  # searched to the end; no bound is printed then
    bound = bound or _cbc_number(text, r"best possible\s+(\S+)")
    if solution == pulp.LpSolutionOptimal:
        return "optimal", float(pulp.value(problem.objective)) if bound is None else bound
    # Stopped: without a solution the variables hold LP values, so the log decides.
    has_solution = solution == pulp.LpSolutionIntegerFeasible and "No feasible solution found" not in text
    return ("feasible" if has_solution else "none"), bound


def _cbc_status(problem: Any, answer: Any) -> tuple[int, int]:
    """Status and solution status in PuLP 3.3's terms; PuLP 4 answers with LpSolveStats."""
    if not hasattr(answer, "has_solution"):
        return int(problem.status), int(problem.sol_status)
    status = int(answer.status)
    found = pulp.LpSolutionIntegerFeasible if answer.has_solution else pulp.LpSolutionNoSolutionFound
    return status, pulp.LpSolutionOptimal if status == pulp.LpStatusOptimal else found


RUNS = {"highs": _run_highs, "cbc": _run_cbc}


def _cbc_number(text: str, pattern: str) -> float | None:
    found = re.findall(pattern, text)
    try:
        return float(found[-1].rstrip(",;")) if found else None
    except ValueError:
        return None
