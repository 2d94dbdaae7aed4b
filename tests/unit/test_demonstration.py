"""What a demonstration signs can never be taken for the proof of an erasure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reprise import codec
from reprise.__main__ import main
from reprise.adapters.outbox import StoreOutbox
from reprise.adapters.signing import (
    DEMO_TYPE,
    FormatError,
    generate_signer,
    load_public_key,
    verify_jws,
)
from reprise.adapters.store import FolderStore
from reprise.codec import sha256_hex
from reprise.documents.certificate import certificate_pdf
from reprise.domain.events import Purpose
from reprise.domain.fold import fold
from reprise.domain.hardware import Machine
from reprise.domain.report import DEMO_SCHEMA, SCHEMA
from reprise.workflow.submit import seal_left
from unit import samples
from unit.delivery_samples import DRIVE, SESSION, attempt, finished, inventory, stamped, started
from unit.drives import pc

DEMO = Purpose.DEMONSTRATION


def test_the_journal_says_it_and_the_report_is_another_document() -> None:
    played = (started(purpose=DEMO), inventory(), attempt(), finished())
    assert fold(stamped(*played)).schema == DEMO_SCHEMA
    real = (started(), *played[1:])
    assert fold(stamped(*real)).schema == SCHEMA


def test_its_signature_is_not_one_of_a_report() -> None:
    signer = generate_signer(DEMO_TYPE)
    key = load_public_key(signer.public_pem(), "k")
    with pytest.raises(FormatError, match="reprise-demo"):
        verify_jws(signer.sign(b"{}"), key)


@pytest.mark.parametrize("kind", [DEMO_TYPE, "reprise-report+jws"])
@pytest.mark.parametrize(
    "line",
    [
        ("verify", "r.jws", "--key", "k.pem"),
        ("show", "r.jws"),
        ("pdf", "r.jws", "-o", "out.pdf"),
        ("pdf", "r.jws", "-o", "out.pdf", "--key", "k.pem"),
    ],
    ids=" ".join,
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
    assert "demonstration" in told.err or "not as a report" in told.err
    assert not (tmp_path / "out.pdf").exists()


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
    sealed = seal_left(left, pc(DRIVE, machine=machine), store, signer, StoreOutbox(store))
    assert len(sealed) == made
