"""What an old PC's BIOS reads before anything else: kernel and initramfs, byte by byte through its
slowest way to the stick. docs/decisions/0204-old-processors.md."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.media import kernel_and_initrd
from vm.surfaces import MIB

_MOST = 29 * MIB  # both; 40 once
# Documentation/driver-api/early-userspace/buffer-format.rst, of the kernel.
_MAGIC, _HEADER, _LAST = b"070701", 110, "TRAILER!!!"
_ZSTD = b"\x28\xb5\x2f\xfd"
_NEEDED = (
    "isofs",
    "squashfs",
    "overlay",
    "loop",
    "usb-storage",
    "uas",
    "sd_mod",
    "sr_mod",
    "dm-mod",
    "vfat",
    "exfat",
    "nls_cp437",
    "nls_ascii",
)
_CONTROLLERS = ("ahci", "ata_piix", "ehci-pci", "ohci-pci", "uhci-hcd", "xhci-pci", "sdhci-pci")
_GRAPHICS = ("/i915", "/nouveau", "/radeon", "/amdgpu")  # drivers and firmware
_FILE_SYSTEMS = ("/fs/btrfs", "/fs/f2fs", "/fs/jfs", "/fs/nfs", "/fs/xfs")


@dataclass(frozen=True)
class FirstRead:
    size_bytes: int
    names: frozenset[str]
    needs: dict[str, set[str]]  # module -> modules, by the initramfs's own modules.dep


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Of every archive in it, the packed one too. Name and content."""
    at = 0
    while at < len(data):
        if data[at : at + 4] == _ZSTD:
            rest = subprocess.run(
                ["zstd", "-dcq"], input=data[at:], capture_output=True, check=True
            )
            yield from _entries(rest.stdout)
            return
        if data[at : at + 6] != _MAGIC:
            assert data[at] == 0, f"no archive at {at}"
            at += 4
            continue
        words = [int(data[at + 6 + 8 * n : at + 14 + 8 * n], 16) for n in range(13)]
        size, name_size = words[6], words[11]
        name = data[at + _HEADER : at + _HEADER + name_size - 1].decode()
        at += (_HEADER + name_size + 3) // 4 * 4
        yield name, data[at : at + size]
        at += (size + 3) // 4 * 4


def _module(path: str) -> str:
    return Path(path).name.partition(".ko")[0]


@pytest.fixture(scope="module")
def first_read(iso: Path, bench: Path) -> FirstRead:
    kernel, initrd = kernel_and_initrd(iso, bench)
    held = {name: data for name, data in _entries(initrd.read_bytes()) if name != _LAST}
    (table,) = (data for name, data in held.items() if name.endswith("/modules.dep"))
    rows = [line.partition(":") for line in table.decode().splitlines()]
    needs = {_module(name): {_module(path) for path in needed.split()} for name, _c, needed in rows}
    size = kernel.stat().st_size + initrd.stat().st_size
    return FirstRead(size, frozenset(held), needs)


def test_it_is_small(first_read: FirstRead) -> None:
    assert first_read.size_bytes < _MOST


def test_no_driver_is_there_that_finds_no_stick(first_read: FirstRead) -> None:
    others = (*_GRAPHICS, *_FILE_SYSTEMS, "hwdb.bin")
    unneeded = {name for name in first_read.names if any(other in name for other in others)}
    assert unneeded == set()


def test_what_finds_the_stick_is_there_with_all_that_it_needs(first_read: FirstRead) -> None:
    there = {_module(name) for name in first_read.names if ".ko" in name}
    assert there >= {*_NEEDED, *_CONTROLLERS}
    assert there == set(first_read.needs)
    assert set().union(*first_read.needs.values()) <= there
