"""How anybody makes an overwrite's stream again and holds it against the drive."""

from __future__ import annotations

from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.hidden import erased_bytes
from reprise.documents.text import _, escaped
from reprise.domain.pattern import recipe
from reprise.domain.report import AttemptRecord, DriveRecord
from reprise.domain.techniques import Technique


def check_line(drive: DriveRecord, record: AttemptRecord) -> str:
    """The shell line that compares the drive (to be put for /dev/sdX) with what was written to it;
    "" where no stream of a known key was."""
    if record.attempt.technique is not Technique.OVERWRITE or not record.job_key:
        return ""
    try:
        line = recipe(record.stream, record.job_id, record.job_key, erased_bytes(drive))
    except ValueError:  # no station of ours wrote that id or key
        return ""
    return f"{line} | cmp - /dev/sdX"


def check_words(record: AttemptRecord) -> str:
    return _(
        "The drive was overwritten with {cipher}; the key is no secret. As long as nothing was"
        " written to the drive since, this line makes the same bytes again and compares them with"
        " it; it prints nothing where all are there:"
    ).format(cipher=wording.word(record.stream))


def stream_flowables(drive: DriveRecord, record: AttemptRecord) -> list[Flowable]:
    line = check_line(drive, record)
    if not line:
        return []
    words = parts.text(check_words(record), style.SMALL)
    shown = Paragraph("<br/>".join(escaped(piece) for piece in _pieces(line)), style.COMMAND)
    return [KeepTogether([words, Spacer(0, 3), shown, Spacer(0, 3)])]


def _pieces(line: str) -> list[str]:
    """No line of the page holds it. Where it breaks the shell goes on, and so does whoever copies
    it from the page."""
    return line.replace(" | ", " |\n").replace(" -iv ", " \\\n-iv ").split("\n")
