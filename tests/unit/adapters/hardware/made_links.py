"""Links and SCSI devices of one SATA controller, on a made tree, and what is found there."""

from __future__ import annotations

from reprise.adapters.hardware.unreached import find_unreached
from unit.adapters.hardware.made_tree import MadeTree

PCI = "sys/devices/pci0000:00/0000:00:1f.2"
UP, DOWN = "6.0 Gbps", "<unknown>"
SILENT, NO_NODE = "attached-drive-does-not-answer", "drive-without-block-device"


def link(tree: MadeTree, name: str, speed: str | None, *classes: str) -> None:
    """libata's objects for one link; `classes`: of its devices 0, 1 …"""
    port = f"{PCI}/ata{name.removeprefix('link').partition('.')[0]}"
    entry = f"{port}/{name}/ata_link/{name}"
    (tree.root / entry).mkdir(parents=True)
    (tree.root / port / "host3").mkdir(exist_ok=True)
    if speed is not None:
        tree.write(f"{entry}/sata_spd", speed + "\n")
    tree.link(f"sys/class/ata_link/{name}", tree.root / entry)
    for number, kind in enumerate(classes):
        device = f"{name.replace('link', 'dev')}.{number}"
        tree.write(f"{port}/{name}/{device}/ata_device/{device}/class", kind + "\n")
        home = tree.root / f"{port}/{name}/{device}/ata_device/{device}"
        tree.link(f"sys/class/ata_device/{device}", home)


def scsi(tree: MadeTree, port: str, address: str, kind: str = "0", *, node: bool = True) -> None:
    device = f"{PCI}/{port}/host3/target{address.rpartition(':')[0]}/{address}"
    tree.write(f"{device}/type", kind + "\n")
    tree.link(f"sys/bus/scsi/devices/{address}", tree.root / device)
    if node:
        (tree.root / device / "block/sda").mkdir(parents=True)


def found(tree: MadeTree) -> list[tuple[str, str]]:
    return [(one.kind.value, one.where) for one in find_unreached(tree.roots)]
