"""SH-13: the model against trying everything, where rounding fails, the order of goals, the judge, the tables."""

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
from gridplan.optimise.programme.chains import ChainsProblem, largest_first_contact, solve_chains
from gridplan.policies.programme_rules import Referral
from gridplan.programmes.way.refer import refer
from gridplan.show.programme.programme_report import programme_report


def problem(**changes):
    """Two units with a partner each, two centres, two district hospitals, each managed by one of the partners."""
    made = {
        "visits": np.array([4.0, 2.0]), "partner": np.array([0, 1]), "unit": np.array([0, 0, 1, 1]), "centre": np.array([0, 1, 0, 1]),
        "minutes": np.array([5.0, 10.0, 12.0, 6.0]), "beyond": np.zeros(4, bool), "capacity": np.array([3.0, np.inf]),
        "to_hospital": np.array([[5.0, 9.0], [8.0, 4.0]]), "manager": np.array([0, 1]), "up": 0.5,
        "takes": np.full(2, np.inf), "down": 0.5, "beds": np.full(2, np.inf), "reserved": np.zeros(4),
    }  # fmt: skip
    return ChainsProblem(**{**made, **changes})


def beyond(p: ChainsProblem, flow: dict[int, float], load: np.ndarray, chain: tuple[int, ...]) -> float:
    """First contacts beyond what centres, hospitals and beds can carry."""
    sent = [sum(p.up * v for n, v in flow.items() if chain[p.centre[n]] == h) for h in range(len(p.takes))]
    rooms = ((load, p.capacity), (np.array(sent) / p.up, p.takes / p.up), (load, p.beds / (p.up * p.down)))
    return float(sum(np.maximum(0, is_ - room).sum() for is_, room in rooms))


def brute(p: ChainsProblem) -> list[float]:
    """All goals in order: every chain, and within it every share in halves of the first contacts (whole numbers of them)."""
    ways = [np.flatnonzero(p.unit == u) for u in range(len(p.visits))]
    options = [
        [dict(zip(own.tolist(), cut, strict=True)) for cut in itertools.product(range(int(n) + 1), repeat=len(own)) if sum(cut) == n]
        for own, n in zip(ways, p.visits.tolist(), strict=True)
    ]  # fmt: skip
    best = None
    for chain in itertools.product(range(len(p.manager)), repeat=len(p.capacity)):
        for parts in itertools.product(*options):
            flow = {n: v for part in parts for n, v in part.items()}
            if any(flow[n] < p.reserved[n] * p.visits[p.unit[n]] for n in flow):
                continue
            load = np.bincount(
                p.centre, weights=[flow[n] for n in range(len(p.unit))], minlength=len(p.capacity)
            )
            found = [
                beyond(p, flow, load, chain), sum(v for n, v in flow.items() if p.beyond[n]),
                sum(p.up * v for n, v in flow.items()
                    if p.manager[chain[p.centre[n]]] not in (-1, p.partner[p.unit[n]])),
                sum(v * (p.minutes[n] + p.up * p.to_hospital[p.centre[n], chain[p.centre[n]]]) for n, v in flow.items()),
            ]  # fmt: skip
            best = found if best is None or found < best else best
    return best


