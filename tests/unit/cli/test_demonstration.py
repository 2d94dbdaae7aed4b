"""What a demonstration signs can never be taken for the proof of an erasure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from reprise import codec
from reprise.__main__ import main
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.signing.jws import (
    DEMO_TYPE,
    FormatError,
    generate_signer,
    load_public_key,
    verify_jws,
)
from reprise.adapters.storage.store import FolderStore
from reprise.codec import sha256_hex
from reprise.documents.certificate import certificate_pdf, specimen_pdf
from reprise.documents.proof import SignatureFacts, qr_text
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.events import Purpose
from reprise.domain.report.fold import fold
from reprise.domain.report.report import DEMO_SCHEMA, SCHEMA
from reprise.workflow.delivery.submit import seal_left
from unit.adapters.delivery.delivery_samples import (
    DRIVE,
    SESSION,
    attempt,
    finished,
    inventory,
    stamped,
    started,
)
from unit.documents.paper_kit import paper
from unit.domain.drives.drives import pc
from unit.domain.pc import samples

DEMO = Purpose.DEMONSTRATION


def test_the_journal_says_it_and_the_report_is_another_document() -> None:
    played = (started(purpose=DEMO), inventory(), attempt(), finished())
    assert fold(stamped(*played)).schema == DEMO_SCHEMA
    real = (started(), *played[1:])
    assert fold(stamped(*real)).schema == SCHEMA


def test_its_signature_is_not_one_of_a_report() -> None:
    signer = generate_signer(DEMO_TYPE)
    key = load_public_key(signer.public_pem(), "k")
    with pytest.raises(FormatError, match="démonstration"):
        verify_jws(signer.sign(b"{}"), key)


VERIFY, SHOW = ("verify", "r.jws", "--key", "k.pem"), ("show", "r.jws")
PDF = ("pdf", "r.jws", "-o", "out.pdf")
CHECKED_PDF = (*PDF, "--key", "k.pem")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (DEMO_TYPE, VERIFY),
        (DEMO_TYPE, SHOW),
        (DEMO_TYPE, CHECKED_PDF),
        *(("reprise-report+jws", line) for line in (VERIFY, SHOW, PDF, CHECKED_PDF)),
    ],
)
def test_no_command_takes_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    line: tuple[str, ...],
) -> None:
    """Neither by its signature nor, where a real key signed it, by what it says."""
    signer = generate_signer(kind)
    report = replace(samples.good_report(), schema=DEMO_SCHEMA)
    (tmp_path / "r.jws").write_bytes(signer.sign(codec.to_json(report)))
    (tmp_path / "k.pem").write_bytes(signer.public_pem())
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "en", "report", *line]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert "this comes from a demonstration" in told.err
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize(("lang", "word"), [("fr", "SPÉCIMEN"), ("en", "SPECIMEN")])
def test_its_pdf_is_a_specimen_on_every_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    word: str,
) -> None:
    report = replace(samples.good_report(), schema=DEMO_SCHEMA)
    jws = generate_signer(DEMO_TYPE).sign(codec.to_json(report))
    (tmp_path / "r.jws").write_bytes(jws)
    monkeypatch.chdir(tmp_path)
    stamped_pages, ended_pages = set[int](), list[int]()
    stamp, end = Canvas.drawCentredString, Canvas.showPage

    def stamping(canvas: Canvas, x: float, y: float, text: str) -> None:
        assert set(text.split()) == {word}
        stamped_pages.add(len(ended_pages))
        stamp(canvas, x, y, text)

    def ending(canvas: Canvas) -> None:
        ended_pages.append(1)
        end(canvas)

    monkeypatch.setattr(Canvas, "drawCentredString", stamping)
    monkeypatch.setattr(Canvas, "showPage", ending)
    assert main(["--lang", lang, "report", *PDF]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"{word} – ")
    assert word in told.err
    assert len(ended_pages) > 1
    assert stamped_pages == set(range(len(ended_pages)))
    pdf = (tmp_path / "out.pdf").read_bytes()
    title = word.encode("latin-1").replace(b"\xc9", rb"\311")
    assert b"/Title (" + title in pdf


@pytest.mark.parametrize("verified", [None, True])
def test_a_specimen_speaks_of_no_signature_and_names_no_page(verified: bool | None) -> None:
    report = replace(samples.good_report(), schema=DEMO_SCHEMA)
    proof = None
    if verified:
        url = "https://reprise.example.org/reports/1"
        proof = SignatureFacts(kid="k", sha256="0" * 64, verified=True, url=url)
    assert qr_text(report, proof) == f"SPECIMEN {report.report_id}"
    text = paper(report, "en", proof)
    assert "No drive was erased, nothing is proven" in text
    assert "title: " not in text.replace("title: SPECIMEN", "")


def test_what_a_demonstration_signs_as_a_report_is_no_specimen_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    jws = generate_signer(DEMO_TYPE).sign(codec.to_json(samples.good_report()))
    (tmp_path / "r.jws").write_bytes(jws)
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "en", "report", *PDF]) == 4
    assert "this comes from a demonstration" in capsys.readouterr().err
    assert not (tmp_path / "out.pdf").exists()


def test_no_specimen_is_made_of_a_report() -> None:
    with pytest.raises(ValueError, match="reprise-report"):
        specimen_pdf(samples.good_report(), lang="fr")


def test_no_document_is_made_of_it() -> None:
    report = replace(samples.good_report(), schema=DEMO_SCHEMA)
    with pytest.raises(ValueError, match="reprise-demo/1"):
        certificate_pdf(report, lang="fr", proof=None)


@pytest.mark.parametrize(("purpose", "made"), [(Purpose.REAL, 1), (DEMO, 0)])
def test_a_real_station_signs_nothing_of_one_that_was_cut_off(
    tmp_path: Path, purpose: Purpose, made: int
) -> None:
    """Even where its journal came to lie in a real store."""
    machine = Machine(serial="PC1")
    taken = replace(inventory(), inventory=pc(DRIVE, machine=machine))
    events = stamped(started(purpose=purpose), taken, attempt())
    store, signer = FolderStore(tmp_path), generate_signer()
    left = [(SESSION, events, sha256_hex(b"journal"))]
    sealed = seal_left(left, pc(DRIVE, machine=machine), signer, StoreOutbox(store))
    assert len(sealed) == made
