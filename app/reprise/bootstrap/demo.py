"""The demonstration: the station's own workflow, store, journal, outbox and signature over played
hardware. It needs no root and opens no drive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import earlier, outbox, seal_left
from reprise.bootstrap.drives import fastest_stream, policy
from reprise.bootstrap.station import session_started
from reprise.errors import RefusedError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.adapters.demo.bench import Bench
    from reprise.adapters.demo.clock import PlayedClock
    from reprise.adapters.store import MirroredStore
    from reprise.domain.policy import Policy
    from reprise.domain.techniques import Technique
    from reprise.ports import Sanitizer, Signer
    from reprise.tool_ports.tools import Tools
    from reprise.workflow.services import StationServices

STATION = "DEMO"


class Demonstration:
    """One played PC with everything around it. `folder` holds what its memory and its stick do."""

    def __init__(
        self, machine: str, folder: Path, clock: PlayedClock, faults: Sequence[str] = ()
    ) -> None:
        """Raises InputError where a fault does not fit the machine."""
        from reprise.adapters.demo.bench import Bench
        from reprise.adapters.demo.machines import recorded
        from reprise.adapters.demo.names import Fault
        from reprise.adapters.demo.network import PlayedNetwork
        from reprise.adapters.demo.world import PlayedUplink
        from reprise.adapters.signing import DEMO_TYPE, generate_signer

        wanted = tuple(Fault(fault) for fault in faults)
        self.clock = clock
        played = recorded(machine)
        self.bench = Bench(played, clock, wanted)
        self.uplink = PlayedUplink(clock, down=Fault.SERVER in wanted)
        self.network = PlayedNetwork(played.network, down=Fault.SERVER in wanted)
        self.signer: Signer = generate_signer(DEMO_TYPE)  # thrown away with the demonstration
        self.store = _store(folder, self.bench)

    def tools(self) -> Tools:
        """What its screen may use."""
        from reprise.bootstrap.demo_tools import played_tools

        return played_tools(self)

    def services(self, leave: Callable[[], None]) -> StationServices:
        """The ports of its session; `leave` is what switching the PC off does."""
        from reprise.adapters.clock import today
        from reprise.adapters.demo.installer import PlayedInstaller
        from reprise.adapters.demo.world import PlayedPower
        from reprise.adapters.journal import StoreJournal
        from reprise.domain.events import Operator, Purpose
        from reprise.settings import InstallSettings
        from reprise.workflow.services import InstallDefaults, StationServices, StickLine

        def stick_line() -> StickLine:
            return StickLine(self.store.where(), may_pull=True, state=self.bench.stick())

        started = session_started(STATION, self.signer.kid, self.clock, self.store)
        started = replace(started, purpose=Purpose.DEMONSTRATION)
        rules, system = policy(None), InstallSettings()
        return StationServices(
            started=started,
            operator=Operator(name="C. Martin", lot="2026-11", donor=_("Town hall")),
            journal=StoreJournal(self.store, started.session_id, self.clock),
            store=self.store,
            signer=self.signer,
            outbox=outbox(self.store),
            probe=self.bench,
            policy=rules,
            sanitizers=_sanitizers(self.bench, rules, self.clock),
            stream=fastest_stream,
            installer=PlayedInstaller(self.bench, self.clock),
            install_defaults=InstallDefaults(
                image=system.image,
                hostname=system.hostname,
                user=system.user,
                password=system.password,
            ),
            stick=stick_line,
            earlier=lambda: earlier(self.store, started.session_id),
            report_left=lambda now: seal_left(self.store, self.signer, now, started.session_id),
            power=PlayedPower(leave),
            today=lambda: today(self.clock),
            suspender=self.bench,
            inside=self.bench,
            server_url=f"https://{self.uplink.server}",
        )

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The service that sends what waits, and brings the stick up to date, meanwhile."""
        import random
        import threading

        from reprise.adapters.demo.world import PlayedWatch
        from reprise.workflow.deliver import deliver_for_ever

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
    from reprise.adapters.mirror import KEY

    if data is not None and Path(data, KEY).exists():
        raise RefusedError(
            _("“{path}” belongs to a real station.").format(path=data),
            _("Give a demonstration a folder of its own."),
        )
    with TemporaryDirectory(prefix="reprise-demo-") as own:
        shown = Demonstration(machine, Path(data or own), FastClock(speed), faults)
        with shown.sending():
            yield shown


def _store(folder: Path, bench: Bench) -> MirroredStore:
    """Memory and stick as a real station has them; the stick may be away."""
    from reprise.adapters.store import MirroredStore
    from reprise.domain.stick import StickStatus

    stick = folder / "stick"
    stick.mkdir(parents=True, exist_ok=True)

    def there() -> Path | None:
        return None if bench.stick().state is StickStatus.MEMORY else stick

    return MirroredStore(folder / "memory", there)


def _sanitizers(bench: Bench, rules: Policy, clock: PlayedClock) -> Mapping[Technique, Sanitizer]:
    from reprise.adapters.demo.erasing import PlayedErase
    from reprise.adapters.demo.overwriting import PlayedOverwrite
    from reprise.domain.techniques import Technique

    by_itself = PlayedErase(bench, rules, clock)
    found: dict[Technique, Sanitizer] = dict.fromkeys(Technique, by_itself)
    found[Technique.OVERWRITE] = PlayedOverwrite(bench, rules, clock)
    return found
