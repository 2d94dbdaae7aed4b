"""An enrolment whose answer is lost on the way: the same station comes through, and no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from server.enrolling import administrator, code_of
from server.kit import Running, serving
from server.test_station_joins import server_of, station

pytestmark = pytest.mark.whole


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "reprise.db") as running:
        yield running


def test_a_station_whose_answer_was_lost_comes_through(desk: Running, tmp_path: Path) -> None:
    """The server has enrolled it and used up the code; the station knows nothing of it."""
    browser, stick = administrator(desk), tmp_path / "stick"
    stick.mkdir()
    code = code_of(browser, desk, "Far away")
    with lossy(desk.url) as url:
        lost = station(stick, url, code, "--yes")
        assert lost[0] == 4, lost
        assert not (stick / "reprise.toml").exists()
        stranger(stick.parent / "other", desk, code)
        asked = station(stick, url, code)
        assert asked[0] == 2 and "Add --yes" in asked[2]  # a person is asked all the same
        assert "Station: Far away" in asked[1]
        done = station(stick, url, code, "--yes")
    assert done[0] == 0, done
    assert server_of(stick)[0] == url
    assert "“Far away”" in done[1]
    listed = browser.get(f"{desk.url}/stations?lang=en", timeout=30).text
    assert listed.count(">Far away<") == 1


def stranger(folder: Path, desk: Running, code: str) -> None:
    """To another stick a code that was used tells nothing, with a key of its own or without."""
    folder.mkdir()
    for _try in range(2):
        asked = station(folder, desk.url, code, "--yes")
        assert (asked[0], asked[1]) == (3, "")
        assert "knows no such code" in asked[2]
        assert station(folder, "--request", str(folder / f"{_try}.jws"))[0] == 0  # makes a key
    assert not (folder / "reprise.toml").exists()


@contextmanager
def lossy(url: str) -> Iterator[str]:
    """A way to the server on which the first answer to an enrolment is lost."""
    lost: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = {"Content-Type": self.headers["Content-Type"]}
            answer = requests.post(url + self.path, data=body, headers=kind, timeout=30)
            if self.path.endswith("/enrolments") and not lost:
                assert answer.status_code == 200
                lost.append(self.path)
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_words: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
