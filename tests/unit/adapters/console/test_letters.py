"""The console's letters, through the image's program."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reprise.adapters.console.letters import ConsoleLetters
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.errors import ToolError

pytestmark = pytest.mark.processes


@dataclass
class Terminal:
    """One whose program is a shell script."""

    number: int
    program: Path

    def sizes(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.number, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def letters(self, script: str) -> ConsoleLetters:
        self.program.write_text(f"#!/bin/sh\n{script}\n")
        self.program.chmod(0o755)
        return ConsoleLetters(SystemCommandRunner(), self.program, self.number)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    master, slave = os.openpty()
    shown = Terminal(slave, tmp_path / "console")
    shown.sizes(25, 80)
    yield shown
    os.close(master)
    os.close(slave)


def test_other_letters_give_the_screen_another_size(terminal: Terminal) -> None:
    stty = f"stty -F {os.ttyname(terminal.number)} rows 50 cols 160"
    assert terminal.letters(f'[ "$*" = other ] && {stty}').other()


def test_letters_that_leave_the_same_room_are_no_others(terminal: Terminal) -> None:
    assert not terminal.letters("exit 0").other()


def test_why_they_were_not_loaded_is_said(terminal: Terminal) -> None:
    with pytest.raises(ToolError, match="putfont: KDFONTOP"):
        terminal.letters("echo 'putfont: KDFONTOP.' >&2; exit 71").other()
