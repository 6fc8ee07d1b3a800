"""The command for those who do not program: desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridplan.cli.frame import LangOption, app, language, refusals
from gridplan.cli.help import Command
from gridplan.words.text import Text


@app.command("desk", cls=Command)
def open_desk(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="[DIR]",
            help="Folder in which all is kept; made where it is missing. 保存全部内容的文件夹。",
        ),
    ] = Path("gridplan-desk"),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one. 端口，0 为自动选择。")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser. 在浏览器中打开。")
    ] = True,
    lang: LangOption = None,
) -> None:
    """Open a local page that leads from files to a plan, without code. 打开本机网页：从数据到方案，无需编程。"""
    say = language(lang)
    with refusals(say):
        from gridplan.desk.server import DeskServer
        from gridplan.files.whole import told

        with told(folder):
            folder.mkdir(parents=True, exist_ok=True)
        desk = DeskServer(folder.resolve(), say, port)
    try:
        print(Text("The desk is open at", "工作台网址").say(say))
        print(f"  {desk.address}", flush=True)
        kept = Text(f"Ctrl-C closes it; all is kept in {folder}", f"按 Ctrl-C 关闭；全部内容保存在 {folder}")
        print(kept.say(say), flush=True)
        if browser:
            import webbrowser  # asked for by nobody else

            webbrowser.open(desk.address)
        desk.serve_forever()
    except KeyboardInterrupt:
        print(Text("Closed.", "已关闭。").say(say))
    finally:
        desk.close()
