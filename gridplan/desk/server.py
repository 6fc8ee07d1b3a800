"""The desk's server: this machine alone, one address that nobody can guess, and nothing that another page can ask.

A request passes when it names this host and port, comes from no other origin, and knows the token; whatever changes
something must moreover say that it comes from here.
"""

from __future__ import annotations

import json
import secrets
import shutil
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from gridplan.desk.answer import Answer, Asked, Data, Go, Sent, Shown
from gridplan.desk.page import page
from gridplan.desk.state import State
from gridplan.desk.steps import MOST_FORM, STEPS, act, furthest, look, present, stop_all
from gridplan.desk.uploads import Body, take
from gridplan.intake.look import LARGEST
from gridplan.words.errors import GridplanError
from gridplan.words.text import LANGUAGES, Language, Text

HOST = "127.0.0.1"
MOST_FIELDS = 5000
SECONDS = 30.0  # that a silent client is waited for
ASSETS = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}
CLOSED = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page of the plan folder has a policy of its own inside; here it gets an origin of its own, from which it reaches nothing.
# The page for the meeting stands in a frame of the desk: it can send words there, and the desk shows them before it acts.
APART = "sandbox allow-scripts allow-downloads allow-modals; frame-ancestors 'self'"
REFUSED = Text(
    "Refused. Open the address that gridplan desk printed.", "已拒绝。请打开 gridplan desk 显示的网址。"
)


