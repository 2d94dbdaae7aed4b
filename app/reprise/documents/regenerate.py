"""The command by which a stranger checks an overwritten drive, as it is printed."""

from __future__ import annotations

from reportlab.platypus import Flowable, KeepTogether, Spacer

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.tagged_parts import Words
from reprise.documents.text import escaped
from reprise.domain.report.report import AttemptRecord, DriveRecord


def check_flowables(drive: DriveRecord, record: AttemptRecord) -> list[Flowable]:
    check = wording.check_of(drive, record)
    if check is None:
        return []
    words = parts.text(check.words, style.SMALL)
    lines = "<br/>".join(escaped(piece) for piece in _pieces(check.command))
    return [KeepTogether([words, Spacer(0, 3), Words(lines, style.COMMAND), Spacer(0, 3)])]


def _pieces(command: str) -> list[str]:
    """No line of the page holds it. Where it breaks the shell goes on, and so does whoever copies
    it from the page."""
    return command.replace(" | ", " |\n").replace(" -iv ", " \\\n-iv ").split("\n")
