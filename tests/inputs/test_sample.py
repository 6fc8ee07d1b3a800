"""tiny_town() is what its drawing says."""

import numpy as np
import pytest

from gridplan.inputs.sample import tiny_town


def test_the_squares_fill_their_districts():
    town = tiny_town()
    squares = town.units.dissolve("district_id").geometry
    for district, shape in zip(town.districts["district_id"], town.districts.geometry, strict=True):
        assert squares[district].symmetric_difference(shape).area == pytest.approx(0, abs=1e-12)


def test_the_people_of_a_district_are_those_of_its_units():
    town = tiny_town()
    sums = town.units.groupby("district_id")["people"].sum()
    assert dict(sums) == dict(zip(town.districts["district_id"], town.districts["people"], strict=True))


def test_every_unit_is_a_point_inside_its_square():
    town = tiny_town()
    assert town.units.bounds["minx"].lt(town.units["lon"]).all()
    bounds = town.units.bounds
    assert np.allclose((bounds["miny"] + bounds["maxy"]) / 2, town.units["lat"])


def test_two_towns_are_the_same_town():
    assert tiny_town().fingerprint == tiny_town().fingerprint
