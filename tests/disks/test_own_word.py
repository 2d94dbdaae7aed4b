"""Before the first write a drive is asked who it is, on the descriptor that will be written to:
the kernel and udev only know what they read when it was plugged in."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from disks.played_ata import BLOCK, SECTORS, SERIAL, AtaLoopProbe, rig
from disks.rig import Ran, filled_file, job_for, loop_device, run
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.adapters.drives.passthrough.sgio import CHECK_CONDITION, ScsiAnswer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, OwnWord
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import ObservationKind
from reprise.wire.nvme import AdminCommand

STRANGER = "OTHER01"
RULES = Policy(allow_usb=True)
ALONE = NvmeCapabilities(namespace_id=1, namespaces=1, namespaces_allocated=1, unallocated_bytes=0)


class Attached(AtaLoopProbe):
    """The loop device as a drive of this kind; the kernel's word never changes."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def probe_drive(self, node: str) -> Drive:
        return replace(super().probe_drive(node), transport=self.transport)


def overwrite(node: str, transport: Transport, asks: OwnWords, own: OwnWord, **job: object) -> Ran:
    probe = Attached(transport)
    job = {"capabilities": Capabilities(nvme=ALONE)} | job
    made = replace(job_for(node), drive=probe.probe_drive(node), own=own, **job)  # type: ignore[arg-type]
    sanitizer = OverwriteSanitizer(probe, RULES, thermometer=lambda *_: None, asks=asks)
    return run(sanitizer, made)


def asked(node: str, transport: Transport, asks: OwnWords) -> OwnWord:
    drive = Attached(transport).probe_drive(node)
    with BlockFile(node, writable=False, exclusive=False) as device:
        return asks(device, drive)


class Sas:
    """ScsiAccess: a SAS drive that knows no ATA command."""

    def __init__(self, size_bytes: int) -> None:
        self.serial, self.address, self.size_bytes = (
            SERIAL,
            bytes.fromhex("5000c500a1b2c3d4"),
            size_bytes,
        )

    def send(self, device: object, cdb: bytes, **_more: object) -> ScsiAnswer:
        data = b""
        if cdb[0] == 0x12 and cdb[2] == 0x80:
            data = bytes((0, 0x80, 0, len(self.serial))) + self.serial.encode()
        elif cdb[0] == 0x12 and cdb[2] == 0x83:
            found = bytes((1, 3, 0, 8)) + self.address
            data = bytes((0, 0x83, 0, len(found))) + found
        elif cdb[0] == 0x9E:
            last = self.size_bytes // 512 - 1
            data = last.to_bytes(8, "big") + (512).to_bytes(4, "big") + bytes(20)
        if data:
            return ScsiAnswer(0, 0, 0, b"", data, 0, 0.0)
        refused = bytes.fromhex("70000500000000000000000020000000000000")
        return ScsiAnswer(CHECK_CONDITION, 0, 8, refused, b"", 0, 0.0)


