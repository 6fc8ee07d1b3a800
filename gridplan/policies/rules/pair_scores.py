"""Scores of pairs (SH-14): what they cost in the next plan, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridplan.policies.counting.case import Case
from gridplan.policies.rule import Rule
from gridplan.policies.values import Fault, Range, bad_number, numbers
from gridplan.words.findings import Finding
from gridplan.words.text import Text

MOST = 15.0  # minutes: a score is a hint, no order


def _scores(name: str, value: Any) -> Iterator[Fault]:
    """A table of "district hospital" with scores from 0 to 100."""
    if not isinstance(value, Mapping):
        yield name, f"must be a table; got {value!r}", f"须为表；现为 {value!r}", '"310115 SH001" = 80'
        return
    for pair, score in value.items():
        if len(str(pair).split()) != 2:
            yield (
                f"{name}.{pair}",
                "is no pair: a district, a space and a hospital",
                "不是结对：应为区编号、空格、医院编号",
                '"310115 SH001" = 80',
            )
        yield from bad_number(f"{name}.{pair}", score, Range(0, 100))


@dataclass(frozen=True)
class PairScores(Rule):
    """What the evaluation of a pair costs in the goal "travel", in minutes per resident: a bounded price. Off by default.

    A pair that scored 100, or that nobody scored, costs nothing; one that scored 0 costs `most_minutes`. It never keeps a
    pair out. SH-14: 评价结果让市级医院与区级医院结对更合理.

    Parameters
    ----------
    most_minutes : float, default 5.0
        Minutes per resident of a pair that scored 0; at most 15.
    scores : Mapping[str, float], optional
        "district_id hospital_id" → score from 0 to 100; `gridplan score OUT --pairs FILE` writes them.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.PairScores(5, {"310115 SH001": 60}).sentence().en)
    The score of a pair costs at most 5 minutes per resident (0 scored 5, 100 scored 0); pairs scored: 1.
    """

    most_minutes: float = 5.0
    scores: Mapping[str, float] = field(default_factory=dict)
    of = "partners"
    id = "SCORES"
    key = "pair_scores"
    title = Text("Scores of pairs", "结对评价得分")
    rank = 145
    ranges = numbers(most_minutes=Range(0, MOST))
    own_values = {"scores": _scores}  # noqa: RUF012 a table of functions, never written to

    def __post_init__(self) -> None:
        super().__post_init__()
        plain = {" ".join(str(pair).split()): float(score) for pair, score in sorted(self.scores.items())}
        object.__setattr__(self, "scores", plain)

    def __hash__(self) -> int:
        return hash((type(self), self.most_minutes, tuple(self.scores.items())))

    def minutes_of(self, pair: str) -> float:
        """What a pair ("district_id hospital_id") costs a resident; 0 where nobody scored it."""
        return self.most_minutes * (100 - self.scores.get(pair, 100.0)) / 100

    def sentence(self) -> Text:
        most, n = self.most_minutes, len(self.scores)
        return Text(
            f"The score of a pair costs at most {most:g} minutes per resident (0 scored {most:g}, 100 scored 0); pairs scored: {n}.",
            f"结对评价得分折算为每位居民至多 {most:g} 分钟（0 分计 {most:g} 分钟，100 分不计），已评价 {n} 对。",
        )

    def notes(self, case: Case) -> Iterator[Finding]:
        """Scores of pairs that there are not."""
        districts = set(case.region.districts["district_id"])
        hospitals = set(case.region.hospitals["hospital_id"])
        for pair in self.scores:
            district, hospital = pair.split()
            if district not in districts or hospital not in hospitals:
                what = Text(
                    f"{self.id}: {pair} is no district and hospital of this region; its score counts for nothing",
                    f"{self.id}：{pair} 不是本地区的区与医院，其得分不起作用",
                )
                hint = Text("Check the ids.", "请核对编号。")
                yield Finding("warning", "score-of-no-pair", "policy", what, hint, id=pair)
