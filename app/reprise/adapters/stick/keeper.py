"""Keeps the stick's data partition mounted: finds it, makes it on the boot stick, notices that it
was pulled or that this or another stick came back. A stick of files on FAT has none: reports lie
beside them (files_only.py).

A partition is only ever made on the medium that this system was booted from, and only where that
is a stick or a card. With the system in memory that medium is not mounted any more; the initramfs
wrote down which one it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reprise.adapters.hardware.boot import read_note
from reprise.adapters.stick.disk import (
    StickDisk,
    external_disks,
    fingerprint,
    is_read_only,
    may_hold_reports,
    parent_disk,
    read_disk,
)
from reprise.adapters.stick.files_only import FilesOnlyMedium, find_files_only
from reprise.adapters.stick.mounts import mounted_stick
from reprise.adapters.stick.partition import make_data_partition
from reprise.adapters.storage.files import locked, write_durably
from reprise.codec import from_json, to_json
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.errors import InputError, ToolError
from reprise.ports import CommandResult, CommandRunner

_STATE = "stick.json"
# Reports name people's machines: root only. `flush` writes early, as sticks get pulled.
_OPTIONS = "nosuid,nodev,noexec,noatime,umask=0077,flush"
_VENTOY = "/dev/mapper/ventoy"  # the ISO file's blocks, mapped (see 9991-reprise-drives.sh)
_TRIES = 3  # with the same sticks: a slow PC, a busy node, a first read that failed
_NO_STICK = StickState(StickStatus.MEMORY, StickReason.NO_STICK)


class StickKeeper:
    """`run`: /run/reprise (mount point, state, the initramfs's notes). `disks` limits the search
    to these names (tests)."""

    def __init__(
        self, runner: CommandRunner, run: Path, disks: Sequence[str] | None = None
    ) -> None:
        self._runner, self._run, self._disks = runner, run, disks
        self._root = run / "stick"
        self._seen: tuple[str, ...] | None = None
        self._tries = 0
        self._last = _NO_STICK

    def prepare(self) -> StickState:
        """Mount the data partition where there is one, else make it; cheap to call again. The
        state is also left in stick.json for the screen. Never raises for what a stick does."""
        try:
            with self._lock():
                state = self._prepare()
        except (OSError, ToolError) as error:
            state = StickState(StickStatus.MEMORY, StickReason.MOUNT_FAILED, detail=str(error))
        self._tell(state)
        return state

    def _prepare(self) -> StickState:
        if mounted_stick(self._root) is not None:
            return StickState(StickStatus.READY, device=_mounted_node(self._root))
        boot = self._boot_disk_name()
        names = self._candidates(boot)
        seen = fingerprint(names)
        if seen != self._seen:
            self._tries = 0
        elif self._last.state is StickStatus.MEMORY and self._tries >= _TRIES:
            return self._last
        self._tries += 1
        self._let_go()
        disks = [disk for name in names if (disk := read_disk(name)) is not None]
        self._last = self._look(boot, disks)
        self._seen = fingerprint(names)
        return self._last

    def _look(self, boot: str | None, disks: list[StickDisk]) -> StickState:
        plain = find_files_only(read_note(self._run), self._candidates(boot))
        if plain is not None:
            return self._mount_files_only(plain)
        with_data = [disk for disk in disks if disk.data_partition]
        with_data.sort(key=lambda disk: (disk.name != boot, not disk.is_live))
        if with_data:
            best = with_data[0]
            return self._mount(best, best.data_partition or "", StickStatus.READY)
        own = next((disk for disk in disks if disk.name == boot), None)
        if own is None:
            return StickState(StickStatus.MEMORY, self._reason_without(boot))
        if own.read_only:
            return StickState(StickStatus.MEMORY, StickReason.WRITE_PROTECTED, own.node)
        made = make_data_partition(own, self._runner, self._run)
        if made.reason:
            return StickState(StickStatus.MEMORY, made.reason, own.node, made.detail)
        return self._mount(own, made.node, StickStatus.CREATED)

    def _reason_without(self, boot: str | None) -> StickReason:
        noted = read_note(self._run)
        medium = noted.get("node", "")
        if medium.startswith("/dev/sr"):
            return StickReason.OPTICAL
        if medium == _VENTOY:
            return StickReason.VENTOY
        if "network" in noted:
            return StickReason.NETWORK
        disk = parent_disk(medium) if medium else None
        if disk is not None and not may_hold_reports(disk):
            return StickReason.INSIDE
        return StickReason.NO_STICK if boot or medium else StickReason.NOT_LIVE

    def _mount(self, disk: StickDisk, node: str, status: StickStatus) -> StickState:
        """A write-protected stick is mounted, too: its settings and its key are read."""
        self._root.mkdir(parents=True, exist_ok=True)
        options = f"{'ro' if disk.read_only else 'rw'},{_OPTIONS}"
        argv = ["mount", "-t", "vfat", "-o", options, node, str(self._root)]
        result = self._runner.run(argv, timeout_s=60)
        if result.exit_code != 0:  # a stick that was pulled may need repair first
            self._runner.run(["fsck.vfat", "-a", node], timeout_s=300)
            result = self._runner.run(argv, timeout_s=60)
        return self._mounted(node, result, status)

    def _mounted(self, node: str, result: CommandResult, status: StickStatus) -> StickState:
        if result.exit_code != 0:
            said = " ".join(result.stderr.decode("utf-8", "replace").split())
            return StickState(StickStatus.MEMORY, StickReason.MOUNT_FAILED, node, said)
        if mounted_stick(self._root) is None:
            return StickState(StickStatus.MEMORY, StickReason.WRITE_PROTECTED, node)
        return StickState(status, device=node)

    def _mount_files_only(self, medium: FilesOnlyMedium) -> StickState:
        """Without a repair: what else lies there is the person's own."""
        self._root.mkdir(parents=True, exist_ok=True)
        result = medium.mount(self._root, self._runner, read_only=is_read_only(medium.disk))
        return self._mounted(medium.node, result, StickStatus.READY)

    def _let_go(self) -> None:
        """Take away the mount that a pulled stick left behind."""
        if self._root.is_mount() or _is_stale(self._root):
            self._runner.run(["umount", "--lazy", str(self._root)])

    def _candidates(self, boot: str | None) -> tuple[str, ...]:
        names = external_disks() if self._disks is None else tuple(self._disks)
        return names if boot is None or boot in names else (*names, boot)

    def _boot_disk_name(self) -> str | None:
        """The stick this system was booted from, where it is (still or again) there: the node that
        the initramfs noted must carry the same ISO. Else an external disk with that very ISO."""
        medium = read_note(self._run)
        uuid = medium.get("ID_FS_UUID", "")
        noted = parent_disk(medium.get("node", "")) if medium.get("node") else None
        if noted is not None and may_hold_reports(noted) and _carries(noted, uuid):
            return noted
        if not uuid:
            return None
        others = external_disks() if self._disks is None else tuple(self._disks)
        return next((name for name in others if _carries(name, uuid)), None)

    def _tell(self, state: StickState) -> None:
        path = self._run / _STATE
        data = to_json(state)
        try:
            if not path.exists() or path.read_bytes() != data:
                write_durably(path, data)
        except OSError:  # /run is full: the store says so to whoever writes next
            return

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self._run.mkdir(parents=True, exist_ok=True)
        with locked(self._run / ".stick-lock"):
            yield


def read_state(run: Path) -> StickState:
    """What StickKeeper left in stick.json; "no stick" where it left nothing."""
    try:
        return from_json((run / _STATE).read_bytes(), StickState)
    except (OSError, InputError):
        return _NO_STICK


def _carries(name: str, uuid: str) -> bool:
    """Whether the disk holds our ISO (with `uuid`, where that is known)."""
    disk = None if name.startswith("sr") else read_disk(name)
    return bool(disk and disk.iso and disk.is_live and uuid in ("", disk.iso.uuid))


def _mounted_node(root: Path) -> str:
    number = root.stat().st_dev
    link = Path("/sys/dev/block", f"{os.major(number)}:{os.minor(number)}")
    return f"/dev/{link.resolve().name}"


def _is_stale(root: Path) -> bool:
    """A mount whose device is gone answers with an error."""
    try:
        root.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
