"""`reprise erase` in a shell of a PC, beside whatever its station does: the real command, with its
exit code."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from reprise.cli import secrets
from reprise.cli.commands import erase
from reprise.errors import RepriseError
from simulation import threads
from simulation.baton import Task, baton

if TYPE_CHECKING:
    from simulation.drives import SimDrive
    from simulation.kernel import Node
    from simulation.pc import Pc

PSID = "REPRISELAB0123456789ABCDEFGHJKLM"  # of every drive that has one


class _Quiet:
    """cli.ticker.Ticker without a terminal."""

    def __enter__(self) -> _Quiet:
        return self

    def __exit__(self, *_exc: object) -> None:
        return

    def take(self, _item: object) -> None:
        return


@contextmanager
def _never_stopped() -> Iterator[threads.Event]:
    yield threads.Event()


def put_in_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(erase, "Ticker", _Quiet)
    patch.setattr(erase, "stop_signals", _never_stopped)
    patch.setattr(erase, "os", threads.over(os, geteuid=lambda: 0))
    patch.setattr(erase, "print", lambda *_words, **_how: None, raising=False)
    patch.setattr(secrets, "_typed", lambda: PSID)
    real = erase._erase

    def kept(*args: Any) -> Any:
        outcome, report_id, late = real(*args)
        baton().current.result = report_id  # type: ignore[union-attr]
        return outcome, report_id, late

    patch.setattr(erase, "_erase", kept)


def _parsed(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    parser.add_argument("--data")
    erase.register(parser.add_subparsers())
    return parser.parse_args(["erase", *words])


class Command:
    """One run. `code` None: it did not come to its end; `report_id` "": it made no report."""

    def __init__(self, pc: Pc, node: Node, words: list[str]) -> None:
        assert pc.boot is not None
        self.pc, self.drive, self.unit, self.boot = pc, node.drive, node.unit.name, pc.boot
        self.code: int | None = None
        self.report_id = ""
        args = _parsed(["--drive", node.path, *words])
        self._process = pc.boot.process("reprise erase")
        self.task: Task = baton().spawn(lambda: self._run(args), "command", self._process)

    def met(self) -> tuple[SimDrive, ...]:
        """The drives that were in the PC when it looked, or at its last look before the report."""
        late = (drive for drive, _then in self._process.late.values())
        return (*(self._process.looks[0] if self._process.looks else ()), *late)

    def _run(self, args: argparse.Namespace) -> None:
        try:
            self.code = erase.run(args)
        except RepriseError as error:
            self.code = error.exit_code
        finally:
            task = baton().current
            self.report_id = str(task.result or "") if task is not None else ""
