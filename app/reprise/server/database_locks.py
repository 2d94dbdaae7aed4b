"""What several servers of one PostgreSQL do alone, or beside each other. On SQLite every writer is
alone anyway."""

from __future__ import annotations

from django.db import connection

PATIENCE_S = 10.0  # of a report, in the queue and again by itself: a station waits for longer
_KEYS = 0x4B455953  # an advisory lock: "KEYS"


def not_for_ever() -> None:
    """What the caller's transaction asks for and another one holds so long (a server that judges
    every report anew, a backup) makes it fail. As a writer of SQLite does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_shortly()}")


def _shortly() -> str:
    """Of this transaction alone."""
    return f"set_config('lock_timeout', '{PATIENCE_S:g}s', true)"


def hold_keys() -> None:
    """No station's key closes until the caller's transaction ends: what it reads of them from here
    on is so when it is stored. Many may, beside each other; not_for_ever, in the same question."""
    _lock(f"{_shortly()}, pg_advisory_xact_lock_shared")


def close_keys() -> None:
    """Whoever stores what a key has signed has done so, or waits until the caller's transaction
    ends, and then reads that the key is closed. Before any row that those who store write: they
    hold this while they wait for it."""
    _lock("pg_advisory_xact_lock")


def _lock(how: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {how}(%s)", [_KEYS])
