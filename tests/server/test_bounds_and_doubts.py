"""Two defects of the server of 0.1: a good signature was enough for texts without an end, and for
figures that cannot be true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reprise import codec
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.report.report import Report, Shortened
from server.kit import Running, fresh, kept_aside, refused, signed
from server.pages import stored
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
IMPOSSIBLE = "This report holds what cannot be true."


def with_operator(**facts: str) -> Report:
    report = fresh()
    return replace(report, operator=replace(report.operator, **facts))


TOO_LONG: dict[str, Callable[[], Report]] = {
    "inventory.machine.maker": lambda: fresh(maker="M" * 100_000),
    "operator.asset_tag": lambda: with_operator(asset_tag="A" * 100_000),
    "operator.lot": lambda: with_operator(lot="A" * 4097),
    "session_id": lambda: replace(fresh(), session_id="s" * 4097),
}


@pytest.mark.parametrize("field", TOO_LONG)
def test_defect_4_a_text_without_an_end_is_refused_with_its_field_s_name(
    server: Running, station: Ed25519Signer, field: str
) -> None:
    report = TOO_LONG[field]()
    body = signed(station, report)
    answer = server.put(report.report_id, body)
    refused(answer, 422, "out-of-bounds")
    assert answer.json()["field"] == field
    assert field in answer.json()["detail"]
    assert server.get(f"/api/v1/reports/{report.report_id}").status_code == 404
    assert "Nothing found" in server.get(f"/?q={report.report_id}&lang=en").text
    assert kept_aside(server, body)
    page = server.get("/problems/out-of-bounds?lang=en", Accept="text/html")
    assert page.status_code == 200
    assert "too long" in page.text


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sound() -> Report:
    """As a station reports at this moment."""
    report = fresh()
    return replace(report, clock=replace(report.clock, started_at=now(), sealed_at=now()))


def sealed(at: str) -> Report:
    return replace(sound(), clock=replace(sound().clock, sealed_at=at))


def first_drive(**facts: object) -> Report:
    report = sound()
    first, *others = report.drives
    attempt = replace(first.attempts[0], **facts)  # type: ignore[arg-type]
    return replace(report, drives=(replace(first, attempts=(attempt,)), *others))


def negative() -> Report:
    one = replace(hdd(), identity=replace(hdd().identity, size_bytes=-5))
    return fresh(samples.report((one,), (samples.drive_record(one, samples.attempt(one)),)))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (negative, "W62A0001: a figure is below zero: -5"),
        (lambda: first_drive(write_s=1.0), "W62A0001: 500 GB in 1 s (500 GB/s)"),
        (lambda: sealed("9999-99-99"), "this is no date: “9999-99-99”"),
        (lambda: sealed("2999-01-01T00:00:00Z"), "a date lies after the day"),
        (lambda: sealed("2019-01-01T00:00:00Z"), "a date lies before there was any Reprise"),
    ],
)
def test_defect_7_what_cannot_be_true_is_taken_and_told_on_its_page(
    server: Running, station: Ed25519Signer, make: Callable[[], Report], told: str
) -> None:
    report = make()
    page = server.get(f"/reports/{stored(server, station, report)}?lang=en").text
    assert IMPOSSIBLE in page
    assert told in page.replace("\u00a0", " ")
    assert page.index(IMPOSSIBLE) < page.index("<h1>")  # before what it says
    assert "badge" in page  # and that it goes on to say


def test_a_sound_report_has_no_notice(server: Running, station: Ed25519Signer) -> None:
    page = server.get(f"/reports/{stored(server, station, sound())}?lang=en").text
    assert IMPOSSIBLE not in page
    assert page.count('class="notice') == 1  # that its signature is good


def test_a_page_says_what_a_station_left_out(server: Running, station: Ed25519Signer) -> None:
    parts = tuple(Shortened(f"drives.{n}.identity.serial", 4096, 70_000) for n in range(30))
    report = replace(sound(), shortened=parts)
    page = server.get(f"/reports/{stored(server, station, report)}?lang=en").text
    assert "The station shortened this report" in page
    assert "drives.19.identity.serial: 4,096 of 70,000" in page
    assert "drives.20" not in page
    assert "… and 10 more" in page


def test_what_this_version_does_not_know_is_told_on_the_page_and_in_the_log(
    server: Running, station: Ed25519Signer
) -> None:
    report = sound()
    document = {**codec.to_builtins(report), "<b>colour</b>": "blue", "smell": {"of": "smoke"}}
    body = station.sign(codec.to_json(document))
    assert server.put(report.report_id, body).status_code == 201
    page = server.get(f"/reports/{report.report_id}?lang=en").text
    assert "This report holds 2 facts that this server does not know" in page
    assert "&lt;b&gt;colour&lt;/b&gt;" in page
    assert server.get(f"/api/v1/reports/{report.report_id}").content == body
    line = next(one for one in server.log.read_text().splitlines() if "a newer version" in one)
    assert report.report_id in line
    assert "count=2" in line
    assert "colour" not in server.log.read_text()
