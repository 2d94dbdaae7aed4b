"""Real file systems in image files, made by the tools that everybody makes them with. Root: NTFS is
filled by mounting it (ntfs-3g); nothing else is mounted."""

from __future__ import annotations

import lzma
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from station_kit.hives import software_hive
from station_kit.places import RECORDED

MIB = 1 << 20
WINDOWS_10: Mapping[str, str | int] = {
    "ProductName": "Windows 10 Pro",
    "CurrentVersion": "6.3",
    "CurrentMajorVersionNumber": 10,
    "CurrentBuild": "19045",
    "CurrentBuildNumber": "19045",
    "InstallationType": "Client",
}
OS_RELEASE = b'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 22.04.3 LTS"\nID=ubuntu\n'


def run(*argv: str | Path, **more: Any) -> str:
    done = subprocess.run(argv, check=True, capture_output=True, timeout=120, **more)
    return str(done.stdout.decode())


def needs_fuse() -> None:
    """To fill an NTFS."""
    if not Path("/dev/fuse").exists():
        pytest.skip("needs FUSE (/dev/fuse) to fill an NTFS")


def empty(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


@contextmanager
def mounted(image: Path) -> Iterator[Path]:
    """To fill an NTFS image, which nothing else of ours does."""
    folder = image.with_suffix(".mount")
    folder.mkdir()
    run("mount", "-t", "ntfs-3g", image, folder)
    try:
        yield folder
    finally:
        run("umount", folder)
        folder.rmdir()


def ntfs(path: Path, size: int = 64 * MIB, **options: str) -> Path:
    more = [word for name, value in options.items() for word in (f"-{name}", value)]
    run("mkntfs", "-F", "-Q", "-q", *more, empty(path, size))
    return path


def windows(
    path: Path, values: Mapping[str, str | int] = WINDOWS_10, files: int = 600, size: int = 12 * MIB
) -> Path:
    """As an installation leaves it: folders with many entries, a hive among large files."""
    image = ntfs(path, size)
    with mounted(image) as root:
        config = root / "Windows/System32/config"
        config.mkdir(parents=True)
        for number in range(files):  # so that the folder's index has several levels
            (root / f"Windows/System32/a library with a long name {number:04}.dll").touch()
        (config / "SOFTWARE").write_bytes(software_hive(values, pad_bytes=300_000))
        (root / "bootmgr").write_bytes(b"boot")
        (root / "Users").mkdir()
        (root / "Users/photos").write_bytes(bytes(3 * MIB))
    return image


def ext(
    path: Path, kind: str = "ext4", files: Mapping[str, bytes] | None = None, size: int = 64 * MIB
) -> Path:
    """With these files on it (path -> content)."""
    tree = path.with_suffix(".tree")
    tree.mkdir()
    for name, content in (files or {}).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    run(f"mkfs.{kind}", "-q", "-F", "-d", tree, empty(path, size))
    return path


def fat(path: Path, bits: int, content: bytes = bytes(3 * MIB)) -> Path:
    run(
        "mkfs.fat", "-F", str(bits), "-n", "CLE", empty(path, 64 * MIB if bits == 16 else 300 * MIB)
    )
    run("mcopy", "-i", path, "-", "::photos", input=content)
    return path


def exfat(path: Path) -> Path:
    run("mkfs.exfat", "-q", empty(path, 64 * MIB))
    return path


def record(folder: Path, work: Path) -> None:
    """The images that tests without root read: `python -m station_kit.volume_images`."""
    made = {
        "windows.ntfs": windows(work / "windows", files=60),
        "linux.ext4": ext(work / "linux", files={"usr/lib/os-release": OS_RELEASE}, size=4 * MIB),
    }
    for name, image in made.items():
        data = _without_capitals(image.read_bytes())
        (folder / f"{name}.xz").write_bytes(lzma.compress(data, preset=9))


def _without_capitals(data: bytes) -> bytes:
    """Of NTFS's table of capitals, 128 KiB that do not compress and that nothing of ours reads."""
    start = data.find(b"".join(letter.to_bytes(2, "little") for letter in range(97)))
    return data if start < 0 else data[:start] + bytes(1 << 17) + data[start + (1 << 17) :]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        record(RECORDED, Path(work))
