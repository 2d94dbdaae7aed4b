"""A pass over a played surface: what the drive moves while time passes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reprise.adapters.demo.drive import PlayedDrive
from reprise.domain.erasure.pattern import Span


def passes(
    drive: PlayedDrive, spans: Iterable[Span], rate_bytes_s: float
) -> Iterator[tuple[Span, bool]]:
    """All of `spans`, in order, in the parts that the drive moves in one tick or less; True with
    a tick's last part. Raises DriveGoneError."""
    left = 0
    for span in spans:
        at = span.offset
        while at < span.end:
            if left <= 0:
                left = drive.moves(at, rate_bytes_s)
            part = Span(at, min(left, span.end - at))
            at, left = part.end, left - part.length
            yield part, left <= 0
