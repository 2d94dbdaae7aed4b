"""A copy of the sources that no build output stands beside."""

from __future__ import annotations

import shutil
from pathlib import Path

TOP = Path(__file__).parents[2]


def source_tree(top: Path, *, app: bool = False) -> Path:
    for name in ("live-build", "hooks", "config", *(["app"] if app else [])):
        shutil.copytree(TOP / name, top / name, ignore=shutil.ignore_patterns("__pycache__"))
    (top / "app").mkdir(exist_ok=True)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(TOP / name, top / name)
    return top
