"""What earlier sessions left in the store: their journals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.bootstrap.storage import outbox
from reprise.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from reprise.adapters.storage.store import MirroredStore
    from reprise.domain.pc.hardware import Inventory
    from reprise.domain.report.events import Stamped
    from reprise.ports import Signer
    from reprise.workflow.past.sessions import Earlier


def earlier(where: MirroredStore, session_id: str = "") -> Earlier:
    """What earlier sessions in the store left; `session_id` is today's."""
    return EarlierSessions(where, session_id).found()


class EarlierSessions:
    """What earlier sessions left, for one that looks again: the stick may be pulled meanwhile, or
    be another one, and what was read is not forgotten."""

    def __init__(self, where: MirroredStore, session_id: str) -> None:
        """`session_id`: today's."""
        self._where, self._today = where, session_id
        self._told: dict[str, tuple[Stamped, ...]] = {}
        self._unread: set[str] = set()

    def found(self) -> Earlier:
        from reprise.workflow.past.sessions import find_earlier

        for known in _known(self._where, {self._today}):
            self._read(known)
        return find_earlier(self._told.items(), sorted(self._unread))

    def _read(self, known: str) -> None:
        from reprise.adapters.storage.journal import FOLDER, MOST, read_journal

        try:
            data = self._where.read(f"{FOLDER}/{known}.jsonl", sure=True, most=MOST)
        except StorageError:
            if not self._told.get(known):
                self._unread.add(known)
            return
        if data is None and known not in _known(self._where, ()):
            return  # gone with its stick: whoever asks again meets it as a new one
        reading, before = read_journal(data or b"", brief=True), self._told.get(known, ())
        if not before or (reading.sound and reading.sound[-1].seq >= before[-1].seq):
            self._told[known] = reading.sound  # a journal only grows
        if not self._told[known] and reading.tells_nothing:
            self._unread.add(known)
        else:
            self._unread.discard(known)


def other_sessions(where: MirroredStore, session_id: str) -> frozenset[str]:
    """Ids of the sessions in the store that are not this one; nothing is read of them."""
    return frozenset(_known(where, {session_id}))


def newest_sessions(where: MirroredStore) -> tuple[str, ...]:
    """What a new session in the store comes after (see SessionStarted.after): not what some
    process is still at work on."""
    from reprise.adapters.storage.journal import FOLDER, MOST, living, read_journal
    from reprise.workflow.past.order import named_by, newest

    named = {}
    for known in _known(where, living(where)):
        data = where.read(f"{FOLDER}/{known}.jsonl", most=MOST) or b""
        named[known] = named_by(read_journal(data.partition(b"\n")[0]).sound)
    return newest(named)


def _known(where: MirroredStore, but: Collection[str]) -> tuple[str, ...]:
    """Ids of the sessions in the store."""
    from reprise.adapters.storage.journal import FOLDER

    names = (name.rpartition(".") for name in where.names(FOLDER))
    return tuple(known for known, _dot, kind in names if kind == "jsonl" and known not in but)


def _sessions(
    where: MirroredStore, but: Collection[str]
) -> Iterator[tuple[str, tuple[Stamped, ...], str]]:
    """(session id, its events up to the first hole, the whole journal's SHA-256) of every other
    session in the store, as they are asked for: a journal may be large. Those that cannot be read
    are left out: `earlier` tells them."""
    from reprise.adapters.storage.journal import FOLDER, MOST, read_journal
    from reprise.codec import sha256_hex

    for known in _known(where, but):
        data = where.read(f"{FOLDER}/{known}.jsonl", most=MOST)
        if data:
            events, digest = read_journal(data, brief=True).sound, sha256_hex(data)
            data = None  # not beside the next one
            yield known, events, digest


_NO_PC_THEN = 2100  # year; see adapters.checks.clock


def newest_moment_s(where: MirroredStore, image: Path) -> int:
    """The latest moment that is surely past, in seconds since 1970: when the image was made, and
    the last word of earlier sessions whose clock was set by the network. 0 where neither is known.
    """
    from reprise.domain.report.events import SessionStarted
    from reprise.wording import date_of

    moments = [int(image.stat().st_mtime)] if image.exists() else [0]
    for _known, events, _digest in _sessions(where, ()):
        first = events[0].event if events else None
        if isinstance(first, SessionStarted) and first.clock_trusted:
            when = date_of(events[-1].at)  # of a journal that anyone may have written
            moments += [int(when.timestamp())] if when and when.year < _NO_PC_THEN else []
    return max(moments)


def seal_left(
    where: MirroredStore, by: Signer, today: Inventory, session_id: str
) -> tuple[str, ...]:
    """Report what earlier sessions on this very PC did and could not report any more. One that
    another process is still at work on (`reprise erase` in a shell) will do so itself."""
    from reprise.adapters.storage.journal import living
    from reprise.workflow.delivery.submit import seal_left

    queue = outbox(where)
    others = _sessions(where, {session_id, *living(where)})
    return seal_left(others, today, by, queue)
