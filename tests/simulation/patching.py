"""Puts the simulated lowest parts where the real ones are, and takes them away again."""

from __future__ import annotations

import concurrent.futures
import fcntl
import gc
import os
import pkgutil
import queue
import random
import secrets
import sys
import threading
import time
import types
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest

from simulation import threads
from simulation.baton import PowerOff, baton
from simulation.blockfile import SimBlockFile
from simulation.paths import HANDLES

_PACKAGES = (
    *(f"reprise.{name}" for name in ("workflow", "bootstrap", "domain", "sentences")),
    *(
        f"reprise.adapters.{name}"
        for name in (
            *("delivery", "drives", "hardware", "install", "pc"),
            *("signing", "stick", "storage"),
        )
    ),
    *("lab.ata", "lab.scsi", "lab.nvme", "lab"),
)
_LEFT_OUT = ("lab.nvme.attached", "lab.nvme.tcp", "lab.scsi.attached", "lab.scsi.loopback")
CHUNK_BYTES = 64 << 10
_KNOBS = {
    "CHUNK_BYTES": CHUNK_BYTES,
    "CHECKPOINT_BYTES": 128 << 10,
    "_SEAM_BYTES": 64 << 10,
    "_PACE_S": 20.0,
    # as many threads for a drive, however many processors this machine has
    "LEAST_WORKERS": 3,
    "USUAL_WORKERS": 3,
    "MOST_WORKERS": 3,
}


def _sleep(seconds: float) -> None:
    baton().sleep(seconds)


def _now() -> float:
    return baton().now_s


TIME = threads.over(time, monotonic=_now, sleep=_sleep, time=_now)
_OS = threads.over(
    os,
    **{
        name: getattr(HANDLES, name)
        for name in ("open", "close", "write", "fsync", "fstat", "lseek", "ftruncate")
    },
)
_INSTEAD: dict[int, Any] = {
    id(real): ours
    for real, ours in (
        (threading, threads.THREADING),
        (threading.Thread, threads.Thread),
        (threading.Event, threads.Event),
        (threading.Lock, threads.Lock),
        (threading.RLock, threads.RLock),
        (threading.Semaphore, threads.Semaphore),
        (queue, threads.QUEUE),
        (queue.SimpleQueue, threads.SimpleQueue),
        (concurrent.futures.ThreadPoolExecutor, threads.ThreadPoolExecutor),
        (time, TIME),
        (time.monotonic, _now),
        (time.sleep, _sleep),
        (os, _OS),
        (fcntl, threads.over(fcntl, flock=HANDLES.flock)),
    )
}


def _modules() -> Iterator[types.ModuleType]:
    for package in _PACKAGES:
        found = import_module(package)
        yield found
        for one in _inside(found):
            if one.name not in _LEFT_OUT:
                yield import_module(one.name)


def _inside(package: types.ModuleType) -> Iterator[pkgutil.ModuleInfo]:
    """Ours with all wings; the tests' own, one by one."""
    whole = package.__name__.startswith("reprise.")
    walk = pkgutil.walk_packages if whole else pkgutil.iter_modules
    return walk(package.__path__, f"{package.__name__}.")


def _functions(module: types.ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if isinstance(value, types.FunctionType) and value.__module__ == module.__name__:
            yield value
        elif isinstance(value, type) and value.__module__ == module.__name__:
            yield from (one for one in vars(value).values() if isinstance(one, types.FunctionType))


def _defaults(patch: pytest.MonkeyPatch, function: Any, old_knobs: dict[int, int]) -> None:
    """What a function took as a default when it was made."""
    for kind in ("__defaults__", "__kwdefaults__"):
        held = getattr(function, kind, None)
        if not held:
            continue
        pairs = list(held.items() if isinstance(held, dict) else enumerate(held))
        fresh = {at: _instead(value, old_knobs) for at, value in pairs}
        same = all(fresh[at] is value for at, value in pairs)
        if not same:
            whole = fresh if isinstance(held, dict) else tuple(fresh.values())
            patch.setattr(function, kind, whole)


def _instead(value: Any, old_knobs: dict[int, int]) -> Any:
    if type(value) is int:
        return old_knobs.get(value, value)
    try:
        return _INSTEAD.get(id(value), value)
    except TypeError:
        return value


def _one(patch: pytest.MonkeyPatch, module: types.ModuleType, block_file: Any) -> None:
    for name, value in list(vars(module).items()):
        if value is block_file and module.__name__ != "reprise.adapters.drives.blockio":
            patch.setattr(module, name, SimBlockFile)
        elif value is threading and module.__name__.startswith("lab."):
            patch.setattr(module, name, threads.OF_MODELS)
        elif id(value) in _INSTEAD and not name.startswith("__"):
            patch.setattr(module, name, _INSTEAD[id(value)])
    for name, knob in _KNOBS.items():
        if isinstance(vars(module).get(name), int | float):
            patch.setattr(module, name, knob)


def _buffer(length: int) -> memoryview:
    return memoryview(bytearray(length))


class _SeededRandom(random.Random):
    """random.Random() of a model draws from the seed."""

    def __init__(self, seed: Any = None) -> None:
        super().__init__(baton().random.getrandbits(64) if seed is None else seed)


def _bits(count: int) -> int:
    return baton().random.getrandbits(count)


def _seeded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=_bits(128), version=4))
    patch.setattr(secrets, "token_bytes", lambda n=32: _bits(8 * n).to_bytes(n, "big"))
    patch.setattr(secrets, "token_hex", lambda n=32: _bits(8 * n).to_bytes(n, "big").hex())


def _unraisable(found: Any) -> None:
    """A generator that is thrown away in a PC without power cannot clear up either."""
    if found.exc_type is not PowerOff:
        sys.__unraisablehook__(found)


def forget() -> None:
    """Throw away what a world left behind, while its baton still says that it is no more."""
    gc.collect()


@contextmanager
def simulated(more: Callable[[pytest.MonkeyPatch], None]) -> Iterator[None]:
    """`more`: puts what is this simulation's own."""
    from reprise.adapters.drives import blockio

    modules = list(_modules())
    with pytest.MonkeyPatch.context() as patch:
        old = {8 << 20: _KNOBS["CHUNK_BYTES"], 256 << 20: _KNOBS["CHECKPOINT_BYTES"]}
        for module in modules:
            for function in _functions(module):
                _defaults(patch, function, old)  # type: ignore[arg-type]
            _one(patch, module, blockio.BlockFile)
            if hasattr(module, "aligned_buffer"):
                patch.setattr(module, "aligned_buffer", _buffer)
        patch.setattr(
            sys.modules["lab.media"], "random", threads.over(random, Random=_SeededRandom)
        )
        _seeded(patch)
        more(patch)
        patch.setattr(sys, "unraisablehook", _unraisable)
        gc.collect()
        gc.freeze()
        gc.disable()  # when a cycle is found must not be up to chance: see `forget`
        yield
        gc.enable()
        gc.unfreeze()
        gc.collect()  # what closes its files when it goes, closes simulated ones
