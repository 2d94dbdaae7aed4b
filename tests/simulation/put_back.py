"""Closed holes, each put back by hand as a patch."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest

from reprise.adapters.delivery import outbox
from reprise.adapters.drives import flushing, overwrite
from reprise.adapters.drives.firmware import ata_watch, nvme_sanitize, nvme_watch
from reprise.adapters.drives.surface import ending, erased_pattern, opening, record
from reprise.adapters.storage import mirror, store
from reprise.domain.drives import namespaces
from reprise.domain.drives import vanished as vanished_drives
from reprise.domain.drives.capabilities import SanitizeState
from reprise.domain.erasure import verification
from reprise.domain.erasure.lifecycle import DriveState as S
from reprise.domain.planning import options as domain_options
from reprise.domain.planning import planner
from reprise.domain.report import fold, outcome, report_outcome
from reprise.domain.report.events import InventoryTaken, ObservationKind
from reprise.workflow.delivery import submit
from reprise.workflow.erasure import jobs, planning, prepare, recovery, unattended
from reprise.workflow.past import order, sessions
from reprise.workflow.session import state

Patch = pytest.MonkeyPatch


def identity(patch: Patch) -> None:
    """Whoever opens the drive or looks at it afterwards (safety.word_changed, too) is content."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("reprise.adapters", "reprise.domain.planning.safety")) and hasattr(
            module, "another_serial"
        ):
            patch.setattr(module, "another_serial", lambda _planned, _told: False)
    patch.setattr(outcome, "_FOR_GOOD", {})
    patch.setattr(outcome, "_FOR_GOOD_REASONS", frozenset())


def areas(patch: Patch) -> None:
    patch.setattr(outcome, "_areas", lambda _seen: [])
    patch.setattr(overwrite, "zero_other_areas", lambda *_args, **_words: iter(()))


def tail(patch: Patch) -> None:
    patch.setattr(jobs, "hides_tail", lambda _drive, _now: False)


def unasked(patch: Patch) -> None:
    patch.setattr(nvme_sanitize, "_must_purge", lambda _job: False)


def unanswered(patch: Patch) -> None:
    for module in (jobs, planning, prepare):
        patch.setattr(module, "joined", lambda _before, now: now)


def stale(patch: Patch) -> None:
    real = ata_watch.AtaWatch.__init__

    def trusting(self: Any, before: Any, stuck_s: float, now: float, *, earlier: bool) -> None:
        real(self, before, stuck_s, now, earlier=earlier)
        self._trusts_success = earlier or before in (SanitizeState.IDLE, SanitizeState.FAILED)

    fresh = nvme_watch.SanitizeWatch._is_new
    patch.setattr(ata_watch.AtaWatch, "__init__", trusting)
    patch.setattr(
        nvme_watch.SanitizeWatch, "_is_new", lambda self, now: self.earlier or fresh(self, now)
    )


def namespaces_apart(patch: Patch) -> None:
    for module in (planner, ending):
        patch.setattr(module, "beyond", lambda *_args, **_words: ())
    patch.setattr(namespaces, "attachable", lambda _capabilities: False)
    patch.setattr(domain_options, "attachable", lambda _capabilities: False)


def two_truths(patch: Patch) -> None:
    def without(report: Any, **changes: Any) -> Any:
        changes.pop("left_of", None)
        return replace(report, **changes)

    patch.setattr(submit, "replace", without)
    patch.setattr(submit, "left_ids", lambda session, _digest: (session[:-12] + "0" * 12, session))


def key(patch: Patch) -> None:
    for name in ("read", "_read"):
        real = getattr(store.MirroredStore, name)

        def unsure(self: Any, relative: str, *, real: Any = real, **words: Any) -> bytes | None:
            words.pop("sure", None)
            found: bytes | None = real(self, relative, **words)
            return found

        patch.setattr(store.MirroredStore, name, unsure)
    own = mirror.keeps_own

    def unread(*args: Any) -> bool:
        try:
            return own(*args)
        except OSError:
            return False

    for module in (mirror, store):  # the second guard: what cannot be read is not written over
        patch.setattr(module, "keeps_own", unread)


