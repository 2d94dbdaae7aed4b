"""Real controllers behind which no drive can be reached, in the real image: the PC is never called
erased, each has its reason, and an operator's word answers only what may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reprise.codec import from_builtins
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import proven, report_outcome, unreached_storage
from reprise.domain.report.told import records
from vm.media import kernel_and_initrd, start_words
from vm.qemu import Disk, Pc, running
from vm.shell import Shell
from vm.surfaces import MIB, make_stick
from vm.technician import SLOW

SERIAL = "OWN-DRIVE"
# Address on the PC's first bus -> the reason that its controller gives.
MAY_BE = {
    "0000:00:10.0": "drives-hidden-by-raid-controller",  # mptsas1068: nothing is attached
    "0000:00:11.0": "storage-controller-shows-no-drive",  # lsi53c895a: the same
}
IS_THERE = {
    "0000:00:12.0": "volume-of-a-raid-controller",  # megasas with a volume
    "0000:00:15.0": "nvme-drive-without-namespace",  # its one namespace is detached
}
_UFS, _SD_HOST = "0000:00:13.0", "0000:00:14.0"
# hw/scsi/mptconfig.c: the emulated mptsas1068 says of each empty phy that its link could not be
# agreed on ("Link Rate failed"), which on a real one means that somebody is there.
_EMPTY_PHYS = 8


def _controllers(folder: Path) -> list[str]:
    for name in ("volume", "detached"):
        with (folder / name).open("wb") as image:
            image.truncate(64 * MIB)
    return [
        *("-device", "mptsas1068,addr=0x10"),
        *("-device", "lsi53c895a,addr=0x11"),
        *("-device", "megasas,id=mega,addr=0x12"),
        *("-drive", f"file={folder}/volume,if=none,id=volume,format=raw"),
        *("-device", "scsi-hd,bus=mega.0,drive=volume,serial=VOLUME"),
        *("-device", "ufs,id=ufs0,addr=0x13"),
        *("-device", "sdhci-pci,addr=0x14"),
        *("-device", "nvme-subsys,id=sub0,nqn=sub0"),
        *("-device", "nvme,id=bare,serial=BARE,subsys=sub0,addr=0x15"),
        *("-drive", f"file={folder}/detached,if=none,id=detached,format=raw"),
        *("-device", "nvme-ns,bus=bare,drive=detached,nsid=1,detached=true"),
    ]


@pytest.fixture(scope="module")
def shell(iso: Path, bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """One drive of its own on SATA, whose other ports are empty, and the controllers above."""
    folder = tmp_path_factory.mktemp("boot")
    own = bench / "unreached"
    own.mkdir()
    with (own / "hdd.img").open("wb") as image:
        image.truncate(32 * MIB)
    words = " ".join([*start_words(iso, folder), "systemd.debug_shell=ttyS0"])
    start = (*kernel_and_initrd(iso, folder), words)
    disks = [
        Disk(own / "hdd.img", "sata", SERIAL),
        Disk(make_stick(iso, own / "stick.img", 1536 * MIB), "usb", "STICK-IN"),
    ]
    pc = Pc(own, disks, memory_mib=1536, kernel=start, extra=_controllers(own))
    with running(pc) as vm:
        shell = Shell(vm)
        shell.wait_ready(120 * SLOW)
        shell.run("systemctl is-system-running --wait", 150 * SLOW)
        yield shell


@pytest.fixture(scope="module")
def inventory(shell: Shell) -> Any:
    shell.run("udevadm settle", 60 * SLOW)
    _status, text = shell.run("reprise inventory --json", 120 * SLOW)
    return json.loads(text)


@pytest.fixture(scope="module")
def phys(inventory: Any) -> frozenset[str]:
    kinds = {place["where"]: place["kind"] for place in inventory["unreached"]}
    phys = frozenset(where for where in kinds if where.startswith("phy-"))
    assert len(phys) == _EMPTY_PHYS
    assert {kinds[where] for where in phys} == {"attached-drive-does-not-answer"}
    return phys


def test_each_controller_gives_its_reason(inventory: Any, phys: frozenset[str]) -> None:
    kinds = {place["where"]: place["kind"] for place in inventory["unreached"]}
    assert MAY_BE.items() | IS_THERE.items() <= kinds.items()
    assert kinds[_UFS] in ("drive-without-block-device", "storage-controller-without-driver")
    known = {*MAY_BE, *IS_THERE, _UFS, *phys}
    assert set(kinds) == known, "neither empty SATA ports nor an empty card slot is a reason"


def test_the_drives_that_are_seen_are_listed_all_the_same(inventory: Any) -> None:
    serials = {drive["identity"].get("serial") for drive in inventory["drives"]}
    assert SERIAL in serials


def _erased(shell: Shell, inventory: Any, *words: str) -> Report:
    drives = inventory["drives"]
    node = next(drive["node"] for drive in drives if drive["identity"].get("serial") == SERIAL)
    shell.run("rm -rf /run/sd")
    command = f"reprise --data /run/sd erase --drive {node} --confirm {SERIAL} --operator Camille"
    status, verdict = shell.run(f"{command} {' '.join(words)} 2>/run/err", 300 * SLOW)
    assert status == 0, verdict
    _status, text = shell.run("reprise report show /run/sd/reports/*.jws", 60 * SLOW)
    report: Report = from_builtins(json.loads(text), Report)
    (own,) = [drive for drive in records(report) if drive.identity.serial == SERIAL]
    assert proven(own).state is DriveState.SANITIZED
    return report


def test_the_pc_is_not_erased_with_its_drive(
    shell: Shell, inventory: Any, phys: frozenset[str]
) -> None:
    report = _erased(shell, inventory)
    assert report_outcome(report) is Outcome.INCOMPLETE
    left = {place.where for place in unreached_storage(report)}
    assert left == {*MAY_BE, *IS_THERE, _UFS, *phys}


def test_a_word_answers_what_may_be_and_nothing_else(
    shell: Shell, inventory: Any, phys: frozenset[str]
) -> None:
    said = [f"--nothing-attached {where}" for where in MAY_BE]
    report = _erased(shell, inventory, *said)
    assert {(statement.about.where, statement.by) for statement in report.stated} == {
        (where, "Camille") for where in MAY_BE
    }
    assert {place.where for place in unreached_storage(report)} == {*IS_THERE, _UFS, *phys}
    assert report_outcome(report) is Outcome.INCOMPLETE


def test_no_word_is_taken_about_a_drive_that_was_seen(shell: Shell, inventory: Any) -> None:
    drives = inventory["drives"]
    node = next(drive["node"] for drive in drives if drive["identity"].get("serial") == SERIAL)
    for where in IS_THERE:
        command = f"reprise --data /run/sd erase --drive {node} --confirm {SERIAL}"
        status, said = shell.run(f"{command} --nothing-attached {where} 2>&1", 120 * SLOW)
        assert status == 2, said
        assert where in said
