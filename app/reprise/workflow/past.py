"""What earlier sessions of this stick left on a PC's drives: for the person who confirms, and for a
station that goes on by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reprise.domain.events import (
    AttemptFinished,
    AttemptStarted,
    InstallFinished,
    InstallStarted,
    ReportSealed,
    Stamped,
)
from reprise.domain.hardware import Drive, DriveIdentity, Inventory, Machine
from reprise.domain.placeholders import is_placeholder
from reprise.domain.techniques import Verdict
from reprise.workflow.recovery import Interrupted, begin_of, find_interrupted, for_drive

Sessions = Iterable[tuple[str, Sequence[Stamped]]]  # (session id, its journal)


@dataclass(frozen=True, slots=True)
class Past:
    """Of one drive. `interrupted`: an earlier session began to erase it and did not finish, for
    `cause` (code). `elsewhere`: that was in another PC, or it cannot be told in which. `erased`: an
    earlier session erased and verified it. `cut_install`: the entry of images.toml whose
    installation was cut off there; "" where none was.
    """

    interrupted: bool = False
    cause: str = ""
    elsewhere: bool = False
    erased: bool = False
    cut_install: str = ""

    @property
    def unfinished(self) -> bool:
        """An earlier session began something on it and did not finish."""
        return self.interrupted or bool(self.cut_install)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of all sessions before. `erased` and `cut_installs` are by DriveIdentity.key."""

    interrupted: tuple[Interrupted, ...] = ()
    erased: frozenset[str] = frozenset()
    cut_installs: Mapping[str, str] = field(default_factory=dict)

    def pasts(self, today: Inventory) -> Mapping[str, Past]:
        """The past of every drive of this PC, by DriveIdentity.key."""
        return {drive.identity.key: self._past(drive, today.machine) for drive in today.drives}

    def _past(self, drive: Drive, here: Machine) -> Past:
        key, record = drive.identity.key, for_drive(self.interrupted, drive)
        told = drive.identity.confirm_word is not None  # else it could be another of its model
        erased, cut = told and key in self.erased, self.cut_installs.get(key, "") if told else ""
        if record is None:
            return Past(erased=erased, cut_install=cut)
        elsewhere = record.machine is None or not same_machine(record.machine, here)
        return Past(True, record.cause, elsewhere, erased)


def find_earlier(sessions: Sessions) -> Earlier:
    known = tuple(sessions)
    return Earlier(find_interrupted(known), find_erased(known), find_cut_installs(known))


def find_erased(sessions: Sessions) -> frozenset[str]:
    """Keys of the drives that some session erased and verified: each as it was when that attempt
    began."""
    erased: set[str] = set()
    for _session_id, events in sessions:
        begun: dict[str, str] = {}
        for event in (stamped.event for stamped in events):
            if isinstance(event, AttemptStarted):
                begun[event.job_id] = event.identity.key
            elif isinstance(event, AttemptFinished) and event.verdict is Verdict.VERIFIED:
                erased.update({begun[event.job_id]} if event.job_id in begun else ())
    return frozenset(erased)


def find_cut_installs(sessions: Sessions) -> Mapping[str, str]:
    """Drives on which a session's last word is that a system is being installed, and that system.

    A later erasure of the drive ends it, as does the session's report: who could still seal it was
    not cut off.
    """
    cut: dict[str, str] = {}
    for _session_id, events in sorted(sessions, key=begin_of):
        here: set[str] = set()
        keys: dict[str, str] = {}  # a session's word for a drive -> who it was at the attempt
        for event in (stamped.event for stamped in events):
            if isinstance(event, AttemptStarted):
                keys[event.drive] = event.identity.key
                cut.pop(event.identity.key, None)
            elif isinstance(event, InstallStarted):
                key = keys.get(event.drive, event.drive)
                cut[key] = event.image
                here.add(key)
            elif isinstance(event, InstallFinished | ReportSealed):
                for key in here:
                    cut.pop(key, None)
    return cut


def same_machine(one: Machine, two: Machine) -> bool:
    """True where a number that the firmware gives says so, and none says otherwise."""
    return _agree(zip(numbers_of(one), numbers_of(two), strict=True))


def numbers_of(machine: Machine) -> tuple[str | None, str | None, str | None]:
    """What the firmware tells one PC from another by."""
    return (machine.uuid, machine.serial, machine.board_serial)


def same_drive(one: DriveIdentity, two: DriveIdentity) -> bool:
    """True where a serial number or WWN says so, and no name says otherwise. Whatever their sizes:
    a hidden area may have been removed since, or be back after the power was off."""
    if one.model and two.model and one.model != two.model:
        return False
    return _agree(((_real(one.serial), _real(two.serial)), (one.wwn, two.wwn)))


def _real(serial: str | None) -> str | None:
    return None if serial is None or is_placeholder(serial) else serial


def _agree(pairs: Iterable[tuple[str | None, str | None]]) -> bool:
    told = [a == b for a, b in pairs if a and b]
    return bool(told) and all(told)
