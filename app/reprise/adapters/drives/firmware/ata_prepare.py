"""ports.Preparer for ATA drives: unlock, and give back what HPA, AMAC and DCO hide."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.firmware.ata_password import Freed, remove_password
from reprise.adapters.drives.firmware.ata_resize import Resizer
from reprise.adapters.drives.firmware.ata_session import (
    AtaSession,
    Ended,
    ask_identify,
    ended_well,
    text_of,
)
from reprise.adapters.drives.passthrough.ata_taskfile import QUICK_MS, AtaAccess, SatAta
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import Asks, NotOpenedError, open_planned
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.preparing import STOPPED, DrivePrepared
from reprise.domain.planning.plan import UNHIDES, Preparation, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import ObservationKind, Update
from reprise.ports import DriveProbe, PrepareJob, StopFlag
from reprise.wire.ata import (
    AtaCommand,
    device_configuration_restore,
    get_native_max,
    read_native_max,
    set_accessible_max,
    set_max,
)

_TRIES = 3  # a command of somebody else between two that belong together undoes the first


@dataclass(slots=True)
class _End:
    """What the preparation came to so far. `why`: see DrivePrepared."""

    done: list[Preparation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    why: str = ""


@dataclass(slots=True)
class _Work:
    """One drive while it is prepared."""

    job: PrepareJob
    device: BlockFile
    session: AtaSession
    access: AtaAccess
    lba48: bool
    sector_bytes: int
    end: _End

    def note(self, step: Preparation, text: str) -> None:
        self.end.notes.append(f"{step}: {text}")


Step: TypeAlias = Callable[[_Work], Generator[Update, None, bool]]


class AtaPreparer:
    """Implements ports.Preparer."""

    def __init__(
        self,
        probe: DriveProbe,
        policy: Policy,
        access: AtaAccess | None = None,
        resizer: Resizer | None = None,
        asks: Asks | None = None,
    ) -> None:
        self._probe, self._policy = probe, policy
        self._access = access or SatAta()
        self._resizer = resizer or Resizer(probe)
        self._asks = asks or OwnWords()

    def run(self, job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
        """See ports.Preparer. What could not be done is in `left`, and why in `detail`."""
        end = _End()
        node, size_bytes = job.drive.node, job.drive.identity.size_bytes
        meter = Meter(job.drive_key, "prepare", 0)
        try:
            wanted = yield from self._steps(job, stop, meter, end)
            if wanted > size_bytes:
                new_node = yield from self._resizer.run(job.drive, wanted, meter)
                if new_node is None:
                    end.notes.append(f"size: {wanted} not seen")
                    end.done = [step for step in end.done if step not in UNHIDES]
                else:
                    node, size_bytes = new_node, wanted
        except NotOpenedError as error:
            facts = " ".join(f"{name}={value}" for name, value in error.detail.items())
            end.notes.append(f"{error.kind} {facts}")
            end.why = _refusal(error)
        except DriveGoneError:
            end.notes.append("unplugged")
            end.why = RefusalCode.UNPLUGGED
        except Stopped:
            end.notes.append("stopped")
            end.why = STOPPED
        left = tuple(step for step in job.steps if step not in end.done)
        detail = "; ".join(end.notes)[:1000]
        yield DrivePrepared(job.drive_key, tuple(end.done), left, node, size_bytes, detail, end.why)

    def _steps(
        self,
        job: PrepareJob,
        stop: StopFlag,
        meter: Meter,
        end: _End,
    ) -> Generator[Update, None, int]:
        """Do them in order; how large the drive should be afterwards, in bytes."""
        with open_planned(job, self._probe, self._policy, self._asks) as device:
            identify = ask_identify(self._access, device, job.drive, sized=False)
            session = AtaSession(self._access, device, job.drive_key, stop, meter.same)
            size = (identify.lba48, identify.sector_bytes)
            work = _Work(job, device, session, self._access, *size, end)
            for step in job.steps:
                session.check_stop()
                action = _ACTIONS.get(step)
                if action is None:
                    work.note(step, "not-mine")
                elif (yield from action(work)):
                    end.done.append(step)
            after = yield from session.identify(stoppable=False)
        return (after.visible_bytes or 0) if after is not None else 0


def _unlock(work: _Work) -> Generator[Update, None, bool]:
    freed = yield from remove_password(work.session)
    if freed is not Freed.DONE:
        work.note(Preparation.UNLOCK, freed)
        work.end.why = _STAYS_LOCKED.get(freed, RefusalCode.PROBE_INCOMPLETE)
    return freed is Freed.DONE


# A frozen drive takes a password after its next power-on, as one does that counted too many.
_STAYS_LOCKED = {
    Freed.NOT_OURS: RefusalCode.SECURITY_LOCKED,
    Freed.EXPIRED: RefusalCode.SECURITY_EXPIRED,
    Freed.FROZEN: RefusalCode.SECURITY_EXPIRED,
}


def _refusal(error: NotOpenedError) -> RefusalCode:
    """Why nothing was tried on a drive that was not opened."""
    if error.refusals:
        return error.refusals[0].code
    if error.kind is ObservationKind.IDENTITY_CHANGED:
        return RefusalCode.IDENTITY_CHANGED
    busy = error.detail.get("errno") == "EBUSY"
    return RefusalCode.HELD if busy else RefusalCode.PROBE_INCOMPLETE


def _remove_hpa(work: _Work) -> Generator[Update, None, bool]:
    """Until the next power-on only, where a restore of the configuration comes after it: the one
    SET MAX ADDRESS that is kept may be needed then, and a drive takes no second."""
    kept = Preparation.RESTORE_DCO not in work.job.steps
    return (yield from _raise_max(work, Preparation.REMOVE_HPA, kept=kept))


def _raise_max(work: _Work, step: Preparation, *, kept: bool) -> Generator[Update, None, bool]:
    extended = work.lba48
    ask = read_native_max(extended=extended)
    return (
        yield from _set_to_native(
            work, step, ask, lambda last: set_max(last, extended=extended, kept=kept)
        )
    )


def _remove_amac(work: _Work) -> Generator[Update, None, bool]:
    return (
        yield from _set_to_native(
            work, Preparation.REMOVE_AMAC, get_native_max(), set_accessible_max
        )
    )


def _set_to_native(
    work: _Work, step: Preparation, ask: AtaCommand, give: Callable[[int], AtaCommand]
) -> Generator[Update, None, bool]:
    """Ask for the native maximum and set it, with nothing in between."""
    for _try in range(_TRIES):
        asked = yield from work.session.run(ask, stoppable=False)
        last = _last_lba(asked, ask)
        if last is None:
            work.note(step, text_of(asked))
            return False
        command = give(last)
        answers = yield from work.session.pair((ask, command), QUICK_MS, stoppable=False)
        for sent, answer in zip((ask, command), answers, strict=False):
            yield work.session.ran(sent, answer, f"last={last}")
        if ended_well(answers[-1]):
            return (yield from _visible(work, step, last + 1))
    work.note(step, text_of(answers[-1]))
    return False


def _last_lba(answer: Ended, command: AtaCommand) -> int | None:
    if isinstance(answer, OSError) or not answer.ok or answer.registers is None:
        return None
    return answer.registers.address(extended=command.extended) or None


def _visible(work: _Work, step: Preparation, sectors: int) -> Generator[Update, None, bool]:
    """Does the drive itself show them now?"""
    identify = yield from work.session.identify(stoppable=False)
    seen = identify.visible_sectors if identify is not None else None
    if seen != sectors:
        work.note(step, f"visible={seen} wanted={sectors}")
    return seen == sectors


def _restore_dco(work: _Work) -> Generator[Update, None, bool]:
    """Back to what the drive was made as. A host protected area may be all that is left then."""
    step, ata = Preparation.RESTORE_DCO, work.job.capabilities.ata
    sectors = ata.dco_sectors if ata is not None else None
    lifted = Preparation.REMOVE_HPA in work.end.done  # until the next power-on
    answer = yield from _restored(work)
    spent = not ended_well(answer) and lifted
    if spent and (yield from _raise_max(work, step, kept=True)):  # it wants the area gone for good
        answer = yield from _restored(work)
    if sectors is None or not ended_well(answer):
        work.note(step, text_of(answer))
        return False
    identify = yield from work.session.identify(stoppable=False)
    all_there = identify is not None and identify.visible_sectors == sectors
    if all_there and (spent or not lifted):
        return True
    raised = yield from _raise_max(work, step, kept=True)
    if not raised and spent:
        work.note(step, "needs-power-cycle")
    return raised and (yield from _visible(work, step, sectors))


def _restored(work: _Work) -> Generator[Update, None, Ended]:
    return (yield from work.session.run(device_configuration_restore(), stoppable=False))


_ACTIONS: dict[Preparation, Step] = {
    Preparation.UNLOCK: _unlock,
    Preparation.REMOVE_HPA: _remove_hpa,
    Preparation.REMOVE_AMAC: _remove_amac,
    Preparation.RESTORE_DCO: _restore_dco,
}
