"""What somebody who is no server of this station's may tell it, and is not believed."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from reprise import codec
from reprise.adapters.signing.jws import generate_signer, load_signer
from reprise.domain.station.enrolment import ANSWER, EnrolmentAnswer, public_jwk
from server.enrolling import code_of
from server.kit import Running
from server.test_station_joins import NotOurs, plain, station, stick

pytestmark = pytest.mark.whole
__all__ = ["stick"]  # a fixture


def test_a_forged_answer_is_asked_about_with_a_warning(
    desk: Running, browser: requests.Session, stick: Path, tmp_path: Path
) -> None:
    """It needs the station's key id alone, which stands on each certificate."""
    assert station(stick, desk.url, code_of(browser, desk), "--yes")[0] == 0
    told, before = tmp_path / "answer.jws", (stick / "reprise.toml").read_text()
    told.write_bytes(forged(stick, url=desk.url))
    said = station(stick, "--answer", str(told))
    assert (said[0], "had another key" in said[2]) == (2, True)
    told.write_bytes(forged(stick, url="https://collector.example.net"))
    said = station(stick, "--answer", str(told))
    assert (said[0], "Server: https://collector.example.net" in said[1]) == (2, True)
    assert (stick / "reprise.toml").read_text() == before


def forged(stick: Path, url: str = "", organisation: str = "Town hall") -> bytes:
    """By a key that no server has."""
    forger = generate_signer()
    kid = load_signer((stick / "station.key.pem").read_bytes(), "key").kid
    key = public_jwk(forger.public_x())
    return forger.of_kind(ANSWER).sign(
        codec.to_json(EnrolmentAnswer(kid, "Bench", organisation, key, url))
    )


def test_the_key_that_was_shown_is_the_one_that_is_kept(
    desk: Running, browser: requests.Session, stick: Path
) -> None:
    """Who stands between hands the question on and answers the request itself."""
    assert station(stick, desk.url, code_of(browser, desk), "--yes")[0] == 0
    code, false = code_of(browser, desk), forged(stick)

    class Between(NotOurs):
        def do_POST(self) -> None:  # noqa: N802 (its parent, of another module, is a handler)
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = false
            if self.path.endswith("/look"):
                kind = {"Content-Type": "application/json"}
                answer = requests.post(desk.url + self.path, asked, headers=kind, timeout=9).content
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before = (stick / "reprise.toml").read_text()
        try:
            said = station(stick, f"http://127.0.0.1:{server.server_port}", code, "--yes")
        finally:
            server.shutdown()
    assert (said[0], "another key than the one that was shown" in plain(said[2])) == (2, True)
    assert (stick / "reprise.toml").read_text() == before


def test_a_name_that_writes_lines_of_its_own_is_refused(stick: Path, tmp_path: Path) -> None:
    assert station(stick, "--request", str(tmp_path / "request"))[0] == 0  # makes the key
    told = tmp_path / "answer.jws"
    for name in ("Town hall\nServer’s key: TRUE", "Town\x1b[8m hall"):
        told.write_bytes(forged(stick, "https://example.org", name))
        said = station(stick, "--answer", str(told))
        assert (said[0], said[1]) == (2, ""), name
        assert "not a reprise server" in plain(said[2]).lower()
