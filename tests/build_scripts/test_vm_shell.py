"""The shell on a guest's serial port, here a real bash on a pseudo-terminal."""

from __future__ import annotations

import itertools
import os
import pty
import select
import subprocess
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from vm.shell import Shell


class Plug:
    """What the shell asks of a socket, on a terminal. Cut anywhere, as on a serial port."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._timeout_s: float | None = None
        self._sizes = itertools.cycle(range(1, 12))

    def settimeout(self, seconds: float) -> None:
        self._timeout_s = seconds

    def recv(self, _most: int) -> bytes:
        if not select.select([self._terminal], [], [], self._timeout_s)[0]:
            raise TimeoutError
        return os.read(self._terminal, next(self._sizes))

    def sendall(self, keys: bytes) -> None:
        os.write(self._terminal, keys)


@pytest.fixture
def shell() -> Iterator[Shell]:
    ours, theirs = pty.openpty()
    argv = ["bash", "--norc", "--noprofile", "-i"]
    env = {**os.environ, "TERM": "vt220"}
    with subprocess.Popen(
        argv, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True
    ) as bash:
        os.close(theirs)
        try:
            vm: Any = SimpleNamespace(serial=lambda _port: Plug(ours))
            found = Shell(vm)
            found.wait_ready(30)
            yield found
        finally:
            bash.kill()
            os.close(ours)


def test_an_answer_has_nothing_of_the_prompt_before_it(shell: Shell) -> None:
    for _turn in range(30):
        assert shell.run("echo seen; false") == (1, "seen")


def test_a_line_may_have_several_lines(shell: Shell) -> None:
    assert shell.run("for i in 1 2; do\necho $i\ndone") == (0, "1\n2")
    assert shell.run("true") == (0, "")
