"""Drives that were there at one look of a session and are not at the next. They belong to the PC:
nobody erased them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reprise.domain.hardware import Drive
from reprise.domain.plan import Refusal, RefusalCode
from reprise.domain.same import same_drive


def no_longer_there(before: Iterable[Drive], now: Sequence[Drive]) -> tuple[Drive, ...]:
    """Of `before` (the latest look first), each once, those that `now` does not show, under
    whatever size. One drive that is there accounts for one that was: two namespaces may have one
    serial number."""
    was = {drive.identity.key: drive for drive in reversed(list(before))}
    left = [drive for drive in now if was.pop(drive.identity.key, None) is None]
    gone: list[Drive] = []
    for drive in was.values():
        again = next((one for one in left if same_drive(one.identity, drive.identity)), None)
        if again is None:
            gone.append(drive)
        else:
            left.remove(again)
    return tuple(gone)


def unplugged(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Why it was not to be touched before stays true: a stick that was pulled is still no drive
    of the PC."""
    kept = (one for one in refusals if one.code is not RefusalCode.UNPLUGGED)
    return (*kept, Refusal(RefusalCode.UNPLUGGED))
