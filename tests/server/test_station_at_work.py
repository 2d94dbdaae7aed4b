"""A station that joined: its service sends by itself and says how it is; over HTTPS with a private
authority; with a stick that is away, full or write-protected."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from reprise.adapters.enrolment import joining
from reprise.adapters.enrolment.joining import Software, StationJoining
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import load_signer
from reprise.adapters.storage.store import MirroredStore
from reprise.errors import StorageError
from reprise.settings import Settings, load_settings
from server.enrolling import code_of, look
from server.kit import REPRISE, Running, fresh, reprise, signed
from server.tls_front import behind_tls
from unit.adapters.network.way_kit import made

pytestmark = pytest.mark.whole


def _until(what: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.2)


@contextlib.contextmanager
def sending(stick: Path) -> Iterator[subprocess.Popen[str]]:
    """The service that the stick starts."""
    words = ("--data", str(stick), "outbox", "run")
    with subprocess.Popen([*REPRISE, *words], stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def test_the_service_sends_as_soon_as_the_station_joined(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    """It waits for five minutes where no server is set, unless it hears of one."""
    stick = tmp_path / "stick"
    words = ("station", "enroll", "--request", str(tmp_path / "request"))
    assert reprise("--data", str(stick), *words).returncode == 0
    signer = load_signer((stick / "station.key.pem").read_bytes(), "key")
    report, refused = fresh(), fresh()
    (stick / "outbox").mkdir(exist_ok=True)
    (stick / "outbox" / f"{report.report_id}.jws").write_bytes(signed(signer, report))
    # under another's number: it is refused, and said to be
    (stick / "outbox" / f"{refused.report_id}.jws").write_bytes(signed(signer, fresh()))
    with sending(stick) as service:
        assert service.stderr is not None
        assert "no server is set" in service.stderr.readline()
        code = code_of(browser, desk, "Talker")
        done = reprise("--data", str(stick), "station", "enroll", desk.url, code, "--yes")
        assert done.returncode == 0, done.stderr
        stored = f"/api/v1/reports/{report.report_id}"
        _until(lambda: desk.get(stored).status_code == 200)
        told = "waiting: 0, refused: 1"
        _until(lambda: told in browser.get(desk.url + "/stations?lang=en", timeout=30).text)
    page = browser.get(desk.url + "/stations?lang=en", timeout=30).text
    assert "Talker" in page


def test_an_authority_of_ones_own_is_trusted_where_it_lies_on_the_stick(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    stick, certificate = tmp_path / "stick", made(tmp_path)
    stick.mkdir()
    code = code_of(browser, desk)
    with behind_tls(int(desk.url.rpartition(":")[2]), certificate) as port:
        url = f"https://127.0.0.1:{port}"
        words = ("--data", str(stick), "station", "enroll", url, code, "--yes")
        first = reprise(*words)
        assert first.returncode == 4
        assert "unknown authority" in first.stderr
        assert "as ca.pem" in " ".join(first.stderr.split())
        assert look(desk, code).status_code == 200  # nothing was used up
        (stick / "ca.pem").write_bytes(certificate.read_bytes())
        done = reprise(*words)
        assert done.returncode == 0, done.stderr
        settings, problems = load_settings([("t", (stick / "reprise.toml").read_text())])
        assert problems == ()
        assert (settings.server.url, settings.server.ca_file) == (url, "ca.pem")
        signer = load_signer((stick / "station.key.pem").read_bytes(), "key")
        report = fresh()
        (stick / "outbox").mkdir()
        (stick / "outbox" / f"{report.report_id}.jws").write_bytes(signed(signer, report))
        sent = reprise("--data", str(stick), "outbox", "send")
        assert (sent.returncode, "Sent: 1" in sent.stdout) == (0, True), sent


def _station(memory: Path, stick: Path | None, readable: Path | None = None) -> StationJoining:
    def settings() -> Settings:
        file = memory / "reprise.toml" if stick is None else stick / "reprise.toml"
        text = file.read_text() if file.exists() else ""
        return load_settings([("reprise.toml", text)])[0]

    store = MirroredStore(memory, lambda: stick, lambda: stick or readable)
    return StationJoining(store, settings, SystemClock(), Software("0", ""))


def test_without_a_stick_that_takes_it_nothing_is_asked(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    code = code_of(browser, desk)
    protected = tmp_path / "protected"
    protected.mkdir()
    for station in (
        _station(tmp_path / "m1", None),
        _station(tmp_path / "m2", None, readable=protected),
    ):
        with pytest.raises(StorageError, match=r"write|écriture"):
            station.look(desk.url, code)
        with pytest.raises(StorageError):
            station.request()
    assert look(desk, code).status_code == 200


def test_a_stick_that_fills_up_joins_later_with_the_same_code(
    desk: Running, browser: requests.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has enrolled its key by then: it says the same again."""
    code, stick = code_of(browser, desk), tmp_path / "stick"
    stick.mkdir()
    station = _station(tmp_path / "memory", stick)
    found = station.look(desk.url, code)

    def full(*_words: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(joining, "write_durably", full)
        with pytest.raises(StorageError):
            station.join(found)
    assert not (stick / "reprise.toml").exists()
    joined = station.join(found)
    assert joined.address == desk.url
    assert station.address() == desk.url
    assert (stick / "station.key.pem").exists()


def test_it_is_the_sticks_own_key_that_is_enrolled(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    """A session that began without its stick signs with another, which is gone with the PC."""
    stick, memory = tmp_path / "stick", tmp_path / "memory"
    for folder in (stick, memory):
        done = reprise("--data", str(folder), "station", "enroll", "--request", f"{folder}.jws")
        assert done.returncode == 0, done.stderr
    own = load_signer((stick / "station.key.pem").read_bytes(), "key")
    station = _station(memory, stick)
    station.join(station.look(desk.url, code_of(browser, desk)))
    page = browser.get(desk.url + "/stations", timeout=30).text
    assert own.kid in page
    assert load_signer((memory / "station.key.pem").read_bytes(), "key").kid not in page
