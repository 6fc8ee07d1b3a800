"""Where a profile comes from: a built-in one or a file, its tables laid over those of the profile that it extends."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from gridplan.files.whole import why
from gridplan.inputs.sheets.encoding import decode
from gridplan.inputs.sheets.guard import refuse_large
from gridplan.inputs.sheets.notes import FileFault
from gridplan.inputs.sheets.read_toml import MOST_BYTES, parse_toml
from gridplan.policies.programme_rules import PROGRAMME_RULES
from gridplan.policies.rules import RULES
from gridplan.words.errors import PolicyError
from gridplan.words.text import Text, both


def profile_names() -> list[str]:
    """Names of the built-in profiles.

    Returns
    -------
    list[str]
        In alphabetical order.

    Examples
    --------
    >>> import gridplan as gp
    >>> "shanghai-2025" in gp.profile_names()
    True
    """
    folder = resources.files("gridplan.policies") / "profiles"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def load(name: str | Path, seen: tuple[str, ...] = ()) -> tuple[dict[str, Any], str, dict[str, str]]:
    """The tables of a profile with those of the profile it extends underneath, its file, and who wrote which key."""
    text, file, place = _text(name)
    try:
        data = parse_toml(text, file)
    except FileFault as fault:
        hint = Text("mend the line named, or start from a built-in profile", "请改正该行，或从内置方案改起")
        raise PolicyError(fault.what, hint) from None
    base = data.get("extends")
    if base is None:
        return data, file, origins_of(data, file)
    seen = (*seen, place)
    below, _, origins = load(_base(name, base, file, seen), seen)
    gone = ("extends", "name", "off", *switched_off(data))
    kept = {key: value for key, value in below.items() if key not in gone}
    return merged(kept, data), file, {**origins, **origins_of(data, file)}


def origins_of(data: Mapping[str, Any], file: str, above: str = "") -> dict[str, str]:
    """Each key that a file writes, tables within tables joined by dots → the file."""
    written: dict[str, str] = {}
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            written |= origins_of(value, file, f"{above}{key}.")
        else:
            written[f"{above}{key}"] = file
    return written


def switched_off(data: Mapping[str, Any]) -> list[str]:
    """The rules that a profile switches off of the one that it extends; nothing where that is no list."""
    off = data.get("off", [])
    return (
        [kind.key for kind in (*RULES, *PROGRAMME_RULES) if kind.key in off] if isinstance(off, list) else []
    )


def _base(name: str | Path, base: Any, file: str, seen: tuple[str, ...]) -> str | Path:
    """Which profile is extended: a file beside this one, else a built-in; never one that extends this one."""
    if _is_file(name):
        beside = Path(name).parent / (base if _is_file(base) else f"{base}.toml")
        looping = os.path.realpath(beside) in seen
        if (beside.is_file() or _is_file(base)) and not looping:
            return beside
        if looping and base not in profile_names():
            raise PolicyError(
                Text(
                    f"{file}: extends: {base!r} extends this file in turn",
                    f"{file}：extends：{base!r} 形成循环",
                ),
                Text("let the last one extend a built-in profile", "请让最后一个扩展内置方案"),
            )
    if base not in profile_names():
        what = Text(
            f"{file}: extends: no policy named {base!r}", f"{file}：extends：没有名为 {base!r} 的政策"
        )
        raise PolicyError(what, _near(str(base)))
    return str(base)


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are laid over tables, key by key; anything else is replaced."""
    out = dict(below)
    for key, value in above.items():
        old = out.get(key)
        out[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return out


def _is_file(name: Any) -> bool:
    return isinstance(name, Path) or str(name).lower().endswith(".toml")


def _text(name: str | Path) -> tuple[str, str, str]:
    """Text of a profile, its file name for messages, and where it is."""
    if _is_file(name):
        path = Path(name)
        try:
            refuse_large(path, MOST_BYTES)
            return decode(path.read_bytes(), path.name)[0], path.name, os.path.realpath(path)
        except FileFault as fault:
            raise PolicyError(fault.what, fault.hint) from None
        except (OSError, ValueError) as fault:  # a name that no file can have
            cause = why(fault) if isinstance(fault, OSError) else both(str(fault))
            raise PolicyError(
                Text(f"{path}: cannot be read: {cause.en}", f"{path}：无法读取：{cause.zh}"),
                Text("give the path of a TOML file", "请给出 TOML 文件的路径"),
            ) from None
    if name not in profile_names():
        raise PolicyError(Text(f"no policy named {name!r}", f"没有名为 {name!r} 的政策"), _near(str(name)))
    entry = resources.files("gridplan.policies") / "profiles" / f"{name}.toml"
    return entry.read_text(encoding="utf-8"), f"{name}.toml", str(name)


def _near(name: str) -> Text:
    """What may have been meant by a name that no profile has."""
    names = profile_names()
    near = difflib.get_close_matches(name, names, 1)
    if near:
        return Text(f"did you mean {near[0]}?", f"是否指 {near[0]}？")
    return Text(
        f"there are {', '.join(names)}, or give a .toml file",
        f"内置方案有 {'、'.join(names)}，或给出 .toml 文件",
    )
