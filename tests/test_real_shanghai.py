"""The real Shanghai, messy as it was found, through the command line to a plan that another program confirms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from real_shanghai import CITY, REGION_TOML, write_real_shanghai
from recompute import DETOUR, PRICES, SPEEDS, City, gcj02_to_wgs84, haversine_km, read_city, read_table
from typer.testing import CliRunner

import gridplan as gp
from gridplan.cli import app
from gridplan.geography.sharing import share_people
from gridplan.geography.tessellate import unit_areas

DOCS = Path(__file__).parents[1] / "docs"
PEOPLE = 24_870_895
OUTPUTS = [
    "assignment.csv",
    "pairs.csv",
    "changes.csv",
    "findings.csv",
    "plan.json",
    "map.html",
    "plan.xlsx",
    "report.html",
]


@pytest.fixture(scope="module")
def folder(real_data, tmp_path_factory) -> Path:
    try:
        return write_real_shanghai(real_data, tmp_path_factory.mktemp("region"))
    except FileNotFoundError as missing:
        pytest.fail(f"GRIDPLAN_REAL_DATA is set, but there is no {missing}")


@pytest.fixture(scope="module")
def region(folder) -> gp.Region:
    return gp.read(folder)


@pytest.fixture(scope="module")
def out(folder, tmp_path_factory) -> Path:
    """The whole main job, as a planner starts it."""
    out = tmp_path_factory.mktemp("out") / "plan"
    run = CliRunner().invoke(app, ["plan", str(folder), "--policy", "shanghai-2025", "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert "proven optimal" in run.output
    assert "modelled" in run.output
    return out


@pytest.fixture(scope="module")
def plan(out) -> gp.Plan:
    return gp.open_plan(out)


@pytest.fixture(scope="module")
def assignment(out) -> pd.DataFrame:
    return read_table(out, "assignment")


@pytest.fixture(scope="module")
def raw(real_data, assignment) -> City:
    """The same city for the other program: raw files, its own datum conversion; people as the plan says."""
    towns = read_table(real_data / "shanghai", "towns_gcj02")
    towns = towns[(towns["level"] == "town") & towns["longitude"].notna()]
    at = [gcj02_to_wgs84(x, y) for x, y in zip(towns["longitude"], towns["latitude"], strict=True)]
    units = pd.DataFrame({"unit_id": towns["code"], "district_id": towns["adcode"]}).reset_index(drop=True)
    units["lon"], units["lat"] = np.array(at).T
    said = assignment[assignment["layer"] == "general"].set_index("unit_id")["people"]
    return read_city(CITY, units.assign(people=units["unit_id"].map(said)))


# Reading and checking


def test_it_reads_as_sixteen_districts_and_every_located_town(region) -> None:
    assert (len(region.districts), len(region.units)) == (16, 235 - 19)
    assert region.units["people"].sum() == region.districts["people"].sum() == PEOPLE
    assert region.districts["kind"].value_counts().to_dict() == {
        "central": 7,
        "suburban": 4,
        "outer_suburban": 5,
    }
    assert (region.hospitals["hospital_id"].nunique(), len(region.branches)) == (46 + 40, 73)
    assert region.modelled


def test_towns_are_where_the_other_program_puts_them(region, raw) -> None:
    both = region.units.merge(raw.units, on="unit_id", suffixes=("", "_raw"))
    assert len(both) == 216
    off = [
        haversine_km(u.lon, u.lat, u.lon_raw, u.lat_raw) * 1000
        for u in both[["lon", "lat", "lon_raw", "lat_raw"]].itertuples()
    ]
    assert max(off) < 0.5  # metres


def test_residents_are_shared_out_equally_in_whole_persons(region) -> None:
    shared = region.units.groupby("district_id")["people"].agg(["sum", "min", "max"])
    census = region.districts.set_index("district_id")["people"]
    assert (shared["sum"] == census).all()
    assert (shared["max"] - shared["min"] <= 1).all()
    assert (region.units["people"] % 1 == 0).all()


def test_equal_shares_are_nearer_to_the_towns_that_were_counted_than_shares_by_area(
    real_data, region
) -> None:
    """Two districts publish their towns: why share = "equal" (docs/real-city.md has the figures)."""
    counted = read_table(real_data / "shanghai", "subdistrict_census_2020_qingpu_yangpu")
    names = region.districts.set_index("district_id")["name"]
    known = region.units.assign(district=region.units["district_id"].map(names)).merge(
        counted, left_on=["district", "name"], right_on=["district", "subdistrict"]
    )
    assert known["district"].value_counts().to_dict() == {"青浦区": 11, "杨浦区": 11}

    def error(units: pd.DataFrame) -> pd.Series:
        """Persons that are in the wrong town, as a share of the district."""
        people = known["unit_id"].map(units.set_index("unit_id")["people"])
        off = (people - known["pop_2020"]).abs().groupby(known["district"]).sum()
        return off / known.groupby("district")["pop_2020"].sum()

    blank = region.with_tables(units=region.units.assign(people=np.nan))
    equal, by_area = error(region.units), error(share_people(blank, "area").units)
    assert equal.round(2).to_dict() == {"青浦区": 0.38, "杨浦区": 0.28}
    assert by_area.round(2).to_dict() == {"青浦区": 0.78, "杨浦区": 0.36}


def test_the_doctor_names_the_known_faults_and_no_error(folder) -> None:
    findings = gp.check(folder)
    assert not findings.errors, findings.errors.report()
    seen = findings.to_frame().groupby("code")["id"].agg(list)
    assert "crs-contradicts" in seen
    assert "left-aside" in seen
    assert len(seen["unit-left-out"]) == 19
    assert set(seen["areas-differ"]) == {"310113", "310115", "310116", "310120", "310151"}
    assert seen["island"] == ["310151"]
    assert {"B011", "B015", "B024"} <= set(seen["branch-without-location"])
    assert "B028" in seen["same-place"]
    assert not seen.index.str.contains("overlap|duplicate|outside").any()


def test_the_links_name_towns_and_are_read_by_their_codes(region) -> None:
    towns = region.units.set_index("unit_id")["name"]
    ends = [sorted([towns[link.from_unit], towns[link.to_unit]]) for link in region.links.itertuples()]
    assert sorted(ends) == sorted([["长兴镇", "高东镇"], ["长兴镇", "陈家镇"], ["横沙乡", "长兴镇"]])


def test_the_command_check_ends_with_zero(folder) -> None:
    run = CliRunner().invoke(app, ["check", str(folder), "--policy", "shanghai-2025"])
    assert run.exit_code == 0, run.output
    assert "CRS84" in run.output


def test_the_areas_of_towns_fill_each_district_without_overlap(region) -> None:
    crs = region.metric_crs
    areas = unit_areas(region.units, region.districts, crs)
    assert areas.is_valid.all()
    whole = region.districts.set_index("district_id").to_crs(crs)
    for district_id, cells in areas.to_crs(crs).groupby(region.units["district_id"]):
        district = whole.geometry[district_id]
        assert cells.area.sum() == pytest.approx(district.area, rel=1e-5)
        assert shapely.union_all(cells.to_numpy()).symmetric_difference(district).area < 1e-5 * district.area


# The plan


def test_the_plan_is_proven_optimal_for_all_sixteen_districts(plan) -> None:
    assert plan.status == "optimal"
    assert plan.gap <= 1e-6
    for layer in ("general", "tcm"):
        rows = plan.assignment[plan.assignment["layer"] == layer]
        assert rows["district_id"].nunique() == 16
        assert sorted(rows["unit_id"]) == sorted(plan.region.units["unit_id"])
        assert rows["people"].sum() == PEOPLE


def test_the_judge_keeps_it(plan, out) -> None:
    assert gp.verify(plan).kept
    assert CliRunner().invoke(app, ["verify", "--plan", str(out)]).exit_code == 0


def test_someone_who_knows_shanghai_finds_it_sensible(plan) -> None:
    pairs = plan.pairs_frame("general").groupby("district")["hospital"].agg(lambda names: " ".join(names))
    assert "中山医院" in pairs["青浦区"]
    assert "第六人民医院" in pairs["奉贤区"]
    assert "新华医院" in pairs["崇明区"]
    assert "第十人民医院" in pairs["崇明区"]
    assert "金山医院" in pairs["金山区"]
    assert "瑞金医院" in pairs["嘉定区"]


def test_a_plan_folder_is_whole_and_says_everywhere_that_residents_are_modelled(out) -> None:
    assert [name for name in OUTPUTS if not (out / name).stat().st_size] == []
    said = json.loads((out / "plan.json").read_text(encoding="utf-8"))["region"]
    assert said["people_modelled"] is True
    assert said["people_source"] == "modelled: equal shares of district totals"
    for name in ("map.html", "report.html"):
        page = (out / name).read_text(encoding="utf-8")
        assert "modelled" in page or "推算" in page, name
    cells = pd.read_excel(out / "plan.xlsx", sheet_name=None, header=None)
    assert any(
        sheet.astype(str).apply(lambda c: c.str.contains("modelled|推算")).any(axis=None)
        for sheet in cells.values()
    )


@pytest.mark.parametrize(
    ("profile", "grids", "mean"),
    [("zhejiang-2020", 55, 12.4), ("chengdu-2018", 40, 15.3), ("shanghai-2025-grids", 39, 16.9)],
)
def test_its_grids_are_proven_and_all_of_them_hang_together(region, profile, grids, mean) -> None:
    made = gp.plan(region, gp.policy(profile))
    rows = made.assignment[made.assignment["layer"] == "grid"]
    assert made.status == "optimal" and gp.verify(made).kept
    assert sorted(rows["unit_id"]) == sorted(region.units["unit_id"])
    leads = rows["hospital_id"].nunique()
    assert leads in (grids, grids + 1)  # two leads in one building cost the same: a tie
    assert (rows["people"] * rows["minutes"]).sum() / PEOPLE == pytest.approx(mean, abs=0.05)
    assert "loose-units" not in {finding.code for finding in made.findings}  # by the bridge and the ferry
    page = (DOCS / "real-city.md").read_text(encoding="utf-8")
    assert f"| `{profile}` | {grids} | {mean} min |" in page


# Another program


def test_minutes_priorities_and_caps_are_what_another_program_finds(raw, assignment, out) -> None:
    record = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    settings = record["travel"]["settings"]
    assert (settings["detour"], settings["speed_km_h"]) == (DETOUR, SPEEDS)
    assert tuple(record["policy"]["priority"]["prices"]) == PRICES
    pairs = read_table(out, "pairs")
    assert [raw.priority(p.district_id, p.hospital_id) for p in pairs.itertuples()] == list(pairs["priority"])
    counted = pairs[pairs["layer"] == "general"]
    assert counted["district_id"].value_counts().max() <= 2
    assert counted["hospital_id"].value_counts().max() <= 3
    for layer in ("general", "tcm"):
        rows = assignment[assignment["layer"] == layer].set_index("unit_id")
        mine = pd.DataFrame(
            raw.minutes(layer), raw.units["unit_id"], raw.candidates(layer)["hospital_id"]
        ).stack()
        asked = pd.MultiIndex.from_arrays([rows.index, rows["hospital_id"]])
        assert np.abs(mine[asked].to_numpy() - rows["minutes"].to_numpy()).max() < 0.002  # 1 m


@pytest.mark.parametrize("layer", ["general", "tcm"])
def test_no_choice_of_partners_is_better(raw, assignment, plan, layer) -> None:
    """By another route: every district lists all its choices of two, a small master picks one for each."""
    mine = raw.value(assignment, layer)
    assert plan.layer(layer).value == pytest.approx(mine, rel=1e-6)
    assert raw.optimum(layer) == pytest.approx([mine], rel=1e-6)


@pytest.mark.parametrize("layer", ["general", "tcm"])
def test_today_is_what_another_program_finds_and_the_page_says(raw, plan, layer) -> None:
    now, told = plan.today, raw.today(layer)
    table = now.districts_frame(layer).set_index("district_id")
    columns = ["partners", "people_without", "mean_minutes", "people_beyond"]
    for district, figures in told.items():
        assert tuple(table.loc[district, columns]) == pytest.approx(figures, abs=0.002, nan_ok=True), district
    served = table["people"] - table["people_without"]
    mean = (served * table["mean_minutes"].fillna(0)).sum() / served.sum()
    without = f"{(table['partners'] == 0).sum()} districts, {table['people_without'].sum():,}"
    row = f"| {table['partners'].sum()} | {mean:.1f} min | {table['people_beyond'].sum():,} | {without} |"
    assert row in (DOCS / "real-city.md").read_text(encoding="utf-8")


# The facts, and the page about all this


@pytest.mark.parametrize("name", ["hospitals", "branches"])
def test_facts_with_a_point_stand_where_the_point_of_that_name_stands(real_data, name) -> None:
    points = read_table(real_data / "shanghai", "hospitals_poi")
    assert len(points) == 7513
    facts = read_table(CITY, f"facts/shanghai_{name}").query("coord_source == 'poi'")
    assert len(facts) >= 30
    far = []
    for fact in facts.itertuples():
        named = points[points["name"] == fact.poi_name]
        metres = haversine_km(named["lon"], named["lat"], fact.lon, fact.lat) * 1000
        if not len(named) or metres.min() > 20:
            far.append((fact.Index, fact.poi_name, metres.min() if len(named) else None))
    assert far == []


def test_the_page_shows_the_region_toml_that_is_used() -> None:
    page = (DOCS / "real-city.md").read_text(encoding="utf-8")
    assert REGION_TOML.format(found="/data/found", sample="/gridplan/data/shanghai") in page
