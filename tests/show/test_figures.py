"""Still pictures: what they draw is what the tables say; Chinese is seen; nothing global is changed."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text as Drawn

import gridplan as gp
from gridplan.plans.measures import people
from gridplan.show.figures import fonts
from tests.show.handmade import hostile_plan, plan_with_warning

POINTS = pd.DataFrame(
    {
        "travel": [100.0, 120.0, 180.0],
        "changes": [20, 12, 6],
        "travel_bound": [100.0, 110.0, 150.0],
        "label": ["a", "b", "$c$"],
    }
)


def words(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Drawn) if text.get_text()]


@pytest.mark.usefixtures("chinese")
def test_all_are_written_without_a_missing_sign(tmp_path: Path) -> None:
    """Matplotlib warns where a font lacks a sign, and a warning is an error here."""
    files = gp.figures(plan_with_warning(), tmp_path / "figures")
    names = ["load-general", "load-tcm", "map-general", "map-tcm", "travel"]
    assert [file.name for file in files] == [f"{name}.png" for name in names]
    for file in files:
        pixels = matplotlib.image.imread(file)
        assert pixels.shape[1] > 2000
        assert len(np.unique(pixels[::4, ::4, 0])) > 10


def test_the_map_has_its_title_hospitals_scale_and_north() -> None:
    plan = plan_with_warning()
    said = words(gp.pictures.map_figure(plan))
    assert any("小城" in text and "综合类结对" in text for text in said)
    assert any("proven optimal" in text for text in said)
    assert {"中区", "东区", "北县", "0", "北 N"} <= set(said)
    assert any(text.endswith((" km", " m")) for text in said)
    for hospital, served in people(plan).items():
        name = plan.region.hospitals.set_index("hospital_id").loc[hospital, "name"]
        assert f"{name}  {served:,}" in said


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    axes = gp.pictures.map_figure(plan_with_warning()).axes[0]
    bars = [patch for patch in axes.patches if type(patch).__name__ == "Rectangle"]
    length = sum(bar.get_width() for bar in bars)
    (said,) = [text.get_text() for text in axes.texts if text.get_text().endswith(" km")]
    assert length == pytest.approx(float(said.removesuffix(" km")) * 1000)
    west, east = axes.get_xlim()
    assert 0.05 < length / (east - west) < 0.3


def test_bars_are_the_residents_and_the_travel_times_add_up() -> None:
    plan = plan_with_warning()
    bars = gp.pictures.load_figure(plan).axes[0].patches
    assert sorted(bar.get_width() for bar in bars) == sorted(people(plan))
    for axes, result in zip(gp.pictures.travel_figure(plan).axes, plan.layers, strict=True):
        total = plan.assignment.loc[plan.assignment["layer"] == result.layer, "people"].sum()
        assert sum(bar.get_height() for bar in axes.patches) == total


def test_a_trade_off_shows_values_and_how_far_down_the_bounds_are() -> None:
    axes = gp.pictures.trade_off_figure(POINTS, "travel", "changes").axes[0]
    curve = axes.lines[0].get_xydata()
    assert curve.tolist() == [[100, 20], [120, 12], [180, 6]]
    (whiskers,) = [c for c in axes.collections if hasattr(c, "get_segments")]
    lengths = [float(abs(np.diff(segment[:, 0])[0])) for segment in whiskers.get_segments()]
    assert lengths == [0, 10, 30]
    assert "新建和撤销" in axes.get_ylabel()
    with pytest.raises(KeyError, match="no column 'equity'"):
        gp.pictures.trade_off_figure(POINTS, "travel", "equity")


def test_settings_are_the_users_before_and_after() -> None:
    before = dict(dict.items(matplotlib.rcParams))  # as they are: asking for one may choose a backend
    gp.pictures.map_figure(plan_with_warning())
    assert dict(dict.items(matplotlib.rcParams)) == before


def test_matplotlib_is_loaded_when_a_picture_is_drawn_and_not_before() -> None:
    """It takes a third of a second, and much longer where its list of fonts is made for the first time."""
    house = Path(gp.__file__).parent
    loading = {
        file.name
        for file in house.rglob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        if any(name in ast.unparse(node) for name in ("matplotlib", "figures.plots", "figures.access_plot"))
    }
    assert loading == {"plots.py", "fonts.py", "access_plot.py"}  # loaded when the first picture is drawn


def test_a_machine_without_chinese_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts.font_manager.fontManager, "ttflist", [])
    fonts.chinese_font.cache_clear()
    with pytest.warns(fonts.NoChineseFontWarning, match="Noto Sans CJK SC") as told:
        assert fonts.chinese_font() is None
    assert "未安装中文字体" in str(told[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fonts.chinese_font() is None
    fonts.chinese_font.cache_clear()


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    "text",
    ["$\\frac{1}{0}$", "${window.__ran=1}", "a $ b $ c_1^2", "<img src=x onerror=window.__ran=1>", "../../x"],
)
def test_names_are_drawn_as_they_are(text: str, tmp_path: Path) -> None:
    """A dollar would start a formula, and a formula that is none would break the picture."""
    figure = gp.pictures.load_figure(hostile_plan(text))
    figure.savefig(tmp_path / "load.png", dpi=40)
    gp.pictures.map_figure(hostile_plan(text)).savefig(tmp_path / "map.png", dpi=40)
    assert any(text.replace("$", r"\$") in said or text in said for said in words(figure))
