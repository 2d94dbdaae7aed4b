"""A disk on module: on USB, at a port that the board's firmware calls part of the PC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vm import fixed_port
from vm.media import kernel_and_initrd, start_words
from vm.qemu import Disk, Pc, running
from vm.shell import Shell
from vm.surfaces import MIB, make_stick
from vm.technician import SLOW

MODULE, STICK = "DOM-INSIDE", "STICK-OUT"


@pytest.fixture(scope="module")
def seen(iso: Path, bench: Path) -> Iterator[dict[str, Any]]:
    """Serial number -> the plan's drive and the inventory's, together."""
    kernel, initrd = kernel_and_initrd(iso, bench)
    words = " ".join([*start_words(iso, bench), "systemd.debug_shell=ttyS0"])
    module = bench / "module.img"
    with module.open("wb") as out:
        out.truncate(64 * MIB)
    extra = [
        *("-acpitable", f"file={fixed_port.table(bench / 'ports.aml')}"),
        *fixed_port.CONTROLLER,
        *("-drive", f"file={module},if=none,id=dom,format=raw"),
        *("-device", f"usb-storage,drive=dom,bus=inner.0,serial={MODULE},removable=off"),
    ]
    disks = [Disk(make_stick(iso, bench / "stick.img", 1536 * MIB), "usb", STICK)]
    pc = Pc(bench / "pc", disks, kernel=(kernel, initrd, words), extra=extra)
    with running(pc) as vm:
        shell = Shell(vm)
        shell.wait_ready(180 * SLOW)
        shell.run("systemctl is-system-running --wait", 120 * SLOW)
        plan = shell.run("reprise plan --json 2>/dev/null", 120 * SLOW)[1]
        inventory = shell.run("reprise inventory --json 2>/dev/null", 120 * SLOW)[1]
    planned = {entry["drive"]["serial"]: entry for entry in json.loads(plan)["drives"]}
    yield {
        drive["identity"]["serial"]: {**drive, **planned[drive["identity"]["serial"]]}
        for drive in json.loads(inventory)["drives"]
    }


def test_the_kernel_passes_the_firmwares_word_on(seen: dict[str, Any]) -> None:
    assert seen[MODULE]["port"] == "fixed"
    assert seen[STICK]["port"] == "unknown", "QEMU says nothing of its other controller"


def test_the_module_belongs_to_the_pc_and_the_stick_does_not(seen: dict[str, Any]) -> None:
    codes = {who: {r["code"] for r in drive["refusals"]} for who, drive in seen.items()}
    assert codes[MODULE] == {"usb-inside"}
    assert {"boot-medium", "not-internal"} <= codes[STICK]
