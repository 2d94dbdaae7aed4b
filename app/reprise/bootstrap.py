"""The only file that binds ports to adapters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from reprise.adapters.installer import SquashfsInstaller
    from reprise.adapters.journal import StoreJournal
    from reprise.adapters.outbox import StoreOutbox
    from reprise.adapters.store import MirroredStore
    from reprise.adapters.uplink import HttpUplink
    from reprise.adapters.watch import PollingWatch
    from reprise.domain.events import SessionStarted, Stamped
    from reprise.domain.hardware import Inventory
    from reprise.domain.policy import Policy
    from reprise.domain.stick import StickState
    from reprise.domain.techniques import Technique
    from reprise.ports import (
        Clock,
        CommandResult,
        CommandRunner,
        DriveProbe,
        Sanitizer,
        Signer,
        StopFlag,
    )
    from reprise.server.settings import ServerSettings
    from reprise.settings import Settings
    from reprise.workflow.recovery import Interrupted
    from reprise.workflow.services import StationServices


def command_runner(on_call: Callable[[CommandResult], None] | None = None) -> CommandRunner:
    """The funnel for external commands; `on_call` sees each of them."""
    from reprise.adapters.command import SystemCommandRunner

    return SystemCommandRunner(on_call)


def drive_probe(runner: CommandRunner | None = None) -> DriveProbe:
    """Reads this machine's hardware; never writes."""
    from reprise.adapters.probe import SystemProbe

    return SystemProbe(runner or command_runner())


def server_settings(config: str | None, options: Mapping[str, object]) -> ServerSettings:
    """server.toml of the settings folder (defaults where it has none), then the options."""
    from reprise.adapters.config_files import config_dir, read_config
    from reprise.server.settings import FILE, load_settings

    path = config_dir(config) / FILE
    text = read_config(path) if path.exists() else ""
    return load_settings(text, str(path), options)


def check_station_settings(text: str) -> None:
    """Raises InputError where a station would not take this reprise.toml."""
    from reprise.settings import load_settings

    _settings, problems = load_settings([("reprise.toml", text)])
    for problem in problems:
        raise problem


# delivery: settings, the store, the journal, the outbox and the stick

_RUN = "/run/reprise"


def settings(args: argparse.Namespace) -> Settings:
    """For commands: raises the first InputError of any source."""
    found, problems = station_settings(args)
    for problem in problems:
        raise problem
    return found


def station_settings(args: argparse.Namespace) -> tuple[Settings, tuple[InputError, ...]]:
    """For the station: what could not be used is told and left out, and it goes on."""
    from reprise.adapters.config_files import (
        config_dir,
        decode_config,
        kernel_command_line,
        read_config,
    )
    from reprise.adapters.store import SETTINGS
    from reprise.settings import load_settings

    problems: list[InputError] = []
    sources: list[tuple[str, str]] = []
    shipped = config_dir(args.config) / "station.toml"
    try:
        if shipped.exists():
            sources.append((str(shipped), read_config(shipped)))
        data = store(args).read(SETTINGS, stick_first=True)
        if data is not None:
            sources.append((SETTINGS, decode_config(data, SETTINGS)))
    except InputError as error:
        problems.append(error)
    found, wrong = load_settings(sources, kernel_command_line())
    return found, (*problems, *wrong)


