"""Posts and managers that are missing: which rows bind, and the least that would cure it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gridplan.inputs.disciplines import discipline_name
from gridplan.optimise.programme.posts import Cure, PostsProblem, PostsSolution, cure_of
from gridplan.policies.programme_rules import Posts
from gridplan.programmes.ground import Ground, note
from gridplan.words.amount import many
from gridplan.words.findings import Finding

NAMED = 4  # departments that are named one by one


def shortages(
    problem: PostsProblem, rule: Posts, receivers: list[str], senders: list[str], ground: Ground, solution: PostsSolution
) -> list[Finding]:  # fmt: skip
    """A finding per sender whose hospitals are short of experts, and per sender that lacks managers."""
    one = _Shortages(problem, rule, receivers, senders, ground, solution)
    found = [
        one.of_sender(h) for h in sorted({one.manager(n) for n in np.flatnonzero(solution.missing).tolist()})
    ]
    return found + [one.of_managers(h) for h in np.flatnonzero(solution.missing_managers).tolist()]


@dataclass(frozen=True, eq=False)
class _Shortages:
    problem: PostsProblem
    rule: Posts
    receivers: list[str]
    senders: list[str]
    ground: Ground
    solution: PostsSolution

    def manager(self, receiver: int) -> int:
        """The sender that manages a receiver."""
        pairs = np.flatnonzero(self.solution.custody & (self.problem.receiver == receiver))
        return int(self.problem.sender[pairs[0]])

    def of_sender(self, h: int) -> Finding:
        """Which hospitals of a sender are short, and of how much; what binds; what would cure all of them at once."""
        missing, most = self.solution.missing, self.rule.experts * self.rule.phases
        mine = [n for n in np.flatnonzero(missing).tolist() if self.manager(n) == h]
        told = [(self._label(self.receivers[n]), missing[n], self._own(n)) for n in mine]
        en = ", ".join(f"{who} is short of {n} of {most} expert phases{own[0]}" for who, n, own in told)
        zh = "、".join(f"{who}缺 {n} 个{own[1]}" for who, n, own in told)
        binding = self._binding(h, mine)
        why = (f"; binding: {'; '.join(b[0] for b in binding)}", f"；起约束作用：{'；'.join(b[1] for b in binding)}") if binding else ("", "")  # fmt: skip
        return note(
            "posts-missing", "staff", f"Managed by {self._label(self.senders[h])}: {en}{why[0]}.",
            f"{self._label(self.senders[h])} 托管的医院专家岗位不足（按期计，每院共需 {most} 个）：{zh}{why[1]}。",
            *self._cure(h, mine), self.senders[h],
        )  # fmt: skip

    def _own(self, n: int) -> tuple[str, str]:
        """Why a receiver is short that no staff would cure."""
        p, few = self.problem, int((self.problem.room[n] > 0).sum())
        if few < self.rule.experts:
            return (
                f" (only {few} of its disciplines are known to be below level 3)",
                f"（已知低于 3 级的学科只有 {few} 个）",
            )
        [pair] = np.flatnonzero(self.solution.custody & (p.receiver == n))
        if not p.within[pair]:
            way = f"{p.minutes[pair]:.0f}"
            return (
                f" (the way of {way} minutes is beyond minutes = {self.rule.minutes:g})",
                f"（路程 {way} 分钟，超过 minutes = {self.rule.minutes:g}）",
            )
        return "", ""

    def _binding(self, h: int, receivers: list[int]) -> list[tuple[str, str]]:
        """The rows of a sender that are full for those of its receivers: seats of departments (D6), expert-days (D7)."""
        p, posts = self.problem, self.solution.posts
        near = [n for n in receivers if p.within[self.solution.custody & (p.receiver == n)].all()]
        used = np.zeros(p.seats.shape[1], dtype=int)
        mine = posts[p.sender[posts[:, 0]] == h] if len(posts) else posts
        np.add.at(used, mine[:, 1], 1)
        wanted = np.flatnonzero((p.room[near] > 0).any(axis=0)).tolist()
        full = [s for s in wanted if used[s] >= p.phases * p.seats[h, s]]
        who, found = self._label(self.senders[h]), []
        if full:
            names = [discipline_name(self.ground.codes[s]) for s in full[:NAMED]]
            more, more_zh = (
                (f" and {len(full) - NAMED} more", f"等 {len(full)} 科") if len(full) > NAMED else ("", "")
            )
            found.append((
                f"seats (away = {100 * self.rule.away:g}%) of {', '.join(x.en for x in names)}{more} of {who}",
                f"{who}{'、'.join(x.zh for x in names)}{more_zh}的可派名额（away = {100 * self.rule.away:g}%）",
            ))  # fmt: skip
        if len(mine) >= p.phases * p.posts_of_week[h]:
            found.append((f"expert-days of {who}: all are used", f"{who} 的专家日已用完"))
        return found

    @cached_property
    def _least(self) -> Cure:
        """The least cure of all that is missing; nobody goes twice, so a phase takes its part of a department at most."""
        staff, p = self.ground.plan.region.staff, self.problem
        assert staff is not None
        experts = p.seats.copy()
        for h, code, n in zip(staff["hospital_id"], staff["discipline"], staff["eligible"], strict=True):
            if h in self.senders and code in self.ground.codes and n == n:
                experts[self.senders.index(h), self.ground.codes.index(code)] = int(n // p.phases)
        return cure_of(p, self.solution.custody, experts)

    def _cure(self, h: int, receivers: list[int]) -> tuple[str, str]:
        """What the least cure adds at a sender: departments that bind, and days; what stays missing for want of experts."""
        who, left = self._label(self.senders[h]), int(self._least.left[receivers].sum())
        seats = [(discipline_name(self.ground.codes[s]), n) for own, s, n in self._least.seats if own == h]
        weeks = sum(n for own, n in self._least.weeks if own == h) * self.rule.days_per_week
        en = [f"{n} more away at once in {name.en}" for name, n in seats]
        zh = [f"{name.zh}同时多派 {n} 人" for name, n in seats]
        en += [f"{weeks:g} more expert-days a week"] if weeks else []
        zh += [f"每周多 {weeks:g} 个专家日"] if weeks else []
        if not en:
            return "No staff of its departments would cure it.", "现有科室人员无法补足。"
        more = (
            (f" {left} posts at once stay missing all the same.", f"此外仍缺 {left} 个岗位（同时）。")
            if left
            else ("", "")
        )
        return (
            f"The least cure at {who}: {'; '.join(en)}.{more[0]}",
            f"{who} 至少须：{'；'.join(zh)}。{more[1]}",
        )

    def of_managers(self, h: int) -> Finding:
        """Managers that a sender lacks for its custody."""
        who, lacking = self._label(self.senders[h]), self.solution.missing_managers[h]
        return note(
            "managers-missing", "staff", f"{who} lacks {many(lacking, 'manager')} for its custody.",
            f"{who} 缺 {lacking} 名管理人员。", "Name more managers, or keep less custody.",
            "请增派管理人员，或减少托管。", self.senders[h],
        )  # fmt: skip

    def _label(self, hospital: str) -> str:
        return self.ground.plan.region.label("hospital", hospital)
