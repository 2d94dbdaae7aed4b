"""A PC's kernel as the adapters see it: block nodes with what was read when they appeared, ioctls,
and a few files of sysfs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from simulation.drives import SimDrive, Unit
from simulation.drives_mmc import GROUP, MmcDrive
from simulation.drives_nvme import NvmeDrive
from simulation.files import Inode, Volume

if TYPE_CHECKING:
    from simulation.pc import Pc


@dataclass
class Node:
    """`unit`: as the kernel read it when the node appeared; `size_bytes` may be read anew."""

    path: str
    number: str
    drive: SimDrive
    unit: Unit
    size_bytes: int
    read_only: bool = False
    write_back: bool = True
    there: bool = True
    holder: Any = None

    @property
    def name(self) -> str:
        return self.path.removeprefix("/dev/")


class Kernel:
    def __init__(self, pc: Pc) -> None:
        self.pc = pc
        self.nodes: dict[str, Node] = {}
        self.sysfs = Volume()
        self._numbers = 0

    # plugging

    def plug(self, drive: SimDrive) -> None:
        drive.happens = lambda what: self.pc.happens(drive, what)
        self._make(drive)

    def unplug(self, drive: SimDrive) -> None:
        for path in [path for path, node in self.nodes.items() if node.drive is drive]:
            self._drop(path)

    def rescan(self, drive: SimDrive) -> None:
        """Namespaces have come or gone."""
        told = {unit.name: unit for unit in drive.units()}
        for path in [path for path, node in self.nodes.items() if node.drive is drive]:
            if self.nodes[path].unit.name not in told:
                self._drop(path)
        self._make(drive)

    def resize(self, drive: SimDrive) -> None:
        told = {unit.name: unit for unit in drive.units()}
        for node in self.nodes.values():
            if node.drive is drive and node.unit.name in told:
                node.size_bytes = told[node.unit.name].identity.size_bytes

    def shrink(self, drive: SimDrive) -> None:
        """The drive itself; an eMMC's areas are as large as they were made."""
        for node in self.nodes.values():
            if node.drive is drive and not is_area(node):
                node.size_bytes = max(4096, node.size_bytes - 65536)

    def _drop(self, path: str) -> None:
        node = self.nodes.pop(path)
        node.there = False
        folder = self.sysfs.links.pop(f"/sys/dev/block/{node.number}", None)
        if folder is not None:
            for name in ("dev", "nsid"):
                self.sysfs.names.pop(f"{folder}/{name}")
            self.sysfs.folders.discard(folder)

    def _make(self, drive: SimDrive) -> None:
        if drive.silent:
            return
        there = {node.unit.name for node in self.nodes.values() if node.drive is drive}
        stem = self._stem(drive)
        for unit in drive.units():
            if unit.name in there:
                continue
            self._numbers += 1
            path = f"/dev/{stem}{unit.name}"
            number = f"{8 + self.pc.number}:{self._numbers}"
            node = Node(path, number, drive, unit, unit.identity.size_bytes)
            node.read_only = unit.name.startswith("boot")
            hidden = drive.hides_cache and not isinstance(drive, MmcDrive)  # the kernel's own
            node.write_back = drive.caches and not hidden
            word = "write back" if node.write_back else "write through"
            self._tell(f"/sys/dev/block/{number}/queue/write_cache", word)
            self.nodes[path] = node
            if isinstance(drive, NvmeDrive):
                self._tell_of_namespace(node, f"/sys/devices/{stem}/{node.name}")
        if isinstance(drive, MmcDrive):
            self._tell_of_card(drive)

    def _stem(self, drive: SimDrive) -> str:
        for node in self.nodes.values():
            if node.drive is drive:
                return node.name.removesuffix(node.unit.name)
        if isinstance(drive, NvmeDrive):
            return self._free("nvme")
        if isinstance(drive, MmcDrive):
            return self._free("mmcblk")
        taken = {node.name for node in self.nodes.values()}
        return next(f"sd{c}" for c in "abcdefghijkl" if f"sd{c}" not in taken)

    def _free(self, kind: str) -> str:
        taken = {node.name.removesuffix(node.unit.name) for node in self.nodes.values()}
        return next(f"{kind}{index}" for index in range(20) if f"{kind}{index}" not in taken)

    def _tell_of_card(self, drive: MmcDrive) -> None:
        mine = {node.unit.name: node for node in self.nodes.values() if node.drive is drive}
        user = mine[""]
        folder = f"/sys/dev/block/{user.number}"
        files = {f"{folder}/device/type": "MMC", f"{folder}/device/erase_size": str(GROUP)}
        for name, node in mine.items():
            if name:
                files[f"{folder}/{node.name}/dev"] = node.number
                if name.startswith("boot"):
                    files[f"{folder}/{node.name}/force_ro"] = "1"
        for path, text in files.items():
            self._tell(path, text)

    def _tell_of_namespace(self, node: Node, folder: str) -> None:
        """Those of one controller stand side by side."""
        self.sysfs.links[f"/sys/dev/block/{node.number}"] = folder
        self._tell(f"{folder}/dev", node.number)
        self._tell(f"{folder}/nsid", node.unit.name.removeprefix("n"))

    def _tell(self, path: str, text: str) -> None:
        """A file of sysfs."""
        inode = self.sysfs.names[path] = Inode()
        inode.data[:] = text.encode()
        self.sysfs.folders.update(str(one) for one in PurePosixPath(path).parents)

    def force_ro(self, node: Node) -> bool:
        parent = node.name.removesuffix(node.unit.name)
        user = self.nodes.get(f"/dev/{parent}")
        if user is None:
            return node.read_only
        switch = self.sysfs.names.get(f"/sys/dev/block/{user.number}/{node.name}/force_ro")
        return switch is not None and bytes(switch.data).strip() == b"1"

    # what a drive says of itself to whoever plugs it in

    def drives(self) -> list[Node]:
        """One for each drive and namespace, by name; an eMMC's areas are parts of it."""
        plain = [node for node in self.nodes.values() if not is_area(node)]
        return sorted(plain, key=lambda node: node.path)

    def node(self, path: str) -> Node | None:
        return self.nodes.get(path)


def is_area(node: Node) -> bool:
    return isinstance(node.drive, MmcDrive) and node.unit.name != ""
