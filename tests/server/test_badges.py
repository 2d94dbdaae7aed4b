"""The badge of a report says what the proof says, never more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from server.kit import Running, fresh
from server.pages import one_drive, stored
from unit.domain.pc import samples

pytestmark = pytest.mark.whole


def badge(server: Running, report_id: str) -> str:
    """The one large badge of a report's page."""
    html = server.get(f"/reports/{report_id}?lang=en").text
    found = re.findall(r'class="badge (\w+) large"><span[^>]*>.</span>([^<]+)<', html)
    assert len(found) == 1
    return ": ".join(found[0])


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (samples.good_report(), "good: Erased and verified"),
        (one_drive(Verdict.VERIFIED), "good: Erased and verified"),
        (one_drive(Verdict.UNVERIFIED), "doubt: Not verified"),
        (one_drive(Verdict.FAILED), "bad: Failed"),
        (one_drive(None), "bad: Interrupted"),
        (samples.many_report(), "bad: Failed"),
        (samples.empty_report(), "plain: No drive"),
        (samples.bare_report(), "doubt: Not all erased"),
        (samples.hiding_report(), "doubt: Not all erased"),
    ],
)
def test_badges_follow_the_proof(
    server: Running, station: Ed25519Signer, report: Report, word: str
) -> None:
    assert badge(server, stored(server, station, fresh(report))) == word
    certified = report_outcome(report) is Outcome.ERASED  # the certificate agrees
    assert certified == word.startswith("good")


@pytest.mark.parametrize("lie", ["no attempt", "not verified", "nothing achieved", "left out"])
def test_sanitized_without_proof_is_not_believed(
    server: Running, station: Ed25519Signer, lie: str
) -> None:
    """A station that says more than it saw: the page never says "erased" for it."""
    report = fresh(samples.good_report(), serial=f"LIE-{lie}")
    first = report.drives[0]
    assert first.state is DriveState.SANITIZED
    unproven = replace(first.attempts[0], verdict=Verdict.UNVERIFIED)
    changed = {
        "no attempt": (replace(first, attempts=()),),
        "not verified": (replace(first, attempts=(unproven,)),),
        "nothing achieved": (replace(first, achieved=Method.NONE),),
        "left out": (),
    }[lie]
    report = replace(report, drives=(*changed, *report.drives[1:]))
    report_id = stored(server, station, report)
    word = "doubt: Not all erased" if lie == "left out" else "doubt: Not verified"
    assert badge(server, report_id) == word
    listed = server.get(f"/?q={report_id}&lang=en").text.partition("<tbody>")[2]
    assert word.partition(": ")[2] in listed
    assert "Erased and verified" not in listed


def test_a_controller_that_may_hide_drives_is_named_on_the_page(
    server: Running, station: Ed25519Signer
) -> None:
    report_id = stored(server, station, fresh(samples.hiding_report()))
    html = server.get(f"/reports/{report_id}?lang=fr").text
    assert "derrière un contrôleur RAID" in html
    assert "0000:00:17.0" in html


def test_an_operators_word_is_named_as_one_on_the_page(
    server: Running, station: Ed25519Signer
) -> None:
    report = fresh(samples.good_report(), serial="STATED")
    about = Unreached(UnreachedKind.NO_DRIVER, "0000:03:00.0", "class=0805")
    report = replace(
        report,
        inventory=replace(report.inventory, unreached=(about,)),
        stated=(Statement(about, "C. Martin"),),
    )
    report_id = stored(server, station, report)
    assert badge(server, report_id) == "good: Erased and verified"
    html = server.get(f"/reports/{report_id}?lang=fr").text
    assert "C. Martin déclare" in html
    assert "0000:03:00.0" in html