class Nvme:
    """NvmeAdmin: one controller, one namespace."""

    def __init__(self, size_bytes: int) -> None:
        self.serial, self.eui, self.size_bytes = (
            SERIAL,
            bytes.fromhex("0025385a91b0c1d2"),
            size_bytes,
        )

    def namespace_id(self, device: object) -> int:
        return 1

    def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
        data = bytearray(4096)
        if command.cdw10 == 1:
            data[4:24], data[24:64] = self.serial.encode().ljust(20), b"PLAYED".ljust(40)
        else:
            data[0:8] = (self.size_bytes // 512).to_bytes(8, "little")
            data[120:128], data[130] = self.eui, 9
        return Answer(0, 0, bytes(data), 0.0)


@contextmanager
def attached(
    tmp_path: Path, kind: str
) -> Iterator[tuple[str, Path, Transport, OwnWords, Callable[[str], None]]]:
    """The node, the file behind it, how it is attached, its way, and what exchanges the drive."""
    if kind == "sata":
        with rig(tmp_path, kind="hdd") as drive:

            def exchange(serial: str) -> None:
                drive.device.serial = serial

            ways = OwnWords(ata=drive.access)
            yield drive.node, drive.file, Transport.SATA, ways, exchange
        return
    file = filled_file(tmp_path / "disk", SECTORS * 512)
    played = Sas(SECTORS * 512) if kind == "sas" else Nvme(SECTORS * 512)

    def swap(serial: str) -> None:
        played.serial = serial

    with loop_device(file) as node:
        if isinstance(played, Sas):
            yield node, file, Transport.SAS, OwnWords(ata=SatAta(played), sgio=played), swap
        else:
            yield node, file, Transport.NVME, OwnWords(admin=played), swap


KINDS = pytest.mark.parametrize("kind", ["sata", "sas", "nvme"])


@KINDS
def test_the_drive_that_was_planned_is_overwritten(tmp_path: Path, kind: str) -> None:
    with attached(tmp_path, kind) as (node, _file, transport, asks, _swap):
        own = asked(node, transport, asks)
        assert (own.serial, own.size_bytes) == (SERIAL, SECTORS * 512)
        ran = overwrite(node, transport, asks, own)
        assert ran.finished.verdict is Verdict.VERIFIED, ran.events


@KINDS
@pytest.mark.parametrize("knew", [True, False])
def test_another_drive_is_not_overwritten(tmp_path: Path, kind: str, knew: bool) -> None:
    """Whether it told who it is when it was planned, or only tells now."""
    with attached(tmp_path, kind) as (node, file, transport, asks, swap):
        own = asked(node, transport, asks) if knew else OwnWord()
        before = file.read_bytes()
        swap(STRANGER)
        ran = overwrite(node, transport, asks, own)
        assert ran.finished.verdict is Verdict.FAILED
        assert ReasonCode.IDENTITY_CHANGED in ran.finished.reasons
        assert ran.seen(ObservationKind.IDENTITY_CHANGED).detail["found"] == STRANGER
        assert file.read_bytes() == before


@pytest.mark.parametrize(("silences", "tells"), [(2, True), (3, False)])
def test_a_drive_that_was_reset_tells_its_news_first(
    tmp_path: Path, silences: int, tells: bool
) -> None:
    with attached(tmp_path, "nvme") as (node, _file, transport, asks, _swap):
        own = asked(node, transport, asks)
        left = [True] * silences

        class News(Nvme):
            def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
                if left and left.pop():
                    raise OSError(errno.EIO, "played")
                return super().send(device, command, timeout_ms)

        ran = overwrite(node, transport, OwnWords(admin=News(SECTORS * 512)), own)
        assert (ran.finished.verdict is Verdict.VERIFIED) is tells


@KINDS
def test_a_drive_that_does_not_say_any_more_who_it_is_is_not_written_to(
    tmp_path: Path, kind: str
) -> None:
    with attached(tmp_path, kind) as (node, file, transport, asks, _swap):
        own = asked(node, transport, asks)
        before = file.read_bytes()

        class Silent:
            def __call__(self, *_who: object) -> OwnWord:
                return OwnWord()

        ran = overwrite(node, transport, Silent(), own)  # type: ignore[arg-type]
        assert ran.finished.verdict is Verdict.FAILED
        assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "identity-silent"
        assert file.read_bytes() == before


def test_a_usb_dock_has_a_serial_number_of_its_own(tmp_path: Path) -> None:
    """Only the drive's own words are compared there; another drive put into it is found out."""
    with rig(tmp_path, kind="hdd") as drive:
        drive.device.serial = "INSIDE1"
        asks = OwnWords(ata=drive.access)
        own = asked(drive.node, Transport.USB, asks)
        assert own.serial == "INSIDE1"
        assert overwrite(drive.node, Transport.USB, asks, own).finished.verdict is Verdict.VERIFIED
        drive.device.serial = "INSIDE2"
        again = overwrite(drive.node, Transport.USB, asks, own)
        assert ReasonCode.IDENTITY_CHANGED in again.finished.reasons


def test_another_card_is_told_by_its_register(tmp_path: Path) -> None:
    """An eMMC, or a card: the kernel reads its register when it wakes it."""
    sys, file = tmp_path / "sys", filled_file(tmp_path / "disk", SECTORS * 512)
    with loop_device(file) as node:
        asks = OwnWords(roots=Roots(sys=sys))
        with BlockFile(node, writable=False) as device:
            register = sys / "dev/block" / device.number / "device/cid"
        register.parent.mkdir(parents=True)
        register.write_text("150100414a4e42345207a1b2c3d44a00\n")
        own = asked(node, Transport.MMC, asks)
        before = file.read_bytes()
        register.write_text("90014a484247346132a50e5f6a7b8c00\n")
        ran = overwrite(node, Transport.MMC, asks, own)
        assert ran.finished.verdict is Verdict.FAILED
        assert ReasonCode.IDENTITY_CHANGED in ran.finished.reasons
        assert file.read_bytes() == before


def test_what_the_kernel_cannot_reach_is_told_in_numbers(tmp_path: Path) -> None:
    """A bridge that counts to 2 TiB, an adapter that keeps the end of the drive for itself."""
    with attached(tmp_path, "sas") as (node, _file, transport, asks, _swap):
        own = replace(asked(node, transport, asks), size_bytes=SECTORS * 512 + 512)
        able = Capabilities(own=own)
        ran = overwrite(node, transport, asks, own, capabilities=able, hidden_left=True)
        assert ran.finished.verdict is Verdict.UNVERIFIED
        assert ReasonCode.HIDDEN_AREA_LEFT in ran.finished.reasons
        detail = ran.seen(ObservationKind.HIDDEN_AREA_LEFT).detail
        assert detail == {"drive_bytes": SECTORS * 512 + 512, "seen_bytes": SECTORS * 512}


def test_a_drive_that_is_larger_than_the_kernel_reaches_gets_no_firmware_command(
    tmp_path: Path,
) -> None:
    """It is the same drive, so the plan's next attempt may follow."""
    with rig(tmp_path) as drive:
        drive.device.hidden.visible += 2048
        ran = drive.erase(BLOCK)
        assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "drive-is-larger"
        assert ran.seen(ObservationKind.HIDDEN_AREA_LEFT), "whatever the next attempt sees"
        assert ReasonCode.IDENTITY_CHANGED not in ran.finished.reasons
        assert "SANITIZE_BLOCK" not in drive.sent
