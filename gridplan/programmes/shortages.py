"""Posts and managers that are missing: which rows bind, and the least that would cure it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplan.inputs.disciplines import discipline_name
from gridplan.optimise.programme.posts import PostsProblem, PostsSolution
from gridplan.policies.programme_rules import Posts
from gridplan.programmes.ground import Ground, note
from gridplan.words.amount import many
from gridplan.words.findings import Finding

NAMED = 4  # departments that are named one by one


def shortages(
    problem: PostsProblem, rule: Posts, receivers: list[str], senders: list[str], ground: Ground, solution: PostsSolution
) -> list[Finding]:  # fmt: skip
    """A finding per receiver that is short, and per sender that lacks managers."""
    one = _Shortages(problem, rule, receivers, senders, ground, solution)
    found = [one.of_receiver(n) for n in np.flatnonzero(solution.missing).tolist()]
    return found + [one.of_managers(h) for h in np.flatnonzero(solution.missing_managers).tolist()]


@dataclass(frozen=True, eq=False)
class _Shortages:
    problem: PostsProblem
    rule: Posts
    receivers: list[str]
    senders: list[str]
    ground: Ground
    solution: PostsSolution

    def of_receiver(self, n: int) -> Finding:
        """What is missing at a receiver, what binds, what would cure it."""
        who, most = self._label(self.receivers[n]), self.rule.experts * self.rule.phases
        few = int((self.problem.room[n] > 0).sum())
        binding = self._binding(n)
        why = (f"; binding: {'; '.join(b[0] for b in binding)}", f"；起约束作用：{'；'.join(b[1] for b in binding)}") if binding else ("", "")  # fmt: skip
        if few < self.rule.experts:
            why = (
                f"; only {few} of its disciplines are known to be below level 3",
                f"；已知低于 3 级的学科只有 {few} 个",
            )
        missing = self.solution.missing[n]
        return note(
            "posts-missing", "staff", f"{who} is short of {missing} of {most} expert phases{why[0]}.",
            f"{who} 缺 {missing} 个专家岗位（按期计，共需 {most} 个）{why[1]}。", *self._cure(n), self.receivers[n],
        )  # fmt: skip

    def _binding(self, n: int) -> list[tuple[str, str]]:
        """The rows of its manager that are full: seats of departments (D6), expert-days (D7); the way, where none may go."""
        p, posts = self.problem, self.solution.posts
        pair = int(np.flatnonzero(self.solution.custody & (p.receiver == n))[0])
        h = int(p.sender[pair])
        if not p.within[pair]:
            way = f"{p.minutes[pair]:.0f}"
            return [
                (
                    f"the way of {way} minutes, beyond minutes = {self.rule.minutes:g}",
                    f"路程 {way} 分钟，超过 minutes = {self.rule.minutes:g}",
                )
            ]
        used = np.zeros(p.seats.shape[1], dtype=int)
        mine = posts[p.sender[posts[:, 0]] == h] if len(posts) else posts
        np.add.at(used, mine[:, 1], 1)
        full = [s for s in np.flatnonzero(p.room[n] > 0).tolist() if used[s] >= p.phases * p.seats[h, s]]
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

    def _cure(self, receiver: int) -> tuple[str, str]:
        """What the least cure adds at the sender that manages a receiver: departments that bind, and days."""
        assert self.solution.cure is not None
        pairs = np.flatnonzero(self.solution.custody & (self.problem.receiver == receiver))
        sender = int(self.problem.sender[pairs[0]])
        who = self._label(self.senders[sender])
        seats = [(s, n) for h, s, n in self.solution.cure.seats if h == sender]
        weeks = sum(n for h, n in self.solution.cure.weeks if h == sender) * self.rule.days_per_week
        en = [f"{n} more away at once in {discipline_name(self.ground.codes[s]).en}" for s, n in seats]
        zh = [f"{discipline_name(self.ground.codes[s]).zh}同时多派 {n} 人" for s, n in seats]
        en += [f"{weeks:g} more expert-days a week"] if weeks else []
        zh += [f"每周多 {weeks:g} 个专家日"] if weeks else []
        if not en:
            return "No staff would cure it.", "增加人员也无法补足。"
        return f"The least cure at {who}: {'; '.join(en)}.", f"{who} 至少须：{'；'.join(zh)}。"

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
