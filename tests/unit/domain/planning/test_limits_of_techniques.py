"""What an attempt cannot prove however well it goes, by technique and medium."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.domain.planning.claims import limitations
from reprise.domain.planning.plan import LimitationCode as L
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from unit.domain.planning.planned import SSD

MEDIA = [MediaKind.HDD, MediaKind.SSD, MediaKind.FLASH, MediaKind.UNKNOWN]
# The drive may answer from its tables, where it has any: a hard disk has none.
FROM_TABLES = "block-erase user-data-erase security-erase security-erase-enhanced mmc-erase-and"
KEY_THROWN_AWAY = "crypto psid"
PATTERN_ASKED_FOR = "sanitize-overwrite"


def named(technique: Technique, words: str) -> bool:
    return any(word in technique.value for word in words.split())


def limits(
    technique: Technique, media: MediaKind, claims: Method = Method.PURGE
) -> tuple[str, ...]:
    drive = replace(SSD, media=media, transport=Transport.VIRTIO)
    return limitations(technique, drive, Capabilities(), VerifyDepth.FULL, claims)


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("technique", [t for t in Technique if t is not Technique.OVERWRITE])
def test_what_is_told_of_a_firmware_technique(technique: Technique, media: MediaKind) -> None:
    told = limits(technique, media)
    assert L.DRIVE_WORD in told
    tables = named(technique, FROM_TABLES) and media is not MediaKind.HDD
    assert (L.ZEROS_UNPROVEN in told) is tables
    assert (L.CRYPTO_UNOBSERVABLE in told) is named(technique, KEY_THROWN_AWAY)
    assert (L.NOISE_MAY_BE_DATA in told) is not named(technique, PATTERN_ASKED_FOR)


@pytest.mark.parametrize(
    ("media", "surface"),
    [
        (MediaKind.HDD, {L.REALLOCATED}),
        (MediaKind.SSD, {L.SPARE_AREA}),
        (MediaKind.FLASH, {L.SPARE_AREA}),
        (MediaKind.UNKNOWN, {L.MEDIA_UNKNOWN, L.SPARE_AREA}),
    ],
)
def test_only_a_purge_reaches_below_the_surface(media: MediaKind, surface: set[L]) -> None:
    every = {L.REALLOCATED, L.SPARE_AREA, L.MEDIA_UNKNOWN}
    assert every.intersection(limits(Technique.OVERWRITE, media)) == surface
    clear = limits(Technique.ATA_SECURITY_ERASE, media, Method.CLEAR)
    assert every.intersection(clear) == surface
    assert not every.intersection(limits(Technique.ATA_SECURITY_ERASE, media))
