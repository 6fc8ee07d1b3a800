"""The raw answer of a router to a table of times (OSRM, openrouteservice, Valhalla) → Sheet: rows of unit, hospital, minutes.

Such an answer has no ids, only the places it was asked for, in order and put on the road: they stand in the place of ids
until the units and hospitals are known (`gridplan.inputs.matching.places_of_router`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gridplan.inputs.formats.sheet import Remark, Sheet, text_frame
from gridplan.inputs.sheets.notes import FileFault
from gridplan.words.text import Text

AT = "router place"  # before the number and place of a source or destination
DECIMALS = 4  # of a minute


def is_answer(content: Any) -> bool:
    """Whether some JSON is the answer of a router."""
    return isinstance(content, dict) and bool({"durations", "distances", "sources_to_targets"} & set(content))


def refuse_refusal(path: Path, content: Any) -> None:
    """Say what a router, or a map service, said in the place of an answer.

    Raises
    ------
    FileFault : the content is its refusal (of OSRM, openrouteservice, Valhalla, Amap or Baidu).
    """
    if not isinstance(content, dict) or is_answer(content) or "features" in content or "objects" in content:
        return
    inner = content["error"] if isinstance(content.get("error"), dict) else content
    words = [
        inner[key]
        for key in ("code", "error_code", "error", "message", "info")
        if isinstance(inner.get(key), (str, int))
    ]
    if not words or not (inner is not content or {"error", "message", "info"} & set(content)):
        return
    if any(str(word).casefold() == "ok" for word in words):
        return  # an answer, but of another kind
    said = ": ".join(map(str, words))
    raise FileFault(
        "router-refused",
        Text(f"{path.name} holds no data but the refusal of a router or map service: {said}.",
             f"{path.name} 中没有数据，只有路由程序或地图服务的报错：{said}。"),
        Text("Put the request right, ask the router again, and save its answer in the place of this file.",
             "请改正请求后重新查询，并用结果替换该文件。"),
    )  # fmt: skip


def of_router(path: Path, content: dict[str, Any], encoding: str) -> Sheet:
    """The minutes of every source and destination; where there is no way, blank.

    Raises
    ------
    FileFault : it holds no times, or not the places they are of.
    """
    seconds = content.get("durations")
    if "sources_to_targets" in content:
        answer = content["sources_to_targets"]
        seconds = answer.get("durations") if isinstance(answer, dict) else _times(answer)
    ends = [_places(content[key]) for key in ("sources", "destinations", "targets") if key in content]
    if not isinstance(seconds, list) or len(ends) != 2 or not _fits(seconds, *map(len, ends)):
        raise FileFault(
            "unreadable-file",
            Text(f"{path.name} is the answer of a router without times or without the places they are of.",
                 f"{path.name} 是路由程序的结果，但缺少时间或对应的位置。"),
            Text("Ask for durations, and keep sources and destinations in the answer.", "请请求 durations，并保留 sources 与 destinations。"),
        )  # fmt: skip
    records = [
        [here, there, "" if time is None else f"{round(float(time) / 60, DECIMALS):g}"]
        for here, row in zip(ends[0], seconds, strict=True)
        for there, time in zip(ends[1], row, strict=True)
    ]
    remark = Remark(
        "router-answer",
        Text(
            f"{path.name} is the answer of a router, {len(ends[0])} × {len(ends[1])}, in seconds; it is read in minutes.",
            f"{path.name} 为路由程序的结果（{len(ends[0])} × {len(ends[1])}，以秒计），已换算为分钟读取。",
        ),
        Text(
            "Right if units were its sources and hospitals its destinations.",
            "如起点为单元、终点为医院则无误。",
        ),
    )
    frame = text_frame(["unit_id", "hospital_id", "minutes"], records)
    return Sheet(path.name, frame, list(range(2, len(records) + 2)), encoding=encoding, remarks=(remark,))


def _times(rows: Any) -> Any:
    """Valhalla's answer, a list of cells with `time`, as rows of seconds."""
    try:
        return [[cell["time"] for cell in row] for row in rows]
    except (KeyError, TypeError):
        return None


def _fits(seconds: list[Any], sources: int, targets: int) -> bool:
    number = (int, float, type(None))
    return len(seconds) == sources > 0 and all(
        isinstance(row, list) and len(row) == targets and all(isinstance(cell, number) for cell in row)
        for row in seconds
    )


def _places(said: Any) -> list[str]:
    """Each place as its number and where it is; none where it does not say where."""
    found = []
    for number, one in enumerate(said[0] if said and isinstance(said[0], list) else said or (), 1):
        at = one.get("location", (one.get("lon"), one.get("lat"))) if isinstance(one, dict) else (None, None)
        if len(at) != 2 or not all(isinstance(degree, (int, float)) for degree in at):
            return []
        found.append(f"{AT} {number}: {at[0]:.7f},{at[1]:.7f}")
    return found
