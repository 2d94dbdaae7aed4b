"""Shows that the simulation can see: holes that were closed are put back by hand, one at a time,
and must be found.

    python -m simulation.holes [NAME …] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reprise.adapters import flushing, outbox, overwrite, store
from reprise.adapters.firmware import ata_watch, nvme_watch
from reprise.adapters.surface import ending, erased, opening, record
from reprise.domain import namespaces, outcome, planner, verification
from reprise.domain import options as domain_options
from reprise.domain.capabilities import SanitizeState
from reprise.domain.events import ObservationKind
from reprise.workflow import (
    jobs,
    order,
    past,
    recovery,
    session_state,
    submit,
    unattended,
)
from simulation.patching import forget
from simulation.play import Played, play
from simulation.run import stage
from simulation.script import Script
from simulation.seeds import script_of
from simulation.shrink import shrink

Patch = pytest.MonkeyPatch


def _identity(patch: Patch) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("reprise.adapters") and hasattr(module, "another_serial"):
            patch.setattr(module, "another_serial", lambda _planned, _told: False)
    patch.setattr(outcome, "_FOR_GOOD", {})
    patch.setattr(outcome, "_FOR_GOOD_REASONS", frozenset())


def _areas(patch: Patch) -> None:
    patch.setattr(outcome, "_areas", lambda _seen: [])
    patch.setattr(overwrite, "zero_other_areas", lambda *_args, **_words: iter(()))


def _tail(patch: Patch) -> None:
    patch.setattr(jobs, "hides_tail", lambda _drive, _now: False)


def _stale(patch: Patch) -> None:
    real = ata_watch.AtaWatch.__init__

    def trusting(self: Any, before: Any, stuck_s: float, now: float, *, earlier: bool) -> None:
        real(self, before, stuck_s, now, earlier=earlier)
        self._trusts_success = earlier or before in (SanitizeState.IDLE, SanitizeState.FAILED)

    fresh = nvme_watch.SanitizeWatch._is_new
    patch.setattr(ata_watch.AtaWatch, "__init__", trusting)
    patch.setattr(
        nvme_watch.SanitizeWatch, "_is_new", lambda self, now: self.earlier or fresh(self, now)
    )


def _namespaces(patch: Patch) -> None:
    for module in (planner, ending):
        patch.setattr(module, "beyond", lambda *_args, **_words: ())
    patch.setattr(namespaces, "attachable", lambda _capabilities: False)
    patch.setattr(domain_options, "attachable", lambda _capabilities: False)


def _two_truths(patch: Patch) -> None:
    def without(report: Any, **changes: Any) -> Any:
        changes.pop("left_of", None)
        return replace(report, **changes)

    patch.setattr(submit, "replace", without)
    patch.setattr(submit, "left_ids", lambda session, _digest: (session[:-12] + "0" * 12, session))


def _key(patch: Patch) -> None:
    for name in ("read", "_read"):
        real = getattr(store.MirroredStore, name)

        def unsure(self: Any, relative: str, *, real: Any = real, **words: Any) -> bytes | None:
            words.pop("sure", None)
            found: bytes | None = real(self, relative, **words)
            return found

        patch.setattr(store.MirroredStore, name, unsure)


def _unattended(patch: Patch) -> None:
    patch.setattr(unattended, "_of_the_drives_past", lambda _view: ())


def _wall_clock(patch: Patch) -> None:
    def by_clock(sessions: Any) -> Any:
        known = sorted(sessions, key=lambda one: one[1][0].at if one[1] else "")
        place = {session_id: at for at, (session_id, _events) in enumerate(known)}
        before = {session_id: (1 << at) - 1 for session_id, at in place.items()}
        return order.Ordered(tuple(known), place, before)

    for module in (order, recovery, past):
        if hasattr(module, "in_order"):
            patch.setattr(module, "in_order", by_clock)


def _flush(patch: Patch) -> None:
    def guessed(_self: Any, device: Any, _job: Any) -> opening.Flush:
        device.flush()
        return opening.Flush("fsync")

    patch.setattr(flushing.DriveFlush, "__call__", guessed)


def _noise(patch: Patch) -> None:
    patch.setattr(erased, "is_noise", lambda buffer: len(set(bytes(buffer[:4096]))) > 200)


def _registers(patch: Patch) -> None:
    patch.setattr(jobs, "may_hide", lambda _now: False)


def _hidden(patch: Patch) -> None:
    patch.setattr(outcome, "_hidden", lambda *_args: [])
    patch.delitem(verification._DOUBTS, ObservationKind.HIDDEN_AREA_LEFT)


def _queue(patch: Patch) -> None:
    real = outbox.StoreOutbox._ids

    def queued(self: Any, folder: str, suffix: str) -> list[str]:
        return [] if folder == "reports" else real(self, folder, suffix)

    patch.setattr(outbox.StoreOutbox, "_ids", queued)


def _surface(patch: Patch) -> None:
    """Whatever it shows is an erased pattern, and every mark is gone."""
    told = {"pattern": "zeros"}
    patch.setattr(erased.Seen, "erased", lambda _self, **_words: told)
    real = record.Record.observe

    def blind(self: Any, kind: Any, **detail: Any) -> Any:
        survived = kind is ObservationKind.CANARY_SURVIVED
        return real(self, ObservationKind.CANARIES_GONE if survived else kind, **detail)

    patch.setattr(record.Record, "observe", blind)


def _vanished(patch: Patch) -> None:
    """The screen forgets a drive that a second look does not find."""
    real = session_state._inventory

    def forgetting(state: Any, event: Any, at: float) -> Any:
        return real(replace(state, drives=()), event, at)

    patch.setitem(session_state._APPLY, _event("InventoryTaken"), forgetting)


def _event(name: str) -> type:
    from reprise.domain import events

    found: type = getattr(events, name)
    return found


@dataclass(frozen=True)
class Hole:
    """`row`: of the table in issue 14; "": another one."""

    row: str
    words: str
    put_back: Callable[[Patch], None]


HOLES = {
    "identity": Hole("1", "an identity that changed does not end the drive", _identity),
    "areas": Hole("2", "what an eMMC's boot areas kept is forgotten", _areas),
    "tail": Hole("3", "what the adapter hides at the end is not counted", _tail),
    "stale": Hole("4", "an old success is taken for ours", _stale),
    "namespaces": Hole("8", "detached namespaces and unallocated capacity count not", _namespaces),
    "vanished": Hole("10", "the screen forgets a drive that was unplugged", _vanished),
    "two-truths": Hole("11", "a cut-off journal's report contradicts the session's", _two_truths),
    "key": Hole("12", "a key that cannot be read is replaced", _key),
    "unattended": Hole("13", "unattended, a drive with its new system is wiped", _unattended),
    "wall-clock": Hole("14", "sessions in the order of the wall clock", _wall_clock),
    "flush": Hole("15", "the kernel's guess on the write cache is believed", _flush),
    "noise": Hole("17", "noise is told by a look at its first 4 KiB", _noise),
    "registers": Hole("18", "hidden areas that cannot be asked for are none", _registers),
    "hidden": Hole("1-3", "a hidden area that was left is forgotten", _hidden),
    "queue": Hole("", "a kept report without its place in the queue waits for ever", _queue),
    "surface": Hole("", "surviving marks and foreign data are ignored", _surface),
}


def find(name: str, first: int, seconds: float) -> tuple[Played | None, int, float]:
    """What was found with this hole put back, after how many sessions, in how many seconds."""
    began, sessions, seed = time.monotonic(), 0, first
    with stage() as folder, pytest.MonkeyPatch.context() as patch:
        HOLES[name].put_back(patch)
        while time.monotonic() - began < seconds:
            played = play(script_of(seed), folder)
            forget()
            sessions += played.sessions
            if played.rule:
                return played, sessions, time.monotonic() - began
            seed += 1
    return None, sessions, time.monotonic() - began


def shorter(name: str, script: Script, rule: str, seconds: float) -> Played:
    with stage() as folder, pytest.MonkeyPatch.context() as patch:
        HOLES[name].put_back(patch)

        def fails(candidate: Script) -> bool:
            found = play(candidate, folder)
            forget()
            return found.rule == rule

        return play(shrink(script, fails, seconds), folder)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="simulation.holes")
    parser.add_argument("names", nargs="*", default=sorted(HOLES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args(argv)
    missed = 0
    for name in args.names:
        with multiprocessing.Pool(1) as pool:
            found, sessions, took_s = pool.apply(find, (name, args.seed, args.seconds))
        hole = HOLES[name]
        if found is None:
            missed += 1
            print(f"| {hole.row} | {hole.words} | NOT FOUND in {sessions} sessions |", flush=True)
            continue
        told = f"{found.text.splitlines()[0]:.110}"
        print(
            f"| {hole.row} | {hole.words} | seed {found.script.seed}, {sessions} sessions,"
            f" {took_s:.0f} s: {told} |",
            flush=True,
        )
        if args.keep is not None:
            with multiprocessing.Pool(1) as pool:
                short = pool.apply(shorter, (name, found.script, found.rule, 60.0))
            (args.keep / f"{name}.json").write_text(short.script.to_json() + "\n", "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
