"""What every rule is: an id, a key, a title, a sentence, and values that can stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Literal, Self

from gridplan.inputs.region import Region
from gridplan.policies.counting.case import Case, Measured
from gridplan.policies.values import Range, value_faults
from gridplan.words.errors import PolicyError
from gridplan.words.findings import Finding, Findings
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import GRID

SEE = Text("see docs/policy.md for what may stand there", "可写内容见 docs/policy.md")


def told(value: Any) -> dict[str, Any]:
    """The fields of a rule (or of the travel settings) that say something, as plain values.

    A field that came later (`later`) is left out where it is at its default, so that a policy that does not use it keeps
    its digest, and its plans their bytes.
    """
    plain = asdict(value)
    later = [f for f in fields(value) if f.name in getattr(value, "later", ())]
    for f in later:
        if getattr(value, f.name) == f.default:
            del plain[f.name]
    return plain


def value_finding(where: str, en: str, zh: str, hint: str) -> Finding:
    """A value of a policy that cannot stand; `hint` is something to write instead, the same in both languages."""
    return Finding(
        "error", "policy-value", "policy", Text(f"{where} {en}", f"{where} {zh}"), both(hint) if hint else SEE
    )


@dataclass(frozen=True)
class Rule:
    """Base of all rules: an id as findings and maps show it, a key as profiles write it, a sentence."""

    id: ClassVar[str]
    key: ClassVar[str]
    title: ClassVar[Text]
    rank: ClassVar[int] = 500  # its place among the rules where a policy lists them
    ranges: ClassVar[Mapping[str, Range]] = {}  # what its numbers may be
    many: ClassVar[bool] = False
    unsaid: ClassVar[bool] = False  # whether it holds, as it stands by default, where a policy does not say
    wider: ClassVar[Text | None] = None  # the change of the rule that lets more hospitals lead a grid
    of: ClassVar[Literal["partners", "grids", "all", "programme"]] = "all"
    later: ClassVar[
        tuple[str, ...]
    ] = ()  # fields that came later: unsaid at their default, as before they came
    whole: ClassVar[str] = (
        ""  # the field that a profile's table is, key by key, where it is no table of fields
    )

    def __post_init__(self) -> None:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in [name for name, value in values.items() if isinstance(value, list)]:
            values[name] = tuple(values[name])
            object.__setattr__(self, name, values[name])
        faults = [
            value_finding(f"{self.key}.{name}", *words) for name, *words in value_faults(type(self), values)
        ]
        if faults:
            raise PolicyError(
                Text(f"{type(self).__name__} cannot be so", f"{self.title.zh}不能这样写"),
                findings=Findings(faults),
            )

    def refuse_unless(self, holds: bool, name: str, en: str, zh: str, hint: str) -> None:
        """Refuse values that are good alone, but not beside each other.

        Raises
        ------
        PolicyError : `holds` is false.
        """
        if not holds:
            raise PolicyError(
                Text(f"{type(self).__name__} cannot be so", f"{self.title.zh}不能这样写"),
                findings=Findings([value_finding(f"{self.key}.{name}", en, zh, hint)]),
            )

    def sentence(self) -> Text:
        """What the rule demands, with its numbers, in both languages."""
        raise TypeError(f"{type(self).__name__} has no sentence")

    def concerns(self, layer: str) -> bool:
        """Whether the rule speaks of a layer: most are about partners, some about grids, a few about both."""
        return (
            self.of == "all"
            or (self.of == "grids" and layer == GRID)
            or (self.of == "partners" and layer != GRID)
        )

    def on(self, region: Region) -> Self:
        """The rule as it holds in a region: itself, unless its numbers depend on what the region says."""
        return self

    # Arithmetic before solving. Of a rule that may stand several times, the first speaks for all.

    @classmethod
    def absent(cls, case: Case) -> Iterator[Finding]:
        """What cannot be without the rule: asked where the policy does not have it."""
        yield from ()

    def misfits(self, case: Case) -> Iterator[Finding]:
        """What the rule says that does not fit the region or the policy, before anything is counted."""
        yield from ()

    def refusals(self, case: Measured) -> Iterator[Finding]:
        """What the rule leaves no choice for, or asks against itself or another rule."""
        yield from ()

    def shortfalls(self, case: Measured) -> Iterator[Finding]:
        """What the region has too little of: places, room, minutes. Asked where no rule refuses anything else."""
        yield from ()

    def notes(self, case: Case) -> Iterator[Finding]:
        """Warnings that travel with the plan: what the rule asks of the region, and the region does not state."""
        yield from ()

    @classmethod
    def refusal(cls, id: str, what: Text, hint: Text, where: Text | None = None) -> Finding:
        """A refusal in the name of the rule: the place, what, what to do, and where the policy says so (file and key)."""
        place = Text("", "") if where is None else Text(f" ({where.en})", f"（{where.zh}）")
        said = Text(f"{cls.id}: {what.en}{place.en}", f"{cls.id}：{what.zh}{place.zh}")
        return Finding("error", "policy-impossible", "policy", said, hint, id=id)


@dataclass(frozen=True)
class Override:
    """Another cap for one district or hospital, and why.

    Parameters
    ----------
    most : int
        The cap there, 1 or more.
    reason : str
        Why, for people; printed with the plan.

    Examples
    --------
    >>> import gridplan as gp
    >>> cap = gp.rules.DistrictCap(2, {"T3": gp.rules.Override(3, "far away")})
    >>> cap.limit("T3"), cap.limit("T1")
    (3, 2)
    """

    most: int
    reason: str


@dataclass(frozen=True)
class Cap(Rule):
    """A cap on counted pairs, with overrides that carry a reason.

    Parameters
    ----------
    most : counted pairs allowed, 1 or more.
    override : id → Override(most, reason).
    """

    most: int = 1
    override: Mapping[str, Override] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(
            self, "override", {str(key): o for key, o in sorted(self.override.items(), key=str)}
        )

    def limit(self, key: str) -> int:
        """The cap that holds for one id."""
        return self.override[key].most if key in self.override else self.most

    def _overridden(self) -> Text:
        if not self.override:
            return Text("", "")
        rows = [f"{key}: {o.most} ({o.reason})" for key, o in sorted(self.override.items())]
        return Text("; except " + "; ".join(rows), "；例外：" + "；".join(rows))

    def __hash__(self) -> int:
        return hash((type(self), self.most, tuple(sorted(self.override.items(), key=lambda kv: kv[0]))))
