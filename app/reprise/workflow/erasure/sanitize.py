"""Run confirmed plans: one drive's attempts in order, the drives side by side.

A fallback is taken because the plan lists it, never because something was caught. What a drive
does is an event; only what should never happen is an exception, and it does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import RLock

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.pattern import Stream
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals_at_write
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import (
    AttemptFinished,
    AttemptStarted,
    Checkpoint,
    DriveInterrupted,
    DriveRefused,
    Observation,
    Stamped,
    Update,
)
from reprise.domain.report.fold_drive import DriveFold
from reprise.domain.report.outcome import DriveResult, ends
from reprise.errors import InputError, RepriseError
from reprise.ports import (
    DriveProbe,
    Emit,
    Job,
    Journal,
    Preparer,
    Sanitizer,
    StopFlag,
    Suspender,
)
from reprise.workflow.erasure.jobs import EraseOrder, Jobs
from reprise.workflow.erasure.prepare import Preparing, thaw


@dataclass(frozen=True, slots=True)
class EraseServices:
    """What erasing needs from the world."""

    probe: DriveProbe
    sanitizers: Mapping[Technique, Sanitizer]
    journal: Journal
    policy: Policy
    stream: Callable[[], Stream]  # which one this PC makes fastest
    preparer: Preparer | None = None
    suspender: Suspender | None = None


class _Voice:
    """An event is on the medium before anybody hears of it; one drive speaks at a time."""

    def __init__(self, journal: Journal, emit: Emit) -> None:
        self._journal, self._emit = journal, emit
        self._lock = RLock()

    def say(self, item: Update) -> None:
        if not isinstance(item, Progress):
            with self._lock:
                self._journal.append(item)
        self._emit(item)


def erase_all(
    orders: Sequence[EraseOrder], services: EraseServices, stop: StopFlag, emit: Emit
) -> tuple[DriveResult, ...]:
    """Erase all drives side by side; blocks until each has come to its end.

    What each came to, in the order of `orders`. Raises ValueError where a drive is named twice. An
    unexpected error of one drive is raised (several: as an ExceptionGroup, or the first where
    all are RepriseError) after the others have ended.
    """
    keys = [order.drive.identity.key for order in orders]
    nodes = [order.drive.node for order in orders]
    if len(set(keys)) != len(keys) or len(set(nodes)) != len(nodes):
        raise ValueError("a drive is to be erased twice")
    if not orders:
        return ()
    voice = _Voice(services.journal, emit)
    thaw(
        [(order.drive.identity.key, order.plan) for order in orders],
        services.probe,
        services.suspender,
        voice.say,
    )
    with ThreadPoolExecutor(len(orders), thread_name_prefix="erase") as pool:
        running = [pool.submit(_Erasure(order, services, stop, voice).run) for order in orders]
    errors = [error for future in running if (error := future.exception()) is not None]
    if len(errors) == 1 or (errors and all(isinstance(e, RepriseError) for e in errors)):
        raise errors[0]  # the journal takes no more: each drive met the same wall
    if errors:
        raise BaseExceptionGroup("several drives ended with an unexpected error", errors)
    return tuple(future.result() for future in running)


class _Erasure:
    def __init__(
        self, order: EraseOrder, services: EraseServices, stop: StopFlag, voice: _Voice
    ) -> None:
        self._order, self._services, self._stop, self._voice = order, services, stop, voice
        self._drive = order.drive
        self._key = order.drive.identity.key
        self._fold = DriveFold(order.drive.identity, order.drive.node).planned(order.plan)

    def _say(self, item: Update) -> None:
        """What is said of the drive is also what its end is decided by."""
        self._voice.say(item)
        if not isinstance(item, Progress):
            self._fold = self._fold.after(Stamped(0, "", 0.0, item))

    def run(self) -> DriveResult:
        refused = self._refusals()
        if refused:
            self._say(DriveRefused(self._key, refused))
            return self._fold.result
        prepared = Preparing(
            self._key,
            self._services.probe,
            self._services.preparer,
            self._services.policy,
            self._say,
        ).run(self._drive, self._order.plan, self._stop, named=self._order.named)
        if prepared is None:
            return self._fold.result
        self._drive = prepared.drive
        result = DriveResult(DriveState.INTERRUPTED, reasons=("operator",))
        ask = self._services
        jobs = Jobs(
            self._order, ask.probe, ask.policy, ask.stream, tried=lambda: self._fold.attempts
        )
        for job in jobs.of(self._drive, hidden_left=prepared.hidden_left):
            if self._stop.is_set():
                break
            self._attempt(job)
            result = self._fold.result
            if ends(result):
                break
        return result

    def _refusals(self) -> tuple[Refusal, ...]:
        """The look before the first attempt; the sanitizer looks again with the drive claimed."""
        if self._order.plan.refused:
            return self._order.plan.refusals or (Refusal(RefusalCode.TECHNIQUE_UNSUPPORTED),)
        if self._order.plan.drive != self._drive.identity:
            return (Refusal(RefusalCode.IDENTITY_CHANGED, "plan"),)
        try:
            seen = self._services.probe.probe_drive(self._drive.node)
        except InputError:
            return (Refusal(RefusalCode.IDENTITY_CHANGED, self._drive.node),)
        return refusals_at_write(self._drive, seen, self._services.policy, named=self._order.named)

    def _attempt(self, job: Job) -> None:
        self._say(
            AttemptStarted(
                drive=self._key,
                identity=self._drive.identity,
                node=self._drive.node,
                attempt=job.attempt,
                job_id=job.job_id,
                job_key=job.job_key.hex(),
                resumed_from_bytes=job.resume_from_bytes,
                earlier=() if self._fold.attempts else self._earlier(),
                stream=job.stream,
            )
        )
        safe_bytes = job.resume_from_bytes
        ended = False
        try:
            for item in self._services.sanitizers[job.attempt.technique].run(job, self._stop):
                self._say(item)
                if isinstance(item, Checkpoint):
                    safe_bytes = item.done_bytes
                ended = ended or isinstance(item, AttemptFinished | DriveInterrupted)
            if not ended:
                raise RuntimeError("an attempt ended without a word")
        except BaseException as error:
            if not ended:
                self._tell_of_crash(job, safe_bytes, error)
            raise

    def _earlier(self) -> tuple[Observation, ...]:
        return tuple(replace(observation, drive=self._key) for observation in self._order.earlier)

    def _tell_of_crash(self, job: Job, safe_bytes: int, error: BaseException) -> None:
        try:
            self._say(DriveInterrupted(self._key, job.job_id, "crash", safe_bytes))
        except Exception as second:
            # without an end in the journal, its reader takes the attempt as interrupted
            error.add_note(f"and it could not be journalled: {second}")
            raise error from second
