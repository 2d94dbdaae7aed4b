"""IDENTIFY DEVICE data, 256 little-endian words (ACS-3 7.12.7)."""

from __future__ import annotations

import struct

from lab.ata.config import AtaConfig, Feature


def ata_string(text: str, length: int) -> bytes:
    """ASCII, padded with spaces, the bytes of each word swapped (ACS-3 3.3.10)."""
    padded = text.encode("ascii").ljust(length)[:length]
    return b"".join(padded[at + 1 : at + 2] + padded[at : at + 1] for at in range(0, length, 2))


class _Words:
    def __init__(self) -> None:
        self.words = [0] * 256

    def put(self, first: int, raw: bytes) -> None:
        count = len(raw) // 2
        self.words[first : first + count] = struct.unpack(f"<{count}H", raw)

    def number(self, first: int, value: int, count: int) -> None:
        self.put(first, value.to_bytes(count * 2, "little"))

    def data(self) -> bytes:
        """With the integrity word: signature A5h, checksum (7.12.7.78)."""
        raw = struct.pack("<255H", *self.words[:255]) + b"\xa5"
        return raw + bytes([-sum(raw) & 0xFF])


def _bits(config: AtaConfig, named: dict[Feature, int]) -> int:
    return sum(1 << bit for feature, bit in named.items() if feature in config.can)


def _sanitize_bits(config: AtaConfig) -> int:
    """Word 59: 12 the feature set; 13, 14, 15 its operations; 10 antifreeze."""
    named = {
        Feature.ANTIFREEZE: 10,
        Feature.CRYPTO_SCRAMBLE: 13,
        Feature.OVERWRITE: 14,
        Feature.BLOCK_ERASE: 15,
    }
    bits = _bits(config, named)
    return bits | 1 << 12 if bits >> 13 else 0


def _features(words: list[int], config: AtaConfig, security_enabled: bool) -> None:
    """Words 82 to 87 and 119, 120: supported, then enabled."""
    basic = 0x7048 | _bits(config, {Feature.SMART: 0, Feature.HPA: 10})
    cache = 1 << 5
    security = _bits(config, {Feature.SECURITY: 1})
    words[82] = basic | cache | security
    words[85] = basic | _bits(config, {Feature.WRITE_CACHE: 5})
    words[85] |= security if security_enabled else 0
    words[83] = 0x4000 | 0x3400 | _bits(config, {Feature.DCO: 11})
    words[86] = 0xB400 | _bits(config, {Feature.DCO: 11})
    words[84] = words[87] = 0x4000 | 1 << 8 | _bits(config, {Feature.SMART: 1}) | 1
    words[119] = words[120] = 0x4000 | _bits(config, {Feature.AMAC: 8})


def _sizes(out: _Words, config: AtaConfig, visible_sectors: int) -> None:
    out.number(60, min(visible_sectors, 0x0FFF_FFFF), 2)
    out.number(100, visible_sectors, 4)
    ratio = config.physical_sector_bytes // config.sector_bytes
    out.words[106] = 0x4000 | (0x2000 | ratio.bit_length() - 1 if ratio > 1 else 0)
    if config.sector_bytes > 512:
        out.words[106] |= 0x1000
        out.number(117, config.sector_bytes // 2, 2)
    out.words[209] = 0x4000


def identify(
    config: AtaConfig, *, serial: str, visible_sectors: int, security: int, master_revision: int
) -> bytes:
    """`security` is word 128; `serial` may differ from the configured one after a fault."""
    out = _Words()
    words = out.words
    words[0], words[2] = 0x0040, 0xC837
    out.put(10, ata_string(serial, 20))
    out.put(23, ata_string(config.firmware, 8))
    out.put(27, ata_string(config.model, 40))
    words[47], words[48], words[49], words[50] = 0x8010, 0x4000, 0x2F00, 0x4000
    words[53], words[59] = 0x0006, _sanitize_bits(config)
    words[63], words[64], words[88] = 0x0007, 0x0003, 0x407F
    words[65] = words[66] = words[67] = words[68] = 120
    words[76], words[80] = 0x000E, 0x07F0 if Feature.AMAC in config.can else 0x03F0
    _features(words, config, bool(security & 2))
    if Feature.SECURITY in config.can:
        words[89] = config.security.erase_minutes // 2
        words[90] = config.security.enhanced_minutes // 2
        words[92], words[128] = master_revision, security
    _sizes(out, config, visible_sectors)
    out.put(108, struct.pack("<4H", *struct.unpack(">4H", config.wwn.to_bytes(8, "big"))))
    if Feature.TRIM in config.can:
        words[69], words[105], words[169] = 1 << 14 | 1 << 5, 8, 1
    if Feature.CRYPTO_SCRAMBLE in config.can:
        words[69] |= 1 << 4  # all user data is encrypted
    words[168] = 3  # 2.5 inch
    words[217] = 1 if config.kind == "ssd" else 7200
    words[222] = 0x10FF  # serial; SATA
    return out.data()
