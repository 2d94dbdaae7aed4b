"""How anybody makes an overwrite's stream again and holds it against the drive."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.erasure.pattern import recipe
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.report import AttemptRecord, DriveRecord
from reprise.i18n import _
from reprise.wording.enums import word


@dataclass(frozen=True, slots=True)
class Check:
    """`command`: one line for a shell, with the drive to be put for /dev/sdX."""

    words: str
    command: str


def check_of(drive: DriveRecord, record: AttemptRecord) -> Check | None:
    """None where no stream of a known key was written to all of the drive, or something else was
    tried after it. It says nothing of what came of it: that is the verdict's."""
    overwrite = record.attempt.technique is Technique.OVERWRITE and record.job_key
    whole = record.written_bytes >= drive.found_bytes > 0
    if not overwrite or not whole or record is not drive.attempts[-1]:
        return None
    try:
        line = recipe(record.stream, record.job_id, record.job_key, drive.found_bytes)
    except ValueError:  # no station of ours wrote that id or key
        return None
    words = _(
        "What this attempt wrote is {cipher}; the key is no secret. As long as nothing else has"
        " been written to the drive since, this command makes the same bytes again and compares"
        " them with the drive; it prints nothing if all of them are there:"
    )
    return Check(words.format(cipher=word(record.stream)), f"{line} | cmp - /dev/sdX")
