"""Where the certificate's rows and pages begin and end, whatever stands in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reportlab.lib.units import mm

from reprise import i18n
from reprise.documents import certificate, style
from reprise.documents.text import register_fonts
from reprise.domain.plan import Refusal, RefusalCode
from unit import samples
from unit.certificate_kit import HDD, lines, of


def test_a_page_is_written_from_14_mm_below_its_head_to_5_mm_above_its_foot_line() -> None:
    """A millimetre less, and what just fitted stands on another page."""
    frame = certificate._frame()
    assert (frame._y1, frame._y2) == pytest.approx((19 * mm, style.PAGE[1] - 14 * mm))


def test_the_long_name_of_a_common_drive_stays_on_one_line_of_the_summary() -> None:
    register_fonts()
    who = replace(HDD.identity, model="SAMSUNG MZ7LN256HMJP-000L7")
    named = replace(samples.drive_record(HDD, samples.attempt(HDD)), identity=who)
    with i18n.using("en"):
        summary = certificate._summary(of(named))
    summary.wrap(style.WIDTH, style.PAGE[1])
    name = summary._cellvalues[1][1][0]
    assert name.text == who.model
    assert len(name.blPara.lines) == 1


def test_a_drive_that_carries_many_volumes_gets_its_paper() -> None:
    """Each volume is a reason: some are in the summary, all in the details."""
    held = samples.refused_record(HDD, RefusalCode.HELD, "dm-0")
    volumes = tuple(Refusal(RefusalCode.HELD, f"dm-{number}") for number in range(100))
    told = lines(of(replace(held, refusals=volumes)))
    assert "… and 94 more, in the details of the drive." in told
    assert [sum(f"(dm-{n})" in line for line in told) for n in (0, 5, 6, 99)] == [2, 2, 1, 1]
    seven = lines(of(replace(held, refusals=volumes[:7])))
    assert not [line for line in seven if line.startswith("… and")]


def test_a_row_may_be_longer_than_a_page() -> None:
    odd = replace(HDD.identity, model="MODEL " * 1500)
    told = lines(of(replace(samples.drive_record(HDD, samples.attempt(HDD)), identity=odd)))
    assert sum(line.count("MODEL") for line in told) >= 3000
