"""An unattended station begins nothing that a person would have been asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.pc.hardware import Drive, Machine, Partition
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import Operator
from reprise.domain.station.unattended import Unattended
from reprise.errors import RefusedError
from reprise.tools.sfdisk import ENCRYPTED_LAYOUT, SYSTEM_LAYOUT, PartitionWish
from reprise.workflow.past.sessions import Earlier, EarlierSession
from reprise.workflow.session.services import StationServices
from reprise.workflow.session.session import Session
from station_kit.interrupted import erased, interrupted
from station_kit.machines import GIB, hdd, laptop, mounted, ssd, stick
from station_kit.ports import Kit

ON = Unattended(erase=True)


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


def kit(*drives: Drive, on: Unattended = ON) -> Kit:
    made = Kit(laptop(*(drives or (hdd(), ssd(), stick()))))
    made.unattended = on
    return made


def blank(drive: Drive) -> Drive:
    return replace(drive, partitions=(), partition_table=None)


def looked(services: StationServices) -> Session:
    session = Session(services, lambda _state: None)
    session.start()
    session.look()
    return session


def begin(session: Session) -> None:
    session.confirm(session.state.digest, ConfirmedBy.UNATTENDED)


def test_an_ordinary_pc_is_confirmed_and_the_report_says_by_what() -> None:
    ours = kit()
    session = looked(ours.services())
    begin(session)
    (confirmed,) = [s.event for s in ours.journal.lines if hasattr(s.event, "by")]
    assert confirmed.by is ConfirmedBy.UNATTENDED


def server(ours: Kit) -> None:
    machine = Machine(chassis="Rack Mount Chassis")
    ours.probe.inventory = replace(ours.probe.inventory, machine=machine)


def hidden(ours: Kit) -> None:
    fact = (Unreached(UnreachedKind.REMAPPED, "0000:00:17.0"),)
    ours.probe.inventory = replace(ours.probe.inventory, unreached=fact)


def in_memory(ours: Kit) -> None:
    ours.store.place = "memory"


def wrong_settings(ours: Kit) -> None:
    ours.problems = ("reprise.toml, line 2: this is not valid TOML.",)


def stopped_before(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd(), 4096), cause="operator"),)


def crashed_before(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd(), 4096), cause="crash"),)


def unplugged_before(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd(), 4096), cause="unplugged"),)


def too_hot_before(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd(), 4096), cause="too-hot"),)


def unplugged_and_gone(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd("/dev/sdx", "GONE1"), 4096), cause="unplugged"),)


def from_another_pc(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd(), 4096), machine=Machine(serial="OTHER")),)


def from_nobody_knows_where(ours: Kit) -> None:
    ours.found = (replace(interrupted(hdd(), 4096), machine=None),)


def all_erased_before(ours: Kit) -> None:
    ours.erased = erased(hdd(), ssd())


def refused_neighbour(ours: Kit) -> None:
    ours.probe.inventory = laptop(hdd(), mounted())


def no_drive(ours: Kit) -> None:
    ours.probe.inventory = laptop(stick())


def switched_off(ours: Kit) -> None:
    ours.unattended = Unattended()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (server, "is a server"),
        (hidden, "may hide drives"),
        (in_memory, "in memory only"),
        (wrong_settings, "not valid TOML"),
        (stopped_before, "stopped by the operator"),
        (crashed_before, "stopped unexpectedly"),
        (unplugged_before, "sda was interrupted before: the drive was unplugged"),
        (too_hot_before, "too hot"),
        (unplugged_and_gone, r"GONE1\) began in this PC .* is not there"),
        (from_another_pc, "began in another PC"),
        (from_nobody_knows_where, "perhaps began in another PC"),
        (all_erased_before, "already erased this PC"),
        (refused_neighbour, "sdc, a drive of this PC, will not be erased"),
        (no_drive, "no drive to erase"),
        (switched_off, "do not ask for it"),
    ],
)
def test_it_refuses_and_says_why(spoil: Callable[[Kit], None], words: str) -> None:
    ours = kit()
    spoil(ours)
    session = looked(ours.services())
    with pytest.raises(RefusedError, match=words):
        begin(session)
    assert "PlanConfirmed" not in ours.journal.kinds()


def test_a_drive_on_usb_is_never_begun_without_a_person() -> None:
    ours = kit()
    usb = replace(ssd("/dev/sdd", "USB1"), removable=True)
    ours.probe.inventory = laptop(hdd(), usb)
    services = replace(ours.services(), policy=Policy(allow_usb=True))
    session = looked(services)
    with pytest.raises(RefusedError, match="sdd is not inside the PC"):
        begin(session)


def test_whatever_asks_for_the_stronger_word_keeps_it_from_beginning() -> None:
    """The one rule that binds the two: no code of `unusual` may slip past."""
    for spoil in (server, hidden, from_another_pc, refused_neighbour, unplugged_and_gone):
        ours = kit()
        spoil(ours)
        session = looked(ours.services())
        assert session.state.unusual
        with pytest.raises(RefusedError):
            begin(session)
        session.confirm(session.state.digest)  # a person may


def test_a_key_stops_it_for_good() -> None:
    ours = kit()
    session = looked(ours.services())
    session.take_over()
    with pytest.raises(RefusedError, match="A key was pressed"):
        begin(session)
    session.look()
    with pytest.raises(RefusedError, match="A key was pressed"):
        begin(session)
    session.confirm(session.state.digest)


def test_after_a_power_cut_it_goes_on_by_itself() -> None:
    """One drive done, the other cut off in the middle: nobody had a reason to stop."""
    ours = kit()
    ours.found, ours.erased = (interrupted(hdd(), 4096),), erased(ssd())
    begin(looked(ours.services()))
    assert "PlanConfirmed" in ours.journal.kinds()


def test_a_drive_that_another_pc_began_to_erase_is_not_looked_for() -> None:
    ours = kit()
    began = interrupted(hdd("/dev/sdx", "GONE1"), 4096)
    for found in (
        replace(began, machine=Machine(serial="OTHER")),
        replace(began, machine=None),
        replace(began, identity=replace(began.identity, serial=None, wwn=None)),
    ):
        ours.found = (found,)
        assert looked(ours.services()).state.absent == ()


def cut_while_installing(ours: Kit) -> None:
    all_erased_before(ours)
    ours.cut_installs = {hdd().identity: "debian-minimal"}


def test_after_a_cut_off_installation_it_goes_on_by_itself() -> None:
    """Its drives were erased, and none holds anything."""
    ours = kit(blank(hdd()), ssd(), stick())
    cut_while_installing(ours)
    begin(looked(ours.services()))
    assert "PlanConfirmed" in ours.journal.kinds()


def test_what_was_installed_before_is_never_erased_by_itself() -> None:
    """Its neighbour failed, so that this is no PC that is all erased."""
    for drive in (hdd(), blank(hdd())):
        ours = kit(drive, ssd(), stick())
        ours.erased = erased(hdd())
        ours.earlier = Earlier(installed={hdd().identity: "debian-minimal"})
        session = looked(ours.services())
        with pytest.raises(RefusedError, match="already installed a system on sda"):
            begin(session)
        session.confirm(session.state.digest)  # a person may


@pytest.mark.parametrize("content", [hdd(), replace(blank(hdd()), unknown={"fs_type": "timeout"})])
def test_what_was_erased_before_and_holds_something_is_never_erased_by_itself(
    content: Drive,
) -> None:
    ours = kit(content, ssd(), stick())
    ours.erased = erased(hdd())
    with pytest.raises(RefusedError, match="already erased sda"):
        begin(looked(ours.services()))


@pytest.mark.parametrize("layout", [SYSTEM_LAYOUT, ENCRYPTED_LAYOUT])
def test_a_system_that_another_stick_installed_is_never_erased_by_itself(
    layout: tuple[PartitionWish, ...],
) -> None:
    """That stick's journal is on that stick: the names of the partitions tell."""
    parts = [Partition(f"/dev/sda{n}", GIB, part_label=one.name) for n, one in enumerate(layout, 1)]
    ours = kit(replace(hdd(), partitions=tuple(parts)), ssd(), stick())
    with pytest.raises(RefusedError, match="sda holds a system that Reprise installed"):
        begin(looked(ours.services()))
    ours.probe.inventory = laptop(replace(hdd(), partitions=tuple(parts[1:])), ssd(), stick())
    begin(looked(ours.services()))  # somebody else's


