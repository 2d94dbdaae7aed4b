"""A drive is known to be an ATA one in more ways than by its own answer; then what it may hide
has to be asked, and silence is a doubt."""

from __future__ import annotations

import errno
import struct
from dataclasses import replace

import pytest

import reprise.adapters.drives.capabilities as reader
from disks.rig import LoopProbe
from reprise.adapters.drives.passthrough.sgio import CHECK_CONDITION, KernelScsi, ScsiAnswer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.pc.hardware import Drive, SmartFacts, Transport
from reprise.domain.planning.options import (
    can,
    hides_tail,
    may_hide,
    may_lock_by_suspend,
    own_bytes,
)
from reprise.domain.planning.plan import WarningCode
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from reprise.workflow.erasure.jobs import EraseOrder, Jobs
from unit.domain.drives.drives import aes, drive

BAD_OPCODE = bytes.fromhex("700005000000000a00000000200000000000")
SECTORS = 4_000_000


def identify() -> bytes:
    words = [0] * 256
    words[0], words[82], words[83], words[87] = 0x0040, 0x0400, 0x4400, 0x4000
    words[59], words[128] = 0xF000, 0x0021
    words[10:20] = struct.unpack(">10H", b"ATA0001".ljust(20))
    words[100], words[101] = SECTORS & 0xFFFF, SECTORS >> 16
    raw = struct.pack("<256H", *words)[:510] + b"\xa5"
    return raw + bytes((-sum(raw) & 0xFF,))


class Adapter:
    """KernelScsi.send: no ATA command gets through; INQUIRY as told."""

    def __init__(self, vendor: str, pages: tuple[int, ...] = (), *, page_89: bytes = b"") -> None:
        self.vendor, self.pages, self.page_89 = vendor, pages, page_89

    def send(self, _device: object, cdb: bytes, **_more: object) -> ScsiAnswer:
        data = b""
        if cdb[0] == 0x12 and not cdb[1]:
            data = (
                bytes((0, 0, 6, 2, 31, 0, 0, 0)) + self.vendor.encode().ljust(8) + b"DISK".ljust(20)
            )
        elif cdb[0] == 0x12 and cdb[2] == 0x00:
            data = bytes((0, 0, 0, len(self.pages), *self.pages))
        elif cdb[0] == 0x12 and cdb[2] == 0x89 and self.page_89:
            head = bytes((0, 0x89, 2, 0x38)).ljust(56, b"\0") + bytes((0xEC, 0, 0, 0))
            data = head + self.page_89
        if data:
            return ScsiAnswer(0, 0, 0, b"", data, 0, 0.0)
        return ScsiAnswer(CHECK_CONDITION, 0, 8, BAD_OPCODE, b"", 0, 0.0)


class Node:
    node, number, size_bytes = "/dev/sdq", "65:0", SECTORS * 512

    def __init__(self, *_how: object, **_more: object) -> None: ...

    def __enter__(self) -> Node:
        return self

    def __exit__(self, *_exc: object) -> None: ...

    def ioctl(self, *_request: object) -> int:
        raise OSError(errno.ENOTTY, "played")


def read(
    monkeypatch: pytest.MonkeyPatch,
    transport: Transport,
    adapter: Adapter,
    security: str | None = None,
) -> Capabilities:
    monkeypatch.setattr(reader, "BlockFile", Node)
    monkeypatch.setattr(KernelScsi, "send", adapter.send)
    one = replace(drive(), transport=transport, node=Node.node)
    return reader.read_capabilities(replace(one, smart=SmartFacts(ata_security=security)), Roots())


SILENT = Adapter("GENERIC")


@pytest.mark.parametrize(
    ("transport", "adapter", "security"),
    [
        (Transport.SATA, SILENT, None),
        (Transport.ATA, SILENT, None),
        (Transport.SAS, Adapter("ATA"), None),
        (Transport.SAS, Adapter("GENERIC", (0x00, 0x89)), None),
        (Transport.USB, SILENT, "Disabled, NOT FROZEN [SEC1]"),
    ],
)
def test_an_ata_drive_that_cannot_be_asked_is_a_doubt(
    monkeypatch: pytest.MonkeyPatch, transport: Transport, adapter: Adapter, security: str | None
) -> None:
    found = read(monkeypatch, transport, adapter, security)
    assert found.ata is not None
    assert found.scsi is None
    assert may_hide(found)