@st.composite
def problems(draw):
    def whole(low, high, size):
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)))

    return problem(
        visits=whole(1, 4, 2) * 1.0, partner=whole(0, 1, 2), minutes=whole(1, 20, 4) * 1.0, beyond=whole(0, 1, 4).astype(bool),
        capacity=np.where(whole(0, 1, 2) == 1, whole(0, 6, 2), np.inf), to_hospital=whole(1, 20, 4).reshape(2, 2) * 1.0,
        manager=whole(-1, 1, 2), takes=np.where(whole(0, 1, 2) == 1, whole(0, 3, 2), np.inf),
        beds=np.where(whole(0, 1, 2) == 1, whole(0, 2, 2) / 4, np.inf), reserved=np.array([whole(0, 1, 1)[0] * 1.0, 0, 0, 0]),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(problems())
def test_no_chains_are_better(p):
    """With whole contacts and whole capacities the flows are whole at a corner, so trying whole numbers is enough."""
    solution = solve_chains(p)
    assert [one.value for one in solution.reached] == pytest.approx(brute(p), abs=1e-4)
    assert all(one.gap <= 1e-6 for one in solution.reached)


def test_rounding_a_relaxed_chain_is_wrong():
    """One centre for the units of two partners: half chained to each would break nothing, one chain breaks the lesser half."""
    p = problem(
        unit=np.array([0, 1]), centre=np.array([0, 0]), minutes=np.array([5.0, 5.0]), beyond=np.zeros(2, bool),
        capacity=np.array([np.inf]), to_hospital=np.array([[5.0, 5.0]]),
    )  # fmt: skip
    solution = solve_chains(p)
    assert solution.reached[2].value == pytest.approx(1.0) and solution.chain.tolist() == [0]


def test_the_second_goal_changes_the_answer():
    """Both centres have room; that one of them is beyond the standard decides, though it is nearer to the hospital."""
    p = problem(capacity=np.array([np.inf, np.inf]), beyond=np.array([True, False, True, False]))
    assert solve_chains(p).share.tolist() == pytest.approx([0, 1, 0, 1], abs=1e-4)
    assert solve_chains(
        replace(p, beyond=np.zeros(4, bool), manager=np.array([-1, -1]))
    ).share.tolist() == pytest.approx([1, 0, 0, 1], abs=1e-4)


def test_the_largest_share_of_first_contacts_is_what_fits():
    """Six visits at 50 %; capacity is 3 and 2.4: at most 5.4 ÷ 12 = 45 %."""
    p = problem(capacity=np.array([3.0, 2.4]))
    share, full = largest_first_contact(p, 0.5)
    assert share == pytest.approx(0.45) and full.tolist() == [True, True]
    assert largest_first_contact(problem(capacity=np.full(2, np.inf)), 0.5)[0] == pytest.approx(1.0)


CAPACITY = {"C1": 20_000.0, "C2": 30_000.0, "C3": float("nan"), "C4": float("nan")}
WITH = frame([*NAMES, "visits_capacity"], [(*row, CAPACITY[row[0]]) for row in INSTITUTIONS])


@pytest.fixture(scope="module")
def made():
    policy = plan().policy.with_rule(Referral())
    return gp.programme(
        replace(plan(), region=region(institutions=WITH), policy=policy), only=["posts", "chains"]
    )


def test_the_town_is_proven_and_passes_its_judge(made):
    part = made.part("chains")
    assert part.status == "optimal" and made.verify().kept
    assert part.goals[0].value > 0  # C1 cannot carry the whole of T1
    loads = part.tables["loads"].set_index("institution_id")
    assert loads.at["C1", "overflow"] > 0 and loads.at["C3", "capacity"] == ""
    contact = part.tables["first_contact"].set_index("district_id")
    assert contact.at["T1", "share"] < 0.65 and contact.at["T1", "binding"] == "C1"
    assert contact.at["T3", "share"] == 1.0


BREAKS = {
    "the chain leaves the district": ("institution_id", "C3"),
    "it is no primary institution": ("institution_id", "C4"),
    "minutes_1 is": ("minutes_1", 1.0),
    "minutes_2 is": ("minutes_2", 1.0),
    "that is not the partner of the unit": ("hospital_id", "H7"),
    "add up to": ("share", 0.5),
    "broken is not what custody says": ("broken", 3),
    "that hospital receives nobody": ("managed_id", "H1"),
    "unit X is not known": ("unit_id", "X"),
    "is chained to 2 district hospitals": ("managed_id", "other"),
}


@pytest.mark.parametrize("words", BREAKS)
def test_the_judge_names_a_row_changed_by_hand(made, words):
    column, value = BREAKS[words]
    part = made.part("chains")
    table = part.tables["chains"].astype({column: object})
    home = table["unit_id"].map(
        dict(zip(plan().region.units["unit_id"], plan().region.units["district_id"], strict=True))
    )
    at = int(np.flatnonzero(home == "T1")[0])
    other = {"D1": "D2", "D2": "D1"}.get(str(table.at[at, "managed_id"]), "")
    table.at[at, column] = other if value == "other" else value
    broken = replace(part, tables={**part.tables, "chains": table.infer_objects()})
    said = [(b.what.en, b.rows) for b in replace(made, parts=(made.part("posts"), broken)).verify().breaches]
    assert any(words in line and at + 2 in rows for line, rows in said), said


def test_the_page_and_explain_say_where_a_unit_goes(made):
    page = programme_report(made)
    assert "1+1+1 转诊链（分区）" in page and "甲社区卫生服务中心" in page
    unit = made.tables["chains"].iloc[0]["unit_id"]
    said = gp.explain(made, chain=unit)
    assert "first contacts a year" in str(said) and "→" in str(said) and "down the same way" in str(said)
    assert "循原路返回" in said.say("zh") and said.table["share"].sum() == pytest.approx(1, abs=1e-4)


def test_a_load_changed_by_hand_is_named(made):
    part = made.part("chains")
    loads = part.tables["loads"].assign(load=lambda t: t["load"] + 500)
    broken = replace(part, tables={**part.tables, "loads": loads})
    said = [b.what.en for b in replace(made, parts=(made.part("posts"), broken)).verify().breaches]
    assert any("loads.csv" in line for line in said)


def test_a_district_without_a_centre_is_told():
    few = WITH[WITH["district_id"] != "T2"].reset_index(drop=True)
    part = refer(replace(plan(), region=region(institutions=few)), Referral())
    told = [f for f in part.findings if f.code == "no-chain"]
    assert [f.id for f in told] == ["T2"] and "no primary institution" in told[0].what.en


def test_what_a_district_hospital_takes_decides_the_chain():
    """Both centres are nearer to the second hospital; it takes only what one of them sends."""
    p = problem(
        capacity=np.full(2, np.inf), manager=np.array([-1, -1]), to_hospital=np.array([[9.0, 5.0], [9.0, 4.0]]),
        takes=np.array([np.inf, 2.0]),
    )  # fmt: skip
    solution = solve_chains(p)
    assert solution.reached[0].value == 0 and sorted(solution.chain.tolist()) == [0, 1]
    assert solve_chains(replace(p, takes=np.full(2, np.inf))).chain.tolist() == [1, 1]


def test_beds_for_those_sent_down_are_room_too():
    """Half of the half that is sent up comes down again: four contacts need one bed place, and C0 has half of one."""
    p = problem(capacity=np.full(2, np.inf), beds=np.array([0.5, np.inf]))
    solution = solve_chains(p)
    load = np.bincount(p.centre, weights=p.visits[p.unit] * solution.share)
    assert solution.reached[0].value == pytest.approx(0) and load[0] == pytest.approx(2.0)


def test_tiers_and_the_third_way_are_judged(made):
    part = made.part("chains")
    tiers = part.tables["tier_loads"]
    assert set(tiers["tier"]) == {"district", "municipal", "down"}
    up = tiers[tiers["tier"] == "district"]["load"].sum()
    assert tiers[tiers["tier"] == "municipal"]["load"].sum() == pytest.approx(0.12 * up, rel=1e-6)
    assert tiers[tiers["tier"] == "down"]["load"].sum() == pytest.approx(0.053 * up, rel=1e-6)
    assert {"capacity-not-stated", "no-office"} <= {f.code for f in part.findings}
    for name, column, words in (
        ("tier_loads", "load", "tier_loads.csv"),
        ("chains", "minutes_3", "minutes_3 is"),
    ):
        table = part.tables[name].copy()
        table.at[0, column] = 9e5
        broken = replace(part, tables={**part.tables, name: table})
        said = [b.what.en for b in replace(made, parts=(made.part("posts"), broken)).verify().breaches]
        assert any(words in line for line in said), said


def test_a_click_on_a_unit_draws_its_three_places(made, browser, tmp_path):
    page = tmp_path / "map.html"
    page.write_text(gp.draw(made).html, encoding="utf-8")
    browser.open(page)
    said = browser.driver.execute_script("""
        const board = Object.values(window).find((one) => one instanceof L.Map);
        board.addLayer(chains);
        const unit = chains.getLayers().find((one) => one.options.radius === 3 && one.options.fillOpacity === 1);
        unit.openPopup();
        const drawn = way.getLayers().length, words = document.querySelector(".leaflet-popup-content").innerText;
        unit.closePopup();
        return [hung.chains.units.length, chains.getLayers().length, drawn, words, way.getLayers().length];
    """)
    units, layers, drawn, words, after = said
    chains = made.tables["chains"]
    assert units == chains["unit_id"].nunique() and after == 0
    assert layers == units + len(made.tables["loads"]) + 1 and drawn >= 3
    assert "首诊机构" in words and "partner above" in words and any(name in words for name in WITH["name"])
    assert browser.errors() == [] and browser.outside() == []


def test_room_of_later_tiers_counts_in_first_contacts():
    """In referrals the room left for rounding, divided by a small rate, hid the better of two chains from the last goal."""
    p = ChainsProblem(
        np.array([2.0, 3.0]), np.array([1, 0]), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 1.0, 1.0, 2.0]),
        np.array([False, True, False, False]), np.zeros(2), np.ones((2, 2)), np.array([1, -1]), 0.5, np.array([np.inf, 2.0]), 0.5,
        np.array([np.inf, 0.5]), np.zeros(4),
    )  # fmt: skip
    assert [one.value for one in solve_chains(p).reached] == pytest.approx(brute(p), abs=1e-4)
