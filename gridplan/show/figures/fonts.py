"""A font with Chinese for matplotlib: the first installed of the usual families, for one figure at a time."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import matplotlib
from matplotlib import font_manager

from gridplan.words.text import Text

# On Linux, on Windows, on macOS; the last ones hold Chinese too, drawn as elsewhere in East Asia.
FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "SimHei", "DengXian",
    "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "Arial Unicode MS", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Droid Sans Fallback", "Noto Sans CJK TC", "Noto Sans CJK JP",
)  # fmt: skip
MISSING = Text(
    "no font with Chinese is installed, so Chinese in figures shows as boxes; install one of: " + ", ".join(FAMILIES[:6]),
    "未安装中文字体，图中汉字将显示为方框；请安装其中之一：" + "、".join(FAMILIES[:6]),
)  # fmt: skip


class NoChineseFontWarning(UserWarning):
    """No installed font has Chinese signs."""


@cache
def chinese_font() -> str | None:
    """The first family of FAMILIES that is installed; None, said once as a warning, where none is."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    found = next((family for family in FAMILIES if family in installed), None)
    if found is None:
        warnings.warn(f"{MISSING.en} {MISSING.zh}", NoChineseFontWarning, stacklevel=3)
    return found


@contextmanager
def chinese_type() -> Iterator[None]:
    """Matplotlib with that font while a figure is made; its settings are the user's own before and after."""
    family = chinese_font()
    families = [family] if family else ["sans-serif"]
    with matplotlib.rc_context({"font.family": families, "axes.unicode_minus": False}):
        yield
