"""One session of one command: what it does is journalled, and ends in a signed report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap import storage
from reprise.bootstrap.station import image_sha256, session_started
from reprise.ports import Journal, Signer
from reprise.workflow.delivery.submit import seal

if TYPE_CHECKING:
    from reprise.adapters.storage.store import MirroredStore
    from reprise.settings import Settings


@dataclass(frozen=True, slots=True)
class CommandSession:
    """`store` takes the report; `kept` holds the journals, and is mostly the same."""

    store: MirroredStore
    kept: MirroredStore
    journal: Journal
    signer: Signer
    report_id: str

    def seal(self) -> str:
        """Make the report and queue it; gives its id. Raises StorageError."""
        outbox = storage.outbox(self.store)
        image = image_sha256()
        return seal(self.journal, self.store, self.signer, outbox, image).report_id


def stores(data: str | None, folder: Path | None) -> tuple[MirroredStore, MirroredStore]:
    """CommandSession.store and .kept of a session that begins with these."""
    store = storage.store(data)
    return store, store if folder is None or data is not None else storage.folder_store(folder)


def begin(data: str | None, settings: Settings, folder: Path | None = None) -> CommandSession:
    """Journal the start of a session.

    Without `data` (--data) the store is in memory: the journal goes into `folder`, where one is
    given, because a folder outlives a power cut.
    """
    store, kept = stores(data, folder)
    signer = storage.signer(store)
    clock = storage.clock()
    started = session_started(settings.station.name, signer.kid, clock, kept)
    journal = storage.journal(kept, started.session_id)
    journal.append(started)
    return CommandSession(store, kept, journal, signer, started.report_id)
