"""The judge of SH-4: what the tables show, nothing of the model. It stops at no breach."""

from __future__ import annotations

from gridplan.judging.breaches import Judged
from gridplan.judging.judge_tables import PlanTables, layer_of_hospitals
from gridplan.judging.verdict import Breach
from gridplan.policies.rules import Candidates
from gridplan.words.text import Text
from gridplan.words.vocabulary import layer_title


def candidates(rule: Candidates, tables: PlanTables) -> Judged:
    """Whoever serves is a candidate of that layer."""
    layer_of = layer_of_hospitals(tables.region, tables.policy)
    for pair in tables.of(rule, tables.pairs).itertuples():
        if layer_of.get(pair.hospital_id) != pair.layer:
            what = Text(
                f"{tables.hospital(pair.hospital_id)} is no candidate of layer {pair.layer}",
                f"{tables.hospital(pair.hospital_id)} 不是 {layer_title(pair.layer).zh}的候选医院",
            )
            yield Breach(rule.id, what, pair.layer, pair.district_id, pair.hospital_id, rows=pair.rows)
