"""IDENTIFY DEVICE and DEVICE CONFIGURATION IDENTIFY data.

Words are of ACS-4, IDENTIFY DEVICE data; a word that says that it is not valid answers nothing,
and neither does a block whose checksum is wrong.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError
from reprise.wire.ata import BLOCK_BYTES

_SIGNATURE = 0xA5  # word 255, bits 7:0: bits 15:8 are a checksum
_MINUTES_PER_UNIT = 2  # words 89 and 90


@dataclass(frozen=True, slots=True)
class Identify:
    """What one IDENTIFY DEVICE told; sectors are logical ones."""

    words: tuple[int, ...]

    @property
    def serial(self) -> str:
        """Words 10 to 19."""
        return self._text(10, 20)

    @property
    def model(self) -> str:
        """Words 27 to 46."""
        return self._text(27, 47)

    def _text(self, first: int, end: int) -> str:
        raw = struct.pack(f">{end - first}H", *self.words[first:end])
        return raw.decode("ascii", "replace").strip(" \0")

    def _number(self, first: int, count: int) -> int:
        return sum(self.words[first + at] << 16 * at for at in range(count))

    def _bit(self, word: int, bit: int) -> Support:
        """A word that a drive without the feature leaves at zero. All ones: never filled in."""
        value = self.words[word]
        if value == 0xFFFF:
            return Support.UNKNOWN
        return _support(value >> bit & 1)

    def _checked_bit(self, word: int, bit: int, validity: int) -> Support:
        """Words whose group says in `validity`, bits 15:14 = 01b, that it is filled in."""
        if self.words[validity] >> 14 == 0b01:
            return _support(self.words[word] >> bit & 1)
        # older than the word: it has neither it nor the feature
        return Support.NO if self.words[word] == self.words[validity] == 0 else Support.UNKNOWN

    @property
    def lba48(self) -> bool:
        """Word 83 bit 10: the 48-bit Address feature set."""
        return self._checked_bit(83, 10, 83) is Support.YES

    @property
    def flush_cache(self) -> Support:
        """Word 83 bit 12."""
        return self._checked_bit(83, 12, 83)

    @property
    def flush_cache_ext(self) -> Support:
        """Word 83 bit 13."""
        return self._checked_bit(83, 13, 83)

    @property
    def hpa(self) -> Support:
        """Word 82 bit 10."""
        return self._checked_bit(82, 10, 83)

    @property
    def dco(self) -> Support:
        """Word 83 bit 11."""
        return self._checked_bit(83, 11, 83)

    @property
    def amac(self) -> Support:
        """Word 119 bit 8."""
        return self._checked_bit(119, 8, 119)

    @property
    def visible_sectors(self) -> int | None:
        """Words 100 to 103, or 60 and 61 without 48-bit addresses."""
        sectors = self._number(100, 4) if self.lba48 else self._number(60, 2)
        return sectors if 0 < sectors < 1 << 48 else None

    @property
    def visible_bytes(self) -> int | None:
        sectors = self.visible_sectors
        return sectors * self.sector_bytes if sectors else None

    @property
    def sector_bytes(self) -> int:
        """Word 106: bit 12 says that words 117 and 118 hold the length in words."""
        given = self.words[106]
        if given >> 14 == 0b01 and given >> 12 & 1:
            return self._number(117, 2) * 2
        return 512

    @property
    def world_wide_name(self) -> str:
        """Words 108 to 111, in hex, where word 87 bit 8 says that they are told; else ""."""
        if self._checked_bit(87, 8, 87) is not Support.YES:
            return ""
        return "".join(f"{word:04x}" for word in self.words[108:112])

    @property
    def signed(self) -> bool:
        """Word 255 holds a checksum, which is right (see parse_identify)."""
        return self.words[255] & 0xFF == _SIGNATURE

    def security(self, bit: int) -> Support:
        """Word 128."""
        return self._bit(128, bit)

    def sanitize(self, bit: int) -> Support:
        """Word 59."""
        return self._bit(59, bit)

    @property
    def erase_minutes(self) -> int | None:
        return self._minutes(89)

    @property
    def erase_enhanced_minutes(self) -> int | None:
        return self._minutes(90)

    def _minutes(self, word: int) -> int | None:
        """Bit 15: the time is in bits 14:0, else in bits 7:0; zero: not told. The greatest value
        stands for "longer than that"."""
        value = self.words[word]
        units = value & 0x7FFF if value >> 15 else value & 0xFF
        return units * _MINUTES_PER_UNIT or None

    @property
    def rotational(self) -> Support:
        """Word 217: 0001h does not rotate, 0401h to FFFEh are rates, all else says nothing."""
        value = self.words[217]
        if value == 0x0001:
            return Support.NO
        return Support.YES if 0x0401 <= value <= 0xFFFE else Support.UNKNOWN


def _support(bit: int) -> Support:
    return Support.YES if bit else Support.NO


def parse_identify(data: bytes) -> Identify:
    """Raises ToolError where these are not the words of an ATA drive."""
    words = _words(data, "IDENTIFY DEVICE")
    if words[0] >> 15:  # word 0 bit 15: not an ATA device
        raise ToolError(f"IDENTIFY DEVICE: word 0 = {words[0]:04x}")
    return Identify(words)


def parse_dco_sectors(data: bytes) -> int:
    """Words 3 to 6 of DEVICE CONFIGURATION IDENTIFY: the last address of the drive as it was
    made. Raises ToolError."""
    words = _words(data, "DEVICE CONFIGURATION IDENTIFY", signed=True)
    last_lba = sum(words[3 + at] << 16 * at for at in range(4))
    if not 0 < last_lba < 1 << 48:
        raise ToolError(f"DEVICE CONFIGURATION IDENTIFY: {last_lba:#x}")
    return last_lba + 1


def _words(data: bytes, name: str, *, signed: bool = False) -> tuple[int, ...]:
    """The 256 words; `signed`: the checksum is not optional."""
    if len(data) != BLOCK_BYTES:
        raise ToolError(f"{name}: {len(data)} bytes")
    if len(set(data)) == 1:
        raise ToolError(f"{name}: all {data[0]:02x}")
    has_sum = data[510] == _SIGNATURE
    if (signed and not has_sum) or (has_sum and sum(data) & 0xFF):
        raise ToolError(f"{name}: checksum")
    return struct.unpack("<256H", data)
