"""One PC's session: what happens in which order, over ports only.

Methods block: the screen calls them from its workers and is told of every new state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock

from reprise.domain.checks.events import CheckDone, ConditionNoted
from reprise.domain.checks.results import CheckResult
from reprise.domain.drives.unreached import Unreached
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.handover import Handover, handover
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Inventory, Machine
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.report.events import (
    InventoryTaken,
    Operator,
    OperatorNamed,
    PlanConfirmed,
    PlanMade,
    Stamped,
)
from reprise.errors import RefusedError, RepriseError
from reprise.i18n import _
from reprise.ports import StopFlag
from reprise.workflow.delivery.submit import seal
from reprise.workflow.engine.port import InstallChoice, Offer
from reprise.workflow.erasure.jobs import EraseOrder, earlier_of, planned_resume, resume_of
from reprise.workflow.erasure.planning import plan_digest, plan_inventory, told_before
from reprise.workflow.erasure.recovery import for_drive
from reprise.workflow.erasure.sanitize import EraseServices, erase_all
from reprise.workflow.erasure.unattended import obstacles
from reprise.workflow.past.sessions import Earlier
from reprise.workflow.session.assessing import assess
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.install import check_before_erasing, request_of, run_install
from reprise.workflow.session.late import look_again, plan_changed
from reprise.workflow.session.nothing_attached import refuse_once_signed, statement
from reprise.workflow.session.offering import offer_for
from reprise.workflow.session.recorder import OnState, Recorder
from reprise.workflow.session.services import StationServices
from reprise.workflow.session.state import SessionState, Stage, apply
from reprise.workflow.session.volumes import Inside
from reprise.workflow.session.waiting_for_checks import Held, Hold


class Session:
    """The machine behind the screen."""

    def __init__(self, services: StationServices, on_state: OnState) -> None:
        self.services = services
        self._on_state = on_state
        self._recorder = Recorder(services.journal, on_state)
        self._earlier = Earlier()
        self._offer = Offer()
        # a new plan, a confirmation, a person's word and the report come one after the other
        self._deciding = Lock()
        self._problems: list[str] = list(services.problems)
        self._inside = Inside(services.inside, self._recorder)
        self._hold = Hold()  # of the report, while functions are checked

    @property
    def state(self) -> SessionState:
        return self._recorder.state

    @property
    def progress(self) -> Mapping[str, Progress]:
        """The newest tick of each drive."""
        return self._recorder.progress()

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong outside the drives' own verdicts, newest last; sentences."""
        return tuple(self._problems)

    @property
    def offer(self) -> Offer:
        """What may be installed after the plan that stands."""
        return self._offer

    @property
    def not_known(self) -> frozenset[str]:
        """Sessions that were not in the store at the last look: the stick came after it."""
        return self.services.sessions() - self._earlier.sessions

    def so_far(self) -> tuple[SessionState, Sequence[Stamped]]:
        """The state and the events that it was folded from, of one moment."""
        return self._recorder.so_far()

    def start(self) -> None:
        self._recorder.append(self.services.started)

    def name_operator(self, operator: Operator) -> None:
        """Raises RefusedError once the report is sealed; the next PC gets to know the name."""
        if operator != self.state.operator:
            try:
                self.services.remember(operator)
            except RepriseError as error:
                self._note_new((error,))
            self._record(OperatorNamed(operator))

    def look(self) -> None:
        """Probe and plan; may be repeated until the plan is confirmed. A look that the operator's
        confirmation or the report overtakes changes nothing.

        Raises RefusedError after the confirmation."""
        if self.state.confirmed:
            raise RefusedError(_("The plan is confirmed: the drives are not read again."))
        self._inside.end()
        self._note_new(self.services.settle())
        known = [view.drive for view in self.state.drives]
        inventory = self.services.probe.probe_inventory(known)
        earlier = self.services.earlier()
        self._note_new(earlier.problems)
        self._report_left(inventory)
        mine, before = self.services, told_before(self._recorder.so_far()[1])
        plan = plan_inventory(inventory, mine.probe, mine.policy, before, earlier.interrupted)
        with self._deciding:
            if self.state.confirmed or self.state.stage is Stage.SEALED:
                return
            self._earlier = earlier
            self._recorder.append(InventoryTaken(inventory))
            self._recorder.remember(earlier.pasts(inventory), earlier.absent(inventory))
            self._recorder.append(assess(inventory, self.services))
            made = PlanMade(plan, plan_digest(plan))
            drives = apply(self.state, made).erasable
            # whoever hears of the plan finds it there
            self._offer, problems = offer_for(
                made.digest, drives, self.services.installer, self.services.install_defaults
            )
            self._note_new(problems)
            self._recorder.append(made)
            self._inside.begin(self.state.drives)

    def _report_left(self, inventory: Inventory) -> None:
        """What was proven before a power cut must not stay in a journal alone."""
        try:
            self.services.report_left(inventory)
        except RepriseError as error:
            self._note(error)

    def confirm(
        self, digest: str, by: ConfirmedBy = ConfirmedBy.OPERATOR, read: str | None = None
    ) -> None:
        """The operator (or a countdown that nobody stopped) agrees to the plan with this digest,
        and to no other. `read`: see Order; None: all that stands now. Raises RefusedError where it
        is not the plan that stands, where the operator has not read all, where it erases nothing,
        or where a person must decide and none did."""
        with self._deciding:
            if by is ConfirmedBy.UNATTENDED:
                self._refuse_unattended()
            elif read not in (None, self.state.read_digest):
                raise plan_changed()
            self._confirm(digest, by)

    def state_storage(self, about: Unreached) -> None:
        """A person's word; see nothing_attached.statement."""
        with self._deciding:
            stated = statement(self.state, about)
            self._recorder.take_over()
            self._recorder.append(stated)

    def check_install(self, choice: InstallChoice | None, with_: InstallOptions) -> None:
        """Raises InputError where what is to follow the erasure could not."""
        view = None if choice is None else self.state.drive(choice.drive)
        if choice is not None and view is not None:
            request = request_of(view, choice.image, with_, self._handover())
            check_before_erasing(self.services.installer, request)

    def take_over(self) -> None:
        """A person is here: from now on this session begins nothing by itself."""
        with self._deciding:
            self._recorder.take_over()

    def _refuse_unattended(self) -> None:
        where = self.services.store.where()
        reasons = obstacles(self.state, self.services.unattended, where, self.problems)
        if reasons:
            raise RefusedError(reasons[0], _("Confirm the erasure yourself."))

    def _confirm(self, digest: str, by: ConfirmedBy) -> None:
        state = self.state
        other = digest != state.digest or not digest or self.not_known
        if state.stage is not Stage.PLANNED or other:
            raise plan_changed()
        keys = tuple(d.key for d in state.erasable)
        if not keys:
            raise RefusedError(_("There is no drive to erase."))
        if by is ConfirmedBy.UNATTENDED:  # whoever worked here last is not here now
            self._recorder.append(OperatorNamed(self.services.operator))
        self._recorder.append(PlanConfirmed(digest, keys, by))

    def run(self, install: InstallChoice | None, with_: InstallOptions, stop: StopFlag) -> None:
        """After the confirmation: erase all, install, seal.

        What a drive does never raises here; an unexpected error does, once all is sealed.
        """
        try:
            self.erase(stop)
            if install is not None and not stop.is_set():
                self.install(install, with_, stop)
            self._hold.wait(stop)
        finally:
            self.seal()

    def erase(self, stop: StopFlag) -> None:
        """Every confirmed drive side by side, to its end."""
        if self.state.stage is not Stage.CONFIRMED:
            raise RefusedError(_("Nothing was confirmed."))
        self._inside.end()
        mine = self.services
        services = EraseServices(
            probe=mine.probe,
            sanitizers=mine.sanitizers,
            journal=self._recorder,
            policy=mine.policy,
            preparer=mine.preparer,
            suspender=mine.suspender,
            stream=mine.stream,
        )
        orders = [self._order(view) for view in self.state.working]
        try:
            erase_all(orders, services, stop, self._recorder.tick)
            # what follows may be cut off
            look_again(self.state, mine.probe, mine.outbox, self._recorder, last=False)
        except RepriseError as error:
            self._note(error)

    def _order(self, view: DriveView) -> EraseOrder:
        if view.plan is None:
            raise ValueError("a confirmed drive has a plan")
        found = for_drive(self._earlier.interrupted, view.drive)
        known = earlier_of(self._earlier, view.drive, resume_of(found))
        return EraseOrder(view.drive, view.plan, planned_resume(found, view.plan), earlier=known)

    def install(self, choice: InstallChoice, with_: InstallOptions, stop: StopFlag) -> None:
        """Only onto a drive that this session has just sanitized."""
        view = self.state.drive(choice.drive)
        if view is None or view.state is not DriveState.SANITIZED:
            self._note(
                RefusedError(_("Nothing was installed: the erasure of the drive was not verified."))
            )
            return
        request = request_of(view, choice.image, with_, self._handover())
        try:
            run_install(self.services.installer, self._recorder, request, stop, self._recorder.tick)
        except RepriseError as error:
            self._note(error)

    def _handover(self) -> Handover:
        state, services = self.state, self.services
        machine = state.inventory.machine if state.inventory else Machine()
        organisation = state.operator.organisation if state.operator else ""
        day, report_id = services.today().day.isoformat(), services.started.report_id
        return handover(machine, organisation, day, report_id, services.server_url())

    def record_check(self, result: CheckResult) -> None:
        """Raises RefusedError once the report is sealed: nobody would ever read the result."""
        self._record(CheckDone(result))

    def note_condition(self, noted: ConditionNoted) -> None:
        """How the PC looks. Raises RefusedError once the report is sealed."""
        self._record(noted)

    def hold_report(self, how: Held) -> None:
        """The report waits for the checks, as long as results come in."""
        (self._hold.take if how.held else self._hold.release)()

    def _record(self, event: CheckDone | ConditionNoted | OperatorNamed) -> None:
        with self._deciding:
            refuse_once_signed(self.state)
            self._hold.touch()
            self._recorder.append(event)

    def seal(self) -> bool:
        """Sign and store the report. False, and a problem noted, where that failed: may be
        tried again."""
        services = self.services
        try:
            look_again(self.state, services.probe, services.outbox, self._recorder)
            image = services.image_sha256()
            with self._deciding:  # what is said meanwhile would stand on the screen alone
                seal(self._recorder, services.store, services.signer, services.outbox, image)
        except RepriseError as error:
            self._note(error)
            return False
        return True

    def _note_new(self, errors: Sequence[RepriseError]) -> None:
        for error in errors:
            if str(error) not in self._problems:  # every look finds them anew
                self._note(error)

    def _note(self, error: RepriseError) -> None:
        self._problems.append(str(error))
        self._on_state(self.state)
