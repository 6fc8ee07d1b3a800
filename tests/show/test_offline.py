"""A page that needs nothing from outside, and says so to the browser."""

from __future__ import annotations

import hashlib
import json
from importlib import resources

import folium
import pytest

from gridplan.show.map.draw_map import SCRIPTS
from gridplan.show.map.folium_map import NOT_NEEDED, folium_map, script_of
from gridplan.show.shared.offline import (
    NotSelfContainedError,
    asset,
    manifest,
    page,
    safe_json,
    things_from_outside,
    vendored,
)


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry["file"])
def test_vendored_files_are_what_the_manifest_says(entry) -> None:
    content = (resources.files("gridplan.show") / "assets" / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_nothing_vendored_can_end_its_own_script() -> None:
    scripts, _ = vendored(["leaflet", "leaflet_css"])
    assert all("</script" not in script.text and "<!--" not in script.text for script in scripts)


def test_all_that_folium_links_is_vendored_or_known_not_to_be_needed() -> None:
    script, linked = script_of(folium_map((30.0, 120.0), []))
    assert sorted(linked) == ["leaflet", "leaflet_css"] and "map_plan" in script
    assert len({*dict(folium.Map.default_js), *dict(folium.Map.default_css)} - NOT_NEEDED) == 2


def test_the_same_pairs_give_the_same_script() -> None:
    one, again = (
        script_of(folium_map((30.0, 120.0), [[[0, [120, 30], [121, 31]]], []]))[0] for _ in range(2)
    )
    assert one == again and "geo_json_pairs_0" in one


def test_a_link_that_is_not_vendored_is_refused_by_name() -> None:
    with pytest.raises(NotSelfContainedError, match="markercluster"):
        vendored(["leaflet", "markercluster"])


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="http://example/x.png">',
        '<link rel="stylesheet" href="//example/x.css">',
        '<img src="tiles/1.png">',
        "<style>@import 'x.css'</style>",
        "<style>p { background: url(x.png) }</style>",
        '<p style="background: url(https://example/x.png)">',
        '<form action="https://example/">',
        '<svg><image xlink:href="https://example/x.png"/></svg>',
        '<object data="https://example/x.swf"></object>',
    ],
)
def test_whatever_points_outside_is_refused(body: str) -> None:
    assert things_from_outside(body)
    with pytest.raises(NotSelfContainedError):
        page("title", body, styles=[])


@pytest.mark.parametrize("script", ["let a = 1</script><img src=x>", "</SCRIPT >"])
def test_a_script_that_would_end_itself_is_refused(script: str) -> None:
    with pytest.raises(NotSelfContainedError):
        page("title", "", styles=[], scripts=[script])


@pytest.mark.parametrize(
    "body",
    [
        '<a href="&#104;ttps://example">',
        "<a HREF = 'x'>",
        '<a href="data.html">',
        "<p style=background:url(x)>",
    ],
)
def test_an_address_in_disguise_is_found_too(body: str) -> None:
    assert things_from_outside(body)


def test_what_is_inside_the_page_is_not_refused() -> None:
    assert (
        things_from_outside(
            '<a href="#top">x</a><img src="data:image/gif;base64,R0"><style>a { fill: url(#x) }</style>'
        )
        == []
    )


def test_addresses_in_the_data_are_only_text() -> None:
    """A source may well be a web address, a name may look like a tag: neither is fetched, so neither is refused."""
    data = {"source": "https://example.org", "name": '<img src="https://example.org/x.png">'}
    html = page("title", "", styles=[], data=data)
    assert "<img" not in html


@pytest.mark.parametrize(
    "text", ["</script><script>1", "<!--<script>", "a\u2028b\u2029c", "&lt;", "{{ 7*7 }}", "\\u003c"]
)
def test_json_in_a_script_block_reads_back_and_ends_nothing(text: str) -> None:
    written = safe_json({"name": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"name": text}


def test_only_scripts_of_known_content_may_run() -> None:
    html = page("a </title><script>1</script>", "<p>", styles=["p {}"], scripts=["let a = 1"])
    assert "default-src 'none'" in html
    assert "unsafe-inline" not in html
    assert html.count("<script") == 1


@pytest.mark.parametrize("name", SCRIPTS)
def test_our_scripts_only_ever_set_text(name: str) -> None:
    script = asset(name)
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "DOMParser",
        "srcdoc",
    ):
        assert banned not in script


def test_every_vendored_package_is_named_in_the_licences(request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "THIRD_PARTY_LICENSES.md").read_text(encoding="utf-8").lower()
    for entry in manifest():
        assert f"{entry['package']} {entry['version']}" in text
        assert entry["file"] in text
        assert entry["licence"].lower() in text
