"""The first start's wizard on an installed desktop's screen, answered by key presses. Pictures go
into a folder."""

from __future__ import annotations

import time
from pathlib import Path

from desktop.look import changed, keep, screen, wait_drawn
from vm.qemu import Vm
from vm.screen import types
from vm.shell import Shell

PASSWORD = "girafe velo 42 nuage"  # one that may open an encrypted drive, too
_PAGE_S = 120.0
_WORK_S = 1200.0


def walk_through(vm: Vm, shell: Shell, folder: Path) -> None:
    """From the first page until all is done and said. Raises AssertionError."""
    wait_drawn(vm, shell, "openbox")
    shell.wait_ready(60)
    keep(vm, folder / "1-start.png")
    _turns(vm, folder / "2-keyboard.png", "ret")
    _turns(vm, folder / "3-place.png", "ret")  # the cable is in: nobody asks for a Wi-Fi
    _turns(vm, folder / "4-name.png", "ret")
    types(vm, "Zoe Martin")
    _turns(vm, folder / "5-password.png", "ret")
    types(vm, PASSWORD)
    vm.press("tab")
    types(vm, PASSWORD)
    _turns(vm, folder / "6-summary.png", "ret")
    _turns(vm, folder / "7-at-work.png", "ret")
    _works(shell)
    wait_drawn(vm, shell, "openbox")
    keep(vm, folder / "8-done.png")


def _turns(vm: Vm, picture: Path, *keys: str) -> None:
    """Press keys; another page must come, and stand."""
    before = screen(vm)
    for key in keys:
        vm.press(key)
    end = time.monotonic() + _PAGE_S
    last = before
    while True:
        time.sleep(2)
        now = screen(vm)
        if changed(before, now) > 0.004 and changed(last, now) < 0.001:
            break
        assert time.monotonic() < end, f"no page for {picture.name}"
        last = now
    keep(vm, picture)


def _works(shell: Shell) -> None:
    """Until nothing of the first start is left to do: that it is asked for goes last."""
    end = time.monotonic() + _WORK_S
    while shell.run("test -e /var/lib/reprise/first-start.json", 60)[0] == 0:
        assert time.monotonic() < end, "the first start does not end"
        time.sleep(2)
