"""A made-up system to install: each suite names only what matters to it."""

from __future__ import annotations

from reprise.domain.install.images import OsImage
from station_kit.facts import with_facts

_TEXTS = {"fr": "Essai", "en": "Test"}
_PLAIN = OsImage(
    name="essai",
    file="essai",
    version="1",
    sha256="",
    size_bytes=1,
    unpacked_bytes=1,
    min_drive_bytes=1,
    min_memory_bytes=1,
    licence="none",
    title=_TEXTS,
    summary=_TEXTS,
)


def made_image(**changes: object) -> OsImage:
    """`changes` are fields of OsImage."""
    return with_facts(_PLAIN, **changes)
