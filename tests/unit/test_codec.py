"""The codec from several threads at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

import msgspec
import pytest

from reprise import codec
from reprise.errors import InputError


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

    monkeypatch.setattr(msgspec, "convert", watched)
    monkeypatch.setattr(codec, "_learnt", set())
    together()
    assert most["learning"] == 1
    together()
    assert most["any"] > 1  # what is known is read side by side


DEEP = b"[" * 200_000


@pytest.mark.parametrize(
    "data",
    [
        DEEP,
        b'{"number":' + b"9" * 5000 + b"}",
        b'{"number":1,"more":"\\ud800"}',  # half a letter: could neither be written nor shown
        b'{"number":1,"more":"\xed\xa0\x80"}',
        '{"number":1}'.encode("utf-16"),
        b"",
    ],
)
def test_whatever_a_strangers_file_holds_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError):
        codec.from_json(data, Part)


def test_a_letter_written_as_two_escapes_is_one() -> None:
    assert codec.loaded(b'{"a":"\\ud83d\\ude00"}') == {"a": "\U0001f600"}
    assert codec.loaded(b"\xef\xbb\xbf[1]") == [1]
