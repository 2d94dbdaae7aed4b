"""A drive with its partitions, read as the station does; and that reading changes no byte."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from disks.stick_image import looped
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.hardware import volumes
from reprise.adapters.hardware.probe import SystemProbe
from reprise.adapters.hardware.volumes import VolumeReader
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.drives.volumes import VolumeKind
from reprise.domain.pc.hardware import Drive
from station_kit import volume_images as made
from station_kit.volume_images import MIB, OS_RELEASE, empty, needs_fuse, run

STOPPED = threading.Event()
STOPPED.set()
NEVER = threading.Event()


@pytest.fixture
def drive_file(tmp_path: Path) -> Path:
    """A Windows, a Linux, and an NTFS whose table of files ends early."""
    needs_fuse()
    disk = empty(tmp_path / "disk", 200 * MIB)
    run("sfdisk", "-q", disk, input=b"label: gpt\n,64M\n,64M\n,16M\n")
    parts = [
        made.windows(tmp_path / "windows", size=64 * MIB),
        made.ext(tmp_path / "linux", files={"etc/os-release": OS_RELEASE}),
        made.ntfs(tmp_path / "broken", 16 * MIB),
    ]
    with parts[2].open("r+b") as file:
        file.seek(16384 + 5 * 1024)
        file.write(bytes(MIB))
    with disk.open("r+b") as file:
        for number, image in enumerate(parts):
            file.seek((1 + 64 * number) * MIB)
            file.write(image.read_bytes())
    return disk


def probed(node: str) -> Drive:
    return SystemProbe(SystemCommandRunner()).probe_drive(node)


def test_a_whole_drive_is_read_and_stays_as_it_is(drive_file: Path) -> None:
    before = hashlib.sha256(drive_file.read_bytes()).hexdigest()
    with looped(drive_file) as node:
        found = list(VolumeReader().read(probed(node), NEVER))
        with BlockFile(node, writable=True) as device:  # nothing holds it any more
            device.reread_partitions()
    assert [(one.node, one.kind, one.system) for one in found] == [
        (f"{node}p1", VolumeKind.WINDOWS, "Windows 10"),
        (f"{node}p2", VolumeKind.LINUX, "Ubuntu 22.04.3 LTS"),
        (f"{node}p3", VolumeKind.WINDOWS, ""),
    ]
    assert found[2].used_bytes is None
    assert hashlib.sha256(drive_file.read_bytes()).hexdigest() == before


def test_a_drive_without_partitions_is_read_too(tmp_path: Path) -> None:
    needs_fuse()
    with looped(made.windows(tmp_path / "disk")) as node:
        found = list(VolumeReader().read(probed(node), NEVER))
    assert [(one.node, one.system) for one in found] == [(node, "Windows 10")]


def test_an_erasure_can_claim_a_drive_that_is_being_read(drive_file: Path) -> None:
    with looped(drive_file) as node:
        reading = VolumeReader().read(probed(node), NEVER)
        assert isinstance(reading, Generator)
        next(reading)
        with BlockFile(node, writable=True) as device:
            assert device.size_bytes == 200 * MIB
            device.reread_partitions()  # between two partitions nothing is open
        reading.close()


def test_it_is_opened_for_reading_alone(drive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flags: list[int] = []
    real = os.open

    def noting(path: str, how: int) -> int:
        flags.append(how)
        return real(path, how)

    with looped(drive_file) as node:
        drive = probed(node)
        monkeypatch.setattr(os, "open", noting)
        assert list(VolumeReader().read(drive, NEVER))
    assert {how & os.O_ACCMODE for how in flags} == {os.O_RDONLY}
    assert not any(how & (os.O_EXCL | os.O_CREAT | os.O_TRUNC) for how in flags)


def test_another_drive_at_the_same_node_is_not_read(drive_file: Path) -> None:
    with looped(drive_file) as node:
        drive = probed(node)
        parts = tuple(replace(one, size_bytes=one.size_bytes + 512) for one in drive.partitions)
        assert list(VolumeReader().read(replace(drive, partitions=parts), NEVER)) == []


def test_a_stop_ends_it_before_the_next_partition(drive_file: Path) -> None:
    with looped(drive_file) as node:
        assert list(VolumeReader().read(probed(node), STOPPED)) == []


@pytest.mark.parametrize("reason", [errno.EIO, errno.ENXIO])
def test_the_first_error_of_the_drive_is_the_last_question(
    drive_file: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    asked: list[int] = []

    def failing(number: int, length: int, offset: int) -> bytes:
        asked.append(offset)
        raise OSError(reason, os.strerror(reason))

    with looped(drive_file) as node:
        drive = probed(node)
        monkeypatch.setattr(os, "pread", failing)
        assert list(VolumeReader().read(drive, NEVER)) == []
    assert len(asked) == 1


def test_a_slow_drive_is_given_up(drive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pread: Callable[[int, int, int], bytes] = os.pread

    def slow(number: int, length: int, offset: int) -> bytes:
        time.sleep(0.1)
        return pread(number, length, offset)

    monkeypatch.setattr(volumes, "_PARTITION_S", 0.3)
    with looped(drive_file) as node:
        drive = probed(node)
        monkeypatch.setattr(os, "pread", slow)
        began = time.monotonic()
        assert list(VolumeReader().read(drive, NEVER)) == []
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("command", ["inventory", "plan"])
def test_the_command_line_tells_it_too(drive_file: Path, command: str) -> None:
    argv = (sys.executable, "-m", "reprise", "--lang", "fr", command, "--drive")
    with looped(drive_file) as node:
        said = run(*argv, node)
    assert "Windows 10, " in said
    assert "Ubuntu 22.04.3 LTS, " in said
    assert "partition Windows, 16,8\u00a0Mo" in said  # it could not be looked into
    assert not re.search(r"\b(ntfs|ext4|vfat)\b", said)
