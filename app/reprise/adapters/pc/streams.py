"""The process's three standard streams, made fit for whatever starts it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper


def use_standard_streams() -> None:
    """Nothing that is opened later gets the number of a stream that was closed (`>&-`): what any
    library writes to "standard error" would land on a drive. And no text fails for a character that
    the terminal does not know."""
    while (lowest := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(lowest, True)
    os.close(lowest)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def flush_output() -> None:
    """What is still held back is written. Raises OSError."""
    sys.stdout.flush()


def forget_output() -> None:
    """Nobody reads it any more: what is held back must not be tried again when the process ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
