"""Whatever a drive answers, and however it arrives, no reader of ATA or NVMe capabilities
says YES unless the very bit of a well-formed answer does. (Garbage alone is tried in the tests of
each format.)"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from reprise.adapters.drives.capabilities.ata import read_ata
from reprise.adapters.drives.capabilities.nvme import read_nvme
from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import SanitizeState, Support
from unit.adapters.drives.ata_answers import registers
from unit.adapters.drives.procedures import ERRNOS, Device, many, with_status

YES = Support.YES
OSERROR = st.sampled_from(ERRNOS).map(lambda number: OSError(number, "played"))
Spoil = OSError | tuple[str, int] | None  # None: the answer arrives as it is


def yes(found: object) -> set[str]:
    """The names of the fields that say YES."""
    if found is None:
        return set()
    names = (getattr(type(found), "__dataclass_fields__", {})).keys()
    return {name for name in names if getattr(found, name) is YES}


# ---- ATA ----

ATA_BITS = {
    "security": (128, 0),
    "security_enabled": (128, 1),
    "security_locked": (128, 2),
    "security_frozen": (128, 3),
    "security_expired": (128, 4),
    "security_enhanced": (128, 5),
    "security_maximum": (128, 8),
    "sanitize": (59, 12),
    "sanitize_crypto": (59, 13),
    "sanitize_overwrite": (59, 14),
    "sanitize_block": (59, 15),
    "hpa": (82, 10),
    "dco": (83, 11),
    "flush_cache": (83, 12),
    "flush_cache_ext": (83, 13),
    "amac": (119, 8),
}
LOCK = {f"security_{name}" for name in ("enabled", "locked", "frozen", "expired", "maximum")}
WORDS = st.fixed_dictionaries(
    {
        word: st.one_of(st.integers(0, 0xFFFF), st.sampled_from([0, 0xFFFF, 0x4000, 0x8000]))
        for word in (0, 59, 82, 83, 119, 128, 217)
    }
)
SPOILS = st.one_of(
    st.none(),
    st.none(),
    OSERROR,
    st.tuples(st.just("status"), st.sampled_from([0x02, 0x08, 0x18, 0x28, 0x40])),
    st.tuples(st.just("host_status"), st.sampled_from([1, 3, 7])),
    st.tuples(st.just("driver_status"), st.sampled_from([2, 6])),
    st.tuples(st.just("data"), st.integers(0, 511)),
    st.tuples(st.just("checksum"), st.integers(1, 255)),
    st.tuples(st.just("registers"), st.sampled_from([0x5104, 0xD000, 0x7000])),
)


@dataclass
class OneAnswer:
    """ScsiAccess: the same answer to every command."""

    answer: ScsiAnswer | OSError

    def send(self, *_command: object, **_more: object) -> ScsiAnswer:
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


def identify(words: dict[int, int], spoil: Spoil) -> ScsiAnswer | OSError:
    values = [words.get(word, 0) for word in range(256)]
    raw = bytearray(struct.pack("<256H", *values)[:510] + b"\xa5\0")
    raw[511] = -sum(raw) & 0xFF
    sense = registers(0x50, 0, 0, 0)
    good = ScsiAnswer(2, 0, 8, sense, bytes(raw), 0, 0.0)
    if spoil is None or isinstance(spoil, OSError):
        return spoil or good
    what, value = spoil
    if what == "data":
        return replace(good, data=good.data[:value])
    if what == "checksum":
        raw[511] = raw[511] + value & 0xFF
        return replace(good, data=bytes(raw))
    if what == "registers":
        return replace(good, sense=registers(value >> 8, value & 0xFF, 0, 0))
    if what == "status" and value == 2:
        return replace(good, sense=b"")
    return with_status(good, what, value)


@many(300)
@given(words=WORDS, spoil=SPOILS)
@example({0: 0, 59: 0, 82: 0, 83: 0x7000, 119: 0, 128: 0, 217: 0}, ("status", 2))
def test_ata(words: dict[int, int], spoil: Spoil) -> None:
    found = read_ata(Device(), {}, SatAta(OneAnswer(identify(words, spoil))))
    told = set()
    lost = spoil == ("status", 2)  # the registers; the data's own checksum speaks for it
    if (spoil is None or lost) and not words[0] >> 15:
        for name, (word, bit) in ATA_BITS.items():
            valid = {82: 83, 83: 83, 119: 119}.get(word)
            filled = words[word] != 0xFFFF if valid is None else words[valid] >> 14 == 0b01
            if filled and words[word] >> bit & 1:
                told.add(name)
    if lost:  # what it may hide, how it is locked and that an aborted flush is one that failed, and
        # nothing that it would be commanded to do
        told &= LOCK | {"hpa", "dco", "amac", "flush_cache", "flush_cache_ext"}
    assert yes(found) - {"rotational"} == told


# ---- NVMe ----

ADMIN_SPOILS = st.one_of(
    st.none(),
    st.none(),
    OSERROR,
    st.tuples(st.just("status"), st.integers(1, 0x7FFF)),
    st.tuples(st.just("data"), st.one_of(st.integers(0, 4095), st.sampled_from([512, 4095]))),
    st.tuples(st.just("name"), st.sampled_from(b"\0\xff \x01")),
)


@dataclass
class OneController:
    """NvmeAdmin."""

    data: bytes
    spoil: Spoil

    def namespace_id(self, device: object) -> int:
        return 1

    def send(self, device: object, command: Any, timeout_ms: int = 0) -> Answer:
        if command.opcode != 0x06 or command.cdw10 != 1:
            return Answer(2, 0, b"", 0.0)
        if isinstance(self.spoil, OSError):
            raise self.spoil
        what, value = self.spoil or ("", 0)
        data = self.data
        if what == "name":
            data = data[:4] + bytes((value,)) * 20 + data[24:]
        status = value if what == "status" else 0
        return Answer(status, 0, data[:value] if what == "data" else data, 0.0)


@many(300)
@given(
    oacs=st.integers(0, 0xFFFF),
    fna=st.integers(0, 0xFF),
    sanicap=st.one_of(st.integers(0, 7), st.integers(0, 0xFFFF_FFFF)),
    spoil=ADMIN_SPOILS,
)
def test_nvme(oacs: int, fna: int, sanicap: int, spoil: Spoil) -> None:
    data = bytearray(4096)
    data[4:64] = b"S1".ljust(20) + b"Model".ljust(40)
    struct.pack_into("<H", data, 256, oacs)
    struct.pack_into("<I", data, 328, sanicap)
    data[524] = fna
    found = read_nvme(Device(), Roots(), {}, OneController(bytes(data), spoil))
    bits = {
        "format": oacs >> 1 & 1,
        "format_crypto": oacs >> 1 & fna >> 2 & 1,
        "namespace_management": oacs >> 3 & 1,
        "erase_all_namespaces": fna >> 1 & 1,
        "format_all_namespaces": fna & 1,
        "sanitize_crypto": sanicap & 1,
        "sanitize_block": sanicap >> 1 & 1,
        "sanitize_overwrite": sanicap >> 2 & 1,
        "sanitize_purge": sanicap >> 5 & 1,
    }
    told = {name for name, bit in bits.items() if bit and spoil is None}
    assert yes(found) == told
    assert found.sanitize_state is SanitizeState.UNKNOWN
