"""The power goes in the middle of an install, for real: the installing process is killed (-9) with
all its children, and the drive's bytes are looked at as firmware would. Then it installs anew."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_disk
from disks.test_install import drive, needs_image
from disks.test_install_kinds import shelved
from reprise.domain.install.images import ImageKind
from station_kit.building import BUILT
from station_kit.places import TESTS

# One install in a process group of its own; what it started ends with it, as all does in a cut.
_PROGRAM = """
import sys, threading, time
from pathlib import Path
from disks.test_install import install, installer_for, request_for
from reprise.adapters.install.whole_drive import StreamContents
images, folder, node, name, cut = sys.argv[1:]
fill, filled = StreamContents.fill, set()
def fill_all_but_the_last(contents, number, buffer):
    filled.add(number)
    if len(filled) == len(contents.spans):
        time.sleep(3600)
    fill(contents, number, buffer)
if cut == "before the last chunk":
    StreamContents.fill = fill_all_but_the_last
events = install(installer_for(Path(images), Path(folder)), request_for(node, image=name))
print(events[-1])
sys.exit(0 if events[-1].ok else 1)
"""


def _start(
    images: Path, folder: Path, node: str, name: str, cut: str = ""
) -> subprocess.Popen[bytes]:
    """`cut`: "before the last chunk" it waits for the cut, however late that is."""
    paths = os.pathsep.join([str(TESTS), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(images), str(folder), node, name, cut],
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
        stdout=subprocess.PIPE,
    )


def _cut_when(process: subprocess.Popen[bytes], moment: Callable[[], bool]) -> None:
    until = time.monotonic() + 300
    while not moment():
        assert process.poll() is None, "it ended before the moment came"
        assert time.monotonic() < until
        time.sleep(0.002)
    for pid in _family(process.pid):
        with contextlib.suppress(ProcessLookupError):  # a tool that came to its end meanwhile
            os.kill(pid, signal.SIGKILL)
    process.wait(60)


def _family(pid: int) -> list[int]:
    """A process and all that it started: each tool has a process group of its own."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                found += [int(word) for word in task.read_text().split()]
    return found


def starts_a_pc(file: Path) -> bool:
    """Boot code for a BIOS, or an EFI loader at the path that firmware looks for."""
    with file.open("rb") as raw:
        sector = raw.read(512)
    loader = subprocess.run(
        ["mdir", "-b", "-i", f"{file}@@{2 * MIB}", "::/EFI/BOOT"], check=False, capture_output=True
    )
    return any(sector[:440]) or b"BOOTX64" in loader.stdout


def _written_bytes(file: Path) -> int:
    return file.stat().st_blocks * 512


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_whole_drive_that_is_cut_starts_nothing(tmp_path: Path, share: float) -> None:
    (tmp_path / "images").mkdir()
    size = 160 * MIB
    image = make_disk(tmp_path / "images/disk.img", size)
    boot = image.read_bytes()[:440]
    images = shelved(image, ImageKind.RAW, size)
    target = tmp_path / "drive.img"
    with drive(target, 200 * MIB) as node:
        process = _start(images, tmp_path, node, "own", cut="before the last chunk")
        _cut_when(process, lambda: _written_bytes(target) > 10 * MIB + share * (size - 20 * MIB))
        head = target.read_bytes()[: 8 * MIB]
        assert head[:440] != boot
        assert head[512:520] != b"EFI PART"
        assert head[510:512] == b"\0\0", "not even a table for a BIOS"
        seen = subprocess.run(["blkid", "-p", str(target)], check=False, capture_output=True)
        assert (seen.returncode, seen.stdout) == (2, b""), "nothing is recognised on it"
        with _start(images, tmp_path, node, "own") as again:
            assert again.wait(300) == 0
        with target.open("rb") as raw:
            assert raw.read(440) == boot


@needs_image
def test_a_system_that_is_cut_starts_nothing_and_installs_anew(tmp_path: Path) -> None:
    target, mount_at = tmp_path / "drive.img", tmp_path / "target"
    moments: tuple[Callable[[], bool], ...] = (
        (mount_at / "usr").exists,  # while it is unpacked
        lambda: (mount_at / "etc/hostname").exists() and (mount_at / "dev/fd").is_symlink(),
        (mount_at / "boot/grub/grub.cfg").exists,  # before the boot code
    )
    with drive(target) as node:
        for moment in moments:
            process = _start(BUILT, tmp_path, node, "debian-minimal")
            _cut_when(process, moment)
            os.sync()
            assert not starts_a_pc(target)
        with _start(BUILT, tmp_path, node, "debian-minimal") as again:
            assert again.wait(600) == 0
    assert starts_a_pc(target)
