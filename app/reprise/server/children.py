"""The processes of the server: begun together, begun again where one ends, and stopped together.
They end with the one that began them, also where it was killed."""

from __future__ import annotations

import logging
import mmap
import os
import select
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import NoReturn

log = logging.getLogger("reprise.server")
_STOPPED_S = 9.0  # after which what has not ended is killed
_AGAIN_S = 1.0  # between two beginnings of a process: one that lived longer comes back at once
_LOOK_S = 0.1
_COUNT = struct.Struct("=Q")
_STOPS = (signal.SIGTERM, signal.SIGINT)
Work = Callable[[], None]


class Family:
    """To be used where no other thread is, as each work begins in a copy of this process."""

    def __init__(self, works: Mapping[str, Work]) -> None:
        self._works = works
        self._names: dict[int, str] = {}
        self._due: dict[str, float] = dict.fromkeys(works, 0.0)  # when each is to be begun
        self._begun: dict[str, float] = {}
        # Whoever holds the other end reads its end when this process is gone.
        self._still_here, self._held = os.pipe()
        self._heard, self._said = os.pipe()
        self._stopping = False
        # how often each was begun again: written here, read by all of them
        self._counts = mmap.mmap(-1, len(works) * _COUNT.size)

    def restarts(self) -> dict[str, int]:
        """How often each of the works was begun again; also in their processes."""
        places = range(0, len(self._counts), _COUNT.size)
        counts = (_COUNT.unpack_from(self._counts, at)[0] for at in places)
        return dict(zip(self._works, counts, strict=True))

    def _count(self, name: str) -> None:
        at = list(self._works).index(name) * _COUNT.size
        _COUNT.pack_into(self._counts, at, self.restarts()[name] + 1)

    def live(self, ready: Work) -> None:
        """Until SIGTERM or SIGINT: a stop that was asked for is a success. `ready` is called once
        one of the works has said so."""
        before = {number: signal.signal(number, self._stop_soon) for number in _STOPS}
        try:
            self._begin_those_due()
            told = False
            while not self._stopping:
                if select.select([self._heard], [], [], _LOOK_S)[0]:
                    os.read(self._heard, 1)
                    if not told:
                        ready()
                    told = True
                self._bury()
                self._begin_those_due()
            self._stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for end in (self._still_here, self._held, self._heard, self._said):
                os.close(end)

    def say_ready(self) -> None:
        """By a work, in its process."""
        os.write(self._said, b"r")

    def _stop_soon(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _begin_those_due(self) -> None:
        now = time.monotonic()
        for name in [name for name, at in self._due.items() if at <= now]:
            del self._due[name]
            self._begun[name] = now
            self._names[self._begin(name)] = name

    def _begin(self, name: str) -> int:
        # no signal may find the child with the handlers of its parent
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            self._live(name)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        return pid

    def _live(self, name: str) -> NoReturn:
        code = 1
        try:
            os.setpgid(0, 0)  # Ctrl+C is for the parent, who tells us
            os.close(self._held)
            for number in _STOPS:
                signal.signal(number, _end)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._works[name]()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            log.exception("the process “%s” ended", name)
        finally:
            logging.shutdown()
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._still_here, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_STOPPED_S)
        os._exit(1)

    def _bury(self) -> None:
        """Whoever has ended is to be begun again, unless all are to stop."""
        for pid, name in tuple(self._names.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._names[pid]
                _kill_group(pid)  # what it began itself
                if not self._stopping:
                    code = os.waitstatus_to_exitcode(status)
                    log.error("the process “%s” ended (%d) and is begun again", name, code)
                    self._count(name)
                    self._due[name] = self._begun[name] + _AGAIN_S

    def _stop(self) -> None:
        for pid in self._names:
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _STOPPED_S
        while self._names and time.monotonic() < until:
            time.sleep(_LOOK_S)
            self._bury()
        for pid in self._names:
            _kill_group(pid)
            os.waitpid(pid, 0)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