def wiped_again(patch: Patch) -> None:
    patch.setattr(unattended, "_of_the_drives_past", lambda _view: ())


def wall_clock(patch: Patch) -> None:
    def by_clock(sessions: Any) -> Any:
        known = sorted(sessions, key=lambda one: one[1][0].at if one[1] else "")
        place = {session_id: at for at, (session_id, _events) in enumerate(known)}
        before = {session_id: (1 << at) - 1 for session_id, at in place.items()}
        return order.Ordered(tuple(known), place, before)

    for module in (order, recovery, sessions):
        if hasattr(module, "in_order"):
            patch.setattr(module, "in_order", by_clock)


def flush(patch: Patch) -> None:
    def guessed(_self: Any, device: Any, _job: Any) -> opening.Flush:
        device.flush()
        return opening.Flush("fsync")

    patch.setattr(flushing.DriveFlush, "__call__", guessed)


def noise(patch: Patch) -> None:
    patch.setattr(erased_pattern, "is_noise", lambda buffer: len(set(bytes(buffer[:4096]))) > 200)


def registers(patch: Patch) -> None:
    patch.setattr(jobs, "may_hide", lambda _now: False)


def hidden(patch: Patch) -> None:
    patch.setattr(outcome, "_hidden", lambda *_args: [])
    patch.delitem(verification._DOUBTS, ObservationKind.HIDDEN_AREA_LEFT)


def queue(patch: Patch) -> None:
    real = outbox.StoreOutbox._ids

    def queued(self: Any, folder: str, suffix: str) -> list[str]:
        return [] if folder == "reports" else real(self, folder, suffix)

    patch.setattr(outbox.StoreOutbox, "_ids", queued)


def surface(patch: Patch) -> None:
    """Whatever it shows is an erased pattern, and every mark is gone."""
    told = {"pattern": "zeros"}
    patch.setattr(erased_pattern.SurfaceSummary, "erased", lambda _self, **_words: told)
    real = record.Record.observe

    def blind(self: Any, kind: Any, **detail: Any) -> Any:
        survived = kind is ObservationKind.CANARY_SURVIVED
        return real(self, ObservationKind.CANARIES_GONE if survived else kind, **detail)

    patch.setattr(record.Record, "observe", blind)


def vanished(patch: Patch) -> None:
    """The screen forgets a drive that a second look does not find."""
    real = state._inventory

    def forgetting(state: Any, event: Any, at: float) -> Any:
        return real(replace(state, drives=()), event, at)

    patch.setitem(state._APPLY, InventoryTaken, forgetting)


def pc_rule(patch: Patch) -> None:
    """One erased drive makes an erased PC, on all copies."""
    real = outcome.pc_outcome

    def wrong(own: Any, **words: Any) -> outcome.Outcome:
        states = list(own)
        return outcome.Outcome.ERASED if S.SANITIZED in states else real(states, **words)

    for module in (outcome, state, report_outcome):
        patch.setattr(module, "pc_outcome", wrong)


def forgotten(patch: Patch) -> None:
    """What was at the first look and not at the second is forgotten, on all copies."""

    def forgetful(before: Any, now: Any) -> vanished_drives.DriveMatch:
        return replace(vanished_drives.meet(before, now), gone=())

    for module in (fold, state):
        patch.setattr(module, "meet", forgetful)


def twins(patch: Patch) -> None:
    """One of two drives of one identity accounts for both, on all copies."""

    def by_identity(before: Any, now: Any) -> vanished_drives.DriveMatch:
        there = {drive.identity for drive in now}
        met = vanished_drives.meet(before, now)
        left = tuple(at for at in met.gone if before[at].identity not in there)
        return replace(met, gone=left)

    for module in (fold, state):
        patch.setattr(module, "meet", by_identity)


def docked(patch: Patch) -> None:
    """A drive accounts for the earlier one of its identity wherever it hangs, on all copies."""
    patch.setattr(vanished_drives, "hangs_outside", lambda _drive: False)


def silent(patch: Patch) -> None:
    """What was seen and never reached is forgotten where a second look does not tell of it."""
    for module in (fold, state):
        patch.setattr(module, "vanished", lambda *_args: ())
