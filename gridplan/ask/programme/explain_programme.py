"""Why a programme sends this discipline there, and why not another; who allies with a district, and why nobody does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gridplan.ask.explanation import Explanation
from gridplan.ask.programme.explain_alliance import explain_alliance
from gridplan.ask.programme.explain_chain import explain_chain
from gridplan.inputs.disciplines import discipline_code, discipline_name, disciplines
from gridplan.inputs.matching.find_name import find_id
from gridplan.optimise.programme.posts import PostsSolution, solve_posts
from gridplan.plans.plan import Plan
from gridplan.policies.programme_rules import Posts
from gridplan.programmes.deploy import Deployment
from gridplan.programmes.programme import Programme
from gridplan.words.errors import ArgumentError, DataError
from gridplan.words.text import Language, Text, both
from gridplan.words.vocabulary import LEVELS_OF_DEPARTMENT

SHOWN = 8  # alternatives


def explain_programme(
    programme: Programme | Plan, post: tuple[str, str] | None, alliance: tuple[str, str] | None, chain: str | None, lang: Language,
    seconds: float | None,
) -> Explanation:  # fmt: skip
    """The answer to one question about a programme.

    Parameters
    ----------
    post : (district hospital, discipline).
    alliance : (district, discipline).
    chain : a unit.

    Raises
    ------
    ArgumentError : it is no programme.
    DataError : an id or discipline that there is not, or the programme has no such part.
    """
    if not isinstance(programme, Programme):
        raise ArgumentError(
            Text(
                f"post and alliance are asked of a programme, got {type(programme).__name__}",
                f"post、alliance 须向实施方案（Programme）提问，现为 {type(programme).__name__}",
            ),
            Text("Write gp.explain(gp.programme(plan), …).", "请写 gp.explain(gp.programme(plan), …)。"),
        )
    part = "posts" if post is not None else "chains" if chain is not None else "alliances"
    _has(programme, part)
    if post is not None:
        hospital, code = find_id(programme.plan.region, "hospital", post[0]), _code(post[1])
        answer = _Post(programme, hospital, code, seconds).answer(lang)
    elif chain is not None:
        answer = explain_chain(programme, find_id(programme.plan.region, "unit", chain), lang)
    else:
        assert alliance is not None
        district, code = find_id(programme.plan.region, "district", alliance[0]), _code(alliance[1])
        answer = explain_alliance(programme, district, code, lang)
    modelled = programme.part(part).modelled
    return replace(answer, lines=(*answer.lines, programme.told_modelled(*modelled))) if modelled else answer


def _has(programme: Programme, part: str) -> None:
    if part not in {one.name for one in programme.parts}:
        raise DataError(
            Text(f"the programme has no part {part!r}", f"实施方案没有 {part!r} 部分"),
            Text(
                f"make it: gridplan programme OUT --only {part}",
                f"请运行 gridplan programme OUT --only {part}",
            ),
        )


def _code(said: str) -> str:
    code = discipline_code(str(said))
    if code not in disciplines():
        raise DataError(
            Text(
                f"discipline {said!r} is not in the national catalogue",
                f"学科 {said!r} 不在《诊疗科目名录》中",
            ),
            Text("write a code such as 0304, or its name", "请填写科目代码（如 0304）或名称"),
        )
    return code


class _Post:
    """One discipline at one district hospital."""

    def __init__(self, programme: Programme, hospital: str, code: str, seconds: float | None) -> None:
        self.programme, self.hospital, self.code, self.seconds = programme, hospital, code, seconds
        self.custody, self.deployment = programme.tables["custody"], programme.tables["deployment"]
        rule = programme.rules["posts"][0]
        assert isinstance(rule, Posts)
        self.rule, self.made = rule, Deployment(programme.plan, rule)
        if hospital not in set(self.custody["managed_id"]):
            who = programme.plan.region.label("hospital", hospital)
            raise DataError(
                Text(f"{who} receives nobody in this programme", f"{who} 在本方案中不是受援医院"),
                both(", ".join(self.custody["managed_id"].head(8))),
            )
        self.manager = str(self.custody.set_index("managed_id").at[hospital, "hospital_id"])
        self.r, self.h = self.made.receivers.index(hospital), self.made.senders.index(self.manager)
        self.name = discipline_name(code)
        self.who = programme.plan.region.label("hospital", hospital)
        self.sender = programme.plan.region.label("hospital", self.manager)

    def answer(self, lang: Language) -> Explanation:
        """Who manages, what is there, why or why not, what the next post would give."""
        title = Text(f"{self.name.en} at {self.who}", f"{self.who}的{self.name.zh}")
        lines = [self._custody_line()]
        codes, p = self.made.ground.codes, self.made.problem
        rows = self._rows()
        if self.code not in codes:
            lines.append(Text("The discipline is not ranked by need, and the table needs has none: it is not planned.",
                              "该学科没有需求权重，需求表中也没有，不作安排。"))  # fmt: skip
            return Explanation(title, tuple(lines), rows, lang)
        s = codes.index(self.code)
        level = self.made.levels[self.r, s]
        if np.isnan(level):
            lines.append(
                Text("Its level there is not known: nothing is planned.", "该院此科能力未知，不作安排。")
            )
        else:
            grade = LEVELS_OF_DEPARTMENT[int(level)]
            lines.append(Text(
                f"Level today {level:.0f} ({grade.en}); need (weighted) of its residents: {self.made.people[self.r, s]:,.0f}.",
                f"现有能力 {level:.0f} 级（{grade.zh}）；其居民的需求（加权）为 {self.made.people[self.r, s]:,.0f}。",
            ))  # fmt: skip
        mine = self.deployment[
            (self.deployment["managed_id"] == self.hospital) & (self.deployment["discipline"] == self.code)
        ]
        if len(mine):
            phases = sorted(mine["phase"].unique())
            years = f"{mine['from_year'].min()}–{mine['until_year'].max()}"
            lines.append(Text(
                f"A post is held in {len(phases)} of {self.rule.phases} phases ({years}).",
                f"{self.rule.phases} 期中派驻 {len(phases)} 期（{years}）。",
            ))  # fmt: skip
            lines.append(self._without(s))
        elif p.room[self.r, s] == 0:
            if level == level:
                lines.append(Text("Nothing is sent: it is strong already.", "不派驻：该科已强。"))
        else:
            lines += self._why_not(s)
        lines.append(self._next())
        return Explanation(title, tuple(lines), rows, lang)

    def _custody_line(self) -> Text:
        kept = self.custody.set_index("managed_id").at[self.hospital, "basis"] == "kept"
        return Text(
            f"{self.sender} manages it ({'custody of today, kept' if kept else 'new custody'}).",
            f"由{self.sender}托管（{'保留现有托管' if kept else '新建托管'}）。",
        )

    def _seats(self, s: int) -> tuple[int, list[str]]:
        """Seats of the manager's department, and where they are used in the first phase."""
        rows = self.deployment[
            (self.deployment["hospital_id"] == self.manager)
            & (self.deployment["discipline"] == self.made.ground.codes[s])
            & (self.deployment["phase"] == 1)
        ]
        return int(self.made.problem.seats[self.h, s]), sorted(rows["managed_id"])

    def _why_not(self, s: int) -> list[Text]:
        """Which row binds, and what it would cost to send it all the same (re-solved under this custody)."""
        p, label = self.made.problem, self.programme.plan.region.label
        seats, used = self._seats(s)
        first = self.deployment[self.deployment["phase"] == 1]
        here = int((first["managed_id"] == self.hospital).sum())
        away = int((first["hospital_id"] == self.manager).sum())
        lines = []
        if not seats:
            lines.append(Text(
                f"{self.sender} has no seat in it: away = {100 * self.rule.away:g}% of its experts there is less than one.",
                f"{self.sender} 该科没有可派名额：可派比例 {100 * self.rule.away:g}% 不足一人。",
            ))  # fmt: skip
            return lines
        if len(used) >= seats:
            where = [label("hospital", h) for h in used]
            lines.append(Text(f"All {seats} seats of the department are used at {', '.join(where)}.",
                              f"该科 {seats} 个名额已派往 {'、'.join(where)}。"))  # fmt: skip
        if here >= self.rule.most_experts:
            lines.append(
                Text(
                    f"The hospital has {here} experts, the most that are sent to one.",
                    f"该院已有 {here} 名专家，为每院上限。",
                )
            )
        if away >= p.posts_of_week[self.h]:
            lines.append(Text(
                f"{self.sender} has no expert-days left: {away} posts of {p.posts_of_week[self.h]:g} that its week allows.",
                f"{self.sender} 专家日已用完：每周可派 {p.posts_of_week[self.h]:g} 个岗位，已派 {away} 个。",
            ))  # fmt: skip
        forced = self._solved(s, gain=True)
        lines.append(self._cost(forced, s, "With it", "若派驻该科"))
        return lines

    def _without(self, s: int) -> Text:
        """What is lost without this post, and who would come instead (re-solved under this custody)."""
        return self._cost(self._solved(s, gain=False), s, "Without it", "若不派驻该科")

    def _solved(self, s: int, gain: bool) -> PostsSolution:
        """The best posts under this custody with the discipline wanted above all there, or not at all."""
        p = self.made.problem
        kept = np.array([
            str(self.custody.set_index("managed_id")["hospital_id"].get(r, "")) == h for h, r, _ in self.made.pairs
        ])  # fmt: skip
        need, room = p.need.copy(), p.room.copy()
        if gain:
            need[self.r, s] += 10 * p.need.sum()
        else:
            room[self.r, s] = 0
        return solve_posts(
            replace(p, kept=kept, need=need, room=room), self.seconds, goals=("missing", "need")
        )

    def _cost(self, solution: PostsSolution, s: int, en: str, zh: str) -> Text:
        facts = self.programme.part("posts").facts
        now = float(facts["need_met"])
        then = self.made.need_met(solution.posts)
        was, is_ = self._held(), self._held_of(solution)
        came = sorted(is_ - was)
        names = [
            f"{discipline_name(code).en} ({h})" for h, code in came if (h, code) != (self.hospital, self.code)
        ][:3]
        names_zh = [
            f"{discipline_name(code).zh}（{h}）"
            for h, code in came
            if (h, code) != (self.hospital, self.code)
        ][:3]
        missing = int(solution.missing.sum() - facts["missing"])
        share = 100 * (now - then) / max(1.0, now)
        more = Text(f", {missing} more missing", f"，另缺 {missing} 个") if missing > 0 else both("")
        told = Text(f"; then come {', '.join(names)}", f"；改派{'、'.join(names_zh)}") if names else both("")
        return Text(
            f"{en}, need met is {abs(now - then):,.0f} {'lower' if now >= then else 'higher'} ({abs(share):.3f}%){more.en}{told.en}.",
            f"{zh}，满足的需求{'少' if now >= then else '多'} {abs(now - then):,.0f}（{abs(share):.3f}%）{more.zh}{told.zh}。",
        )

    def _held(self) -> set[tuple[str, str]]:
        first = self.deployment[self.deployment["hospital_id"] == self.manager]
        return set(zip(first["managed_id"], first["discipline"], strict=True))

    def _held_of(self, solution: PostsSolution) -> set[tuple[str, str]]:
        made = self.made
        return {
            (made.pairs[pair][1], made.ground.codes[s])
            for pair, s, _ in solution.posts.tolist() if made.pairs[pair][0] == self.manager
        }  # fmt: skip

    def _next(self) -> Text:
        """The post of most need that every limit leaves room for, in any phase; or which limits leave none."""
        p, codes, best, full = self.made.problem, self.made.ground.codes, (0.0, "", 0), dict[str, str]()
        mine = self.deployment[self.deployment["managed_id"] == self.hospital]
        sent = self.deployment[self.deployment["hospital_id"] == self.manager]
        for phase in range(1, self.rule.phases + 1):
            here, away = mine.loc[mine["phase"] == phase, "discipline"], sent[sent["phase"] == phase]
            limits = self._full(len(here), len(away))
            full |= limits
            used = away["discipline"].value_counts()
            for s in np.flatnonzero(p.room[self.r] > 0).tolist() if not limits else ():
                room, held = int(p.room[self.r, s]), int((mine["discipline"] == codes[s]).sum())
                gain = float(p.need[self.r, s]) * max(0, room - held) / room
                if codes[s] not in set(here) and used.get(codes[s], 0) < p.seats[self.h, s]:
                    best = max(best, (gain, codes[s], -phase))
        gain, code, phase = best
        if not gain:
            full = full or {
                "each discipline that it needs is sent, or has no seat left": "所需学科均已派驻或无剩余名额"
            }
            return Text(
                f"No further post is possible: {'; '.join(full)}.",
                f"不能再增岗位：{'；'.join(full.values())}。",
            )
        name = discipline_name(code)
        return Text(
            f"The next post would be {name.en} in phase {-phase}: {gain:,.0f} of need.",
            f"若再增一个岗位，应于第 {-phase} 期派{name.zh}：满足需求 {gain:,.0f}。",
        )

    def _full(self, here: int, away: int) -> dict[str, str]:
        """Limits that leave no room for any post in a phase, given the posts there and those of the manager."""
        p = self.made.problem
        [pair] = np.flatnonzero((p.receiver == self.r) & (p.sender == self.h))
        found = {}
        if here >= self.rule.most_experts:
            found[f"it has {here} experts, the most that are sent to one"] = (
                f"该院已有 {here} 名专家，为每院上限"
            )
        if away >= p.posts_of_week[self.h]:
            found[f"{self.sender} has no expert-days left"] = f"{self.sender} 专家日已用完"
        if not p.within[pair]:
            found[f"the way is beyond {self.rule.minutes:g} minutes"] = f"路程超过 {self.rule.minutes:g} 分钟"
        return found

    def _rows(self) -> pd.DataFrame:
        """The disciplines of most need at this hospital, sent or not."""
        p, codes = self.made.problem, self.made.ground.codes
        held = {code for h, code in self._held() if h == self.hospital}
        rows: list[dict[str, Any]] = []
        for s in np.argsort(-p.need[self.r], kind="stable")[:SHOWN].tolist():
            if not p.room[self.r, s]:
                continue
            code, seats = codes[s], self._seats(s)
            name, sent = discipline_name(code), code in held
            rows.append({
                "discipline": code, "level": int(self.made.levels[self.r, s]), "need": round(float(p.need[self.r, s])), "sent": sent,
                "seats": seats[0], "seats_used": len(seats[1]),
                "what": f"{name.en}: need {p.need[self.r, s]:,.0f}, {'sent' if sent else 'not sent'}, {len(seats[1])} of {seats[0]} seats used",
                "what_zh": f"{name.zh}：需求 {p.need[self.r, s]:,.0f}，{'派驻' if sent else '未派驻'}，名额已用 {len(seats[1])}/{seats[0]}",
            })  # fmt: skip
        return pd.DataFrame(
            rows, columns=["discipline", "level", "need", "sent", "seats", "seats_used", "what", "what_zh"]
        )
