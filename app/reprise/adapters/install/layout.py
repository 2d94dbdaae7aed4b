"""The drive's partitions and file systems."""

from __future__ import annotations

import os
import stat
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.install.steps import InstallProblem, ToolRunner
from reprise.domain.install.images import InstallFailure
from reprise.tools.sfdisk import (
    ENCRYPTED_LAYOUT,
    SYSTEM_LAYOUT,
    argv_sfdisk,
    partition_node,
    script,
)
from reprise_common.cryptsetup import MAPPED

_MIB = 1 << 20
# What an encrypted system has besides: its kernels' partition, and a header.
LOCKED_BYTES = 1024 * _MIB + 16 * _MIB
_NODES_WAIT_S = 15.0
# What the GRUB of Debian 11 and its e2fsck do not know, though mkfs of Debian 13 makes it unasked.
_NOT_FOR_OLDER = "^metadata_csum_seed,^orphan_file"


@dataclass(frozen=True, slots=True)
class Locked:
    """Of a system whose root is encrypted: the partition `volume` that is LUKS, and the file
    system `boot` outside of it."""

    volume: str
    volume_uuid: str
    boot: str
    boot_uuid: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The partitions of one installed system. UUIDs are as fstab spells them. `root` is what holds
    the root file system: a partition, or what LUKS shows of one."""

    drive: str
    bios_boot: str
    efi: str
    root: str
    efi_uuid: str  # FAT volume number, "ABCD-1234"
    root_uuid: str
    locked: Locked | None = None

    @property
    def partitions(self) -> tuple[str, ...]:
        own = (self.locked.boot, self.locked.volume) if self.locked else (self.root,)
        return (self.bios_boot, self.efi, *own)

    @property
    def nodes(self) -> tuple[str, ...]:
        """All that the new system's own programs may open meanwhile."""
        return tuple(dict.fromkeys((self.drive, *self.partitions, self.root)))

    @property
    def by_uuid(self) -> dict[str, str]:
        """What is known by a UUID: UUID -> node."""
        known = {self.root_uuid: self.root}
        if self.locked is not None:
            known |= {
                self.locked.volume_uuid: self.locked.volume,
                self.locked.boot_uuid: self.locked.boot,
            }
        return known


def plan_layout(drive: str, *, encrypted: bool = False) -> Layout:
    number = uuid.uuid4().hex[:8].upper()
    locked = None
    if encrypted:
        locked = Locked(
            volume=partition_node(drive, 4),
            volume_uuid=str(uuid.uuid4()),
            boot=partition_node(drive, 3),
            boot_uuid=str(uuid.uuid4()),
        )
    return Layout(
        drive=drive,
        bios_boot=partition_node(drive, 1),
        efi=partition_node(drive, 2),
        root=MAPPED if encrypted else partition_node(drive, 3),
        efi_uuid=f"{number[:4]}-{number[4:]}",
        root_uuid=str(uuid.uuid4()),
        locked=locked,
    )


def make_partitions(layout: Layout, tools: ToolRunner) -> None:
    """Partition table only: nothing on the drive can start a PC before the very end."""
    wished = ENCRYPTED_LAYOUT if layout.locked else SYSTEM_LAYOUT
    tools.must(argv_sfdisk(layout.drive), stdin=script(wished))
    # When a writer closes the drive, udev reads the table again: partitions are away meanwhile.
    tools.attempt(["udevadm", "settle", "--timeout=10"])
    # A kernel that knows no GPT is told each partition by partx; any other is told the same again.
    tools.must(["partx", "--update", layout.drive])
    deadline = time.monotonic() + _NODES_WAIT_S
    while not _nodes_there(layout):
        tools.check_stop()
        if time.monotonic() > deadline:
            raise InstallProblem(InstallFailure.NO_PARTITIONS, layout.drive)
        time.sleep(0.1)


def _nodes_there(layout: Layout) -> bool:
    try:
        return all(stat.S_ISBLK(Path(node).stat().st_mode) for node in layout.partitions)
    except FileNotFoundError:
        return False


def make_file_systems(layout: Layout, tools: ToolRunner) -> None:
    """An encrypted root must stand open."""
    volume = layout.efi_uuid.replace("-", "")
    tools.must(["mkfs.vfat", "-F", "32", "-n", "EFI", "-i", volume, layout.efi])
    if layout.locked is not None:
        _make_ext4("boot", layout.locked.boot_uuid, layout.locked.boot, tools)
    _make_ext4("system", layout.root_uuid, layout.root, tools)


def _make_ext4(label: str, known_as: str, node: str, tools: ToolRunner) -> None:
    argv = ["mkfs.ext4", "-F", "-q", "-O", _NOT_FOR_OLDER, "-L", label, "-U", known_as, node]
    tools.must(argv, timeout_s=900)


def check_file_systems(layout: Layout, tools: ToolRunner) -> None:
    """Read-only. Raises InstallProblem where one is not clean."""
    checks = [["e2fsck", "-f", "-n", layout.root], ["fsck.vfat", "-n", layout.efi]]
    if layout.locked is not None:
        checks.append(["e2fsck", "-f", "-n", layout.locked.boot])
    for argv in checks:
        result = tools.attempt(argv, timeout_s=900)
        if result.exit_code != 0:
            said = " ".join(result.text.split())[-200:]
            raise InstallProblem(InstallFailure.NOT_CLEAN, f"{argv[0]} {result.exit_code}: {said}")


def flush(drive: str) -> None:
    """All that was written to the drive is on it when this returns."""
    handle = os.open(drive, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
