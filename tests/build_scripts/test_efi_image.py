"""live-build/efi32.sh on a small image: the same bytes wherever it is made."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from station_kit.places import TOP

SCRIPT = TOP / "live-build/efi32.sh"
EPOCH = 1_795_000_000
FILES = ("EFI/boot/grubx64.efi", "EFI/boot/bootx64.efi", "EFI/boot/mmx64.efi", "boot/grub/grub.cfg")
FOLDERS = ("EFI", "EFI/boot", "boot", "boot/grub")

pytestmark = pytest.mark.skipif(
    None in (shutil.which("mcopy"), shutil.which("mkfs.msdos")), reason="needs mtools, dosfstools"
)


def _run(*argv: object, **also: str) -> str:
    surroundings = os.environ | {"SOURCE_DATE_EPOCH": str(EPOCH)} | also
    words = list(map(str, argv))
    return subprocess.run(
        words, check=True, capture_output=True, text=True, env=surroundings
    ).stdout


def _loader(folder: Path) -> Path:
    loader = folder / "gcdia32.efi"
    loader.write_bytes(b"32" * 100_000)
    os.utime(loader, (EPOCH - 5000, EPOCH - 5000))
    return loader


def _image(path: Path, files: tuple[str, ...]) -> Path:
    """As live-build leaves it: hardly a cluster is free."""
    _run("mkfs.msdos", "-C", path, "352", "-i", "6b08b097")
    for name in FOLDERS:
        _run("mmd", "-i", path, f"::{name}", TZ="UTC0")
    for name in files:
        source = path.with_suffix(".file")
        source.write_bytes(name.encode() * 4000)
        os.utime(source, (EPOCH - 9000, EPOCH - 9000))
        _run("mcopy", "-m", "-i", path, source, f"::{name}", TZ="UTC0")
    return path


def test_the_folder_it_works_in_and_the_hosts_time_do_not_show(tmp_path: Path) -> None:
    loader = _loader(tmp_path)
    shm = Path("/dev/shm")
    temporary = [tmp_path, shm] if os.access(shm, os.W_OK) else [tmp_path]
    orders, zones = (FILES, FILES[::-1]), ("UTC0", "Europe/Paris")
    made = set()
    for order, folder, zone in itertools.product(orders, temporary, zones):
        image = _image(tmp_path / "efi.img", order)
        _run(SCRIPT, image, loader, TMPDIR=str(folder), TZ=zone)
        made.add(image.read_bytes())
        image.unlink()
    assert len(made) == 1


def test_the_loader_stands_beside_the_others_with_room_for_all(tmp_path: Path) -> None:
    loader = _loader(tmp_path)
    image = _image(tmp_path / "efi.img", FILES)
    _run(SCRIPT, image, loader)
    listed = _run("mdir", "-b", "-/", "-i", image, "::").split()
    assert {name for name in listed if not name.endswith("/")} == {
        f"::/{name}" for name in (*FILES, "EFI/boot/bootia32.efi")
    }
    out = tmp_path / "out"
    for name, data in {
        FILES[0]: FILES[0].encode() * 4000,
        "EFI/boot/bootia32.efi": b"32" * 100_000,
    }.items():
        _run("mcopy", "-n", "-o", "-i", image, f"::{name}", out)
        assert out.read_bytes() == data
    assert "6B08-B097" in _run("mdir", "-i", image, "::")
