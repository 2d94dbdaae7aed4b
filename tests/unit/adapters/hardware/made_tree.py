"""A small /sys and /proc on disk, laid out as the kernel does, so that the probe can be shown
PCs that this machine is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reprise.adapters.hardware.probe import SystemProbe
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.tree import Tree
from reprise.domain.pc.hardware import Drive
from reprise.errors import ToolError
from reprise.ports import CommandResult

ATA = "pci0000:00/0000:00:1f.2/ata{n}/host{n}/target{n}:0:0/{n}:0:0:0"
USB = "pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host{n}/target{n}:0:0/{n}:0:0:0"
NVME = "pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme{n}"
MMC = "pci0000:00/0000:00:1e.0/mmc_host/mmc{n}/mmc{n}:0001"
VIRTIO = "pci0000:00/0000:00:04.0/virtio{n}"
VIRTUAL = "virtual"
LOG = "5,0,0,-;Linux version 6.12\n"  # the first record since the start


@dataclass
class MadeTree:
    root: Path
    minor: int = 0
    answers: dict[str, Callable[[Sequence[str]], CommandResult]] = field(default_factory=dict)
    udev: dict[str, dict[str, str]] = field(default_factory=dict)
    blkinfo: Tree = field(default_factory=Tree)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.write("proc/self/mountinfo", "22 27 0:21 / /proc rw - proc proc rw\n")
        self.write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n")
        self.write("dev/kmsg", LOG)
        self.write("sys/bus/pci/devices/0000:00:00.0/class", "0x060000\n")  # a host bridge

    @property
    def roots(self) -> Roots:
        return Roots(
            self.root / "sys", self.root / "proc", self.root / "dev", self.root / "run/reprise"
        )

    def write(self, path: str, content: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def link(self, path: str, target: Path) -> None:
        here = self.root / path
        here.parent.mkdir(parents=True, exist_ok=True)
        here.symlink_to(target)

    def disk(self, name: str, place: str, **facts: str) -> str:
        """A whole disk; `facts` are file -> content ("__" is "/"). Gives its folder."""
        base = f"sys/devices/{place.format(n=self.minor)}/block/{name}"
        shown = {"size": "2048000", "ro": "0", "removable": "0", "queue__rotational": "0"}
        shown |= {"queue__logical_block_size": "512", "queue__physical_block_size": "512"}
        self._node(name, base, shown | facts)
        self.link(f"sys/block/{name}", self.root / base)
        device = self.root / base / "device"
        if not device.exists():
            device.symlink_to(self.root / base / "../..")
        return base

    def part(self, disk: str, name: str, number: int, **facts: str) -> None:
        base = (self.root / f"sys/block/{disk}").resolve().relative_to(self.root)
        self._node(name, f"{base}/{name}", {"partition": str(number), "size": "2048"} | facts)

    def _node(self, name: str, base: str, facts: Mapping[str, str]) -> None:
        devno = f"8:{self.minor}"
        self.minor += 1
        for file, content in ({"dev": devno} | dict(facts)).items():
            self.write(f"{base}/{file.replace('__', '/')}", content + "\n")
        self.link(f"sys/class/block/{name}", self.root / base)
        self.link(f"sys/dev/block/{devno}", self.root / base)

    def holder(self, of: str, name: str, title: str) -> None:
        """A device-mapper device on top of `of`."""
        self.disk(name, VIRTUAL, dm__name=title)
        (self.root / f"sys/class/block/{of}/holders/{name}").mkdir(parents=True)

    def mount(self, name: str, point: str, source: str = "none") -> None:
        devno = (self.root / f"sys/class/block/{name}/dev").read_text().strip()
        with (self.root / "proc/self/mountinfo").open("a") as file:
            file.write(f"30 27 {devno} / {point} rw shared:1 - ext4 {source} rw\n")

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.asked.append(tuple(argv))
        if argv[0] not in self.answers:
            raise ToolError(f"{argv[0]} is missing")
        return self.answers[argv[0]](argv)

    def probe(self) -> SystemProbe:
        return SystemProbe(
            self, self.roots, lambda path: self.udev.get(path.name, {}), lambda: self.blkinfo
        )

    def drives(self) -> dict[str, Drive]:
        found = self.probe().probe_inventory().drives
        return {drive.node.removeprefix("/dev/"): drive for drive in found}


def answer(
    stdout: str | bytes = b"", code: int = 0, stderr: bytes = b"", *, late: bool = False
) -> Callable[[Sequence[str]], CommandResult]:
    out = stdout.encode() if isinstance(stdout, str) else stdout
    return lambda argv: CommandResult(tuple(argv), code, out, stderr, 0.0, late)


def nothing_found(tree: MadeTree) -> None:
    """blkid answers and finds nothing: exit 2 without a word."""
    tree.answers["blkid"] = answer(code=2)
