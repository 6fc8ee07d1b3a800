"""LZ-2, SH-18: primary staff go upstream for so many days, hospital doctors join family doctor teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, flag, number
from gridplan.policies.rule import Rule
from gridplan.words.text import Text


@dataclass(frozen=True)
class Exchange(Rule):
    """General practitioners spend so many days in departments of their hospital, which sends a doctor into each team.

    Clause: liuzhou-2016, LZ-2 (基层人员每年不少于 30 天); shanghai-2025, SH-18 (每 2 年 1 至 3 个月).

    Parameters
    ----------
    days, every : float, optional
        At least so many days of each general practitioner in so many years.
    stay : int, default 30
        Days of one stay; a stay is in one department, and one person's.
    places : int, default 2
        Of a department that takes in, where the table departments does not say (ours).
    work_days : int, default 220
        Of a year, in which a place can be filled.
    least_level : int, default 2
        Of a department that takes in.
    teams : bool, default True
        Whether a doctor of the hospital joins every family doctor team.
    team_seats : int, default 12
        Teams that one department joins at most (ours).

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.Exchange(teams=False).sentence().en)
    Each general practitioner spends at least 30 days a year upstream, 30 days at a time, in...
    """

    days: float = 30
    every: int = 1
    stay: int = 30
    places: int = 2
    work_days: int = 220
    least_level: int = 2
    teams: bool = True
    team_seats: int = 12
    id = "LZ-2"
    key = "exchange"
    of = "programme"
    title = Text("Days upstream and team membership", "基层进修与团队共建")
    own_values: ClassVar[Mapping[str, Check]] = {
        "days": number(1, 366),
        "every": number(1, 10, whole=True),
        "stay": number(1, 366, whole=True),
        "places": number(0, 100, whole=True),
        "work_days": number(1, 366, whole=True),
        "least_level": number(0, 3, whole=True),
        "teams": flag,
        "team_seats": number(0, 1000, whole=True),
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        self.refuse_unless(
            self.stay <= self.work_days,
            "stay", f"is {self.stay} days, more than work_days = {self.work_days}",
            f"为 {self.stay} 天，大于 work_days = {self.work_days}", f"stay = {self.work_days}",
        )  # fmt: skip

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        year = (
            Text("a year", "每年")
            if self.every == 1
            else Text(f"in {self.every} years", f"每 {self.every} 年")
        )
        teams = Text("", "")
        if self.teams:
            teams = Text(
                f"; a hospital doctor joins every family doctor team, at most {self.team_seats} teams of a department",
                f"；每个家庭医生团队有一名医院医生加入，每科至多参加 {self.team_seats} 个团队",
            )
        return Text(
            f"Each general practitioner spends at least {self.days:g} days {year.en} upstream, {self.stay} days at a time, in "
            f"departments of at least level {self.least_level}{teams.en}.",
            f"全科医生{year.zh}到上级医院不少于 {self.days:g} 天，每次 {self.stay} 天，接收科室能力不低于 {self.least_level} 级{teams.zh}。",
        )
