"""The judge of SH-9: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged, layers_of
from gridplan.judging.judge_tables import PlanTables
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import MostChanges
from gridplan.words.text import Text


def most_changes(rule: MostChanges, tables: PlanTables) -> Judged:
    """Counted pairs that are new or ended against today's partnerships."""
    changes = tables.changes()
    counted = changes[changes["counted"]]
    if len(counted) > rule.most:
        new, ended = counted[counted["change"] == "new"], counted[counted["change"] == "ended"]
        who = "; ".join(f"{'+' if p.change == 'new' else '−'} {tables.pair(p)}" for p in counted.itertuples())
        what = Text(
            f"{len(new)} counted pairs are new and {len(ended)} ended ({who}), at most {rule.most} may change",
            f"计入上限的结对新建 {len(new)} 对、撤销 {len(ended)} 对（{who}），变动上限 {rule.most} 对",
        )
        yield Breach(rule.id, what, layers_of(counted))


def slack(rule: MostChanges, tables: PlanTables) -> Text:
    """Changes that are counted."""
    n = int(tables.changes()["counted"].sum())
    return Text(f"{n} changes", f"变动 {n} 对")
