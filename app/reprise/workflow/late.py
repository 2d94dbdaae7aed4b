"""The last look before a report: what came up since the inventory, which is fixed by then."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.hardware import Inventory
from reprise.domain.late import appeared
from reprise.domain.unreached import StorageAppeared, Unreached, UnreachedKind
from reprise.errors import RepriseError
from reprise.ports import DriveProbe
from reprise.workflow.session_state import SessionState, Stage


def late_storage(
    probe: DriveProbe, inventory: Inventory, known: tuple[Unreached, ...] = ()
) -> Iterator[StorageAppeared]:
    """What makes the PC INCOMPLETE since then. A look that fails proves nothing, and is told."""
    try:
        found = appeared(inventory, known, probe.probe_storage())
    except RepriseError as error:
        found = (Unreached(UnreachedKind.NOT_LISTED, "", str(error)),)
    yield from (StorageAppeared(one) for one in found if one not in known)


def late_in(state: SessionState, probe: DriveProbe) -> Iterator[StorageAppeared]:
    """Of a session that is about to be sealed; each thing once, however often that is tried."""
    if state.inventory is None or state.stage is Stage.SEALED:
        return
    yield from late_storage(probe, state.inventory, state.vanished)
