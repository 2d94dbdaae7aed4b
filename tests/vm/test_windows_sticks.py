"""Sticks that Windows wrote as files (docs/decisions/0217), as image files: in a GPT, and on exFAT.
The one in an MBR, on FAT32, is test_unattended's; what is said of NTFS, after a minute's search,
tests/build_scripts/test_stick_layouts'.

Firmware does not read exFAT; what Rufus puts there for that (UEFI:NTFS) is not ours, so that the
kernel is started directly, and what is seen is the search and the station."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from station_kit.exfat_image import exfat
from vm.media import digest, kernel_and_initrd, start_words
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Fonts, Reader
from vm.surfaces import MIB, files_of, make_fat_stick, put_partition, windows_stick
from vm.technician import Technician

_SIZE = 2560 * MIB
_OUR_MEDIUM = "NON PROPOSÉ - c'est le support depuis lequel Reprise a démarré"


def exfat_stick(iso: Path, image: Path, folder: Path) -> Path:
    """What the initramfs looks for alone, as the kernel is started directly."""
    files = files_of(iso, folder / "files")
    wanted = {
        str(path.relative_to(files)): path
        for part in ("live", "reprise")
        for path in (files / part).rglob("*")
        if path.is_file()
    }
    room = windows_stick(image, _SIZE, kind="7")
    put_partition(image, exfat(folder / "part", room, wanted, cluster=32768))
    shutil.rmtree(files)
    return image


@dataclass(frozen=True)
class Bench:
    """`start`: kernel, initrd and the words of the start menu."""

    iso: Path
    folder: Path
    fonts: Fonts
    start: tuple[Path, Path, str]

    def goes_to_drives(self, name: str, *disks: Disk, uefi: bool = False) -> str:
        """The station's list of drives; the PC is off afterwards."""
        with self._running(name, disks, uefi=uefi) as console:
            technician = Technician(console)
            technician.sees_the_station()
            text = technician.goes_to_drives()
            console.vm.cut_power()
        return text

    @contextmanager
    def _running(
        self, name: str, disks: Sequence[Disk], *, uefi: bool = False
    ) -> Iterator[Console]:
        drive = self.folder / f"{name}-hdd.img"
        with drive.open("wb") as out:
            out.truncate(64 * MIB)
        all_ = [Disk(drive, "sata", "HDD-WS"), *disks]
        start = None if uefi else self.start
        firmware = "uefi" if uefi else "bios"
        pc = Pc(self.folder / name, all_, kernel=start, firmware=firmware)
        with running(pc) as vm:
            yield Console(vm, Reader(self.fonts))


@pytest.fixture(scope="module")
def at(iso: Path, fonts: Fonts, bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("boot")
    kernel, initrd = kernel_and_initrd(iso, folder)
    return Bench(iso, bench, fonts, (kernel, initrd, " ".join(start_words(iso, folder))))


def test_a_stick_in_a_gpt_starts_from_uefi_and_another_station_s_is_known_beside_it(
    at: Bench,
) -> None:
    """Rufus's “GPT” and “UEFI (non CSM)”, and what Windows makes of a large stick. The other one is
    of another build, under any label."""
    own = make_fat_stick(at.iso, at.folder / "gpt-stick.img", _SIZE, table="gpt")
    other = make_fat_stick(at.iso, at.folder / "other-stick.img", _SIZE, label="ESD-USB")
    number = at.folder / "image-id"
    number.write_text("another build\n")
    other.write(number, "reprise/image-id")
    before = digest(other.image)
    disks = (
        Disk(own.image, "usb", "STICK-GPT", boot_index=0),
        Disk(other.image, "usb", "STICK-OTHER"),
    )
    text = at.goes_to_drives("gpt", *disks, uefi=True)
    is_ours(text, "STICK-GPT")
    assert "STICK-OTHER" in text
    assert "pris pour une clé Reprise" in text
    assert digest(other.image) == before


def test_a_stick_of_exfat_is_found(at: Bench) -> None:
    stick = exfat_stick(at.iso, at.folder / "exfat-stick.img", at.folder)
    text = at.goes_to_drives("exfat", Disk(stick, "usb", "STICK-EXFAT"))
    is_ours(text, "STICK-EXFAT")


def is_ours(text: str, serial: str) -> None:
    assert "HDD-WS" in text
    assert "SERA EFFACÉ" in text
    assert serial in text
    assert _OUR_MEDIUM in text
    assert "qu'en mémoire" not in text
