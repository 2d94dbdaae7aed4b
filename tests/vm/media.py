"""What the image holds, taken out of the ISO without mounting anything."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from station_kit.building import BUILT
from vm.screen import Font, read_font

ROOT = Path(__file__).resolve().parents[2]
ISO = ROOT / "build" / "reprise.iso"
NETBOOT = ROOT / "build" / "netboot"


def extract(iso: Path, inside: str, to: Path) -> Path:
    """Copy one file out of the ISO."""
    argv = ["xorriso", "-osirrox", "on", "-indev", str(iso), "-extract", inside, str(to)]
    subprocess.run(argv, check=True, capture_output=True)
    to.chmod(0o600)
    return to


def names(iso: Path, folder: str) -> list[str]:
    argv = ["xorriso", "-indev", str(iso), "-ls", folder, "--"]
    done = subprocess.run(argv, check=True, capture_output=True)
    return [line.strip("'") for line in done.stdout.decode().splitlines()]


def kernel_and_initrd(iso: Path, folder: Path) -> tuple[Path, Path]:
    found = names(iso, "/live")
    kernel = next(name for name in sorted(found) if name.startswith("vmlinuz"))
    initrd = next(name for name in sorted(found) if name.startswith("initrd"))
    return (
        extract(iso, f"/live/{kernel}", folder / "vmlinuz"),
        extract(iso, f"/live/{initrd}", folder / "initrd"),
    )


def start_words(iso: Path, folder: Path) -> list[str]:
    """What the start menu's first entry tells the kernel."""
    menu = extract(iso, "/boot/grub/grub.cfg", folder / "grub.cfg").read_text()
    line = next(row for row in menu.splitlines() if row.strip().startswith("linux"))
    return line.split()[2:]


def digest(path: Path) -> str:
    """SHA-256, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def console_font(iso: Path, folder: Path) -> Font:
    """The font that the station shows its screens with."""
    squashfs = extract(iso, "/live/filesystem.squashfs", folder / "fs.squashfs")
    inside = "usr/share/reprise/console/reprise16.psf.gz"
    argv = ["unsquashfs", "-no-xattrs", "-d", str(folder / "root"), str(squashfs), inside]
    subprocess.run(argv, check=True, capture_output=True)
    squashfs.unlink()
    return read_font(folder / "root" / inside)


def installed_font(station: Font, folder: Path) -> Font:
    """The station's font and those that the installed system may show its prompt with."""
    folder.mkdir(parents=True, exist_ok=True)
    squashfs = BUILT / "debian-minimal.squashfs"
    argv = ["unsquashfs", "-no-xattrs", "-d", str(folder / "os"), str(squashfs)]
    subprocess.run([*argv, "etc/console-setup"], check=False, capture_output=True)
    glyphs = dict(station.glyphs)
    candidates = sorted((folder / "os").glob("etc/console-setup/*.psf*"))
    candidates += sorted(Path("/usr/share/consolefonts").glob("Lat15-VGA16.psf*"))
    for path in candidates:
        font = read_font(path)
        if (font.width, font.height) == (station.width, station.height):
            glyphs = {**font.glyphs, **glyphs}
    return Font(station.width, station.height, glyphs)
