"""The PDF file itself: what it says of itself, and what stands at the foot of every page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from reportlab.lib.units import mm

from reprise.documents import certificate, style
from reprise.documents.certificate import certificate_pdf
from reprise.documents.pages import numbered_canvas
from unit.documents.certificate_kit import REPORT
from unit.documents.test_certificate import CHECKED
from unit.domain.pc import samples


@pytest.mark.parametrize(
    ("lang", "told", "title"),
    [
        ("en", "en-GB", "Erasure certificate"),
        ("fr", "fr-FR", "Certificat d\\220effacement"),
    ],
)
def test_a_reader_of_files_is_told_what_it_is(lang: str, told: str, title: str) -> None:
    pdf = certificate_pdf(samples.good_report(), lang=lang, proof=CHECKED).decode("latin-1")
    found = dict(re.findall(r"/(Lang|Author|Creator|Subject|Title) \((.*?)\)", pdf))
    assert found == {
        "Lang": told,
        "Author": "Reprise 0.1.0",
        "Creator": "Reprise",
        "Subject": samples.REPORT_ID,
        "Title": f"{title} \\205 Dell Inc. Latitude E6540",  # \\205: a dash
    }


def test_the_fonts_are_there_before_a_word_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another test of this process may have brought them already."""
    done: list[str] = []
    story = certificate._story
    monkeypatch.setattr(certificate, "register_fonts", lambda: done.append("fonts"))

    def told(*given: object) -> object:
        done.append("words")
        return story(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(certificate, "_story", told)
    certificate_pdf(REPORT, lang="en", proof=CHECKED)
    assert done == ["fonts", "words"]


def test_the_foot_names_the_report_and_counts_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []

    def canvas(footer: str, numbering: str, stamp: str) -> object:
        told.append((footer, numbering))
        assert not stamp
        return numbered_canvas(footer, numbering)

    monkeypatch.setattr(certificate, "numbered_canvas", canvas)
    certificate_pdf(REPORT, lang="en", proof=CHECKED)
    assert told == [
        (
            f"Report {samples.REPORT_ID} – the signed JSON report is authoritative",
            "Page {page} of {pages}",
        )
    ]


def test_a_page_leaves_tables_their_whole_width_and_the_foot_its_place() -> None:
    frame = certificate._frame()
    assert frame._aW == pytest.approx(style.WIDTH), "no padding: tables are as wide as the text"
    assert frame._x1 == style.MARGIN
    assert frame._y1 > 14 * mm, "above the line of the foot"
    assert frame._y2 < style.PAGE[1]
    assert frame._aH == pytest.approx(frame._height)


def test_a_computer_without_a_name_is_told_as_unknown_in_the_title_too() -> None:
    machine = replace(REPORT.inventory.machine, maker=None, model=None)
    bare = replace(REPORT, inventory=replace(REPORT.inventory, machine=machine))
    pdf = certificate_pdf(bare, lang="en", proof=CHECKED)
    assert b"unknown computer" in pdf
