"""What a step is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gridplan.desk.html import Html
from gridplan.words.text import Language


@dataclass(frozen=True)
class Asked:
    """A request that has passed the door.

    Parameters
    ----------
    lang : the language of the page, from its address.
    rest : what stands in the address after the step.
    form : name → values, of a form that was sent.
    """

    lang: Language
    rest: tuple[str, ...] = ()
    form: Mapping[str, list[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """A field of the form, "" where it was not sent."""
        return self.form.get(name, [""])[0]


@dataclass(frozen=True)
class Shown:
    """A page of a step: its heading and what stands below it."""

    title: str
    inside: Html


@dataclass(frozen=True)
class Go:
    """Look at another step."""

    step: str


@dataclass(frozen=True)
class Data:
    """JSON for the page's own script."""

    value: Mapping[str, object]


@dataclass(frozen=True)
class Sent:
    """A file: to be opened as a page of its own, or downloaded under a name; `gone` where it is deleted once it is sent."""

    path: Path
    name: str
    page: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Missing:
    """There is nothing at that address."""


Answer = Shown | Go | Data | Sent | Missing
