"""How long the plan says that an erasure takes, before anything was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, NvmeCapabilities
from reprise.domain.pc.hardware import DriveIdentity, MediaKind, Transport
from reprise.domain.planning.claims import expected_s
from reprise.domain.planning.techniques import Technique, VerifyDepth
from unit.domain.drives.drives import drive

FULL, SAMPLE = VerifyDepth.FULL, VerifyDepth.SAMPLE
T = Technique
# 120 GB, and of what a drive of that kind writes or reads in a second: so long takes one pass.
PASS_S = {
    MediaKind.HDD: 1000,  # 120 MB
    MediaKind.SSD: 300,  # 400 MB
    MediaKind.FLASH: 6000,  # 20 MB
    MediaKind.UNKNOWN: 1200,  # 100 MB
}
NVME_PASS_S = 120  # 1 GB


def seconds(
    technique: Technique,
    media: MediaKind,
    verify: VerifyDepth = FULL,
    able: Capabilities | None = None,
    transport: Transport = Transport.SATA,
    size_bytes: int = 120_000_000_000,
) -> float:
    one = drive(
        identity=DriveIdentity(model="M", serial="S", size_bytes=size_bytes),
        transport=transport,
        media=media,
    )
    return expected_s(technique, one, able or Capabilities(), verify)


@pytest.mark.parametrize("media", PASS_S)
def test_an_overwrite_is_one_pass_and_its_read_back_another_or_a_tenth(media: MediaKind) -> None:
    assert seconds(T.OVERWRITE, media) == 2 * PASS_S[media]
    assert seconds(T.OVERWRITE, media, SAMPLE) == PASS_S[media] * 11 / 10


def test_nvme_is_quick_whatever_its_medium_says() -> None:
    for media in PASS_S:
        taken = seconds(T.OVERWRITE, media, transport=Transport.NVME)
        assert taken == 2 * NVME_PASS_S


@pytest.mark.parametrize(
    ("media", "transport", "size_bytes"),
    [
        (MediaKind.HDD, Transport.SATA, 215_970_000_384),
        (MediaKind.SSD, Transport.SATA, 719_900_000_256),
        (MediaKind.FLASH, Transport.MMC, 35_995_000_320),
        (MediaKind.UNKNOWN, Transport.SATA, 179_975_000_064),
        (MediaKind.SSD, Transport.NVME, 1_799_750_000_128),
    ],
)
def test_the_first_sector_past_the_half_second_makes_it_an_hour(
    media: MediaKind, transport: Transport, size_bytes: int
) -> None:
    """Or the screen and the report say "59 min 59 s"."""
    taken = seconds(T.OVERWRITE, media, transport=transport, size_bytes=size_bytes)
    before = seconds(T.OVERWRITE, media, transport=transport, size_bytes=size_bytes - 512)
    assert (before, taken) == (3599, 3600)


def test_a_firmware_erase_writes_all_of_a_hard_disk_and_little_of_flash() -> None:
    """Nobody knows of an unknown medium that it is quick."""
    for by_pass in (T.ATA_SECURITY_ERASE, T.ATA_SANITIZE_OVERWRITE):
        for media in (MediaKind.HDD, MediaKind.UNKNOWN):
            assert seconds(by_pass, media) == 2 * PASS_S[media]
        assert seconds(by_pass, MediaKind.SSD) == 60 + PASS_S[MediaKind.SSD]
    for media in (MediaKind.HDD, MediaKind.SSD):
        assert seconds(T.ATA_SANITIZE_CRYPTO, media) == 60 + PASS_S[media]


def test_the_drives_own_word_goes_before_what_is_assumed() -> None:
    minutes = Capabilities(ata=AtaCapabilities(erase_minutes=4))
    assert seconds(T.ATA_SECURITY_ERASE, MediaKind.HDD, able=minutes) == 240 + 1000
    assert seconds(T.ATA_SECURITY_ERASE_ENHANCED, MediaKind.HDD, able=minutes) == 1000 + 1000
    nothing = Capabilities(ata=AtaCapabilities(erase_minutes=0))
    assert seconds(T.ATA_SECURITY_ERASE, MediaKind.HDD, able=nothing) == 1000 + 1000
    nvme = NvmeCapabilities(sanitize_estimate_s={T.NVME_SANITIZE_BLOCK: 9})
    told = {
        one: seconds(one, MediaKind.SSD, able=Capabilities(nvme=nvme), transport=Transport.NVME)
        for one in (T.NVME_SANITIZE_BLOCK, T.NVME_SANITIZE_CRYPTO)
    }
    assert told == {
        T.NVME_SANITIZE_BLOCK: 9 + NVME_PASS_S,
        T.NVME_SANITIZE_CRYPTO: 60 + NVME_PASS_S,
    }
    both = replace(minutes, nvme=nvme)
    assert seconds(T.ATA_SECURITY_ERASE, MediaKind.HDD, able=both) == 240 + 1000
