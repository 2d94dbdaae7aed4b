"""What earlier sessions of this stick left on a PC's drives: for the person who confirms, and for a
station that goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from reprise.domain.drives.same_drive import agree, same_drive, where_both_tell
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.pc.hardware import Drive, DriveIdentity, Inventory, Machine, Transport
from reprise.domain.pc.placeholders import is_placeholder, is_told_apart, real_wwn
from reprise.domain.report.events import (
    AttemptStarted,
    Event,
    InventoryTaken,
    Observation,
    ObservationKind,
    ReportSealed,
)
from reprise.errors import StorageError
from reprise.i18n import _
from reprise.workflow.erasure.recovery import Interrupted, find_treated, for_drive
from reprise.workflow.past.ends import End, ends_of, worse_end
from reprise.workflow.past.installs import Installs, find_cut_installs, find_installed
from reprise.workflow.past.known_drives import identity_of
from reprise.workflow.past.order import Ordered, Sessions, in_order


class Elsewhere(StrEnum):
    """Whether an erasure began in another PC than this one."""

    NO = "no"
    PERHAPS = "perhaps"  # no number tells one PC from another
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Past:
    """Of one drive. `interrupted`: an earlier session began to erase it and did not finish, for
    `cause` (code), in which PC `elsewhere` tells. `erased`: an earlier session erased and verified
    it. `ended`: what another erasure came to, unless it was surely before (see worse_end).
    `cut_install`: the entry of images.toml whose installation was cut off there; "" where none was.
    `installed`: the entry that was installed there. `unended`: an earlier session met it, and
    nobody knows how that session ended: its journal breaks off (the power, or the stick was pulled
    and the session went on without it).
    """

    interrupted: bool = False
    cause: str = ""
    elsewhere: Elsewhere = Elsewhere.NO
    erased: bool = False
    cut_install: str = ""
    installed: str = ""
    unended: bool = False
    ended: DriveState | None = None

    @property
    def unfinished(self) -> bool:
        """An earlier session began something on it and did not finish."""
        return self.interrupted or bool(self.cut_install)


@dataclass(frozen=True, slots=True)
class EarlierSession:
    """One earlier session: in which PC, and what it found there, at each size that it had. `ended`:
    its journal goes on to its report."""

    session_id: str
    machine: Machine
    drives: tuple[DriveIdentity, ...]
    ended: bool

    def met(self, drive: DriveIdentity) -> bool:
        return any(seen.key == drive.key or same_drive(seen, drive) for seen in self.drives)

    def met_unnamed(self, drive: DriveIdentity) -> bool:
        """One of that model that told no number then, and may have been this one."""
        return any(seen.model == drive.model and not is_told_apart(seen) for seen in self.drives)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of all sessions before; drives as they told themselves then (see same_drive).
    `unread`: journals that are there and tell nothing; nobody knows which PC they are about."""

    interrupted: tuple[Interrupted, ...] = ()
    ends: tuple[End, ...] = ()
    cut_installs: Installs = field(default_factory=dict)
    installed: Installs = field(default_factory=dict)
    visits: tuple[EarlierSession, ...] = ()
    order: Ordered = field(default_factory=Ordered, compare=False)
    unread: tuple[str, ...] = ()
    lies: Mapping[DriveIdentity, tuple[Observation, ...]] = field(default_factory=dict)

    def lied(self, drive: Drive) -> tuple[Observation, ...]:
        """What shows that this drive is not to be believed (see outcome.lie). One that nothing
        tells from another of its model may be that one."""
        who = drive.identity
        lies = self.lies.items()
        return next((seen for liar, seen in lies if _may_be(liar, who)), ())

    def larger(self, drive: Drive) -> tuple[Observation, ...]:
        """That an earlier session met this drive larger than it is now, or made it so; () where
        none did. A serial number on USB may be the dock's, into which many drives are put."""
        who = drive.identity
        if drive.transport is Transport.USB:
            if real_wwn(who) is None:
                return ()
            who = replace(who, serial=None)
        met = [seen for visit in self.visits for seen in visit.drives]
        met += [end.identity for end in self.ends]  # as their attempts began
        size = max((seen.size_bytes for seen in met if same_drive(seen, who)), default=0)
        if size <= who.size_bytes:
            return ()
        key = drive.identity.key
        return (Observation(key, ObservationKind.SEEN_LARGER, {"bytes": size}),)

    @property
    def sessions(self) -> frozenset[str]:
        """Ids of all that were there, whatever they tell."""
        return frozenset((*self.unread, *(session_id for session_id, _ in self.order.sessions)))

    @property
    def problems(self) -> tuple[StorageError, ...]:
        return tuple(
            StorageError(
                _("The journal of session {id} cannot be read.").format(id=session_id),
                _("It cannot be known which PC it is about, nor what was done there."),
            )
            for session_id in self.unread
        )

    def pasts(self, today: Inventory) -> Mapping[str, Past]:
        """The past of every drive of this PC, by DriveIdentity.key."""
        return {drive.identity.key: self._past(drive, today.machine) for drive in today.drives}

    def absent(self, today: Inventory) -> tuple[DriveIdentity, ...]:
        """Drives whose erasure began in this very PC, did not come to its end, and that it does
        not show: nobody erased them, and this session cannot tell of them. What tells neither
        serial number nor WWN may be any of those that are there. The one that was begun last comes
        last."""
        place = {session_id: at for at, (session_id, _) in enumerate(self.order.sessions)}
        return tuple(
            record.identity
            for record in sorted(self.interrupted, key=lambda one: place.get(one.session_id, -1))
            if is_told_apart(record.identity)
            and record.machine is not None
            and same_machine(record.machine, today.machine)
            and not any(for_drive((record,), drive) for drive in today.drives)
        )

    def _past(self, drive: Drive, here: Machine) -> Past:
        who = drive.identity
        told = is_told_apart(who)  # else it could be another of its model
        record = for_drive(self.interrupted, drive)
        ends = ends_of(self.ends, who)
        return Past(
            interrupted=record is not None,
            cause=record.cause if record else "",
            elsewhere=_elsewhere(record.machine, here) if record else Elsewhere.NO,
            erased=any(end.good for end in ends),
            cut_install=_image(self.cut_installs, who) if record is None else "",
            installed=_image(self.installed, who),
            unended=self._unended(who, here, told=told),
            ended=worse_end(ends, self.order),
        )

    def _unended(self, drive: DriveIdentity, here: Machine, *, told: bool) -> bool:
        """A later session that met the drive and told of it to its end ends what was open. Where
        nothing tells the drive, what is known of it is nobody's: it may be the very one that any
        session met here."""
        met = [v for v in self.visits if v.met(drive)]
        here_too = [v for v in self.visits if same_machine(v.machine, here)]
        if not told or any(visit.met_unnamed(drive) for visit in here_too):
            return bool(met or here_too)
        ends = [v.session_id for v in met if v.ended]
        return any(
            not any(self.order.surely_before(visit.session_id, end) for end in ends)
            for visit in (*met, *here_too)
            if not visit.ended
        )


