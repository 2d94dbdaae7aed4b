"""blkinfo's device tree: a second pair of eyes on what is built on the drives.

blkinfo 0.2.0 runs lsblk by itself, gives an empty tree when that fails, and glues vendor to
model. So an empty tree is an error here, no identity is taken from it, and it can only add
reasons to leave a drive alone. Its lsblk is not bounded by a time-out: it runs in a thread that
may be left behind.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blkinfo import BlkDiskInfo

from reprise.domain.pc.hardware import Reason

_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Tree:
    """`held`: drive name -> names of what blkinfo sees on it beyond partitions."""

    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str | None = None  # why there is no tree


def read_tree() -> Tree:
    box: list[Tree] = []
    thread = threading.Thread(target=lambda: box.append(_read()), daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)
    return box[0] if box else Tree(reason=Reason.TIMED_OUT.because("blkinfo"))


def _read() -> Tree:
    try:
        disks: list[dict[str, Any]] = BlkDiskInfo().get_disks()
    except Exception as error:  # noqa: BLE001 -- a foreign library: whatever it raises, no tree
        return Tree(reason=Reason.TOOL_FAILED.because(f"blkinfo: {type(error).__name__}"))
    if not disks:
        return Tree(reason=Reason.TOOL_FAILED.because("blkinfo: empty tree"))
    return Tree(held={str(d["name"]): tuple(_held(d)) for d in disks})


def _held(disk: Mapping[str, Any]) -> list[str]:
    """Descendants that are not partitions; blkinfo gives each child as a dict of the same kind
    or as a bare name."""
    held: list[str] = []
    for child in disk.get("children") or ():
        if not isinstance(child, Mapping):
            continue
        if child.get("type") not in ("part", "disk"):
            held.append(str(child.get("name")))
        held += _held(child)
    return held
