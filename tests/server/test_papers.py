"""What is printed of a report: made once, kept, and never older than what it tells of."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.codec import sha256_hex
from reprise.documents.certificate import certificate_pdf
from reprise.documents.proof import SignatureFacts
from reprise.domain.report.report import Report
from server.kit import Running, enrolled, fresh, reprise, serving, signed
from server.pages import certificate, paper, stored
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
DATA = "reprise-data/papers"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("papers")


@pytest.fixture(scope="module")
def bench(here: Path) -> Ed25519Signer:
    return enrolled(here / "reprise.db", here / "stick")


@pytest.fixture(scope="module")
def alone(here: Path, bench: Ed25519Signer) -> Iterator[Running]:
    with serving(here / "reprise.db") as running:
        yield running


def expected(server: Running, station: Ed25519Signer, report: Report, **more: str) -> bytes:
    """What its certificate has to be, made here."""
    receipt = server.put(report.report_id, signed(station, report)).json()
    facts = SignatureFacts(
        kid=station.kid,
        sha256=receipt["sha256"],
        verified=True,
        station="Bench 1",
        received_at=receipt["received_at"],
        **more,
    )
    return certificate_pdf(report, lang="en", proof=facts)


def file_of(here: Path, pdf: bytes) -> Path:
    """Of the store: a line with the paper's name, and the paper; called as its bytes."""
    (file,) = (one for one in (here / DATA).glob("*/*") if one.read_bytes().endswith(pdf))
    name, _end, rest = file.read_bytes().partition(b"\n")
    assert (len(name), rest) == (64, pdf)
    assert (file.parent.name, file.name) == (file.name[:2], sha256_hex(file.read_bytes()))
    return file


def made(server: Running) -> int:
    return server.log.read_text().count(": made in ")


def test_a_paper_is_made_once(alone: Running, bench: Ed25519Signer) -> None:
    report = fresh()
    path = f"/reports/{stored(alone, bench, report)}/certificate.pdf?lang=en"
    before = made(alone)
    first = paper(alone, path)
    assert first.content == expected(alone, bench, report)
    again = alone.get(path)  # no wait
    assert again.content == first.content
    known = alone.get(path, **{"If-None-Match": first.headers["etag"]})
    assert known.status_code == 304
    assert known.headers["etag"] == first.headers["etag"]
    assert known.content == b""
    assert made(alone) == before + 1
    assert certificate(alone, report.report_id, "fr") != first.content
    assert made(alone) == before + 2


def test_papers_are_read_by_their_owner_alone(
    alone: Running, bench: Ed25519Signer, here: Path
) -> None:
    pdf = certificate(alone, stored(alone, bench, fresh()))
    folder, file = here / DATA, file_of(here, pdf)
    for made_, mode in ((file, 0o600), (file.parent, 0o700), (folder, 0o700), (here, 0o700)):
        assert made_.stat().st_mode & 0o777 == mode
    assert (folder.parent.stat().st_mode & 0o777) == 0o700
    assert (folder / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f0688")


@pytest.mark.parametrize("how", ["changed", "gone", "cut", "all gone"])
def test_a_paper_that_was_changed_is_made_anew(
    alone: Running, bench: Ed25519Signer, here: Path, how: str
) -> None:
    report = fresh()
    report_id = stored(alone, bench, report)
    pdf = certificate(alone, report_id)
    file = file_of(here, pdf)
    if how == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    elif how == "cut":
        file.write_bytes(file.read_bytes()[:-1])
    elif how == "gone":
        file.unlink()
    else:
        shutil.rmtree(here / "reprise-data")
    assert certificate(alone, report_id) == pdf
    assert file_of(here, pdf) == file


def test_whatever_a_row_says_no_report_has_the_paper_of_another(
    alone: Running, bench: Ed25519Signer, here: Path
) -> None:
    """Neither that of another report, nor its own of before."""
    failed = stored(alone, bench, fresh(samples.bad_report()))
    of_failed = certificate(alone, failed)
    pdf = certificate(alone, stored(alone, bench, fresh()))
    other, own = file_of(here, pdf).name, file_of(here, of_failed).name
    with closing(sqlite3.connect(here / "reprise.db")) as raw:
        for sha256 in (other, sha256_hex(pdf)):
            with raw:
                line = "UPDATE papers_paper SET sha256 = ? WHERE report_id = ?"
                assert raw.execute(line, (sha256, failed)).rowcount == 1
            (here / DATA / sha256[:2]).mkdir(exist_ok=True)
            if sha256 != other:  # a PDF as it is, laid beside the papers
                (here / DATA / sha256[:2] / sha256).write_bytes(pdf)
            assert certificate(alone, failed) == of_failed
            named = raw.execute("SELECT sha256 FROM papers_paper WHERE report_id = ?", (failed,))
            assert named.fetchall() == [(own,)]


def test_a_paper_tells_of_a_revoked_key_at_once(alone: Running, here: Path) -> None:
    database = here / "reprise.db"
    station = enrolled(database, here / "other", "Bench 2")
    report = fresh()
    report_id = stored(alone, station, report)
    before = certificate(alone, report_id)
    assert reprise("enroll", f"--revoke={station.kid}", "--database", str(database)).returncode == 0
    after = certificate(alone, report_id)
    assert after != before
    with closing(sqlite3.connect(database)) as raw:
        asked = "SELECT revoked_at FROM stations_station WHERE kid = ?"
        (moment,) = raw.execute(asked, (station.kid,)).fetchone()
    revoked = moment[:19].replace(" ", "T") + "Z"
    receipt = alone.put(report_id, signed(station, report)).json()
    facts = SignatureFacts(
        kid=station.kid,
        sha256=receipt["sha256"],
        verified=True,
        station="Bench 2",
        received_at=receipt["received_at"],
        revoked_at=revoked,
    )
    assert after == certificate_pdf(report, lang="en", proof=facts)


def test_a_paper_tells_of_a_report_that_counts_instead(
    alone: Running, bench: Ed25519Signer
) -> None:
    own = fresh()
    left = replace(own, report_id=str(uuid.uuid4()), left_of=own.report_id)
    before = expected(alone, bench, left)
    assert certificate(alone, left.report_id) == before
    stored(alone, bench, own)
    after = certificate(alone, left.report_id)
    assert after == expected(alone, bench, left, superseded_by=own.report_id)
    assert after != before


def test_a_damaged_report_has_no_paper_though_it_had_one(
    alone: Running, bench: Ed25519Signer, here: Path
) -> None:
    report_id = stored(alone, bench, fresh())
    path = f"/reports/{report_id}/certificate.pdf?lang=en"
    etag = paper(alone, path).headers["etag"]
    with closing(sqlite3.connect(here / "reprise.db")) as raw, raw:
        longer = "UPDATE reports_report SET jws = CAST(jws || 'A' AS BLOB) WHERE report_id = ?"
        raw.execute(longer, (report_id,))
    for headers in ({}, {"If-None-Match": etag}):
        answer = alone.get(path, **headers)
        assert answer.status_code == 500
        assert answer.json()["type"] == "/problems/damaged"
