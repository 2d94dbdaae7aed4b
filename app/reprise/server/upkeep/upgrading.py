"""The tables of a new version, after a backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reprise.server.database import close_database
from reprise.server.database_address import database_address
from reprise.server.opening import look_into, migrations_due, open_database
from reprise.server.settings import ServerSettings
from reprise.server.upkeep.backing_up import back_up
from reprise.server.upkeep.pace import Tell


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`backup`: the one that was made before."""

    migrations: int
    backup: Path | None


def upgrade(settings: ServerSettings, backup: Path | None, wanted: bool, tell: Tell) -> Upgraded:
    """Bring the tables up to date; where that changes them, after a backup if one is `wanted`
    (into the new file `backup`; None: beside the database). Raises InputError, StorageError,
    ToolError; where the backup fails nothing was changed."""
    address = look_into(settings.database)
    try:
        due = migrations_due(address)
    finally:
        close_database()
    made = None
    if due and wanted:
        made = backup or _beside(settings.database)
        back_up(settings, made, tell)
    open_database(settings.database)
    close_database()
    return Upgraded(due, made)


def _beside(database: str) -> Path:
    path = database_address(database).path
    folder = Path.cwd() if path is None else path.parent
    return folder / f"reprise-before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
