"""The last look before a report: what came up since the inventory, which is fixed by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reprise.domain.drives.late import Storage, appeared
from reprise.domain.drives.unreached import StorageLooked, Unreached, UnreachedKind
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.errors import RepriseError
from reprise.ports import DriveProbe, Journal, Store
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
        found: tuple[Unreached, ...] = (Unreached(UnreachedKind.NOT_LISTED, "", str(now)),)
    else:
        found = appeared(there, inventory, known, now)
    return StorageLooked(tuple(one for one in found if one not in known))


def _look(probe: DriveProbe, known: Sequence[Drive]) -> Storage | RepriseError:
    try:
        return probe.probe_storage(known)
    except RepriseError as error:
        return error


def look_again(
    state: SessionState,
    probe: DriveProbe,
    store: Store,
    journal: Journal,
    *,
    last: bool = True,
) -> None:
    """Of a session whose drives are done; each thing is told once, however often it looks. Not once
    its report is kept: that is final. Not the `last` look, what it finds may be a stick that goes
    again, or a drive that starts: it is not told, and a session that is cut off then has not
    looked."""
    if state.started is None or state.inventory is None or state.stage is Stage.SEALED:
        return
    if store.read(f"reports/{state.started.report_id}.jws") is not None:
        return
    drives = [view.drive for view in state.drives]
    found = late_storage(probe, state.inventory, drives, state.vanished)
    if last or not found.found:
        journal.append(found)
