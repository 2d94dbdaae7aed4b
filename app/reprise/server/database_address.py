"""From the path or address that a person gives to what Django asks of a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from reprise.errors import InputError
from reprise.i18n import _

_BUSY_TIMEOUT_S = 20.0
_CONNECT_TIMEOUT_S = 10
# libpq's names. A host that went without a word is noticed within a minute, by who waits for its
# answer (keepalives) and by who sends (user timeout); else after the system's quarter of an hour.
_GONE = {
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms
}
# synchronous=FULL: a commit has reached the disk before the station gets its receipt.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA trusted_schema=OFF;"
)
TABLES_OF_0_1 = frozenset({"alembic_version", "stations", "machines", "reports", "drives"})
_SECRETS = frozenset({"password", "sslpassword"})  # libpq takes them as options, too
_KINDS = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Address:
    """`path`: of an SQLite file; None: a PostgreSQL. `shown` holds no password."""

    path: Path | None
    shown: str
    settings: dict[str, Any]

    @property
    def looking_on(self) -> dict[str, Any]:
        """The settings of whoever changes nothing of an SQLite file, as our own options would."""
        return self.settings if self.path is None else {**self.settings, "OPTIONS": {}}


def database_address(where: str) -> Address:
    """Raises InputError for what is neither a path nor an address."""
    if "://" not in where:
        return _sqlite(Path(where).expanduser().absolute())
    try:
        parts = urlsplit(where)
        port = parts.port
    except ValueError as error:
        raise InputError(_("The database address cannot be read."), _advice()) from error
    if parts.scheme == "sqlite":
        if not parts.path.strip("/") or parts.netloc:  # in memory: gone with the process
            raise InputError(
                _("The database address “{url}” names no file.").format(url=where), _advice()
            )
        return _sqlite(Path(unquote(parts.path[1:])).absolute())
    if parts.scheme not in _KINDS:
        raise InputError(
            _("Reprise does not know the database {kind}.").format(kind=parts.scheme), _advice()
        )
    shown = f"postgresql://{parts.hostname or ''}{f':{port}' if port else ''}{parts.path}"
    return Address(
        None,
        shown,
        {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": parts.hostname or "",
            "PORT": str(port or ""),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                "connect_timeout": _CONNECT_TIMEOUT_S,
                **_GONE,
                **dict(parse_qsl(parts.query)),
            },
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        },
    )


def without_password(where: str) -> str:
    """As it was given, but for the passwords before the host and among the options."""
    if "://" not in where:
        return where
    password = urlsplit(where).password
    told = where.replace(f":{password}@", ":…@", 1) if password else where
    head, mark, options = told.partition("?")
    return head + mark + "&".join(map(_without_value, options.split("&")))


def _without_value(option: str) -> str:
    name, mark, value = option.partition("=")
    return f"{name}{mark}…" if value and unquote_plus(name) in _SECRETS else option


def _sqlite(path: Path) -> Address:
    return Address(
        path,
        str(path),
        {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            # A writer takes the lock at once: two writers then queue, and neither fails half-way.
            "OPTIONS": {
                "timeout": _BUSY_TIMEOUT_S,
                "transaction_mode": "IMMEDIATE",
                "init_command": _PRAGMAS,
            },
            "CONN_MAX_AGE": None,
        },
    )


def _advice() -> str:
    return _("Give the path of a file, or postgresql://user:password@host/database.")
