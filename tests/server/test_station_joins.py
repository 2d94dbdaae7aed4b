"""The station's own side of joining a server, against a real one: by a code, and by files."""

from __future__ import annotations

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from reprise.adapters.signing.jws import load_signer
from reprise.settings import load_settings
from server.enrolling import code_of, handed_in, look, sent, taken
from server.kit import Running, fresh, reprise, signed

pytestmark = pytest.mark.whole


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def station(stick: Path, *words: str) -> tuple[int, str, str]:
    done = reprise("--data", str(stick), "station", "enroll", *words)
    return done.returncode, done.stdout, done.stderr


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").lower().split())


def server_of(stick: Path) -> tuple[str, str, str]:
    text = (stick / "reprise.toml").read_text()
    settings, problems = load_settings([("reprise.toml", text)])
    assert problems == ()
    return settings.server.url, settings.server.key, settings.server.ca_file


def test_a_station_joins_and_delivers(
    desk: Running, browser: requests.Session, stick: Path
) -> None:
    (stick / "reprise.toml").write_text("# ours\n[station]\nname = 'Atelier'\n[server]\n# proxy\n")
    code = code_of(browser, desk)
    said = station(stick, desk.url, code.lower().replace("-", " "), "--yes")
    assert said[0] == 0, said
    assert "Organisation: " in said[1]
    assert "Server’s key: " in said[1]
    assert f", {desk.url}; there this station is “Atelier”" in said[1]
    key = desk.asked_by_a_stranger("/api/v1/server-key").json()
    assert server_of(stick) == (desk.url, key["x"], "")
    # what people compare is the same here, there, and on the stick later
    assert f"Server’s key: {key['kid']}\n" in said[1]
    assert f'key = "{key["x"]}"  # ' in (stick / "reprise.toml").read_text()
    assert f": {key['kid']}\n" in (stick / "reprise.toml").read_text()
    made = sent(browser, desk, "/stations/codes", data={"name": ""}).text
    assert f'id="enrolment-key">{key["kid"]}<' in made
    assert key["kid"] in desk.asked_by_a_stranger(f"/enrol/{code}").text
    assert (stick / "reprise.toml").read_text().startswith("# ours\n[station]\nname = 'Atelier'\n")
    signer = load_signer((stick / "station.key.pem").read_bytes(), "key")
    report = fresh()
    (stick / "outbox").mkdir()
    (stick / "outbox" / f"{report.report_id}.jws").write_bytes(signed(signer, report))
    sent_all = reprise("--data", str(stick), "outbox", "send")
    assert sent_all.returncode == 0, sent_all
    assert "Sent: 1" in sent_all.stdout
    again = station(stick, desk.url, code, "--yes")  # the same for the same
    assert (again[0], again[1].splitlines()[-1]) == (0, said[1].splitlines()[-1])


def test_the_link_of_the_qr_code_is_taken(
    desk: Running, browser: requests.Session, stick: Path
) -> None:
    code = code_of(browser, desk, "Bench 9")
    asked = station(stick, f"{desk.url}/enrol/{code}")
    assert asked[0] == 2  # nobody is there to ask
    assert "Add --yes" in asked[2]
    assert "Station: Bench 9" in asked[1]
    assert not (stick / "reprise.toml").exists()
    done = station(stick, f"{desk.url}/enrol/{code}", "--yes")
    assert done[0] == 0, done
    assert server_of(stick)[0] == desk.url


def test_what_is_wrong_is_told_and_nothing_is_changed(
    desk: Running, browser: requests.Session, stick: Path
) -> None:
    good = "BBBB-BBBB-BBBB-BBBB"
    cases = [
        ((desk.url, "BBBB-BBBB-BBBB-BBBC"), 2, "This is no code"),
        ((desk.url, "1234"), 2, "It has 16 letters, as in BCDF-GHJK-LNPR-STVN"),
        ((desk.url, good), 3, "The server knows no such code"),
        (("http://127.0.0.1:1", good), 4, "no server answers on it"),
        (("ftp://example.org", good), 2, "is not an address"),
        (("http://example.org", good), 2, "must begin with https://"),
        (("nowhere.invalid", good), 4, "name"),
        ((desk.url,), 2, "This is no code"),
        ((), 2, "No server is named"),
        (("", good), 2, "The value of URL is empty"),
    ]
    for words, code, told in cases:
        said = station(stick, *words, "--yes")
        assert (said[0], told.lower() in plain(said[2])) == (code, True), (words, said)
    assert len(cases) == 10
    assert not (stick / "reprise.toml").exists()


