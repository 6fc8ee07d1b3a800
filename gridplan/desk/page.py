"""The frame around every step: heading, language, the way through the steps, and boxes for what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from gridplan.desk.answer import Shown
from gridplan.desk.html import Html, plain, tag, together
from gridplan.words.errors import GridplanError
from gridplan.words.text import Language, Text
from gridplan.words.version import VERSION

TITLE = Text("gridplan desk", "gridplan 工作台")
STEPS = Text("Steps", "步骤")
SKIP = Text("To the content", "跳到正文")
LOCAL = Text(
    "One user, this machine only. Nothing leaves it; all that you do lies in the folder.",
    "仅限本机、单人使用，数据不外传；全部结果都在该文件夹中。",
)
NO_SCRIPT = Text(
    "Files are dropped in and progress is shown by a script of this page; switch scripts on.",
    "上传文件和显示进度需要启用本页脚本。",
)


def page(
    shown: Shown, lang: Language, token: str, steps: Sequence[tuple[str, str]], now: str, folder: str
) -> str:
    """A whole page."""
    other: Language = "en" if lang == "zh" else "zh"
    language = tag(
        "a", "English" if other == "en" else "中文", href=f"{token}/{other}/{now}", class_="lang",
        lang="en" if other == "en" else "zh-CN", hreflang=other,
    )  # fmt: skip
    links = [
        tag(
            "li", tag("a", title, href=f"{token}/{lang}/{name}", aria_current="step" if name == now else None)
        )
        for name, title in steps
    ]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", plain(f"{shown.title} · {TITLE.say(lang)}")),
        tag("link", rel="stylesheet", href=f"{token}/static/desk.css"),
        tag("link", rel="icon", href="data:,"),
        tag("script", src=f"{token}/static/desk.js", defer=True),
    )
    header = tag(
        "header",
        tag("p", tag("strong", TITLE.say(lang)), " ", tag("span", folder, class_="folder")),
        language,
    )
    body = tag(
        "body",
        tag("a", SKIP.say(lang), href="#main", class_="skip"),
        header,
        tag("nav", tag("ol", *links), aria_label=STEPS.say(lang)),
        tag(
            "main",
            tag("h1", shown.title),
            tag("noscript", tag("p", NO_SCRIPT.say(lang))),
            shown.inside,
            id="main",
            tabindex="-1",
        ),
        tag("footer", tag("p", LOCAL.say(lang)), tag("p", f"gridplan {VERSION}")),
        data_base=f"{token}/{lang}/",
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="zh-CN" if lang == "zh" else "en")


def refusal(error: GridplanError, lang: Language) -> Html:
    """What was refused, in the words of the command line."""
    return tag("div", tag("p", error.say(lang), class_="lines"), class_="box bad", role="alert")


def form(action: str, *inside: object, button: Text, lang: Language, second: bool = False) -> Html:
    """A form with its button; `action` is beside the page."""
    press = tag("button", button.say(lang), type="submit", class_="second" if second else None)
    return tag("form", *inside, tag("p", press), method="post", action=action)


def boxed(*inside: object, kind: str = "") -> Html:
    """A box."""
    return tag("div", *inside, class_=f"box {kind}".strip())


def lines(parts: Sequence[object]) -> Html:
    """A list."""
    return tag("ul", *(tag("li", part) for part in parts)) if parts else together(())
