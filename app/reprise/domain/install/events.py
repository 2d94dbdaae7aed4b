"""An installation as events of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class InstallStarted:
    drive: str
    node: str
    image: str  # entry of images.toml
    image_version: str
    digest: str  # SHA-256 hex, checked before writing


@dataclass(frozen=True, slots=True)
class InstallFinished:
    drive: str
    ok: bool
    duration_s: float
    detail: str  # "" or what went wrong


InstallEvent: TypeAlias = InstallStarted | InstallFinished
