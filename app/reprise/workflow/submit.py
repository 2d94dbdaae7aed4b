"""Evidence: fold the journal, sign the exact bytes, keep them, queue them. Nothing is announced
as sealed before it is stored."""

from __future__ import annotations

import hashlib
from typing import Protocol

from reprise.codec import to_json
from reprise.domain.events import ReportSealed
from reprise.domain.fold import IncompleteJournalError, fold
from reprise.errors import InputError
from reprise.i18n import _
from reprise.ports import Journal, Outbox, Signer


class ReportStore(Protocol):
    """ports.Store, and what is already kept."""

    def where(self) -> str: ...

    def sync(self) -> bool: ...

    def problem(self) -> str: ...

    def read(self, relative: str, *, stick_first: bool = False) -> bytes | None: ...


def seal(journal: Journal, store: ReportStore, signer: Signer, outbox: Outbox) -> ReportSealed:
    """Make the session's one signed report. Write, fsync, rename; then ReportSealed is journalled.

    A report is final: called again (also after a crash in between) it gives the one already kept.
    Raises InputError where the journal is not a session's, StorageError where nothing could keep
    the report.
    """
    events = journal.events()
    try:
        report = fold(events, journal_sha256=journal.digest())
    except IncompleteJournalError as error:
        raise InputError(
            _("this session cannot be reported: {reason}.").format(reason=error)
        ) from error
    jws = store.read(f"reports/{report.report_id}.jws")
    if jws is None:
        jws = signer.sign(to_json(report))
    outbox.put(report.report_id, jws)
    sealed = ReportSealed(report.report_id, hashlib.sha256(jws).hexdigest(), store.where())
    if not any(isinstance(stamped.event, ReportSealed) for stamped in events):
        journal.append(sealed)
    return sealed
