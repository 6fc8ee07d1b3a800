"""Features read one by one, and shapes drawn from their coordinates, are those of the JSON as a whole."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridplan.inputs.formats import features as read

SQUARE = [[0, 0], [2, 0], [2, 2.5], [0, 0]]
HOLE = [[1, 0.5], [1.5, 0.5], [1.5, 1], [1, 0.5]]
SOUND: list[Any] = [
    {"type": "Polygon", "coordinates": [SQUARE]},
    {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
    {"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE, SQUARE]]},
    {"type": "MultiPolygon", "coordinates": [[HOLE]]},
    None,
]
ODD: list[Any] = [
    {"type": "Point", "coordinates": [1, 2]},
    {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
    {"type": "Polygon", "coordinates": [SQUARE[:2]]},
    {"type": "Polygon", "coordinates": [[[*corner, 7] for corner in SQUARE]]},
    {"type": "Polygon", "coordinates": [[["0", "0"], ["2", "0"], ["2", "2"], ["0", "0"]]]},
    {"type": "Polygon", "coordinates": [[[None, 0], [2, 0], [2, 2], [None, 0]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, float("nan")], [0, 0]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [2], [2, 2], [0, 0]]]},
    {"type": "Polygon", "coordinates": [[[True, 0], [2, 0], [2, 2], [True, 0]]]},
    {"type": "Polygon", "coordinates": [SQUARE, []]},
    {"type": "MultiPolygon", "coordinates": [[SQUARE], [[]]]},
    {"type": "Polygon", "coordinates": "abc"},
    {"type": "Polygon", "coordinates": None},
    {"type": "Polygon"},
    {"type": "MultiPolygon", "coordinates": []},
    {"type": "MultiPolygon", "coordinates": [[], [SQUARE]]},
    {"type": "GeometryCollection", "geometries": []},
    {"type": ["Polygon"]},
    {"coordinates": [SQUARE]},
    {},
    [],
    "POLYGON",
    5,
]
SOME = st.lists(st.sampled_from(SOUND) | st.sampled_from(ODD), max_size=6)


def as_geos_reads(geometries: list[Any]) -> list[bytes | None]:
    texts = [None if one is None else json.dumps(one) for one in geometries]
    shapes = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    return list(shapely.to_wkb(shapely.force_2d(shapes)))


def wkb(shapes: Any) -> list[bytes | None]:
    return list(shapely.to_wkb(np.asarray(shapes, dtype=object)))


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: json.dumps(odd)[:60])
def test_an_odd_geometry_is_what_geos_makes_of_it(odd: Any) -> None:
    assert wkb(read.drawn([odd])) == as_geos_reads([odd])
    assert wkb(read.drawn([*SOUND, odd])) == as_geos_reads([*SOUND, odd])


def test_sound_polygons_are_drawn_without_geos_reading_them(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = as_geos_reads(SOUND)
    monkeypatch.setattr(shapely, "from_geojson", None)
    assert wkb(read.drawn(SOUND)) == truth


@given(SOME, st.sampled_from([None, 1]), st.booleans())
def test_features_one_by_one_are_those_of_the_whole(some: list[Any], indent: int | None, first: bool) -> None:
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": g} for n, g in enumerate(some)]
    about = {"name": "units", "inside": {"features": "none"}}
    content = {"type": "FeatureCollection", **(about if first else {}), "features": features, "end": [1]}
    answer = read.one_by_one(json.dumps(content, indent=indent))
    if not some:  # an empty list is told by the ordinary way
        assert answer is None
        return
    assert answer is not None and list(answer) == list(content)
    assert [f["properties"] for f in answer["features"]] == [f["properties"] for f in features]
    assert wkb(read.drawn([f["geometry"] for f in answer["features"]])) == as_geos_reads(some)


@given(st.data())
def test_what_is_no_json_is_not_read_one_by_one(data: st.DataObject) -> None:
    features = [{"type": "Feature", "properties": {}, "geometry": g} for g in SOUND]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    at = data.draw(st.integers(0, len(text) - 1))
    broken = text[:at] + data.draw(st.sampled_from(["", "]", "[", ",", "}", "{", '"'])) + text[at + 1 :]
    try:
        json.loads(broken)
    except ValueError:
        assert read.one_by_one(broken) is None


@pytest.mark.parametrize(
    "content",
    [
        {"features": [{"attributes": {}}], "geometryType": "esriGeometryPolygon"},
        {"type": "Topology", "objects": {"features": [1]}},
        {"type": "FeatureCollection", "inside": {"features": [1]}, "features": []},
        {"type": "FeatureCollection", "inside": {"features": [1]}, "features": [None]},
        [{"features": [1]}],
    ],
)
def test_only_a_feature_collection_is_read_one_by_one(content: Any) -> None:
    assert read.one_by_one(json.dumps(content)) is None


def test_space_that_json_does_not_know_is_none() -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature"}, {"type": "Feature"}]})
    assert read.one_by_one(text) is not None
    assert read.one_by_one(text.replace("}, {", "},\u3000{")) is None


def test_batches_are_drawn_and_the_rest_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "BATCH", 2)
    features = [{"type": "Feature", "properties": {}, "geometry": SOUND[0]} for _ in range(5)]
    answer = read.one_by_one(json.dumps({"type": "FeatureCollection", "features": features}))
    assert answer is not None
    assert all(isinstance(f["geometry"], shapely.Polygon) for f in answer["features"])
