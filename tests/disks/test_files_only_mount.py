"""Reports on the very file system that the system runs from, with the kernel's own mounts. The file
system is ext4, as not every build host knows FAT: nothing here is FAT's own."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from disks.stick_image import looped
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.adapters.stick.files_only import FilesOnlyMedium
from reprise.adapters.stick.mounts import mounted_stick, readable_stick

MIB = 1 << 20


@dataclass
class Running:
    """`live`: where the system has its files from, read-only; `root`: where reports shall go."""

    node: str
    live: Path
    root: Path

    def mount(self, *, read_only: bool = False) -> int:
        medium = FilesOnlyMedium(Path(self.node).name, self.node, "vfat")
        return medium.mount(self.root, SystemCommandRunner(), read_only=read_only).exit_code

    def options(self, where: Path) -> set[str]:
        argv = ["findmnt", "-n", "-o", "VFS-OPTIONS", "--mountpoint", str(where)]
        done = subprocess.run(argv, check=True, capture_output=True, text=True)
        return set(done.stdout.strip().split(","))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    image = tmp_path / "stick.img"
    with image.open("wb") as file:
        file.truncate(16 * MIB)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with looped(image) as node:
        made = Running(node, tmp_path / "live", tmp_path / "stick")
        made.live.mkdir()
        made.root.mkdir()
        subprocess.run(["mount", "-o", "ro,noatime", node, str(made.live)], check=True)
        try:
            yield made
        finally:
            for where in (made.root, made.live):
                subprocess.run(["umount", str(where)], check=False, capture_output=True)


def test_reports_are_written_and_the_system_still_sees_read_only_files(running: Running) -> None:
    assert running.mount() == 0
    assert mounted_stick(running.root) is not None
    (running.root / "report").write_text("kept")
    assert (running.live / "report").read_text() == "kept"
    with pytest.raises(OSError) as refused:
        (running.live / "other").write_text("")
    assert refused.value.errno == errno.EROFS
    assert {"rw", "nosuid", "nodev", "noexec"} <= running.options(running.root)


def test_of_a_write_protected_stick_settings_are_read(running: Running) -> None:
    assert running.mount(read_only=True) == 0
    assert readable_stick(running.root) is not None
    assert mounted_stick(running.root) is None
