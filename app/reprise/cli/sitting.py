"""One session of one command: what it does is journalled, and ends in a signed report."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reprise import bootstrap
from reprise.ports import Journal, Signer
from reprise.workflow.submit import seal

if TYPE_CHECKING:
    from reprise.adapters.store import MirroredStore
    from reprise.settings import Settings


@dataclass(frozen=True, slots=True)
class Sitting:
    """`store` takes the report; `kept` holds the journals, and is mostly the same."""

    store: MirroredStore
    kept: MirroredStore
    journal: Journal
    signer: Signer
    report_id: str

    def seal(self) -> str:
        """Make the report and queue it; gives its id. Raises StorageError."""
        outbox = bootstrap.outbox(self.store)
        image = bootstrap.image_sha256()
        return seal(self.journal, self.store, self.signer, outbox, image).report_id


def begin(args: argparse.Namespace, settings: Settings, folder: Path | None = None) -> Sitting:
    """Journal the start of a session.

    Without --data the store is in memory: the journal goes into `folder`, where one is given,
    because a folder outlives a power cut.
    """
    store = bootstrap.store(args)
    signer = bootstrap.signer(store)
    kept = store if folder is None or args.data is not None else bootstrap.folder_store(folder)
    clock = bootstrap.clock()
    started = bootstrap.session_started(settings.station.name, signer.kid, clock, kept)
    journal = bootstrap.journal(kept, started.session_id)
    journal.append(started)
    return Sitting(store, kept, journal, signer, started.report_id)
