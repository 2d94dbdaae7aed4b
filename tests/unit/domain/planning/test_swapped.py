"""Things that change places unseen: sticks, drives, cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.adapters.storage.store import MirroredStore
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals
from unit.adapters.hardware.made_tree import ATA, MMC, NVME, USB, MadeTree


@pytest.fixture
def made(tmp_path: Path) -> MadeTree:
    return MadeTree(tmp_path)


def test_a_stick_swapped_while_nothing_is_written_is_not_said_to_hold_the_report(
    tmp_path: Path,
) -> None:
    sticks = [tmp_path / "one", tmp_path / "two"]
    for one in sticks:
        one.mkdir()
    plugged = sticks[0]
    store = MirroredStore(tmp_path / "memory", lambda: plugged)
    store.append("journal/s.jsonl", b"1\n")
    store.write("reports/r.jws", b"proof")
    assert store.where() == "stick"
    plugged = sticks[1]
    assert store.where() == "memory"
    store.append("journal/s.jsonl", b"2\n")
    assert (sticks[1] / "reports/r.jws").read_bytes() == b"proof"
    assert store.where() == "stick"


def test_a_stick_is_told_by_what_it_holds_not_by_size_alone(tmp_path: Path) -> None:
    """A journal that another process took further is no reason to doubt the stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    store = MirroredStore(tmp_path / "memory", lambda: stick)
    store.append("journal/s.jsonl", b"1\n")
    (stick / "journal/s.jsonl").write_bytes(b"1\n2\n")
    assert store.where() == "stick"


def _identity_doubt(drive: Drive) -> list[str]:
    found = refusals(drive, Policy())
    return [
        refusal.detail
        for refusal in found
        if refusal.code is RefusalCode.PROBE_INCOMPLETE and refusal.detail.startswith("identity:")
    ]


def _page(serial: bytes) -> bytes:
    return b"\x00\x80\x00\x14" + serial.rjust(20)


def test_a_drive_that_udev_takes_for_its_predecessor_is_refused(made: MadeTree) -> None:
    """Swapped for one of the same model and size: udev's database still has the old serial."""
    base = made.disk("sda", ATA)
    made.write(f"{Path(base).parent.parent}/vpd_pg80", _page(b"NEW-DRIVE-2"))
    made.udev["sda"] = {"ID_SERIAL_SHORT": "OLD-DRIVE-1", "ID_MODEL": "M"}
    (doubt,) = _identity_doubt(made.drives()["sda"])
    assert "NEW-DRIVE-2" in doubt and "OLD-DRIVE-1" in doubt


def test_an_nvme_drive_that_udev_takes_for_its_predecessor_is_refused(made: MadeTree) -> None:
    base = made.disk("nvme0n1", NVME)
    made.write(f"{Path(base).parent.parent}/serial", "S4EV  NEW\n")
    made.udev["nvme0n1"] = {"ID_SERIAL_SHORT": "S4EV__OLD"}
    assert _identity_doubt(made.drives()["nvme0n1"])


@pytest.mark.parametrize("told", ["WD-1_2", "wd-1 2"])
def test_udevs_spelling_is_no_contradiction(made: MadeTree, told: str) -> None:
    base = made.disk("sda", ATA)
    made.write(f"{Path(base).parent.parent}/vpd_pg80", _page(b"WD-1 2"))
    made.udev["sda"] = {"ID_SERIAL_SHORT": told}
    assert not _identity_doubt(made.drives()["sda"])


def test_a_usb_bridge_may_have_a_serial_of_its_own(made: MadeTree) -> None:
    base = made.disk("sda", USB)
    made.write(f"{Path(base).parent.parent}/vpd_pg80", _page(b"DRIVE"))
    made.udev["sda"] = {"ID_SERIAL_SHORT": "BRIDGE"}
    assert not _identity_doubt(made.drives()["sda"])


@pytest.mark.parametrize(("kind", "removable"), [("SD", True), ("MMC", False)])
def test_a_card_in_a_slot_is_removable_and_emmc_is_not(
    made: MadeTree, kind: str, removable: bool
) -> None:
    base = made.disk("mmcblk0", MMC)
    made.write(f"{Path(base).parent.parent}/type", f"{kind}\n")
    drive = made.drives()["mmcblk0"]
    assert drive.removable is removable
    codes = {refusal.code for refusal in refusals(drive, Policy())}
    assert (RefusalCode.CARD_INSIDE in codes) is removable
