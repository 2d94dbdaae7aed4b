"""What SCSI drives, eMMCs and TCG drives are asked, and what is made of their answers: no answer is
never a "no", and nothing raises."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.faults import Fault
from lab.scsi.config import BLOCK_ERASE, CRYPTO, OVERWRITE, ScsiConfig
from lab.scsi.drive import ScsiDevice
from reprise.adapters.capabilities.mmc import read_mmc
from reprise.adapters.capabilities.opal import read_opal
from reprise.adapters.capabilities.scsi import read_scsi
from reprise.adapters.passthrough.nvme_admin import Answer
from reprise.adapters.passthrough.sgio import ScsiAnswer
from reprise.domain.capabilities import MmcCapabilities, SanitizeState, ScsiCapabilities, Support
from unit.made_tree import MMC, MadeTree
from unit.test_wire_mmc import register
from unit.test_wire_opal import CAN, ENCRYPTS, OPAL_2, PYRITE, TPER, answer, locking

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN


def device(node: str = "/dev/sdz", number: str = "0:0", size_bytes: int = 0) -> Any:
    """As much of a BlockFile as is asked for."""
    return SimpleNamespace(node=node, number=number, size_bytes=size_bytes)


class Drive:
    """passthrough.ScsiAccess on an emulated drive. `change` makes another answer of an answer."""

    def __init__(
        self, change: Callable[[bytes, ScsiAnswer], ScsiAnswer] | None = None, **facts: Any
    ):
        self.now_s = 0.0
        config = ScsiConfig(sectors=2048, spare_sectors=8, **facts)
        self.model = ScsiDevice(config, clock=lambda: self.now_s)
        self.change = change or (lambda _cdb, given: given)
        self.cdbs: list[bytes] = []

    def send(
        self,
        device: object,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 0,
    ) -> ScsiAnswer:
        self.cdbs.append(cdb)
        said = self.model.handle(cdb, data_out, data_in)
        driver = 8 if said.sense else 0
        return self.change(cdb, ScsiAnswer(said.status, 0, driver, said.sense, said.data, 0, 0.0))


def ask(drive: Any) -> tuple[ScsiCapabilities | None, dict[str, str]]:
    evidence: dict[str, str] = {}
    return read_scsi(device(), evidence, drive), evidence


@pytest.mark.parametrize(
    ("has", "overwrite", "block", "crypto"),
    [
        ({OVERWRITE, BLOCK_ERASE, CRYPTO}, YES, YES, YES),
        ({OVERWRITE}, YES, NO, NO),
        ({CRYPTO}, NO, NO, YES),
        (set(), NO, NO, NO),
    ],
)
def test_a_drive_lists_its_service_actions(
    has: set[int], overwrite: Support, block: Support, crypto: Support
) -> None:
    able, evidence = ask(Drive(sanitizes=has, serial="S-42", unmaps=True))
    assert able == ScsiCapabilities(overwrite, block, crypto, SanitizeState.IDLE)
    assert evidence["vpd-80"] == "S-42"
    assert evidence["vpd-b1"] == "rotation=10000"
    assert evidence["request-sense"] == "0h 00h/00h"


def test_only_reading_commands_are_sent() -> None:
    drive = Drive()
    ask(drive)
    assert {cdb[0] for cdb in drive.cdbs} == {0x12, 0xA3, 0x03}


def test_a_drive_that_does_not_list_its_commands_is_unknown() -> None:
    able, evidence = ask(Drive(reports_opcodes=False))
    assert able == ScsiCapabilities(UNKNOWN, UNKNOWN, UNKNOWN, SanitizeState.IDLE)
    assert evidence["sanitize-02"].startswith("not-reported: status=02 sense=700005")


@pytest.mark.parametrize(
    ("faults", "seconds", "state"),
    [
        (set(), 0.5, SanitizeState.RUNNING),
        ({Fault.SANITIZE_FAILS_KEEPS_DATA}, 5.0, SanitizeState.FAILED),
        (set(), 5.0, SanitizeState.IDLE),
    ],
)
def test_how_its_last_sanitize_stands(
    faults: set[Fault], seconds: float, state: SanitizeState
) -> None:
    drive = Drive(faults=faults, sanitize_s=1.0)
    drive.send(None, bytes.fromhex("48820000000000000000"))
    drive.now_s = seconds
    able, _evidence = ask(drive)
    assert able is not None
    assert able.sanitize_state is state


def patched(opcode: int, at: int, value: int) -> Callable[[bytes, ScsiAnswer], ScsiAnswer]:
    def change(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
        if cdb[0] != opcode or (cdb[1] & 1 and opcode == 0x12):
            return given
        data = given.data[:at] + bytes((value,)) + given.data[at + 1 :]
        return ScsiAnswer(given.status, 0, 0, b"", data, 0, 0.0)

    return change


def as_ata(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
    """A SATA drive behind a host adapter's translation."""
    if cdb[:3] == bytes((0x12, 1, 0)):
        pages = bytes((0x00, 0x80, 0x83, 0x89))
        return ScsiAnswer(0, 0, 0, b"", bytes((0, 0, 0, len(pages))) + pages, 0, 0.0)
    return given


