"""Files and programs of the system that is set up: the PC's own, or one under another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_TOOL_S = 120.0


class ToolFailed(Exception):  # noqa: N818 - it says what happened
    """For the journal; a person gets a FirstStartError."""


class Root:
    """`path`: where the system's "/" is; not "/" itself only in tests and when repairing."""

    def __init__(self, path: Path = Path("/")) -> None:
        self.path = path

    @property
    def is_live(self) -> bool:
        return self.path == Path("/")

    def at(self, name: str) -> Path:
        """`name` without a slash in front: "etc/passwd"."""
        return self.path / name

    def read_text(self, name: str) -> str:
        """Raises OSError, UnicodeDecodeError (a ValueError)."""
        return self.at(name).read_text("utf-8")

    def write(
        self, name: str, text: str, mode: int = 0o644, owner: tuple[int, int] | None = None
    ) -> None:
        """The whole file or the old one, after a power cut too; nobody else ever sees it with more
        rights than `mode`. A link is replaced, not followed. `owner`: user and group, by number."""
        path = self.at(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            if owner is not None:
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), mode)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        _sync_folder(path.parent)

    def link(self, name: str, to: str) -> None:
        path = self.at(name)
        new = path.with_name(f".{path.name}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(to)
        new.rename(path)
        _sync_folder(path.parent)

    def remove(self, name: str) -> None:
        path = self.at(name)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)

    def has_tool(self, name: str) -> bool:
        folders = (self.at("usr/sbin"), self.at("usr/bin"))
        return shutil.which(name, path=os.pathsep.join(map(str, folders))) is not None

    def run(self, argv: Sequence[str], stdin: str = "", timeout_s: float = _TOOL_S) -> str:
        """Inside the system, in the C locale. Returns what it wrote. Raises ToolFailed."""
        inside = tuple(argv) if self.is_live else ("chroot", str(self.path), *argv)
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        try:
            done = subprocess.run(
                inside, input=stdin, capture_output=True, text=True, env=environment,
                timeout=timeout_s, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ToolFailed(f"{argv[0]}: {error}") from error
        if done.returncode != 0:
            said = " ".join((done.stderr or done.stdout).split())[:300]
            raise ToolFailed(f"{argv[0]}: exit {done.returncode}: {said}")
        return done.stdout


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
