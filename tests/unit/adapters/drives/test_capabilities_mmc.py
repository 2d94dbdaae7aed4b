"""What an eMMC and a TCG drive tell of themselves; no answer is never a no."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from reprise.adapters.drives.capabilities.mmc import read_mmc
from reprise.adapters.drives.capabilities.opal import OpalWord, read_opal
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.domain.drives.capabilities import Capabilities, MmcCapabilities, Support
from reprise.domain.pc.hardware import DriveIdentity, Transport
from reprise.domain.planning.options import hides_tail
from unit.adapters.drives.scsi_drive import Drive, ask, device
from unit.adapters.hardware.made_tree import MMC, MadeTree
from unit.domain.drives.drives import drive
from unit.wire.test_wire_mmc import register
from unit.wire.test_wire_opal import (
    CAN,
    ENABLED,
    ENCRYPTS,
    LOCKED,
    OPAL_2,
    PYRITE,
    TPER,
    answer,
    locking,
)

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN


# ---- eMMC ----


class Card:
    """passthrough.mmc_ioctl.MmcAccess that knows one register."""

    def __init__(self, data: bytes | Exception) -> None:
        self.data = data

    def read(self, _device: object, _command: object) -> bytes:
        if isinstance(self.data, Exception):
            raise self.data
        return self.data

    def send(self, *_args: object) -> tuple[int, ...]:
        raise AssertionError("nothing may be changed")

    def secure_erase(self, *_args: object) -> None:
        raise AssertionError("nothing may be changed")


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
    assert ask_card(emmc, Card(register())) == MmcCapabilities(YES, YES, YES, 2, 0, SIZE)
    assert ask_card(emmc, Card(register(b231=0x10, b226=0))) == MmcCapabilities(
        NO, YES, NO, 0, 0, SIZE
    )


@pytest.mark.parametrize(
    "card", [Card(OSError(errno.EPERM, "no")), Card(bytes(512)), Card(register()[:100])]
)
def test_no_register_is_unknown(emmc: MadeTree, card: Card) -> None:
    assert ask_card(emmc, card) == MmcCapabilities()


@pytest.mark.parametrize(("shown", "hides"), [(SIZE - 512, True), (SIZE + 512, False)])
def test_a_register_of_another_size_tells_nothing_but_that(
    emmc: MadeTree, shown: int, hides: bool
) -> None:
    """It may be somebody else's; but what tells more than the kernel shows is a doubt."""
    found = ask_card(emmc, Card(register()), shown)
    assert found == MmcCapabilities(user_bytes=SIZE)
    one = drive(transport=Transport.MMC, identity=DriveIdentity(serial="0x1", size_bytes=shown))
    assert hides_tail(one, Capabilities(mmc=found)) == hides


def test_the_kernels_debug_file_is_a_second_source(emmc: MadeTree) -> None:
    emmc.write("sys/kernel/debug/mmc0/mmc0:0001/ext_csd", register().hex() + "\n")
    found = ask_card(emmc, Card(OSError(errno.EIO, "no")))
    assert found == MmcCapabilities(YES, YES, YES, 2, 0, SIZE)


@pytest.mark.parametrize(("kind", "able"), [("SD", None), ("?", MmcCapabilities())])
def test_the_command_means_something_else_to_an_sd_card(
    tree: MadeTree, kind: str, able: MmcCapabilities | None
) -> None:
    put_card(tree, kind)
    assert ask_card(tree, Card(AssertionError())) == able


# ---- TCG ----


class Opal:
    """passthrough.opal_ioctl.OpalAccess: what the kernel knows of a drive."""

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
    assert read_opal(device(), evidence, kernel).revertible is support
    assert evidence


@pytest.mark.parametrize(
    ("flags", "opened"), [(0x07, YES), (0x0F, NO), (0x03, NO), (0x06, UNKNOWN)]
)
def test_the_kernel_tells_whether_it_locks_without_power(flags: int, opened: Support) -> None:
    """Also where the drive does not answer twice."""
    for told in (OPAL, OSError(errno.EIO, "no")):
        assert read_opal(device(), {}, Opal(flags, told)).opened is opened


class Securing:
    """passthrough.nvme_admin.NvmeAdmin and ScsiAccess: the drive's own answer to Level 0
    Discovery."""

    def __init__(self, data: bytes | OSError, status: int = 0) -> None:
        self.data, self.status = data, status
        self.asked: list[object] = []

    def send(self, _device: object, what: Any, *_args: object, **_more: object) -> Any:
        self.asked.append(what)
        if isinstance(self.data, Exception):
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
    assert found.revertible is support
    assert len(said.asked) >= 1
    assert "level-0-discovery" in evidence


@pytest.mark.parametrize("node", ["/dev/sdz", "/dev/nvme9n1"])
@pytest.mark.parametrize("bits", [CAN, CAN | ENABLED, CAN | ENABLED | LOCKED])
def test_one_that_the_kernel_does_not_know_tells_it_itself(node: str, bits: int) -> None:
    said: Any = Securing(answer(TPER, locking(bits), PYRITE))
    found = read_opal(device(node), {}, Opal(NONE_KNOWN), said, said)
    assert found.opened is (YES if bits == CAN | ENABLED else NO)


def test_a_usb_bridge_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from reprise.adapters.drives.capabilities import opal, scsi

    for module in (opal, scsi):
        monkeypatch.setattr(module, "behind_usb", lambda _device: True)
    said: Any = Securing(OPAL)
    assert read_opal(device(), {}, Opal(NONE_KNOWN), said, said) == OpalWord()
    assert said.asked == []
    drive = Drive()
    assert ask(drive)[0] is None
    assert {cdb[0] for cdb in drive.cdbs} == {0x12}


def test_where_a_device_hangs_on_usb(tmp_path: Path) -> None:
    from reprise.adapters.drives.capabilities.scsi import _USB

    usb = (
        "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host3/target3:0:0/3:0:0:0/block/sdb/"
    )
    assert _USB.search(usb)
    assert not _USB.search("/sys/devices/pci0000:00/0000:00:17.0/ata1/host0/block/sda/")
