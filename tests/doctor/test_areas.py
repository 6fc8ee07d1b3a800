"""Polygons against the stated land area; folders that cannot be read."""

from gridplan.doctor.doctor import check
from gridplan.inputs.sample import tiny_town


def test_a_polygon_that_includes_water_is_said():
    town = tiny_town()
    districts = town.districts.copy()
    districts.loc[0, "area_km2"] *= 0.6
    districts.loc[1, "area_km2"] *= 1.05
    finding, *others = check(town.with_tables(districts=districts))
    assert not others
    assert (finding.code, finding.severity, finding.id) == (
        "areas-differ",
        "warning",
        districts["district_id"][0],
    )
    assert "107 km²" in finding.what.en and "+67%" in finding.what.en


def test_without_polygon_or_area_nothing_is_compared():
    town = tiny_town()
    districts = town.districts.copy()
    districts["area_km2"] = [50.0, float("nan"), 0.0]
    districts["geometry"] = [None, *districts.geometry[1:]]
    codes = {f.code for f in check(town.with_tables(districts=districts))}
    assert "areas-differ" not in codes


def test_a_folder_can_be_checked_even_where_it_cannot_be_read(tmp_path):
    assert [f.code for f in check(tmp_path / "nowhere")] == ["missing-folder"]
