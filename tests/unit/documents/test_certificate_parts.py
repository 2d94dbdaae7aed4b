"""The parts of the certificate, in their order, and whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.techniques import Verdict
from unit.documents.certificate_kit import HDD, REPORT, lines, of, pairs
from unit.documents.test_certificate import words
from unit.domain.pc import samples


def test_the_paper_has_all_its_parts_in_order() -> None:
    told = lines(replace(REPORT, clock=replace(REPORT.clock, trusted=False)))
    parts = (
        "Computer",
        "Drives",
        "People",
        "Details of each drive",
        "What cannot be proven:",
        "Dates",
        "Installed afterwards",
        "Authenticity",
    )
    places = [told.index(part) for part in parts]
    assert places == sorted(places)
    header = ["", "Drive", "Size", "Technique", "Method", "Verdict"]
    at = told.index("Verdict")
    assert told[at - 5 : at + 1] == header


def test_whose_paper_it_is_stands_above_it() -> None:
    assert lines(REPORT)[0] == "Communauté d’agglomération du Pays d’Exemple"
    assert (
        lines(replace(REPORT, operator=replace(REPORT.operator, organisation="")))[0] == "Reprise"
    )
    assert "Serial number 7XQ2K12 – Asset tag INV-2017-0418" in lines(REPORT)
    untagged = replace(REPORT.operator, asset_tag="")
    assert "Serial number 7XQ2K12" in lines(replace(REPORT, operator=untagged))
    machine = replace(REPORT.inventory.machine, serial=None, maker=None, model=None)
    bare = replace(REPORT, inventory=replace(REPORT.inventory, machine=machine))
    assert "Serial number unknown – Asset tag INV-2017-0418" in lines(bare)
    assert "unknown computer" in lines(bare)
    half = replace(REPORT.inventory.machine, maker=None)
    assert "Latitude E6540" in lines(
        replace(REPORT, inventory=replace(REPORT.inventory, machine=half))
    )


def test_a_drive_without_names_is_told_as_unknown() -> None:
    who = replace(HDD.identity, model="", serial=None, size_bytes=0)
    nameless = replace(samples.refused_record(HDD, RefusalCode.NO_SIZE), identity=who)
    told = lines(of(nameless))
    assert "1. unknown model – S/N 0x5000c50000000001" in told
    at = told.index("unknown model")
    assert told[at + 1] == "S/N 0x5000c50000000001"
    assert "unknown" in told[at + 2 : at + 5]
    who = replace(who, wwn=None)
    told = lines(of(replace(nameless, identity=who)))
    assert "1. unknown model" in told and "S/N unknown" in told


def test_a_pc_without_a_drive_says_so() -> None:
    told = lines(samples.empty_report())
    assert "No drive was found in this computer." in told
    assert "Details of each drive" not in told
    assert "This computer holds no drive that could be erased." in told
    assert "No drive erased" in told


@pytest.mark.parametrize(
    ("verdict", "words_", "short"),
    [
        (Verdict.FAILED, "FAILED – do not release this computer", "Erasure failed"),
        (Verdict.UNVERIFIED, "NOT VERIFIED – do not release this computer", "NOT VERIFIED"),
        (None, "INCOMPLETE – do not release this computer", "Interrupted"),
    ],
)
def test_each_bad_end_forbids_to_release_the_pc(
    verdict: Verdict | None, words_: str, short: str
) -> None:
    told = lines(of(samples.drive_record(HDD, samples.attempt(HDD, verdict, reasons=("x",)))))
    at = told.index(words_)
    assert told[at + 1] == (
        "Drives erased and verified: 0 of 1. This document certifies nothing for the other drives."
    )
    assert told.count(short) >= 2, "in the summary and beside the drive"
    refused = lines(of(samples.refused_record(HDD, RefusalCode.HELD)))
    assert "INCOMPLETE – do not release this computer" in refused


def test_what_is_out_of_reach_is_said_beside_the_count() -> None:
    """ "2 of 2 erased" and "incomplete" are no contradiction then."""
    told = " ".join(lines(samples.hiding_report()))
    assert (
        "2 of 2. This document certifies nothing for the drives that this computer may hold out of"
        " reach, nor for any other." in told
    )


def test_what_rests_on_a_persons_word_is_named_at_the_top() -> None:
    place = Unreached(UnreachedKind.NO_DRIVER, "0000:05:00.0")
    good = samples.good_report()
    inventory = replace(good.inventory, unreached=(place,))
    stated = replace(good, inventory=inventory, stated=(Statement(place, "C. Martin"),))
    named = "and what rests on the operator’s statement below their table."
    assert named in " ".join(lines(stated))
    assert named not in " ".join(lines(good))


def test_a_text_that_the_font_cannot_draw_is_explained_and_only_then() -> None:
    note = "‹U+…› stands for a character that this document's font cannot draw."
    assert note in words(samples.bare_report()).replace("’", "'")
    assert note not in words(REPORT).replace("’", "'")


def test_the_tool_is_named_with_its_image_where_there_is_one() -> None:
    station = replace(REPORT.station, image_version="")
    assert ("Tool", "Reprise 0.1.0") in pairs(replace(REPORT, station=station))


def test_a_signature_that_was_not_checked_stands_above_the_verdict() -> None:
    told = words(REPORT, proof=None).split("\n")
    assert told.index("Signature: not signed") < told.index(
        "NOT VERIFIED – do not release this computer"
    )
