"""The desk answers its own page on this machine, and nobody and nothing else."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import gridplan as gp
from gridplan.desk import scenarios_step
from gridplan.desk.server import MOST_FORM
from gridplan.desk.state import SCENARIOS, State
from gridplan.desk.table_step import keep
from gridplan.intake.look import LARGEST
from tests.desk.at_desk import Desk, Reply, open_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk") / "city"
    gp.write_region(gp.tiny_town(), folder)
    with open_desk(folder) as opened:
        yield opened


def files(desk: Desk) -> list[str]:
    return sorted(
        p.relative_to(desk.server.state.folder).as_posix() for p in desk.server.state.folder.rglob("*")
    )


def is_silent(reply: Reply, desk: Desk) -> bool:
    """Refused, without a word of what is here."""
    return reply.status == 403 and b"city" not in reply.body and desk.server.token.encode() not in reply.body


def test_it_listens_to_this_machine_alone(desk: Desk) -> None:
    assert desk.server.server_address[0] == "127.0.0.1"
    assert desk.get().status == 200


@pytest.mark.parametrize("token", ["", "x", "../", "A" * 43, "%00", "%C3%A9", "%FF"])
def test_without_the_token_nothing_is_told(token: str, desk: Desk) -> None:
    path = f"/{token}/en/files"
    assert is_silent(desk.ask("GET", path), desk)
    assert is_silent(desk.ask("POST", path + "/look", b"", {"Origin": f"http://{desk.host}"}), desk)


def test_two_desks_have_two_tokens(desk: Desk, tmp_path: Path) -> None:
    with open_desk(tmp_path) as other:
        assert len(other.server.token) >= 43
        assert is_silent(other.ask("GET", desk.base), desk)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "evil.example:{port}", "127.0.0.1.evil.example:{port}"])  # fmt: skip
def test_another_hosts_name_is_refused(host: str, desk: Desk) -> None:
    """A name that somebody else's name server leads to this machine (DNS rebinding) is not the desk's."""
    named = host.format(port=desk.server.server_port)
    assert is_silent(desk.ask("GET", desk.base, headers={"Host": named}), desk)


def test_localhost_is_this_machine_too(desk: Desk) -> None:
    reply = desk.ask("GET", desk.base + "files", headers={"Host": f"localhost:{desk.server.server_port}"})
    assert reply.status == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://{host}", "http://127.0.0.1", "http://localhost:{port}"])  # fmt: skip
def test_what_comes_from_another_origin_changes_nothing(origin: str | None, desk: Desk) -> None:
    before = files(desk)
    said = {} if origin is None else {"Origin": origin.format(host=desk.host, port=desk.server.server_port)}
    for path in ("upload?name=new.csv", "files?do=anew", "policy?do=choose", "plan?do=begin"):
        assert is_silent(desk.ask("POST", desk.base + path, b"profile=shanghai-2025", said), desk)
    assert files(desk) == before


def test_another_origin_does_not_read_either(desk: Desk) -> None:
    assert is_silent(desk.ask("GET", desk.base, headers={"Origin": "http://evil.example"}), desk)
    headers = {"Origin": f"http://{desk.host}", "Sec-Fetch-Site": "cross-site"}
    assert is_silent(desk.ask("POST", desk.base + "files?do=look", b"", headers), desk)


@pytest.mark.parametrize("path", ["../region.toml", "%2e%2e/region.toml", "..%2fregion.toml", "results/..%2f..%2fregion.toml", "static/../server.py",
                                  "static/%2e%2e%2fserver.py", "results/%2fetc%2fpasswd", "results/..%5cregion.toml", "static/desk.py", "results/x%00.csv"])  # fmt: skip
def test_paths_that_climb_lead_nowhere(path: str, desk: Desk) -> None:
    reply = desk.ask("GET", desk.base + path)
    assert reply.status in (400, 404)
    assert b"tiny" not in reply.body


@pytest.mark.parametrize("name", ["../out.csv", "/tmp/out.csv", "a/b.csv", "a\\b.csv", "", ".", "..", ".hidden.csv", "region.toml", "policy.toml", "Region.TOML",
                                  "x.py", "x.zip", "x.html", "x", "con.csv", "a\0.csv", "a\n.csv", "C:x.csv", "x" * 200 + ".csv", " .csv"])  # fmt: skip
def test_names_that_are_none_are_refused(name: str, desk: Desk) -> None:
    before = files(desk)
    assert desk.upload(name, b"a,b\n1,2\n").status == 422
    assert files(desk) == before


def workbook(*parts: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts:
            package.writestr(name, data)
    return made.getvalue()


def test_bombs_are_refused_before_they_go_off(desk: Desk) -> None:
    before = files(desk)
    bomb = workbook(("xl/workbook.xml", b"0" * (32 * 2**20)))
    entities = workbook(("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'))
    for body in (bomb, entities, b"PK\x03\x04 broken"):
        assert desk.upload("city.xlsx", body).status == 422
    assert "unpack" in desk.upload("city.xlsx", bomb).text
    assert files(desk) == before


def test_a_workbook_whose_packing_is_broken_is_refused_by_name(desk: Desk) -> None:
    before, whole = files(desk), workbook(("xl/workbook.xml", bytes(range(256)) * 9))
    at = whole.index(b"xl/workbook.xml") + len("xl/workbook.xml")
    reply = desk.upload("city.xlsx", whole[:at] + b"\xff" * 8 + whole[at + 8 :])
    assert reply.status == 422 and "city.xlsx cannot be read" in reply.text
    assert files(desk) == before


@pytest.mark.parametrize("pins", ["a." * 3000 + "b = 1", "x = " + "[" * 5000, "x = " + "9" * 6000, "x = "])
def test_pins_that_are_no_toml_are_refused_by_name(pins: str, tmp_path: Path) -> None:
    with pytest.raises(gp.DataError, match=r"mine\.toml: not valid TOML"):
        keep(State(tmp_path), "mine", "unit_id,hospital_id\n", pins)
    assert list(tmp_path.iterdir()) == []


def test_scenarios_in_an_office_encoding_are_shown(tmp_path: Path) -> None:
    gp.write_region(gp.tiny_town(), tmp_path)
    file = tmp_path / SCENARIOS / "scenarios.toml"
    file.parent.mkdir()
    file.write_bytes(
        '[scenario."多"]\ndescription = "人口增加"\npopulation = { all = 1.1 }\n'.encode("gb18030")
    )
    assert list(scenarios_step._tables(State(tmp_path))) == ["base", "多"]


def test_what_is_too_large_is_not_even_read(desk: Desk) -> None:
    origin = {"Origin": f"http://{desk.host}"}
    for length, path in (
        (LARGEST + 1, "upload?name=x.csv"),
        (MOST_FORM + 1, "policy?do=save"),
        (10**30, "files?do=look"),
    ):
        assert desk.ask("POST", desk.base + path, b"", origin | {"Content-Length": str(length)}).status == 413
    for said in (
        {"Content-Length": "-1"},
        {"Content-Length": "x"},
        {"Transfer-Encoding": "chunked"},
        {"Content-Length": "²"},
    ):
        sent = {name: value.encode("utf-8").decode("latin-1") for name, value in said.items()}
        assert desk.ask("POST", desk.base + "upload?name=x.csv", b"", origin | sent).status == 411
    many = "&".join(f"a{n}=1" for n in range(6000)).encode()
    assert desk.ask("POST", desk.base + "policy?do=save", many, origin).status == 400


def test_a_file_that_breaks_off_is_not_there(desk: Desk) -> None:
    before = files(desk)
    with socket.create_connection(("127.0.0.1", desk.server.server_port), timeout=30) as line:
        head = f"POST {desk.base}upload?name=half.csv HTTP/1.0\r\nHost: {desk.host}\r\nOrigin: http://{desk.host}\r\nContent-Length: 100\r\n\r\n"
        line.sendall(head.encode() + b"district,")
        line.shutdown(socket.SHUT_WR)
        assert b"broke off" in b"".join(iter(lambda: line.recv(4096), b""))
    assert files(desk) == before


def test_every_answer_is_closed_to_the_outside(desk: Desk) -> None:
    for path in ("files", "static/desk.js", "static/desk.css", "nothing"):
        headers = (
            desk.ask("GET", desk.base + path).headers
            if "static" not in path
            else desk.ask("GET", f"/{desk.server.token}/{path}").headers
        )
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    page = desk.get().text
    assert "<style" not in page and " style=" not in page and " on" + "click" not in page
    assert "http://" not in page and "https://" not in page


def test_other_ways_of_asking_are_none(desk: Desk) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert desk.ask(method, desk.base).status == 501
