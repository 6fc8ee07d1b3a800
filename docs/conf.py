"""The docs site: `make docs` writes it into out/docs. Sphinx reads the pages where they stand, so links work on both sides."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from site_parts import notebooks, pictures, reference  # noqa: E402 (needs the paths above)
from site_parts.both_languages import SearchBothLanguages  # noqa: E402

from gridplan import __version__  # noqa: E402

project = "gridplan"
copyright = "gridplan developers"
version = release = __version__
language = "en"
root_doc = "docs/index"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_nb"]
include_patterns = [
    "*.md",
    "docs/**.md",
    "docs/reference/*.rst",
    "notebooks/*.ipynb",
    "benchmarks/*.md",
    "gridplan/optimise/FORMULATION.md",
    "data/shanghai/**.md",
]
exclude_patterns = [".*", "out", "build", "dist", "wheelhouse", "tests", "*.egg-info", "**/__pycache__"]

# Markdown as the pages of the repository write it.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "off"  # they come executed, see `notebooks`
nb_ipywidgets_js: dict[str, Any] = {}  # else two scripts from the network
nb_merge_streams = True

# The reference, from the docstrings of the door.
autosummary_generate = False
numpydoc_show_class_members = False
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"

html_theme = "pydata_sphinx_theme"
html_title = "gridplan"
html_search_language = SearchBothLanguages.lang
html_copy_source = False
html_show_sourcelink = False
html_sidebars = {"docs/index": [], "docs/zh/index": []}
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "show_prev_next": False,
}


def _chinese(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: object) -> None:
    if page.startswith("docs/zh/"):
        context["language"] = "zh-CN"


def _front_door(app: Sphinx, error: Exception | None) -> None:
    if error is None:
        page = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=docs/index.html">'
        Path(app.outdir, "index.html").write_text(page, encoding="utf-8")


def _nothing_from_outside(app: Sphinx, error: Exception | None) -> None:
    """No page may ask the network: not for a script, a style, a font or a picture."""
    asks = re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
    )
    files = [file for kind in ("*.html", "*.css") for file in Path(app.outdir).rglob(kind)]
    asking = [str(file) for file in files if asks.search(file.read_text(encoding="utf-8"))]
    if error is None and asking:
        raise ExtensionError(f"pages that ask the network: {', '.join(asking)}")


def setup(app: Sphinx) -> None:
    """Execute notebooks, write the reference, draw the gallery; then Sphinx reads the pages."""
    app.connect("builder-inited", lambda app: reference.write(ROOT / "docs" / "reference"))
    app.connect("builder-inited", lambda app: notebooks.execute_stale())
    app.connect("builder-inited", lambda app: pictures.draw(Path(app.outdir) / "gallery"))
    app.connect("source-read", lambda app, name, source: notebooks.with_outputs(name, source))
    app.connect("html-page-context", _chinese)
    app.connect("build-finished", _front_door)
    app.connect("build-finished", _nothing_from_outside)
    app.add_search_language(SearchBothLanguages)
