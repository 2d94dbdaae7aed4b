"""The emulated SCSI drive and the SAT layer are right before any test trusts them."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from lab.ata.config import AtaConfig, Security
from lab.ata.sat import SatDrive
from lab.erasure import Run
from lab.faults import Fault
from lab.scsi.config import BLOCK_ERASE, CRYPTO, EXIT_FAILURE, OVERWRITE, ScsiConfig
from lab.scsi.drive import ScsiDevice
from lab.scsi.sense import Reply

NEEDLE = b"donor's letter, 1 March 2019: private! "
SECTORS = 4096


class Bench:
    def __init__(self, **config: Any) -> None:
        self.now_s = 0.0
        self.device = ScsiDevice(
            ScsiConfig(**{"sectors": SECTORS, "kind": "ssd", "sanitize_s": 100.0, **config}),
            clock=lambda: self.now_s,
            wait=self.wait,
        )
        for _ in range(2):
            self.device.medium.write(0, NEEDLE.ljust(512) * SECTORS)

    def wait(self, seconds: float) -> bool:
        self.now_s += seconds
        return True

    def do(self, *cdb: int, data: bytes = b"", room: int = 4096) -> Reply:
        return self.device.handle(bytes(cdb).ljust(16, b"\0"), data, room)

    def sanitize(self, action: int, *, immed: bool = True, ause: bool = False) -> Reply:
        data = struct.pack(">BBH4s", 1, 0, 4, b"\xaa\x55\xaa\x55") if action == OVERWRITE else b""
        first = immed << 7 | ause << 5 | action
        return self.do(0x48, first, 0, 0, 0, 0, 0, 0, len(data), data=data)

    def condition(self) -> tuple[int, int, int]:
        """Key, ASC and ASCQ, progress, as REQUEST SENSE gives them."""
        raw = self.do(0x03, 0, 0, 0, 252).data
        return raw[2] & 0xF, raw[12] << 8 | raw[13], int.from_bytes(raw[16:18], "big")


def key(reply: Reply) -> tuple[int, int]:
    raw = reply.sense
    if raw[0] & 0x7F == 0x72:
        return raw[1], raw[2] << 8 | raw[3]
    return raw[2] & 0xF, raw[12] << 8 | raw[13]


@pytest.mark.parametrize("action", [OVERWRITE, BLOCK_ERASE, CRYPTO])
def test_sanitize_runs_says_how_far_and_reaches_everything(action: int) -> None:
    bench = Bench()
    assert bench.sanitize(action).status == 0
    bench.now_s = 50.0
    assert bench.condition() == (2, 0x041B, 32768)
    refused = bench.do(0x28, 0, 0, 0, 0, 0, 0, 0, 1)
    assert (refused.status, key(refused)) == (2, (2, 0x041B))
    assert bench.do(0x12, 0, 0, 0, 96).status == 0
    bench.device.power_on()
    assert bench.condition()[1] == 0x041B, "a power cycle does not end it"
    bench.now_s = 100.0
    assert bench.condition() == (0, 0, 0)
    assert bench.device.media.contains(NEEDLE) == (0, 0)
    if action == OVERWRITE:
        assert bench.do(0x28, 0, 0, 0, 0, 0, 0, 0, 1).data[:2] == b"\xaa\x55"


def test_without_immed_the_command_ends_with_the_operation() -> None:
    bench = Bench()
    assert bench.sanitize(BLOCK_ERASE, immed=False).status == 0
    assert bench.now_s >= 100.0
    assert bench.device.media.contains(NEEDLE) == (0, 0)


def test_a_failed_sanitize_shuts_the_drive_unless_exit_was_allowed() -> None:
    for ause in (False, True):
        bench = Bench(faults={Fault.SANITIZE_FAILS_KEEPS_DATA})
        bench.sanitize(BLOCK_ERASE, ause=ause)
        bench.now_s = 51.0
        assert bench.condition()[:2] == (3, 0x3103)
        assert key(bench.do(0x00)) == (3, 0x3103)
        assert bench.do(0x25).status == 0
        left = bench.do(0x48, EXIT_FAILURE)
        assert (left.status == 0) == ause
        assert ause or key(left) == (5, 0x2400)
        assert (bench.do(0x28, 0, 0, 0, 0, 0, 0, 0, 1).status == 0) == ause
        assert bench.device.media.contains(NEEDLE)[0] == SECTORS


def test_what_a_drive_cannot_it_says() -> None:
    bench = Bench(sanitizes=frozenset({OVERWRITE}))
    assert key(bench.sanitize(BLOCK_ERASE)) == (5, 0x2400)
    assert key(Bench(sanitizes=frozenset()).sanitize(BLOCK_ERASE)) == (5, 0x2000)
    assert bench.device.run.state is Run.NONE
    known = bench.do(0xA3, 0x0C, 2, 0x48, 0, OVERWRITE, 0, 0, 1, 0).data
    assert known[1] & 7 == 3
    assert known[4:6] == bytes((0x48, 0xE0 | OVERWRITE))
    assert bench.do(0xA3, 0x0C, 2, 0x48, 0, BLOCK_ERASE, 0, 0, 1, 0).data[1] & 7 == 1
    listed = bench.do(0xA3, 0x0C, 0, 0, 0, 0, 0, 0, 16, 0, room=8192).data
    codes = {(listed[at], listed[at + 3]) for at in range(4, len(listed), 8)}
    assert {(0x48, OVERWRITE), (0x48, EXIT_FAILURE), (0x12, 0)} <= codes
    assert (0x48, CRYPTO) not in codes
    assert key(Bench(reports_opcodes=False).do(0xA3, 0x0C, 0)) == (5, 0x2000)


def test_overwrite_needs_a_good_parameter_list() -> None:
    bench = Bench()
    assert key(bench.do(0x48, 0x80 | OVERWRITE)) == (5, 0x2400)
    empty = struct.pack(">BBH", 0, 0, 4) + b"abcd"
    reply = bench.do(0x48, 0x80 | OVERWRITE, 0, 0, 0, 0, 0, 0, 8, data=empty)
    assert key(reply) == (5, 0x2600)


def test_medium_errors_and_the_end() -> None:
    bench = Bench(bad_reads=(range(9, 10),), bad_writes=(range(20, 21),))
    bad = bench.do(0x88, *struct.pack(">xQI", 0, 64))
    assert key(bad) == (3, 0x1100)
    assert int.from_bytes(bad.sense[3:7], "big") == 9
    assert bad.sense[0] == 0xF0
    bad = bench.do(0x2A, *struct.pack(">xIxH", 16, 8), data=b"x" * 4096)
    assert key(bad) == (3, 0x0C00)
    assert bench.device.medium.read(19, 1) == b"x" * 512
    assert key(bench.do(0x28, *struct.pack(">xIxH", SECTORS - 1, 2))) == (5, 0x2100)


def test_inquiry_and_capacity() -> None:
    bench = Bench(serial="SAS-9", vendor="SEAGULL", product="ST0001")
    assert bench.do(0x12, 0, 0, 0, 96).data[8:32] == b"SEAGULL ST0001          "
    assert bench.do(0x12, 1, 0x80, 0, 96).data[4:] == b"SAS-9".ljust(20)
    assert bench.do(0x12, 1, 0x00, 0, 96).data[4:] == bytes((0, 0x80, 0x83, 0xB0, 0xB1, 0xB2))
    assert bench.do(0x12, 1, 0xB1, 0, 96).data[4:6] == b"\0\1"
    assert bench.do(0x25).data == struct.pack(">II", SECTORS - 1, 512)
    long = bench.do(0x9E, 0x10, *struct.pack(">QI", 0, 32)).data
    assert struct.unpack_from(">QI", long) == (SECTORS - 1, 512)
    assert long[13] == 3
    assert bench.do(0x1A, 0, 0x08, 0, 252).data[4:7] == bytes((8, 0x12, 0))


# --- the SAT layer ----------------------------------------------------------------------------


def sat(**config: Any) -> SatDrive:
    return SatDrive(AtaConfig(**{"sectors": SECTORS, **config}), wait=lambda _s: True)


def pass_through(
    drive: SatDrive,
    command: int,
    *,
    feature: int = 0,
    lba: int = 0,
    flags: int = 0x2C,
    pio: int = 4,
) -> Reply:
    low = lba.to_bytes(6, "little")
    cdb = bytes((0x85, pio << 1 | 1, flags, 0, feature, 0, 1))
    cdb += bytes((low[3], low[0], low[4], low[1], low[5], low[2], 0x40, command, 0))
    return drive.handle(cdb, b"", 512)


def test_pass_through_returns_registers_where_they_are_asked_for() -> None:
    drive = sat(hpa_sectors=96)
    assert pass_through(drive, 0xEC, flags=0x0E).status == 0
    asked = pass_through(drive, 0xEC, flags=0x2E)
    assert (asked.status, key(asked), len(asked.data)) == (2, (1, 0x001D), 512)
    native = pass_through(drive, 0x27, flags=0x20, pio=3).sense
    assert native[:1] + native[7:10] == b"\x72\x0e\x09\x0c"
    assert native[8 + 13] == 0x50
    lba = [native[8 + at] for at in (7, 9, 11, 6, 8, 10)]
    assert int.from_bytes(bytes(lba), "little") == SECTORS - 1
    assert drive.sectors == SECTORS - 96


def test_an_aborted_pass_through_says_so_unasked() -> None:
    reply = pass_through(sat(), 0xB4, feature=0x12, lba=0x426B4572, flags=0, pio=3)
    assert (reply.status, key(reply)) == (2, (0xB, 0))
    assert reply.sense[8 + 3] == 0x04
    assert reply.sense[8 + 13] == 0x51
    assert reply.sense[8 + 7] == 2, "the reason: unsupported"


def test_a_locked_drive_aborts_reads_and_answers_inquiry() -> None:
    drive = sat(security=Security(user_password=b"donor"))
    assert key(drive.handle(bytes((0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0)), b"", 512)) == (0xB, 0)
    assert drive.handle(bytes((0x12, 0, 0, 0, 96, 0)), b"", 96).data[8:16] == b"ATA     "
    page = drive.handle(bytes((0x12, 1, 0x89, 2, 0x3C, 0)), b"", 572).data
    assert len(page) == 572
    assert page[60 + 256] & 0x04, "word 128: locked"


def test_reads_and_writes_become_ata_commands() -> None:
    drive = sat(kind="ssd")
    drive.handle(struct.pack(">BBIBHB", 0x2A, 0, 7, 0, 2, 0), b"ab" * 512, 0)
    assert drive.handle(struct.pack(">BBIBHB", 0x28, 0, 7, 0, 2, 0), b"", 1024).data == b"ab" * 512
    unmap = struct.pack(">HH4xQI4x", 22, 16, 7, 2)
    assert drive.handle(bytes((0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0)), unmap, 0).status == 0
    assert drive.media.read(7, 2) == bytes(1024)
    names = [command.name for command in drive.device.commands]
    assert names == ["WRITE_DMA_EXT", "READ_DMA_EXT", "DATA_SET_MANAGEMENT"]
