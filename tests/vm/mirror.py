"""Gives a person the virtual PC's screen and keyboard inside their terminal (works over ssh)."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
import tty

from vm.screen import Console, keys

QUIT = b"\x1d"  # Ctrl-]
_SEQUENCES = {
    b"\r": "ret", b"\n": "ret", b"\t": "tab", b"\x7f": "backspace", b"\x08": "backspace",
    b"\x1b": "esc", b"\x1b[A": "up", b"\x1b[B": "down", b"\x1b[C": "right", b"\x1b[D": "left",
    b"\x1b[5~": "pgup", b"\x1b[6~": "pgdn", b"\x1b[H": "home", b"\x1b[F": "end",
    b"\x1bOP": "f1", b"\x1bOQ": "f2", b"\x1bOR": "f3", b"\x1bOS": "f4", b"\x1b[15~": "f5",
    b"\x1b[17~": "f6", b"\x1b[18~": "f7", b"\x1b[19~": "f8", b"\x1b[20~": "f9", b"\x1b[21~": "f10",
}  # fmt: skip


def _press(console: Console, typed: bytes) -> None:
    if typed in _SEQUENCES:
        console.vm.press(_SEQUENCES[typed])
        return
    for character in typed.decode("utf-8", "ignore"):
        if character.isalnum() or character in " -":
            console.vm.press(*keys(character))


def _draw(console: Console, shown: str) -> str:
    text = console.text()
    if text != shown:
        lines = [line.replace("\0", " ") for line in text.split("\n")]
        sys.stdout.write("\x1b[H" + "".join(f"{line}\x1b[K\r\n" for line in lines) + "\x1b[J")
        sys.stdout.write("\x1b[7m Ctrl-] : éteindre le PC / power off \x1b[0m\x1b[K")
        sys.stdout.flush()
    return text


def mirror(console: Console) -> None:
    """Show and type until Ctrl-] or until the PC goes off. Needs a terminal on stdin."""
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    shown = ""
    tty.setraw(keyboard)
    try:
        sys.stdout.write("\x1b[2J")
        while console.vm.process.poll() is None:
            shown = _draw(console, shown)
            ready, _, _ = select.select([keyboard], [], [], 0.3)
            if ready:
                typed = os.read(keyboard, 32)
                if QUIT in typed:
                    return
                _press(console, typed)
                time.sleep(0.1)
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
        sys.stdout.write("\r\n")
