"""The kernel's own texts under /proc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reprise.domain.pc.hardware import Processor
from reprise.tools.lines import fields, first_fields, first_int, plain_int


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo (proc_pid_mountinfo(5)). `devno` is "major:minor"."""

    devno: str
    point: str
    fs_type: str
    source: str


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    return tuple(_mounts(text))


def _mounts(text: str) -> Iterator[Mount]:
    for line in text.splitlines():
        before, _dash, after = line.partition(" - ")
        head, tail = before.split(" "), after.split(" ")
        if len(head) >= 5 and len(tail) >= 2:
            yield Mount(head[2], _unescape(head[4]), tail[0], _unescape(tail[1]))


def parse_swaps(text: str) -> tuple[str, ...]:
    """Paths of the swap areas of /proc/swaps."""
    rows = (line.split() for line in text.splitlines()[1:])
    return tuple(_unescape(row[0]) for row in rows if row)


def _unescape(text: str) -> str:
    r"""The kernel writes spaces, tabs, newlines and backslashes as \ooo."""
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), text)


def parse_mem_total(text: str) -> int | None:
    """Bytes of MemTotal of /proc/meminfo (its "kB" are 1024 bytes)."""
    for name, value in fields(text):
        if name == "MemTotal":
            kib = first_int(value)
            return kib * 1024 if kib else None
    return None


def parse_cpuinfo(text: str, architecture: str) -> Processor:
    """Threads are the "processor" entries; cores are distinct (package, core) pairs. What kind it
    is, is the first entry's word."""
    threads = 0
    cores: set[tuple[str, str]] = set()
    package = ""
    for name, value in fields(text):
        if name == "processor":
            threads += 1
        elif name == "physical id":
            package = value
        elif name == "core id":
            cores.add((package, value))
    told = first_fields(text)
    flags = frozenset(told.get("flags", "").split())
    return Processor(
        model=" ".join(told.get("model name", "").split()) or None,
        architecture=architecture or None,
        cores=len(cores) or None,
        threads=threads or None,
        vendor=told.get("vendor_id") or None,
        family=plain_int(told.get("cpu family", "")),
        model_number=plain_int(told.get("model", "")),
        stepping=plain_int(told.get("stepping", "")),
        level=_level(flags),
        hypervisor="hypervisor" in flags,
    )


# x86-64 psABI, "Micro-architecture levels", in the kernel's words: each has those before it.
_LEVELS = {
    "x86-64-v1": {"lm", "sse2"},
    "x86-64-v2": {"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"},
    "x86-64-v3": {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"},
    "x86-64-v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
}


def _level(flags: frozenset[str]) -> str | None:
    reached = None
    for level, needed in _LEVELS.items():
        if not needed <= flags:
            break
        reached = level
    return reached


def has_aes(text: str) -> bool:
    """Whether /proc/cpuinfo names AES instructions: among the x86 "flags", the Arm "Features"."""
    return any(
        "aes" in value.split() for name, value in fields(text) if name in ("flags", "Features")
    )


def parse_mem_available(text: str) -> int | None:
    """Bytes of MemAvailable of /proc/meminfo: what may be taken without pushing anything out."""
    for name, value in fields(text):
        if name == "MemAvailable":
            kib = first_int(value)
            return None if kib is None else kib * 1024
    return None


def parse_machine_checks(text: str) -> int | None:
    """All processors' machine check exceptions of /proc/interrupts (row "MCE"); None where the
    kernel has no such row."""
    for name, value in fields(text):
        if name == "MCE":
            return sum(int(word) for word in value.split() if word.isascii() and word.isdigit())
    return None


def parse_rtc_battery(text: str) -> bool | None:
    """The clock chip's word on its battery in /proc/driver/rtc ("batt_status": the VRT bit of the
    MC146818's register D); None where it is not told."""
    for name, value in fields(text):
        if name == "batt_status":
            return {"okay": True, "dead": False}.get(value)
    return None
