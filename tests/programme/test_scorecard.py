"""SH-14: values by hand, scores between floor and target, what is not measured, the judge, the command."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from programme.test_members import WITH
from programme.town import plan, region
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.plans.folder.store import write_plan_tables, write_record
from gridplan.policies.programme_rules import Scorecard
from gridplan.policies.programme_rules.indicators import indicators
from gridplan.programmes.store import save_programme, verify_programme
from gridplan.words.vocabulary import HEADS


@pytest.fixture(scope="module")
def made():
    return gp.programme(
        replace(plan(), region=region(institutions=WITH)), only=["posts", "members", "scorecard"]
    )


def test_the_list_has_all_seven_heads_and_says_where_each_figure_is_from():
    assert {one.head for one in indicators().values()} == set(HEADS) and len(HEADS) == 7
    for one in indicators().values():
        assert one.floor != one.target and one.source and one.numerator.zh and one.denominator.en


def test_values_by_hand_and_what_is_not_measured(made):
    card = made.tables["scorecard"].set_index("indicator_id")
    rows = plan().assignment
    general = rows[(rows["layer"] == "general")]
    mean = (general["people"] * general["minutes"]).sum() / general["people"].sum()
    assert float(card.at["mean_minutes", "value"]) == pytest.approx(mean, rel=1e-4)
    assert card.at["covered", "value"] == "1" and card.at["covered", "score"] == "100.0"
    assert (
        card.at["patients_satisfied", ["value", "score", "source"][0]] == ""
        and card.at["patients_satisfied", "source"] == "nobody"
    )
    lacking = (made.tables["care"]["missing"] != "").mean()
    assert float(card.at["members_whole", "score"]) == pytest.approx(100 * (1 - lacking), abs=0.1)
    heads = made.tables["heads"].set_index("head")
    assert heads.at["satisfaction", "score"] == "" and heads.at["satisfaction", "measured"] == 0
    mine = card[(card["head"] == "safeguards") & (card["score"] != "")]["score"].astype(float)
    assert float(heads.at["safeguards", "score"]) == pytest.approx(mine.mean(), abs=0.06)
    assert made.verify().kept


@pytest.mark.parametrize(("value", "score"), [(60, 0.0), (70, 0.0), (20, 100.0), (5, 100.0), (40, 50.0)])
def test_a_score_lies_between_floor_and_target_where_less_is_better(value, score):
    assert indicators()["mean_minutes"].score(value) == score


BREAKS = {
    "it is": ("scorecard", "value", "0.5"), "the score is": ("scorecard", "score", "1.0"),
    "no such indicator": ("scorecard", "head", "order"), "heads.csv": ("heads", "score", "3"), "it is measured": ("scorecard", "value", ""),
}  # fmt: skip


@pytest.mark.parametrize("words", BREAKS)
def test_the_judge_names_what_was_changed_by_hand(made, words):
    name, column, value = BREAKS[words]
    part = made.part("scorecard")
    table = part.tables[name].copy()
    table.at[0, column] = value
    broken = replace(part, tables={**part.tables, name: table})
    parts = (made.part("posts"), made.part("members"), broken)
    said = [b.what.en for b in replace(made, parts=parts).verify().breaches]
    assert any(words in line for line in said), said


def test_the_command_takes_what_was_measured_outside(tmp_path):
    made = gp.programme(plan(), only=["posts", "scorecard"])
    out = tmp_path / "OUT"
    out.mkdir()
    write_plan_tables(made.plan, out)
    write_record(made.plan, out)
    save_programme(made, out)
    assert verify_programme(out).kept
    data = tmp_path / "told.csv"
    data.write_text(
        "indicator_id,value,self_score,outside_score\npatients_satisfied,0.825,90,80\n", encoding="utf-8"
    )
    run = CliRunner().invoke(
        app, ["score", str(out), "--data", str(data), "--csv", str(tmp_path / "card.csv"), "--lang", "zh"]
    )
    assert run.exit_code == 0, run.output
    assert "满意度: 50.0" in run.output and "自评 90，外评 80" in run.output and "未测" in run.output
    card = pd.read_csv(tmp_path / "card.csv").set_index("indicator_id")
    assert (
        card.at["patients_satisfied", "score"] == 50.0
        and card.at["patients_satisfied", "source"] == "outside"
    )
    data.write_text("indicator_id,value,self_score\nhappiness,1,\ncovered,x,120\n", encoding="utf-8")
    run = CliRunner().invoke(app, ["score", str(out), "--data", str(data), "--lang", "en"])
    assert run.exit_code != 0 and "no indicator 'happiness'" in run.output and "0 to 100" in run.output


def test_heads_that_are_not_there_are_refused_by_key():
    with pytest.raises(gp.errors.PolicyError, match=r"scorecard\.heads"):
        Scorecard(heads=("luck",))
