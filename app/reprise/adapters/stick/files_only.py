"""A stick as Windows writes it: the system's files on FAT or exFAT (Rufus's ISO mode, or the ISO's
files copied by hand). There is no room for a partition of reports; they lie beside those files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.stick.disk import is_at, nodes_of, parent_disk, read_at, udev_serial
from reprise.adapters.stick.mounts import mounted_at
from reprise.ports import CommandResult, CommandRunner
from reprise.tools.mbr import MBR_BYTES, parse_fat_serial

# As in keeper.py; exFAT has no `flush` (Documentation/filesystems/vfat.rst): there the store's own
# fsync of each report has to do.
_OPTIONS = {
    "vfat": "nosuid,nodev,noexec,noatime,umask=0077,flush",
    "exfat": "nosuid,nodev,noexec,noatime,umask=0077",
}
_NO_SERIAL = "0000-0000"  # libblkid and udev give no UUID then


@dataclass(frozen=True, slots=True)
class FilesOnlyMedium:
    """`disk`: the name of the whole one."""

    disk: str
    node: str
    kind: str  # the kernel's name of the file system

    def mount(self, root: Path, runner: CommandRunner, *, read_only: bool) -> CommandResult:
        """On `root`; the result of the last command that was needed. While the running system
        reads its own file from there, that one file system becomes writable, as a second mount
        would be refused (EBUSY), and what the system sees of it stays read-only."""
        where = mounted_at(Path(self.node))
        access = "ro" if read_only else "rw"
        for argv in self._commands(root, where, access):
            result = runner.run(argv, timeout_s=60)
            if result.exit_code != 0:
                break
        if where is not None:  # whatever came before: the system's own files are there
            last = runner.run(["mount", "-o", "remount,bind,ro", str(where)], timeout_s=60)
            return result if result.exit_code != 0 else last
        return result

    def _commands(self, root: Path, where: Path | None, access: str) -> list[list[str]]:
        if where is None:
            options = f"{access},{_OPTIONS[self.kind]}"
            return [["mount", "-t", self.kind, "-o", options, self.node, str(root)]]
        flags = f"remount,bind,{access},nosuid,nodev,noexec,noatime"
        return [
            ["mount", "-o", f"remount,{access}", str(where)],
            ["mount", "--bind", str(where), str(root)],
            ["mount", "-o", flags, str(root)],
        ]


def find_files_only(medium: Mapping[str, str], disks: Sequence[str]) -> FilesOnlyMedium | None:
    """The start's own medium, on one of `disks` (names), still or again; None where it is away, or
    of another layout. `medium`: what the initramfs noted. One whose serial number is 0 is only
    known where it still stands, as anybody's may be so (boot.py, is_noted)."""
    kind = medium.get("ID_FS_TYPE", "")
    if kind not in _OPTIONS:
        return None
    serial, noted = medium.get("ID_FS_UUID") or _NO_SERIAL, medium.get("node", "")
    first = parent_disk(noted)
    for disk in sorted(disks, key=lambda name: name != first):  # copies share a serial number
        for node in sorted(nodes_of(disk), key=lambda node: node != noted):
            if parse_fat_serial(read_at(node, 0, MBR_BYTES)) != serial:
                continue
            if serial != _NO_SERIAL or _stands(medium, disk, node):
                return FilesOnlyMedium(disk, node, kind)
    return None


def _stands(medium: Mapping[str, str], disk: str, node: str) -> bool:
    place, who = medium.get("DEVPATH", ""), medium.get("ID_SERIAL", "")
    return "" not in (place, who) and is_at(node, place) and who == udev_serial(disk)
