"""A light system on an encrypted drive: installed by the station's own command, then started on its
own, where a wrong passphrase opens nothing and the right one leads to the log-in prompt. The drive
is looked at from outside in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.lab import command_line
from vm.media import installed_font, kernel_and_initrd
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Font, Reader
from vm.shell import Shell
from vm.surfaces import MIB
from vm.technician import SLOW

PASSPHRASE = "quatre mots de passe-8"  # letters and signs that lie elsewhere on a US keyboard
WRONG = "quatre mots de passe-9"
ASKS = "Please unlock disk reprise"  # and a hyphen that another font has as a dash
SERIAL = "HDD-LOCKED"
VOLUME_AT = (1 + 1 + 300 + 1024) * MIB  # behind the table and three partitions
_IN_CLEAR = (b"PRETTY_NAME=", b"pc-serrure", b"GNU GENERAL PUBLIC LICENSE")


@dataclass(frozen=True)
class Installed:
    said: str
    code: int
    image: Path


@pytest.fixture(scope="module")
def installed(iso: Path, bench: Path) -> Installed:
    """By `reprise install`, with nobody at the screens."""
    kernel, initrd = kernel_and_initrd(iso, bench)
    image = bench / "hdd.img"
    with image.open("wb") as out:
        out.truncate(4096 * MIB)
    disks = [Disk(iso, "cdrom"), Disk(image, "sata", SERIAL)]
    words = command_line(iso, bench)
    with running(Pc(bench / "station", disks, kernel=(kernel, initrd, words))) as vm:
        shell = Shell(vm)
        shell.wait_ready(120 * SLOW)
        shell.run("systemctl is-system-running --wait", 120 * SLOW)
        assert shell.run(f"( umask 077; echo {PASSPHRASE!r} >/run/words )")[0] == 0
        node = f'"$(lsblk -dnpo NAME,SERIAL | grep {SERIAL} | cut -d " " -f 1)"'
        code, said = shell.run(
            f"reprise install --drive {node} --confirm {SERIAL} --hostname pc-serrure"
            " --encrypt /run/words 2>/run/progress",
            450 * SLOW,
        )
        said += shell.run("tail -3 /run/progress")[1]
        assert PASSPHRASE not in shell.run("grep -r . /run/reprise 2>/dev/null", 60 * SLOW)[1]
        shell.run("sync", 60 * SLOW)
    return Installed(said, code, image)


def test_it_says_that_the_drive_is_encrypted(installed: Installed) -> None:
    assert installed.code == 0, installed.said
    assert "le disque est chiffré" in installed.said


def test_nothing_of_the_system_can_be_read_from_outside(installed: Installed) -> None:
    written = 0
    with installed.image.open("rb") as file:
        file.seek(VOLUME_AT)
        assert file.read(8) == b"LUKS\xba\xbe\x00\x02"
        while chunk := file.read(64 * MIB):
            written += len(chunk) - chunk.count(0)
            assert [text for text in _IN_CLEAR if text in chunk] == []
    assert written > 300 * MIB, "and yet the system is there"


@pytest.mark.parametrize("firmware", ["bios", "secure-boot"])
def test_it_starts_with_its_passphrase_only(
    installed: Installed, font: Font, bench: Path, tmp_path: Path, firmware: str
) -> None:
    pc = Pc(bench / firmware, [Disk(installed.image, "sata", SERIAL)], firmware=firmware)
    with running(pc) as vm:
        console = Console(vm, Reader(installed_font(font, tmp_path)))
        console.wait_for(ASKS, 150 * SLOW)
        console.keep("asks")
        console.type(WRONG)
        vm.press("ret")
        console.wait_until(lambda text: text.count(ASKS) == 2, "the next try", 60 * SLOW)
        console.keep("wrong")
        console.type(PASSPHRASE)
        vm.press("ret")
        console.wait_for("pc-serrure login:", 150 * SLOW)
        console.keep("login")
