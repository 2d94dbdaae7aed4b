"""The codec from several threads at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

import msgspec
import pytest

from reprise import codec


@dataclass(frozen=True)
class Part:
    number: int


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]


PART = {"number": 1}
WHOLE = {"parts": [PART]}


def test_no_thread_reads_while_another_one_learns_a_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """msgspec crashes the process there: the server under its first requests, and the engine."""
    real, count = msgspec.convert, Lock()
    now, most = {"learning": 0, "any": 0}, {"learning": 0, "any": 0}

    def watched(plain: Any, *, type: Any) -> Any:  # noqa: A002 - msgspec's own name
        kinds = ("any",) if type in codec._learnt else ("any", "learning")
        with count:
            for kind in kinds:
                now[kind] += 1
                most[kind] = max(most[kind], now[kind])
        time.sleep(0.05)
        try:
            return real(plain, type=type)
        finally:
            with count:
                for kind in kinds:
                    now[kind] -= 1

    def together() -> None:
        """Two types, of which one holds the other."""
        jobs = [(WHOLE, Whole), (PART, Part)] * 3
        threads = [Thread(target=codec.from_builtins, args=job) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    monkeypatch.setattr(codec.msgspec, "convert", watched)
    monkeypatch.setattr(codec, "_learnt", set())
    together()
    assert most["learning"] == 1
    together()
    assert most["any"] > 1  # what is known is read side by side
