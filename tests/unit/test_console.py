"""The console's keyboard: what is offered, what is run, and what is remembered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters.choices import SessionChoices
from reprise.adapters.console import LinuxConsole, on_pc_console
from reprise.domain.layouts import Layout, layout_of
from reprise.errors import ToolError
from reprise.ports import CommandResult
from reprise.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


class Loadkeys:
    def __init__(self, code: int = 0) -> None:
        self.code, self.calls = code, []

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append(tuple(argv))
        return CommandResult(tuple(argv), self.code, b"", b"syntax error\n", 0.1)


def console(tmp_path: Path, runner: Loadkeys, here: bool = True) -> LinuxConsole:
    maps = tmp_path / "maps"
    maps.mkdir(exist_ok=True)
    for name in ("fr", "us", "fr-bepo"):
        (maps / f"{name}.kmap.gz").touch()
    return LinuxConsole(runner, tmp_path, maps, lambda: here)


def test_what_was_compiled_is_offered_and_what_is_used_is_remembered(tmp_path: Path) -> None:
    runner = Loadkeys()
    one = console(tmp_path, runner)
    assert one.layouts() == (Layout.FR, Layout.FR_BEPO, Layout.US)
    assert one.current() is Layout.FR
    one.use(Layout.FR_BEPO)
    assert runner.calls == [("loadkeys", "--quiet", str(tmp_path / "maps/fr-bepo.kmap.gz"))]
    assert console(tmp_path, runner).current() is Layout.FR_BEPO


def test_elsewhere_nothing_is_offered_or_run(tmp_path: Path) -> None:
    runner = Loadkeys()
    one = console(tmp_path, runner, here=False)
    assert one.layouts() == ()
    with pytest.raises(ToolError):
        one.use(Layout.US)
    assert runner.calls == []


def test_a_failure_is_told_and_not_remembered(tmp_path: Path) -> None:
    one = console(tmp_path, Loadkeys(code=1))
    with pytest.raises(ToolError, match="syntax error"):
        one.use(Layout.US)
    assert one.current() is Layout.FR


def test_a_pipe_is_no_console() -> None:
    assert not on_pc_console()  # pytest closes the standard input


def test_names_as_people_say_them() -> None:
    assert [layout_of(name) for name in ("uk", "oss", "bepo", "ch", "dvorak")] == [
        Layout.GB,
        Layout.FR_OSS,
        Layout.FR_BEPO,
        Layout.CH,
        None,
    ]


def test_settings_name_a_layout_that_is_known() -> None:
    assert load_settings([("f", "[station]\nkeyboard='uk'\n")])[1] == ()
    _found, problems = load_settings([("f", "[station]\nkeyboard='be-latin1'\n")])
    assert "fr-bepo" in str(problems[0])


def test_the_choice_is_the_sessions(tmp_path: Path) -> None:
    choices = SessionChoices(tmp_path, Settings)
    assert choices.keyboard() == ""
    choices.use_proxy("http://p:1")
    choices.use_keyboard(Layout.CH)
    assert choices.keyboard() == "ch"
    assert "http://p:1" in (tmp_path / "session.toml").read_text()


def test_the_image_compiles_every_layout_and_notes_the_one_that_it_starts_with() -> None:
    hook = (ROOT / "hooks/0500-console.hook.chroot").read_text()
    assert set(re.findall(r"^compile ([a-z-]+) ", hook, re.M)) == {one.value for one in Layout}
    script = ROOT / "live-build/station/includes.chroot/usr/lib/reprise/console"
    assert "/run/reprise/keyboard" in script.read_text()
