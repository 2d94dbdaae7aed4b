"""Can what was read be told from random data? All of it is looked at, nothing is sampled.

Three tests, each with a rate of false alarms that is bounded by arithmetic, which
tests/unit/adapters/drives/test_noise_rates.py does anew. 16 TB are 3.1e10 sectors and 3.9e9 pieces;
p is what random data comes to, for one of them:

- in every sector of 512 bytes, how many bytes have their highest bit set. Text, digits, base64 and
  code have hardly any. Binomial: beyond 256 +- 98, p <= 1.2e-18.
- in every piece of 4 KiB, the entropy of its byte values (the G-test against equal shares: Sokal
  and Rohlf, Biometry, chapter 17). Text in one sector of the eight is enough. p <= 5e-17 for each
  of the two limits (Chernoff's bound, on the multinomial).
- from piece to piece, the entropy that lacks, added up twice (Page 1954, "Continuous inspection
  schemes", Biometrika 41). Bodies of JPEG, PNG and ZIP files are a little uneven all along: 24 KiB
  are enough for the most uneven, 256 KiB for the others. p <= 5e-17 each for an alarm that
  begins at one piece (Ville's inequality).

Together less than 8e-7 false alarms on 16 TB of noise. What no statistic tells from noise (whatever
is encrypted, or compressed as well as by xz) is LimitationCode.NOISE_MAY_BE_DATA.

Pillow counts, in C and outside the interpreter lock; the standard library has nothing that keeps
up with a drive (docs/decisions/0190-noise.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PIL import Image

SECTOR_BYTES = 512
PIECE_BYTES = 4096
_SLICE = 256 << 10  # in the processor's cache, and no copy of a whole chunk

# Bytes of a sector that may have their highest bit set.
LEAST_HIGH, MOST_HIGH = 158, 354
# Bits per byte; a piece is shorter at the end of what was read only.
ENTROPY = {
    512: (7.2480, 7.8330),
    1024: (7.6236, 7.9220),
    1536: (7.7533, 7.9488),
    2048: (7.8172, 7.9619),
    2560: (7.8549, 7.9697),
    3072: (7.8796, 7.9748),
    3584: (7.8971, 7.9785),
    4096: (7.9102, 7.9812),
}
# What a piece lacks below the first number adds up, what it has above it counts against that (never
# below nothing); more than the second is too much. Random data has 7.9546 on average. One for what
# is clearly uneven over a few pieces, one for what is hardly so over many.
CLEARLY = 7.9492, 0.0662
HARDLY = 7.9531, 0.2210

_HIGH = [0] * 128 + [255] * 128
_ROUNDING = SECTOR_BYTES // 2  # Pillow's mean of a row is a whole number


def is_noise(buffer: memoryview) -> bool:
    """Whether nothing of `buffer` (whole sectors of 512 bytes, at least one) can be told from
    random data."""
    if not buffer or len(buffer) % SECTOR_BYTES:
        raise ValueError(f"{len(buffer)} bytes are no whole sectors")
    clearly = hardly = 0.0
    for at in range(0, len(buffer), _SLICE):
        part = buffer[at : at + _SLICE]
        if not is_balanced(part):
            return False
        for entropy in entropies(part):
            clearly = max(0.0, clearly + CLEARLY[0] - entropy)
            hardly = max(0.0, hardly + HARDLY[0] - entropy)
            if clearly > CLEARLY[1] or hardly > HARDLY[1] or not _is_usual(entropy, PIECE_BYTES):
                return False
    return _ends_as_noise(buffer)


def _ends_as_noise(buffer: memoryview) -> bool:
    """A last piece of less than 4 KiB, together with what is before it where there is anything."""
    if not len(buffer) % PIECE_BYTES:
        return True
    rest = buffer[-PIECE_BYTES:]
    return _is_usual(_image(rest, len(rest)).entropy(), len(rest))


def _is_usual(entropy: float, length: int) -> bool:
    least, most = ENTROPY[length]
    return least <= entropy <= most


def is_balanced(part: memoryview) -> bool:
    """Whether about half of the bytes of each sector have their highest bit set."""
    means = _image(part, SECTOR_BYTES).point(_HIGH).reduce((SECTOR_BYTES, 1))
    least, most = cast("tuple[int, int]", means.getextrema())
    return _mean(LEAST_HIGH) <= least and most <= _mean(MOST_HIGH)


def _mean(high: int) -> int:
    """Of a sector of which so many bytes are 255, the others 0."""
    return (255 * high + _ROUNDING) // SECTOR_BYTES


def entropies(part: memoryview) -> Iterator[float]:
    """Of each whole piece, in bits per byte."""
    whole = len(part) // PIECE_BYTES
    if not whole:
        return
    image = _image(part[: whole * PIECE_BYTES], PIECE_BYTES)
    for row in range(whole):
        yield image.crop((0, row, PIECE_BYTES, row + 1)).entropy()


def _image(part: memoryview, width: int) -> Image.Image:
    """`part` as rows of `width` grey points, not copied."""
    size = (width, len(part) // width)
    data = cast("bytes", part)  # any buffer will do
    return Image.frombuffer("L", size, data, "raw", "L", 0, 1)
