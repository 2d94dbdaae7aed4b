"""The way to the server, on real sockets of this machine: where it ends and what is said of it."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest

from reprise import i18n
from reprise.adapters.network.tls import trusted_by
from reprise.adapters.signing.station_key import key_file
from reprise.domain.station.connectivity import (
    ConnectionStep,
    Finding,
    Reach,
    StepResult,
    judge_address,
    judge_link,
)
from reprise.wording import connectivity as words
from reprise_common.network import Link, LinkKind, LinkState
from unit.adapters.network.way_kit import (
    DAY,
    KEY,
    UNKNOWN,
    FakeClock,
    Serve,
    answering,
    closed_port,
    context,
    end,
    listening,
    made,
    ok,
    tried,
)


def test_a_reprise_server_that_knows_this_station(tmp_path: Path) -> None:
    file, seen = made(tmp_path), list[str]()
    with listening(answering("200 OK", KEY, seen=seen), context(file)) as port:
        found = tried(f"https://127.0.0.1:{port}/base", ca_file=file)
    assert ok(found) == [
        ConnectionStep.NAME,
        ConnectionStep.CONNECT,
        ConnectionStep.TLS,
        ConnectionStep.ANSWER,
        ConnectionStep.ENROLLED,
    ]
    assert seen[0].startswith("GET /base/api/v1/stations/kid-1/key.pem HTTP/1.1\r\n")


def test_a_reprise_server_that_does_not_know_it() -> None:
    with listening(answering("404 Not Found", UNKNOWN)) as port:
        found = tried(f"http://127.0.0.1:{port}")
        no_key = tried(f"http://127.0.0.1:{port}", kid="")
    assert end(found) == (ConnectionStep.ENROLLED, Reach.NOT_ENROLLED)
    assert key_file("kid-1") in words.what_to_do(found[-1])
    assert (
        ok(found)
        == ok(no_key)
        == [ConnectionStep.NAME, ConnectionStep.CONNECT, ConnectionStep.ANSWER]
    )
    assert no_key[-1].outcome is StepResult.NOT_TRIED


def test_a_closed_port() -> None:
    with closed_port() as port:
        found = tried(f"http://127.0.0.1:{port}")
    assert end(found) == (ConnectionStep.CONNECT, Reach.PORT_CLOSED)
    assert found[3].detail == f"127.0.0.1:{port}"


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with listening(answering("200 OK", KEY), context(made(tmp_path))) as port:
        found = tried(f"https://127.0.0.1:{port}")
    assert end(found) == (ConnectionStep.TLS, Reach.CERTIFICATE_AUTHORITY)


def test_whom_a_station_without_a_file_trusts_is_certifis_list() -> None:
    trusted = trusted_by(None).get_ca_certs(binary_form=True)
    listed = ssl.create_default_context(cafile=certifi.where()).get_ca_certs(binary_form=True)
    assert trusted == listed
    assert len(trusted) > 50


def test_a_certificate_of_another_machine(tmp_path: Path) -> None:
    file = made(tmp_path, "login.example")
    with listening(answering("200 OK", KEY), context(file)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=file)
    assert end(found) == (ConnectionStep.TLS, Reach.CERTIFICATE_NAME)


@pytest.mark.parametrize(
    ("first", "last", "clock", "reason"),
    [
        (-2 * DAY, -DAY, FakeClock(), Reach.CERTIFICATE_DATE),
        (DAY, 2 * DAY, FakeClock(), Reach.CERTIFICATE_DATE),
        (-2 * DAY, -DAY, FakeClock(False, "rtc"), Reach.CLOCK_DOUBTFUL),
        (-2 * DAY, -DAY, FakeClock(False, "rtc-implausible"), Reach.CLOCK_WRONG),
        (DAY, 2 * DAY, FakeClock(False, "rtc"), Reach.CLOCK_WRONG),
    ],
)
def test_a_certificate_out_of_date_or_a_clock_that_is_wrong(
    tmp_path: Path, first: timedelta, last: timedelta, clock: FakeClock, reason: Reach
) -> None:
    file = made(tmp_path, first=first, last=last)
    with listening(answering("200 OK", KEY), context(file)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=file, clock=clock)
    assert end(found) == (ConnectionStep.TLS, reason)
    assert str(datetime.now(UTC).year) in words.what_is_wrong(found[4])


def test_a_certificate_file_that_is_not_there(tmp_path: Path) -> None:
    with listening(answering("200 OK", KEY)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=tmp_path / "none.pem")
    assert end(found) == (ConnectionStep.TLS, Reach.CA_FILE)
    (tmp_path / "none.pem").write_text("no certificate")
    with listening(answering("200 OK", KEY)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=tmp_path / "none.pem")
    assert end(found) == (ConnectionStep.TLS, Reach.CA_FILE)


def test_a_server_that_does_not_encrypt() -> None:
    with listening(answering("400 Bad Request", "no")) as port:
        found = tried(f"https://127.0.0.1:{port}")
    assert end(found) == (ConnectionStep.TLS, Reach.NOT_TLS)
    with listening(lambda line: None) as port:
        assert end(tried(f"https://127.0.0.1:{port}")) == (ConnectionStep.TLS, Reach.BROKE_OFF)


@pytest.mark.parametrize(
    ("status", "body", "more", "reason"),
    [
        ("200 OK", "<html>It works</html>", "", Reach.NOT_REPRISE),
        ("404 Not Found", "<html>no</html>", "", Reach.NOT_REPRISE),
        ("404 Not Found", '{"type":"about:blank"}', "", Reach.NOT_REPRISE),
        ("404 Not Found", "[1]", "", Reach.NOT_REPRISE),
        ("302 Found", "", "Location: http://login.example/\r\n", Reach.LOGIN_PAGE),
        ("511 Network Authentication Required", "", "", Reach.LOGIN_PAGE),
        ("500 Internal Server Error", "", "", Reach.SERVER_ERROR),
        ("503 Service Unavailable", "", "", Reach.SERVER_ERROR),
    ],
)
def test_what_is_no_reprise_server(status: str, body: str, more: str, reason: Reach) -> None:
    with listening(answering(status, body, more)) as port:
        assert end(tried(f"http://127.0.0.1:{port}")) == (ConnectionStep.ANSWER, reason)


def test_one_that_speaks_no_http_or_nothing_or_hangs_up() -> None:
    def garbage(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(b"220 mail.example ESMTP\r\n")

    stay = threading.Event()
    cases: tuple[tuple[Serve, Reach, float], ...] = (
        (garbage, Reach.BROKE_OFF, 30.0),
        (lambda line: None, Reach.BROKE_OFF, 30.0),
        (lambda line: stay.wait(60), Reach.NO_ANSWER, 0.5),
    )
    for serve, reason, patience_s in cases:
        with listening(serve) as port:
            found = tried(f"http://127.0.0.1:{port}", read_timeout_s=patience_s)
        assert end(found) == (ConnectionStep.ANSWER, reason)
    stay.set()


def test_a_name_that_nobody_has() -> None:
    """Without a network of its own, a machine cannot tell which of the two it is."""
    found = tried("https://no-such-server.invalid")
    assert end(found) in [
        (ConnectionStep.NAME, Reach.NAME_UNKNOWN),
        (ConnectionStep.NAME, Reach.DNS_SILENT),
    ]
    assert found[2].detail == "no-such-server.invalid"
    assert end(tried(f"https://{'x' * 70}.invalid")) == (ConnectionStep.NAME, Reach.NAME_UNKNOWN)


# Before the server


def link(kind: LinkKind, state: LinkState, *addresses: str) -> Link:
    return Link(name="net0", kind=kind, state=state, addresses=addresses)


CABLE, WIFI = LinkKind.ETHERNET, LinkKind.WIFI


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ((), Reach.NO_ADAPTER),
        ((link(CABLE, LinkState.UNPLUGGED),), Reach.CABLE),
        ((link(CABLE, LinkState.UNPLUGGED), link(WIFI, LinkState.IDLE)), Reach.CABLE),
        ((link(WIFI, LinkState.IDLE),), Reach.WIFI_NOT_JOINED),
        ((link(WIFI, LinkState.SWITCHED_OFF),), Reach.WIFI_OFF),
        ((link(WIFI, LinkState.NO_FIRMWARE),), Reach.NO_FIRMWARE),
        ((link(CABLE, LinkState.NO_DRIVER),), Reach.NO_DRIVER),
        ((link(CABLE, LinkState.CONNECTING),), Reach.NO_ADDRESS),
        ((link(CABLE, LinkState.UNMANAGED),), Reach.LINK_DOWN),
    ],
)
def test_why_there_is_no_link(links: tuple[Link, ...], reason: Reach) -> None:
    assert judge_link(links).reason is reason
    found = tried("https://reprise.example.org", links=links)
    assert end(found) == (ConnectionStep.LINK, reason)


def test_an_address_of_ones_own_leads_nowhere() -> None:
    up = LinkState.UP
    assert judge_address([link(CABLE, up, "192.0.2.5/24")]).outcome is StepResult.OK
    assert judge_address([link(CABLE, up, "2001:db8::5/64")]).outcome is StepResult.OK
    for alone in ((), ("169.254.7.7/16",), ("fe80::1/64",)):
        found = tried("https://reprise.example.org", links=(link(CABLE, up, *alone),))
        assert end(found) == (ConnectionStep.ADDRESS, Reach.NO_ADDRESS)


def test_no_server_is_set() -> None:
    found = tried("", links=(link(CABLE, LinkState.UP, "192.0.2.5/24"),))
    assert ok(found) == [ConnectionStep.LINK, ConnectionStep.ADDRESS]
    assert end(found) == (ConnectionStep.NAME, Reach.NO_SERVER)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_reason_has_its_sentence_and_its_advice(language: str) -> None:
    i18n.set_language(language)
    for reason in Reach:
        finding = Finding(ConnectionStep.TLS, StepResult.FAILED, reason, "2019-01-02")
        assert words.what_is_wrong(finding) and words.what_to_do(finding), reason
        assert "{" not in words.what_is_wrong(finding) + words.what_to_do(finding)
    assert words.what_is_wrong(Finding(ConnectionStep.LINK, StepResult.OK)) == ""
