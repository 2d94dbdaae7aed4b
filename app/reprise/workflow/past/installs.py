"""The systems that earlier sessions installed, or were installing when they were cut off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.report.events import AttemptStarted, InventoryTaken, ReportSealed, Stamped
from reprise.workflow.past.known_drives import KnownDrives, identity_of
from reprise.workflow.past.order import Sessions, in_order

Installs = Mapping[DriveIdentity, str]  # a drive -> the entry of images.toml


@dataclass(slots=True)
class _Changed:
    """One drive. `image`: of the installation that `cut` (a session) began there last."""

    image: str = ""
    cut: str = ""
    sessions: set[str] = field(default_factory=set)  # that changed the drive


def find_cut_installs(sessions: Sessions) -> Installs:
    """Drives on which a session's last word is that a system is being installed, and that system.

    Another erasure of the drive ends that, unless it was surely before; so does the session's
    report: a session that could still seal one was not cut off.
    """
    order = in_order(sessions)
    known = KnownDrives(_Changed)
    for session_id, stamped in order.sessions:
        for identity, event in _changes(stamped):
            here = known.at(identity)
            here.sessions.add(session_id)
            for note in known.same(identity):
                note.cut = ""
            if isinstance(event, InstallStarted):
                here.cut, here.image = session_id, event.image
        if any(isinstance(entry.event, ReportSealed) for entry in stamped):
            for _identity, note in known.items():
                note.cut = "" if note.cut == session_id else note.cut
    return {
        identity: note.image
        for identity, note in known.items()
        if note.cut
        and all(
            order.surely_before(other, note.cut)
            for same in known.same(identity)
            for other in same.sessions - {note.cut}
        )
    }


def find_installed(sessions: Sessions) -> Installs:
    """Drives on which a session installed a system, and which: unless that drive's erasure began
    again surely later."""
    order = in_order(sessions)
    known: KnownDrives[list[tuple[str, str]]] = KnownDrives(list)  # (session, image)
    for session_id, stamped in order.sessions:
        image = ""
        for identity, event in _changes(stamped):
            here = known.at(identity)
            if isinstance(event, InstallStarted):
                image = event.image
            elif isinstance(event, InstallFinished):
                here += [(session_id, image)] if event.ok else []
            else:
                for records in known.same(identity):
                    records[:] = [
                        record
                        for record in records
                        if record[0] != session_id
                        and not order.surely_before(record[0], session_id)
                    ]
    return {identity: records[-1][1] for identity, records in known.items() if records}


def _changes(
    stamped: Sequence[Stamped],
) -> Iterable[tuple[DriveIdentity, AttemptStarted | InstallStarted | InstallFinished]]:
    """What a session did to which drive, by the identity the drive had when its attempt began:
    removing a hidden area may have changed it since the session first named the drive."""
    known: dict[str, DriveIdentity] = {}
    for event in (entry.event for entry in stamped):
        if isinstance(event, InventoryTaken):
            known = {drive.identity.key: drive.identity for drive in event.inventory.drives} | known
        elif isinstance(event, AttemptStarted):
            known[event.drive] = event.identity
        if isinstance(event, AttemptStarted | InstallStarted | InstallFinished):
            yield known.get(event.drive) or identity_of(event.drive), event
