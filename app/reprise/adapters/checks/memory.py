"""A pattern test over a share of the free memory.

Random bytes, so that every place differs from every other: a cell that answers for two addresses
is seen. Then the opposite of each bit. All is written before anything is read back. The work is
done by libc (memmove, memcmp), outside the interpreter's lock: no frame of the screen waits.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import mmap
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.counters import memory_errors
from reprise.adapters.hardware.sysfs import read_text
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.memory import MemoryFacts, judge_memory
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.ports import StopFlag
from reprise.tools.proc import parse_mem_available, parse_mem_total

_MIB = 1 << 20
# One mapping: small enough that giving it back takes milliseconds.
BLOCK_BYTES = 64 * _MIB
# A stretch of the random pool that is copied at once; each begins one byte further on, so no two
# stretches of the tested memory are alike.
_UNIT_BYTES = 64 * 1024
_POOL_BYTES = 8 * _MIB
_RESERVE_BYTES = 512 * _MIB  # for the system, which may run from memory, and the screen
_WORKERS = 2  # two saturate the memory of a PC; more would only disturb the screen
_TICK_S = 0.25
_NICE = 10  # of its threads: the screen answers first

_libc = ctypes.CDLL(None, use_errno=True)
_memmove = _libc.memmove
_memmove.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memmove.restype = ctypes.c_void_p
_memcmp = _libc.memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memcmp.restype = ctypes.c_int
_mlock = _libc.mlock
_mlock.argtypes = (ctypes.c_void_p, ctypes.c_size_t)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is tested: at most this share of what is available, and this long."""

    share: float = 0.5
    max_bytes: int = 8192 * _MIB
    max_s: float = 45.0


class _Block:
    """One mapping of BLOCK_BYTES, kept in memory where the system allows it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._map = mmap.mmap(-1, BLOCK_BYTES)
        self._held = (ctypes.c_char * BLOCK_BYTES).from_buffer(self._map)
        self.address = ctypes.addressof(self._held)
        # where that is refused the test is the same: the station has no swap
        _mlock(self.address, BLOCK_BYTES)

    def units(self) -> Iterator[tuple[int, int]]:
        """(address, offset into the pool) of each stretch."""
        each = BLOCK_BYTES // _UNIT_BYTES
        for unit in range(each):
            place = (self.number * each + unit) % (_POOL_BYTES - _UNIT_BYTES)
            yield self.address + unit * _UNIT_BYTES, place

    def close(self) -> None:
        del self._held
        self._map.close()


def _fill(block: _Block, pool: int) -> int:
    for address, place in block.units():
        _memmove(address, pool + place, _UNIT_BYTES)
    return 0


def _compare(block: _Block, pool: int) -> int:
    """How many bytes differ from what was written."""
    wrong = 0
    for address, place in block.units():
        if _memcmp(address, pool + place, _UNIT_BYTES):
            actual = ctypes.string_at(address, _UNIT_BYTES)
            meant = ctypes.string_at(pool + place, _UNIT_BYTES)
            wrong += max(sum(a != b for a, b in zip(actual, meant, strict=True)), 1)
    return wrong


class MemoryCheck:
    """Implements ports.sheets.checks.FunctionCheck."""

    def __init__(self, pc: CheckedPc, amount: Amount | None = None) -> None:
        self._roots, self._amount = pc.roots, amount or Amount()

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        meminfo = read_text(self._roots.proc / "meminfo") or ""
        blocks = self._blocks(parse_mem_available(meminfo))
        if not blocks:
            yield unknown(CheckId.MEMORY, CheckReason.TOO_LITTLE_MEMORY)
            return
        before, began = memory_errors(self._roots), time.monotonic()
        test = _Test(blocks, self._amount.max_s)
        try:
            yield from test.run(stop)
        finally:
            test.close()
        if stop.is_set():
            return
        after = memory_errors(self._roots)
        yield judge_memory(
            MemoryFacts(
                tested_bytes=test.tested * BLOCK_BYTES,
                total_bytes=parse_mem_total(meminfo),
                wrong_bytes=test.wrong,
                duration_s=time.monotonic() - began,
                events=None if before is None or after is None else after - before,
            )
        )

    def _blocks(self, available: int | None) -> int:
        if available is None:
            return 0
        free = min(
            available * self._amount.share, available - _RESERVE_BYTES, self._amount.max_bytes
        )
        return max(int(free) // BLOCK_BYTES, 0)


class _Test:
    """The passes over all blocks, by a few threads, watched from the caller's."""

    def __init__(self, count: int, max_s: float) -> None:
        self.wrong = 0
        self.tested = 0  # blocks that went through all passes
        self._ends = time.monotonic() + max_s
        self._made: list[_Block] = []
        self._count = count
        self._lock = threading.Lock()
        self._leave = threading.Event()
        self._done = 0
        seed = os.urandom(_POOL_BYTES)
        opposite = (int.from_bytes(seed, "little") ^ ((1 << 8 * _POOL_BYTES) - 1)).to_bytes(
            _POOL_BYTES, "little"
        )
        self._pools = tuple(ctypes.create_string_buffer(p, _POOL_BYTES) for p in (seed, opposite))

    def run(self, stop: StopFlag) -> Iterator[CheckProgress]:
        """As many blocks as can be filled in a quarter of the time are tested: the three passes
        that follow take about as long each."""
        first, second = (ctypes.addressof(pool) for pool in self._pools)
        fill_ends = time.monotonic() + (self._ends - time.monotonic()) / 4
        yield from self._pass(lambda n: self._make(n, first, fill_ends), self._count, 0.0, stop)
        done = len(self._made)
        for number, (work, pool) in enumerate(
            ((_compare, first), (_fill, second), (_compare, second)), 1
        ):
            yield from self._pass(self._each(work, pool), done, number / 4, stop)
        self.tested = done

    def _make(self, number: int, pool: int, ends: float) -> None:
        if number and time.monotonic() > ends:
            return
        try:
            block = _Block(number)
        except OSError:  # no memory left after all: less is tested, and the result says how much
            return
        _fill(block, pool)
        with self._lock:
            self._made.append(block)

    def _each(self, work: Callable[[_Block, int], int], pool: int) -> Callable[[int], None]:
        def on(number: int) -> None:
            wrong = work(self._made[number], pool)
            with self._lock:
                self.wrong += wrong

        return on

    def _pass(
        self, work: Callable[[int], None], count: int, begun: float, stop: StopFlag
    ) -> Iterator[CheckProgress]:
        """`work` on 0 … count - 1 by the threads. They have ended when this ends, however."""
        todo = iter(range(count))
        done = itertools.count()

        def serve() -> None:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
            while not (stop.is_set() or self._leave.is_set()):
                with self._lock:
                    number = next(todo, None)
                if number is None:
                    return
                work(number)
                self._done = next(done) + 1

        self._done = 0
        threads = [threading.Thread(target=serve, daemon=True) for _ in range(_WORKERS)]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                part = begun + self._done / max(count, 1) / 4
                yield CheckProgress(check=CheckId.MEMORY, part=part)
                time.sleep(_TICK_S)
        finally:
            self._leave.set()
            for thread in threads:
                thread.join()
            self._leave.clear()

    def close(self) -> None:
        for block in self._made:
            block.close()
        self._made.clear()
