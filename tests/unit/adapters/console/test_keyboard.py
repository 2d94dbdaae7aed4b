"""The console's keyboard: what is said to be loaded is loaded.

loadkeys and dumpkeys are small programs here that do to a file what the real ones do to the kernel:
a test must not change this machine's keyboard.
"""

from __future__ import annotations

import gzip
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reprise.adapters.console import keyboard as module
from reprise.adapters.console.keyboard import ConsoleKeyboard
from reprise.adapters.install.system import _KEYBOARD
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.bootstrap import keyboard as bootstrap_keyboard
from reprise.errors import InputError, ToolError
from reprise_common.keyboard_layouts import (
    ORDER,
    Changeable,
    KeyboardState,
    default_file,
    in_order,
    xkb,
)
from station_kit.places import TOP

pytestmark = pytest.mark.processes

CONSOLE = TOP / "live-build/station/includes.chroot/usr/lib/reprise/console"
LOADKEYS = """#!/bin/sh
for file; do :; done
if [ -e {base}/broken ]; then
    zcat "$file" | head -c 4 >{base}/kernel
    echo "bad  key" >&2
    exit 1
fi
zcat "$file" >{base}/kernel
"""


@dataclass
class Console:
    base: Path

    @property
    def record(self) -> Path:
        return self.base / "run/keyboard.json"

    def keyboard(self) -> ConsoleKeyboard:
        """Of a screen that has just started."""
        return ConsoleKeyboard(SystemCommandRunner(), self.base / "layouts", self.record)


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, text in (
        ("loadkeys", LOADKEYS.format(base=tmp_path)),
        ("dumpkeys", f"#!/bin/sh\ncat {tmp_path}/kernel\n"),
    ):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setattr(module, "_is_console", lambda _terminal: True)
    (tmp_path / "kernel").write_text("keymap of the kernel")
    (tmp_path / "layouts").mkdir()
    for name in ("us", "fr", "fr-bepo", "be"):
        (tmp_path / f"layouts/{name}.kmap.gz").write_bytes(gzip.compress(name.encode() * 9))
    (tmp_path / "layouts/reprise16.psf.gz").write_bytes(b"a font")
    yield Console(tmp_path)


def test_nothing_is_said_of_what_nobody_noted(console: Console) -> None:
    state = console.keyboard().state()
    assert state == KeyboardState("", layouts=("fr", "fr-bepo", "be", "us"))


def test_what_is_loaded_is_known_after_the_screen_died(console: Console) -> None:
    loaded = console.keyboard().load("be")
    assert (loaded.layout, loaded.chosen) == ("be", True)
    assert console.keyboard().state() == loaded


def test_the_settings_layout_is_loaded_and_is_nobodys_choice(console: Console) -> None:
    console.keyboard().begin_with("be")
    state = console.keyboard().state()
    assert (state.layout, state.chosen) == ("be", False)


def test_the_settings_layout_never_takes_a_persons_choice_away(console: Console) -> None:
    """The engine reads the settings again when it comes back."""
    console.keyboard().load("us")
    console.keyboard().begin_with("be")
    assert (console.keyboard().state().layout, console.keyboard().state().chosen) == ("us", True)


def test_a_layout_that_the_settings_name_and_nobody_has_is_a_sentence(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap_keyboard, "console_keyboard", console.keyboard)
    (said,) = bootstrap_keyboard.layout_of_settings("nl")
    assert "nl" in said
    assert bootstrap_keyboard.layout_of_settings("") == ()
    assert bootstrap_keyboard.layout_of_settings("fr-bepo") == ()
    assert console.keyboard().state().layout == "fr-bepo"


def test_what_something_else_loaded_is_not_taken_for_it(console: Console) -> None:
    console.keyboard().load("be")
    (console.base / "kernel").write_text("another one")
    assert (console.keyboard().state().layout, console.keyboard().state().chosen) == ("", False)


def test_a_layout_that_half_loads_is_not_called_loaded(console: Console) -> None:
    keyboard = console.keyboard()
    keyboard.load("be")
    (console.base / "broken").touch()
    with pytest.raises(ToolError, match="bad key"):
        keyboard.load("us")
    assert keyboard.state().layout == ""


