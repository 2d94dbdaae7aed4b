"""The mark of a database that was restored, and in which what was open is not ended yet. It is
there before the database can be used, and goes with what it asks for: see after_restore."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from django.db import connection

# A table that no migration makes: it comes before them, and no dump has it.
MARK = "reprise_restored"
_MAKE = (
    f"DROP TABLE IF EXISTS {MARK}",
    f"CREATE TABLE {MARK} (made_at text NOT NULL)",
)
# What an extension brings is not the database's own.
_HELD = f"""
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relname <> '{MARK}'
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""  # noqa: S608 (a name of ours)


def mark_file(raw: sqlite3.Connection, made_at: str) -> None:
    """`made_at`: of the backup, ISO 8601. In the caller's transaction. Raises SQLite's errors."""
    for line in _MAKE:
        raw.execute(line)
    raw.execute(f"INSERT INTO {MARK} VALUES (?)", [made_at])  # noqa: S608 (a name of ours)


def mark_database(raw: psycopg.Connection, made_at: str) -> bool:
    """Whether it had none. Of one that had, the earlier moment stays: who made that mark may
    still be at it. In a transaction of its own. Raises the errors of psycopg."""
    with raw.transaction():
        known = raw.execute("SELECT to_regclass(%s)", [MARK]).fetchone() != (None,)
        told = raw.execute(f"SELECT made_at FROM {MARK}").fetchone() if known else None  # noqa: S608
        for line in _MAKE:
            raw.execute(line)
        moment = made_at if told is None else min(made_at, str(told[0]))
        raw.execute(f"INSERT INTO {MARK} VALUES (%s)", [moment])  # noqa: S608 (a name of ours)
    return not known


def unmark_empty(raw: psycopg.Connection) -> None:
    """Where nothing came after the mark. In a transaction of its own. Raises the errors of
    psycopg."""
    with raw.transaction():
        if not holds_anything(raw.cursor()):
            raw.execute(f"DROP TABLE IF EXISTS {MARK}")


def holds_anything(cursor: Any) -> bool:
    """But a mark. Raises the cursor's errors."""
    cursor.execute(_HELD)
    return bool(cursor.fetchone()[0])


def marked() -> str | None:
    """When the backup was made of which the open database was restored; None: all is ended. Raises
    Django's errors."""
    with connection.cursor() as cursor:
        if MARK not in connection.introspection.table_names(cursor):
            return None
        cursor.execute(f"SELECT made_at FROM {MARK}")  # noqa: S608 (a name of ours)
        return str(cursor.fetchone()[0])


def unmark() -> None:
    """In the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {MARK}")
