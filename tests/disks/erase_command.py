"""`reprise erase` on a loop device of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from disks.rig import MIB
from reprise.adapters.storage.journal import read_journal

T = TypeVar("T")
SIZE = 9 * MIB + 512


@dataclass
class Bench:
    """One loop device, a data folder and a report folder."""

    file: Path
    node: str
    data: Path
    reports: Path

    def argv(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "reprise", "--lang", "en", "--data", str(self.data), *words]

    def reprise(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.argv(*words), capture_output=True, text=True, check=False)

    def erase(self, *words: str, confirm: str = "") -> subprocess.CompletedProcess[str]:
        confirm = confirm or str(self.file)
        return self.reprise("erase", "--drive", self.node, "--confirm", confirm, *words)

    def journalled(self, kind: type[T]) -> list[T]:
        """These events of all sessions so far."""
        files = self.data.glob("journal/*.jsonl")
        stamped = [one for file in files for one in read_journal(file.read_bytes()).events]
        return [one.event for one in stamped if isinstance(one.event, kind)]

    def untouched(self) -> bool:
        return self.file.read_bytes().count(b"SECRET") > 1000
