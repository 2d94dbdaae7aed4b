"""Makes the data partition in the free space of the boot stick, while its ISO is mounted.

The order makes every power cut harmless: the file system is first written into the unallocated
space, where nothing points to it, and then the one table entry is written in one sector. Before
that write the stick is as it was; after it, it is complete. The table's other entries and the
boot code are never written with other bytes than they had.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path

from reprise.adapters.stick.disk import (
    StickDisk,
    holds_data,
    logical_block_bytes,
    may_hold_reports,
    partition_node,
    read_at,
)
from reprise.domain.drives.boot_medium import DATA_LABEL
from reprise.domain.station.stick import LEAST_DATA_BYTES, SECTOR_BYTES, StickReason
from reprise.errors import ToolError
from reprise.ports import CommandRunner
from reprise.tools.mbr import (
    MBR_BYTES,
    TYPE_FAT32_LBA,
    MbrEntry,
    free_room,
    parse_mbr,
    with_entry,
)

_NUMBER = 3  # 1: the ISO, 2: the EFI system partition
# More would only cost time to make and buys nothing: a report is about 100 KB.
_MOST_SECTORS = 32 * 1024 * 2048
_CHUNK_BYTES = 1024 * 1024
_NODE_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Made:
    """`node` where it was made, else the reason."""

    node: str = ""
    reason: StickReason = StickReason.NONE
    detail: str = ""


def make_data_partition(disk: StickDisk, runner: CommandRunner, scratch: Path) -> Made:
    """Refuses all but a stick of ours with room: see the reason. `scratch`: a folder in memory.
    One that is made already, and that the kernel does not show, is shown."""
    if not may_hold_reports(disk.name):
        return Made(reason=StickReason.INSIDE)
    sector = read_at(disk.node, 0, MBR_BYTES)
    place = _place(disk, sector)
    if isinstance(place, Made) and not _is_made(disk, sector):
        return place
    try:
        if isinstance(place, MbrEntry):
            _write_file_system(disk, place, runner, scratch)
            _write_entry(disk, sector, place)
        # When a writer closes the disk, udev reads the table again: partitions are away meanwhile.
        runner.run(["udevadm", "settle", "--timeout=10"])
        runner.run(["partx", "--add", "--nr", str(_NUMBER), disk.node])
    except (OSError, ToolError) as error:
        return Made(reason=StickReason.MAKE_FAILED, detail=str(error))
    node = partition_node(disk.name, _NUMBER)
    if not _wait_for(Path(node)):
        return Made(reason=StickReason.MAKE_FAILED, detail=node)
    return Made(node=node)


def _is_made(disk: StickDisk, sector: bytes) -> bool:
    """The table names it; whoever made it may have been too early for the kernel."""
    entry = next((e for e in parse_mbr(sector) or () if e.number == _NUMBER), None)
    if not disk.is_live or entry is None or entry.kind != TYPE_FAT32_LBA:
        return False
    return holds_data(disk.node, entry.start * SECTOR_BYTES)


def _place(disk: StickDisk, sector: bytes) -> MbrEntry | Made:
    """Where the partition goes, or why it goes nowhere."""
    entries = parse_mbr(sector)
    if disk.iso is None or not disk.is_live or entries is None:
        return Made(reason=StickReason.TABLE_UNKNOWN)
    if logical_block_bytes(disk.name) != SECTOR_BYTES:
        return Made(reason=StickReason.TABLE_UNKNOWN, detail="4Kn")
    taken = [entry.number for entry in entries if entry.kind or entry.start or entry.sectors]
    if any(number >= _NUMBER for number in taken):
        return Made(reason=StickReason.NO_SLOT)
    if not taken:
        return Made(reason=StickReason.TABLE_UNKNOWN)
    room = free_room(entries, disk.iso.sectors, disk.sectors)
    if room.sectors * SECTOR_BYTES < LEAST_DATA_BYTES:
        return Made(reason=StickReason.NO_SPACE, detail=f"{room.sectors // 2048} MiB")
    return replace(room, number=_NUMBER, sectors=min(room.sectors, _MOST_SECTORS))


def _write_file_system(
    disk: StickDisk, place: MbrEntry, runner: CommandRunner, scratch: Path
) -> None:
    """mkfs.vfat into a sparse file in memory, then copied: mkfs would not touch a disk of which
    a part is mounted. Only the file system's own structures are written (some 20 MiB at most)."""
    scratch.mkdir(parents=True, exist_ok=True)
    image = scratch / f".stick-{secrets.token_hex(4)}.img"
    try:
        with image.open("wb") as file:
            file.truncate(place.sectors * SECTOR_BYTES)
        argv = ["mkfs.vfat", "-F", "32", "-n", DATA_LABEL, "-h", str(place.start), str(image)]
        result = runner.run(argv, timeout_s=120)
        if result.exit_code != 0:
            raise OSError(result.stderr.decode("utf-8", "replace").strip() or "mkfs.vfat")
        _copy(image, disk.node, place.start * SECTOR_BYTES)
    finally:
        image.unlink(missing_ok=True)


def _copy(image: Path, node: str, offset: int) -> None:
    source = os.open(image, os.O_RDONLY | os.O_CLOEXEC)
    target = os.open(node, os.O_RDWR | os.O_CLOEXEC)
    try:
        for at in range(0, _end_of_data(source), _CHUNK_BYTES):
            data = os.pread(source, _CHUNK_BYTES, at)
            if os.pwrite(target, data, offset + at) != len(data):
                raise OSError(f"{node}: short write")
        os.fsync(target)
    finally:
        os.close(source)
        os.close(target)


def _end_of_data(handle: int) -> int:
    """Behind the last byte that was written to a sparse file (lseek(2) SEEK_DATA, SEEK_HOLE)."""
    end, size = 0, os.fstat(handle).st_size
    while end < size:
        try:
            data = os.lseek(handle, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # only a hole is left
                break
            raise
        end = os.lseek(handle, data, os.SEEK_HOLE)
    return end


def _write_entry(disk: StickDisk, sector: bytes, place: MbrEntry) -> None:
    wanted = with_entry(sector, place)
    handle = os.open(disk.node, os.O_RDWR | os.O_CLOEXEC)
    try:
        if os.pread(handle, MBR_BYTES, 0) != sector:
            raise OSError(f"{disk.node}: the table changed meanwhile")
        os.pwrite(handle, wanted, 0)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, MBR_BYTES, os.POSIX_FADV_DONTNEED)
        if os.pread(handle, MBR_BYTES, 0) != wanted:
            raise OSError(f"{disk.node}: the table did not take the new entry")
    finally:
        os.close(handle)


def _wait_for(node: Path) -> bool:
    until = time.monotonic() + _NODE_WAIT_S
    while not node.exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
