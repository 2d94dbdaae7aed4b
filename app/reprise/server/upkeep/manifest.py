"""What a backup says of itself: the last file in it. A backup without one is not whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, TypeVar

from reprise import __version__, codec
from reprise.codec import sha256_hex
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.opening import applied_migrations, known_migrations
from reprise.server.upkeep.box import Found, Kept, foreign, look_through, read_at
from reprise.server.upkeep.pace import Pace, Tell

NAME = "manifest.json"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
DATA = "data/"
_FORMAT = 1
_MOST_BYTES = 1 << 30  # some 100 bytes a file
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`database`: "sqlite" or "postgresql". `migrations`: those that its tables have seen,
    "reports.0001_initial". `files`: all in the backup but this one."""

    format: int
    reprise: str
    made_at: str  # ISO 8601, UTC
    database: str
    migrations: tuple[str, ...]
    files: tuple[Kept, ...]


def manifest_of(files: Sequence[Kept], database: str, as_of: str | None) -> bytes:
    """Of the database that is connected. `as_of`: the moment of the backup that it is as yet (see
    restored_mark); None: now."""
    now = as_of or datetime.now(UTC).isoformat(timespec="seconds")
    migrations = tuple(sorted(applied_migrations()))
    return codec.to_json(
        Manifest(_FORMAT, __version__, now, database, migrations, tuple(files)), pretty=True
    )


@dataclass(frozen=True, slots=True)
class Backup:
    """One that was read to its end: each file is what its manifest says. `found`: by name."""

    manifest: Manifest
    found: Mapping[str, Found]

    @property
    def database(self) -> Found:
        return self.found[DATABASES[self.manifest.database]]

    @property
    def data(self) -> Sequence[Found]:
        return [found for name, found in self.found.items() if name.startswith(DATA)]


def read_backup(file: BinaryIO, size_bytes: int, tell: Tell) -> Backup:
    """Raises InputError where it is none, is damaged, or was made by a newer Reprise."""
    pace = Pace("check-backup", size_bytes, tell)
    every = {one.kept.name: one for one in look_through(file, pace.more)}
    pace.end()
    manifest = _manifest(file, every)
    told = {one.name: one for one in manifest.files}
    found = {name: one for name, one in every.items() if name != NAME}
    wanted = DATABASES.get(manifest.database)
    if wanted not in told or not all(n == wanted or n.startswith(DATA) for n in told):
        raise foreign()
    if {name: one.kept for name, one in found.items()} != told:
        raise InputError(
            _("This backup is damaged: what it holds is not what it says."),
            _("Nothing was changed. Copy it again, or give an older one."),
        )
    return Backup(manifest, found)


def _manifest(file: BinaryIO, every: Mapping[str, Found]) -> Manifest:
    last = every.get(NAME)
    if last is None or last.kept.size_bytes > _MOST_BYTES or list(every)[-1] != NAME:
        raise foreign()
    data = b"".join(read_at(file, last.at, last.kept.size_bytes))
    if sha256_hex(data) != last.kept.sha256:
        raise foreign()
    plain: Any = _understood(lambda: codec.loaded(data))
    if isinstance(plain, dict) and isinstance(plain.get("format"), int):
        _refuse_newer(plain["format"] > _FORMAT or _is_newer(str(plain.get("reprise"))))
    manifest = _understood(lambda: codec.from_builtins(plain, Manifest))
    _refuse_newer(bool(set(manifest.migrations) - known_migrations()))
    return manifest


def _understood(read: Callable[[], T]) -> T:
    try:
        return read()
    except InputError as error:
        raise foreign() from error


def _is_newer(version: str) -> bool:
    """Than this one. Of what is no version, no."""
    there, here = ([int(n) for n in re.findall(r"\d+", v)[:3]] for v in (version, __version__))
    return there > here


def _refuse_newer(newer: bool) -> None:
    if newer:
        raise InputError(
            _("This backup was made by a newer Reprise."),
            _("Nothing was changed. Install that version, and restore with it."),
        )
