"""What is left inside noise is found; noise is not taken for data."""

from __future__ import annotations

import math
import os
from collections import Counter
from random import Random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.surface import noise
from reprise.adapters.drives.surface.erased_pattern import Pattern, appearance_of
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES, Keystream
from unit.adapters.drives.hidden import coarse, compressed, noise_with, seeded, texts, xz

PLACES = 40
TEXTS, COARSE, COMPRESSED = texts(seeded(1)), coarse(seeded(2)), compressed(seeded(3))


def shows(data: bytes | bytearray) -> Pattern:
    return appearance_of(memoryview(data)).pattern


def found(data: bytes, length: int, seed: int, size: int = 256 << 10) -> int:
    """In how many of the places."""
    rnd = seeded(seed)
    return sum(
        shows(noise_with(rnd, data, length, size)) is Pattern.DATA for _place in range(PLACES)
    )


@pytest.mark.parametrize("kind", TEXTS)
def test_one_sector_is_found_in_noise(kind: str) -> None:
    assert found(TEXTS[kind], 512, seed=11) == PLACES


@pytest.mark.parametrize("kind", COARSE)
def test_4_kib_are_found_in_noise(kind: str) -> None:
    """Wherever they begin: as two halves of pieces, too."""
    assert found(COARSE[kind], 8192, seed=12) == PLACES


@pytest.mark.parametrize(("kind", "kib"), [("JPEG", 24), ("PNG", 256), ("ZIP", 256)])
def test_files_of_a_weak_compression_are_found_in_noise(kind: str, kib: int) -> None:
    assert found(COMPRESSED[kind], kib << 10, seed=13, size=1 << 20) == PLACES


@pytest.mark.parametrize("kind", TEXTS)
def test_eight_sectors_in_a_whole_chunk_are_found(kind: str) -> None:
    rnd = seeded(14)
    chunk = bytearray(rnd.randbytes(CHUNK_BYTES))
    for at in rnd.sample(range(CHUNK_BYTES // 512), 8):
        chunk[at * 512 : at * 512 + 512] = TEXTS[kind][512:1024]
    assert shows(chunk) is Pattern.DATA


@pytest.mark.parametrize("sectors", [*range(1, 18), 127, 128, 129, 512, 513, 520, 1031])
def test_the_last_sector_is_looked_at_like_any_other(sectors: int) -> None:
    whole = bytearray(seeded(sectors).randbytes(sectors * 512))
    assert shows(whole) is Pattern.RANDOM
    for kind in ("base64", "French"):
        assert shows(whole[:-512] + TEXTS[kind][:512]) is Pattern.DATA
        assert shows(TEXTS[kind][:512] + whole[512:]) is Pattern.DATA


@pytest.mark.parametrize("sectors", [1, 2, 7, 9, 15, 17, 129, 513])
def test_the_last_sector_is_looked_at_beyond_its_high_bits(sectors: int) -> None:
    whole = bytearray(seeded(sectors).randbytes(sectors * 512))
    whole[-512:] = bytes(value & 0xF0 for value in whole[-512:])  # half of them are high
    assert shows(whole) is Pattern.DATA


def test_what_is_hardly_uneven_is_found_over_many_pieces() -> None:
    rnd = seeded(20)
    whole = bytearray(rnd.randbytes(2 << 20))
    for at in rnd.sample(range(len(whole)), len(whole) * 45 // 10_000):
        whole[at] = 0
    assert shows(whole[: 32 << 10]) is Pattern.RANDOM
    assert shows(whole) is Pattern.DATA


@pytest.mark.parametrize("flip", [0xFF, 0x5A, 0x80])
def test_text_under_a_mask_is_found(flip: int) -> None:
    masked = TEXTS["French"].translate(bytes(value ^ flip for value in range(256)))
    assert found(masked, 512, seed=15) == PLACES


def test_what_is_too_even_is_no_noise() -> None:
    deal = seeded(16)
    piece = bytearray(b"".join(bytes(deal.sample(range(256), 256)) for _deal in range(16)))
    whole = bytearray(seeded(17).randbytes(64 << 10))
    whole[8192 : 8192 + 4096] = piece
    assert shows(whole) is Pattern.DATA


def test_what_is_encrypted_or_compressed_well_is_noise_and_so_a_limitation() -> None:
    cipher = Cipher(algorithms.AES(bytes(32)), modes.CTR(bytes(16))).encryptor()
    assert shows(cipher.update(TEXTS["French"])[:32768]) is Pattern.RANDOM
    packed = xz()
    assert shows(packed[: len(packed) // 512 * 512]) is Pattern.RANDOM


def test_noise_is_no_data() -> None:
    """256 MiB of the stream that a drive may show; each chunk from another place."""
    stream = Keystream("0b9e3d52-61a8-4c62-9a0f-6b4f3c2d1e00", bytes(range(32)))
    chunk = memoryview(bytearray(CHUNK_BYTES))
    for number in range(32):
        stream.fill(chunk, number * 1_000_000_000 * 16)
        assert noise.is_noise(chunk)
    for length in range(512, 20_000, 512):
        assert noise.is_noise(chunk[:length])
    assert noise.is_noise(memoryview(os.urandom(CHUNK_BYTES)))


@pytest.mark.parametrize("length", [0, 511, 513, 4095])
def test_only_whole_sectors_are_judged(length: int) -> None:
    with pytest.raises(ValueError, match="sectors"):
        noise.is_noise(memoryview(bytes(length)))


# ---- each of the three tests counts as it says ----


def _entropy(piece: bytes) -> float:
    shares = [count / len(piece) for count in Counter(piece).values()]
    return -sum(share * math.log2(share) for share in shares)


@given(st.integers(1, 256), st.integers(0, 2**32))
def test_entropy_is_that_of_the_byte_values(values: int, seed: int) -> None:
    rnd = seeded(seed)
    part = bytes(rnd.choices(range(values), k=3 * noise.PIECE_BYTES))
    told = list(noise.entropies(memoryview(part + bytes(512))))
    plain = [_entropy(part[at : at + 4096]) for at in range(0, len(part), 4096)]
    assert told == pytest.approx(plain, abs=1e-9)


def _with_high(count: int, rnd: Random) -> bytes:
    low, high = rnd.randbytes(512 - count), rnd.randbytes(count)
    whole = [value & 0x7F for value in low] + [value | 0x80 for value in high]
    rnd.shuffle(whole)
    return bytes(whole)


@pytest.mark.parametrize(
    ("count", "balanced"), [(0, False), (157, False), (158, True), (354, True), (355, False)]
)
@pytest.mark.parametrize("sector", [0, 3, 7])
def test_high_bits_are_counted_in_each_sector(count: int, balanced: bool, sector: int) -> None:
    rnd = seeded(count)
    sectors = [_with_high(256, rnd) for _sector in range(8)]
    sectors[sector] = _with_high(count, rnd)
    assert noise.is_balanced(memoryview(b"".join(sectors))) is balanced


def test_what_lacks_adds_up_over_slices() -> None:
    """From one slice of 256 KiB to the next: four pieces before the border, four after it."""
    whole = bytearray(seeded(18).randbytes(512 << 10))
    body = COMPRESSED["JPEG"][: 32 << 10]
    whole[(256 - 16) << 10 : (256 + 16) << 10] = body
    assert shows(whole) is Pattern.DATA
