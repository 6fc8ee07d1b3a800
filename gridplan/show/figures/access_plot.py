"""How near care is, district by district, before and after, as a slide."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from gridplan.programmes.programme import ORDER, Programme
from gridplan.programmes.way.access_change import access_inequality
from gridplan.show.figures.fonts import chinese_type
from gridplan.show.figures.plots import BLUE, RED, plain_axes, slide
from gridplan.show.shared.bilingual_table import two
from gridplan.show.shared.palette import INK
from gridplan.words.text import Text
from gridplan.words.vocabulary import ACCESS_TIERS, CARE_TIERS

BEFORE, AFTER = Text("before", "之前"), Text("after", "之后")


def draw_access(programme: Programme, table: pd.DataFrame, tier: str) -> Figure:
    """A line per district from before to after; Gini and Theil of the city above.

    Parameters
    ----------
    table : rows of one tier of `access_change`.
    """
    plan = programme.plan
    with chinese_type():
        figure = slide(plan, Text("How near care is", "可及性"), CARE_TIERS[tier])
        axes = figure.add_axes((0.24, 0.13, 0.70, 0.68))
        sums = table.assign(before=table["before"] * table["people"], after=table["after"] * table["people"])
        sums = sums.groupby("district_id")[["before", "after", "people"]].sum(min_count=1)
        mean = sums[["before", "after"]].div(sums["people"].where(sums["people"] > 0), axis=0)
        mean = mean.dropna(subset=["before"]).sort_values("before", kind="stable")
        places = np.arange(len(mean))
        axes.hlines(
            places, mean["before"], mean["after"].fillna(mean["before"]), color="#B8C1C9", linewidth=2
        )
        axes.plot(mean["before"], places, "o", color=INK, label=two(BEFORE))
        axes.plot(mean["after"], places, "o", color=BLUE, label=two(AFTER))
        names = dict(zip(plan.region.districts["district_id"], plan.region.districts["name"], strict=True))
        axes.set_yticks(
            places,
            [names[d].replace("$", r"\$") for d in mean.index],
            fontsize=10 if len(mean) <= 25 else 6.5,
        )
        axes.legend(frameon=False, loc="lower right")
        told = [
            f"{two(AFTER if r.when == 'after' else BEFORE)}: Gini {r.gini:.3f}, Theil {r.theil:.3f} ({r.theil_between:.3f})"
            for r in access_inequality(table).itertuples()
        ]
        note = Text("in brackets: between districts", "括号内为区间差异")
        axes.set_title(
            "\n".join([*told, two(note), *(two(n) for n in programme.notes if n is not ORDER)]),
            fontsize=9.5,
            loc="left",
            color=RED,
        )
        plain_axes(axes, ACCESS_TIERS[tier], None)
        return figure
