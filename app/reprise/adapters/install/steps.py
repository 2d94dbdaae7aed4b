"""What all parts of the installer share: one way to fail, one way to run a tool, one meter."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from reprise.adapters.install.packed import PipingRunner
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import InstallFailure
from reprise.ports import CommandResult, CommandRunner, StopFlag

_DETAIL_CHARS = 300


class InstallProblem(Exception):  # noqa: N818 - it ends as an event, not as an error for people
    """The install cannot go on. `detail` is InstallFinished.detail."""

    def __init__(self, code: InstallFailure, data: str = "") -> None:
        self.code, self.data = code, data
        self.detail = f"{code}: {data}" if data else code.value
        super().__init__(self.detail)


@contextmanager
def reading_image() -> Iterator[None]:
    """An OSError while the image's file is read is the stick's: never to be told as the drive's."""
    try:
        yield
    except OSError as error:
        raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, str(error)) from error


class WatchingRunner(CommandRunner, PipingRunner, Protocol):
    """A CommandRunner that can also be watched at work, and be a filter (see
    SystemCommandRunner.watch, piped)."""

    def watch(
        self, argv: Sequence[str], timeout_s: float
    ) -> Generator[None, None, CommandResult]: ...


class ToolRunner:
    """Runs tools that must succeed."""

    def __init__(self, runner: WatchingRunner, stop: StopFlag) -> None:
        self.runner = runner
        self._stop = stop

    def check_stop(self) -> None:
        if self._stop.is_set():
            raise InstallProblem(InstallFailure.STOPPED)

    def must(
        self, argv: Sequence[str], *, timeout_s: float = 120.0, stdin: bytes | None = None
    ) -> CommandResult:
        """Raises InstallProblem where the tool does not end with 0, or the operator stopped."""
        self.check_stop()
        return succeeded(self.runner.run(argv, timeout_s=timeout_s, stdin=stdin))

    def must_watched(self, argv: Sequence[str], *, timeout_s: float) -> Iterator[None]:
        """As `must`, yielding while the tool runs; a stop ends it within a second."""
        succeeded((yield from self.watched(argv, timeout_s=timeout_s)))

    def watched(
        self, argv: Sequence[str], *, timeout_s: float
    ) -> Generator[None, None, CommandResult]:
        """The same for a tool that may end as it likes. Raises InstallProblem for a stop only."""
        work = self.runner.watch(argv, timeout_s)
        try:
            while True:
                self.check_stop()
                try:
                    next(work)
                except StopIteration as end:
                    result: CommandResult = end.value
                    return result
                yield
        finally:
            work.close()

    def attempt(self, argv: Sequence[str], *, timeout_s: float = 60.0) -> CommandResult:
        """For cleaning up: runs although the operator stopped, and never raises for a failure."""
        return self.runner.run(argv, timeout_s=timeout_s)


def succeeded(result: CommandResult) -> CommandResult:
    """Raises InstallProblem where the tool did not end with 0."""
    if result.exit_code == 0 and not result.timed_out:
        return result
    words = result.stderr.decode("utf-8", "replace").split() or result.text.split()
    how = "timed out" if result.timed_out else f"exit {result.exit_code}"
    said = " ".join(words)[-_DETAIL_CHARS:]
    raise InstallProblem(InstallFailure.TOOL_FAILED, f"{_name(result.argv)} {how}: {said}")


def _name(argv: Sequence[str]) -> str:
    """The tool, also behind `chroot DIR env -i NAME=value …`."""
    words = list(argv)
    if words[0] == "chroot":
        words = [
            word for word in words[2:] if "=" not in word and word not in ("/usr/bin/env", "-i")
        ]
    return words[0]


class InstallMeter:
    """Turns bytes done into Progress. The unpacked bytes stand for the work as a whole: digest
    and file systems count as what they take beside them on a PC of ten years."""

    def __init__(self, drive: str, total_bytes: int) -> None:
        self._drive = drive
        self._total = max(1, total_bytes)
        self._done = 0
        self._base = 0
        self._started = time.monotonic()

    def within(self, done_bytes: int) -> Progress:
        """`done_bytes` of the part now at work."""
        self._done = max(self._done, min(self._total, self._base + done_bytes))
        return self._progress()

    def part_done(self, part_bytes: int) -> Progress:
        self._base = min(self._total, self._base + part_bytes)
        self._done = max(self._done, self._base)
        return self._progress()

    def _progress(self) -> Progress:
        elapsed = time.monotonic() - self._started
        rate = self._done / elapsed if elapsed > 0 else 0.0
        left = (self._total - self._done) / rate if rate > 0 and elapsed > 1 else None
        return Progress(self._drive, "install", self._done, self._total, rate, left)
