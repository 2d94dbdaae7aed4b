"""The emulated ATA drive is right before any test trusts it: its model alone, without a kernel.
Identity, data, SMART and hidden areas."""

from __future__ import annotations

import struct

import pytest

from lab.ata.config import Smart
from lab.ata.registers import Op
from lab.faults import Fault
from lab.media import Media
from unit.lab.lab_bench import NEEDLE, SECTORS, Bench


def test_media_keep_what_a_host_overwrite_cannot_reach() -> None:
    media = Media(1024, spare_sectors=64)
    media.write(0, NEEDLE.ljust(512) * 1024)
    assert media.contains(NEEDLE) == (1024, 0)
    for filler in (b"\0", b"\xff", b"\0"):
        media.write(0, filler * 512 * 1024)
    assert media.contains(NEEDLE) == (0, 64), "the first stale copies stay"
    media.erase_all()
    assert media.contains(NEEDLE) == (0, 0)


def test_media_of_a_disk_are_written_in_place_but_for_reallocated_sectors() -> None:
    media = Media(64, kind="hdd")
    media.write(0, NEEDLE.ljust(512) * 64)
    media.retire(7)
    media.write(0, bytes(512 * 64))
    assert media.contains(NEEDLE) == (0, 1)
    media.crypto_scramble()
    assert media.contains(NEEDLE) == (0, 0)
    assert len(media.spare) == 512
    with pytest.raises(ValueError, match="not on a medium"):
        media.read(60, 5)


def test_deallocated_sectors_read_as_zeros_and_keep_their_contents() -> None:
    media = Media(64)
    media.write(8, NEEDLE.ljust(512) * 8)
    media.deallocate(0, 64)
    assert media.read(0, 64) == bytes(512 * 64)
    assert media.contains(NEEDLE) == (0, 8)


def test_identify_says_who_it_is_and_what_it_can() -> None:
    bench = Bench(serial="LAB42", kind="ssd", model="A MODEL")
    words = bench.words()
    raw = struct.pack("<256H", *words)
    assert sum(raw) & 0xFF == 0
    assert raw[510] == 0xA5
    assert b"".join(raw[at + 1 : at + 2] + raw[at : at + 1] for at in range(20, 40, 2)) == (
        b"LAB42".ljust(20)
    )
    assert words[100] | words[101] << 16 == SECTORS
    assert words[59] & 0xF400 == 0xB400, "sanitize: block erase, crypto, antifreeze"
    assert words[217] == 1
    assert words[169] & 1
    assert words[128] == 0x21
    assert words[108] >> 12 == 5


def test_a_disk_announces_overwrite_only() -> None:
    words = Bench(kind="hdd").words()
    assert words[59] & 0xF400 == 0x5000
    assert words[217] == 7200
    assert words[82] & 0x403 == 0x403
    assert words[83] & 0x0800


def test_reads_and_writes_by_taskfile() -> None:
    bench = Bench()
    assert bench.do(Op.WRITE_DMA_EXT, lba=100, count=2, data=b"a" * 512 + b"b" * 512).good
    assert bench.do(Op.READ_DMA_EXT, lba=101, count=1).data == b"b" * 512
    assert bench.do(Op.READ_SECTORS, lba=100, count=1).data == b"a" * 512
    past = bench.do(Op.READ_DMA_EXT, lba=SECTORS - 1, count=2)
    assert (past.status, past.error) == (0x51, 0x10)
    assert bench.device.commands[-1].name == "READ_DMA_EXT"


def test_medium_errors_name_the_first_bad_sector() -> None:
    bench = Bench(bad_reads=(range(50, 52),), bad_writes=(range(70, 71),))
    assert bench.do(Op.READ_DMA_EXT, lba=0, count=50).good
    bad = bench.do(Op.READ_DMA_EXT, lba=0, count=100)
    assert (bad.error, bad.lba) == (0x40, 50)
    bad = bench.do(Op.WRITE_DMA_EXT, lba=64, count=16, data=b"x" * 512 * 16)
    assert (bad.error, bad.lba) == (0x40, 70)
    assert bench.device.medium.read(69, 2) == b"x" * 512 + bytes(512)


def test_trim_returns_zeros_and_erases_nothing() -> None:
    bench = Bench(kind="ssd")
    bench.do(Op.WRITE_DMA_EXT, lba=8, count=1, data=NEEDLE.ljust(512))
    entry = struct.pack("<Q", 1 << 48 | 8).ljust(512, b"\0")
    assert bench.do(Op.DATA_SET_MANAGEMENT, feature=1, count=1, data=entry).good
    assert bench.device.media.contains(NEEDLE) == (0, 1)
    assert not Bench().do(Op.DATA_SET_MANAGEMENT, feature=1, data=entry).good


def test_smart() -> None:
    bench = Bench(smart=Smart(raw={5: 8, 9: 1000, 194: 40, 197: 3, 198: 0}))
    read = bench.do(Op.SMART, feature=0xD0, lba=0xC24F00)
    assert sum(read.data) & 0xFF == 0
    assert [read.data[2 + 12 * at] for at in range(5)] == [5, 9, 194, 197, 198]
    assert read.data[2 + 5] == 8
    assert bench.do(Op.SMART, feature=0xDA, lba=0xC24F00).lba == 0xC24F00
    failing = Bench(smart=Smart(failing=True))
    assert failing.do(Op.SMART, feature=0xDA, lba=0xC24F00).lba == 0x2CF400
    assert not bench.do(Op.SMART, feature=0xDA).good, "without the signature"


