"""Threads that take turns. One holds the baton and runs; where it would wait (or where the seed has
it so) it gives the baton back, and the seed passes it on. Time passes only where nobody can run.

A thread here is a greenlet: it has a stack of its own, and is never interrupted but where it asks.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from greenlet import greenlet


class PowerOff(BaseException):
    """The machine under this thread has no power any more."""


class Host:
    """What threads belong to: a PC from one start to its end. Dead, nothing of it runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False


class Task:
    """One thread. `owner`: whose power it runs on; None: the people's."""

    def __init__(self, baton: Baton, run: Callable[[], object], name: str, owner: Any) -> None:
        self.name, self.owner, self._run = name, owner, run
        self.token = 0  # of its newest wait
        self.waiting = self.woken = self.done = False
        self.error: BaseException | None = None
        self.result: object = None
        self.waiters: list[Task] = []  # who joins it
        self.greenlet = greenlet(self._body, parent=baton.hub)
        self._baton = baton

    def _body(self) -> None:
        try:
            if not self.killed:
                self.result = self._run()
        except PowerOff:  # without its frames: what they hold must go now, not when the seed is on
            self.error = PowerOff()
        except BaseException as error:  # noqa: BLE001 - told to whoever started it
            self.error = error
        self.done = True
        for waiter in self.waiters:
            self._baton.wake(waiter)

    @property
    def killed(self) -> bool:
        return self.owner is not None and self.owner.dead


class Baton:
    """`eager`: how often a thread that need not wait lets others go first, 0 to 1."""

    def __init__(self, seed: int, eager: float = 0.25) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.now_s = 0.0
        self.eager = eager
        self.over = False  # the world is no more: whoever still asks finds no power
        self.hub = greenlet.getcurrent()
        self.current: Task | None = None
        self.steps = 0
        self.tasks: list[Task] = []
        self.counts: Counter[str] = Counter()  # of what happened, by name
        self.unhandled: list[tuple[str, Exception]] = []  # what ended a thread by surprise
        self._ready: list[Task] = []
        self._timers: list[tuple[float, int, int, Task]] = []
        self._serial = 0

    # what threads ask

    def spawn(self, run: Callable[[], object], name: str, owner: Any = None) -> Task:
        """`owner` None: that of whoever asks."""
        if owner is None and self.current is not None:
            owner = self.current.owner
        task = Task(self, run, name, owner)
        self.tasks.append(task)
        self._ready.append(task)
        return task

    def check(self) -> None:
        """Raises PowerOff where the caller's machine is dead."""
        task = self.current
        if self.over:
            raise PowerOff
        if task is not None and task.owner is not None and task.owner.dead:
            raise PowerOff

    def pause(self) -> None:
        """A place where the baton may go to somebody else."""
        self.check()
        task = self.current
        if task is not None and self._ready and self.random.random() < self.eager:
            self._ready.append(task)
            self._away(task)

    def wait(self, waiters: list[Task] | None, timeout_s: float | None) -> bool:
        """False where the time was over before anybody called."""
        self.check()
        task = self.current
        if task is None:
            raise RuntimeError("only a thread can wait")
        task.token += 1
        task.waiting, task.woken = True, False
        if waiters is not None:
            waiters.append(task)
        if timeout_s is not None:
            self._serial += 1
            timer = (self.now_s + max(0.0, timeout_s), self._serial, task.token, task)
            heapq.heappush(self._timers, timer)
        self._away(task)
        if not task.woken and waiters is not None and task in waiters:
            waiters.remove(task)
        return task.woken

    def sleep(self, seconds: float) -> None:
        self.wait(None, seconds)

    def wake(self, task: Task) -> None:
        if task.waiting and not self.over:
            task.waiting, task.woken = False, True
            self._ready.append(task)

    def wake_one(self, waiters: list[Task]) -> None:
        """Whom the seed likes."""
        if waiters:
            self.wake(waiters.pop(self.random.randrange(len(waiters))))

    def wake_all(self, waiters: list[Task]) -> None:
        while waiters:
            self.wake(waiters.pop(0))

    def join(self, task: Task, timeout_s: float | None = None) -> None:
        if not task.done:
            self.wait(task.waiters, timeout_s)

    def _away(self, task: Task) -> None:
        self.hub.switch()
        if task.owner is not None and task.owner.dead:
            raise PowerOff

    # what the world does

    def run(self, until: Callable[[], bool], limit_s: float) -> bool:
        """Let them run until that is so; False where the time came first, or where all wait for
        ever. Called by nobody but the world itself."""
        end = self.now_s + limit_s
        while not until():
            if not self._ready and not self._advance(end):
                self.now_s = max(self.now_s, end)  # time passes where nobody does anything
                return until()
            self.step()
        return True

    def step(self) -> None:
        ready = self._ready
        at = self.random.randrange(len(ready)) if len(ready) > 1 else 0
        task = ready.pop(at)
        if task.done:
            return
        self.steps += 1
        self.current = task
        try:
            task.greenlet.switch()
        finally:
            self.current = None
        if task.done:
            self.tasks.remove(task)

    def _advance(self, end: float) -> bool:
        """To the next moment at which somebody goes on; False where that is after `end`."""
        while self._timers:
            at, _serial, token, task = self._timers[0]
            if task.done or not task.waiting or task.token != token:
                heapq.heappop(self._timers)
                continue
            if at > end:
                return False
            heapq.heappop(self._timers)
            self.now_s = max(self.now_s, at)
            task.waiting = False
            self._ready.append(task)
            return True
        return False

    def kill(self, owner: Host) -> None:
        """The power of `owner` goes: each of its threads ends where it stands."""
        owner.dead = True
        for task in [one for one in self.tasks if one.owner is owner and one is not self.current]:
            self._end(task)

    def _end(self, task: Task) -> None:
        before, self.current = self.current, task
        for _again in range(50):  # whatever it does on its way out finds no power
            if task.done:
                break
            if not task.greenlet:  # never begun
                task.done = True
                break
            hub, task.greenlet.parent = self.hub, greenlet.getcurrent()
            self.hub = greenlet.getcurrent()
            try:
                task.greenlet.throw(PowerOff)
            finally:
                self.hub = hub
        self.current = before
        if not task.done:
            raise AssertionError(f"{task.name} does not end without power")
        if task in self.tasks:
            self.tasks.remove(task)
        if task in self._ready:
            self._ready.remove(task)


THE: list[Baton] = []  # the one of the world that is being simulated


def baton() -> Baton:
    return THE[-1]
