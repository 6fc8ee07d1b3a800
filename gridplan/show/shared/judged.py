"""The rules as the judge leaves them: clause, title, kept or broken, room left."""

from __future__ import annotations

from dataclasses import dataclass

from gridplan.judging.verdict import VERDICTS, Verdict
from gridplan.policies.rules import RULES
from gridplan.words.text import Text

FIGURES = Text("figures", "数字")  # the judge's own point beside the rules: every printed figure


@dataclass(frozen=True)
class JudgedRule:
    """One rule: its clause, what it is called, what it demands, whether it is kept, how much room is left."""

    id: str
    title: Text
    sentence: Text
    kept: bool
    slack: Text

    @property
    def verdict(self) -> Text:
        """Kept or broken."""
        return VERDICTS[self.kept]


def judged_rules(verdict: Verdict) -> list[JudgedRule]:
    """Every rule that the judge looked at, in its order; the printed figures last."""
    broken = {breach.rule for breach in verdict.breaches}
    titles = {rule.id: rule.title for rule in RULES}
    return [
        JudgedRule(rule, titles.get(rule, FIGURES), sentence, rule not in broken, slack)
        for rule, sentence, slack in verdict.judged
    ]
