"""The engine: owns the one session. The only place that erases, installs, journals, seals and
powers off; screens come and go."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from threading import Event as Flag
from threading import Lock, Thread

from reprise import i18n
from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.results import CheckResult
from reprise.domain.drives.unreached import Unreached
from reprise.domain.erasure.progress import Progress
from reprise.domain.report.events import Operator, Stamped
from reprise.errors import RefusedError, RepriseError, program_error
from reprise.i18n import _
from reprise.workflow.engine.looks import Looks
from reprise.workflow.engine.port import Connection, Leave, Order, StationStatus, Work, memory_of
from reprise.workflow.session.services import StationServices
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import SessionState
from reprise.workflow.session.switching_off import refuse_alone
from reprise.workflow.session.waiting_for_checks import Held

_PACE_S = 0.25  # between two looks at the drives' progress
_OPENED_S = 5.0
_logger = logging.getLogger(__name__)


class Engine:
    """engine.port.EngineClient in this process. `open_services` may be slow: it is called in a
    thread. The stick and the outbox are looked at every `poll_s` seconds."""

    def __init__(self, open_services: Callable[[], StationServices], poll_s: float = 2.0) -> None:
        self._open_services = open_services
        self._poll_s = poll_s
        self._session: Session | None = None
        self._language = ""
        self._work = Work.WAITING
        self._order: Order | None = None
        self._opener: Thread | None = None
        self._runner: Thread | None = None
        self._polled = StationStatus()  # its stick and its outbox
        self._ticks: Mapping[str, Progress] = {}
        self._problems: tuple[str, ...] = ()
        self._watchers: tuple[Callable[[], None], ...] = ()
        self._deciding = Lock()  # what begins or ends the work: one after the other
        self._looks = Looks()
        self._small = Lock()  # the lists above
        self._stop = Flag()
        self._closed = Flag()

    def start(self) -> None:
        """Open the session, read the PC and plan, in a thread of its own."""
        self._opener = Thread(target=self._guarded, args=(self._open,), name="open", daemon=True)
        self._opener.start()

    def _open(self) -> None:
        services = self._open_services()
        self._language = i18n.language()
        session = Session(services, lambda _state: self._tell())
        session.start()
        self._session = session  # not before its first event is journalled
        self._tell()
        for name, every_s, job in (
            ("poll", self._poll_s, self._poll),
            ("pace", _PACE_S, self._pace),
        ):
            self._begin(name, every_s, job)
        try:
            self.look()
        finally:
            self._begin("again", self._poll_s, self._look_again)

    def _begin(self, name: str, every_s: float, job: Callable[[], None]) -> None:
        Thread(target=self._repeat, args=(every_s, job), name=name, daemon=True).start()

    def _repeat(self, every_s: float, job: Callable[[], None]) -> None:
        self._guarded(job)
        while not self._closed.wait(every_s):
            self._guarded(job)

    def _guarded(self, job: Callable[[], None]) -> None:
        """What goes wrong is told and logged; it never ends the engine, which may be erasing."""
        try:
            job()
        except RepriseError as error:
            self.note(str(error))
        except Exception as error:
            _logger.exception("an error of the program")
            self.note(program_error(error))

    def note(self, problem: str) -> None:
        """Tell a problem on every screen, once as long as nothing else is told."""
        with self._small:
            if self._problems[-1:] == (problem,):
                return
            self._problems = (*self._problems, problem)
        self._tell()

    # What may be seen

    @property
    def line(self) -> Connection:
        return Connection.OPEN

    @property
    def state(self) -> SessionState:
        return SessionState() if self._session is None else self._session.state

    @property
    def progress(self) -> Mapping[str, Progress]:
        """A new mapping at most four times a second."""
        return self._ticks

    @property
    def status(self) -> StationStatus:
        return self._status_of(self._work, self.state)

    def snapshot(self) -> tuple[StationStatus, Sequence[Stamped]]:
        """The status and the session's events of one moment: what the status says has happened
        is among them. May wait for an event that is being written."""
        work, session = self._work, self._session
        if session is None:
            return self._status_of(work, SessionState()), ()
        state, events = session.so_far()
        return self._status_of(work, state), events

    def _status_of(self, work: Work, state: SessionState) -> StationStatus:
        session = self._session
        if session is None:
            return StationStatus(problems=self._problems)
        services = session.services
        return StationStatus(
            operator=services.first_operator,
            install=services.install_defaults,
            language=self._language,
            unattended=services.unattended,
            server_url=self._polled.server_url,
            offer=session.offer,
            order=self._order,
            work=work,
            stick=self._polled.stick,
            outbox=self._polled.outbox,
            problems=(*session.problems, *self._problems),
            passing=self._looks.passing,
            memory=memory_of(state),
        )

    def watch(self, on_change: Callable[[], None]) -> None:
        with self._small:
            self._watchers = (*self._watchers, on_change)

    def unwatch(self, on_change: Callable[[], None]) -> None:
        with self._small:
            self._watchers = tuple(watcher for watcher in self._watchers if watcher != on_change)

    def _tell(self) -> None:
        for on_change in self._watchers:
            on_change()

    def _poll(self) -> None:
        services = self._ready().services
        seen = StationStatus(
            stick=services.stick(),
            outbox=tuple(services.outbox.items()),
            server_url=services.server_url(),
        )
        if seen != self._polled:
            self._polled = seen
            self._tell()

    def _pace(self) -> None:
        ticks = self._ready().progress
        if ticks != self._ticks:
            self._ticks = ticks

    def _look_again(self) -> None:
        if self._work is Work.WAITING:
            self._looks.again(self._ready(), self._tell)

    # What may be asked

    def _ready(self) -> Session:
        if self._session is None:
            raise RefusedError(_("The station is not ready yet."), " ".join(self._problems))
        return self._session

    def name_operator(self, operator: Operator) -> None:
        self._ready().name_operator(operator)

    def take_over(self) -> None:
        self._ready().take_over()

    def look(self) -> None:
        session = self._ready()
        with self._looks.alone():
            self._refuse_unless(Work.WAITING)
            session.look()

    def state_storage(self, about: Unreached) -> None:
        self._ready().state_storage(about)

    def confirm(self, order: Order) -> None:
        session = self._ready()
        with self._looks.between(session), self._deciding:
            self._refuse_unless(Work.WAITING)
            session.check_install(order.install, order.with_)
            session.confirm(order.digest, order.by, order.read)
            self._order, self._work = order, Work.RUNNING
            # in the language of the person who confirmed
            run = copy_context().run
            self._runner = Thread(target=run, args=(self._run, session, order), name="work")
            self._runner.start()
        self._tell()

    def _run(self, session: Session, order: Order) -> None:
        def work() -> None:
            session.run(order.install, order.with_, self._stop)

        self._guarded(work)
        self._work = Work.ENDED
        self._tell()

    def stop(self) -> None:
        if self._work is Work.RUNNING:
            self._stop.set()

    def seal(self) -> None:
        session = self._ready()
        with self._deciding:
            self._refuse_if_running()
            session.seal()
            self._work = Work.ENDED
        self._tell()

    def leave(self, how: Leave) -> None:
        power = self._ready().services.power
        with self._deciding:
            self._refuse_if_running()
            if how.unattended:
                self._poll()  # the last look at the stick and the outbox may be seconds old
                refuse_alone(self)
            if how.restart:
                power.restart()
            else:
                power.power_off()

    def record_check(self, result: CheckResult) -> None:
        self._ready().record_check(result)

    def note_condition(self, noted: ConditionNoted) -> None:
        self._ready().note_condition(noted)

    def hold_report(self, how: Held) -> None:
        self._ready().hold_report(how)

    def _refuse_unless(self, work: Work) -> None:
        if self._closed.is_set() or self._work is not work:
            raise RefusedError(_("It is too late for that: this PC is under way or done."))

    def _refuse_if_running(self) -> None:
        if self._work is Work.RUNNING:
            raise RefusedError(_("Drives are being erased."), _("Wait for the end, or stop it."))

    # The end

    def close(self) -> None:
        """Take nothing more, and end what is going on as INTERRUPTED by the operator. At once: see
        wait_end."""
        with self._deciding:
            self._closed.set()
        self._stop.set()

    def wait_end(self) -> None:
        """Until what was going on has ended and its report is sealed. A first look at the PC is
        waited for, too, but a drive that does not answer holds nobody up."""
        if self._opener is not None:
            self._opener.join(_OPENED_S)
        if self._runner is not None:
            self._runner.join()
        self._tell()

    @property
    def over(self) -> bool:
        """Closed, and nothing goes on any more: what is told from here on is the last."""
        return self._closed.is_set() and (self._runner is None or not self._runner.is_alive())
