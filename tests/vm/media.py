"""What the image holds, taken out of the ISO without mounting anything."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from station_kit.building import BUILT
from vm.screen import Font, Fonts, read_font

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
    files = names(iso, "/live")
    kernel = next(name for name in sorted(files) if name.startswith("vmlinuz"))
    initrd = next(name for name in sorted(files) if name.startswith("initrd"))
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


# The kernel's own (fbcon=font:TER16x32), for the first words of a start, as Debian packages it.
_KERNELS = Path("/usr/share/consolefonts/Uni2-TerminusBold32x16.psf.gz")


def _twice(font: Font) -> Font:
    """As `setfont -d` doubles it."""
    glyphs = {}
    stride = (font.width + 7) // 8
    for shape, character in font.glyphs.items():
        rows = (shape[at : at + stride] for at in range(0, len(shape), stride))
        drawn = [_wide(row, font.width) for row in rows]
        glyphs[b"".join(row + row for row in drawn)] = character
    return Font(font.width * 2, font.height * 2, glyphs)


def _wide(row: bytes, width: int) -> bytes:
    bits = f"{int.from_bytes(row, 'big') >> (len(row) * 8 - width):0{width}b}"
    doubled = "".join(bit * 2 for bit in bits)
    size = (2 * width + 7) // 8
    return (int(doubled, 2) << (size * 8 - 2 * width)).to_bytes(size, "big")


def console_fonts(iso: Path, folder: Path) -> Fonts:
    """What the station may show its screens with: see /usr/lib/reprise/console."""
    squashfs = extract(iso, "/live/filesystem.squashfs", folder / "fs.squashfs")
    inside = "usr/share/reprise/console"
    argv = ["unsquashfs", "-no-xattrs", "-d", str(folder / "root"), str(squashfs), inside]
    subprocess.run(argv, check=True, capture_output=True)
    squashfs.unlink()
    fonts = [read_font(path) for path in (folder / "root" / inside).glob("*.psf.gz")]
    fonts += [read_font(path) for path in _KERNELS.parent.glob(_KERNELS.name)]
    return (*fonts, *(_twice(font) for font in fonts if font.height >= 24))


def installed_fonts(station: Fonts, folder: Path) -> Fonts:
    """The station's fonts and those that the installed system may show its prompt with: one of a
    size, as both may stand on one screen."""
    folder.mkdir(parents=True, exist_ok=True)
    squashfs = BUILT / "debian-minimal.squashfs"
    argv = ["unsquashfs", "-no-xattrs", "-d", str(folder / "os"), str(squashfs)]
    subprocess.run([*argv, "etc/console-setup"], check=False, capture_output=True)
    candidates = sorted((folder / "os").glob("etc/console-setup/*.psf*"))
    candidates += sorted(Path("/usr/share/consolefonts").glob("Lat15-VGA16.psf*"))
    others = [read_font(path) for path in candidates]

    def joined(own: Font) -> Font:
        glyphs = dict(own.glyphs)
        for font in others:
            if (font.width, font.height) == (own.width, own.height):
                glyphs = {**font.glyphs, **glyphs}
        return Font(own.width, own.height, glyphs)

    return tuple(joined(font) for font in station)
