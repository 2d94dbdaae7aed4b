"""What was there at one look of a session and is not at the next: nobody erased it, so it stays in
the count of the PC."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reprise.domain.drives.same_drive import same_drive
from reprise.domain.drives.scope import hangs_outside
from reprise.domain.drives.unreached import OF_LISTS, STATABLE, Unreached, UnreachedKind
from reprise.domain.pc.hardware import Drive, Inventory, Transport
from reprise.domain.planning.plan import Refusal, RefusalCode

# Each is a drive that was seen, though nothing could reach it.
_SEEN = frozenset(UnreachedKind) - STATABLE - OF_LISTS


@dataclass(frozen=True, slots=True)
class GoneDrive:
    """Of an earlier look. `refusals`: why it was not to be touched then, and that it left."""

    drive: Drive
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class DriveMatch:
    """How the drives of earlier looks and those of a new one belong together. `before`: for each
    drive of the new look, which of the earlier ones it is (an index, None: it is new). `gone`:
    the indices of those that it does not show where they belong: a drive that was inside the PC
    and hangs outside now is in both."""

    before: tuple[int | None, ...]
    gone: tuple[int, ...]


def meet(before: Sequence[Drive], now: Sequence[Drive]) -> DriveMatch:
    """One drive that is there accounts for one that was: two may have one identity, and a drive
    may have told more (or less) of itself, or have another size. Outside the PC it accounts for
    none that was inside (docs/decisions/0200-taken-out-and-plugged-in.md)."""
    matched: dict[int, int] = {}
    for same in (*map(_unmoved, _SAME), *_SAME):
        for at, drive in enumerate(now):
            left = (i for i, _drive in enumerate(before) if i not in matched.values())
            index = next((i for i in left if at not in matched and same(before[i], drive)), None)
            if index is not None:
                matched[at] = index
    there = {i for at, i in matched.items() if not _moved_out(before[i], now[at])}
    gone = tuple(i for i in range(len(before)) if i not in there)
    return DriveMatch(tuple(matched.get(at) for at in range(len(now))), gone)


_Same = Callable[[Drive, Drive], bool]

_SAME: tuple[_Same, ...] = (
    lambda one, two: one.identity == two.identity and one.node == two.node,
    lambda one, two: one.identity == two.identity,
    lambda one, two: same_drive(one.identity, two.identity),
)


def _unmoved(same: _Same) -> _Same:
    return lambda one, two: hangs_outside(one) is hangs_outside(two) and same(one, two)


def _moved_out(before: Drive, now: Drive) -> bool:
    return hangs_outside(now) and not hangs_outside(before)


def unplugged(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Why it was not to be touched before stays true: a stick that was pulled is still no drive
    of the PC."""
    kept = (refusal for refusal in refusals if refusal.code is not RefusalCode.UNPLUGGED)
    return (*kept, Refusal(RefusalCode.UNPLUGGED))


def vanished(
    earlier: Iterable[Unreached], before: Inventory | None, now: Inventory, meeting: DriveMatch
) -> tuple[Unreached, ...]:
    """Drives that were seen and could not be reached, and that the new look says nothing of.
    `earlier`: those of the looks before `before`. A place of which less is known now, as where the
    link to it has died, does not answer for a drive that was seen there. A drive inside the PC
    that only the new look shows accounts for one that was still starting. It accounts for no
    other: it may have been put in that one's place, and only a new session, which looks with fresh
    eyes, can tell."""
    seen = {
        (place.where, place.kind): place
        for place in (*earlier, *(before.unreached if before else ()))
        if place.kind in _SEEN
    }
    left = [
        place
        for place in seen.values()
        if not any(_answers(other, place) for other in now.unreached)
    ]
    starting = [place for place in left if place.kind is UnreachedKind.STARTING]
    come_up = sum(
        drive.transport is not Transport.USB
        for drive, known in zip(now.drives, meeting.before, strict=True)
        if known is None
    )
    there_now = starting[:come_up]
    return tuple(place for place in left if place not in there_now)


def _answers(now: Unreached, before: Unreached) -> bool:
    """Whether it is still told of; what is starting only now may be another one in its place."""
    if now.where != before.where or now.kind not in _SEEN:
        return False
    return now.kind is not UnreachedKind.STARTING or before.kind is UnreachedKind.STARTING
