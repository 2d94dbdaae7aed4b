"""Who uses a drive right now, as the kernel sees it: mounts, swap, and devices built on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.hardware.blocks import Member, family, holders, node_of
from reprise.adapters.hardware.sysfs import Roots, names, read_text
from reprise.domain.pc.hardware import Use, UseKind
from reprise.tools.proc import Mount, parse_mountinfo, parse_swaps


@dataclass(frozen=True, slots=True)
class KernelUses:
    """All mounts (ours and init's), swap areas, loops (name -> backing path) and members of
    mounted btrfs (name -> UUID). `complete` is False where a list could not be read."""

    mounts: tuple[Mount, ...]
    swaps: tuple[str, ...]
    loops: tuple[tuple[str, str], ...]
    btrfs: tuple[tuple[str, str], ...]
    complete: bool


def read_kernel_uses(roots: Roots) -> KernelUses:
    own = read_text(roots.proc / "self/mountinfo")
    first = read_text(roots.proc / "1/mountinfo")  # a service may live in its own namespace
    swaps = read_text(roots.proc / "swaps")
    mounts = dict.fromkeys(parse_mountinfo(own or "") + parse_mountinfo(first or ""))
    return KernelUses(
        mounts=tuple(mounts),
        swaps=parse_swaps(swaps or ""),
        loops=tuple(_loops(roots)),
        btrfs=tuple(_btrfs(roots)),
        complete=own is not None and (swaps is not None or not (roots.proc / "swaps").exists()),
    )


def _loops(roots: Roots) -> Iterator[tuple[str, str]]:
    for name in names(roots.sys / "block"):
        backing = read_text(roots.sys / "block" / name / "loop/backing_file")
        if backing:
            yield name, backing


def _btrfs(roots: Roots) -> Iterator[tuple[str, str]]:
    """A btrfs on several drives shows only one of them in its mount line."""
    folder = roots.sys / "fs/btrfs"
    for uuid in names(folder):
        for member in names(folder / uuid / "devices"):
            yield member, uuid


def find_uses(roots: Roots, name: str, kernel: KernelUses) -> tuple[Use, ...]:
    """Every reason why the drive is busy. `node` is the drive or partition concerned."""
    uses: list[Use] = []
    for member in family(roots, name):
        uses += _uses_of(roots, member, kernel)
    return tuple(dict.fromkeys(uses))


def _uses_of(roots: Roots, member: Member, kernel: KernelUses) -> Iterator[Use]:
    node = node_of(member.base)
    devno = read_text(roots.block(member.name) / "dev")
    for mount in kernel.mounts:
        if mount.devno == devno or _names(roots, mount.source, member.name):
            yield Use(UseKind.MOUNT, node, mount.point)
    for path in kernel.swaps:
        if _names(roots, path, member.name):
            yield Use(UseKind.SWAP, node, path)
    for holder in _holders_of(roots, member, kernel):
        yield Use(UseKind.HOLDER, node, holder)


def _holders_of(roots: Roots, member: Member, kernel: KernelUses) -> Iterator[str]:
    for holder in holders(roots, member.name):
        yield _title(roots, holder)
    for loop, backing in kernel.loops:
        if _names(roots, backing, member.name):
            yield loop
    for device, uuid in kernel.btrfs:
        if device == member.name:
            yield f"btrfs {uuid}"


def _names(roots: Roots, path: str, name: str) -> bool:
    """Whether a path such as /dev/mapper/vg-home is the device `name`."""
    if not path.startswith("/dev/"):
        return False
    here = roots.dev / Path(path).relative_to("/dev")
    return name in (here.name, here.resolve().name)


def _title(roots: Roots, holder: str) -> str:
    """dm-0 says nothing to a person; its device-mapper name does."""
    mapped = read_text(roots.block(holder) / "dm/name")
    return f"{holder} ({mapped})" if mapped else holder
