"""Of a failure one cause is told and one advice, alike on the screen, by ear and on the line of
`reprise erase`; the reasons themselves stay in the report."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from reprise import i18n, wording
from reprise.cli.erase_result import sentence
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report import events as ev
from reprise.domain.report.outcome import DriveResult
from reprise.line_interface.shown import outcome
from reprise.sentences.drive_history import story
from reprise.sentences.drives import advice, detail
from unit.domain.drives.drives import hdd
from unit.workflow.session.test_drive_view import BEGIN, end, went

# What the demonstration of a drive with bad sectors ended with, in the verdict's own order.
BAD_SECTORS = ("write-errors", "flush-not-seen", "read-back-not-seen", "not-all-written")
CODES = [code.value for code in ReasonCode]


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=\.)\s", text) if one]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_cause_and_one_advice_are_told_of_a_failure(language: str) -> None:
    view = went(BEGIN, end(Verdict.FAILED, *BAD_SECTORS))
    with i18n.using(language):
        assert detail(view) == wording.code("write-errors")
        told = (advice(view), outcome(view))
        for text in told:
            assert text.count(wording.advice_for_reasons(BAD_SECTORS)) == 1
            assert "Effacez-le de nouveau" not in text and "Erase it again" not in text
        for code in BAD_SECTORS[1:]:
            assert wording.code(code) not in outcome(view)
        line = sentence(hdd(), DriveResult(DriveState.FAILED, reasons=BAD_SECTORS), "r", None)
        assert wording.code("write-errors") in line
        assert not any(wording.code(code) in line for code in BAD_SECTORS[1:])


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.UNVERIFIED])
@pytest.mark.parametrize("code", CODES)
def test_what_to_do_never_says_two_things(code: str, verdict: Verdict) -> None:
    with i18n.using("en"):
        text = advice(went(BEGIN, end(verdict, code)))
    assert len(sentences(text)) <= 2, text
    assert text.lower().count("erase it again") <= 1
    assert text.lower().count("destroyed") <= 1


def test_every_code_has_its_place_and_every_trouble_its_advice() -> None:
    assert {wording.leading((code,)) for code in CODES} == set(CODES)
    ranked = sorted(
        CODES, key=lambda one: [wording.leading((one, c)) == one for c in CODES].count(True)
    )
    beaten = [sum(wording.leading((one, other)) == other for other in CODES) for one in CODES]
    assert sorted(beaten) == list(range(1, len(CODES) + 1)), "a strict order over all of them"
    good = {"read-back-in-full", "read-back-sampled"}
    assert set(ranked[:2]) == good, "good news never leads where there is trouble"
    without = {code for code in CODES if not wording.advice_for_reasons((code,))}
    assert without == good


def test_the_order_of_the_reasons_does_not_matter() -> None:
    for one, other in combinations(CODES, 2):
        assert wording.leading((one, other)) == wording.leading((other, one))


@pytest.mark.parametrize(
    ("cause", "followed_by"),
    [
        ("write-errors", ("not-all-written", "read-back-not-seen", "flush-not-seen")),
        ("command-failed", ("command-end-not-seen", "canaries-not-checked", "read-back-not-seen")),
        ("stopped", ("not-all-written", "not-all-read-back")),
        ("read-errors", ("not-all-read-back",)),
        ("capacity-is-not-real", ("read-back-differs", "write-errors")),
        ("identity-changed", ("command-failed", "write-errors")),
        ("canary-survived", ("read-back-differs",)),
        ("limitation-not-accepted", ("canaries-not-planted",)),
    ],
)
def test_what_follows_from_a_cause_does_not_lead(cause: str, followed_by: tuple[str, ...]) -> None:
    assert wording.leading((*followed_by, cause)) == cause


def test_a_code_without_words_gives_way_and_alone_stands_for_itself() -> None:
    assert wording.leading(("strange", "mismatch-of-something")) == "strange"
    assert wording.leading(("strange", "read-errors")) == "read-errors"
    assert wording.leading(()) == ""


def test_a_drive_that_was_unplugged_is_to_be_plugged_in_again() -> None:
    cut = went(BEGIN, ev.DriveInterrupted(BEGIN.drive, "j", "unplugged", 0))
    with i18n.using("fr"):
        assert detail(cut) == "le disque a été débranché"
        assert "Rebranchez-le, puis redémarrez ce PC depuis la clé" in outcome(cut)
        assert "l’effacement pourra être terminé" in outcome(cut)


def test_an_attempt_that_failed_is_told_by_its_cause_too() -> None:
    late_first = tuple(reversed(BAD_SECTORS))
    view = went(BEGIN, end(Verdict.FAILED, *late_first), BEGIN, end(Verdict.FAILED, *late_first))
    with i18n.using("en"):
        text = story(view)
        assert text.count(wording.code("write-errors")) == 2
        assert wording.code("not-all-written") not in text
