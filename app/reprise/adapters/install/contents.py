"""What a root file system holds, without unpacking it onto a drive: names, sizes, os-release."""

from __future__ import annotations

import tarfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from reprise.adapters.install.packed import DamagedError, PackedFile
from reprise.domain.install.os_needs import FOLDERS, OS_RELEASE, merged
from reprise.ports import CommandRunner

_BLOCK_BYTES = 4096  # of the installed ext4
_LIST_S = 900.0
_LEAST_FIELDS = 6  # of one line of unsquashfs -lln: mode, owner, size, date, time, name


@dataclass(slots=True)
class Contents:
    """`paths` as domain.install.os_needs spells them; `unpacked_bytes` as ext4 takes it."""

    paths: set[str] = field(default_factory=set)
    unpacked_bytes: int = 0
    os_release: str = ""

    def add(self, path: str, size: int) -> None:
        self.paths.add(merged(path))
        self.unpacked_bytes += _BLOCK_BYTES * max(1, -(-size // _BLOCK_BYTES))


def squashfs_contents(image: Path, runner: CommandRunner) -> Contents:
    """Raises DamagedError where unsquashfs cannot read it, ToolError where there is none."""
    contents = Contents()
    listed = _said(runner, ["unsquashfs", "-lln", "-d", "", str(image)])
    for line in listed.splitlines():
        size, path = _line(line)
        if path:
            contents.add(path, size)
    release = next((path for path in OS_RELEASE if path in contents.paths), "")
    if release:
        contents.os_release = _said(runner, ["unsquashfs", "-cat", str(image), release])
    return contents


def _line(line: str) -> tuple[int, str]:
    """Size of a regular file (else 0) and its path; "" where the line names none."""
    head, slash, path = line.partition(" /")
    words = head.split()
    if not slash or len(words) < _LEAST_FIELDS - 1:
        return 0, ""
    if line[0] == "l":
        path = path.partition(" -> ")[0]
    return int(words[2]) if line[0] == "-" else 0, path


def _said(runner: CommandRunner, argv: list[str]) -> str:
    result = runner.run(argv, timeout_s=_LIST_S)
    if result.exit_code != 0:
        words = result.stderr.decode("utf-8", "replace").split()
        raise DamagedError(" ".join(words)[-200:])
    return result.stdout.decode("utf-8", "surrogateescape")


def unpacked_contents(root: Path) -> Contents:
    """Of a file system that is mounted at `root`: the names that domain.install.os_needs asks
    for."""
    contents = Contents()
    for folder in FOLDERS:
        with suppress(OSError):  # a folder that is not there has no names
            contents.paths.update(f"{folder}/{entry.name}" for entry in (root / folder).iterdir())
    for name in OS_RELEASE:
        path = root / name
        if not contents.os_release and path.is_file() and not path.is_symlink():
            contents.os_release = path.read_text("utf-8", "replace")
    return contents


class _Stream:
    """What tarfile asks of a file that is only read forwards."""

    def __init__(self, packed: PackedFile) -> None:
        self.read = packed.read


def tar_contents(packed: PackedFile) -> Generator[None, None, Contents]:
    """Yields after every entry. Raises DamagedError, also for an entry that leads out of the
    folder that it is unpacked in."""
    contents = Contents()
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", _Stream(packed)), mode="r|") as archive:
            for entry in archive:
                _check_inside(entry)
                contents.add(entry.name, entry.size if entry.isreg() else 0)
                path = merged(entry.name)
                if entry.isreg() and path in OS_RELEASE[: 1 if contents.os_release else None]:
                    contents.os_release = _text(archive, entry)
                archive.members = []  # type: ignore[attr-defined]  # it would keep them all
                yield
    except (tarfile.TarError, ValueError) as error:  # ValueError: a malformed number
        raise DamagedError(str(error)) from error
    for _rest in _to_the_end(packed):
        yield
    return contents


def _check_inside(entry: tarfile.TarInfo) -> None:
    """GNU tar refuses the one and shortens the other; a system that has them is none."""
    for name in (entry.name, entry.linkname if entry.islnk() else ""):
        if ".." in name.split("/"):
            raise DamagedError(f"“{entry.name}” leads out of the archive")


def _text(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> str:
    file = archive.extractfile(entry)
    return "" if file is None else file.read().decode("utf-8", "replace")


def _to_the_end(packed: PackedFile) -> Iterator[None]:
    """Zeros behind the archive's end; what unpacks it says only at the end that all was well."""
    while packed.read(1 << 20):
        yield
