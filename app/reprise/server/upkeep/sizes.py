"""How large the database is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.db import connection

from reprise.server.database import asking


def database_bytes() -> int:
    """Of the one that is connected, with what SQLite keeps beside it. Raises StorageError."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        count = 0
        for path in (Path(name), Path(f"{name}-wal")):
            with suppress(OSError):
                count += path.stat().st_size
        return count
    with asking(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
