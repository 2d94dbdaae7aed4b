"""Files and disks: whether others may read what is the server's, and whether there is room."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from reprise.i18n import _
from reprise.server.database_address import Address, without_password
from reprise.server.files.folder import try_to_write
from reprise.server.files.opening import PAPERS
from reprise.server.opening import SQLITE
from reprise.server.settings import ServerSettings
from reprise.server.upkeep.finding import Finding, bad, doubt, good
from reprise.system_words import os_reason
from reprise.wording import size

_LITTLE, _TOO_LITTLE = 2_000_000_000, 200_000_000  # bytes that are free
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look_at_places(
    settings: ServerSettings, file: Path, address: Address, folder: Path
) -> Iterator[Finding]:
    """`file`: of the settings. `folder`: of data; it may not be there yet."""
    yield _settings_file(settings, file)
    if address.path is not None and _may_be_ours(address.path):
        yield _modes(address.path, folder)
    yield from _rooms(address, folder)
    is_mistyped = address.path is not None and not address.path.is_file() and not settings.data
    if not settings.s3_bucket and not is_mistyped:
        yield from _papers(folder / PAPERS)


def _may_be_ours(path: Path) -> bool:
    """No advice on the modes of a mistyped file: /etc/passwd has its own."""
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE)) in (b"", SQLITE)
    except OSError:  # what cannot be read the database's own line tells
        return False


def _papers(folder: Path) -> Iterator[Finding]:
    """By this user: what a service is kept from, only the server itself sees (/readyz)."""
    try:
        try_to_write(folder)
    except OSError as error:
        there = folder if os.path.lexists(folder) else folder.parent
        yield bad(
            _("Papers: {folder} cannot be written ({reason})").format(
                folder=there, reason=os_reason(error)
            ),
            _("Make it, and give it to the user that the server runs as: no certificate is made."),
        )


def _settings_file(settings: ServerSettings, file: Path) -> Finding:
    if not file.parent.is_dir():
        return doubt(
            _("Settings: the defaults; there is no folder {path}").format(path=file.parent),
            _("Give the folder of your settings to --config."),
        )
    if not file.exists():
        return good(_("Settings: the defaults; there is no {path}").format(path=file))
    has_password = without_password(settings.database) != settings.database
    if has_password and file.stat().st_mode & stat.S_IROTH:
        return bad(
            _("Settings: {path} holds a password, and everybody may read it").format(path=file),
            _("Type: {command}").format(command=f"chmod 640 {file}"),
        )
    return good(_("Settings: {path}").format(path=file))


def _modes(path: Path, folder: Path) -> Finding:
    files = [Path(f"{path}{end}") for end in ("", "-wal", "-shm")]
    mine = [one for one in (*files, folder) if one.exists()]
    open_ = [one for one in mine if one.stat().st_mode & _OTHERS]
    if open_:
        return bad(
            _("Files: others of this machine may read {path}").format(path=open_[0]),
            _("Type: {command}").format(command=f"chmod go= {open_[0]}"),
        )
    owner = path.parent.stat().st_uid
    others = [one for one in mine if one.stat().st_uid not in (owner, path.stat().st_uid)]
    if others:
        return bad(
            _("Files: {path} does not belong to the server's user").format(path=others[0]),
            _("Type: {command}").format(command=f"chown --reference={path} {others[0]}"),
        )
    if not os.access(path, os.W_OK):
        return bad(
            _("Files: {path} cannot be written").format(path=path),
            _("Give it to the user that the server runs as."),
        )
    return good(_("Files: nobody else of this machine reads the database"))


def _rooms(address: Address, folder: Path) -> Iterator[Finding]:
    """One a disk. That of PostgreSQL is its own, and may be another machine's."""
    wanted = [_there(folder)]
    if address.path is not None and address.path.parent.is_dir():
        wanted.append(address.path.parent)
    seen: set[int] = set()
    for place in wanted:
        device = place.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _room(place)


def _there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _room(place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    what = _("Room: {size} free in {path}").format(size=size(free), path=place)
    if free < _TOO_LITTLE:
        return bad(what, _("Free some space now: without room no report is taken."))
    if free < _LITTLE:
        return doubt(what, _("Free some space soon: without room no report is taken."))
    return good(what)
