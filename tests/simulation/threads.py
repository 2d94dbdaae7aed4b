"""What Python's own threading, queue, time and concurrent.futures are, on the baton."""

from __future__ import annotations

import queue as real_queue
import threading as real_threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any

from simulation.baton import Task, baton


class Lock:
    """Also a re-entrant one (`again`)."""

    again = False

    def __init__(self) -> None:
        self._holder: Task | None = None
        self._held = False
        self._depth = 0
        self._waiters: list[Task] = []

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        turn = baton()
        turn.pause()
        if self._held and self.again and self._holder is turn.current:
            self._depth += 1
            return True
        until = None if timeout < 0 else turn.now_s + timeout
        while self._held:
            if not blocking or turn.current is None:
                return False
            left = None if until is None else until - turn.now_s
            if not turn.wait(self._waiters, left) and left is not None:
                return False
        self._held, self._holder, self._depth = True, turn.current, 1
        return True

    def release(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._held, self._holder = False, None
            baton().wake_one(self._waiters)

    def locked(self) -> bool:
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_exc: object) -> None:
        self.release()


class RLock(Lock):
    again = True


class NoLock:
    """For the models of drives, which never give the baton away in the middle of a change."""

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_exc: object) -> None:
        return


class Semaphore:
    def __init__(self, value: int = 1) -> None:
        self._value = value
        self._waiters: list[Task] = []

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        turn = baton()
        turn.pause()
        while self._value <= 0:
            if not blocking:
                return False
            if not turn.wait(self._waiters, timeout) and timeout is not None:
                return False
        self._value -= 1
        return True

    def release(self, n: int = 1) -> None:
        self._value += n
        for _each in range(n):
            baton().wake_one(self._waiters)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_exc: object) -> None:
        self.release()


class Event:
    def __init__(self) -> None:
        self._set = False
        self._waiters: list[Task] = []

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True
        baton().wake_all(self._waiters)

    def clear(self) -> None:
        self._set = False

    def wait(self, timeout: float | None = None) -> bool:
        if self._set:
            baton().pause()
        else:
            baton().wait(self._waiters, timeout)
        return self._set


class Thread:
    def __init__(
        self,
        group: None = None,
        target: Callable[..., object] | None = None,
        name: str | None = None,
        args: Iterable[Any] = (),
        kwargs: dict[str, Any] | None = None,
        *,
        daemon: bool | None = None,
    ) -> None:
        self._target, self._args, self._kwargs = target, tuple(args), kwargs or {}
        self.name, self.daemon = name or "thread", daemon
        self._task: Task | None = None

    def start(self) -> None:
        self._task = baton().spawn(self._to_its_end, self.name)

    def _to_its_end(self) -> None:
        try:
            self.run()
        except Exception as error:
            baton().unhandled.append((self.name, error))
            raise

    def run(self) -> None:
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def join(self, timeout: float | None = None) -> None:
        if self._task is not None:
            baton().join(self._task, timeout)

    def is_alive(self) -> bool:
        return self._task is not None and not self._task.done


class Timer(Thread):
    def __init__(self, interval: float, function: Callable[..., object], args: Any = ()) -> None:
        super().__init__(target=function, args=args, name="timer")
        self._interval = interval

    def run(self) -> None:
        baton().sleep(self._interval)
        super().run()


class SimpleQueue:
    def __init__(self) -> None:
        self._items: list[Any] = []
        self._waiters: list[Task] = []

    @classmethod
    def __class_getitem__(cls, _item: object) -> type[SimpleQueue]:
        return cls

    def put(self, item: object, block: bool = True, timeout: float | None = None) -> None:
        baton().check()
        self._items.append(item)
        baton().wake_one(self._waiters)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        turn = baton()
        until = None if timeout is None else turn.now_s + timeout
        while not self._items:
            if not block:
                raise real_queue.Empty
            left = None if until is None else max(0.0, until - turn.now_s)
            if not turn.wait(self._waiters, left) and left is not None and not self._items:
                raise real_queue.Empty
        return self._items.pop(0)

    def get_nowait(self) -> Any:
        return self.get(block=False)

    def empty(self) -> bool:
        return not self._items


class Future:
    def __init__(self, task: Task) -> None:
        self._task = task

    def exception(self, timeout: float | None = None) -> BaseException | None:
        baton().join(self._task, timeout)
        return self._task.error

    def result(self, timeout: float | None = None) -> Any:
        error = self.exception(timeout)
        if error is not None:
            raise error
        return self._task.result


class ThreadPoolExecutor:
    """As many threads as there is work."""

    def __init__(self, max_workers: int | None = None, thread_name_prefix: str = "") -> None:
        self._prefix = thread_name_prefix or "pool"
        self._futures: list[Future] = []

    def submit(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> Future:
        name = f"{self._prefix}-{len(self._futures)}"
        future = Future(baton().spawn(lambda: function(*args, **kwargs), name))
        self._futures.append(future)
        return future

    def map(self, function: Callable[..., Any], *lists: Iterable[Any]) -> Iterator[Any]:
        made = [self.submit(function, *args) for args in zip(*lists, strict=False)]
        return (future.result() for future in made)

    def __enter__(self) -> ThreadPoolExecutor:
        return self

    def __exit__(
        self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for future in self._futures:
            future.exception()


class _Over:
    """A module with some names of our own."""

    def __init__(self, module: Any, **ours: Any) -> None:
        self._module = module
        self.__dict__.update(ours)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def over(module: Any, **ours: Any) -> Any:
    return _Over(module, **ours)


THREADING = over(
    real_threading,
    Lock=Lock,
    RLock=RLock,
    Semaphore=Semaphore,
    BoundedSemaphore=Semaphore,
    Event=Event,
    Thread=Thread,
    Timer=Timer,
)
OF_MODELS = over(real_threading, Lock=NoLock, RLock=NoLock, Event=Event, Thread=Thread, Timer=Timer)
QUEUE = over(real_queue, SimpleQueue=SimpleQueue)