def store(args: argparse.Namespace) -> MirroredStore:
    """--data DIR: that folder; else memory, mirrored onto the stick while one is mounted."""
    from reprise.adapters.mounts import mounted_stick, readable_stick
    from reprise.adapters.store import FolderStore, MirroredStore

    if args.data is not None:
        return FolderStore(Path(args.data))
    root = Path(_RUN, "stick")
    return MirroredStore(
        Path(_RUN, "memory"), lambda: mounted_stick(root), lambda: readable_stick(root)
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


def interrupted(where: MirroredStore, session_id: str = "") -> tuple[Interrupted, ...]:
    """Drives that earlier sessions in the store left unfinished; `session_id` is today's."""
    from reprise.workflow.recovery import find_interrupted

    return find_interrupted((known, events) for known, events, _ in _sessions(where, session_id))


def _sessions(where: MirroredStore, but: str) -> tuple[tuple[str, tuple[Stamped, ...], str], ...]:
    """(session id, its events, the journal's SHA-256) of every other session in the store."""
    from reprise.adapters.journal import FOLDER, read_journal
    from reprise.codec import sha256_hex

    found = []
    for name in where.names(FOLDER):
        known, _dot, kind = name.rpartition(".")
        data = where.read(f"{FOLDER}/{name}") if kind == "jsonl" and known != but else None
        if data:
            found.append((known, read_journal(data).events, sha256_hex(data)))
    return tuple(found)


def seal_left(
    where: MirroredStore, by: Signer, today: Inventory, session_id: str
) -> tuple[str, ...]:
    """Report what earlier sessions on this very PC did and could not report any more."""
    from reprise.workflow.submit import seal_left

    return seal_left(_sessions(where, session_id), today, where, by, outbox(where))


def outbox_watch(where: MirroredStore, stop: StopFlag) -> PollingWatch:
    """Wakes the sender; looks after the stick (not with --data) while it waits."""
    from reprise.adapters.stick import StickKeeper
    from reprise.adapters.store import FolderStore
    from reprise.adapters.watch import PollingWatch

    queue = outbox(where)

    def queued() -> frozenset[str]:
        return frozenset(item.report_id for item in queue.items() if item.state != "sent")

    keeper = StickKeeper(command_runner(), Path(_RUN))

    def tick() -> None:
        if not isinstance(where, FolderStore):
            keeper.prepare()
            where.sync()

    return PollingWatch(queued, tick, stop)


def prepare_stick() -> StickState:
    """Find and mount the stick's data partition; make it on the boot stick where there is none.
    Never raises for what a stick does: the state says it."""
    from reprise.adapters.stick import StickKeeper

    return StickKeeper(command_runner(), Path(_RUN)).prepare()


def stick_state() -> StickState:
    """What was last seen of the stick, for the screen: cheap."""
    from reprise.adapters.stick import read_state

    return read_state(Path(_RUN))


# erase: the policy, the techniques, the start of a session


def policy(config: str | None) -> Policy:
    """policy.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.adapters.config_files import config_dir, read_config
    from reprise.domain.policy import Policy
    from reprise.strict_toml import dataclass_from_toml

    path = config_dir(config) / "policy.toml"
    return dataclass_from_toml(read_config(path), Policy, str(path)) if path.exists() else Policy()


def sanitizers(
    probe: DriveProbe, runner: CommandRunner, policy: Policy
) -> Mapping[Technique, Sanitizer]:
    """Every technique that this version can run."""
    from reprise.adapters.nvme_format import NvmeFormatSanitizer
    from reprise.adapters.overwrite import OverwriteSanitizer
    from reprise.domain.techniques import Technique

    nvme_format = NvmeFormatSanitizer(runner, probe, policy)
    return {
        Technique.OVERWRITE: OverwriteSanitizer(probe, policy),
        Technique.NVME_FORMAT_USER_DATA: nvme_format,
        Technique.NVME_FORMAT_CRYPTO: nvme_format,
    }


def os_installer(
    images: Path | None = None, *, config: str | None = None, named: bool = False
) -> SquashfsInstaller:
    """Installs the images of a folder (the stick's, where none is given). `named`: a person gives
    the drive by its very path, which alone reaches a loop device."""
    from reprise.adapters.command import SystemCommandRunner
    from reprise.adapters.installer import SquashfsInstaller

    runner = SystemCommandRunner()
    folder = images or Path("/run/live/medium/reprise/os")
    return SquashfsInstaller(folder, runner, drive_probe(runner), policy(config), named=named)


def session_started(station: str, kid: str, time: Clock) -> SessionStarted:
    """The first event of a new session, with its ids."""
    import uuid

    from reprise import __version__
    from reprise.domain.events import SessionStarted

    version = Path("/usr/share/reprise/image-version")
    trusted, note = time.trust()
    return SessionStarted(
        session_id=str(uuid.uuid4()),
        report_id=str(uuid.uuid4()),
        station=station,
        kid=kid,
        version=__version__,
        image_version=version.read_text("utf-8").strip() if version.exists() else "",
        clock_trusted=trusted,
        clock_note=note,
    )


# station: all of the above for one session behind the screen


def station_services(args: argparse.Namespace) -> StationServices:
    """Everything that the station's session needs. Raises InputError on a broken policy.toml: a
    station does not erase by rules that nobody wrote."""
    from reprise.adapters.power import SystemdPower
    from reprise.domain.events import Operator
    from reprise.workflow.services import InstallDefaults, StationServices, StickLine

    found, problems = station_settings(args)
    where = store(args)
    key = signer(where)
    started = session_started(found.station.name, key.kid, clock())
    runner = command_runner()
    probe, rules = drive_probe(runner), policy(args.config)
    who, system = found.operator, found.install
    from_memory = Path(_RUN, "toram")  # written by the initramfs

    def stick_line() -> StickLine:
        may_pull = from_memory.exists() and from_memory.read_text("utf-8").strip() == "yes"
        return StickLine(where.where(), may_pull, None if args.data else stick_state())

    return StationServices(
        started=started,
        operator=Operator(
            name=who.name,
            organisation=who.organisation,
            place=who.place,
            lot=who.lot,
            donor=who.donor,
        ),
        journal=journal(where, started.session_id),
        store=where,
        signer=key,
        outbox=outbox(where),
        probe=probe,
        policy=rules,
        sanitizers=sanitizers(probe, runner, rules),
        installer=os_installer(config=args.config),
        install_defaults=InstallDefaults(
            image=system.image,
            hostname=system.hostname,
            user=system.user,
            password=system.password,
            locale=system.locale,
            keyboard=system.keyboard,
            timezone=system.timezone,
        ),
        stick=stick_line,
        interrupted=lambda: interrupted(where, started.session_id),
        power=SystemdPower(runner),
        problems=tuple(str(problem) for problem in problems),
    )
