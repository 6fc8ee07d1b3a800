"""A run that is watched: its process, the last thing it said, and how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gridplan.words.text import Text

LOST = Text("The run ended without a word; please run it again.", "运行意外结束，请重新运行。")


class Job:
    """A run of `gridplan.desk.worker`; its pipe is its leash: when the desk ends, however it ends, the run ends.

    Parameters
    ----------
    kind : the step that it belongs to: "plan", "scenarios" or "programme".
    said : what the worker is told besides.
    """

    def __init__(self, kind: str, *said: str | Path) -> None:
        self.kind = kind
        self.since = time.monotonic()
        self.last: Mapping[str, Any] = {}
        self.notes: list[Text] = []
        self.refused: Text | None = None
        self.asked_to_stop = self.done = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gridplan.desk.worker", kind, *map(str, said)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=os.name != "nt",  # Ctrl-C in the terminal is the desk's
        )
        self._watch = threading.Thread(target=self._listen, daemon=True)
        self._watch.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._watch.is_alive()

    @property
    def seconds(self) -> float:
        """How long it has been at work."""
        return time.monotonic() - self.since

    def stop(self) -> None:
        """Ask it to end the search with the best plan so far."""
        self.asked_to_stop = True
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it has just ended
            self._process.stdin.write("stop\n")
            self._process.stdin.flush()

    def end(self) -> None:
        """End it at once, and wait until it has gone."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._watch.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as said:
            for line in said:
                with suppress(ValueError):  # a solver's own chatter
                    self._take(json.loads(line))
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(OSError):  # what was written last has nobody who reads it
            self._process.stdin.close()
        if not self.done and self.refused is None:
            self.refused = LOST

    def _take(self, said: Any) -> None:
        kind, text = (
            (said.get("kind"), Text(said.get("en", ""), said.get("zh", "")))
            if isinstance(said, dict)
            else ("", LOST)
        )
        if kind == "step":
            self.last = said
        elif kind == "note":
            self.notes.append(text)
        elif kind == "refused":
            self.refused = text
        elif kind == "done":
            self.done = True
