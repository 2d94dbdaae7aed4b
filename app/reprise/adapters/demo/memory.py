"""What one session writes, kept in memory: of hundreds that nobody resumes no file is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reprise.ports import OutboxItem


class MemoryStore:
    """Implements ports.Store, and what StoreJournal asks of one."""

    memory = Path("/nonexistent")  # of the files that this has not

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def append(self, relative: str, data: bytes) -> None:
        self._files[relative] = self._files.get(relative, b"") + data

    def read(self, relative: str, *, stick_first: bool = False) -> bytes | None:  # noqa: ARG002
        return self._files.get(relative)

    def where(self) -> str:
        return "stick"

    def sync(self) -> bool:
        return True

    def problem(self) -> str:
        return ""


class MemoryOutbox:
    """Implements ports.Outbox. Nobody sends what is in it; it is taken out by `made`."""

    def __init__(self) -> None:
        self._reports: dict[str, bytes] = {}

    def put(self, report_id: str, jws: bytes) -> OutboxItem:
        self._reports[report_id] = jws
        return OutboxItem(report_id, "", len(jws), "waiting")

    def items(self) -> Sequence[OutboxItem]:
        return [OutboxItem(name, "", len(jws), "waiting") for name, jws in self._reports.items()]

    def made(self, report_id: str) -> bytes | None:
        return self._reports.get(report_id)

    def holds(self, report_id: str) -> bool:
        return report_id in self._reports
