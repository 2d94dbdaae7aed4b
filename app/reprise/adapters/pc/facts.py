"""What whoever looks into a fault asks first: versions, clock, kernel, processor, memory, mounts,
network. Read afresh and without the probe, which may be what went wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from reprise.adapters.hardware.sysfs import names
from reprise.tools.lines import first_fields

_DMI = ("sys_vendor", "product_name", "product_version", "product_serial", "bios_version")
_FILES = ("proc/uptime", "proc/loadavg", "proc/cmdline", "proc/mounts", "proc/partitions")
_PROCESSOR = ("model name", "flags")  # of the first one: a PC's are alike
_MEMORY_LINES = 3  # total, free, available


def facts_text(known: Sequence[tuple[str, str]], top: Path = Path("/")) -> str:
    """`known` first, then what is under `top` (/proc and /sys). Never raises."""
    return "".join(f"{name}: {value}\n" for name, value in (*known, *_read(top)))


def _read(top: Path) -> Iterator[tuple[str, str]]:
    yield "kernel", " ".join(os.uname())
    for name in _DMI:
        yield name, _text(top / "sys/class/dmi/id" / name)
    said = first_fields(_text(top / "proc/cpuinfo"))
    for word in _PROCESSOR:
        yield f"processor {word}", said.get(word, "")
    memory = _text(top / "proc/meminfo").splitlines()[:_MEMORY_LINES]
    yield "memory", "; ".join(" ".join(line.split()) for line in memory)
    for link in names(top / "sys/class/net"):
        yield f"network {link}", _text(top / "sys/class/net" / link / "operstate")
    for file in _FILES:
        yield file, _indented(_text(top / file))


def _indented(text: str) -> str:
    return text if "\n" not in text else "\n    " + text.replace("\n", "\n    ")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError as error:
        return f"({error.strerror})"
