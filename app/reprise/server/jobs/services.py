"""Asking for a job, and who does it. All moments are the database's: hosts' clocks differ."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Now

from reprise.server.database import asking, writing
from reprise.server.jobs import models

log = logging.getLogger("reprise.server")
MOST_ATTEMPTS = 3
LEASE_S = 20.0
_AGAIN_S, _AGAIN_STORE_S = 30, 10  # after an attempt that failed
_FORGOTTEN = timedelta(days=1)  # after which one that was given up may be tried anew
Arguments = Mapping[str, Any]


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    GIVEN_UP = "given up"


class Trouble(StrEnum):
    """Of the last attempt."""

    NONE = ""
    STORE = "store"  # where the result is kept is away or full: it is not the job's fault
    FAILED = "failed"
    LATE = "late"  # it took too long, and was ended
    LOST = "lost"  # who did it is gone


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a job is that is not done."""

    state: State
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Job:
    """One that this process does. `holder`: its hold on it, which another may have by now."""

    kind: str
    name: str
    whose: int
    arguments: Arguments
    attempts: int  # this one included
    holder: str


def standing(kind: str, name: str) -> Standing | None:
    """None: nobody asked for it, or it is done."""
    with asking():
        row = _of(kind, name).values_list("state", "trouble").first()
    return None if row is None else Standing(State(row[0]), Trouble(row[1]))


def count_waiting(kind: str, whose: int) -> int:
    with asking():
        theirs = models.Job.objects.filter(kind=kind, whose=whose)
        return theirs.exclude(state=State.GIVEN_UP.value).count()


def ask(kind: str, name: str, whose: int, maker: str, arguments: Arguments) -> None:
    """Once a name: where it is asked for already nothing changes. In the caller's transaction.
    `whose`: the organisation that waits for it."""
    job = models.Job(
        kind=kind,
        name=name,
        whose=whose,
        maker=maker,
        arguments=dict(arguments),
        state=State.WAITING.value,
        asked_at=Now(),
        due_at=Now(),
    )
    models.Job.objects.bulk_create([job], ignore_conflicts=True)


def done(kind: str, name: str) -> None:
    """Nobody needs it any more. In the caller's transaction."""
    _of(kind, name).delete()


def take(makers: Mapping[str, str], served: int) -> Job | None:
    """A job of those kinds, for those makers, which is ours until its lease ends. Organisations
    take turns, by their numbers: `served` is whose job was the last. Of each comes what waits
    longest; new ones before those that failed, so that a long one is in nobody's way twice. Raises
    StorageError."""
    due = _due(makers)
    with asking():
        if not due.exists():  # a write for nothing would keep others waiting
            return None
    with writing():
        _give_up_lost(due)
        free = due.select_for_update(skip_locked=True).annotate(
            after=Case(When(whose__gt=served, then=0), default=1)
        )
        row = free.order_by("after", "whose", "attempts", "due_at", "pk").first()
        if row is None:
            return None
        holder = secrets.token_hex(16)
        models.Job.objects.filter(pk=row.pk).update(
            state=State.TAKEN.value,
            attempts=row.attempts + 1,
            holder=holder,
            due_at=Now() + timedelta(seconds=LEASE_S),
        )
    return Job(row.kind, row.name, row.whose, row.arguments, row.attempts + 1, holder)


def _due(makers: Mapping[str, str]) -> QuerySet[models.Job]:
    ours = Q(pk__in=())
    for kind, maker in makers.items():
        ours |= Q(kind=kind, maker=maker)
    return models.Job.objects.filter(ours, due_at__lte=Now()).exclude(state=State.GIVEN_UP.value)


def _give_up_lost(due: QuerySet[models.Job]) -> None:
    """Whoever did them was killed each time: by them, as it seems."""
    lost = due.filter(attempts__gte=MOST_ATTEMPTS)
    if lost.update(state=State.GIVEN_UP.value, trouble=Trouble.LOST.value, holder=""):
        log.error("a job was given up: whoever did it was killed %d times", MOST_ATTEMPTS)


def hold_on(job: Job) -> None:
    """Its lease begins anew."""
    with writing():
        _held(job).update(due_at=Now() + timedelta(seconds=LEASE_S))


def give_back(job: Job) -> None:
    """As if it had not been taken: this process ends."""
    with writing():
        _held(job).update(
            state=State.WAITING.value, attempts=F("attempts") - 1, holder="", due_at=Now()
        )


def put_off(job: Job, trouble: Trouble) -> bool:
    """After an attempt that failed, for a while; or for good, after too many. Whether for good.
    What is not its fault does not count, and the others of its kind would fare no better: they
    wait, too, and come before it, so that nothing stands in their way that will not be kept."""
    counts = trouble is not Trouble.STORE
    given_up = counts and job.attempts >= MOST_ATTEMPTS
    with writing():
        if not counts:
            others = models.Job.objects.filter(kind=job.kind, state=State.WAITING.value)
            others.filter(due_at__lte=Now()).update(
                trouble=trouble.value, due_at=Now() + timedelta(seconds=_AGAIN_STORE_S - 1)
            )
        _held(job).update(
            state=(State.GIVEN_UP if given_up else State.WAITING).value,
            attempts=job.attempts - (0 if counts else 1),
            trouble=trouble.value,
            holder="",
            due_at=Now() + timedelta(seconds=_AGAIN_S if counts else _AGAIN_STORE_S),
        )
    return given_up


def forget_old() -> None:
    """What was given up may be asked for anew, and nobody makes what an older version was asked."""
    with writing():
        models.Job.objects.filter(due_at__lte=Now() - _FORGOTTEN).delete()


def _of(kind: str, name: str) -> QuerySet[models.Job]:
    return models.Job.objects.filter(kind=kind, name=name)


def _held(job: Job) -> QuerySet[models.Job]:
    return _of(job.kind, job.name).filter(holder=job.holder)
