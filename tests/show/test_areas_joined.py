"""Areas joined and simplified quickly are the areas that the slow way gives."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridplan.show.shared import areas as drawn


def cells(side: int, corners: int = 8) -> np.ndarray:
    """Squares of a lattice whose borders have corners in common, some of them drawn aside."""
    rng = np.random.default_rng(1)
    across = rng.uniform(-0.1, 0.1, (side + 1, side, corners))
    up = rng.uniform(-0.1, 0.1, (side, side + 1, corners))
    along = np.linspace(0, 1, corners + 2)[1:-1]

    def level(x: int, y: int) -> list[tuple[float, float]]:
        return [(x, y), *((x + t, y + d) for t, d in zip(along, across[y, x], strict=True)), (x + 1, y)]

    def upright(x: int, y: int) -> list[tuple[float, float]]:
        return [(x, y), *((x + d, y + t) for t, d in zip(along, up[y, x], strict=True)), (x, y + 1)]

    made = [
        shapely.Polygon([*level(x, y), *upright(x + 1, y), *level(x, y + 1)[::-1], *upright(x, y)[::-1]])
        for y in range(side)
        for x in range(side)
    ]
    return np.array(made, dtype=object)


KINDS = {
    "the same corners": lambda: cells(4),
    "a corner more on one side": lambda: np.array(
        [shapely.box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])], dtype=object
    ),
    "overlapping": lambda: np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)], dtype=object),
    "apart": lambda: np.array([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)], dtype=object),
    "one of them empty": lambda: np.array([shapely.box(0, 0, 1, 1), shapely.Polygon()], dtype=object),
}


@pytest.mark.parametrize("kind", KINDS)
def test_areas_are_joined_as_the_union_of_all(kind: str) -> None:
    shapes = KINDS[kind]()
    joined = drawn.joined_by(shapes, np.zeros(len(shapes), dtype=int))[0]
    truth = shapely.union_all(shapes)
    assert joined.is_valid and joined.symmetric_difference(truth).area <= 1e-9 * truth.area
    assert len(shapely.get_parts(joined)) == len(shapely.get_parts(truth))


def test_one_area_whose_border_is_not_its_neighbours_leaves_the_others_quick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the areas that do not fit are joined by working out crossings, and what does not fit is asked once for all labels."""
    shapes, labels = cells(12), np.repeat(np.arange(12) // 4, 12)
    shapes[30] = shapes[30].union(shapes[31].centroid.buffer(0.6))  # it lies on its neighbours
    truth = {label: shapely.union_all(shapes[labels == label]) for label in (0, 1, 2)}
    slow, edges, joined, asked = shapely.union_all, shapely.coverage_invalid_edges, [], []
    monkeypatch.setattr(shapely, "union_all", lambda some: (joined.append(len(some)), slow(some))[1])
    monkeypatch.setattr(shapely, "coverage_invalid_edges", lambda some: (asked.append(1), edges(some))[1])
    for label, area in drawn.joined_by(shapes, labels).items():
        assert area.is_valid and area.symmetric_difference(truth[label]).area <= 1e-9 * truth[label].area
    assert joined and max(joined) < 12 and len(asked) == 1


def test_areas_with_few_corners_are_drawn_as_they_are() -> None:
    shapes = cells(3)
    assert drawn._simplified(shapes, 2000) is shapes


def test_many_areas_are_simplified_by_a_tolerance_that_some_of_them_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within the vertices asked for, borders still in common, and in fewer passes over all of them."""
    shapes = np.array([shapely.transform(s, lambda xy: xy * 100) for s in cells(24)], dtype=object)
    whole, passes = shapely.coverage_simplify, []

    def noting(some: np.ndarray, tolerance: float) -> np.ndarray:
        passes.append(len(some))
        return whole(some, tolerance)

    monkeypatch.setattr(shapely, "coverage_simplify", noting)
    monkeypatch.setattr(drawn, "SAMPLED", 50)
    simple = drawn._simplified(shapes, 12 * len(shapes))
    assert shapely.get_num_coordinates(simple).sum() <= 12 * len(shapes)
    assert shapely.coverage_is_valid(simple)
    assert passes.count(len(shapes)) == 1 and len(passes) > 2