class DeskServer(ThreadingHTTPServer):
    """The desk of one folder. `address` is where it is; nobody can guess it."""

    daemon_threads = True

    def __init__(self, folder: Path, lang: Language, port: int = 0) -> None:
        self.state, self.lang = State(folder), lang
        self.state.clear()
        self.token = secrets.token_urlsafe(32)
        self.turn = threading.RLock()  # one at a time reads or changes the folder
        super().__init__((HOST, port), Handler)

    def server_bind(self) -> None:
        """As the library does, without asking a name server who this machine is."""
        super(HTTPServer, self).server_bind()
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def address(self) -> str:
        """Where the desk is, with its token."""
        return f"http://{HOST}:{self.server_port}/{self.token}/{self.lang}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser may call this server."""
        return tuple(f"{name}:{self.server_port}" for name in (HOST, "localhost"))

    def close(self) -> None:
        """End what runs, and let the port go."""
        stop_all(self.state)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: DeskServer
    server_version, sys_version = "gridplan", ""
    timeout = SECONDS

    def do_GET(self) -> None:
        self._answered(False)

    def do_POST(self) -> None:
        self._answered(True)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the token stands in every address."""

    def _answered(self, changes: bool) -> None:
        parts = [unquote(part) for part in urlsplit(self.path).path.split("/")[1:]]
        if not self._may(parts[0], changes):
            return self._refuse(HTTPStatus.FORBIDDEN)
        if any(part in (".", "..") or "/" in part or "\\" in part or "\0" in part for part in parts):
            return self._refuse(HTTPStatus.BAD_REQUEST)
        if parts[1:2] == ["static"] and not changes:
            return self._asset(parts[2:])
        if len(parts) < 2 or parts[1] not in LANGUAGES:
            return self._go(self.server.lang, "")
        lang: Language = "zh" if parts[1] == "zh" else "en"
        step, rest = (parts[2] if len(parts) > 2 else ""), tuple(parts[3:])
        if changes:
            return self._upload(lang) if step == "upload" else self._form(lang, step)
        with self.server.turn:
            if step not in present(self.server.state):
                return self._go(lang, furthest(self.server.state)) if not step else self._missing()
            return self._send(look(self.server.state, step, Asked(lang, rest)), lang, step)

    def _may(self, token: str, changes: bool) -> bool:
        """Host, origin and token; all three, whatever is asked."""
        hosts, origins = self.headers.get_all("Host", []), self.headers.get_all("Origin", [])
        if len(hosts) != 1 or hosts[0] not in self.server.hosts:
            return False
        if any(origin != f"http://{hosts[0]}" for origin in origins) or (changes and len(origins) != 1):
            return False
        if changes and self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        return secrets.compare_digest(token.encode(), self.server.token.encode())

    def _length(self, most: int) -> int | None:
        """The length of what is sent; None where it was refused, unread."""
        said = self.headers.get("Content-Length", "")
        if self.headers.get("Transfer-Encoding") or not (said.isascii() and said.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return None
        if len(said) > 15 or int(said) > most:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        return int(said)

    def _upload(self, lang: Language) -> None:
        size = self._length(LARGEST)
        if size is None:
            return
        name = parse_qs(urlsplit(self.path).query, max_num_fields=5).get("name", [""])[0]
        body = Body(self.rfile, size)
        try:
            with self.server.turn:
                take(self.server.state, name, body)
        except GridplanError as error:
            body.drain()
            self._bytes(
                HTTPStatus.UNPROCESSABLE_ENTITY, error.say(lang).encode(), "text/plain; charset=utf-8"
            )
            return
        self._bytes(HTTPStatus.NO_CONTENT, b"", "")

    def _form(self, lang: Language, step: str) -> None:
        """A form is sent to its own page, so that the page may come back in its place: `policy?do=save`."""
        size = self._length(STEPS[step].most if step in STEPS else MOST_FORM)
        if size is None:
            return None
        sent = self.rfile.read(size).decode("utf-8", "replace")
        try:
            form = parse_qs(sent, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:  # more fields than any form has
            return self._refuse(HTTPStatus.BAD_REQUEST)
        with self.server.turn:
            if step not in present(self.server.state):
                return self._missing()
            do = tuple(parse_qs(urlsplit(self.path).query, max_num_fields=5).get("do", ()))
            return self._send(act(self.server.state, step, Asked(lang, do, form)), lang, step)

    def _send(self, answer: Answer, lang: Language, step: str) -> None:
        if isinstance(answer, Go):
            self._go(lang, answer.step)
        elif isinstance(answer, Data):
            self._bytes(HTTPStatus.OK, json.dumps(answer.value).encode(), "application/json")
        elif isinstance(answer, Sent):
            self._file(answer)
        elif isinstance(answer, Shown):
            steps = [(name, STEPS[name].title.say(lang)) for name in present(self.server.state)]
            text = page(answer, lang, f"/{self.server.token}", steps, step, self.server.state.folder.name)
            self._bytes(HTTPStatus.OK, text.encode("utf-8", "replace"), "text/html; charset=utf-8")
        else:
            self._missing()

    def _go(self, lang: Language, step: str) -> None:
        where = f"/{self.server.token}/{lang}/{step}"
        self._bytes(HTTPStatus.SEE_OTHER, b"", "", {"Location": where})

    def _asset(self, rest: list[str]) -> None:
        if len(rest) != 1 or rest[0] not in ASSETS:
            return self._missing()
        data = (resources.files("gridplan.desk") / "assets" / rest[0]).read_bytes()
        return self._bytes(HTTPStatus.OK, data, ASSETS[rest[0]])

    def _file(self, sent: Sent) -> None:
        kind = "text/html; charset=utf-8" if sent.page else "application/octet-stream"
        how = "inline" if sent.page else "attachment"
        headers = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(sent.name, safe='')}"}
        try:
            with sent.path.open("rb") as stream:
                size = sent.path.stat().st_size
                self._head(
                    HTTPStatus.OK,
                    size,
                    kind,
                    {**headers, "Content-Security-Policy": APART, "X-Frame-Options": "SAMEORIGIN"},
                )
                shutil.copyfileobj(stream, self.wfile)
        finally:
            if sent.gone:
                sent.path.unlink(missing_ok=True)

    def _missing(self) -> None:
        self._bytes(HTTPStatus.NOT_FOUND, b"404", "text/plain; charset=utf-8")

    def _refuse(self, status: HTTPStatus) -> None:
        """One sentence that tells nothing of the desk; what was sent stays unread."""
        self.close_connection = True
        text = f"{REFUSED.en}\n{REFUSED.zh}\n"
        self._bytes(status, text.encode(), "text/plain; charset=utf-8")

    def _bytes(
        self, status: HTTPStatus, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self._head(status, len(body), kind, headers or {})
        self.wfile.write(body)

    def _head(self, status: HTTPStatus, size: int, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        named = {
            "Content-Length": str(size),
            "Content-Security-Policy": CLOSED,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            **({"Content-Type": kind} if kind else {}),
            **headers,
        }
        for name, value in named.items():
            self.send_header(name, value)
        self.end_headers()
