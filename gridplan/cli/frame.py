"""The door's frame: the application, options that several commands share, exit codes, refusals, progress."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

import gridplan as gp
from gridplan.cli.help import UNFOLDED, Commands
from gridplan.cli.output import OutputLostError
from gridplan.words.progress import Progress, Step, silent
from gridplan.words.text import Language, Shown, Text, preferred_language

SMALL_REGION = 5_000_000  # bytes of a region's files
BROKEN, IMPOSSIBLE, UNSOLVED = 1, 3, 4

app = typer.Typer(
    name="gridplan",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": UNFOLDED},
    add_completion=False,
    rich_markup_mode=None,
    cls=Commands,
    pretty_exceptions_enable=False,
    help="Assign a city's residents to lead hospitals under policy caps, with a proof. "
    "为全市居民确定合作医院：满足政策上限，并证明方案的质量与最优性。",
    epilog="Exit codes: 0 fine, 1 errors in the data or a broken rule, 2 wrong use, 3 the policy cannot work "
    "here, 4 no plan in time or no solver. 退出码：0 正常，1 数据有误或违反规则，2 用法有误，3 政策在本地区无法实现，4 限时内无方案或没有求解器。",
)


def _version(asked: bool) -> None:
    if asked:
        print(f"gridplan {gp.__version__}")
        raise typer.Exit


@app.callback()
def any_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version. 显示版本号。"),
    ] = False,
) -> None:
    """Options that need no command."""


class Lang(StrEnum):
    """Languages of messages."""

    en = "en"
    zh = "zh"


class ShownLang(StrEnum):
    """Languages of messages and of what is written."""

    en = "en"
    zh = "zh"
    both = "both"


class EngineName(StrEnum):
    """Engines, by the words that plans print: "auto" takes the fastest one that is exact for each layer."""

    auto = "auto"
    highs = "highs"
    cbc = "cbc"
    p_median = "p_median"
    patterns = "patterns"
    capacitated = "capacitated"
    columns = "columns"
    connected = "connected"
    even = "even"
    grids = "grids"


class Gis(StrEnum):
    """Formats for a GIS."""

    gpkg = "gpkg"
    parquet = "parquet"
    none = "none"


RegionDir = Annotated[
    Path, typer.Argument(metavar="DIR", help="Region folder with region.toml. 地区文件夹。")
]
PolicyName = Annotated[
    str, typer.Option(help="A built-in profile or a .toml file. 内置政策名或 .toml 文件。")
]
LangOption = Annotated[
    Lang | None, typer.Option(help="Language of messages. 信息语言。", show_default="your system's 随系统")
]
ShownOption = Annotated[
    ShownLang | None,
    typer.Option(
        help="Language of messages and of all that is written. 信息及全部成果的语言。",
        show_default="both 双语",
    ),
]
CsvOption = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="CSV to write. 写出的 CSV。")]
TilesOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Background tiles: osm, tianditu, amap. 在线底图：osm、tianditu（天地图）、amap（高德）。",
    ),
]
TilesKeyOption = Annotated[
    str | None, typer.Option("--tiles-key", metavar="KEY", help="Key of the tile service. 底图服务的密钥。")
]
AssetsOption = Annotated[
    bool,
    typer.Option(
        "--assets", help="Scripts and styles beside the map, in assets/. 脚本与样式另存于 assets/ 文件夹。"
    ),
]
OutDir = Annotated[Path, typer.Argument(metavar="OUT", help="Plan folder. 方案文件夹。")]


def named(region: gp.Region, said: str, lang: Language) -> str:
    """What a command says of a region, districts and hospitals by the names of its language."""
    return region.in_english(said) if lang == "en" else said


def language(lang: Lang | ShownLang | None) -> Language:
    """The language of messages that is asked for, else the machine's."""
    if lang is None or lang is ShownLang.both:
        return preferred_language()
    return "zh" if lang.value == "zh" else "en"


