"""The same image on a drive inside the PC, as somebody once wrote it, on the stick, and as files on
another drive's FAT partition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vm.media import digest, kernel_and_initrd, start_words
from vm.qemu import Disk, Pc, running
from vm.shell import Shell
from vm.surfaces import MIB, make_fat_stick, make_stick
from vm.technician import SLOW

INSIDE, STICK, COPIED = "HDD-SAME", "STICK-SAME", "NVME-FILES"


@dataclass
class Started:
    shell: Shell
    drive: Path
    before: str
    copied: Path | None = None
    copied_before: str = ""

    def medium(self) -> str:
        """The serial number of the drive that the system runs from."""
        look = "lsblk -dno SERIAL /dev/$(lsblk -no PKNAME $(findmnt -no SOURCE /run/live/medium))"
        return self.shell.run(look, 30 * SLOW)[1]

    def stick_state(self) -> dict[str, Any]:
        wait = "for n in $(seq 60); do [ -s /run/reprise/stick.json ] && break; sleep 1; done"
        self.shell.run(wait, 90 * SLOW)
        return dict(json.loads(self.shell.run("cat /run/reprise/stick.json")[1]))

    def refusals(self) -> dict[str, set[str]]:
        """Serial number -> why the plan leaves the drive alone."""
        status, text = self.shell.run("reprise plan --json 2>/dev/null", 120 * SLOW)
        assert text, status
        drives = json.loads(text)["drives"]
        return {d["drive"]["serial"]: {r["code"] for r in d["refusals"]} for d in drives}


@contextmanager
def started(iso: Path, folder: Path, *, with_stick: bool) -> Iterator[Started]:
    """`notoram`: what it runs from stays mounted, as in a PC with little memory."""
    folder.mkdir()
    kernel, initrd = kernel_and_initrd(iso, folder)
    words = " ".join([*start_words(iso, folder), "notoram", "systemd.debug_shell=ttyS0"])
    drive = make_stick(iso, folder / "inside.img", 1536 * MIB)
    before = digest(drive)
    disks, copied = [Disk(drive, "sata", INSIDE)], None
    if with_stick:
        disks.append(Disk(make_stick(iso, folder / "stick.img", 1536 * MIB), "usb", STICK))
        copied = make_fat_stick(iso, folder / "copied.img", 1536 * MIB, "ESP").image
        disks.append(Disk(copied, "nvme", COPIED))
    copied_before = digest(copied) if copied else ""
    with running(Pc(folder / "pc", disks, kernel=(kernel, initrd, words))) as vm:
        shell = Shell(vm)
        shell.wait_ready(180 * SLOW)
        shell.run("systemctl is-system-running --wait", 120 * SLOW)
        yield Started(shell, drive, before, copied, copied_before)


@pytest.fixture(scope="module")
def both(iso: Path, bench: Path) -> Iterator[Started]:
    with started(iso, bench / "both", with_stick=True) as pc:
        yield pc


def test_the_system_runs_from_the_stick(both: Started) -> None:
    assert both.medium() == STICK
    _status, note = both.shell.run("cat /run/reprise/medium")
    assert "ID_BUS=usb" in note


def test_reports_go_to_the_stick(both: Started) -> None:
    state = both.stick_state()
    assert state["state"] in ("created", "ready")
    own = both.shell.run(f"lsblk -dno SERIAL /dev/$(lsblk -no PKNAME {state['device']})")[1]
    assert own == STICK


def test_the_drive_inside_stays_in_the_count_and_is_as_it_was(both: Started) -> None:
    refusals = both.refusals()
    assert refusals[INSIDE] == {"reprise-stick"}, "its name alone keeps it"
    assert "boot-medium" in refusals[STICK]
    both.shell.run("sync")
    assert digest(both.drive) == both.before


def test_a_drive_with_the_same_files_is_one_of_the_pcs(both: Started) -> None:
    """Nothing of it was mounted, and it is erased like any other."""
    assert both.refusals()[COPIED] == set()
    both.shell.run("sync")
    assert both.copied and digest(both.copied) == both.copied_before


def test_without_its_name_it_is_erased_like_any_other(both: Started) -> None:
    node = both.shell.run(f"lsblk -dno NAME,SERIAL | awk '/{INSIDE}/ {{print $1}}'")[1]
    both.shell.run(f"wipefs --all --force /dev/{node}1 /dev/{node} && udevadm settle", 60 * SLOW)
    assert both.refusals()[INSIDE] == set()


def test_started_from_inside_alone_it_says_so_and_writes_nothing(iso: Path, bench: Path) -> None:
    with started(iso, bench / "inside", with_stick=False) as pc:
        assert pc.medium() == INSIDE
        state = pc.stick_state()
        assert (state["state"], state["reason"]) == ("memory", "inside")
        assert "boot-medium-inside" in pc.refusals()[INSIDE]
        pc.shell.run("sync")
        assert digest(pc.drive) == pc.before
