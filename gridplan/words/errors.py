"""The error tree. Every error says what, which and what to do; each is also a built-in.

GridplanError
├── ArgumentError(TypeError, ValueError)      a verb was given what it cannot use
├── DataError(ValueError)         .findings   the tables cannot be used as they are
├── PolicyError(ValueError)       .findings   the policy is written wrongly, or cannot work here by arithmetic
├── ScenarioError(ValueError)     .findings   a scenario is written wrongly, or names what the region lacks
├── SolveError(RuntimeError)
│   ├── NoSolverError                         no solver of that name can run here
│   ├── InfeasibleError           .conflicts  which rules give way, where, by how much; .clash; .ways_out
│   └── NoPlanInTimeError         .bound      the clock ran out before any plan was found
└── BrokenPlanError(RuntimeError) .verdict    the judge rejects a plan
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gridplan.words.findings import Findings
from gridplan.words.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 8


class GridplanError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    what : what is wrong, one sentence.
    hint : what to do about it, one sentence.
    which : the offenders, as ids or sentences; the first eight are shown, the rest counted.
    """

    def __init__(self, what: Text, hint: Text | None = None, which: Sequence[str | Text] = ()) -> None:
        self.what, self.hint, self.which = what, hint, tuple(which)
        super().__init__(self.say("en"))

    def say(self, lang: Language) -> str:
        """The message in `lang`: what, which, hint."""
        lines = [self.what.say(lang)]
        if self.which:
            shown = [w.say(lang) if isinstance(w, Text) else w for w in self.which[:SHOWN]]
            more = len(self.which) - SHOWN
            rest = "" if more <= 0 else (f" · and {more} more" if lang == "en" else f" · 另有 {more} 项")
            lines.append(("  which: " if lang == "en" else "  对象：") + " · ".join(shown) + rest)
        if self.hint is not None:
            lines.append(("  hint:  " if lang == "en" else "  建议：") + self.hint.say(lang))
        return "\n".join(lines)

    def in_english_by(self, english: Callable[[str], str]) -> None:
        """Put the English halves of all it says into other words: `Region.in_english`, for names."""

        def told(text: Text) -> Text:
            return Text(english(text.en), text.zh)

        self.what, self.hint = told(self.what), None if self.hint is None else told(self.hint)
        self.which = tuple(told(w) if isinstance(w, Text) else w for w in self.which)
        self.args = (self.say("en"),)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.__dict__)


@contextmanager
def told_by(english: Callable[[str], str]) -> Iterator[None]:
    """What goes wrong meanwhile is told in English by these words: names of a region as its tables have them in English."""
    try:
        yield
    except GridplanError as error:
        error.in_english_by(english)
        raise


def _restored(kind: type[GridplanError], state: dict[str, Any]) -> GridplanError:
    """An error that crossed a process border, whole (exceptions pickle their text only)."""
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = (error.say("en"),)
    return error


class ArgumentError(GridplanError, TypeError, ValueError):
    """A verb was given what it cannot use: no plan, a negative number of seconds, a table without its columns."""


class _WithFindings(GridplanError):
    def __init__(
        self,
        what: Text,
        hint: Text | None = None,
        which: Sequence[str | Text] = (),
        findings: Findings | None = None,
    ) -> None:
        self.findings = findings if findings is not None else Findings()
        super().__init__(what, hint, which)

    def in_english_by(self, english: Callable[[str], str]) -> None:
        self.findings = Findings(
            replace(f, what=Text(english(f.what.en), f.what.zh), hint=Text(english(f.hint.en), f.hint.zh))
            for f in self.findings
        )
        super().in_english_by(english)

    def say(self, lang: Language) -> str:
        message = super().say(lang)
        if not self.findings:
            return message
        lines = [f.line(lang) for f in self.findings.errors[:SHOWN]]
        more = len(self.findings.errors) - SHOWN
        if more > 0:
            lines.append(f"… and {more} more" if lang == "en" else f"……另有 {more} 项")
        return "\n".join([message, *lines])


class DataError(_WithFindings, ValueError):
    """The tables cannot be used as they are; `findings` lists every fault."""


class PolicyError(_WithFindings, ValueError):
    """The policy is written wrongly, or arithmetic shows that it cannot work on this region."""


class ScenarioError(_WithFindings, ValueError):
    """A scenario is written wrongly, or names what the region or the policy does not have."""


class SolveError(GridplanError, RuntimeError):
    """Something went wrong between the model and the plan."""


class NoSolverError(SolveError):
    """No solver of that name can run on this machine."""


class InfeasibleError(SolveError):
    """No plan keeps all rules.

    Parameters
    ----------
    conflicts : the least relaxation, a row per rule that would have to give way:
        rule, layer, district_id, hospital_id, unit_id, limit, needed, excess, what, hint.
    clash : rules that cannot stand together: rule, layer, district_id, hospital_id, what, what_zh.
    irreducible : whether without any one of them a plan is possible; False where the clock ran out first.
    ways_out : up to three relaxations, tables as `conflicts`, each verified to have a plan.
    """

    def __init__(
        self,
        what: Text,
        hint: Text | None,
        which: Sequence[str | Text],
        conflicts: pd.DataFrame,
        clash: pd.DataFrame,
        irreducible: bool,
        ways_out: tuple[pd.DataFrame, ...],
    ) -> None:
        self.conflicts, self.clash, self.irreducible, self.ways_out = conflicts, clash, irreducible, ways_out
        super().__init__(what, hint, which)

    def in_english_by(self, english: Callable[[str], str]) -> None:
        """The same of the tables of what clashes and gives way."""
        self.conflicts, self.clash, *ways = (
            table.assign(**{name: table[name].map(english) for name in ("what", "hint") if name in table})
            for table in (self.conflicts, self.clash, *self.ways_out)
        )
        self.ways_out = tuple(ways)
        super().in_english_by(english)

    def say(self, lang: Language) -> str:
        """The message in `lang`: what, which, hint, the clash, and each way out."""
        zh = lang == "zh"
        lines = [super().say(lang)]
        rules = [str(rule) for rule in self.clash["what_zh" if zh else "what"]]
        if rules:
            more = len(rules) - SHOWN
            rest = "" if more <= 0 else (f" · 另有 {more} 项" if zh else f" · and {more} more")
            mark = (
                Text("  clash: ", "  冲突：")
                if self.irreducible
                else Text("  clash among: ", "  冲突在于其中：")
            )
            lines.append(mark.say(lang) + " · ".join(rules[:SHOWN]) + rest)
        for n, way in enumerate(self.ways_out, start=1):
            steps = [str(hint) for hint in way["hint_zh" if zh else "hint"]]
            more = len(steps) - SHOWN
            rest = "" if more <= 0 else (f"；另有 {more} 项" if zh else f"; and {more} more")
            lines.append(
                (f"  出路 {n}：" if zh else f"  way out {n}: ")
                + ("；" if zh else "; ").join(steps[:SHOWN])
                + rest
            )
        return "\n".join(lines)


class NoPlanInTimeError(SolveError):
    """The clock ran out before any plan was found; `bound` is what was proven by then."""

    def __init__(self, what: Text, hint: Text | None, bound: float | None) -> None:
        self.bound = bound
        super().__init__(what, hint)


class BrokenPlanError(GridplanError, RuntimeError):
    """The judge rejects a plan; `verdict` says which rules are broken, where."""

    def __init__(self, what: Text, hint: Text | None, which: Sequence[str | Text], verdict: Any) -> None:
        self.verdict = verdict
        super().__init__(what, hint, which)
