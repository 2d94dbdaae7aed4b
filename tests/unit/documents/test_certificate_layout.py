"""Where the certificate's rows and pages begin and end, whatever stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pytest
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, PageTemplate, Spacer, Table

from reprise import i18n
from reprise.documents import certificate, parts, style
from reprise.documents.tagged import TaggedCanvas
from reprise.documents.text import register_fonts
from reprise.domain.planning.plan import Refusal, RefusalCode
from unit.documents.certificate_kit import HDD, lines, of
from unit.domain.pc import samples


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
    report = of(replace(samples.drive_record(HDD, samples.attempt(HDD)), identity=odd))
    assert sum(line.count("MODEL") for line in lines(report)) >= 3000
    assert certificate.certificate_pdf(report, lang="en", proof=None).startswith(b"%PDF-")


class _Placed(BaseDocTemplate):  # type: ignore[misc]
    """Notes what came on which page: a paragraph's words, a table's rows but the header."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), pagesize=style.PAGE)
        self.addPageTemplates(PageTemplate(frames=[certificate._frame()]))
        self.placed: list[tuple[int, str]] = []

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        if isinstance(flowable, Table):
            rows = flowable._cellvalues[1:]
            told = ["/".join(str(len(cell)) for cell in row) for row in rows]
            self.placed += [(self.page, row) for row in told]
        elif hasattr(flowable, "getPlainText"):
            self.placed.append((self.page, flowable.getPlainText()))


def _placed(room: float, *reasons: int) -> list[tuple[int, str]]:
    """A title and a grid with a row for each number of reasons, `room` points above the foot."""
    register_fonts()
    rows: Sequence[Sequence[list[Flowable]]] = [
        ([parts.text("REFUSED")], [parts.text(f"reason {n}") for n in range(count)])
        for count in reasons
    ]
    line = parts.text("above")
    used = line.wrap(style.WIDTH, style.PAGE[1])[1]
    made = _Placed()
    grid = parts.grid(("Verdict", "Done"), rows, (60, 100))
    above = Spacer(0, style.HEIGHT - used - room)
    made.build([line, above, *parts.headed("Drives", grid)], canvasmaker=TaggedCanvas)
    return made.placed[1:]


@pytest.mark.parametrize("room", [72, 85, 100, 120])
def test_a_row_that_a_page_holds_is_not_torn(room: float) -> None:
    """A verdict at the foot of a page and its reasons overleaf read as two drives. The title comes
    along."""
    assert _placed(room, 7, 7) == [(2, "Drives"), (2, "1/7"), (2, "1/7")]


def test_a_grid_begins_where_its_first_row_fits() -> None:
    assert _placed(200, 7, 7) == [(1, "Drives"), (1, "1/7"), (2, "1/7")]


def test_only_a_row_longer_than_a_page_is_torn() -> None:
    title, *rows = _placed(300, 120, 7)
    assert title == (1, "Drives")
    pages, torn = zip(*rows, strict=True)
    assert pages == (1, 2, 3, 3)  # it begins where it stands
    assert sum(int(row.partition("/")[2]) for row in torn[:-1]) == 120
    assert torn[-1] == "1/7"
