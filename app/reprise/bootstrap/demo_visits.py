"""The station's own sessions over played PCs, hundreds of them, with nobody at a screen: each gives
the report that a demonstration of that PC would give."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from reprise.bootstrap.demo import sanitizers_of

if TYPE_CHECKING:
    from datetime import datetime

    from reprise.adapters.demo.clock import SkippingClock
    from reprise.adapters.demo.demo_pc import DemoPc
    from reprise.adapters.demo.memory import MemoryOutbox
    from reprise.adapters.demo.programme.story import Visit
    from reprise.domain.report.events import Operator, SessionStarted
    from reprise.ports import Signer
    from reprise.workflow.session.services import StationServices
    from reprise.workflow.session.session import Session

_CHECKED, _INSTALLED = 0.75, 0.55  # of the PCs on a bench


def report_of(visit: Visit, station: str, signer: Signer) -> tuple[datetime, bytes]:
    """When it was sealed (UTC), and its JWS. `signer`: with a key that is thrown away."""
    from reprise.adapters.demo.clock import SkippingClock
    from reprise.adapters.demo.demo_pc import DemoPc
    from reprise.adapters.demo.memory import MemoryOutbox
    from reprise.workflow.session.session import Session

    random = Random(visit.luck)  # noqa: S311 (to be the same again)
    clock = SkippingClock(visit.began, random.uniform(110, 170))
    outbox = MemoryOutbox()
    pc = DemoPc(visit.pc, clock, visit.faults)
    started = _started(visit, station, signer, clock)
    services = _services(started, visit.operator, signer, clock=clock, pc=pc, outbox=outbox)
    session = Session(services, lambda _state: None)
    session.start()
    session.name_operator(visit.operator)
    clock.sleep(random.uniform(20, 90))
    session.look()
    clock.sleep(random.uniform(15, 240))
    _work(session, visit, clock, random)
    session.seal()
    jws = outbox.made(visit.report_id)
    if jws is None:
        raise RuntimeError("; ".join(session.problems))
    return clock.read().now, jws


def _work(session: Session, visit: Visit, clock: SkippingClock, random: Random) -> None:
    """What is confirmed, checked and installed on the way."""
    from reprise.adapters.demo.programme.checking import checked, look
    from reprise.domain.install.options import InstallOptions

    stop = _Leaves(clock, visit.breaks_off_s)
    offer = session.offer.choices  # before the drives are erased
    if session.state.erasable:
        session.confirm(session.state.digest)
        session.erase(stop)
    if stop.is_set() or random.random() > _CHECKED or session.state.inventory is None:
        return
    for result in checked(session.state.inventory, clock, random):
        session.record_check(result)
    session.note_condition(look(random))
    if offer and random.random() < _INSTALLED:
        session.install(offer[0], InstallOptions(), stop)


class _Leaves:
    """A StopFlag that a technician sets who has to go."""

    def __init__(self, clock: SkippingClock, after_s: float | None) -> None:
        self._clock, self._after_s = clock, after_s

    def is_set(self) -> bool:
        return self._after_s is not None and self._clock.monotonic() > self._after_s


def _started(visit: Visit, station: str, signer: Signer, clock: SkippingClock) -> SessionStarted:
    from reprise import __version__
    from reprise.domain.report.events import Purpose, SessionStarted

    trusted, note = clock.trust()
    return SessionStarted(
        session_id=visit.session_id,
        report_id=visit.report_id,
        station=station,
        kid=signer.kid,
        version=__version__,
        image_version="",
        clock_trusted=trusted,
        clock_note=note,
        purpose=Purpose.DEMONSTRATION,
    )


def _services(
    started: SessionStarted,
    operator: Operator,
    signer: Signer,
    *,
    clock: SkippingClock,
    pc: DemoPc,
    outbox: MemoryOutbox,
) -> StationServices:
    from reprise.adapters.demo.installer import PlayedInstaller
    from reprise.adapters.demo.memory import MemoryStore
    from reprise.adapters.demo.world import PlayedPower
    from reprise.adapters.pc.clock import today
    from reprise.adapters.storage.journal import StoreJournal
    from reprise.domain.erasure.pattern import Stream
    from reprise.domain.install.options import InstallOptions
    from reprise.domain.planning.policy import Policy
    from reprise.workflow.past.sessions import Earlier
    from reprise.workflow.session.services import StationServices, StickLine

    store, rules = MemoryStore(), Policy()
    return StationServices(
        started=started,
        operator=operator,
        journal=StoreJournal(store, started.session_id, clock),
        store=store,
        signer=signer,
        outbox=outbox,
        probe=pc,
        policy=rules,
        sanitizers=sanitizers_of(pc, rules, clock),
        stream=lambda: Stream.AES_256_CTR,
        installer=PlayedInstaller(pc, clock),
        install_defaults=InstallOptions(),
        stick=lambda: StickLine(store.where(), may_pull=True, state=pc.stick()),
        earlier=Earlier,
        sessions=frozenset,
        report_left=lambda _pc: (),
        power=PlayedPower(lambda: None),
        today=partial(today, clock),
        suspender=pc,
    )
