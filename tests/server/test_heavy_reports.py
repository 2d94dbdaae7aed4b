"""Reports as heavy as they may be: their pages come, what is heavier is refused at once, and none
of them keeps the server from ending. Whole servers: `make check` leaves them out."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from reprise import codec
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.report.bounds import LIST, MANY, TEXT
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind
from reprise.domain.report.report import Report
from reprise.domain.station.delivery import LARGEST
from server.kit import Running, enrolled, fresh, refused, serving, signed
from server.pages import stored
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
_ENDS_S = 10.0
_REFUSED_S = 5.0  # on a machine that does other things, too
_PAGE_S = 30.0
KEY = hdd().identity.key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("heavy")


@pytest.fixture(scope="module")
def bench(folder: Path) -> Ed25519Signer:
    return enrolled(folder / "reprise.db", folder / "stick")


@pytest.fixture(scope="module")
def heavy(folder: Path, bench: Ed25519Signer) -> Iterator[Running]:
    with serving(folder / "reprise.db") as running:
        yield running


def with_drives(count: int) -> Report:
    drives = tuple(hdd(number) for number in range(count))
    records = tuple(samples.drive_record(one, samples.attempt(one)) for one in drives)
    return fresh(samples.report(drives, records))


def attempted(**facts: object) -> Report:
    report = fresh()
    first, *others = report.drives
    attempt = replace(first.attempts[0], **facts)  # type: ignore[arg-type]
    return replace(report, drives=(replace(first, attempts=(attempt,)), *others))


def long_texts() -> Report:
    """Every text that a page begins with."""
    operator = samples.good_report().operator
    long = dict.fromkeys(("name", "organisation", "place", "lot", "donor"), "W" * TEXT)
    report = fresh(maker="M" * TEXT, model="W " * (TEXT // 2), serial="S" * TEXT)
    return replace(report, operator=replace(operator, **long, asset_tag="A" * TEXT))


SEEN = Observation(KEY, ObservationKind.STALLED, {"seconds": 31})
BAD = MediumErrorFound(KEY, "read", 123_456_789, 8, 5)
HEAVY: dict[str, Callable[[], Report]] = {
    "drives": lambda: with_drives(500),
    "observations": lambda: attempted(observations=(SEEN,) * MANY),
    "bad sectors": lambda: attempted(medium_errors=(BAD,) * MANY),
    "reasons": lambda: attempted(reasons=("r" * 2800,) * LIST),
    "texts": long_texts,
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_within_its_bounds_is_taken_and_shown(
    heavy: Running, bench: Ed25519Signer, name: str
) -> None:
    report = HEAVY[name]()
    assert len(signed(bench, report)) <= LARGEST
    report_id = stored(heavy, bench, report)
    began = time.monotonic()
    page = heavy.get(f"/reports/{report_id}?lang=en")
    assert page.status_code == 200
    assert time.monotonic() - began < _PAGE_S
    assert ("… and 19,000 more" in page.text) == (name in ("observations", "bad sectors"))


def test_too_many_drives_are_refused(heavy: Running, bench: Ed25519Signer) -> None:
    document = codec.to_builtins(with_drives(LIST + 1))
    for record in document["drives"]:
        record["attempts"] = []
    document["inventory"]["drives"] = document["plan"]["drives"] = []
    answer = heavy.put(document["report_id"], bench.sign(codec.to_json(document)))
    refused(answer, 422, "out-of-bounds")
    assert answer.json()["field"] == "drives"


def nested(depth: int, count: int) -> list[Any]:
    many: list[Any] = []
    for _one in range(count):
        value: Any = []
        for _level in range(depth):
            value = [value]
        many.append(value)
    return many


@pytest.mark.parametrize(
    ("depth", "count"),
    [(900, 1600), (30, 48_000), (1, 620_000), (0, 980_000)],
    ids=["deep", "as deep as may be", "wide", "flat"],
)
def test_nesting_that_json_allows_is_refused_at_once(
    heavy: Running, bench: Ed25519Signer, depth: int, count: int
) -> None:
    """Nearly all that a report may weigh, of what no version knows."""
    report = fresh()
    document = {**codec.to_builtins(report), "weather": nested(depth, count)}
    body = bench.sign(json.dumps(document, separators=(",", ":")).encode())
    assert 0.85 * LARGEST < len(body) <= LARGEST
    began = time.monotonic()
    answer = heavy.put(report.report_id, body)
    assert time.monotonic() - began < _REFUSED_S
    refused(answer, 422, "out-of-bounds")
    assert answer.json()["field"].startswith("weather")


def test_a_stop_does_not_wait_for_what_is_being_made(tmp_path: Path) -> None:
    """Pages and papers of each heavy report, for sixteen readers."""
    station = enrolled(tmp_path / "reprise.db", tmp_path / "stick")
    with serving(tmp_path / "reprise.db") as server, ThreadPoolExecutor(16) as readers:
        ids = [stored(server, station, make()) for make in HEAVY.values()]
        server.get("/")  # one that is logged in

        def read(path: str) -> None:
            try:
                server.get(path)
            except requests.RequestException:
                return

        pages = [f"/reports/{n}{p}" for n in ids for p in ("", "/certificate.pdf")]
        for path in pages * 3:
            readers.submit(read, path)
        time.sleep(0.7)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(30)
        assert time.monotonic() - began < _ENDS_S
        assert server.process.returncode == 0