def shown(lang: ShownLang | None) -> Shown:
    """The language of what is written: both, unless one is asked for."""
    return "both" if lang is None else lang.value


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """A file is there whole or not at all; its folder is made where it is missing."""
    from gridplan.files import whole

    with whole.told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    whole.write_whole(path, write)


@contextmanager
def plain_text(folder: Path) -> Iterator[None]:
    """The text of a small region's tables is kept as Python's own: Arrow's is quicker only from some ten thousand cells on."""
    import pandas as pd

    files = [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []
    if sum(file.stat().st_size for file in files) > SMALL_REGION:
        yield
        return
    with pd.option_context("mode.string_storage", "python"):
        yield


@contextmanager
def progress_bar(lang: Language, lines: bool = False) -> Iterator[Progress]:
    """A live line on a terminal, with value, bound and gap while solving; silence in a pipe.

    Parameters
    ----------
    lines : in a pipe, a line on stderr for each step that is no part of a solve, for commands that take a minute or more.
    """
    if not sys.stderr.isatty():
        yield _line(lang) if lines else silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda step: bar.update(task, description=step.line.say(lang))


def _line(lang: Language) -> Progress:
    def told(step: Step) -> None:
        if not step.seconds:
            print(step.line.say(lang), file=sys.stderr, flush=True)

    return told


@contextmanager
def refusals(lang: Language) -> Iterator[None]:
    """Every refusal is one clear message and an exit code that scripts can use; notes stand on stderr, in the same words."""
    log, notes = logging.getLogger("gridplan"), _Notes(lang)
    log.addHandler(notes)
    try:
        yield
    except gp.DataError as error:
        _stop(error, lang, BROKEN)
    except (gp.PolicyError, gp.InfeasibleError) as error:
        _stop(error, lang, IMPOSSIBLE)
    except gp.errors.SolveError as error:
        _stop(error, lang, UNSOLVED)
    except gp.GridplanError as error:
        _stop(error, lang, BROKEN)
    except (BrokenPipeError, OutputLostError):
        raise  # what is said, not a file: `| head` ends quietly, a full disk is told at the door
    except EOFError as fault:
        _stop(_cut_short(fault), lang, BROKEN)
    except OSError as fault:
        from gridplan.files.whole import not_used

        _stop(not_used(fault), lang, BROKEN)
    finally:
        log.removeHandler(notes)


def _cut_short(fault: EOFError) -> gp.DataError:
    """The error of a module that Python compiled while the disk was full or sizes were limited: it keeps half of it."""
    known = [frame.f_locals.get("bytecode_path") for frame, _ in traceback.walk_tb(fault.__traceback__)]
    file = next((name for name in known if name), None)
    if file is None:
        raise fault
    return gp.DataError(
        Text(f"{file}, which Python keeps, is cut short", f"Python 的编译缓存 {file} 不完整"),
        Text(
            "delete it: Python makes it anew; the disk was full, or sizes were limited, when it was written",
            "请删除该文件，Python 会重新生成；写入时磁盘已满或文件大小受限",
        ),
    )


class _Notes(logging.Handler):
    """What the library says besides (`note`), in the language of the command."""

    def __init__(self, lang: Language) -> None:
        super().__init__()
        self.lang = lang

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg.say(self.lang) if isinstance(record.msg, Text) else record.getMessage()
        print(Text(f"note: {said}", f"说明：{said}").say(self.lang), file=sys.stderr)


def _stop(error: gp.GridplanError, lang: Language, code: int) -> NoReturn:
    print(f"{type(error).__name__}: {error.say(lang)}", file=sys.stderr)
    raise typer.Exit(code)


def told_by(english: Callable[[str], str]) -> AbstractContextManager[None]:
    """What is refused meanwhile is told by a region's English names (`words.errors.told_by`, loaded when it is used)."""
    from gridplan.words import errors

    return errors.told_by(english)
