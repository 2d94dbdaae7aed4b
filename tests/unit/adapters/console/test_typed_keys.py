"""A terminal's typed lines, on a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import sys
import time
from collections.abc import Iterator
from queue import Queue
from threading import Thread

import pytest

from reprise.adapters.console.typed_keys import TypedKeys


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other end of this process's standard input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        yield ours


def test_a_line_without_its_enter_is_forgotten(keyboard: int) -> None:
    """Typed while a password was tried, it would stand before the next one."""
    keys, heard = TypedKeys(), Queue[str]()

    def read() -> None:
        for line in keys.lines():
            heard.put(line)

    reader = Thread(target=read, daemon=True)
    reader.start()
    keys.hidden(True)
    os.write(keyboard, b"secr")
    time.sleep(0.05)
    keys.forget()
    os.write(keyboard, b"secret\n")
    assert heard.get(timeout=10) == "secret"
    os.close(keyboard)  # the reader's end
    reader.join(10)
    assert not reader.is_alive()