@pytest.mark.parametrize("ended", [False, True])
def test_a_session_whose_end_nobody_knows_needs_a_person(ended: bool) -> None:
    """The power may have been cut, or the stick pulled, and the PC has its new system since."""
    met = (hdd().identity, ssd().identity)
    ours = kit()
    ours.found = (interrupted(hdd(), 4096),)
    ours.earlier = Earlier(visits=(EarlierSession("old", laptop().machine, met, ended),))
    session = looked(ours.services())
    if ended:
        begin(session)
        return
    with pytest.raises(RefusedError, match="not known how the last session"):
        begin(session)
    ours.probe.inventory = laptop(blank(hdd()), ssd(), stick())
    begin(looked(ours.services()))  # what was cut off left nothing there


def test_a_journal_that_cannot_be_read_needs_a_person() -> None:
    ours = kit()
    ours.earlier = Earlier(unread=("5e0f",))
    session = looked(ours.services())
    session.look()
    assert len(session.problems) == 1
    with pytest.raises(RefusedError, match="journal of session 5e0f cannot be read"):
        begin(session)


def test_an_old_plan_is_not_begun() -> None:
    session = looked(kit().services())
    with pytest.raises(RefusedError, match="plan changed"):
        session.confirm("0" * 64, ConfirmedBy.UNATTENDED)


def test_it_signs_for_nobody_who_was_here_before() -> None:
    ours = kit()
    session = looked(ours.services())
    session.name_operator(Operator("B. Petit", lot="LOT-9"))
    begin(session)
    named = [line.event.operator for line in ours.journal.lines if hasattr(line.event, "operator")]
    assert [who.name for who in named] == ["B. Petit", "A. Martin"]
    assert [who.name for who in ours.remembered] == ["B. Petit"]