def _may_be(one: DriveIdentity, who: DriveIdentity) -> bool:
    """Also one of the same model where nothing tells the two apart."""
    return same_drive(one, who) or replace(one, size_bytes=0) == replace(who, size_bytes=0)


def _image(installs: Installs, who: DriveIdentity) -> str:
    return next((image for identity, image in installs.items() if same_drive(identity, who)), "")


def _elsewhere(then: Machine | None, here: Machine) -> Elsewhere:
    if then is None or not where_both_tell(zip(numbers_of(then), numbers_of(here), strict=True)):
        return Elsewhere.PERHAPS
    return Elsewhere.NO if same_machine(then, here) else Elsewhere.YES


def find_earlier(sessions: Sessions, unread: Sequence[str] = ()) -> Earlier:
    order = in_order(sessions)
    known, treated = order.sessions, find_treated(order)
    return Earlier(
        treated.interrupted,
        treated.ends,
        find_cut_installs(known),
        find_installed(known),
        find_visits(known),
        order,
        tuple(unread),
        treated.lies,
    )


def find_visits(sessions: Sessions) -> tuple[EarlierSession, ...]:
    """Of every session that looked at a PC."""
    visits = []
    for session_id, stamped in sessions:
        events = [entry.event for entry in stamped]
        looks = [event.inventory for event in events if isinstance(event, InventoryTaken)]
        if looks:
            drives = {d.identity.key: d.identity for look in looks for d in look.drives}
            drives |= {who.key: who for who in _grown(events, drives)}
            ended = any(isinstance(event, ReportSealed) for event in events)
            visits.append(
                EarlierSession(session_id, looks[-1].machine, tuple(drives.values()), ended)
            )
    return tuple(visits)


def _grown(events: Sequence[Event], known: Mapping[str, DriveIdentity]) -> Iterator[DriveIdentity]:
    """The drives as their preparations left them, and as sessions before that one met them."""
    for event in events:
        for drive, size in _sizes_told(event):
            yield replace(known.get(drive) or identity_of(drive), size_bytes=size)


def _sizes_told(event: Event) -> Iterator[tuple[str, int]]:
    if isinstance(event, DrivePrepared) and event.size_bytes is not None:
        yield event.drive, event.size_bytes
    elif isinstance(event, AttemptStarted):
        for seen in event.earlier:
            size = seen.detail.get("bytes")
            if seen.kind is ObservationKind.SEEN_LARGER and isinstance(size, int):
                yield event.drive, size


def same_machine(one: Machine, two: Machine) -> bool:
    """True where a number that the firmware gives says so, and none says otherwise."""
    return agree(zip(numbers_of(one), numbers_of(two), strict=True))


def numbers_of(machine: Machine) -> tuple[str | None, str | None, str | None]:
    """What the firmware tells one PC from another by; no fillers, which older versions kept."""
    uuid, serial, status = (
        None if text is None or is_placeholder(text) else text
        for text in (machine.uuid, machine.serial, machine.board_serial)
    )
    return (uuid, serial, status)


def holds_something(drive: Drive) -> bool:
    """What an erasure that was cut off leaves behind is neither a partition nor a file system.
    What could not be read may be anything."""
    content = ("partitions", "partition_table", "fs_type")
    unread = any(fact.split(".")[0] in content for fact in drive.unknown)
    return unread or bool(drive.partitions or drive.partition_table or drive.fs_type)
