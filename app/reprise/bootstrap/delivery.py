"""Settings, the store, the journal, the outbox and the stick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner
from reprise.errors import InputError, RepriseError, StorageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Mapping

    from reprise.adapters.journal import StoreJournal
    from reprise.adapters.outbox import StoreOutbox
    from reprise.adapters.store import MirroredStore
    from reprise.adapters.uplink import HttpUplink
    from reprise.adapters.watch import PollingWatch
    from reprise.domain.events import Stamped
    from reprise.domain.hardware import Inventory
    from reprise.domain.stick import StickState
    from reprise.ports import (
        Clock,
        Signer,
        StopFlag,
    )
    from reprise.server.settings import ServerSettings
    from reprise.settings import Settings
    from reprise.workflow.past import Earlier

RUN = "/run/reprise"


def server_settings(config: str | None, options: Mapping[str, object]) -> ServerSettings:
    """server.toml of the settings folder (defaults where it has none), then the options."""
    from reprise.adapters.config_files import config_dir, read_config
    from reprise.server.settings import FILE, load_settings

    path = config_dir(config) / FILE
    text = read_config(path) if path.exists() else ""
    return load_settings(text, str(path), options)


def check_station_settings(text: str) -> None:
    """Raises InputError where a station would not take this reprise.toml."""
    from reprise.settings import checked_settings

    checked_settings(text, "reprise.toml")


def settings(args: argparse.Namespace) -> Settings:
    """For commands: raises the first InputError (or StorageError) of any source."""
    found, problems = station_settings(args)
    for problem in problems:
        raise problem
    return found


def station_settings(args: argparse.Namespace) -> tuple[Settings, tuple[RepriseError, ...]]:
    """For the station: what could not be used is told and left out, and it goes on."""
    from reprise.adapters.config_files import (
        config_dir,
        decode_config,
        kernel_command_line,
        read_config,
    )
    from reprise.adapters.store import SETTINGS
    from reprise.settings import load_settings

    problems: list[RepriseError] = []
    sources: list[tuple[str, str]] = []
    shipped = config_dir(args.config) / "station.toml"
    try:
        if shipped.exists():
            sources.append((str(shipped), read_config(shipped)))
        data = store(args).read(SETTINGS, stick_first=True, sure=True)
        if data is not None:
            sources.append((SETTINGS, decode_config(data, SETTINGS)))
        chosen = session_file(args)
        if chosen.exists():
            sources.append((chosen.name, read_config(chosen)))
    except (InputError, StorageError) as error:
        problems.append(error)
    found, wrong = load_settings(sources, kernel_command_line())
    return found, (*problems, *wrong)


def session_file(args: argparse.Namespace) -> Path:
    """What was set on the station itself: stronger than the stick's settings, gone with this
    session."""
    from reprise.adapters.network.choices import FILE

    return Path(args.data or RUN, FILE)


def store(args: argparse.Namespace) -> MirroredStore:
    """--data DIR: that folder; else memory, mirrored onto the stick while one is mounted."""
    from reprise.adapters.mounts import mounted_stick, readable_stick
    from reprise.adapters.store import FolderStore, MirroredStore

    if args.data is not None:
        return FolderStore(Path(args.data))
    root = Path(RUN, "stick")
    return MirroredStore(
        Path(RUN, "memory"), lambda: mounted_stick(root), lambda: readable_stick(root)
    )


def folder_store(folder: Path) -> MirroredStore:
    """A plain folder as a store."""
    from reprise.adapters.store import FolderStore

    return FolderStore(folder)


def write_file(path: Path, data: bytes) -> None:
    """Put a file whole and durably. Raises StorageError."""
    from reprise.adapters.files import write_durably
    from reprise.adapters.store import storage_error

    try:
        write_durably(path, data)
    except OSError as error:
        raise storage_error(error, path) from error


def clock() -> Clock:
    from reprise.adapters.clock import SystemClock

    return SystemClock()


def journal(where: MirroredStore, session_id: str) -> StoreJournal:
    from reprise.adapters.journal import StoreJournal

    return StoreJournal(where, session_id, clock())


def signer(where: MirroredStore) -> Signer:
    """The station's key; a new one where the store has none."""
    from reprise.adapters.keys import station_signer

    return station_signer(where)


def outbox(where: MirroredStore) -> StoreOutbox:
    from reprise.adapters.outbox import StoreOutbox

    return StoreOutbox(where)


