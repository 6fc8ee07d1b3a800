"""Pages that need nothing from outside: vendored assets, a strict policy for content, and a check that both hold."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from importlib import resources
from typing import Any

from gridplan.plans.folder.mark import MARK
from gridplan.words.errors import GridplanError
from gridplan.words.text import Text, shown_now

BESIDE = "assets"  # the folder of what stands beside a page instead of inside it
LINKING = {"action", "background", "data", "formaction", "href", "poster", "src", "srcset", "xlink:href"}
_LINK = re.compile(  # an attribute that links, unless to a place in the page itself; a style with signs in disguise
    rf"\b(?:{'|'.join(sorted(LINKING))})\s*=(?!\"(?:#|data:)[^\"&]*\")|\bstyle\s*=(?!\"[^\"&\\]*\")",
    re.IGNORECASE,
)
LANG_TAGS = {"zh": "zh-CN", "en": "en", "both": "zh-CN"}
_CSS_URL = re.compile(r"url\(\s*['\"]?(?!#|data:)", re.IGNORECASE)


class NotSelfContainedError(GridplanError, RuntimeError):
    """A page would need something from outside; nothing is written."""


def asset(name: str) -> str:
    """The text of a file that ships with the package, with newlines as a browser sees them."""
    file = resources.files("gridplan.show") / "assets" / name
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def manifest() -> list[dict[str, str]]:
    """The vendored files: file, name (under which a page asks for it), package, version, licence, source, sha256."""
    files: list[dict[str, str]] = tomllib.loads(asset("manifest.toml"))["file"]
    return files


@dataclass(frozen=True)
class Asset:
    """A script or a style that is the same for every page, so that it may stand beside them.

    Its address has a hash of its text: pages of different versions of gridplan do not disturb each other.
    """

    name: str
    text: str

    @property
    def address(self) -> str:
        stem, dot, kind = self.name.rpartition(".")
        digest = hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:12]
        return f"{BESIDE}/{stem}.{digest}{dot}{kind}"


def own(name: str) -> Asset:
    """One of our own scripts or styles."""
    return Asset(name, asset(name))


def vendored(linked: Sequence[str]) -> tuple[list[Asset], list[Asset]]:
    """The scripts and styles of those names in the manifest, in their order.

    Raises
    ------
    NotSelfContainedError : one that is not shipped.
    """
    files = {entry["name"]: entry["file"] for entry in manifest()}
    unknown = [name for name in linked if name not in files]
    if unknown:
        raise NotSelfContainedError(
            Text(
                "The map links files that are not shipped with gridplan.",
                "地图引用了 gridplan 未附带的文件。",
            ),
            Text("Add them to show/assets and its manifest.", "请将其加入 show/assets 及清单。"),
            unknown,
        )
    names = [files[name] for name in linked]
    scripts = [Asset(name, _without_source_map(asset(name))) for name in names if name.endswith(".js")]
    return scripts, [Asset(name, _without_images(asset(name))) for name in names if name.endswith(".css")]


def _without_source_map(script: str) -> str:
    return re.sub(r"\n//# sourceMappingURL=.*$", "\n", script)


def _without_images(style: str) -> str:
    """Leaflet's own icons are not used; their files would be looked for beside the page."""
    return re.sub(r"url\(images/[^)]*\)", "none", style)


