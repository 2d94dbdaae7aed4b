"""Which of the reports of one session counts."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import permutations

import pytest

from reprise.codec import from_json, to_json
from reprise.domain.report.one_session import Word, left_ids, truth, word_of
from reprise.domain.report.report import Report
from unit.domain.pc import samples

OWN, SHORT, LONG = Word("c", False, 50.0), Word("a", True, 10.0), Word("b", True, 40.0)


def test_its_own_report_counts_before_any_that_breaks_off() -> None:
    for words in permutations((OWN, SHORT, replace(LONG, session_s=999.0))):
        assert truth(words) == "c"


def test_of_two_that_break_off_the_longer_one_counts() -> None:
    for words in permutations((SHORT, LONG)):
        assert truth(words) == "b"
    same = replace(LONG, report_id="z")
    assert truth((same, LONG)) == truth((LONG, same)) == "b"


def test_no_report_is_no_truth() -> None:
    with pytest.raises(ValueError):
        truth(())


def test_a_report_says_what_it_is() -> None:
    own = samples.good_report()
    assert word_of(own) == Word(own.report_id, False, own.clock.session_s)
    assert word_of(replace(own, left_of="r")).left


def test_older_versions_marked_it_by_its_number_alone() -> None:
    report = samples.good_report()
    text = f"reprise-left:{report.session_id}"
    older = str(uuid.uuid5(uuid.NAMESPACE_OID, text))
    assert word_of(replace(report, report_id=older)).left
    assert left_ids(report.session_id, "00")[1] == older


def test_another_length_of_the_journal_is_another_report() -> None:
    assert left_ids("s", "00")[0] != left_ids("s", "01")[0]
    assert left_ids("s", "00") == left_ids("s", "00")
    assert left_ids("s", "00")[0] != left_ids("t", "00")[0]


def test_an_older_report_is_the_sessions_own() -> None:
    text = to_json(samples.good_report())
    older = text.replace(b'"left_of":"",', b"").replace(b',"left_of":""', b"")
    assert older != text
    assert from_json(older, Report).left_of == ""
