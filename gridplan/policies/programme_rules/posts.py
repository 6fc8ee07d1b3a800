"""SH-11: custody of district hospitals, managers, and resident experts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from gridplan.policies.programme_rules.checks import WEIGHTS, Check, flag, number, number_or_none, word
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import KINDS, both_words


@dataclass(frozen=True)
class Posts(Rule):
    """Each receiving district hospital is managed by one partner, which keeps experts of different disciplines there.

    Clause: shanghai-2025, SH-11, SH-15, SH-16 (派驻管理人员与专家、托管); chengdu-2018, CD-7 (tenure).

    Parameters
    ----------
    receive : str, default "leads"
        Who receives: "leads", every grid lead (without grids every public general hospital of the district);
        "one_per_pair", as many of a district as it has partners.
    managers, manager_years : int, default 2
        Sent to each hospital in custody, for at least so many years.
    experts, most_experts : int, optional
        Disciplines kept filled there, at least and at most.
    days_per_week : float, default 2.0
        Of each expert.
    least_years, most_years : float, optional
        Shortest and longest tenure (years); None = no longest.
    tenure, phases : int, optional
        Years that a post is kept, and how many such phases are planned one after the other.
    first_year : int, default 2026
        When the first phase begins.
    away : float, default 0.12
        Largest share of a department that is away at once (a planner's figure; the document gives none).
    rotation : float, default 0.5
        Largest share of a department that goes at all within all phases; nobody goes twice.
    keep_custody : bool, default True
        Whether custody that runs today is kept where its hospital is a partner (尊重现状); if not, it stays possible.
    minutes : float or None, default None
        An expert travels at most so long one way; None = no limit.
    price : float, default 0.0
        Need (weighted) that a minute of an expert's way, one way, weighs in the goal need; 0 = travel comes after
        need.
    weights : Mapping[str, float], optional
        kind of district → how many times its need counts; those not named count once.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Posts(experts=5).sentence().en)
    Every grid lead is managed by one partner, with 2 managers and at least 5 experts of different...
    """

    receive: str = "leads"
    managers: int = 2
    manager_years: float = 2
    experts: int = 5
    most_experts: int = 8
    days_per_week: float = 2.0
    least_years: float = 1
    most_years: float | None = None
    tenure: int = 3
    phases: int = 2
    first_year: int = 2026
    away: float = 0.12
    rotation: float = 0.5
    keep_custody: bool = True
    minutes: float | None = None
    price: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)
    id = "SH-11"
    key = "posts"
    of = "programme"
    title = Text("Custody and posts", "托管与派驻")
    own_values: ClassVar[Mapping[str, Check]] = {
        "receive": word("leads", "one_per_pair"),
        "managers": number(0, 20, whole=True),
        "manager_years": number(0, 50),
        "experts": number(1, 30, whole=True),
        "most_experts": number(1, 60, whole=True),
        "days_per_week": number(0, 7, open=True),
        "least_years": number(0, 50),
        "most_years": number_or_none(0, 50, open=True),
        "tenure": number(1, 20, whole=True),
        "phases": number(1, 5, whole=True),
        "first_year": number(1990, 2100, whole=True),
        "away": number(0, 1),
        "rotation": number(0, 1),
        "keep_custody": flag,
        "minutes": number_or_none(0, open=True),
        "price": number(0),
        "weights": WEIGHTS,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "weights", {kind: float(w) for kind, w in sorted(self.weights.items())})
        longest = self.most_years if self.most_years is not None else self.tenure
        self.refuse_unless(
            self.experts <= self.most_experts,
            "most_experts", f"is {self.most_experts}, fewer than experts = {self.experts}",
            f"为 {self.most_experts}，少于 experts = {self.experts}", f"most_experts = {self.experts}",
        )  # fmt: skip
        self.refuse_unless(
            self.least_years <= self.tenure <= longest,
            "tenure", f"is {self.tenure} years, outside {self.least_years:g} to {longest:g}",
            f"为 {self.tenure} 年，不在 {self.least_years:g} 至 {longest:g} 年之内", f"tenure = {longest:g}",
        )  # fmt: skip
        planned = self.tenure * self.phases
        self.refuse_unless(
            self.manager_years <= planned,
            "manager_years", f"is {self.manager_years:g}, longer than what is planned: {self.phases} phases of {self.tenure} years",
            f"为 {self.manager_years:g} 年，长于规划期（{self.phases} 期，每期 {self.tenure} 年）", f"manager_years = {planned}",
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((type(self), self.receive, self.experts, self.tenure, tuple(self.weights.items())))

    def sentence(self) -> Text:
        who = {
            "leads": Text("Every grid lead", "每家网格牵头医院"),
            "one_per_pair": Text("One district hospital per pair", "每对结对中一家区级医院"),
        }[self.receive]
        extra = Text("", "")
        if self.minutes is not None:
            extra = Text(
                f"; experts travel at most {self.minutes:g} minutes",
                f"；专家单程不超过 {self.minutes:g} 分钟",
            )
        if self.weights:
            en = ", ".join(f"{both_words(KINDS, k).en} × {w:g}" for k, w in self.weights.items())
            zh = "、".join(f"{both_words(KINDS, k).zh} × {w:g}" for k, w in self.weights.items())
            extra = Text(f"{extra.en}; need counts {en}", f"{extra.zh}；需求加权 {zh}")
        kept = Text("; custody of today is kept", "；保留现有托管") if self.keep_custody else Text("", "")
        return Text(
            f"{who.en} is managed by one partner, with {self.managers} managers and at least {self.experts} experts of "
            f"different disciplines, {self.days_per_week:g} days a week each, for {self.tenure} years, in {self.phases} "
            f"phases; at most {100 * self.away:g}% of a department away{kept.en}{extra.en}.",
            f"{who.zh}由一家合作医院托管，派驻 {self.managers} 名管理人员和至少 {self.experts} 名不同学科专家，"
            f"每人每周 {self.days_per_week:g} 天，每期 {self.tenure} 年，共 {self.phases} 期；"
            f"同一科室派出不超过 {100 * self.away:g}%{kept.zh}{extra.zh}。",
        )
