"""District totals shared out: whole persons that add up, only when region.toml asks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs.folders import TOML, plain, put, town_folder

from gridplan.geography.reading import read
from gridplan.geography.sharing import share_out, share_people
from gridplan.inputs.sample import tiny_town
from gridplan.words.errors import DataError

TOWN = tiny_town()
WEIGHTS = st.lists(st.floats(0, 1e9), min_size=1, max_size=40).filter(lambda w: sum(w) > 0)


def without_people(*unit_ids):
    units = TOWN.units.copy()
    wanting = units["unit_id"].isin(unit_ids) if unit_ids else units["people"].notna()
    return TOWN.with_tables(units=units.assign(people=units["people"].mask(wanting)))


def totals(region):
    return dict(region.units.groupby("district_id")["people"].sum())


@given(st.integers(0, 10**8), WEIGHTS)
def test_shares_are_whole_add_up_and_are_within_one_of_exact(total, weights):
    shares = share_out(total, np.array(weights))
    assert shares.sum() == total and (shares >= 0).all() and (shares == shares.round()).all()
    assert (np.abs(shares - total * np.array(weights) / sum(weights)) <= 1 + 1e-6 * total / 1e3).all()


@given(st.integers(0, 10**6), WEIGHTS)
def test_a_unit_without_weight_gets_nobody(total, weights):
    assert share_out(total, np.array([*weights, 0.0]))[-1] == 0


@pytest.mark.parametrize("how", ["equal", "area", "column:people_65plus"])
def test_every_way_of_sharing_adds_up_to_the_district_totals(how):
    region = share_people(without_people(), how)
    assert totals(region) == totals(TOWN)
    assert region.people.startswith("modelled: ") and region.modelled and not region.findings


def test_units_keep_people_of_their_own():
    region = share_people(without_people("T1-02", "T1-03"), "equal")
    here = region.units.set_index("unit_id")["people"]
    assert here["T1-01"] == 9000 and here["T1-02"] == here["T1-03"] == 11000
    assert region.people == "modelled: equal shares of district totals (2 of 12 units)"


def test_nothing_to_share_leaves_the_region_as_given():
    assert share_people(TOWN, "equal").people == "given"


def test_points_are_weighed_by_the_ground_nearest_to_them():
    points = without_people().with_tables(units=without_people().units.assign(geometry=None))
    assert share_people(points, "area").units["people"].between(3000, 11000).all()


def test_own_people_beyond_the_total_are_an_error():
    units = TOWN.units.assign(people=TOWN.units["people"].where(TOWN.units["unit_id"] != "T1-01") * 10)
    (error,) = share_people(TOWN.with_tables(units=units), "equal").findings.errors
    assert error.code == "not-shared" and error.id == "T1" and "exceed" in error.what.en


def test_an_unknown_weight_is_named():
    region = without_people()
    weights = region.units["people_65plus"].where(region.units["unit_id"] != "T2-01")
    region = share_people(
        region.with_tables(units=region.units.assign(people_65plus=weights)), "column:people_65plus"
    )
    (error,) = region.findings.errors
    assert (error.code, error.id) == ("no-weight", "T2-01") and totals(region) == totals(TOWN)


def test_a_district_without_units_has_its_people_nowhere():
    region = TOWN.with_tables(units=without_people().units[:8])
    (error,) = share_people(region, "equal").findings.errors
    assert error.id == "T3" and "13,000" in error.what.en


def test_sharing_happens_only_when_region_toml_asks(tmp_path):
    units = plain("units").drop(columns="people").assign(楼面=[1, 2, 3, 4] * 3)
    folder = town_folder(tmp_path / "town")
    put(folder, "units.csv", units.to_csv(index=False))
    with pytest.raises(DataError, match="no column people"):
        read(folder)
    (folder / "region.toml").write_text(TOML + '[people]\nshare = "column:楼面"\n', encoding="utf-8")
    region = read(folder)
    assert totals(region) == totals(TOWN) and "楼面" not in region.units
    assert region.people == "modelled: shares by 楼面 of district totals" and "modelled" in repr(region)
    (folder / "region.toml").write_text(TOML + '[people]\nshare = "column:楼层"\n', encoding="utf-8")
    with pytest.raises(DataError, match="楼层"):
        read(folder)
