"""The faults of a database and its disk, in words."""

from __future__ import annotations

import errno

from django.db.utils import InterfaceError, OperationalError

from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server.database_address import Address
from reprise.system_words import os_reason

_HELD = "55P03"  # lock_not_available (PostgreSQL, appendix A)


class FullError(StorageError):
    """The disk or the quota of the database is full."""


def writing_error(error: Exception) -> StorageError:
    if _is_full(error):
        return full_error()
    if _is_held(error):
        return StorageError(
            _("The database was held for too long: nothing was stored."),
            _("The station keeps the report and tries again."),
        )
    return StorageError(
        _("The database could not be written: {reason}.").format(reason=_reason(error)),
        _("The station keeps the report; the server's administrator must look at the database."),
    )


def full_error() -> FullError:
    return FullError(
        _("The server's disk is full: nothing was stored."),
        _("Free some space on the server; the station keeps the report and tries again."),
    )


def busy_error() -> StorageError:
    return StorageError(
        _("Reports could not be judged anew: other servers of this database kept storing theirs."),
        _("Start this server again. If that does not help, stop the others until it has started."),
    )


def reading_error(error: Exception) -> StorageError:
    return StorageError(
        _("The database cannot be read: {reason}.").format(reason=_reason(error)),
        _("The server's administrator must look at the database."),
    )


def opening_error(address: Address, error: Exception) -> InputError | StorageError:
    if address.path is None:
        advice = _(
            "Check its address, its user and password, and that PostgreSQL runs. The driver "
            "says: “{reason}”."
        )
        return StorageError(
            _("The database {path} cannot be opened.").format(path=address.shown),
            advice.format(reason=_reason(error)),
        )
    said = getattr(_original(error), "sqlite_errorname", "")
    if said == "SQLITE_NOTADB":
        return InputError(
            _("{path} is not a Reprise database.").format(path=address.path),
            _("Choose another file with --database."),
        )
    if said:  # SQLite's own words say no more than that, and in English
        what = _("The database {path} cannot be opened for writing.").format(path=address.path)
    else:
        what = _("The database {path} cannot be opened for writing: {reason}.").format(
            path=address.path, reason=_reason(error)
        )
    return StorageError(
        what,
        _("Check that the folder exists, that it may be written and that there is room."),
    )


def is_away(error: Exception) -> bool:
    """Whether a database does not answer, has no room or is held by others: rather than
    refusing what it was given. By PostgreSQL's classes of SQLSTATE (appendix A); SQLite knows no
    such refusal."""
    told = error.__cause__ or error
    if not isinstance(told, OperationalError | InterfaceError):
        return False
    state = getattr(_original(told), "sqlstate", None)
    return state is None or state.startswith(("08", "53", "57P", _HELD))


def is_deadlock(error: StorageError) -> bool:
    """Whether another transaction waited for this one, and this one for it."""
    told = error.__cause__
    return told is not None and getattr(_original(told), "sqlstate", None) == "40P01"


def _is_held(error: BaseException) -> bool:
    """Longer than whoever asks waits."""
    return getattr(_original(error), "sqlstate", None) == _HELD


def _original(error: BaseException) -> BaseException:
    """The driver's own: Django puts its class around it."""
    return error.__cause__ or error


def _reason(error: BaseException) -> str:
    """The system's reason in words where it is one, else the database's own, in English: its first
    sentence, as the next ones quote what is in the tables."""
    original = _original(error)
    if isinstance(original, OSError):
        return os_reason(original)
    said = getattr(getattr(original, "diag", None), "message_primary", None) or str(original)
    return " ".join(said.split())[:300]


def _is_full(error: BaseException) -> bool:
    original = _original(error)
    name = getattr(original, "sqlite_errorname", "")
    state = getattr(original, "sqlstate", "") or ""  # 53100: disk_full (PostgreSQL, appendix A)
    number = getattr(original, "errno", None)
    return name == "SQLITE_FULL" or state == "53100" or number in (errno.ENOSPC, errno.EDQUOT)
