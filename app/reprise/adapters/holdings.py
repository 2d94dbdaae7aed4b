"""What the outbox and the stick hold, for a person to read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from reprise.adapters.outbox import SENT, StoreOutbox
from reprise.adapters.signing import SignatureError, split_jws
from reprise.domain.delivery import Holdings, KnownReport
from reprise.ports import OutboxItem


class _Store(Protocol):
    def where(self) -> str: ...

    def problem(self) -> str: ...

    def path(self, relative: str) -> Path: ...


class StoreHoldings:
    """`stick` gives the root of the stick that is written to; `server` the address in force."""

    def __init__(
        self,
        store: _Store,
        outbox: StoreOutbox,
        stick: Callable[[], Path | None],
        server: Callable[[], str],
    ) -> None:
        self._store, self._outbox, self._stick, self._server = store, outbox, stick, server
        self._pcs: dict[str, str] = {}  # a report never changes

    def look(self) -> Holdings:
        """Reads every report once. Raises StorageError where memory cannot be read."""
        return Holdings(
            reports=tuple(self._known(item) for item in self._outbox.items()),
            server=self._server(),
            where=self._store.where(),
            problem=self._store.problem(),
            free_bytes=_free(self._stick()),
        )

    def _known(self, item: OutboxItem) -> KnownReport:
        pc = self._pcs.get(item.report_id)
        if pc is None:
            pc = self._pcs[item.report_id] = _pc(self._outbox.read(item.report_id) or b"")
        if item.state == SENT:
            return KnownReport(item.report_id, item.state, since=item.detail, pc=pc)
        since = self._since(item)
        return KnownReport(item.report_id, item.state, item.detail, since, pc)

    def _since(self, item: OutboxItem) -> str:
        """When the last word was noted; before there is one, when the report was queued."""
        note = self._store.path(f"outbox/{item.report_id}.state.json")
        for path in (note, Path(item.path)):
            try:
                return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(
                    timespec="seconds"
                )
            except OSError:  # no note yet, or the stick was pulled just now
                continue
        return ""


def _free(root: Path | None) -> int | None:
    if root is None:
        return None
    try:
        found = os.statvfs(root)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def _pc(jws: bytes) -> str:
    """ "" where the report cannot be read: its number still tells which it is."""
    try:
        report = json.loads(split_jws(jws)[1])
    except (SignatureError, ValueError, RecursionError):
        return ""
    tag = _text(report, "operator", "asset_tag")
    machine = [_text(report, "inventory", "machine", name) for name in ("maker", "model", "serial")]
    return " ".join(word for word in (tag, *machine) if word)


def _text(plain: Any, *names: str) -> str:
    for name in names:
        plain = plain.get(name) if isinstance(plain, dict) else None
    return plain if isinstance(plain, str) else ""
