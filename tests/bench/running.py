"""One run of a program, or of several side by side: what it took."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.processors import ALL, Processor


@dataclass(frozen=True)
class Cost:
    """Of one run. Seconds by the clock and of the processor, peak resident MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    def and_then(self, other: Cost) -> Cost:
        return Cost(
            self.wall_s + other.wall_s,
            self.cpu_s + other.cpu_s,
            max(self.peak_mib, other.peak_mib),
        )


@dataclass(frozen=True)
class Under:
    """What a program runs under. `before` runs in the child before the program (to enter a
    cgroup)."""

    processor: Processor = ALL
    before: Callable[[], None] | None = None


_PLAIN = Under()
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


def run(argv: Sequence[str], under: Under = _PLAIN) -> Cost:
    return run_and_read(argv, under)[0]


def run_and_read(argv: Sequence[str], under: Under = _PLAIN) -> tuple[Cost, str]:
    """With what the program wrote. Raises SystemExit where it failed."""
    began = time.monotonic()
    with _started(argv, under) as process:
        return _ended(process, argv[0], began)


def together(argvs: Sequence[Sequence[str]], under: Under = _PLAIN) -> Cost:
    """All at once, until the last has ended."""
    began = time.monotonic()
    with ExitStack() as stack:
        processes = [stack.enter_context(_started(argv, under)) for argv in argvs]
        costs = [
            _ended(process, argv[0], began)[0]
            for process, argv in zip(processes, argvs, strict=True)
        ]
    return Cost(
        max(one.wall_s for one in costs),
        sum(one.cpu_s for one in costs),
        max(one.peak_mib for one in costs),
    )


@contextmanager
def _started(argv: Sequence[str], under: Under) -> Iterator[subprocess.Popen[str]]:
    """Killed where this bench is interrupted: its device and its cgroup must become free. While it
    starts no signal comes through, or nobody would know of it."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)

    def in_the_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if under.before is not None:
            under.before()

    try:
        process = subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **under.processor.variables},
            preexec_fn=in_the_child,  # noqa: PLW1509 - this process has one thread
        )
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        raise
    assert process.stdout is not None
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with process.stdout:
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()


def _ended(process: subprocess.Popen[str], name: str, began: float) -> tuple[Cost, str]:
    assert process.stdout is not None
    told = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} failed: {told[-500:]}")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Cost(time.monotonic() - began, cpu_s, usage.ru_maxrss / 1024), told
