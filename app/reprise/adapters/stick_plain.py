"""A stick as Windows writes it: the system's files on FAT or exFAT (Rufus's ISO mode, or the ISO's
files copied by hand). There is no room for a partition of reports; they lie beside those files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.mounts import mounted_at
from reprise.adapters.stick_disk import nodes_of, parent_disk, read_at
from reprise.ports import CommandResult, CommandRunner
from reprise.tools.mbr import MBR_BYTES, parse_fat_serial

# As in stick.py; exFAT has no `flush` (Documentation/filesystems/vfat.rst): there the store's own
# fsync of each report has to do.
_OPTIONS = {
    "vfat": "nosuid,nodev,noexec,noatime,umask=0077,flush",
    "exfat": "nosuid,nodev,noexec,noatime,umask=0077",
}


@dataclass(frozen=True, slots=True)
class PlainMedium:
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


def find_plain(medium: Mapping[str, str], disks: Sequence[str]) -> PlainMedium | None:
    """The start's own medium, on one of `disks` (names), still or again; None where it is away, or
    of another layout. `medium`: what the initramfs noted."""
    kind, serial = medium.get("ID_FS_TYPE", ""), medium.get("ID_FS_UUID", "")
    if kind not in _OPTIONS or not serial:
        return None
    noted = medium.get("node", "")
    first = parent_disk(noted)
    for disk in sorted(disks, key=lambda name: name != first):  # copies share a serial number
        for node in sorted(nodes_of(disk), key=lambda node: node != noted):
            if parse_fat_serial(read_at(node, 0, MBR_BYTES)) == serial:
                return PlainMedium(disk, node, kind)
    return None
