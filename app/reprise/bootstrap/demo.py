"""The demonstration: the station's own workflow, store, journal, outbox and signature over played
hardware. It needs no root and opens no drive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.config import policy
from reprise.bootstrap.drives import fastest_stream
from reprise.bootstrap.past import EarlierSessions, other_sessions, seal_left
from reprise.bootstrap.station import session_started
from reprise.bootstrap.storage import outbox
from reprise.bootstrap.tools import console_mouse
from reprise.errors import RefusedError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.adapters.demo.clock import PlayedClock
    from reprise.adapters.demo.demo_pc import DemoPc
    from reprise.adapters.storage.store import MirroredStore
    from reprise.domain.planning.policy import Policy
    from reprise.domain.planning.techniques import Technique
    from reprise.ports import Sanitizer, Signer
    from reprise.ports.sheets.station_tools import StationTools
    from reprise.workflow.session.services import StationServices

STATION = "DEMO"


class Demonstration:
    """One played PC with everything around it. `folder` holds what its memory and its stick do."""

    def __init__(
        self, machine: str, folder: Path, clock: PlayedClock, faults: Sequence[str] = ()
    ) -> None:
        """Raises InputError where a fault does not fit the machine."""
        from reprise.adapters.demo.demo_pc import DemoPc
        from reprise.adapters.demo.machines import recorded
        from reprise.adapters.demo.names import Fault
        from reprise.adapters.demo.network import PlayedNetwork
        from reprise.adapters.demo.world import PlayedUplink
        from reprise.adapters.signing.jws import DEMO_TYPE, generate_signer

        wanted = tuple(Fault(fault) for fault in faults)
        self.clock = clock
        played = recorded(machine)
        self.pc = DemoPc(played, clock, wanted)
        self.uplink = PlayedUplink(clock, down=Fault.SERVER in wanted)
        self.network = PlayedNetwork(played.network, down=Fault.SERVER in wanted)
        self.signer: Signer = generate_signer(DEMO_TYPE)  # thrown away with the demonstration
        self.store = _store(folder, self.pc)

    def tools(self) -> StationTools:
        """What its screen may use: played, or real in its own folder."""
        from reprise.adapters.demo.checks import played_checks
        from reprise.adapters.demo.joining import PlayedJoining
        from reprise.adapters.demo.keyboard import PlayedKeyboard
        from reprise.adapters.demo.logs import PlayedLogs
        from reprise.adapters.pc.clock import in_zone
        from reprise.adapters.pc.log_folder import LogFolder
        from reprise.domain.install.options import InstallOptions
        from reprise.ports.sheets.station_tools import StationTools
        from reprise.workflow.delivery.deliver import Resend

        queue = outbox(self.store)
        sender = Resend(queue, lambda: self.uplink)
        keyboard, joining = PlayedKeyboard(), PlayedJoining(self.network)
        began = self.clock.read().now
        here = in_zone(self.clock, began, InstallOptions().timezone)  # as its screens: services()
        logs = PlayedLogs(LogFolder(self.store.root, lambda: began), queue.items, here)
        return StationTools(
            in_zone=lambda when, zone: in_zone(self.clock, when, zone),
            network=lambda: self.network,
            joining=lambda: joining,
            mouse=console_mouse,
            checks=lambda: played_checks(self.pc.probe_inventory(), self.clock),
            reports=lambda: sender,
            keyboard=lambda: keyboard,
            logs=lambda: logs,
        )

    def services(self, leave: Callable[[], None]) -> StationServices:
        """The ports of its session; `leave` is what switching the PC off does."""
        from reprise.adapters.demo.installer import PlayedInstaller
        from reprise.adapters.demo.world import PlayedPower
        from reprise.adapters.pc.clock import today
        from reprise.adapters.storage.journal import StoreJournal
        from reprise.domain.install.options import InstallOptions
        from reprise.domain.report.events import Operator, Purpose
        from reprise.workflow.session.services import StationServices, StickLine

        def stick_line() -> StickLine:
            return StickLine(self.store.where(), may_pull=True, state=self.pc.stick())

        started = session_started(STATION, self.signer.kid, self.clock, self.store)
        started = replace(started, purpose=Purpose.DEMONSTRATION)
        rules = policy(None)
        return StationServices(
            started=started,
            operator=Operator(name="C. Martin", lot="2026-11", donor=_("Town hall")),
            journal=StoreJournal(self.store, started.session_id, self.clock),
            store=self.store,
            signer=self.signer,
            outbox=outbox(self.store),
            probe=self.pc,
            policy=rules,
            sanitizers=sanitizers_of(self.pc, rules, self.clock),
            stream=fastest_stream,
            installer=PlayedInstaller(self.pc, self.clock),
            install_defaults=InstallOptions(),
            stick=stick_line,
            earlier=EarlierSessions(self.store, started.session_id).found,
            sessions=lambda: other_sessions(self.store, started.session_id),
            report_left=lambda now: seal_left(self.store, self.signer, now, started.session_id),
            power=PlayedPower(leave),
            today=lambda: today(self.clock),
            suspender=self.pc,
            inside=self.pc,
            server_url=lambda: self.network.server().url,
        )

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The service that sends what waits, and brings the stick up to date, meanwhile."""
        import random
        import threading

        from reprise.adapters.demo.world import PlayedWatch
        from reprise.workflow.delivery.deliver import deliver_for_ever

        queue, stop = outbox(self.store), threading.Event()

        def queued() -> frozenset[str]:
            return frozenset(item.report_id for item in queue.items() if item.state != "sent")

        watch = PlayedWatch(queued, self.store.sync, stop)
        work = (queue, lambda: self.uplink, watch, stop, random.random)
        thread = threading.Thread(target=deliver_for_ever, args=work, name="sender", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@contextmanager
def demonstration(
    machine: str, speed: float, faults: Sequence[str], data: str | None
) -> Iterator[Demonstration]:
    """In `data`, where a folder is given, else in one that is gone afterwards.

    Raises InputError where a fault does not fit the machine, RefusedError where `data` is a real
    station's folder.
    """
    from tempfile import TemporaryDirectory

    from reprise.adapters.demo.clock import FastClock
    from reprise.adapters.storage.limits import KEY

    if data is not None and Path(data, KEY).exists():
        raise RefusedError(
            _("“{path}” belongs to a real station.").format(path=data),
            _("Give a demonstration a folder of its own."),
        )
    with TemporaryDirectory(prefix="reprise-demo-") as own:
        shown = Demonstration(machine, Path(data or own), FastClock(speed), faults)
        with shown.sending():
            yield shown


def _store(folder: Path, pc: DemoPc) -> MirroredStore:
    """Memory and stick as a real station has them; the stick may be away."""
    from reprise.adapters.storage.store import MirroredStore
    from reprise.domain.station.stick import StickStatus

    stick = folder / "stick"
    stick.mkdir(parents=True, exist_ok=True)

    def there() -> Path | None:
        return None if pc.stick().state is StickStatus.MEMORY else stick

    return MirroredStore(folder / "memory", there)


def sanitizers_of(pc: DemoPc, rules: Policy, clock: PlayedClock) -> Mapping[Technique, Sanitizer]:
    from reprise.adapters.demo.erasing import PlayedErase
    from reprise.adapters.demo.overwriting import PlayedOverwrite
    from reprise.domain.planning.techniques import Technique

    by_itself = PlayedErase(pc, rules, clock)
    sanitizers: dict[Technique, Sanitizer] = dict.fromkeys(Technique, by_itself)
    sanitizers[Technique.OVERWRITE] = PlayedOverwrite(pc, rules, clock)
    return sanitizers
