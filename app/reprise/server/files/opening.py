"""Which store of files the settings name."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database_address import database_address
from reprise.server.files.folder import FolderStore
from reprise.server.files.store import FileStore
from reprise.server.settings import ServerSettings, in_force
from reprise.strict_toml import dataclass_from_toml
from reprise.system_words import os_reason

log = logging.getLogger("reprise.server")
PAPERS = "papers"
_CACHES = frozenset({PAPERS})
_BESIDE, _ELSEWHERE = "reprise-data", Path("/var/lib/reprise/data")
_ACCESS, _SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_FOR_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class _Keys:
    access_key: str
    secret_key: str


def data_folder(settings: ServerSettings) -> Path:
    """Where files are that stay on this machine."""
    if settings.data:
        return Path(settings.data).expanduser().absolute()
    path = database_address(settings.database).path
    return _ELSEWHERE if path is None else path.parent / _BESIDE


def store() -> FileStore:
    """The one that the settings in force name; first asked for by the process that begins all
    others, so that they need not read the keys. It may be away. Raises InputError where it has no
    keys."""
    return _store_of(in_force())


@cache
def _store_of(settings: ServerSettings) -> FileStore:
    if not settings.s3_bucket:
        return FolderStore(data_folder(settings), _CACHES)
    from reprise.server.files.s3 import Bucket, S3Store  # slow, and for the few who have one

    keys = _keys(settings.s3_keys)
    return S3Store(
        Bucket(
            settings.s3_bucket,
            settings.s3_endpoint,
            settings.s3_region,
            keys.access_key,
            keys.secret_key,
        )
    )


def _keys(file: str) -> _Keys:
    if file:
        return _keys_of(Path(file))
    keys = _Keys(os.environ.get(_ACCESS, ""), os.environ.get(_SECRET, ""))
    if not (keys.access_key and keys.secret_key):
        raise InputError(
            _("The store of files has no keys."),
            _("Set {access} and {secret}, or name a file with s3_keys in server.toml.").format(
                access=_ACCESS, secret=_SECRET
            ),
        )
    return keys


def _keys_of(file: Path) -> _Keys:
    try:
        text = file.read_text("utf-8")
        if file.stat().st_mode & _FOR_OTHERS:
            log.warning("%s", _("Others of this machine may read {file}.").format(file=file))
    except (OSError, UnicodeDecodeError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else "UTF-8"
        raise InputError(
            _("{file} cannot be read: {reason}.").format(file=file, reason=reason),
            _('It must hold two lines: access_key = "…" and secret_key = "…".'),
        ) from error
    return dataclass_from_toml(text, _Keys, str(file))