def shut(*_how: object, **_more: object) -> Node:
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    ("transport", "security", "is_ata"),
    [
        (Transport.SATA, None, True),
        (Transport.ATA, None, True),
        (Transport.SAS, "Disabled, NOT FROZEN [SEC1]", True),
        (Transport.USB, "Disabled, NOT FROZEN [SEC1]", True),
        (Transport.SAS, None, False),
        (Transport.NVME, None, False),
    ],
)
def test_an_ata_drive_that_could_not_be_opened_is_a_doubt(
    monkeypatch: pytest.MonkeyPatch, transport: Transport, security: str | None, is_ata: bool
) -> None:
    monkeypatch.setattr(reader, "BlockFile", shut)
    one = replace(drive(), transport=transport, smart=SmartFacts(ata_security=security))
    found = reader.read_capabilities(one, Roots())
    assert found.evidence["open"]
    assert may_hide(found) == is_ata
    assert (WarningCode.MAY_HIDE in plan_drive(one, found, Policy()).warnings) == is_ata
    (job,) = Jobs(EraseOrder(one, plan_drive(one, found, POLICY)), Asked(found), POLICY, aes).of(
        one, hidden_left=False
    )
    assert job.hidden_left == is_ata
    assert may_lock_by_suspend(found) == (is_ata and transport is not Transport.USB)


POLICY = Policy(allow_usb=True)


class Asked(LoopProbe):
    def __init__(self, found: Capabilities) -> None:
        self.found = found

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self.found


@pytest.mark.parametrize(
    ("transport", "adapter"),
    [(Transport.USB, SILENT), (Transport.SAS, Adapter("SEAGATE", (0x00, 0x80, 0x83)))],
)
def test_no_other_drive_is_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, transport: Transport, adapter: Adapter
) -> None:
    found = read(monkeypatch, transport, adapter)
    assert found.ata is None
    assert not may_hide(found)


def test_what_the_translation_read_is_taken_from_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = Adapter("ATA", (0x00, 0x89), page_89=identify())
    found = read(monkeypatch, Transport.SAS, adapter)
    assert found.ata is not None
    assert (found.ata.visible_sectors, found.ata.hpa) == (SECTORS, Support.YES)
    # no command gets through: none is planned
    one = replace(drive(), transport=Transport.SAS)
    assert not can(Technique.ATA_SANITIZE_BLOCK, one, found)
    assert not can(Technique.ATA_SECURITY_ERASE, one, found)


@pytest.mark.parametrize(("shown", "hides"), [(SECTORS, False), (SECTORS // 2, True)])
def test_an_adapter_that_cuts_a_drive_is_found_out_by_that_page(
    monkeypatch: pytest.MonkeyPatch, shown: int, hides: bool
) -> None:
    """It tells who the drive is by SCSI, with its own size, and no ATA command gets through."""
    found = read(monkeypatch, Transport.SAS, Adapter("ATA", (0x00, 0x89), page_89=identify()))
    assert found.own.by != "ata"
    size = replace(drive().identity, size_bytes=shown * 512)
    one = replace(drive(), transport=Transport.SAS, identity=size)
    assert hides_tail(one, found) == hides
    plan = plan_drive(one, found, Policy())
    assert (WarningCode.TAIL_OUT_OF_REACH in plan.warnings) == hides
    lost = Capabilities(own=found.own)
    (job,) = Jobs(EraseOrder(one, plan), Asked(lost), POLICY, aes).of(one, hidden_left=False)
    assert job.hidden_left, "what told, and tells nothing now"
    assert own_bytes(found) == SECTORS * 512


@pytest.mark.parametrize(("told", "hides"), [(1 << 42, True), (1 << 41, False), (1 << 40, False)])
def test_a_drive_larger_than_the_kernel_reaches_hides_the_rest(told: int, hides: bool) -> None:
    seen = replace(drive(), identity=replace(drive().identity, size_bytes=1 << 41))
    able = Capabilities(own=replace(Capabilities().own, by="ata", size_bytes=told))
    assert hides_tail(seen, able) == hides
    assert (WarningCode.TAIL_OUT_OF_REACH in plan_drive(seen, able, Policy()).warnings) == hides
