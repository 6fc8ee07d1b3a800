"""No district worse than today ("NOWORSE"), the home district first ("HOME"): plans, the judge, and what each costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

import gridplan as gp
from gridplan.policies.rules import Ban, DistrictCap, HomeFirst, HospitalCap, NoWorse
from gridplan.show.report.report_proof import quality
from gridplan.show.shared.plan_tables import summary_table
from tests.plans.test_changes import town

SHANGHAI = gp.policy("shanghai-2025")
# H1 is nearest to T1 today; the policy bans it there, so T1 travels longer.
TODAY = town(("H1", "T1", "other"), ("H1", "T3", "custody"))
BANNED = SHANGHAI.with_rule(Ban("T1", "H1"))


def mean(plan: gp.Plan, district: str) -> float:
    rows = plan.assignment[
        (plan.assignment["layer"] == "general") & (plan.assignment["district_id"] == district)
    ]
    return float((rows["people"] * rows["minutes"]).sum() / rows["people"].sum())


def test_a_district_that_is_worse_off_is_named_and_the_least_that_gives_way_is_told() -> None:
    plan = gp.plan(TODAY, BANNED)
    was = plan.today.districts_frame("general").set_index("district_id").loc["T1", "mean_minutes"]
    lost = mean(plan, "T1") - was
    assert lost > 0.5
    judged = gp.verify(replace(plan, policy=BANNED.with_rule(NoWorse(lost - 0.1))))
    assert [(b.rule, b.layer, b.district_id) for b in judged.breaches] == [("NOWORSE", "general", "T1")]
    assert gp.verify(replace(plan, policy=BANNED.with_rule(NoWorse(lost + 0.1)))).kept
    assert gp.verify(replace(plan, policy=BANNED.with_rule(NoWorse(0, {"central": lost + 0.1})))).kept
    with pytest.raises(gp.errors.InfeasibleError) as refused:
        gp.plan(TODAY, BANNED.with_rule(NoWorse(0), DistrictCap(1)))
    assert "min on average" in str(refused.value) and "人均" in refused.value.say("zh")


def test_the_rule_changes_the_plan_and_its_price_is_told() -> None:
    """With one hospital each T2 loses the open campus of H1."""
    region = town(("H3", "T2", "other"), ("H3", "T3", "other"))
    bound = SHANGHAI.with_rule(HospitalCap(1), DistrictCap(1))
    free = gp.plan(region, bound)
    was = free.today.districts_frame("general").set_index("district_id")["mean_minutes"]
    worst = max(mean(free, d) - was[d] for d in ("T2", "T3") if was[d] == was[d])
    assert worst > 1
    kept = gp.plan(region, bound.with_rule(NoWorse(worst - 0.5), DistrictCap(2), HospitalCap(2)))
    assert max(mean(kept, d) - was[d] for d in ("T2", "T3")) <= worst - 0.5 + 1e-4
    (layer, _) = kept.layers
    assert 0 < layer.without["NOWORSE"] <= layer.value
    assert "(NOWORSE) costs" in kept.summary("en") and "各区不劣于现状（NOWORSE）使人均多" in kept.summary(
        "zh"
    )
    each = (layer.value - layer.without["NOWORSE"]) / region.units["people"].sum()
    said = (
        f"使人均多 {each:.2f} 分钟（无此规则 {layer.without['NOWORSE']:,.0f} 人·分钟，有 {layer.value:,.0f}）"
    )
    assert said in quality(kept, layer) and said in kept.summary("zh")
    (cell,) = [
        value
        for item, value in summary_table(kept).rows
        if "（NOWORSE）使人均增加分钟" in item and "综合" in item
    ]
    assert cell == pytest.approx(each, abs=1e-3)
    assert gp.verify(kept).kept
    boast = replace(layer, without={"NOWORSE": layer.value * 2})
    assert not gp.verify(replace(kept, layers=(boast, *kept.layers[1:]))).kept


def test_a_hospital_that_leaves_its_home_is_named_and_kept_at_home() -> None:
    away = SHANGHAI.with_rule(Ban("T2", "H3"))  # H3 is at home in T2
    plan = gp.plan(gp.tiny_town(), away.with_rule(HospitalCap(1)))
    assert "T3" in set(plan.pairs.loc[plan.pairs["hospital_id"] == "H3", "district_id"])
    judged = gp.verify(replace(plan, policy=plan.policy.with_rule(HomeFirst())))
    named = {b.hospital_id: b for b in judged.breaches}
    assert set(named) == {"H1", "H3"} and {b.rule for b in judged.breaches} == {"HOME"}  # H1 is at T2 alone
    assert "home district 东区 (T2)" in named["H3"].what.en and "未与本部所在区" in named["H3"].what.zh
    kept = gp.plan(gp.tiny_town(), away.with_rule(HomeFirst()))
    assert "H3" not in set(kept.pairs["hospital_id"]) and gp.verify(kept).kept
    assert kept.layers[0].without["HOME"] <= kept.layers[0].value


def test_a_home_full_of_priority_1_lets_its_hospital_go() -> None:
    """T1 has one place; H1 and H2 are at home there, so one of them may serve others alone."""
    bound = SHANGHAI.with_rule(DistrictCap(1), HospitalCap(2), Ban("T2", "H1"), Ban("T2", "H3"), HomeFirst())
    plan = gp.plan(gp.tiny_town(), bound)
    assert gp.verify(plan).kept
    one = set(plan.pairs.loc[plan.pairs["district_id"] == "T1", "hospital_id"]) & {"H1", "H2"}
    assert len(one) == 1