def test_a_tool_that_is_missing_leaves_what_was_loaded(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard = console.keyboard()
    keyboard.load("be")
    (console.base / "bin/loadkeys").unlink()
    monkeypatch.setattr("reprise.adapters.pc.command._SBIN", "/nonexistent")
    monkeypatch.setenv("PATH", f"{console.base}/bin:{_coreutils(console.base)}")
    with pytest.raises(ToolError, match="kbd"):
        keyboard.load("us")
    assert keyboard.state().layout == "be"


def _coreutils(base: Path) -> Path:
    folder = base / "coreutils"
    folder.mkdir()
    (folder / "cat").symlink_to("/bin/cat")
    return folder


@pytest.mark.parametrize("name", ["nl", "../fr", "reprise16", ""])
def test_only_layouts_that_are_there_are_loaded(console: Console, name: str) -> None:
    with pytest.raises(InputError):
        console.keyboard().load(name)
    assert not console.record.exists()


def test_a_broken_note_is_no_note(console: Console) -> None:
    console.keyboard().load("be")
    console.record.write_bytes(b'{"layout": 7}')
    assert console.keyboard().state().layout == ""


def test_a_window_is_no_console(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        keyboard = ConsoleKeyboard(
            SystemCommandRunner(), tmp_path, tmp_path / "keyboard.json", terminal=theirs
        )
        assert keyboard.state().changeable is Changeable.NO_CONSOLE
    finally:
        os.close(ours)
        os.close(theirs)


def test_what_the_start_of_the_image_loads_is_known(console: Console) -> None:
    """The image's own script, in a folder of ours."""
    script = console.base / "console"
    text = CONSOLE.read_text()
    text = text.replace("/usr/share/reprise/console", f"{console.base}/layouts")
    text = text.replace("/run/reprise", f"{console.base}/run")
    text = text.replace("/proc/cmdline", f"{console.base}/cmdline")
    script.write_text(text)
    (console.base / "cmdline").write_text("quiet vconsole.keymap=us")
    subprocess.run(["sh", script, "keyboard"], check=True)
    state = console.keyboard().state()
    assert (state.layout, state.chosen) == ("us", False)
    (console.base / "broken").touch()
    subprocess.run(["sh", script, "keyboard"], check=False, capture_output=True)
    assert console.keyboard().state().layout == ""


def test_the_image_compiles_every_layout_as_the_installer_calls_it() -> None:
    hook = (TOP / "hooks/0500-console.hook.chroot").read_text()
    compiled = {
        name: (layout, variant)
        for name, layout, variant in re.findall(r"^compile (\S+) (\S+) ?(\S*)$", hook, re.M)
    }
    assert set(compiled) == set(ORDER)
    assert compiled.pop("fr") == (
        "fr",
        "latin9",
    )
    assert compiled == {name: xkb(name) for name in compiled}


def test_no_key_of_the_image_stops_the_screen_unheard(tmp_path: Path) -> None:
    """Scroll Lock stops the console's output and tells the program nothing; with Shift, Alt or Ctrl
    it fills the screen with the kernel's memory. A layout of the image makes a key of it that the
    program hears."""
    layout = (
        "keymaps 0-3",
        "keycode 30 = a A a Control_a",
        "keycode 62 = F4 F14 Console_4 Console_16 F28 F104 F248",
        "keycode 105 = Left Left Decr_Console Last_Console",
        "keycode 99 = VoidSymbol VoidSymbol Control_backslash",
        "keycode 104 = Prior Scroll_Backward",
        "keycode 127 = VoidSymbol VoidSymbol",
        "keycode 128 = VoidSymbol",
        "keycode 70 = Scroll_Lock Show_Memory Show_Registers Show_State Scroll_Lock",
    )
    (tmp_path / "ckbcomp").write_text("#!/bin/sh\ncat <<end\n" + "\n".join(layout) + "\nend\n")
    (tmp_path / "ckbcomp").chmod(0o755)
    hook = (TOP / "hooks/0500-console.hook.chroot").read_text()
    script = hook[: hook.index("complete()")].replace("/usr/share/reprise/console", str(tmp_path))
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(["sh", "-c", script], env={"PATH": path}, check=True)
    for name in ORDER:
        made = gzip.decompress((tmp_path / f"{name}.kmap.gz").read_bytes()).decode().splitlines()
        assert made == [
            *layout[:2],
            "keycode 62 = F4 F14 F20 F20 F20 F20 F20",
            "keycode 105 = Left Left F20 F20",
            "keycode 99 = F20 F20 Control_backslash",
            "keycode 104 = Prior F20",
            "keycode 127 = F20 F20",
            "keycode 128 = VoidSymbol",
            "keycode 70 = F20 F20 F20 F20 F20",
        ]


@pytest.mark.parametrize("name", [*ORDER, "cz", "ch-de"])
def test_the_installer_takes_every_layout(name: str) -> None:
    assert _KEYBOARD.fullmatch(name)
    layout, variant = xkb(name)
    assert f'XKBLAYOUT="{layout}"\nXKBVARIANT="{variant}"\n' in default_file(name)


def test_variants_are_not_layouts() -> None:
    assert xkb("fr-bepo") == ("fr", "bepo")
    assert xkb("ch") == ("ch", "fr")
    assert xkb("ch-de") == ("ch", "de")
    assert xkb("fr") == ("fr", "")
    assert in_order(["xx", "us", "fr"]) == ("fr", "us", "xx")
