"""Certificates as they were kept: no line left out, none changed that nobody wants changed."""

from __future__ import annotations

from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest
from reportlab.platypus import KeepTogether, Paragraph, Table

from reprise import i18n, wording
from reprise.documents import certificate, style
from reprise.documents.proof import proof_flowables
from reprise.documents.text import register_fonts
from unit.documents.paper_kit import paper
from unit.documents.paper_samples import PAPERS
from unit.documents.test_certificate import CHECKED, UNCHECKED

FOLDER = Path(__file__).parent / "papers"
KEPT = [*((name, "en") for name in PAPERS), ("good", "fr"), ("long-way", "fr"), ("doubted", "fr")]
RECEIVED = replace(CHECKED, received_at="2026-11-24T12:00:00Z")
PROOFS = {"good": CHECKED, "bad": UNCHECKED, "bare": None, "doubted": RECEIVED}


@pytest.mark.parametrize(("name", "lang"), KEPT, ids=str)
def test_each_paper_is_as_it_was_kept(name: str, lang: str, request: pytest.FixtureRequest) -> None:
    shown = paper(PAPERS[name](), lang, PROOFS.get(name, CHECKED))
    path = FOLDER / f"{name}.{lang}.txt"
    if request.config.getoption("--renew-snapshots", default=False):
        path.write_text(shown, "utf-8")
    kept = path.read_text("utf-8")
    diff = unified_diff(kept.splitlines(), shown.splitlines(), "kept", "shown", lineterm="", n=1)
    assert kept == shown, "\n".join(["make snapshots renews it:", *diff])


@pytest.mark.parametrize("name", PAPERS)
def test_no_table_hangs_over_the_edge(name: str) -> None:
    """Widths that are given are those of all its columns, and the page's together."""
    register_fonts()
    report = PAPERS[name]()
    with i18n.using("en"):
        story = certificate._story(report, wording.report_title(report), CHECKED)
    tables = [one for one in story if isinstance(one, Table)]
    assert len(tables) >= 4
    for table in tables:
        assert sum(table._argW) == pytest.approx(style.WIDTH)
        assert len(table._argW) == len(table._cellvalues[0])


def test_the_commands_that_check_it_stay_with_the_sentence_before_them() -> None:
    """A page's end would part them: the sentence alone asks for what is not there."""
    register_fonts()
    with i18n.using("en"):
        held = [
            one for one in proof_flowables(PAPERS["good"](), None) if isinstance(one, KeepTogether)
        ]
    texts = [
        piece.getPlainText()
        for one in held
        for piece in one._content
        if isinstance(piece, Paragraph)
    ]
    assert texts[0].startswith("The signed JSON report is authoritative")
    assert texts[1].startswith("reprise report verify")
