"""The certificate never says more than the report proves, and says all that it must."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from reportlab.platypus import Paragraph, Table

from reprise import i18n, wording
from reprise.documents import certificate
from reprise.documents.certificate import certificate_pdf
from reprise.documents.proof import SignatureFacts, qr_text
from reprise.documents.text import lacks_glyphs, register_fonts, visible
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import ConfirmedBy, RefusalCode
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples

CHECKED = SignatureFacts(kid=samples.KID, sha256="9e" * 32, verified=True, station="cyber-base-1")
UNCHECKED = replace(CHECKED, verified=False)


def _texts(flowables: Any) -> Iterator[str]:
    for one in flowables:
        if isinstance(one, Paragraph):
            yield re.sub(r"\s+", " ", one.getPlainText(identify=1))
        elif isinstance(one, Table):
            for row in one._cellvalues:
                for cell in row:
                    yield from _texts(cell if isinstance(cell, list | tuple) else [cell])
        elif hasattr(one, "_content"):
            yield from _texts(one._content)


def words(report: Report, lang: str = "en", proof: SignatureFacts | None = CHECKED) -> str:
    register_fonts()
    with i18n.using(lang):
        title = wording.report_title(report)
        return "\n".join(_texts(certificate._story(report, title, proof)))


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("make", samples.ALL, ids=lambda make: make.__name__)
def test_the_same_report_gives_the_same_bytes(make: Any, lang: str) -> None:
    first = certificate_pdf(make(), lang=lang, proof=CHECKED)
    assert first.startswith(b"%PDF-")
    assert certificate_pdf(make(), lang=lang, proof=CHECKED) == first
    assert _pages(first) >= 2


@pytest.mark.parametrize("count", [0, 1, 2, 14])
def test_any_number_of_drives_fits(count: int) -> None:
    report = samples.many_report(count) if count else samples.empty_report()
    told = words(report)
    for record in report.drives:
        assert told.count(str(record.identity.serial)) >= 2  # in the summary and in the details
    assert _pages(certificate_pdf(report, lang="fr", proof=None)) <= 2 + count


def test_a_report_is_a_certificate_only_where_every_drive_is_verified() -> None:
    assert report_outcome(samples.good_report()) is Outcome.ERASED
    assert "Erasure certificate" in words(samples.good_report())
    for make in samples.ALL[len(samples.GOOD) :]:
        assert report_outcome(make()) is not Outcome.ERASED
        for lang, title in (("en", "certificate"), ("fr", "Certificat")):
            told = words(make(), lang).split("\n")
            assert not any(title in line and len(line) < 40 for line in told), make.__name__


@pytest.mark.parametrize("verdict", [Verdict.UNVERIFIED, Verdict.FAILED, None])
def test_one_bad_drive_among_good_ones_spoils_the_certificate(verdict: Verdict | None) -> None:
    good = samples.good_report()
    other = hdd(5)
    bad = samples.drive_record(other, samples.attempt(other, verdict))
    report = replace(good, drives=(*good.drives, bad))
    assert report_outcome(report) is not Outcome.ERASED
    assert "do not release this computer" in words(report)
    assert "ne pas céder cet ordinateur" in words(report, "fr")


def test_a_state_that_its_attempt_does_not_prove_is_not_believed() -> None:
    good = samples.good_report()
    liars = (
        replace(good.drives[0], attempts=()),
        replace(good.drives[0], achieved=Method.NONE),
        replace(
            good.drives[0],
            attempts=(replace(good.drives[0].attempts[0], verdict=Verdict.UNVERIFIED),),
        ),
    )
    for liar in liars:
        assert liar.state is DriveState.SANITIZED
        assert report_outcome(replace(good, drives=(liar, *good.drives[1:]))) is not Outcome.ERASED


def test_a_drive_that_no_record_tells_of_is_listed_as_not_treated() -> None:
    good = samples.good_report()
    report = replace(good, drives=good.drives[1:])
    assert report_outcome(report) is not Outcome.ERASED
    assert str(hdd().identity.serial) in words(report)


def test_the_stick_is_listed_and_does_not_count() -> None:
    told = words(samples.good_report())
    assert "Cruzer Blade" in told
    assert "it is the medium that Reprise started from (/run/live/medium)" in told
    assert "Drives erased and verified: 2 of 2" in told


def test_a_refused_internal_drive_counts() -> None:
    good, drive = samples.good_report(), hdd(4)
    refused = samples.refused_record(drive, RefusalCode.HELD, "md0")
    assert report_outcome(replace(good, drives=(*good.drives, refused))) is not Outcome.ERASED


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (CHECKED, "checked and good"),
        (UNCHECKED, "Signature: NOT CHECKED"),
        (None, "Signature: not signed"),
    ],
)
def test_the_signature_is_told_as_it_is(proof: SignatureFacts | None, expected: str) -> None:
    told = words(samples.good_report(), proof=proof)
    assert expected in told
    assert ("this document proves nothing" in told) is (proof is not CHECKED)


def test_a_revoked_key_is_told() -> None:
    revoked = replace(CHECKED, revoked_at="2026-12-01T08:00:00Z")
    assert "Key revoked" not in words(samples.good_report())
    assert "1 December 2026 at 08:00" in words(samples.good_report(), proof=revoked).replace(
        "\u00a0", " "
    )


def test_a_report_from_a_journal_that_breaks_off_says_which_one_would_count() -> None:
    report = samples.good_report()
    own = "0b7c9f3e-6a54-4c58-9a57-2f1d6a1b8e11"
    assert "interrupted journal" not in words(report)
    text = words(replace(report, left_of=own))
    assert "from an interrupted journal" in text and f"Its number: {own}." in text
    older = str(uuid.uuid5(uuid.NAMESPACE_OID, f"reprise-left:{report.session_id}"))
    assert "from an interrupted journal" in words(replace(report, report_id=older))


def test_what_a_data_protection_officer_asks_for_is_there() -> None:
    report = samples.good_report()
    told = words(report, "fr")
    for needed in (
        "Fabricant",
        "ST500LM021-1KJ152",
        "W62A0001",
        "INV-2017-0418",
        "Type de support",
        "Mairie d’Exemple-sur-Loire",
        "Clear (effacement logique)",
        "Réécriture par des données pseudo-aléatoires",
        "Reprise 0.1.0, image 2026.11.24",
        "Relecture complète",
        "M. Œrsted-Lefèvre",
        "Fonction",
        "Contact",
        "Signature",
        "Validation",
        "Zones masquées",
        "Ce qui ne peut pas être prouvé",
        report.report_id,
        samples.KID,
        "9e9e9e9e",
        "certification de l’ANSSI (CSPN)",
        "openssl pkeyutl -verify",
        "Le rapport JSON signé fait foi",
    ):
        assert needed in told, needed


def test_medium_errors_and_a_lying_clock_are_told() -> None:
    told = words(samples.bad_report())
    assert "976,773,160 – 976,773,167" in told
    assert "was not synchronised" in told
    assert "power cut or restart" in told


def test_unknown_facts_say_why_and_hostile_names_stay_text() -> None:
    told = words(samples.bare_report())
    assert "unknown (the hardware does not say)" in told  # the drive's serial number
    assert "unknown (no reason given)" in told
    assert "no partition table or file system found" not in told
    assert "a tool that is needed failed (smartctl <exit 2>)" in told
    assert "<b>&\"'‹U+041C›" in told
    assert "stands for a character" in told


def test_all_texts_can_be_drawn() -> None:
    register_fonts()
    catalogue = i18n._catalogue("fr")
    texts = [t for t in catalogue._catalog.values() if isinstance(t, str)]  # type: ignore[attr-defined]
    assert len(texts) > 250
    assert [t for t in texts if lacks_glyphs(t)] == []
    assert visible("12\u202f000") == "12\u00a0000"


def test_the_qr_code_names_the_report() -> None:
    report = samples.good_report()
    assert report.report_id in qr_text(report, None)
    assert "9e" * 32 in qr_text(report, CHECKED)
    url = "https://example.org/reports/1"
    assert qr_text(report, replace(CHECKED, url=url)) == url


def test_a_plan_that_nobody_confirmed_is_not_called_the_operators() -> None:
    report = samples.good_report()
    operator, settings = "the operator confirmed", "without an operator"
    assert operator in words(report)
    alone = words(replace(report, confirmed_by=ConfirmedBy.UNATTENDED))
    assert settings in alone
    assert operator not in alone
    older = words(replace(report, confirmed_by=None))
    assert operator in older


def test_a_recommendation_is_no_part_of_the_proof() -> None:
    report = samples.good_report()
    assert report.triage is not None and report.impact is not None
    assert words(report) == words(replace(report, triage=None, impact=None))
