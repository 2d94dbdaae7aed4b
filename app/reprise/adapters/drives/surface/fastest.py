"""Which of the streams does this processor make fastest? Never a person's question."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Lock

from reprise.adapters.drives.surface.keystream import SLICE_BYTES, Keystream
from reprise.adapters.hardware.sysfs import Roots, read_text
from reprise.domain.erasure.pattern import KEY_BYTES, Stream
from reprise.tools.proc import has_aes

_LOOK_S, _MEASURED_S = 0.01, 0.1
# The processor's word stands unless the other stream is measured to be that much faster: OpenSSL
# may know less than the processor has (or have been told to). Where a first look says nothing
# against it, that is all.
_CONTRADICTED = 1.5
_NO_JOB = "00000000-0000-4000-8000-000000000000"

Clock = Callable[[], float]


def chosen(*, aes: bool, rates: Mapping[Stream, float]) -> Stream:
    """`aes`: the processor says that it has AES instructions. `rates`: of each stream, measured."""
    told, other = Stream.AES_256_CTR, Stream.CHACHA20
    if not aes:
        told, other = other, told
    return other if rates[other] > _CONTRADICTED * rates[told] else told


def measured(for_s: float, now: Clock = time.thread_time) -> dict[Stream, float]:
    """Bytes a second of each stream on one core, measured for so long together, by the time that
    the processor spent on this thread: a busy moment must not decide. They take turns, and the best
    turn of each counts."""
    part = memoryview(bytearray(SLICE_BYTES))
    streams = [Keystream(_NO_JOB, bytes(KEY_BYTES), kind) for kind in Stream]
    best = dict.fromkeys(Stream, 0.0)
    end = now() + for_s
    while now() < end:
        for stream in streams:
            began = now()
            stream.fill(part, 0)
            took = max(now() - began, 1e-9)
            best[stream.kind] = max(best[stream.kind], SLICE_BYTES / took)
    return best


class FastestStream:
    """Asks and measures when it is first called, once, whichever drive's thread comes first."""

    def __init__(self, roots: Roots | None = None) -> None:
        self._roots = roots or Roots()
        self._lock = Lock()
        self._known: Stream | None = None

    def __call__(self) -> Stream:
        with self._lock:
            if self._known is None:
                self._known = self._found()
            return self._known

    def _found(self) -> Stream:
        aes = has_aes(read_text(self._roots.proc / "cpuinfo") or "")
        told = Stream.AES_256_CTR if aes else Stream.CHACHA20
        if chosen(aes=aes, rates=measured(_LOOK_S)) is told:
            return told
        return chosen(aes=aes, rates=measured(_MEASURED_S))


fastest_stream = FastestStream()
