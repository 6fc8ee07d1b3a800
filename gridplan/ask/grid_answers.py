"""What is said of a pair and a district in the layer of grids: of grid leads, never of partners."""

from __future__ import annotations

from gridplan.ask.question import LayerQuestions
from gridplan.inputs.region import Region
from gridplan.optimise.grid_arrays import FREE
from gridplan.policies.leads import district_forms, lead_table
from gridplan.policies.policy import Policy
from gridplan.policies.rules import Grids
from gridplan.words.text import Text, both
from gridplan.words.vocabulary import CONSORTIA


def pair_words(q: LayerQuestions, d: int, h: int, people: int, why: Text) -> Text:
    """Whether a hospital leads a grid in a district."""
    pair = f"{q.district(d)} – {q.hospital(h)}"
    if q.chosen[d, h]:
        return Text(
            f"{pair}: leads a grid of {people:,} residents; {why.en}",
            f"{pair}：牵头网格，服务 {people:,} 人；{why.zh}",
        )
    return Text(f"{pair}: leads no grid; {why.en}", f"{pair}：未牵头网格；{why.zh}")


def district_line(q: LayerQuestions, d: int) -> Text:
    """The form of a district's grids, and how many there are and may be."""
    p, region, policy = q.problem, q.plan.region, q.plan.policy
    assert p.grids is not None
    form = CONSORTIA[district_forms(region, policy)[str(p.district_ids[d])]]
    led = int((q.chosen[d] & (p.grids.home == d)).sum())
    least, most = int(p.grids.least_in[d]), int(p.grids.most_in[d])
    asked = (
        Text(f"{least} or more", f"至少 {least} 个")
        if most == FREE
        else Text(f"{least} to {most}", f"{least} 至 {most} 个")
    )
    return Text(
        f"grid: {form.en}, {led} grid(s) led from here, ZJ-1 asks {asked.en}",
        f"网格层：{form.zh}，由本区牵头的网格 {led} 个，ZJ-1 要求{asked.zh}",
    )


def no_lead(region: Region, policy: Policy, hospital_id: str) -> Text:
    """Why a hospital may not lead a grid; nothing where the policy has no grids."""
    if policy.rule(Grids) is None:
        return both("")
    row = lead_table(region, policy).set_index("hospital_id").loc[hospital_id]
    return Text(
        f"; nor can it lead a grid under {row['rule']} ({row['why'].en})",
        f"；按 {row['rule']} 也不能牵头网格（{row['why'].zh}）",
    )
