"""Read a drive that erased itself, and say whether it shows one erased pattern everywhere."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.surface.erased_pattern import Appearance, appearance_of
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.pipeline import pipeline
from reprise.adapters.drives.surface.rescue import BadSpan, Rescue
from reprise.domain.erasure.pattern import Span, chunks


@dataclass(frozen=True, slots=True)
class ScannedChunk:
    """One chunk; `shown` None: it could not be read whole."""

    span: Span
    bad: tuple[BadSpan, ...]
    shown: Appearance | None


def scan_chunks(
    device: BlockFile, spans: tuple[Span, ...], rescue: Rescue
) -> Generator[ScannedChunk | None, None, None]:
    """All of `spans`, in order; None while nothing new is there (see pipeline)."""

    def work(span: Span, buffer: memoryview) -> ScannedChunk:
        def move(part: Span) -> None:
            at = part.offset - span.offset
            device.read_into(part.offset, buffer[at : at + part.length])

        bad = rescue.transfer(span, move)
        return ScannedChunk(span, bad, None if bad else appearance_of(buffer))

    parts = (part for span in spans for part in chunks(span.offset, span.end, CHUNK_BYTES))
    return pipeline(parts, work)
