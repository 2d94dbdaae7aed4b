"""The shell on a guest's serial port, here a real bash on a pseudo-terminal, byte by byte."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from vm.shell import Shell


@pytest.fixture
def shell() -> Iterator[Shell]:
    terminal, inside = pty.openpty()
    bash = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**os.environ, "TERM": "vt220"},
        start_new_session=True,
    )
    os.close(inside)
    ours, its = socket.socketpair()

    def told() -> None:
        with suppress(OSError):  # how Linux says that nobody is left behind a terminal
            while came := os.read(terminal, 1):
                its.sendall(came)

    def typed() -> None:
        while keys := its.recv(4096):
            os.write(terminal, keys)

    works = [threading.Thread(target=work) for work in (told, typed)]
    for work in works:
        work.start()
    vm: Any = SimpleNamespace(serial=lambda _port: ours)
    try:
        found = Shell(vm)
        found.wait_ready(30)
        yield found
    finally:
        bash.kill()
        bash.wait()
        ours.shutdown(socket.SHUT_WR)
        for work in works:
            work.join()
        ours.close()
        its.close()
        os.close(terminal)


def test_an_answer_has_nothing_of_the_prompt_before_it(shell: Shell) -> None:
    for _turn in range(30):
        assert shell.run("echo seen; false") == (1, "seen")


def test_a_line_may_have_several_lines(shell: Shell) -> None:
    assert shell.run("for i in 1 2; do\necho $i\ndone") == (0, "1\n2")
    assert shell.run("true") == (0, "")
