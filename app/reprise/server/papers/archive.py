"""Papers that were made, and asking for those that were not."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from reprise.errors import StorageError
from reprise.server.database import asking, writing
from reprise.server.files.opening import PAPERS, store
from reprise.server.files.store import NoFileError
from reprise.server.jobs import bell, services
from reprise.server.jobs.services import Standing, State, Trouble
from reprise.server.papers import models
from reprise.server.papers.facts import Facts

log = logging.getLogger("reprise.server")
KIND = "paper"
_USE = timedelta(days=1)  # how exactly it is known
# Of one organisation: a program that asks for all keeps nobody there waiting for hours.
_MOST_WAITING = 200
_WAITING = Standing(State.WAITING, Trouble.NONE)


@dataclass(frozen=True, slots=True)
class Paper:
    """One that was made. `sha256`: of its file: see _bound."""

    name: str
    sha256: str


def find(facts: Facts) -> Paper | None:
    """Raises StorageError."""
    with asking():
        row = models.Paper.objects.filter(name=facts.name).first()
    if row is None:
        return None
    # SQLite keeps anything in any column: what is no date is old
    if row.used_at is None or datetime.now(UTC) - row.used_at > _USE:
        with suppress(StorageError), writing():
            models.Paper.objects.filter(pk=row.pk).update(used_at=datetime.now(UTC))
    return Paper(row.name, row.sha256)


def read(paper: Paper) -> bytes | None:
    """Its very bytes; None where they are gone, changed or another's: it is then to be made anew.
    Raises StoreError."""
    with suppress(NoFileError):
        pdf = _unbound(paper.name, store().get(PAPERS, paper.sha256))
        if pdf is not None:
            return pdf
    log.warning("the file of paper %s is gone, changed or another's: it is made anew", paper.name)
    with writing():
        models.Paper.objects.filter(name=paper.name, sha256=paper.sha256).delete()
    return None


def _bound(name: str, pdf: bytes) -> bytes:
    """A paper's file says whose it is: whatever stands in its row, no other paper is shown."""
    return name.encode() + b"\n" + pdf


def _unbound(name: str, file: bytes) -> bytes | None:
    pdf = file.removeprefix(_bound(name, b""))
    return None if len(pdf) == len(file) else pdf


def ask(facts: Facts, whose: int) -> Standing:
    """That it be made, once, whoever asks how often. How far that is. Where very many of the
    organisation `whose` wait, it is not asked for yet: who asks again will be heard. Raises
    StorageError."""
    there = services.standing(KIND, facts.name)
    if there is not None:
        return there
    if services.count_waiting(KIND, whose) >= _MOST_WAITING:
        return _WAITING
    asked = {name: asdict(facts)[name] for name in ("report_id", "language", "public_url")}
    with writing():
        services.ask(KIND, facts.name, whose, facts.maker, asked)
        if models.Paper.objects.filter(name=facts.name).exists():  # it was made this moment
            services.done(KIND, facts.name)
    bell.ring()
    return _WAITING


def keep(facts: Facts, pdf: bytes, asked: str) -> None:
    """`asked`: the name of the paper that was asked for; its facts may have changed since. Raises
    StoreError, StorageError."""
    now, file = datetime.now(UTC), _bound(facts.name, pdf)
    told = {
        "report_id": facts.report_id,
        "language": facts.language,
        "sha256": store().put(PAPERS, file),
        "size_bytes": len(file),
        "made_at": now,
        "used_at": now,
    }
    with writing():
        models.Paper.objects.update_or_create(name=facts.name, defaults=told)
        services.done(KIND, asked)


def is_known(facts: Facts, asked: str) -> bool:
    """Whether it was made already; then nobody asks for it any more."""
    with writing():
        known = models.Paper.objects.filter(name=facts.name).exists()
        if known:
            services.done(KIND, asked)
    return known
