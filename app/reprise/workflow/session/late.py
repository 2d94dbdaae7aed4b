"""The last look before a report: what came up since the inventory, which is fixed by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reprise.domain.drives.late import Storage, appeared
from reprise.domain.drives.unreached import StorageLooked, Unreached, UnreachedKind
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.report.fold_drive import DriveFold
from reprise.errors import RefusedError, RepriseError
from reprise.i18n import _
from reprise.ports import DriveProbe, Journal, Outbox
from reprise.workflow.session.state import SessionState, Stage


def late_storage(
    probe: DriveProbe,
    inventory: Inventory,
    drives: Iterable[Drive],
    known: tuple[Unreached, ...] = (),
) -> StorageLooked:
    """What makes the PC INCOMPLETE since then. `drives`, `known`: see domain.drives.late.appeared.
    A look that fails proves nothing, and is told."""
    there = tuple(drives)
    now = _look(probe, there)
    if isinstance(now, RepriseError):
        unreached: tuple[Unreached, ...] = (Unreached(UnreachedKind.NOT_LISTED, "", str(now)),)
    else:
        unreached = appeared(there, inventory, known, now)
    return StorageLooked(tuple(place for place in unreached if place not in known))


def _look(probe: DriveProbe, known: Sequence[Drive]) -> Storage | RepriseError:
    try:
        return probe.probe_storage(known)
    except RepriseError as error:
        return error


def as_left(drive: Drive, known: DriveFold | None) -> Drive:
    """With the size that it was given since, or had before."""
    if known is None:
        return drive
    return replace(drive, identity=replace(drive.identity, size_bytes=known.largest_bytes))


def look_again(
    state: SessionState,
    probe: DriveProbe,
    outbox: Outbox,
    journal: Journal,
    *,
    last: bool = True,
) -> None:
    """For a session whose drives are done; each thing is told once, however often this looks, and
    nothing once its report is kept: that is final. What lies in a report's place is none before the
    station's own key has signed it. Unless this is the `last` look, what it finds
    is not told, as it may be a stick that is pulled again or a drive that is starting; a session
    that is cut off then has not looked."""
    if state.started is None or state.inventory is None or state.stage is Stage.SEALED:
        return
    if outbox.made(state.started.report_id) is not None:
        return
    drives = [as_left(view.drive, view.fold) for view in state.drives]
    looked = late_storage(probe, state.inventory, drives, state.vanished)
    if last or not looked.found:
        journal.append(looked)


def plan_changed() -> RefusedError:
    """A look that came later told what nobody has read."""
    return RefusedError(_("The plan changed since it was shown."), _("Look at the drives again."))
