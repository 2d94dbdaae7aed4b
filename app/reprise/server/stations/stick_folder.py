"""The folder that goes onto a new stick: its key pair and where to send reports."""

from __future__ import annotations

import json
import os
from pathlib import Path

from reprise.adapters.storage.files import who_runs
from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server.stations.keys import NewKey
from reprise.system_words import os_reason

PRIVATE, PUBLIC, SETTINGS = "station.key.pem", "station.pub.pem", "reprise.toml"


def settings_text(name: str, url: str) -> str:
    """reprise.toml for one station. `url` "" leaves the server to be filled in."""
    lines = [
        "# " + _("Settings of this stick. They win over those of the image."),
        "",
        "[station]",
        f"name = {_toml(name)}",
        "",
        "[server]",
        "# " + _("Where the station sends its reports."),
        f"url = {_toml(url)}" if url else '# url = "https://reprise.example.org"',
    ]
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    """A TOML basic string: the same as a JSON string once nothing but ASCII needs no escape."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write_new(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def remove_folder_files(folder: Path) -> None:
    """Take back what write_folder wrote, after an enrolment that failed."""
    for name in (PRIVATE, PUBLIC, SETTINGS):
        (folder / name).unlink(missing_ok=True)


def write_folder(folder: Path, key: NewKey, settings: str) -> None:
    """All three files, or none. Raises InputError where one is there already, StorageError where
    the folder cannot be written."""
    files = {
        PRIVATE: (key.private_pem, 0o600),
        PUBLIC: (key.public_pem, 0o644),
        SETTINGS: (settings.encode(), 0o644),
    }
    there = [name for name in files if os.path.lexists(folder / name)]
    if there:
        raise InputError(
            _("{folder} already holds {names}; nothing was changed.").format(
                folder=folder, names=", ".join(there)
            ),
            _("Give an empty folder to --out, or enrol the key that is there with --key."),
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (data, mode) in files.items():
            _write_new(folder / name, data, mode)
    except OSError as error:
        _remove_quietly(folder)
        raise StorageError(
            _("{folder} cannot be written: {reason}.").format(
                folder=folder, reason=os_reason(error)
            ),
            who_runs(error, _("Choose another folder with --out.")),
        ) from error


def _remove_quietly(folder: Path) -> None:
    try:
        remove_folder_files(folder)
    except OSError:
        return  # the first error is the one to tell