def test_hpa_is_read_and_lifted_once_in_a_power_cycle() -> None:
    bench = Bench(hpa_sectors=1000)
    assert bench.words()[100] == SECTORS - 1000
    assert not bench.do(Op.READ_DMA_EXT, lba=SECTORS - 1000, count=1).good
    assert bench.do(Op.READ_NATIVE_MAX_EXT).lba == SECTORS - 1
    assert bench.do(Op.SET_MAX_EXT, lba=SECTORS - 1, count=1).good
    assert bench.words()[100] == SECTORS
    assert bench.do(Op.READ_DMA_EXT, lba=SECTORS - 1, count=1).good
    bench.do(Op.READ_NATIVE_MAX_EXT)
    assert bench.do(Op.SET_MAX_EXT, lba=99, count=1).error & 0x10
    bench.device.power_on()
    assert bench.words()[100] == SECTORS, "non-volatile"


def test_set_max_has_to_follow_read_native_max_at_once() -> None:
    bench = Bench(hpa_sectors=1000)
    assert not bench.do(Op.SET_MAX_EXT, lba=SECTORS - 1).good
    bench.do(Op.READ_NATIVE_MAX_EXT)
    bench.do(Op.IDENTIFY_DEVICE)
    assert not bench.do(Op.SET_MAX_EXT, lba=SECTORS - 1).good
    bench.do(Op.READ_NATIVE_MAX)
    assert not bench.do(Op.SET_MAX_EXT, lba=SECTORS - 1).good, "the other pair"
    bench.do(Op.READ_NATIVE_MAX)
    assert bench.do(Op.SET_MAX, lba=SECTORS - 1).good
    bench.device.power_on()
    assert bench.words()[100] == SECTORS - 1000, "volatile"


def test_amac() -> None:
    bench = Bench(kind="ssd", amac_sectors=1000)
    words = bench.words()
    assert (words[119] & 0x100, words[80] & 0x400, words[82] & 0x400) == (0x100, 0x400, 0)
    assert bench.do(Op.ACCESSIBLE_MAX, feature=0).lba == SECTORS - 1
    assert bench.do(Op.ACCESSIBLE_MAX, feature=1, lba=SECTORS - 1).good
    assert bench.words()[100] == SECTORS
    assert not bench.do(Op.ACCESSIBLE_MAX, feature=1, lba=99).good, "once in a power cycle"
    bench.device.power_on()
    bench.do(Op.ACCESSIBLE_MAX, feature=2)
    assert not bench.do(Op.ACCESSIBLE_MAX, feature=1, lba=99).good, "frozen"
    assert not bench.do(Op.READ_NATIVE_MAX_EXT).good


def test_dco_tells_the_true_size_and_restores_it_once_the_hpa_is_lifted() -> None:
    bench = Bench(dco_sectors=512, hpa_sectors=256)
    data = bench.do(Op.DEVICE_CONFIGURATION, feature=0xC2).data
    assert sum(data) & 0xFF == 0
    assert struct.unpack_from("<Q", data, 6)[0] == SECTORS - 1
    assert bench.do(Op.READ_NATIVE_MAX_EXT).lba == SECTORS - 513
    assert not bench.do(Op.DEVICE_CONFIGURATION, feature=0xC0).good, "an HPA is set"
    bench.do(Op.READ_NATIVE_MAX_EXT)
    bench.do(Op.SET_MAX_EXT, lba=SECTORS - 513, count=1)
    assert bench.do(Op.DEVICE_CONFIGURATION, feature=0xC0).good
    assert bench.words()[100] == SECTORS


def test_dco_set_shrinks_and_freeze_refuses() -> None:
    bench = Bench()
    data = bytearray(bench.do(Op.DEVICE_CONFIGURATION, feature=0xC2).data)
    struct.pack_into("<Q", data, 6, 4095)
    assert not bench.do(Op.DEVICE_CONFIGURATION, feature=0xC3, data=bytes(data)).good, "checksum"
    data[511] = -sum(data[:511]) & 0xFF
    assert bench.do(Op.DEVICE_CONFIGURATION, feature=0xC3, data=bytes(data)).good
    assert bench.words()[100] == 4096
    assert bench.do(Op.DEVICE_CONFIGURATION, feature=0xC1).good
    assert not bench.do(Op.DEVICE_CONFIGURATION, feature=0xC2).good
    bench.device.power_on()
    assert bench.do(Op.DEVICE_CONFIGURATION, feature=0xC0).good


def test_read_native_max_that_is_dropped() -> None:
    bench = Bench(hpa_sectors=100, faults={Fault.DROPS_READ_NATIVE_MAX})
    assert bench.words()[82] & 0x400, "announced"
    assert not bench.do(Op.READ_NATIVE_MAX_EXT).good


def test_a_command_hangs_for_as_long_as_it_was_told() -> None:
    bench = Bench(hang_s={Op.IDENTIFY_DEVICE: 30.0})
    assert bench.do(Op.IDENTIFY_DEVICE).good
    assert bench.now_s == 30.0
    bench.power = False
    assert not bench.do(Op.IDENTIFY_DEVICE).good, "the power went meanwhile"
