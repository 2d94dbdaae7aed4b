"""The emulated NVMe drive, spoken to over its socket by a small host of our own: no kernel."""

from __future__ import annotations

import struct
import time

import pytest

from lab.nvme import (
    Action,
    Admin,
    Fna,
    Io,
    NamespaceConfig,
    NvmeFault,
    Sanicap,
    SanitizeStatus,
    Status,
)
from lab.nvme.codes import ALL_NAMESPACES
from lab.nvme.host import Host
from lab.nvme.without_kernel import OLD, drive, total, wait
from unit.lab.standing_time import StandingTime


def test_connect_properties_and_identify() -> None:
    with drive(serial="UNIT-1", unallocated_mib=4) as made:
        assert made.admin.connected == made.io.connected == 0
        assert Host(made.server.port, "nqn.of.another").connected == 0x182
        enable = struct.pack("<IIQ", 0, 0x14, 0x460001)
        assert made.admin.fabrics(0x00, enable).status == 0
        assert made.admin.fabrics(0x04, struct.pack("<II", 0, 0x1C)).result == 1
        data = made.admin.run(Admin.IDENTIFY, 0, 1, wants=4096).data
        assert data[4:24].decode().strip() == "UNIT-1"
        assert int.from_bytes(data[296:312], "little") == 4 * 2**20
        assert data[328] == 0b111


def test_write_and_read_back_with_and_without_r2t() -> None:
    with drive() as made:
        assert made.io.run(Io.WRITE, 1, 100, 0, 1, data=b"A" * 1024).status == 0
        made.io.send(Io.WRITE, 1, 102, 0, 0, data=b"B" * 512, wants=512)
        assert made.io.completion().status == 0
        assert made.io.run(Io.READ, 1, 100, 0, 2, wants=1536).data == b"A" * 1024 + b"B" * 512
        assert made.io.run(Io.READ, 1, 32768, 0, 0, wants=512).status == Status.LBA_OUT_OF_RANGE
        assert made.io.run(Io.READ, 9, 0, 0, 0, wants=512).status == Status.INVALID_NAMESPACE


def test_an_overwrite_by_the_host_leaves_the_spare_area() -> None:
    with drive() as made:
        made.io.run(Io.WRITE, 1, 8, 0, 0, data=bytes(512))
        assert total(made) == (0, 2)


def test_what_the_drive_cannot_do_is_refused() -> None:
    with drive(sanicap=Sanicap.BLOCK_ERASE, fna=Fna(0)) as made:
        assert made.admin.run(Admin.SANITIZE, 0, Action.CRYPTO_ERASE).status == Status.INVALID_FIELD
        assert made.admin.run(Admin.FORMAT_NVM, 1, 2 << 9).status == Status.INVALID_FIELD
        assert made.admin.run(Admin.FORMAT_NVM, 1, 7).status == Status.INVALID_FORMAT
        made.subsystem.refuse[Admin.SANITIZE] = Status.ACCESS_DENIED
        assert made.admin.run(Admin.SANITIZE, 0, 2).status == Status.ACCESS_DENIED
    with drive(sanicap=Sanicap(0)) as made:
        assert made.admin.run(Admin.SANITIZE, 0, 2).status == Status.INVALID_OPCODE


@pytest.mark.parametrize(
    ("secure", "faults", "left"),
    [
        (0, set(), (0, 2)),
        (1, set(), (0, 0)),
        (2, set(), (0, 0)),
        (1, {NvmeFault.FORMAT_LIES}, (1, 1)),
        (1, {NvmeFault.FORMAT_HALF}, (0, 1)),
        (1, {NvmeFault.FORMAT_UNMAPS_ONLY}, (0, 2)),
        (1, {NvmeFault.FORMAT_LEAVES_SPARE}, (0, 1)),
    ],
)
def test_format(secure: int, faults: set[NvmeFault], left: tuple[int, int]) -> None:
    with drive(faults=faults) as made:
        assert made.admin.run(Admin.FORMAT_NVM, 1, secure << 9).status == 0
        assert total(made) == left


@pytest.mark.parametrize(
    ("fna", "nsid", "erased"),
    [
        (Fna(0), 1, {1}),
        (Fna(0), ALL_NAMESPACES, {1, 2}),
        (Fna.ERASE_ALL, 1, {1, 2, 3}),
        (Fna.FORMAT_ALL, 1, {1}),
    ],
)
def test_format_scope_follows_fna(fna: Fna, nsid: int, erased: set[int]) -> None:
    spaces = [NamespaceConfig(n, 8, attached=n != 3) for n in (1, 2, 3)]
    with drive(namespaces=spaces, fna=fna) as made:
        assert made.admin.run(Admin.FORMAT_NVM, nsid, 1 << 9).status == 0
        gone = {n for n, one in made.subsystem.namespaces.items() if not one.media.spare}
        assert gone == erased
        assert made.admin.run(Admin.FORMAT_NVM, 3, 0).status in (0, Status.INVALID_FIELD)


