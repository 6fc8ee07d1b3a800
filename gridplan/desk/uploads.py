"""Files that are dropped in: a name that stays in the folder, a size that is bearable, no bombs; whole or not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

from gridplan.desk.state import HALF, POLICY, REPAIRED, State
from gridplan.files.whole import synced, told
from gridplan.inputs.formats.read_file import BOOKS, SUFFIXES, unread_hint
from gridplan.inputs.formats.read_workbook import refuse_bombs
from gridplan.inputs.read_settings import FILE
from gridplan.inputs.sheets.guard import guarded_reading
from gridplan.inputs.sheets.notes import FileFault
from gridplan.intake.look import OWN
from gridplan.words.errors import DataError
from gridplan.words.text import Text

SHAPES = (".shx", ".dbf", ".prj", ".cpg")  # what belongs to a .shp
TAKEN = (*SUFFIXES, *SHAPES)
MOST_NAME, MOST_FILES = 120, 200
BAD = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028-\u202e\u2066-\u2069]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
PIECE = 2**20


class Body:
    """What is sent, as long as it was said to be."""

    def __init__(self, stream: BufferedIOBase, size: int) -> None:
        self.stream, self.left = stream, size

    def pieces(self) -> Iterator[bytes]:
        """Piece by piece; `left` is not 0 afterwards where it broke off."""
        while self.left and (piece := self.stream.read(min(PIECE, self.left))):
            self.left -= len(piece)
            yield piece

    def drain(self) -> None:
        """Read what a refusal has left unread: a browser hears an answer only after it has sent all."""
        for _ in self.pieces():
            pass


def refuse_name(name: str) -> None:
    """Names that lead out of the folder, that some system cannot have, or of kinds that are not read.

    Raises
    ------
    DataError : it is one of them.
    """
    suffix = Path(name).suffix.casefold()
    if name.casefold() in (FILE, POLICY):
        raise DataError(
            Text(f"{name} is made here, step by step", f"{name} 由工作台逐步生成"),
            Text(
                "open the folder that holds it: gridplan desk FOLDER",
                "请直接打开其所在文件夹：gridplan desk 文件夹",
            ),
        )
    if (
        not name.strip(" .")
        or name != name.strip()
        or name.startswith((".", "~$"))
        or len(name) > MOST_NAME
        or BAD.search(name)
        or DEVICES.fullmatch(name)
        or name.casefold() in OWN
    ):
        raise DataError(
            Text(f"{name!r} is no name of a file that is taken here", f"{name!r} 不能用作文件名"),
            Text("rename it: letters, figures, spaces", "请改用由文字、字母、数字组成的名称"),
        )
    if suffix not in TAKEN:
        raise DataError(
            Text(f"{name}: files of this kind are not read", f"{name}：不支持这种文件"), unread_hint(suffix)
        )


def take(state: State, name: str, body: Body) -> None:
    """Write a file into the folder; a file of that name is replaced, and what was made of the files before is set aside.

    Raises
    ------
    DataError : its name, size or inside is refused, it breaks off, or the disk is full; the folder is as it was.
    """
    refuse_name(name)
    target, half = state.folder / name, state.folder / HALF
    known = target.is_file()
    if not known and len(state.files) >= MOST_FILES:
        raise DataError(
            Text(f"there are {MOST_FILES} files already", f"已有 {MOST_FILES} 个文件"),
            Text("take some away first", "请先移出一些"),
        )
    part = half / name
    with told(target):
        half.mkdir(exist_ok=True)
        try:
            with part.open("wb") as stream:
                for piece in body.pieces():
                    stream.write(piece)
            if body.left:
                raise DataError(
                    Text(f"{name} broke off on its way", f"{name} 上传中断"),
                    Text("send it again", "请重新上传"),
                )
            _refuse_inside(part)
            synced(part)
            if not known:
                state.set_aside(FILE)  # it is to be said anew which file is which table
            state.set_aside(REPAIRED)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
            half.rmdir()


def _refuse_inside(part: Path) -> None:
    if part.suffix.casefold() in BOOKS:
        try:
            with guarded_reading(part.name):
                refuse_bombs(part)
        except FileFault as fault:
            raise DataError(fault.what, fault.hint) from None
