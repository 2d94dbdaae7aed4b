"""Reading the kernel's small files. The roots can be moved, so that tests read a made tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reprise.tools.lines import plain_int


@dataclass(frozen=True, slots=True)
class Roots:
    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    dev: Path = Path("/dev")
    run: Path = Path("/run/reprise")  # what the initramfs noted

    def block(self, name: str) -> Path:
        """A disk's or a partition's folder."""
        return self.sys / "class/block" / name


def read_bytes(path: Path) -> bytes | None:
    """None where it cannot be read: absent, forbidden, or the driver answers with an error."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def read_text(path: Path) -> str | None:
    """One stripped text; None where it is empty or cannot be read."""
    data = read_bytes(path)
    if data is None:
        return None
    return data.decode("utf-8", "replace").replace("\0", "").strip() or None


def read_int(path: Path) -> int | None:
    """A number that is not negative."""
    return plain_int(read_text(path) or "")


def names(folder: Path) -> list[str]:
    """What a folder holds, sorted; nothing where there is no such folder."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []


def listing(folder: Path) -> list[str] | None:
    """As names(), but None where there is such a folder and it cannot be read."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError:
        return None


def link_name(path: Path) -> str | None:
    """The last part of a symbolic link's target, e.g. a driver's name."""
    return path.resolve().name if path.is_symlink() else None
