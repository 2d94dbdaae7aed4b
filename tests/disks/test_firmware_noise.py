"""After a crypto erase noise is what must be seen: what somebody left inside it, and patterns that
only look like one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from disks.played_nvme import SIZE, Effect, PlayedNvme, erase, noise
from disks.rig import filled_file, tool
from reprise.adapters.drives.surface.erased_pattern import Pattern, appearance_of
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import ObservationKind
from unit.adapters.drives.hidden import noise_with, seeded, texts

CRYPTO = [Technique.NVME_SANITIZE_CRYPTO, Technique.NVME_FORMAT_CRYPTO]
FORMATS = {
    "fat": ("mkfs.vfat", "-F", "32"),
    "ext4": ("mkfs.ext4", "-q", "-F"),
    "ntfs": ("mkntfs", "-q", "-F", "-f"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


def noise_but(secrets: bytes) -> Effect:
    """The key is thrown away, and eight sectors are where they were."""

    def effect(file: Path) -> None:
        noise(file)
        rnd = seeded(5)
        with file.open("r+b") as raw:
            for number in range(8):
                raw.seek(rnd.randrange(SIZE // 512) * 512)
                raw.write(secrets[number * 512 :][:512])

    return effect


@pytest.mark.parametrize("technique", CRYPTO)
@pytest.mark.parametrize("kind", ["French", "digits", "base64", "source code"])
def test_eight_sectors_of_secrets_inside_noise_are_found(
    file: Path, technique: Technique, kind: str
) -> None:
    ran = erase(PlayedNvme(file, noise_but(texts(seeded(6))[kind])), technique)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.achieved is Method.NONE
    assert ReasonCode.MISMATCH in ran.finished.reasons


def test_the_first_place_of_what_was_left_is_told(file: Path) -> None:
    def effect(path: Path) -> None:
        noise(path)
        with path.open("r+b") as raw:
            raw.seek(CHUNK_BYTES + 4096)
            raw.write(b"Madame, Monsieur, ".ljust(512, b"."))

    ran = erase(PlayedNvme(file, effect), CRYPTO[0])
    assert ran.seen(ObservationKind.READBACK_MISMATCH).detail["first_lba"] == CHUNK_BYTES // 512


def periods(*sectors: bytes) -> Effect:
    """Chunk by chunk the next of `sectors`, again and again."""

    def effect(file: Path) -> None:
        with file.open("r+b") as raw:
            for number in range(SIZE // CHUNK_BYTES):
                raw.write(sectors[number % len(sectors)] * (CHUNK_BYTES // 512))

    return effect


def test_a_pattern_is_one_and_the_same_over_the_whole_surface(file: Path) -> None:
    one, other = (bytes([value]) * 256 + bytes([value, 7]) * 128 for value in (0x33, 0xA5))
    same = erase(PlayedNvme(file, periods(one)), Technique.NVME_SANITIZE_BLOCK)
    assert same.finished.verdict is Verdict.VERIFIED
    mixed = erase(PlayedNvme(file, periods(one, other)), Technique.NVME_SANITIZE_BLOCK)
    assert mixed.finished.verdict is Verdict.UNVERIFIED
    detail = mixed.seen(ObservationKind.READBACK_INCOMPLETE).detail
    assert detail["patterns"] == "periodic:2 periodic-other:1"


@pytest.mark.parametrize("kind", FORMATS)
def test_what_a_fresh_file_system_writes_is_found_in_noise(tmp_path: Path, kind: str) -> None:
    """Each sector that it wrote, alone in noise (the first 400 of them)."""
    program, *options = FORMATS[kind]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    image = tmp_path / kind
    image.touch()
    os.truncate(image, 96 << 20)
    tool(program, *options, str(image))
    rnd, tried = seeded(7), 0
    with image.open("rb") as raw:
        while sector := raw.read(512):
            if not sector.strip(b"\0") or tried >= 400:
                continue
            tried += 1
            shown = appearance_of(memoryview(noise_with(rnd, sector, 512, 64 << 10)))
            assert shown.pattern is Pattern.DATA, sector
    assert tried > 4
