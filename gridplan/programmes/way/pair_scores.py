"""Scores of pairs (SH-14): what a plan and its programme measure of each, and what somebody scored outside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridplan.policies.programme_rules.indicators import indicators
from gridplan.policies.rules import PairScores
from gridplan.programmes.programme import Programme
from gridplan.programmes.way.scorecard import EXPERTS, managed_today, partner_rows
from gridplan.words.errors import DataError
from gridplan.words.text import Text

COLUMNS = ["district_id", "hospital_id", "score", "minutes", "source"]
KEYS = COLUMNS[:2]


def pair_scores(programme: Programme, told: pd.DataFrame | None = None) -> pd.DataFrame:
    """The score of each general pair, and what it would cost in the next plan under `[pair_scores]`.

    The mean of what is measured of a pair: minutes to the partner, chains that are whole, resident experts of the hospitals
    that it manages there, each from 0 to 100 as in the scorecard. Scores are a hint: nothing takes them into a plan by itself.

    Parameters
    ----------
    programme : Programme
        Made, or opened again.
    told : DataFrame, optional
        district_id, hospital_id, score (0 to 100) from outside; it stands above what is measured.

    Returns
    -------
    DataFrame
        district_id, hospital_id, score, minutes, source ("plan", "outside").

    Raises
    ------
    DataError
        A score of a pair that the plan has not, twice, or outside 0 to 100.

    References
    ----------
    上海市卫生健康委员会《关于支持本市市级和区级医疗机构高质量合作的指导意见》, 2025-09-28 (SH-14).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> gp.measures.pair_scores(gp.programme(plan, only=["scorecard"]))["source"].unique().tolist()
    ['plan']
    """
    rows = partner_rows(programme.plan)
    rows = rows.assign(total=rows["people"] * rows["minutes"])
    found = rows.groupby(KEYS)[["people", "total"]].sum()
    found = found[found["people"] > 0]
    known = indicators()
    near = [known["mean_minutes"].score(v) for v in found["total"] / found["people"]]
    points = pd.DataFrame({"near": near}, index=found.index)
    points["whole"] = _whole(programme, points.index)
    points["filled"] = _filled(programme, points.index)
    made = points.mean(axis=1).round(1).rename("score").reset_index().assign(source="plan")
    if told is not None:
        made = _with_outside(made, told)
    rule = programme.plan.policy.rule(PairScores) or PairScores()
    made["minutes"] = (rule.most_minutes * (100 - made["score"]) / 100).round(3)
    return made[COLUMNS]


def _whole(programme: Programme, pairs: pd.Index) -> list[float]:
    """Referrals of the pair's residents to a hospital that the partner manages itself, as a score."""
    tables = programme.tables
    if "chains" not in tables or "custody" not in tables:
        return [np.nan] * len(pairs)
    units = programme.plan.region.units.set_index("unit_id")
    chains = tables["chains"]
    flow = chains["unit_id"].map(units["people"].astype(float)) * chains["share"]
    rows = chains.assign(district_id=chains["unit_id"].map(units["district_id"]), flow=flow, kept=flow * (1 - chains["broken"]))  # fmt: skip
    sums = rows.groupby(KEYS)[["flow", "kept"]].sum().reindex(pairs)
    one = indicators()["chains_whole"]
    return [one.score(k / f) if f > 0 else np.nan for f, k in zip(sums["flow"], sums["kept"], strict=True)]


def _filled(programme: Programme, pairs: pd.Index) -> list[float]:
    """Disciplines filled at the hospitals that the partner manages in the district, as a score; blank where it manages none."""
    managed, tables = managed_today(programme.tables), programme.tables
    if managed is None or "deployment" not in tables:
        return [np.nan] * len(pairs)
    first = tables["deployment"][tables["deployment"]["phase"] == 1]
    posts = first.groupby("managed_id")["discipline"].nunique()
    share = managed["managed_id"].map(posts).fillna(0).clip(upper=EXPERTS) / EXPERTS
    mean = share.groupby([managed[key] for key in KEYS]).mean().reindex(pairs)
    one = indicators()["posts_filled"]
    return [one.score(value) if value == value else np.nan for value in mean]


def _with_outside(made: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Scores from outside above those measured."""
    number = pd.to_numeric(told["score"], errors="coerce")
    there = set(made[KEYS].itertuples(index=False, name=None))
    faults, seen = [], set()
    for district, hospital, score, cell in zip(
        *(told[key] for key in KEYS), number, told["score"], strict=True
    ):
        pair = f"{district} {hospital}"
        if (district, hospital) not in there:
            faults.append(Text(f"{pair} is no pair of the plan", f"{pair} 不是方案中的结对"))
        if pair in seen:
            faults.append(Text(f"{pair} stands twice", f"{pair} 重复"))
        if not 0 <= score <= 100:
            faults.append(
                Text(f"{pair}: {cell!r} is no score from 0 to 100", f"{pair}：{cell!r} 不是 0 至 100 的得分")
            )
        seen.add(pair)
    if faults:
        raise DataError(
            Text("the scores of pairs cannot be used", "结对得分无法使用"),
            Text("a row per pair of the plan: district_id, hospital_id, score", "每对一行：district_id、hospital_id、score"), faults,
        )  # fmt: skip
    own = told.assign(score=number.astype(float)).set_index(KEYS)["score"]
    outside = pd.Series(
        [own.get(key, np.nan) for key in made[KEYS].itertuples(index=False, name=None)], index=made.index
    )
    return made.assign(
        score=outside.fillna(made["score"]), source=made["source"].where(outside.isna(), "outside")
    )
