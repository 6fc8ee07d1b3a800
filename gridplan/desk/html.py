"""Tags, put together so that no text from the data can become markup: whatever is not `Html` is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gridplan.words.html import shown

EMPTY = frozenset({"input", "br", "link", "meta"})


class Html(str):
    """Markup that is whole already."""

    __slots__ = ()


def tag(name: str, /, *inside: object, **attributes: object) -> Html:
    """An element. `class_`, `for_`: the attributes of those names; `aria_label`: aria-label; True: without a value."""
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in EMPTY:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{together(inside)}</{name}>")


def together(parts: Iterable[object]) -> Html:
    """Parts one after the other; None and False are nothing."""
    return Html("".join(_part(part) for part in parts))


def _part(part: object) -> str:
    if part is None or part is False:
        return ""
    return part if isinstance(part, Html) else shown(str(part))


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'


def plain(text: str) -> Html:
    """Text where no tag may stand: in a text area, an option, a title."""
    return Html(escape(text))


def table(headings: Iterable[object], rows: Iterable[Iterable[object]], caption: str) -> Html:
    """A table that scrolls in its own box where the screen is narrow."""
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in headings)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    inside = tag("table", tag("caption", caption), head, body)
    return tag("div", inside, class_="wide", tabindex="0", role="region", aria_label=caption)
