"""A light system on an encrypted drive whose passphrase its owner chooses: installed by the
station's own command, started on its own with nothing asked, handed over by the first start's
work, and started again, where a wrong passphrase opens nothing and the owner's leads to the log-in
prompt, typed on the keyboard that the owner chose and the station did not have. The drive is looked
at from outside in between."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from reprise_common import cryptsetup
from vm import owned
from vm.media import installed_fonts
from vm.owned import SERIAL, Drive
from vm.qemu import Disk, Pc, running
from vm.screen import BEPO, Console, Fonts, Reader, types
from vm.shell import Shell
from vm.surfaces import MIB
from vm.technician import SLOW

PASSPHRASE = "quatre mots de passe-8"  # letters and signs that lie elsewhere on other keyboards
WRONG = "quatre mots de passe-9"
ASKS = "de passe du disque"  # of letters that all fonts have alike
VOLUME_AT = (1 + 1 + 300 + 1024) * MIB  # behind the table and three partitions
_IN_CLEAR = (b"PRETTY_NAME=", b"pc-serrure", b"GNU GENERAL PUBLIC LICENSE", b"Camille Lune")
ACCEPTED = {
    "format": 1,
    "accepted": {
        "language": "fr", "keyboard": "fr-bepo", "timezone": "Europe/Paris", "user": "camille",
        "full_name": "Camille Lune", "computer": "pc-camille", "ask_password": True,
        "password_hash": "$y$j9T$not$its-own--nobody-logs-in-here",
    },
}  # fmt: skip
# The first start's own work on the running system, by the station's Python.
_STATION = "/run/station"
_PYTHON = (
    f"chroot {_STATION} env PYTHONPATH=/mnt/usr/lib/reprise-first-start"
    " PYTHONDONTWRITEBYTECODE=1 python3"
)
_GIVE = (
    "import sys; from pathlib import Path; from reprise_first_start import drive;"
    " from reprise_first_start.files import Root;"
    " drive.give(Root(Path('/mnt')), sys.stdin.read().strip())"
)


@pytest.fixture(scope="module")
def installed(iso: Path, bench: Path) -> Drive:
    medium = owned.small(bench)
    return owned.install(
        iso, bench, medium, owned.NAME, size_bytes=4096 * MIB, timeout_s=450 * SLOW
    )


@pytest.fixture(scope="module")
def handed_over(installed: Drive, iso: Path, fonts: Fonts, bench: Path) -> tuple[Drive, str, str]:
    """Started, and made its owner's. With its first key, and what names that one afterwards, on the
    system and in its initramfs."""
    disks = [Disk(installed.image, "sata", SERIAL, boot_index=0), Disk(iso, "cdrom")]
    with running(Pc(bench / "first", disks, firmware="bios")) as vm:
        console = Console(vm, Reader(installed_fonts(fonts, bench / "font")))
        console.wait_for("pc-serrure login:", 200 * SLOW)
        assert ASKS not in console.text()
        console.keep("login")
        shell = Shell(vm)
        shell.wait_ready(60 * SLOW)
        key = shell.run(f"cat {cryptsetup.FIRST_KEY}")[1]
        assert len(key) == 64
        keys = "lsinitramfs /boot/initrd.img-* | grep keyfiles"
        assert shell.run(keys, 200 * SLOW)[0] == 0
        for command in (
            f"mkdir -p {_STATION} /run/cd && mount -o ro /dev/sr0 /run/cd",
            f"mount -o ro,loop /run/cd/live/filesystem.squashfs {_STATION}",
            f"mount --rbind / {_STATION}/mnt",
            "mkdir -p /var/lib/reprise",
            f"echo '{json.dumps(ACCEPTED)}' >/var/lib/reprise/first-start.json",
            f'echo "{PASSPHRASE}" | {_PYTHON} -c "{_GIVE}"',
            f"{_PYTHON} -m reprise_first_start --resume --root /mnt",
            "sync",
        ):
            code, said = shell.run(command, 200 * SLOW)
            assert code == 0, f"{command}: {said}"
        left = shell.run("ls /etc/cryptsetup-keys.d /var/lib/reprise")[1]
        inside = shell.run(keys, 200 * SLOW)[1]
        shell.run("systemctl poweroff")
        vm.wait_off(120 * SLOW)
    return installed, key, f"{left}\n{inside}"


def test_it_says_that_the_drive_is_encrypted(installed: Drive) -> None:
    assert installed.code == 0, installed.said
    assert "le disque est chiffré" in installed.said


def test_nothing_of_the_system_can_be_read_from_outside(
    handed_over: tuple[Drive, str, str],
) -> None:
    written = 0
    with handed_over[0].image.open("rb") as file:
        file.seek(VOLUME_AT)
        assert file.read(8) == b"LUKS\xba\xbe\x00\x02"
        while chunk := file.read(64 * MIB):
            written += len(chunk) - chunk.count(0)
            assert [text for text in _IN_CLEAR if text in chunk] == []
    assert written > 300 * MIB, "and yet the system is there"


def test_only_its_owners_passphrase_opens_it(
    handed_over: tuple[Drive, str, str], tmp_path: Path
) -> None:
    drive, key, left = handed_over
    assert "reprise-first" not in left
    assert "keyfiles" not in left
    assert "first-start.json" not in left
    header = tmp_path / "header"
    with drive.image.open("rb") as file:
        file.seek(VOLUME_AT)
        header.write_bytes(file.read(32 * MIB))
    tries = {PASSPHRASE: 0, WRONG: 2, key: 2}
    for word, expected in tries.items():
        argv = ["cryptsetup", "open", "--test-passphrase", "--key-file", "-", str(header)]
        done = subprocess.run(argv, input=word.encode(), capture_output=True, check=False)
        assert done.returncode == expected, (word, done.stderr)


def test_it_starts_with_its_passphrase_only(
    handed_over: tuple[Drive, str, str], fonts: Fonts, bench: Path, tmp_path: Path
) -> None:
    """Under Secure Boot: what asks is signed Debian's."""
    disks = [Disk(handed_over[0].image, "sata", SERIAL)]
    with running(Pc(bench / "secure-boot", disks, firmware="secure-boot")) as vm:
        console = Console(vm, Reader(installed_fonts(fonts, tmp_path)))
        console.wait_for(ASKS, 150 * SLOW)
        console.keep("asks")
        types(vm, WRONG, BEPO)
        vm.press("ret")
        console.wait_until(lambda text: text.count(ASKS) == 2, "the next try", 60 * SLOW)
        console.keep("wrong")
        types(vm, PASSPHRASE, BEPO)
        vm.press("ret")
        console.wait_for("pc-camille login:", 150 * SLOW)
        console.keep("login")
