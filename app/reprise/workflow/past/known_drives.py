"""What is known of drives across sessions. A drive need not tell all its names each time: udev may
be late with its WWN, a bridge may hide it, a removed hidden area changes its size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from reprise.domain.drives.same_drive import same_drive
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.pc.placeholders import real_serial, real_wwn

T = TypeVar("T")


class KnownDrives(Generic[T]):
    """Something for each identity by which a drive was met, found again by each that is the same
    drive's (see same_drive). What nothing tells apart is found by its very identity only."""

    def __init__(self, new: Callable[[], T]) -> None:
        self._new = new
        self._known: dict[DriveIdentity, T] = {}
        self._by: dict[tuple[str, str], list[DriveIdentity]] = {}  # a number -> who tells it

    def at(self, identity: DriveIdentity) -> T:
        """Of this very identity; made where it is new."""
        if identity not in self._known:
            self._known[identity] = self._new()
            for number in _numbers(identity):
                self._by.setdefault(number, []).append(identity)
        return self._known[identity]

    def same(self, identity: DriveIdentity) -> list[T]:
        """Of every identity that is this drive's, its own among them."""
        near = (other for number in _numbers(identity) for other in self._by.get(number, ()))
        matches = dict.fromkeys(other for other in near if same_drive(other, identity))
        if identity in self._known:
            matches[identity] = None
        return [self._known[match] for match in matches]

    def items(self) -> Iterator[tuple[DriveIdentity, T]]:
        return iter(self._known.items())


def identity_of(word: str) -> DriveIdentity:
    """From a DriveIdentity.key, where a journal lost the look that tells the drive."""
    parts = word.rsplit("|", 3)
    if len(parts) < 4 or not parts[3].isdecimal():
        return DriveIdentity(model=word, size_bytes=0)  # nobody's
    model, serial, wwn = (None if part == "?" else part for part in parts[:3])
    return DriveIdentity(model=model, serial=serial, wwn=wwn, size_bytes=int(parts[3]))


def _numbers(identity: DriveIdentity) -> list[tuple[str, str]]:
    told = (("serial", real_serial(identity)), ("wwn", real_wwn(identity)))
    return [(kind, number) for kind, number in told if number]
