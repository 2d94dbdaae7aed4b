"""What bounds the verify in memory: its parts one by one, in one thread, and the bytes they move.

    python verify_parts.py NODE      -> JSON: seconds per GiB of each part, and of each way

The ways run in a process for each processor and one more, side by side, so they meet all that a
verify meets in the memory and in the kernel, but neither Python's lock nor threads that hand over.

Run on its own it reads a device as the overwrite does (8 MiB, O_DIRECT) and does in slices what
the overwrite does to find whether it is the stream. A part that needs a byte twice moves it twice:
what is counted are the bytes that a processor loads and stores, be it from memory or from a cache.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if not __package__:  # run as a script: its own folder would make bench.py the package `bench`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.devices import GIB, MIB, Disk
from bench.rates import Rates
from bench.result import Result
from bench.running import run_and_read
from reprise.adapters.drives.blockio import aligned_buffer
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES, SLICE_BYTES

_MOST = GIB  # of the device
_TIMES = 5
_READ = "kernel's copy"


@dataclass(frozen=True)
class Way:
    """How a GiB can be verified: parts by name, each with the GiB it loads and stores."""

    name: str
    parts: Mapping[str, tuple[int, int]]


DD = Way("dd read", {_READ: (1, 1)})
WAYS = (
    Way("mix the stream in, look for zeros", {_READ: (1, 1), "mix in": (1, 1), "zeros?": (2, 0)}),
    Way("make the stream, compare", {_READ: (1, 1), "make": (1, 1), "the same?": (2, 0)}),
)


def what_bounds(result: Result, disk: Disk, rates: Mapping[str, Rates]) -> None:
    """Counted: with all processors busy with nothing but the parts, a GiB takes their seconds
    divided by the processors. At once: the same, measured."""
    _cost, told = run_and_read([sys.executable, str(Path(__file__).resolve()), disk.node])
    seconds: dict[str, float] = json.loads(told)
    processors = len(os.sched_getaffinity(0))
    dd, ours = rates["dd read"].mib_s, rates["reprise verify"].mib_s
    table = f"What bounds the verify in memory ({processors} processors)"
    for way in (DD, *WAYS):
        whole = sum(seconds[part] for part in way.parts)
        # one thread of the kernel copies for one loop device
        most = min(processors / whole, 1 / seconds[_READ]) * GIB / MIB
        loads, stores = (sum(moved[at] for moved in way.parts.values()) for at in (0, 1))
        result.row(
            table,
            way=way.name,
            **{
                "GiB loaded": loads,
                "stored": stores,
                "s/GiB, one thread": " + ".join(f"{seconds[part]:.3f}" for part in way.parts),
                "counted MiB/s": most,
                **(_of_dd(GIB / MIB / seconds[way.name], dd) if way.name in seconds else {}),
            },
        )
    result.row(table, way="reprise verify", **_of_dd(ours, dd))


def _of_dd(rate: float, dd: float) -> dict[str, object]:
    return {"at once MiB/s": rate, "of dd": rate / dd}


def _measured(node: str) -> dict[str, float]:
    """The least of several times. `node` is written first: what is read must be the stream."""
    length = _written(node)
    # while one waits for the kernel's copy, the others compute
    processes = min(len(os.sched_getaffinity(0)) + 1, length // CHUNK_BYTES)
    best: dict[str, float] = {}
    for _time in range(_TIMES):
        for way, do in zip(WAYS, (_mixed, _made), strict=True):
            clock = _Clock()
            _pass(node, range(0, length, CHUNK_BYTES), do, clock)
            spent = {**clock.spent, way.name: _at_once(node, length, do, processes)}
            for part, seconds in spent.items():
                best[part] = min(best.get(part, seconds), seconds * GIB / length)
    return best


def _written(node: str) -> int:
    """Bytes of the device that carry the stream now."""
    buffer, stream = aligned_buffer(CHUNK_BYTES), _stream(0)
    descriptor = os.open(node, os.O_RDWR | os.O_DIRECT)
    length = min(os.lseek(descriptor, 0, os.SEEK_END), _MOST)
    for offset in range(0, length, CHUNK_BYTES):
        stream(bytearray(CHUNK_BYTES), buffer)
        os.pwrite(descriptor, buffer, offset)
    os.close(descriptor)
    return length


def _pass(node: str, offsets: range, do: Part, clock: _Clock) -> None:
    """A slice after the other, as it is in use: the caches hold what they would hold."""
    buffer, made = aligned_buffer(CHUNK_BYTES), bytearray(SLICE_BYTES)
    zeros, stream = bytearray(SLICE_BYTES), _stream(offsets.start)
    descriptor = os.open(node, os.O_RDONLY | os.O_DIRECT)
    for offset in offsets:
        os.preadv(descriptor, [buffer], offset)
        clock.at(_READ)
        for at in range(0, CHUNK_BYTES, SLICE_BYTES):
            do(clock, stream, buffer[at : at + SLICE_BYTES], made, zeros)
    os.close(descriptor)


def _at_once(node: str, length: int, do: Part, processes: int) -> float:
    """Seconds that as many processes would take for `length` together; each has a share of whole
    chunks."""
    share = length // processes // CHUNK_BYTES * CHUNK_BYTES
    began = time.perf_counter()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            _pass(node, range(number * share, (number + 1) * share, CHUNK_BYTES), do, _Clock())
            os._exit(0)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise SystemExit("verify_parts: a process failed")
    return (time.perf_counter() - began) * length / (share * processes)


class _Clock:
    """Seconds of each part, from the end of the part before."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._since = time.perf_counter()

    def at(self, part: str) -> None:
        now = time.perf_counter()
        self.spent[part] = self.spent.get(part, 0.0) + now - self._since
        self._since = now


Stream = Callable[[bytearray | memoryview, bytearray | memoryview], int]
Part = Callable[["_Clock", Stream, memoryview, bytearray, bytearray], None]


def _stream(offset: int) -> Stream:
    counter = (offset // 16).to_bytes(16, "big")
    return Cipher(algorithms.AES(bytes(32)), modes.CTR(counter)).encryptor().update_into


def _mixed(
    clock: _Clock, stream: Stream, part: memoryview, _beside: bytearray, zeros: bytearray
) -> None:
    stream(part, part)
    clock.at("mix in")
    if zeros != part:
        raise SystemExit("verify_parts: not the stream")
    clock.at("zeros?")


def _made(
    clock: _Clock, stream: Stream, part: memoryview, made: bytearray, zeros: bytearray
) -> None:
    stream(zeros, made)
    clock.at("make")
    if made != part:  # the bytearray first: one memcmp
        raise SystemExit("verify_parts: not the stream")
    clock.at("the same?")


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1])))