def test_format_to_4096_byte_sectors_keeps_the_capacity() -> None:
    with drive() as made:
        assert made.admin.run(Admin.FORMAT_NVM, 1, 1).status == 0
        data = made.admin.run(Admin.IDENTIFY, 1, 0, wants=4096).data
        assert struct.unpack_from("<Q", data)[0] == 16 * 2**20 // 4096
        assert data[26] == 1
        assert made.io.run(Io.WRITE, 1, 4095, 0, 0, data=b"Z" * 4096).status == 0
        assert made.io.run(Io.READ, 1, 4096, 0, 0, wants=4096).status == Status.LBA_OUT_OF_RANGE


def test_a_detached_namespace_is_listed_as_allocated_and_can_be_attached() -> None:
    spaces = (NamespaceConfig(1, 8), NamespaceConfig(2, 8, attached=False))
    with drive(namespaces=spaces) as made:

        def listed(cns: int) -> list[int]:
            data = made.admin.run(Admin.IDENTIFY, 0, cns, wants=4096).data
            return [n for n in struct.unpack("<1024I", data) if n]

        assert (listed(0x02), listed(0x10)) == ([1], [1, 2])
        assert made.io.run(Io.READ, 2, 8, 0, 0, wants=512).status == Status.INVALID_NAMESPACE
        controllers = struct.pack("<HH", 1, 1).ljust(4096, b"\0")
        attach = made.admin.run(Admin.NAMESPACE_ATTACHMENT, 2, 0, data=controllers)
        assert attach.status == 0
        assert listed(0x02) == [1, 2]
        assert made.io.run(Io.READ, 2, 8, 0, 0, wants=512).data == OLD
        assert made.admin.run(Admin.NAMESPACE_MANAGEMENT, 2, 1).status == 0
        assert listed(0x10) == [1]
        assert total(made) == (3, 1), "what a deleted namespace held is still on the medium"


def test_a_hung_command_does_not_hold_up_the_others(standing: StandingTime) -> None:
    with drive(hang={Admin.SANITIZE: 0.5}) as made:
        made.admin.send(Admin.SANITIZE, 0, Action.BLOCK_ERASE)
        assert made.admin.sanitize_log()[1] == SanitizeStatus.NEVER
        began = time.monotonic()
        standing.go_on()
        assert made.admin.completion().status == 0
        assert time.monotonic() - began > 0.3


def test_a_format_that_the_power_cut_ends_gives_no_answer_and_half_an_erase(
    standing: StandingTime,
) -> None:
    with drive(format_s=5) as made:
        made.admin.send(Admin.FORMAT_NVM, 1, 1 << 9)
        wait(lambda: made.subsystem.namespaces[1].formatting)
        made.server.power_off()
        with pytest.raises(OSError):
            made.admin.completion()
        made.server.power_on()
        made.reconnect()
        wait(lambda: total(made) == (0, 1))


def test_unreadable_sectors_and_write_protection() -> None:
    spaces = (NamespaceConfig(1, 8, unreadable={3}), NamespaceConfig(2, 8, write_protected=True))
    with drive(namespaces=spaces) as made:
        read = made.io.run(Io.READ, 1, 0, 0, 7, wants=4096)
        assert read.status == Status.UNRECOVERED_READ_ERROR
        assert made.io.run(Io.WRITE, 1, 3, 0, 0, data=bytes(512)).status == Status.WRITE_FAULT
        write = made.io.run(Io.WRITE, 2, 0, 0, 0, data=bytes(512))
        assert write.status == Status.NAMESPACE_WRITE_PROTECTED


def test_another_serial_after_an_erase() -> None:
    with drive(serial="ABC", faults={NvmeFault.CHANGES_SERIAL}) as made:
        made.admin.run(Admin.FORMAT_NVM, 1, 1 << 9)
        assert made.admin.run(Admin.IDENTIFY, 0, 1, wants=4096).data[4:7] == b"CBA"


def test_commands_are_recorded_with_their_ending() -> None:
    with drive() as made:
        made.admin.run(Admin.FORMAT_NVM, 1, 3)
        last = made.subsystem.commands[-1]
        assert (last.opcode, last.nsid, last.cdw10) == (Admin.FORMAT_NVM, 1, 3)
        assert last.status == Status.INVALID_FORMAT
