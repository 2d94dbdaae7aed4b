"""What a stick lacks of what memory has."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reprise.adapters.files import names_in, read_or_none, size_or_none


def wanted(data: bytes, there: Path) -> bool:
    """Whether `there` must still get `data`. Journals only grow: a longer one that begins like
    ours is newer than ours."""
    other = read_or_none(there)
    if other is None:
        return True
    return not other.startswith(data) if there.suffix == ".jsonl" else other != data


def looks_other(memory: Path, root: Path, folders: Iterable[str]) -> bool:
    """Whether the stick at `root` may be another one than the one that was written to: sticks are
    swapped while nothing is written. By sizes only, as the screen asks every second."""
    ours = (Path(folder, name) for folder in folders for name in names_in(memory / folder))
    return any(size_or_none(root / one) != size_or_none(memory / one) for one in ours)
