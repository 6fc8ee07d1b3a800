"""How much need is met with how many posts: a point each, proven, under the programme's custody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from gridplan.policies.programme_rules import Posts
from gridplan.programmes.programme import Programme
from gridplan.words.errors import DataError
from gridplan.words.text import Text

COLUMNS = ["posts", "need_met", "share", "next_post", "proven", "modelled"]


def posts_frontier(programme: Programme, points: int = 10, seconds: float | None = None) -> pd.DataFrame:
    """The most need that so many posts can meet, from none to all that the programme sends.

    Parameters
    ----------
    programme : Programme
        With the part "posts"; its custody stands. The least number of experts per hospital is not asked for here.
    points : int, default 10
        Numbers of posts, evenly apart.
    seconds : float, optional
        For each point.

    Returns
    -------
    DataFrame
        posts (of all phases), need_met, share (of what all posts meet), next_post (need that each further post meets up to the
        next point), proven, modelled (tables that the figures rest on).

    Raises
    ------
    DataError
        The programme has no part "posts".

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> bare = gp.Programme(plan, parts=(), rules={}, findings=plan.findings)
    >>> gp.measures.posts_frontier(bare)
    Traceback (most recent call last):
    gridplan.words.errors.DataError: the programme has no part 'posts'...
    """
    from gridplan.optimise.programme.posts import solve_posts  # the solver: not for other measures
    from gridplan.programmes.deploy import Deployment

    if "posts" not in programme.rules:
        raise DataError(
            Text("the programme has no part 'posts'", "实施方案没有 posts 部分"),
            Text(
                'Make it with gp.programme(plan, only=["posts"]).',
                '请用 gp.programme(plan, only=["posts"]) 制定。',
            ),
        )
    rule = programme.rules["posts"][0]
    assert isinstance(rule, Posts)
    made, custody = Deployment(programme.plan, rule), programme.tables["custody"]
    manager = dict(zip(custody["managed_id"], custody["hospital_id"], strict=True))
    kept = np.array([manager.get(r) == h for h, r, _ in made.pairs])
    whole = len(programme.tables["deployment"])
    rows = []
    for count in sorted({round(n) for n in np.linspace(0, whole, points + 1)}):
        solution = solve_posts(replace(made.problem, kept=kept, total=float(count)), seconds, goals=("need",))
        rows.append((count, made.need_met(solution.posts), all(one.gap <= 1e-6 for one in solution.reached)))
    table = pd.DataFrame(rows, columns=["posts", "need_met", "proven"])
    steps = table["need_met"].diff().shift(-1) / table["posts"].diff().shift(-1)
    most = max(1.0, float(table["need_met"].max()))
    modelled = ", ".join(programme.part("posts").modelled)
    return table.assign(share=table["need_met"] / most, next_post=steps, modelled=modelled)[COLUMNS]
