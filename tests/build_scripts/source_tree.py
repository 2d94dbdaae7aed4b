"""A copy of the sources that no build output stands beside."""

from __future__ import annotations

import shutil
from pathlib import Path

from station_kit.places import TOP


def source_tree(top: Path, *, app: bool = False) -> Path:
    for name in ("live-build", "hooks", "config", *(["app"] if app else [])):
        shutil.copytree(TOP / name, top / name, ignore=shutil.ignore_patterns("__pycache__"))
    (top / "app/reprise").mkdir(parents=True, exist_ok=True)
    for name in ("pyproject.toml", "requirements.lock", "app/reprise/__init__.py"):
        shutil.copy(TOP / name, top / name)
    return top


def keep_to_oneself(top: Path) -> None:
    """The modes of a clone that was made under umask 077."""
    for path in (top, *top.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)


def others_cannot_use(path: Path) -> bool:
    """Where only its owner may read, enter or run it."""
    mode = path.lstat().st_mode
    return bool(mode >> 6 & 0o5 & ~mode)
