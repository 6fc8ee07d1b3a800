"""LZ-3, ZJ-7: hosts of shared centres against trying everything, where rounding fails, the order of goals, the judge."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme.test_upstream import INSTITUTIONS, NAMES
from programme.town import frame, plan, region

import gridplan as gp
from gridplan.optimise.programme.hosts import HostsProblem, solve_hosts
from gridplan.policies.programme_rules import SharedCentres


def problem(**changes):
    """Two institutions, two hospitals, one service."""
    made = {
        "volume": np.array([2.0, 1.0]), "minutes": np.array([[5.0, 9.0], [8.0, 4.0]]), "room": np.full((1, 2), np.inf),
        "has": np.array([[True, True]]), "most": np.array([2]), "most_services": 2,
    }  # fmt: skip
    return HostsProblem(**{**made, **changes})


def brute(p):
    """All goals in order by every choice of hosts for every institution and service."""
    services, hospitals = p.room.shape
    best = None
    for flat in itertools.product(range(-1, hospitals), repeat=services * len(p.volume)):
        chosen = np.array(flat).reshape(services, len(p.volume))
        opened = [{int(h) for h in row if h >= 0} for row in chosen]
        load = np.array([[p.volume[row == h].sum() for h in range(hospitals)] for row in chosen])
        if any(len(o) > m for o, m in zip(opened, p.most, strict=True)) or (load > p.room).any():
            continue
        if any(sum(h in o for o in opened) > p.most_services for h in range(hospitals)):
            continue
        found = (
            float(sum(p.volume[row < 0].sum() for row in chosen)),
            float(sum(not p.has[k, h] for k, o in enumerate(opened) for h in o)),
            float(sum(p.volume[i] * p.minutes[i, h] for row in chosen for i, h in enumerate(row) if h >= 0)),
        )
        best = found if best is None or found < best else best
    return best


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_hosts_are_better(data):
    def whole(low, high, *shape):
        size = int(np.prod(shape))
        return np.array(data.draw(st.lists(st.integers(low, high), min_size=size, max_size=size))).reshape(
            shape
        )

    p = problem(
        volume=whole(1, 3, 2) * 1.0, minutes=whole(1, 9, 2, 2) * 1.0, has=whole(0, 1, 2, 2).astype(bool), most=whole(1, 2, 2),
        room=np.where(whole(0, 1, 2, 2) == 1, whole(0, 4, 2, 2), np.inf), most_services=int(whole(1, 2, 1)[0]),
    )  # fmt: skip
    solution = solve_hosts(p)
    assert tuple(one.value for one in solution.reached) == pytest.approx(brute(p), abs=1e-6)
    assert all(one.gap <= 1e-6 for one in solution.reached)


def test_an_institution_is_not_cut_in_two():
    """Both hospitals have room for one and a half: halves would fit, whole institutions leave one out."""
    p = problem(room=np.array([[1.5, 1.5]]))
    assert solve_hosts(p).host.tolist() == [[-1, 1]]


def test_a_centre_that_is_there_comes_before_a_shorter_way():
    p = problem(has=np.array([[True, False]]))
    assert solve_hosts(p).host.tolist() == [[0, 0]]
    assert solve_hosts(problem()).host.tolist() == [[0, 1]]


MORE = [*INSTITUTIONS, ("C5", "戊社区卫生服务中心", "community_centre", "T1", 120.07, 30.06, 3.0, 1.0)]
SERVICES = [("D1", "lab", "yes", float("nan")), ("D2", "lab", "no", float("nan")), ("D3", "lab", "", 1000.0)]
RULE = SharedCentres(services=("lab", "hr"), one_host=("hr",))


@pytest.fixture(scope="module")
def made():
    tables = {
        "services": frame(["hospital_id", "service", "has", "capacity"], SERVICES),
        "institutions": frame(NAMES, MORE),
    }
    policy = plan().policy.with_rule(RULE)
    return gp.programme(replace(plan(), region=region(**tables), policy=policy), only=["hosts"])


def test_the_town_is_proven_and_passes_its_judge(made):
    part = made.part("hosts")
    assert part.status == "optimal" and made.verify().kept
    hosts = part.tables["hosts"].set_index(["service", "institution_id"])["host_id"]
    assert hosts["lab", "C1"] == "D1" and hosts["lab", "C5"] == "D1"  # D2 cannot
    assert hosts["hr", "C1"] == hosts["hr", "C5"]  # one host
    assert ("lab", "C2") not in hosts.index  # D3 has room for 1,000
    assert "no-room-for-a-service" in {f.code for f in part.findings}


BREAKS = {
    "minutes is": ("minutes", 99.0), "the host is no district hospital": ("host_id", "D3"), "volume is": ("volume", 1),
    "no such primary institution": ("institution_id", "C4"), "room is 0": ("host_id", "D2"),
}  # fmt: skip


@pytest.mark.parametrize("words", BREAKS)
def test_the_judge_names_what_was_changed_by_hand(made, words):
    column, value = BREAKS[words]
    part = made.part("hosts")
    table = part.tables["hosts"].astype({column: object})
    at = table.index[(table["institution_id"] == "C1") & (table["service"] == "lab")][0]
    table.at[at, column] = value
    broken = replace(part, tables={"hosts": table.infer_objects()})
    said = [b.what.en for b in replace(made, parts=(broken,)).verify().breaches]
    assert any(words in line for line in said), said


def test_bad_input_is_refused_by_key():
    with pytest.raises(gp.errors.PolicyError, match=r"shared\.one_host"):
        SharedCentres(services=("lab",), one_host=("hr",))
    with pytest.raises(gp.errors.DataError, match="institutions"):
        gp.programme(replace(plan(), region=region()), only=["hosts"])
