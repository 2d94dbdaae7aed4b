"""The store, the journal, the outbox and the stick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from reprise.adapters.delivery.outbox import StoreOutbox
    from reprise.adapters.delivery.uplink import HttpUplink
    from reprise.adapters.delivery.watch import PollingWatch
    from reprise.adapters.storage.journal import StoreJournal
    from reprise.adapters.storage.store import MirroredStore
    from reprise.domain.station.stick import StickState
    from reprise.ports import (
        Clock,
        Signer,
        StopFlag,
    )
    from reprise.settings import Settings

RUN = "/run/reprise"


def session_file(data: str | None) -> Path:
    """What was set on the station itself: stronger than the stick's settings, gone with this
    session."""
    from reprise.adapters.network.choices import FILE

    return Path(data or RUN, FILE)


def settings_on_stick(data: str | None) -> Path:
    """It need not be there."""
    from reprise.adapters.storage.store import SETTINGS

    return Path(RUN, "stick", SETTINGS) if data is None else Path(data, SETTINGS)


def store(data: str | None) -> MirroredStore:
    """`data`: that folder (--data); else memory, mirrored onto the stick while one is mounted."""
    from reprise.adapters.stick.mounts import mounted_stick, readable_stick
    from reprise.adapters.storage.store import FolderStore, MirroredStore

    if data is not None:
        return FolderStore(Path(data))
    root = Path(RUN, "stick")
    return MirroredStore(
        Path(RUN, "memory"), lambda: mounted_stick(root), lambda: readable_stick(root)
    )


def folder_store(folder: Path) -> MirroredStore:
    """A plain folder as a store."""
    from reprise.adapters.storage.store import FolderStore

    return FolderStore(folder)


def write_file(path: Path, data: bytes) -> None:
    """Put a file whole and durably. Raises StorageError."""
    from reprise.adapters.storage.files import write_durably
    from reprise.adapters.storage.storage_error import storage_error

    try:
        write_durably(path, data)
    except OSError as error:
        raise storage_error(error, path) from error


def clock() -> Clock:
    from reprise.adapters.pc.clock import SystemClock

    return SystemClock()


def journal(where: MirroredStore, session_id: str) -> StoreJournal:
    from reprise.adapters.storage.journal import StoreJournal

    return StoreJournal(where, session_id, clock())


def signer(where: MirroredStore) -> Signer:
    """The station's key; a new one where the store has none."""
    from reprise.adapters.signing.station_key import station_signer

    return station_signer(where)


def outbox(where: MirroredStore) -> StoreOutbox:
    from reprise.adapters.delivery.outbox import StoreOutbox

    return StoreOutbox(where)


def uplink(found: Settings, where: MirroredStore) -> HttpUplink:
    """Raises InputError where no server is set."""
    from reprise.adapters.delivery.uplink import HttpUplink

    ca_file = found.server.ca_file
    return HttpUplink(found.server, where.path(ca_file) if ca_file else None, clock())


def outbox_watch(data: str | None, where: MirroredStore, stop: StopFlag) -> PollingWatch:
    """Wakes the sender."""
    from reprise.adapters.delivery.watch import PollingWatch

    queue = outbox(where)

    def queued() -> frozenset[str]:
        return frozenset(item.report_id for item in queue.items() if item.state != "sent")

    return PollingWatch(queued, stop, session_file(data), settings_on_stick(data))


def stick_kept(data: str | None, where: MirroredStore) -> AbstractContextManager[None]:
    """Meanwhile the stick is looked for, and brought up to date (not with --data), whatever else
    the process does."""
    from contextlib import nullcontext

    from reprise.adapters.delivery.watch import beside
    from reprise.adapters.stick.keeper import StickKeeper

    keeper = StickKeeper(command_runner(), Path(RUN))

    def look() -> None:
        keeper.prepare()
        where.sync()

    return nullcontext() if data is not None else beside(look)


def prepare_stick() -> StickState:
    """Find and mount the stick's data partition; make it on the boot stick where there is none.
    Never raises for what a stick does: the state says it."""
    from reprise.adapters.stick.keeper import StickKeeper

    return StickKeeper(command_runner(), Path(RUN)).prepare()


def stick_state() -> StickState:
    """What was last seen of the stick, for the screen: cheap."""
    from reprise.adapters.stick.keeper import read_state

    return read_state(Path(RUN))
