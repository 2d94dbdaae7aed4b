"""The installed desktop's first start on a real PC: by key presses alone, from power-on to the new
owner's own desktop. Pictures stay in build/vm/desktop-first/."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

import pytest

from desktop.installed import BENCH, background, installed, with_a_shell
from desktop.look import changed, keep, screen, wait_drawn
from vm.qemu import Disk, Pc, Vm, running
from vm.screen import azerty
from vm.shell import Shell

FOLDER = BENCH.parent / "desktop-first"
PASSWORD = "girafe velo 42 nuage"
_PAGE_S = 120.0
_WORK_S = 600.0


@dataclass(frozen=True)
class Found:
    """What stands on the system afterwards, as its own programs say it."""

    account: str
    name: str
    left: str
    welcome: str
    failed: str


def _types(vm: Vm, text: str) -> None:
    for character in text:
        vm.press(*azerty(character))


def _turns(vm: Vm, name: str, *keys: str) -> None:
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
        assert time.monotonic() < end, f"no other page after {name}"
        last = now
    keep(vm, FOLDER / f"{name}.png")


def _works(shell: Shell) -> None:
    """Until nothing of the first start is left to do: that it is asked for goes last."""
    end = time.monotonic() + _WORK_S
    while shell.run("test -e /var/lib/reprise/first-start.json", 60)[0] == 0:
        assert time.monotonic() < end, "the first start does not end"
        time.sleep(2)


@pytest.fixture(scope="module")
def found() -> Found:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    installed(FOLDER / "drive.img", FOLDER / "data", with_a_shell)
    pc = Pc(FOLDER, [Disk(FOLDER / "drive.img", "sata")], memory_mib=2048, link_up=True)
    with running(pc) as vm:
        shell = Shell(vm)
        wait_drawn(vm, shell, "openbox")
        shell.wait_ready(60)
        keep(vm, FOLDER / "1-start.png")
        _turns(vm, "2-keyboard", "ret")
        _turns(vm, "3-place", "ret")  # the cable is in: nobody asks for a Wi-Fi
        _turns(vm, "4-name", "ret")
        _types(vm, "Zoe Martin")
        _turns(vm, "5-password", "ret")
        _types(vm, PASSWORD)
        vm.press("tab")
        _types(vm, PASSWORD)
        _turns(vm, "6-summary", "ret")
        _turns(vm, "7-at-work", "ret")
        _works(shell)
        wait_drawn(vm, shell, "openbox")
        keep(vm, FOLDER / "8-done.png")
        vm.press("ret")
        wait_drawn(vm, shell, "lightdm-gtk-gre")
        keep(vm, FOLDER / "9-log-in.png")
        _types(vm, PASSWORD)
        vm.press("ret")
        # The browser starts by itself with the welcome page; its window may come later still.
        wait_drawn(vm, shell, "firefox-esr", bare=background(screen(vm).size))
        keep(vm, FOLDER / "10-desktop.png")
        shell.wait_ready(60)  # it was begun anew on the way, with a prompt and an echo
        said = [
            shell.run(command)[1]
            for command in (
                "getent passwd zoe",
                "cat /etc/hostname",
                "ls /var/lib/reprise",
                "head -c 300 /var/lib/reprise/welcome/index.html",
                "systemctl --failed --plain --no-legend",
            )
        ]
        shell.run("systemctl poweroff")
        vm.wait_off(180)
    return Found(*said)


def test_the_new_owner_has_an_account_and_the_pc_a_name(found: Found) -> None:
    assert found.account.split(":")[4] == "Zoe Martin"
    assert found.name == "pc-zoe"


def test_nothing_is_left_to_ask_and_the_welcome_page_is_there(found: Found) -> None:
    assert "first-start.json" not in found.left
    assert '<html lang="fr">' in found.welcome
    assert found.failed == ""
