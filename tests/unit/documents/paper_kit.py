"""A certificate as text, as `papers` beside this keeps it: who reads the paper reads this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reportlab.platypus import PageBreak, Paragraph, Table

from reprise import i18n, wording
from reprise.documents import certificate
from reprise.documents.parts import QrCode, Symbol
from reprise.documents.proof import SignatureFacts
from reprise.documents.text import register_fonts
from reprise.domain.report.report import Report


def paper(report: Report, lang: str, proof: SignatureFacts | None) -> str:
    """One line a paragraph, with its style; a table's row on one line, its cells apart."""
    register_fonts()
    with i18n.using(lang):
        story = certificate._story(report, wording.report_title(report), proof)
        return "\n".join(_lines(story)) + "\n"


def _lines(flowables: Any) -> Iterator[str]:
    for one in flowables:
        if isinstance(one, Paragraph):
            yield f"{one.style.name}: {_plain(one)}"
        elif isinstance(one, Table):
            for row in one._cellvalues:
                yield "  " + " | ".join(_cell(cell) for cell in row)
        elif isinstance(one, PageBreak):
            yield "=" * 72
        elif hasattr(one, "_content"):  # kept together on one page
            yield from _lines(one._content)


def _cell(cell: Any) -> str:
    parts = cell if isinstance(cell, list | tuple) else [cell]
    return " / ".join(text for text in map(_part, parts) if text)


def _part(one: Any) -> str:
    if isinstance(one, Symbol):
        return f"({one.outcome.name})"
    if isinstance(one, QrCode):
        return "(QR)"
    if isinstance(one, Table):
        return " ".join(_cell(cell) for row in one._cellvalues for cell in row)
    return _plain(one) if isinstance(one, Paragraph) else str(one if isinstance(one, str) else "")


def _plain(one: Paragraph) -> str:
    text = re.sub(r"\s+", " ", one.getPlainText(identify=1))
    ink = one.frags[0].textColor if one.frags else None
    mark = f"<{ink.hexval()[2:]}> " if ink not in (None, one.style.textColor) else ""
    bullet = f"{one.bulletText} " if one.bulletText else ""
    return f"{bullet}{mark}{text}"
