"""Which rows each part of the programme writes, word for word. New ones: delete the file, run, and read it row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from programme import (
    test_alliances,
    test_chains,
    test_guarantee,
    test_hosts,
    test_links,
    test_posts,
    test_support,
    test_upstream,
)
from programme.lp_text import lp_text

from gridplan.optimise.programme.alliances import AlliancesModel
from gridplan.optimise.programme.chains import ChainsModel
from gridplan.optimise.programme.guarantee import guarantee_model
from gridplan.optimise.programme.hosts import hosts_model
from gridplan.optimise.programme.hubs import reach_model
from gridplan.optimise.programme.posts import PostsModel
from gridplan.optimise.programme.support import support_model
from gridplan.optimise.programme.upstream import UpstreamModel

GOLDEN = Path(__file__).parents[1] / "golden" / "programme"


def posts():
    made = PostsModel(test_posts.problem(phases=2))
    return made.model, made.aims()


def alliances():
    made = AlliancesModel(test_alliances.problem(suburbs=0.5))
    return made.model, made.aims()


def upstream():
    made = UpstreamModel(test_upstream.problem())
    return made.model, made.aims()


def chains():
    made = ChainsModel(
        test_chains.problem(
            takes=np.array([2.0, np.inf]), beds=np.array([0.5, np.inf]), reserved=np.array([0.25, 0, 0, 0])
        )
    )
    return made.model, made.aims()


def guarantee():
    model, _, _, aims = guarantee_model(test_guarantee.problem())
    return model, aims


def hosts():
    model, _, _, aims = hosts_model(
        test_hosts.problem(room=np.array([[2.0, np.inf]]), has=np.array([[True, False]]))
    )
    return model, aims


def hubs():
    model, _, aims = reach_model(test_links.problem())
    return model, aims


def support():
    model, _, aims = support_model(test_support.problem([9, 5, 4], [0, 0, 1], [0, 1, 1], [0, 0, 1]))
    return model, aims


@pytest.mark.parametrize(
    "part",
    [posts, alliances, upstream, chains, guarantee, hosts, hubs, support],
    ids=lambda part: part.__name__,
)
def test_the_rows_are_as_they_were_read(part):
    written, path = lp_text(*part()), GOLDEN / f"{part.__name__}.txt"
    if not path.exists():
        path.write_text(written, encoding="utf-8", newline="\n")
        pytest.fail(f"{path} written: read it, row by row, before it counts")
    assert written == path.read_text(encoding="utf-8")