def uplink(found: Settings, where: MirroredStore) -> HttpUplink:
    """Raises InputError where no server is set."""
    from reprise.adapters.uplink import HttpUplink

    ca_file = found.server.ca_file
    return HttpUplink(found.server, where.path(ca_file) if ca_file else None)


def earlier(where: MirroredStore, session_id: str = "") -> Earlier:
    """What earlier sessions in the store left; `session_id` is today's."""
    from reprise.adapters.journal import FOLDER, read_journal
    from reprise.workflow.past import find_earlier

    told, unread = [], []
    for known in _known(where, {session_id}):
        try:
            reading = read_journal(where.read(f"{FOLDER}/{known}.jsonl", sure=True) or b"")
        except StorageError:
            unread.append(known)
            continue
        told.append((known, reading.sound))
        if reading.tells_nothing:
            unread.append(known)
    return find_earlier(told, unread)


def newest_sessions(where: MirroredStore) -> tuple[str, ...]:
    """What a new session in the store comes after (see SessionStarted.after): not what some
    process is still at work on."""
    from reprise.adapters.journal import FOLDER, living, read_journal
    from reprise.workflow.order import named_by, newest

    named = {}
    for known in _known(where, living(where)):
        data = where.read(f"{FOLDER}/{known}.jsonl") or b""
        named[known] = named_by(read_journal(data.partition(b"\n")[0]).sound)
    return newest(named)


def _known(where: MirroredStore, but: Collection[str]) -> tuple[str, ...]:
    """Ids of the sessions in the store."""
    from reprise.adapters.journal import FOLDER

    names = (name.rpartition(".") for name in where.names(FOLDER))
    return tuple(known for known, _dot, kind in names if kind == "jsonl" and known not in but)


def _sessions(
    where: MirroredStore, but: Collection[str]
) -> tuple[tuple[str, tuple[Stamped, ...], str], ...]:
    """(session id, its events up to the first hole, the whole journal's SHA-256) of every other
    session in the store."""
    from reprise.adapters.journal import FOLDER, read_journal
    from reprise.codec import sha256_hex

    found = []
    for known in _known(where, but):
        data = where.read(f"{FOLDER}/{known}.jsonl")
        if data:
            found.append((known, read_journal(data).sound, sha256_hex(data)))
    return tuple(found)


def newest_moment_s(where: MirroredStore, image: Path) -> int:
    """The latest moment that is surely past, in seconds since 1970: when the image was made, and
    the last word of earlier sessions whose clock was set by the network. 0 where neither is known.
    """
    from datetime import datetime

    from reprise.domain.events import SessionStarted

    moments = [int(image.stat().st_mtime)] if image.exists() else [0]
    for _known, events, _digest in _sessions(where, ()):
        first = events[0].event if events else None
        if isinstance(first, SessionStarted) and first.clock_trusted:
            moments.append(int(datetime.fromisoformat(events[-1].at).timestamp()))
    return max(moments)


def seal_left(
    where: MirroredStore, by: Signer, today: Inventory, session_id: str
) -> tuple[str, ...]:
    """Report what earlier sessions on this very PC did and could not report any more. One that
    another process is still at work on (`reprise erase` in a shell) will do so itself."""
    from reprise.adapters.journal import living
    from reprise.workflow.submit import seal_left

    queue = outbox(where)
    others = _sessions(where, {session_id, *living(where)})
    return seal_left(others, today, where, by, queue)


def outbox_watch(args: argparse.Namespace, where: MirroredStore, stop: StopFlag) -> PollingWatch:
    """Wakes the sender; looks after the stick (not with --data) while it waits."""
    from reprise.adapters.stick import StickKeeper
    from reprise.adapters.store import FolderStore
    from reprise.adapters.watch import PollingWatch

    queue = outbox(where)

    def queued() -> frozenset[str]:
        return frozenset(item.report_id for item in queue.items() if item.state != "sent")

    keeper = StickKeeper(command_runner(), Path(RUN))

    def tick() -> None:
        if not isinstance(where, FolderStore):
            keeper.prepare()
            where.sync()

    return PollingWatch(queued, tick, stop, session_file(args))


def prepare_stick() -> StickState:
    """Find and mount the stick's data partition; make it on the boot stick where there is none.
    Never raises for what a stick does: the state says it."""
    from reprise.adapters.stick import StickKeeper

    return StickKeeper(command_runner(), Path(RUN)).prepare()


def stick_state() -> StickState:
    """What was last seen of the stick, for the screen: cheap."""
    from reprise.adapters.stick import read_state

    return read_state(Path(RUN))
