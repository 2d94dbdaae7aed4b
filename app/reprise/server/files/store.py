"""What a store of files does, wherever it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reprise.codec import sha256_hex
from reprise.errors import StorageError

HEX = frozenset("0123456789abcdef")
_DIGITS = 64


class StoreError(StorageError):
    """The store does not answer, is full, or refuses: later it may be well."""


class NoFileError(Exception):
    """Nothing is kept under this name, or other bytes than it stands for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is there. `name`: the SHA-256 of its bytes."""

    name: str
    modified_at: datetime  # UTC, by the store's clock


class FileStore(Protocol):
    """`area`: files of one kind; a plain word. All raise StoreError where the store is away."""

    shown: str  # where it is, for a person: without any key

    def put(self, area: str, data: bytes) -> str:
        """The name under which these bytes are from now on, whatever happens to this machine; what
        was there under it before is replaced."""
        ...

    def get(self, area: str, name: str) -> bytes:
        """The very bytes. Raises NoFileError."""
        ...

    def delete(self, area: str, name: str) -> None:
        """Also where nothing is."""
        ...

    def try_to_write(self, area: str) -> None:
        """Whether a file could be put there now; none is. Of a bucket it is not asked."""
        ...

    def list(self, area: str) -> Iterator[Kept]:
        """All of them, in no order."""
        ...


def checked(data: bytes, name: str) -> bytes:
    """Raises NoFileError where a disk or a hand has changed them."""
    if sha256_hex(data) != name:
        raise NoFileError(name)
    return data


def is_name(text: str) -> bool:
    """A SHA-256 in lower case."""
    return len(text) == _DIGITS and set(text) <= HEX


def place_of(area: str, name: str) -> str:
    """Below the store's root. Some 250 folders: one of a hundred thousand files is slow."""
    return f"{area}/{name[:2]}/{name}"