class NotOurs(BaseHTTPRequestHandler):
    status, body = 200, b"<html>log in</html>"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<html>log in</html>", "it is not a Reprise server"),
        (200, b'{"organisation": "x"}', "it is not a Reprise server"),
        (302, b"", "redirects to another page"),
        (500, b"oops", "reports an error"),
        (404, b'{"type": "/problems/not-found", "title": "x"}', "too old"),
        (422, b'{"type": "/problems/not-done", "title": "Un mot"}', "The server refuses: Un mot"),
    ],
)
def test_what_is_no_such_server_is_told(stick: Path, status: int, body: bytes, told: str) -> None:
    handler = type("Handler", (NotOurs,), {"status": status, "body": body})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            said = station(stick, url, "BBBB-BBBB-BBBB-BBBB", "--yes")
        finally:
            server.shutdown()
    assert said[0] in (3, 4)
    assert told.lower() in plain(said[2]), said
    assert not (stick / "reprise.toml").exists()


def test_settings_that_cannot_be_changed_end_before_the_code_is_used(
    desk: Running, browser: requests.Session, stick: Path
) -> None:
    code = code_of(browser, desk)
    for text in (
        'server = {url = "http://127.0.0.1:9"}\n',
        "[server\n",
        '[server]\nurl = """\na"""',
    ):
        (stick / "reprise.toml").write_text(text)
        assert station(stick, desk.url, code, "--yes")[0] == 2, text
        assert (stick / "reprise.toml").read_text() == text
    assert look(desk, code).status_code == 200


def test_another_key_at_a_known_address_is_told(
    desk: Running, browser: requests.Session, stick: Path
) -> None:
    assert station(stick, desk.url, code_of(browser, desk), "--yes")[0] == 0
    same = station(stick, desk.url, code_of(browser, desk), "--yes")
    assert "another key" not in same[2]
    other = "A" * 43
    text = (stick / "reprise.toml").read_text()
    (stick / "reprise.toml").write_text(text.replace(server_of(stick)[1], other))
    told = station(stick, desk.url, code_of(browser, desk), "--yes")
    assert (told[0], "had another key" in told[2]) == (0, True)


def test_without_a_network_by_files(
    desk: Running, browser: requests.Session, stick: Path, tmp_path: Path
) -> None:
    asked, told = tmp_path / "request.jws", tmp_path / "answer.jws"
    assert station(stick, "--request", str(asked))[0] == 0
    assert "is there already" in station(stick, "--request", str(asked))[2]
    answer = taken(browser, desk, asked.read_bytes(), "Far away")
    told.write_bytes(answer.content)
    assert "names no address" in station(stick, "--answer", str(told))[2]
    asked_first = station(stick, "--answer", str(told), "--url", desk.url)
    assert asked_first[0] == 2  # nobody is there to ask
    assert f"Server: {desk.url}" in asked_first[1]
    assert not (stick / "reprise.toml").exists()
    done = station(stick, "--answer", str(told), "--url", desk.url, "--yes")
    assert done[0] == 0, done
    assert "“Far away”" in done[1]
    assert server_of(stick)[0] == desk.url
    words, again = "reports to another server so far", tmp_path / "again.jws"
    for key, moves in ((server_of(stick)[1], False), ("A" * 43, True)):
        text = (stick / "reprise.toml").read_text()
        (stick / "reprise.toml").write_text(text.replace(server_of(stick)[1], key))
        assert station(stick, "--request", str(again))[0] == 0
        assert (words in handed_in(browser, desk, again.read_bytes()).text) == moves
        again.unlink()
    told.write_bytes(answer.content[:-3] + b"AAA")
    assert "it was changed" in station(stick, "--answer", str(told))[2]
    other = tmp_path / "other"
    shutil.copytree(stick, other, ignore=lambda _folder, names: [n for n in names if "pem" in n])
    told.write_bytes(answer.content)
    refused = station(other, "--answer", str(told), "--url", desk.url, "--yes")
    assert "for another station" in refused[2]