@pytest.mark.parametrize(
    "drive",
    [
        Drive(patched(0x12, 0, 0x05)),  # an optical drive
        Drive(patched(0x12, 0, 0x20)),  # no unit is connected
        Drive(as_ata),
        Drive(vendor="ATA"),
    ],
)
def test_what_is_no_scsi_disk_is_not_asked_further(drive: Drive) -> None:
    able, _evidence = ask(drive)
    assert able is None
    assert 0xA3 not in {cdb[0] for cdb in drive.cdbs}


class Refusing:
    """All commands end in an error of the kernel, as on a drive that knows no SCSI."""

    def send(self, *_args: object, **_more: object) -> ScsiAnswer:
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))


def test_no_scsi_at_all() -> None:
    able, evidence = ask(Refusing())
    assert able is None
    assert evidence["inquiry"].startswith("not-reported")


@given(st.binary(max_size=255), st.sampled_from([0x12, 0xA3, 0x03]), st.integers(0, 0x40))
def test_garbage_is_never_a_yes_or_an_error(data: bytes, opcode: int, status: int) -> None:
    def change(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
        if cdb[0] != opcode:
            return given
        return ScsiAnswer(status, 0, 0, data[:18], data, 0, 0.0)

    able, _evidence = ask(Drive(change, sanitizes=set()))
    if able is not None and opcode != 0xA3:
        assert YES not in (able.sanitize_block, able.sanitize_crypto, able.sanitize_overwrite)


# ---- eMMC ----


class Card:
    """passthrough.MmcAccess that knows one register."""

    def __init__(self, data: bytes | OSError) -> None:
        self.data = data

    def read(self, _device: object, _command: object) -> bytes:
        if isinstance(self.data, OSError):
            raise self.data
        return self.data

    def send(self, *_args: object) -> tuple[int, ...]:
        raise AssertionError("nothing may be changed")

    secure_erase = send


SIZE = 30_535_680 * 512


def put_card(tree: MadeTree, kind: str) -> MadeTree:
    """As the kernel lays it out: the disk's "device" is a link to the card."""
    tree.disk("mmcblk0", MMC)
    tree.write(f"sys/devices/{MMC.format(n=0)}/type", kind + "\n")
    return tree


@pytest.fixture
def emmc(tree: MadeTree) -> MadeTree:
    return put_card(tree, "MMC")


def ask_card(tree: MadeTree, card: Card, size: int = SIZE) -> MmcCapabilities | None:
    evidence: dict[str, str] = {}
    number = (tree.root / "sys/block/mmcblk0/dev").read_text().strip()
    return read_mmc(device("/dev/mmcblk0", number, size), tree.roots, evidence, card)


def test_an_emmc_tells_its_register(emmc: MadeTree) -> None:
    assert ask_card(emmc, Card(register())) == MmcCapabilities(YES, YES, YES, 2, 0)
    assert ask_card(emmc, Card(register(b231=0x10, b226=0))) == MmcCapabilities(NO, YES, NO, 0, 0)


@pytest.mark.parametrize(
    "card", [Card(OSError(errno.EPERM, "no")), Card(bytes(512)), Card(register()[:100])]
)
def test_no_register_is_unknown(emmc: MadeTree, card: Card) -> None:
    assert ask_card(emmc, card) == MmcCapabilities()


def test_a_register_of_another_size_is_somebody_elses(emmc: MadeTree) -> None:
    assert ask_card(emmc, Card(register()), SIZE - 512) == MmcCapabilities()


def test_the_kernels_debug_file_is_a_second_source(emmc: MadeTree) -> None:
    emmc.write("sys/kernel/debug/mmc0/mmc0:0001/ext_csd", register().hex() + "\n")
    found = ask_card(emmc, Card(OSError(errno.EIO, "no")))
    assert found == MmcCapabilities(YES, YES, YES, 2, 0)


@pytest.mark.parametrize(("kind", "able"), [("SD", None), ("?", MmcCapabilities())])
def test_the_command_means_something_else_to_an_sd_card(
    tree: MadeTree, kind: str, able: MmcCapabilities | None
) -> None:
    put_card(tree, kind)
    assert ask_card(tree, Card(AssertionError())) == able  # type: ignore[arg-type]


# ---- TCG ----


class Opal:
    """passthrough.OpalAccess: what the kernel knows of a drive."""

    def __init__(self, flags: int | OSError, data: bytes | OSError = b"") -> None:
        self._flags, self._data = flags, data

    def flags(self, _device: object) -> int:
        if isinstance(self._flags, OSError):
            raise self._flags
        return self._flags

    def discovery(self, _device: object) -> bytes:
        if isinstance(self._data, OSError):
            raise self._data
        return self._data

    def revert_by_psid(self, *_args: object) -> int:
        raise AssertionError("nothing may be changed")


OPAL = answer(TPER, locking(CAN | ENCRYPTS), OPAL_2)
NONE_KNOWN = OSError(errno.EOPNOTSUPP, "none")


@pytest.mark.parametrize(
    ("kernel", "support"),
    [
        (Opal(3, OPAL), YES),
        (Opal(3, answer(TPER, OPAL_2)), UNKNOWN),
        (Opal(3, OSError(errno.EIO, "no")), UNKNOWN),
        (Opal(3, b"garbage"), UNKNOWN),
        (Opal(0, OPAL), UNKNOWN),
        (Opal(OSError(errno.ENOTTY, "old kernel")), UNKNOWN),
        (Opal(OSError(errno.EACCES, "no root")), UNKNOWN),
    ],
)
def test_what_the_kernel_knows(kernel: Opal, support: Support) -> None:
    evidence: dict[str, str] = {}
    assert read_opal(device(), evidence, kernel) is support
    assert evidence


class Securing:
    """passthrough.NvmeAdmin and ScsiAccess: the drive's own answer to Level 0 Discovery."""

    def __init__(self, data: bytes | OSError, status: int = 0) -> None:
        self.data, self.status = data, status
        self.asked: list[object] = []

    def send(self, _device: object, what: Any, *_args: object, **_more: object) -> Any:
        self.asked.append(what)
        if isinstance(self.data, OSError):
            raise self.data
        if isinstance(what, bytes):
            return ScsiAnswer(self.status, 0, 0, b"", self.data, 0, 0.0)
        return Answer(self.status, 0, self.data, 0.0)


@pytest.mark.parametrize("node", ["/dev/sdz", "/dev/nvme9n1"])
@pytest.mark.parametrize(
    ("said", "support"),
    [
        (Securing(bytes(2048)), NO),
        (Securing(answer(TPER, locking(CAN), PYRITE)), NO),
        (Securing(OPAL), UNKNOWN),  # it is there, but not by this kernel's means
        (Securing(b"garbage"), UNKNOWN),
        (Securing(bytes(2048), status=2), UNKNOWN),
        (Securing(OSError(errno.EIO, "no")), UNKNOWN),
    ],
)
def test_what_the_drive_says_where_the_kernel_knows_nothing(
    node: str, said: Any, support: Support
) -> None:
    evidence: dict[str, str] = {}
    found = read_opal(device(node), evidence, Opal(NONE_KNOWN), said, said)
    assert found is support
    assert len(said.asked) >= 1
    assert "level-0-discovery" in evidence


def test_a_usb_bridge_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from reprise.adapters.capabilities import opal, scsi

    for module in (opal, scsi):
        monkeypatch.setattr(module, "behind_usb", lambda _device: True)
    said: Any = Securing(OPAL)
    assert read_opal(device(), {}, Opal(NONE_KNOWN), said, said) is UNKNOWN
    assert said.asked == []
    drive = Drive()
    assert ask(drive)[0] is None
    assert {cdb[0] for cdb in drive.cdbs} == {0x12}


def test_where_a_device_hangs_on_usb(tmp_path: Path) -> None:
    from reprise.adapters.capabilities.scsi import _USB

    usb = (
        "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host3/target3:0:0/3:0:0:0/block/sdb/"
    )
    assert _USB.search(usb)
    assert not _USB.search("/sys/devices/pci0000:00/0000:00:17.0/ata1/host0/block/sda/")
