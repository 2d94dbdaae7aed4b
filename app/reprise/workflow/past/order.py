"""Which session came before which. A PC's clock may lie, so a session names those that it found in
its store when it began (`SessionStarted.after`), and comes after each of them and after whatever
those came after. Sessions of older versions name none: among them the clock has to do."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reprise.domain.report.events import SessionStarted, Stamped

Journal = tuple[str, Sequence[Stamped]]  # session id and its events
Sessions = Iterable[Journal]


@dataclass(frozen=True, slots=True)
class Ordered:
    """`sessions`: in one order that no known one contradicts."""

    sessions: tuple[Journal, ...] = ()
    _place: Mapping[str, int] = field(default_factory=dict)
    _before: Mapping[str, int] = field(default_factory=dict)  # session -> set of places, as bits

    def surely_before(self, one: str, two: str) -> bool:
        """False also where nobody knows."""
        place = self._place.get(one)
        return place is not None and bool(self._before.get(two, 0) >> place & 1)


def in_order(sessions: Sessions) -> Ordered:
    known = dict(sessions)
    parents = _parents(known)
    waiting = {session_id: len(named) for session_id, named in parents.items()}
    children: dict[str, list[str]] = {session_id: [] for session_id in known}
    for session_id, named in parents.items():
        for parent in named:
            children[parent].append(session_id)
    ready = [_clock(known, session_id) for session_id, left in waiting.items() if not left]
    heapq.heapify(ready)
    place: dict[str, int] = {}
    before: dict[str, int] = {}
    while ready:
        session_id = heapq.heappop(ready)[1]
        place[session_id] = len(place)
        before[session_id] = 0
        for parent in parents[session_id]:
            before[session_id] |= before[parent] | 1 << place[parent]
        for child in children[session_id]:
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, _clock(known, child))
    circular = sorted(_clock(known, id_) for id_ in known if id_ not in place)  # somebody's doing
    ids = (*place, *(session_id for _at, session_id in circular))
    return Ordered(tuple((id_, known[id_]) for id_ in ids), place, before)


def newest(named: Mapping[str, tuple[str, ...] | None]) -> tuple[str, ...]:
    """Of the sessions of a store (id -> what each names; None: an older version's, or it cannot be
    read) those that no other names: what a new session has to name."""
    told = {parent for after in named.values() for parent in after or ()}
    return tuple(sorted(set(named) - told))


def named_by(events: Sequence[Stamped]) -> tuple[str, ...] | None:
    """What a session named when it began; None: an older version's."""
    first = events[0].event if events else None
    return first.after if isinstance(first, SessionStarted) else None


def _parents(known: Mapping[str, Sequence[Stamped]]) -> dict[str, tuple[str, ...]]:
    parents: dict[str, tuple[str, ...]] = {}
    older: list[str] = []
    for session_id, events in known.items():
        named = named_by(events)
        if named is None:
            older.append(session_id)
        else:
            parents[session_id] = tuple(parent for parent in set(named) if parent in known)
    last: tuple[str, ...] = ()
    for session_id in sorted(older, key=lambda id_: _clock(known, id_)):
        parents[session_id], last = last, (session_id,)
    return parents


def _clock(known: Mapping[str, Sequence[Stamped]], session_id: str) -> tuple[str, str]:
    events = known[session_id]
    return (events[0].at if events else "", session_id)
