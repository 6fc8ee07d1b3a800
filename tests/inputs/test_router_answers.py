"""What routers answer, as it is: a table of times without ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gridplan as gp
from gridplan.words.errors import DataError

TOWN = gp.tiny_town()
KM = np.hypot(
    (TOWN.units["lon"].to_numpy()[:, None] - TOWN.hospitals["lon"].to_numpy()) * 96.3,
    (TOWN.units["lat"].to_numpy()[:, None] - TOWN.hospitals["lat"].to_numpy()) * 111.2,
)
SECONDS = (KM * 120 + 60).round(1)


def places(table: pd.DataFrame, moved: float = 0.0005) -> list[dict[str, Any]]:
    return [
        {"hint": "x", "distance": 55.1, "name": "", "location": [x + moved, y]}
        for x, y in zip(table["lon"], table["lat"], strict=True)
    ]


def answer(units: pd.DataFrame, hospitals: pd.DataFrame, seconds: Any) -> dict[str, Any]:
    return {"code": "Ok", "sources": places(units), "destinations": places(hospitals), "durations": seconds}


def read_with(folder: Path, content: Any) -> gp.Region:
    gp.write_region(TOWN, folder)
    (folder / "travel.csv").unlink(missing_ok=True)
    (folder / "travel.json").write_text(json.dumps(content), encoding="utf-8")
    return gp.read(folder)


def minutes_of(region: gp.Region) -> np.ndarray:
    assert region.travel is not None
    wide = region.travel.pivot(index="unit_id", columns="hospital_id", values="minutes")
    return wide.loc[TOWN.units["unit_id"], TOWN.hospitals["hospital_id"]].to_numpy()


def test_an_answer_of_osrm_is_a_table_of_minutes(tmp_path: Path) -> None:
    seconds = SECONDS.tolist()
    seconds[2][3] = None
    region = read_with(tmp_path / "town", answer(TOWN.units, TOWN.hospitals, seconds))
    expected = SECONDS / 60
    expected[2, 3] = np.nan
    assert np.allclose(minutes_of(region), expected, atol=1e-3, equal_nan=True)
    assert any("in seconds; it is read in minutes" in f.what.en for f in region.findings)
    assert not gp.check(region).errors
    assert gp.plan(region, gp.policy("shanghai-2025")).status == "optimal"


def test_in_another_order_places_are_found_where_they_lie(tmp_path: Path) -> None:
    order, some = [5, 0, 3, 1, 2, 4, 6, 11, 10, 9, 8, 7], [6, 2, 1]
    content = answer(TOWN.units.iloc[order], TOWN.hospitals.iloc[some], SECONDS[np.ix_(order, some)].tolist())
    region = read_with(tmp_path / "town", content)
    assert region.travel is not None and len(region.travel) == 36
    known = region.travel.set_index(["unit_id", "hospital_id"])["minutes"]
    for n, unit in enumerate(TOWN.units["unit_id"]):
        for h in some:
            assert known[unit, TOWN.hospitals["hospital_id"][h]] == pytest.approx(
                SECONDS[n, h] / 60, abs=1e-3
            )


def test_valhalla_says_the_same_otherwise(tmp_path: Path) -> None:
    ends = [
        [{"lon": x, "lat": y} for x, y in zip(t["lon"], t["lat"], strict=True)]
        for t in (TOWN.units, TOWN.hospitals)
    ]
    cells = [
        [{"time": t, "distance": 1.0, "from_index": i, "to_index": j} for j, t in enumerate(row)]
        for i, row in enumerate(SECONDS.tolist())
    ]
    region = read_with(
        tmp_path / "town", {"sources": [ends[0]], "targets": [ends[1]], "sources_to_targets": cells}
    )
    assert np.allclose(minutes_of(region), SECONDS / 60, atol=1e-3)


def test_the_way_back_is_one_error(tmp_path: Path) -> None:
    back = answer(TOWN.hospitals, TOWN.units, SECONDS.T.tolist())
    found = gp.check(read_with(tmp_path / "town", back)).errors
    assert [f.code for f in found] == ["router-way-back"] and "units as sources" in found[0].hint.en


def test_places_of_another_city_are_an_error(tmp_path: Path) -> None:
    content = answer(TOWN.units.assign(lon=TOWN.units["lon"] + 2), TOWN.hospitals, SECONDS.tolist())
    gp.write_region(TOWN, tmp_path / "town")
    (tmp_path / "town" / "travel.json").write_text(json.dumps(content), encoding="utf-8")
    errors = gp.check(tmp_path / "town").errors
    assert any(f.code == "router-place-unknown" and "12 of 12 places" in f.what.en for f in errors)


@pytest.mark.parametrize("lacking", ["durations", "sources"])
def test_an_answer_without_times_or_places_is_refused(tmp_path: Path, lacking: str) -> None:
    content = answer(TOWN.units, TOWN.hospitals, SECONDS.tolist()) | {"distances": []}
    del content[lacking]
    with pytest.raises(DataError) as refused:
        read_with(tmp_path / "town", content)
    assert "without times or without the places" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"code": "InvalidQuery", "message": "Query string malformed"}, "InvalidQuery: Query string malformed"),
        ({"error": {"code": 6004, "message": "Request exceeds the limit"}}, "6004: Request exceeds the limit"),
        ({"error_code": 154, "error": "Path distance exceeds the max", "status": "Bad Request"}, "154: Path distance"),
        ({"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}, "INVALID_USER_KEY"),
    ],
)  # fmt: skip
def test_the_refusal_of_a_router_is_told_in_its_words(
    tmp_path: Path, content: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataError) as refused:
        read_with(tmp_path / "town", content)
    assert "holds no data but the refusal" in str(refused.value) and said in str(refused.value)
