"""Sending, over real sockets: only a receipt for our very bytes counts."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery import uplink
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.pc.clock import SystemClock
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import DeliveryResult
from reprise.errors import InputError
from reprise.settings import ServerSettings
from unit.adapters.delivery.report_server import ID, ID2, JWS, Server, receipt, running, uplink_to

pytestmark = pytest.mark.processes


@pytest.fixture
def server() -> Iterator[Server]:
    i18n.set_language("en")
    with running(Server()) as one:
        yield one


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, None, DeliveryResult.ACCEPTED),
        (201, None, DeliveryResult.ACCEPTED),
        (204, None, DeliveryResult.RETRY),
        (200, receipt(jws=b"other"), DeliveryResult.RETRY),
        (200, receipt(report_id=ID2), DeliveryResult.RETRY),
        (200, b"<html>Log in to this Wi-Fi</html>", DeliveryResult.RETRY),
        (200, b"{}", DeliveryResult.RETRY),
        (200, b"", DeliveryResult.RETRY),
        (200, b"x" * 100_000, DeliveryResult.RETRY),
        (400, b'{"type":"/problems/bad-id"}', DeliveryResult.REFUSED),
        (403, b'{"type":"/problems/unknown-key","title":"Unknown key"}', DeliveryResult.REFUSED),
        (409, b'{"type":"/problems/conflict"}', DeliveryResult.REFUSED),
        (413, b'{"type":"/problems/too-large"}', DeliveryResult.REFUSED),
        (422, b'{"type":"/problems/not-a-report"}', DeliveryResult.REFUSED),
        (400, b"", DeliveryResult.RETRY),
        (403, b'{"title":"Unknown key"}', DeliveryResult.RETRY),
        (409, b"{}", DeliveryResult.RETRY),
        (413, b'{"type":"about:blank"}', DeliveryResult.RETRY),
        (422, b"[]", DeliveryResult.RETRY),
        (401, b"", DeliveryResult.RETRY),
        (404, b"", DeliveryResult.RETRY),
        (407, b"", DeliveryResult.RETRY),
        (429, b"", DeliveryResult.RETRY),
        (500, b"", DeliveryResult.RETRY),
        (503, receipt(), DeliveryResult.RETRY),
    ],
)
def test_answers(server: Server, status: int, body: bytes | None, outcome: DeliveryResult) -> None:
    server.status, server.body = status, body
    assert uplink_to(server.url).send(ID, JWS).outcome is outcome


def test_redirects_are_not_followed(server: Server) -> None:
    with running(Server()) as elsewhere:
        server.status, server.headers = 307, {"Location": elsewhere.url + "/x"}
        assert uplink_to(server.url).send(ID, JWS).outcome is DeliveryResult.RETRY
        assert elsewhere.seen == []


@pytest.mark.parametrize("dribble", [False, True])
def test_slow_servers_do_not_hold_us(server: Server, dribble: bool) -> None:
    server.pause_s, server.dribble = (0.0, True) if dribble else (120.0, False)
    began = time.monotonic()
    settings = ServerSettings(server.url, connect_timeout_s=0.2, read_timeout_s=0.3)
    delivery = HttpUplink(settings, None, SystemClock()).send(ID, JWS)
    assert delivery.outcome is not DeliveryResult.ACCEPTED
    assert time.monotonic() - began < 20  # both servers take minutes


def test_tls_is_verified_unless_the_authority_is_ours(server: Server, tmp_path: Path) -> None:
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    argv += ["-nodes", "-keyout", "k.pem", "-out", "c.pem", "-days", "1", "-subj", "/CN=x"]
    argv += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    refused = uplink_to(url).send(ID, JWS)
    assert refused.outcome is DeliveryResult.OFFLINE
    assert refused.reason is Reach.CERTIFICATE_AUTHORITY
    settings = ServerSettings(url)
    assert (
        HttpUplink(settings, tmp_path / "c.pem", SystemClock()).send(ID, JWS).outcome
        is DeliveryResult.ACCEPTED
    )
    with pytest.raises(InputError, match="none"):
        HttpUplink(settings, tmp_path / "none.pem", SystemClock())


def test_the_environment_names_no_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert uplink_to(server.url).send(ID, JWS).outcome is DeliveryResult.ACCEPTED


def test_no_server_set() -> None:
    with pytest.raises(InputError) as caught:
        HttpUplink(ServerSettings(), None, SystemClock())
    assert caught.value.exit_code == 2
    assert "[server] url" in str(caught.value)


def test_an_answer_that_nobody_foresaw_leaves_its_report_waiting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_answer: object) -> None:
        raise LookupError("nobody foresaw\nthis")

    monkeypatch.setattr(uplink, "read_receipt", read)
    found = uplink_to(server.url).send(ID, JWS)
    assert (found.outcome, found.reason) == (DeliveryResult.RETRY, Reach.NOT_REPRISE)
    assert found.detail == "LookupError: nobody foresaw this"
