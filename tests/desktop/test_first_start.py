"""The installed desktop's first start on a real PC: by key presses alone, from power-on to the new
owner's own desktop. Pictures stay in build/vm/desktop-first/."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import pytest

from desktop.installed import BENCH, background, installed, with_a_shell
from desktop.look import keep, screen, wait_drawn
from desktop.wizard import PASSWORD, walk_through
from vm.qemu import Disk, Pc, running
from vm.screen import types
from vm.shell import Shell

FOLDER = BENCH.parent / "desktop-first"


@dataclass(frozen=True)
class Found:
    """What stands on the system afterwards, as its own programs say it."""

    account: str
    name: str
    left: str
    welcome: str
    failed: str


@pytest.fixture(scope="module")
def found() -> Found:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    installed(FOLDER / "drive.img", FOLDER / "data", with_a_shell)
    pc = Pc(FOLDER, [Disk(FOLDER / "drive.img", "sata")], memory_mib=2048, link_up=True)
    with running(pc) as vm:
        shell = Shell(vm)
        walk_through(vm, shell, FOLDER)
        vm.press("ret")
        wait_drawn(vm, shell, "lightdm-gtk-gre")
        keep(vm, FOLDER / "9-log-in.png")
        types(vm, PASSWORD)
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