def safe_json(data: Any) -> str:
    """JSON that can stand in a script block: nothing in it ends the block or opens a tag."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def page(
    title: str,
    body: str,
    styles: Sequence[str | Asset],
    scripts: Sequence[str | Asset] = (),
    data: Any = None,
    lang: str | None = None,
    images: Sequence[str] = (),
    beside: bool = False,
    mark: str = "",
    solver: bool = False,
) -> str:
    """A whole HTML page that runs only these scripts and fetches nothing but the images it is told of.

    Parameters
    ----------
    title : text, escaped here.
    body : HTML, safe already.
    styles, scripts : ours or vendored, never from data; a content security policy allows these alone, by hash.
    data : goes into a JSON block with the id "data", where it is text to everybody.
    images : hosts that images may come from ("https://tile.example.org"); none for a page that fetches nothing.
    beside : whether assets are linked instead of written out. Browsers check no hashes of files opened from a disk,
        so the policy then allows scripts and styles from the page's own place.
    mark : of the plan that the page shows, see `mark_of`.
    solver : whether it may run WebAssembly, and a worker that it makes itself; neither may reach the network.

    Raises
    ------
    NotSelfContainedError : something in the page points outside.
    """
    linked = [one for one in (*styles, *scripts) if beside and isinstance(one, Asset)]
    inside = [one for one in scripts if one not in linked]
    block = "" if data is None else f'<script type="application/json" id="data">{safe_json(data)}</script>\n'
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_allowed(scripts, beside)}" + (" 'wasm-unsafe-eval'" if solver else ""),
            *(["worker-src blob:"] if solver else []),
            f"style-src {_allowed(styles, beside)}",
            " ".join(["img-src data:", *images]),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    before = "".join(
        [
            f'<!DOCTYPE html>\n<html lang="{lang or LANG_TAGS[shown_now()]}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta name="{MARK}" content="{escape(mark)}">\n' if mark else "",
            f"<title>{escape(title)}</title>\n",
            *(_style(style, beside) for style in styles),
            f"</head>\n<body>\n{body}\n",
        ]
    )
    written = [_script(script, beside) for script in scripts]
    # what stands in a script is no tag, as long as it does not end it; `safe_json` sees to the data
    tags = [_script("" if script in inside else script, beside) for script in scripts]
    outside = things_from_outside("".join([before, *tags]), {one.address for one in linked})
    outside += [one.lower()[-40:] for one in map(_text, inside) if "</script" in one.lower()]
    if outside:
        raise NotSelfContainedError(
            Text("The page would fetch things from outside.", "页面会从外部加载内容。"),
            Text("This is a fault of gridplan; please report it.", "这是 gridplan 的缺陷，请反馈。"),
            outside,
        )
    return "".join([before, block, *written, "</body>\n</html>\n"])


def _text(one: str | Asset) -> str:
    return one.text if isinstance(one, Asset) else one


def _style(style: str | Asset, beside: bool) -> str:
    if beside and isinstance(style, Asset):
        return f'<link rel="stylesheet" href="{style.address}">\n'
    return f"<style>{_text(style)}</style>\n"


def _script(script: str | Asset, beside: bool) -> str:
    if beside and isinstance(script, Asset):
        return f'<script src="{script.address}"></script>\n'
    return f"<script>{_text(script)}</script>\n"


def _allowed(texts: Sequence[str | Asset], beside: bool) -> str:
    """The scripts or styles that may run: those written out by hash, those beside by their place."""
    inside = [one for one in texts if not (beside and isinstance(one, Asset))]
    here = ["'self'", "file:"] if len(inside) < len(texts) else []
    return " ".join([*here, *_hashes([_text(one) for one in inside])]) or "'none'"


def _hashes(texts: Sequence[str]) -> list[str]:
    digests = [
        base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in texts
    ]
    return [f"'sha256-{digest}'" for digest in digests]


def things_from_outside(html: str, beside: Collection[str] = ()) -> list[str]:
    """Every address in a page's tags and styles that is neither inside the page itself nor one of those `beside` it."""
    if _surely_inside(html):
        return []
    finder = _Outside(beside)
    finder.feed(html)
    finder.close()
    return finder.found


def _surely_inside(html: str) -> bool:
    """Whether nothing in a text could be such an address, be it in a tag or not: then it need not be parsed."""
    return not _CSS_URL.search(html) and "@import" not in html.lower() and not _LINK.search(html)


class _Outside(HTMLParser):
    def __init__(self, beside: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.beside = beside
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        for name, value in attrs:
            if (
                name in LINKING
                and value
                and not value.startswith(("#", "data:"))
                and value not in self.beside
            ):
                self.found.append(f"<{tag} {name}={value}>")
            elif name == "style" and value:
                self._style(value)

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self._style(data)

    def _style(self, text: str) -> None:
        if "@import" in text.lower():
            self.found.append("@import")
        if _CSS_URL.search(text):
            self.found.append("url(…)")
