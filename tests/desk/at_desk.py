"""A desk that is open, asked as a browser would, or as one would who means harm."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from gridplan.desk.server import DeskServer
from gridplan.words.text import Language


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def words(self) -> str:
        """What a reader sees."""
        return " ".join(unescape(re.sub("<[^>]+>", " ", self.text)).split())


class Desk:
    """A server in a thread; `get` and `post` are a browser's, `ask` takes any headers."""

    server: DeskServer

    def __init__(self, address: str) -> None:
        found = urlsplit(address)
        self.host, self.port, self.base = found.netloc, found.port, found.path

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
        sent = dict(headers or {})
        if body is not None and not {"Content-Length", "Transfer-Encoding"} & set(sent):
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            line.putheader(name, value)
        line.endheaders(body)
        answer = line.getresponse()
        reply = Reply(answer.status, dict(answer.getheaders()), answer.read())
        line.close()
        return reply

    def get(self, step: str = "") -> Reply:
        """A page, the redirections followed."""
        reply = self.ask("GET", self.base + step)
        while reply.status == 303:
            reply = self.ask("GET", reply.headers["Location"])
        return reply

    def post(self, step: str, form: Mapping[str, object] | None = None) -> Reply:
        """A form sent, the redirections followed."""
        body = urlencode(form or {}, doseq=True).encode()
        reply = self.ask(
            "POST", self.base + step.replace("/", "?do="), body, {"Origin": f"http://{self.host}"}
        )
        return self.ask("GET", reply.headers["Location"]) if reply.status == 303 else reply

    def upload(self, name: str, body: bytes) -> Reply:
        return self.ask(
            "POST", f"{self.base}upload?name={quote(name)}", body, {"Origin": f"http://{self.host}"}
        )


@contextmanager
def open_desk(folder: Path, lang: Language = "en") -> Iterator[Desk]:
    server = DeskServer(folder, lang)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        desk = Desk(server.address)
        desk.server = server
        yield desk
    finally:
        server.shutdown()
        server.close()
        thread.join()
