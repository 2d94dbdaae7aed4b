"""What a station has signed and the server cannot read: refused, and kept aside within limits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, connections

from reprise import codec
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.domain.report.report import Report
from reprise.domain.station.delivery import DeliveryResult
from reprise.server.database import close_database
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.quarantine import services
from reprise.server.quarantine.services import Kept, check_or_keep, find_letter, keep, list_letters
from reprise.server.stations.services import Station, enroll, revoke, station_of_key
from reprise.settings import ServerSettings
from server.kit import Running, fresh, kept_aside, open_new, refused, stranger, with_header
from server.taking import OURS, take_report

UNREADABLE = Problem(ProblemKind.NOT_A_REPORT, "(why)")


def newer(report: Report) -> bytes:
    """As a station of another version may write it."""
    return codec.to_json(report).replace(b"reprise-report/1", b"reprise-report/2")


def too_long(report: Report) -> bytes:
    return codec.to_json(replace(report, operator=replace(report.operator, lot="x" * 5000)))


@pytest.mark.whole
@pytest.mark.parametrize(
    ("content", "kind"), [(newer, "not-a-report"), (too_long, "out-of-bounds")]
)
def test_the_exact_bytes_are_kept_and_nothing_is_acknowledged(
    server: Running,
    station: Ed25519Signer,
    content: Callable[[Report], bytes],
    kind: str,
) -> None:
    report = fresh()
    body = station.sign(content(report))
    for _again in range(3):
        answer = server.put(report.report_id, body)
        refused(answer, 422, kind)
        assert "sha256" not in answer.json()
    assert server.get(f"/api/v1/reports/{report.report_id}").status_code == 404
    assert kept_aside(server, body)
    page = server.get("/quarantine?lang=en")
    assert page.status_code == 200
    assert page.text.count(report.report_id) == 1
    assert page.text.count(codec.sha256_hex(body)) == 2  # the address and the text
    assert "Bench 1" in page.text
    answer = server.get(f"/quarantine/{codec.sha256_hex(body)}")
    assert answer.headers["content-type"] == "application/jose"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.whole
def test_the_station_s_own_sender_hears_a_refusal(server: Running, station: Ed25519Signer) -> None:
    uplink = HttpUplink(ServerSettings(url=server.url), None, SystemClock())
    report = fresh()
    body = station.sign(newer(report))
    for _again in range(2):
        sent = uplink.send(report.report_id, body)
        assert sent.outcome is DeliveryResult.REFUSED
        assert sent.receipt == b""


@pytest.mark.whole
def test_of_strangers_nothing_is_kept(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    text = newer(report)
    header = {"alg": "EdDSA", "kid": station.kid, "typ": "other"}
    bodies = {
        "unknown-key": stranger().sign(text),
        "broken-signature": station.sign(text)[:-4] + b"AAAA",
        "wrong-type": with_header(station, text, header),
        "malformed-jws": station.sign(text) + b".x",
    }
    for kind, body in bodies.items():
        answer = server.put(report.report_id, body)
        assert answer.json()["type"] == f"/problems/{kind}"
        assert not kept_aside(server, body)


@pytest.mark.whole
@pytest.mark.parametrize("name", ["x", "0" * 64, "../reports", "%00", "A" * 64, "é"])
def test_what_is_not_there(server: Running, name: str) -> None:
    assert server.get(f"/quarantine/{name}").status_code == 404


# The same on the tables, with limits that are reached sooner


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Ed25519Signer]:
    open_new(tmp_path / "reprise.db")
    signer = generate_signer()
    enroll(OURS, "Bench", signer.public_pem().decode(), signer.kid)
    yield signer
    close_database()


def of(signer: Ed25519Signer) -> Station:
    station = station_of_key(signer.kid)
    assert station is not None
    return station


def a_number() -> str:
    return str(uuid.uuid4())


def test_a_revoked_station_keeps_nothing_here(bench: Ed25519Signer) -> None:
    report = fresh()
    body = bench.sign(newer(report))
    revoke(OURS, bench.kid)
    station = of(bench)
    with pytest.raises(ProblemError, match="revoked-key"):
        check_or_keep(report.report_id, body, station)
    assert find_letter(OURS, codec.sha256_hex(body)) is None


def test_each_is_kept_once_and_the_oldest_stay(bench: Ed25519Signer) -> None:
    bodies = [bench.sign(b"%d" % number) for number in range(services.MOST_LETTERS)]
    assert {keep(a_number(), body, of(bench), UNREADABLE) for body in bodies} == {Kept.KEPT}
    assert keep(a_number(), bodies[0], of(bench), UNREADABLE) is Kept.ALREADY
    assert list_letters(OURS, 1, 50).missed == ()
    late = bench.sign(b"one more")
    for _again in range(3):
        assert keep(a_number(), late, of(bench), UNREADABLE) is Kept.NO_ROOM
    assert find_letter(OURS, codec.sha256_hex(late)) is None
    assert all(find_letter(OURS, codec.sha256_hex(body)) == body for body in bodies)
    listed = list_letters(OURS, 1, 30)
    assert (listed.letters, listed.pages, len(listed.lines)) == (services.MOST_LETTERS, 4, 30)
    ((name, _at),) = listed.missed
    assert name == "Bench"
    other = generate_signer()
    enroll(OURS, "Other", other.public_pem().decode(), other.kid)
    assert keep(a_number(), other.sign(b"x"), of(other), UNREADABLE) is Kept.KEPT


def test_no_station_fills_the_disk(bench: Ed25519Signer, tmp_path: Path) -> None:
    large = b"x" * (services.MOST_BYTES // 8)
    kept = [keep(a_number(), large + b"%d" % n, of(bench), UNREADABLE) for n in range(30)]
    assert kept == [Kept.KEPT] * 7 + [Kept.NO_ROOM] * 23  # each is a little more than an eighth
    assert keep(a_number(), b"small", of(bench), UNREADABLE) is Kept.KEPT
    assert keep(a_number(), b"x" * (services.MOST_BYTES + 1), of(bench), UNREADABLE) is Kept.NO_ROOM
    files = sum(file.stat().st_size for file in tmp_path.glob("reprise.db*"))
    assert files < 2.5 * services.MOST_BYTES  # its write-ahead log, too


def test_the_limits_hold_where_several_come_at_once(
    bench: Ed25519Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(bench, monkeypatch)


def at_once(signer: Ed25519Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also asked of PostgreSQL."""
    monkeypatch.setattr(services, "MOST_LETTERS", 10)
    station = of(signer)

    def one(number: int) -> Kept:
        try:
            return keep(a_number(), b"letter %d" % (number // 2), station, UNREADABLE)
        finally:
            close_database_of_thread()

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(one, range(60)))
    assert kept.count(Kept.KEPT) == 10
    assert list_letters(OURS, 1, 50).letters == 10


def close_database_of_thread() -> None:
    connections.close_all()


def test_what_is_taken_in_since_makes_room_for_others(
    bench: Ed25519Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update the station sends it again, and the server has its bytes as a report."""
    monkeypatch.setattr(services, "MOST_LETTERS", 2)
    report, stays = fresh(), a_number()
    body = bench.sign(codec.to_json(report))
    assert keep(report.report_id, body, of(bench), UNREADABLE) is Kept.KEPT
    assert keep(stays, b"stays", of(bench), UNREADABLE) is Kept.KEPT
    assert [line.taken_in for line in list_letters(OURS, 1, 50).lines] == [False, False]
    assert take_report(report.report_id, body)[0] == 201
    told = {line.sent_as: line.taken_in for line in list_letters(OURS, 1, 50).lines}
    assert told == {report.report_id: True, stays: False}
    assert keep(a_number(), b"has room", of(bench), UNREADABLE) is Kept.KEPT
    assert find_letter(OURS, codec.sha256_hex(body)) is None
    assert find_letter(OURS, codec.sha256_hex(b"stays")) == b"stays"
    assert keep(a_number(), b"has none", of(bench), UNREADABLE) is Kept.NO_ROOM


@pytest.mark.parametrize("altered", [b"other bytes", "text"])
def test_what_a_disk_has_changed_since_stays_where_it_is_sound(
    bench: Ed25519Signer, monkeypatch: pytest.MonkeyPatch, altered: bytes | str
) -> None:
    monkeypatch.setattr(services, "MOST_LETTERS", 1)
    report = fresh()
    body = bench.sign(codec.to_json(report))
    assert keep(report.report_id, body, of(bench), UNREADABLE) is Kept.KEPT
    assert take_report(report.report_id, body)[0] == 201
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_report SET jws = %s", [altered])
    assert keep(a_number(), b"has none", of(bench), UNREADABLE) is Kept.NO_ROOM
    assert find_letter(OURS, codec.sha256_hex(body)) == body


def test_a_database_that_takes_nothing_changes_no_refusal(
    bench: Ed25519Signer, tmp_path: Path
) -> None:
    report = fresh()
    station = of(bench)
    close_database()
    open_new(tmp_path / "reprise.db")
    connection.cursor().execute("PRAGMA query_only=ON")
    with pytest.raises(ProblemError, match="not-a-report"):
        check_or_keep(report.report_id, bench.sign(newer(report)), station)
    connection.cursor().execute("PRAGMA query_only=OFF")
    assert list_letters(OURS, 1, 50).letters == 0
