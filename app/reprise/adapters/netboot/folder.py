"""The folder that “make netboot” fills: looked at as a whole before a PC is given any of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import os_reason

LIST = "files.list"  # a line “SHA-256 BYTES NAME” for each file; the start's initramfs reads it
_MENUS = ("boot.ipxe", "grub.cfg")  # they hold the digest of the list, so it cannot hold theirs
_SUMS = "SHA256SUMS"  # of the list and the menus
_NEEDED = ("vmlinuz", "initrd.img", "live/filesystem.squashfs", "reprise/image-id")
PROGRAMS = ("tftp/undionly.kpxe", "tftp/shimx64.efi", "tftp/grubx64.efi")


@dataclass(frozen=True, slots=True)
class NetbootFolder:
    """`files`: by the name that a PC asks for. `version`: of the image."""

    path: Path
    files: Mapping[str, Path]
    version: str


def read_folder(path: Path) -> NetbootFolder:
    """Reads every file once. Raises InputError where one is missing or not what the list says."""
    if not path.is_dir():
        raise _no_folder(path)
    data = _bytes(path, LIST)
    files = dict(_listed(path, data.decode("utf-8", "replace")))
    for name in (*_NEEDED, *PROGRAMS):
        if name not in files:
            raise _missing(path, name)
    _check_menus(path, hashlib.sha256(data).hexdigest())
    files |= {name: path / name for name in (LIST, *_MENUS)}
    version = files.get("reprise/image-version")
    return NetbootFolder(path, files, "" if version is None else version.read_text("utf-8").strip())


def _listed(path: Path, text: str) -> Iterator[tuple[str, Path]]:
    for line in text.splitlines():
        digest, _size, name = (*line.split(" ", 2), "", "")[:3]
        if not name or name.startswith("/") or ".." in Path(name).parts:
            raise _damaged(path, LIST)
        if _sha256(path, name) != digest:
            raise _damaged(path, name)
        yield name, path / name


def _check_menus(path: Path, list_sha256: str) -> None:
    sums = _bytes(path, _SUMS).split()
    for name in (LIST, *_MENUS):
        if _sha256(path, name).encode() not in sums:
            raise _damaged(path, name)
    for name in _MENUS:
        if list_sha256.encode() not in _bytes(path, name):
            raise _damaged(path, name)


def _bytes(path: Path, name: str) -> bytes:
    try:
        return (path / name).read_bytes()
    except FileNotFoundError as error:
        raise _missing(path, name) from error
    except OSError as error:
        raise _unreadable(path, name, error) from error


def _sha256(path: Path, name: str) -> str:
    try:
        with (path / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise _missing(path, name) from error
    except OSError as error:
        raise _unreadable(path, name, error) from error


def _no_folder(path: Path) -> InputError:
    what = _("the folder “{path}” does not exist.")
    if path.exists():
        what = _("“{path}” is not a folder.")
    return InputError(what.format(path=path), _filled())


def _missing(path: Path, name: str) -> InputError:
    return InputError(_("“{folder}” holds no {name}.").format(folder=path, name=name), _filled())


def _filled() -> str:
    return _("Give the folder that “make netboot” filled (build/netboot).")


def _damaged(path: Path, name: str) -> InputError:
    return InputError(
        _("{name} in “{folder}” is not the one that belongs there.").format(folder=path, name=name),
        _("It is damaged or of another build: run “make netboot” again."),
    )


def _unreadable(path: Path, name: str, error: OSError) -> InputError:
    return InputError(
        _("{name} in “{folder}” cannot be read: {reason}.").format(
            folder=path, name=name, reason=os_reason(error)
        )
    )
