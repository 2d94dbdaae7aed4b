"""The memory that O_DIRECT transfers to and from, as the kernel tells it."""

from __future__ import annotations

import ctypes
from pathlib import Path

from reprise.adapters.drives.blockio import aligned_buffer

MIB = 1 << 20


def flags_at(address: int) -> list[str]:
    """VmFlags of the mapping (proc_pid_smaps(5))."""
    within = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        first = line.split()[0]
        if "-" in first:
            start, end = (int(word, 16) for word in first.split("-"))
            within = start <= address < end
        elif within and first == "VmFlags:":
            return line.split()[1:]
    raise AssertionError("not mapped")


def test_a_buffer_may_have_huge_pages_and_no_child_gets_it() -> None:
    buffer = aligned_buffer(8 * MIB)
    address = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
    flags = flags_at(address)
    assert address % 4096 == 0
    assert bytes(buffer[-16:]) == bytes(16)
    assert "dc" in flags, "a fork would make it copy-on-write while a read is under way"
    assert "sh" not in flags, "the kernel gives shared memory no huge pages by default"
    if Path("/sys/kernel/mm/transparent_hugepage").exists():
        assert "hg" in flags
