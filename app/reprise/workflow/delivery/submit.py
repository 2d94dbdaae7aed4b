"""Evidence: fold the journal, sign the exact bytes, keep them, queue them. Nothing is announced
as sealed before it is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reprise.codec import to_json
from reprise.domain.drives.same_drive import same_drive
from reprise.domain.drives.unreached import StorageLooked, Unreached, UnreachedKind
from reprise.domain.pc.assessment import ImageMeasured
from reprise.domain.pc.hardware import DriveIdentity, Inventory
from reprise.domain.report.events import AttemptStarted, ReportSealed, Stamped
from reprise.domain.report.fold import fold
from reprise.domain.report.fold_drive import IncompleteJournalError
from reprise.domain.report.one_session import left_ids
from reprise.domain.report.report import SCHEMA, Report
from reprise.domain.report.shortening import TIGHTER, shortened
from reprise.domain.station.delivery import LARGEST_PAYLOAD
from reprise.errors import InputError, RepriseError
from reprise.i18n import _
from reprise.ports import Journal, Outbox, Signer, Store
from reprise.workflow.past.sessions import numbers_of, same_machine


def seal(
    journal: Journal, store: Store, signer: Signer, outbox: Outbox, image_sha256: str = ""
) -> ReportSealed:
    """Make the session's one signed report. Write, fsync, rename; then ReportSealed is journalled.

    A report is final: called again (also after a crash in between) it gives the one already kept.
    `image_sha256`: of the image that this PC was started from, where it is known by now.
    Raises InputError where the journal is not a session's, StorageError where nothing could keep
    the report.
    """
    events = journal.events()
    for stamped in events:
        if isinstance(stamped.event, ReportSealed):
            return _sealed_again(stamped.event, outbox)
    kinds = {type(stamped.event) for stamped in events}
    if image_sha256 and ImageMeasured not in kinds:
        journal.append(ImageMeasured(image_sha256))
        events = journal.events()
    try:
        report = fold(events, journal_sha256=journal.digest())
    except IncompleteJournalError as error:
        raise InputError(
            _("this session cannot be reported: {reason}.").format(reason=error)
        ) from error
    if AttemptStarted in kinds:  # a session looks before; without that it proves less
        report = replace(report, vanished=(*report.vanished, *_not_looked(events)))
    jws = outbox.made(report.report_id) or signer.sign(exact_bytes(report))
    outbox.put(report.report_id, jws)
    sealed = ReportSealed(report.report_id, hashlib.sha256(jws).hexdigest(), store.where())
    journal.append(sealed)
    return sealed


def _sealed_again(sealed: ReportSealed, outbox: Outbox) -> ReportSealed:
    """What the journal says was kept: of a demonstration no key tells."""
    kept = outbox.made(sealed.report_id)
    if kept is not None:  # its place in the queue may be lost
        outbox.put(sealed.report_id, kept)
    return sealed


def seal_left(
    earlier: Iterable[tuple[str, Sequence[Stamped], str]],
    today: Inventory,
    signer: Signer,
    outbox: Outbox,
) -> tuple[str, ...]:
    """Report the sessions that erased something on this very PC and were cut off before their
    report: what was proven by then must not be lost. Gives the numbers of the new reports.

    `earlier`: (session id, journal, SHA-256 of the journal). Sessions of other PCs are left
    alone: one stick starts many, and those may still be at work. The report has a number of its
    own, made from the session's and its journal's, so that it is made once and never stands in
    another's way; and it names the session's own, which may have been made without the stick
    (see domain/report/one_session.py). Where it was cut off before it looked for drives that came
    up meanwhile, the report is INCOMPLETE.
    """
    made = []
    failed: RepriseError | None = None
    for session_id, events, digest in earlier:
        report = _left(events, digest)
        if report is None or not _same_pc(report.inventory, _begun(events), today):
            continue
        report_id, older_id = left_ids(session_id, digest)
        left = replace(
            report,
            report_id=report_id,
            left_of=report.report_id,
            vanished=(*report.vanished, *_not_looked(events)),
        )
        try:
            if any(map(outbox.holds, (report.report_id, report_id, older_id))):
                continue
            outbox.put(report_id, signer.sign(exact_bytes(left)))
        except RepriseError as error:  # the next one may have room, or no other in its place
            failed = failed or error
        else:
            made.append(report_id)
    if failed is not None:
        raise failed
    return tuple(made)


def exact_bytes(report: Report) -> bytes:
    """What is signed: within what every server takes, whatever the report is made of. The same
    report always gives the same bytes."""
    data = b""
    for how in TIGHTER:
        data = to_json(shortened(report, how))
        if len(data) <= LARGEST_PAYLOAD:
            break
    return data


def _not_looked(events: Sequence[Stamped]) -> tuple[Unreached, ...]:
    """A drive that came up during the erase is seen by the look after it. Told from the journal
    alone, so that the report is the same bytes whenever it is made."""
    for stamped in reversed(events):
        if isinstance(stamped.event, StorageLooked):
            return ()
        if isinstance(stamped.event, AttemptStarted):
            break
    return (Unreached(UnreachedKind.NOT_LOOKED, ""),)


def _left(events: Sequence[Stamped], digest: str) -> Report | None:
    """The report of a session that began to erase and sealed nothing."""
    kinds = {type(stamped.event) for stamped in events}
    if AttemptStarted not in kinds or ReportSealed in kinds:
        return None
    try:
        report = fold(events, journal_sha256=digest)
    except IncompleteJournalError:  # a journal with a hole proves nothing
        return None
    return report if report.schema == SCHEMA else None  # nor does a demonstration


def _begun(events: Iterable[Stamped]) -> tuple[DriveIdentity, ...]:
    """The drives of a session that it began to erase, each as it was then."""
    recorded = (stamped.event for stamped in events)
    return tuple(event.identity for event in recorded if isinstance(event, AttemptStarted))


def _same_pc(then: Inventory, begun: Sequence[DriveIdentity], today: Inventory) -> bool:
    """By what the firmware says of the machine, and at least one drive that is still in it. Where
    it says nothing, by a drive that was being erased: not by any, as the stick is in many PCs."""
    here = [drive.identity for drive in today.drives]
    if same_machine(then.machine, today.machine):
        known = (*begun, *(drive.identity for drive in then.drives))
        return any(a.key == b.key or same_drive(a, b) for a in known for b in here)
    if any(numbers_of(then.machine)) or any(numbers_of(today.machine)):
        return False
    return any(same_drive(a, b) for a in begun for b in here)
