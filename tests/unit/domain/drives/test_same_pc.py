"""A session that was cut off is reported when its PC is back: and on no other PC."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.signing.jws import split_jws
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.store import FolderStore
from reprise.domain.drives.same_drive import same_drive
from reprise.domain.drives.unreached import StorageLooked, Unreached, UnreachedKind
from reprise.domain.pc.hardware import Drive, Machine
from reprise.domain.report import events as ev
from reprise.workflow.delivery.submit import seal_left
from station_kit.facts import with_facts
from unit.adapters.delivery.delivery_samples import DRIVE, SESSION, attempt, stamped, started
from unit.domain.drives.drives import hdd, nvme, pc, stick

HERE, OTHER = Machine(uuid="u-1", serial="S-1"), Machine(uuid="u-2", serial="S-2")
NAMELESS = Machine()
LATE = Unreached(UnreachedKind.APPEARED, "sdz")


def _identified(drive: Drive, **changes: object) -> Drive:
    return replace(drive, identity=with_facts(drive.identity, **changes))


def _grown(drive: Drive) -> Drive:
    """Its hidden area is gone."""
    return _identified(drive, size_bytes=drive.identity.size_bytes + (8 << 30))


def _is_reported(
    folder: Path,
    then: Machine,
    now: Machine,
    drives: tuple[Drive, ...],
    *,
    was: Drive = DRIVE,
    begun: Drive = DRIVE,
    beside: tuple[Drive, ...] = (),
) -> bool:
    """Whether a session on `was` that the power ended is reported on this PC."""
    beginning = replace(attempt(), drive=was.identity.key, identity=begun.identity)
    taken = ev.InventoryTaken(pc(*beside, was, machine=then))
    events = stamped(started(), taken, beginning)
    store = FolderStore(folder)
    today, box = pc(*beside, *drives, machine=now), StoreOutbox(store)
    return bool(seal_left([(SESSION, events, "00")], today, station_signer(store), box))


@pytest.mark.parametrize("machine", [HERE, NAMELESS])
def test_a_drive_whose_hidden_area_was_removed_is_known_again(
    tmp_path: Path, machine: Machine
) -> None:
    grown = _grown(DRIVE)
    assert _is_reported(tmp_path / "1", machine, machine, (grown,), begun=grown)
    assert _is_reported(tmp_path / "2", machine, machine, (DRIVE,), begun=grown)  # it is back


def test_a_drive_without_numbers_is_known_as_it_was_when_it_began(tmp_path: Path) -> None:
    bare = _identified(DRIVE, serial=None, wwn=None)
    grown = _grown(bare)
    assert _is_reported(tmp_path, HERE, HERE, (grown,), was=bare, begun=grown)


def test_a_pc_whose_firmware_says_nothing_is_known_by_its_drive(tmp_path: Path) -> None:
    assert _is_reported(tmp_path, NAMELESS, NAMELESS, (DRIVE,))


def test_the_stick_alone_makes_no_pc_without_numbers_the_same(tmp_path: Path) -> None:
    one = (stick(),)
    assert not _is_reported(tmp_path, NAMELESS, NAMELESS, (hdd(2),), beside=one)


@pytest.mark.parametrize("serial", [None, "", "0000000000", "To Be Filled", "0123456789ABCDEF"])
def test_a_serial_that_tells_nothing_makes_no_pc_the_same(
    tmp_path: Path, serial: str | None
) -> None:
    nobody = _identified(DRIVE, serial=serial, wwn=None)
    assert not _is_reported(tmp_path, NAMELESS, NAMELESS, (nobody,), was=nobody, begun=nobody)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (HERE, OTHER),
        (HERE, replace(HERE, serial="S-2")),
        (HERE, NAMELESS),
        (NAMELESS, HERE),
        (Machine(uuid="u-1"), Machine(serial="S-1")),
    ],
)
def test_a_drive_that_went_to_another_pc_does_not_take_the_session_along(
    tmp_path: Path, then: Machine, now: Machine
) -> None:
    """The session may still be at work there, on other drives."""
    assert not _is_reported(tmp_path, then, now, (DRIVE,))


def test_two_drives_are_the_same_only_where_a_number_says_so() -> None:
    one = DRIVE.identity
    assert same_drive(one, replace(one, size_bytes=1))
    assert same_drive(one, replace(one, serial=None)) and same_drive(one, replace(one, wwn=None))
    assert same_drive(one, replace(one, model=None))
    assert not same_drive(one, replace(one, serial="W62A9999"))
    assert not same_drive(one, replace(one, wwn="0x5000c500ffffffff"))
    assert not same_drive(one, replace(one, model="WDC WD5000"))
    assert not same_drive(replace(one, serial=None), replace(one, wwn=None))
    assert not same_drive(one, nvme().identity)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ((), ["drives-not-looked-at-again"]),
        ((StorageLooked(),), []),
        ((StorageLooked((LATE,)),), ["drive-appeared-after-the-look"]),
        ((StorageLooked(), "another attempt"), ["drives-not-looked-at-again"]),
    ],
)
def test_a_session_that_did_not_look_again_is_reported_as_unfinished(
    tmp_path: Path, after: tuple[ev.Event | str, ...], told: list[str]
) -> None:
    """The same bytes whenever that is, and whatever is in the PC then."""
    then = [attempt("j2") if isinstance(one, str) else one for one in after]
    made = []
    for number, beside in enumerate([(), (hdd(2),)]):
        folder = tmp_path / str(number)
        store = FolderStore(folder)
        events = stamped(started(), ev.InventoryTaken(pc(DRIVE, machine=HERE)), attempt(), *then)
        today = pc(DRIVE, *beside, machine=HERE)
        signer, box = station_signer(store), StoreOutbox(store)
        assert seal_left([(SESSION, events, "00")], today, signer, box)
        (jws,) = (folder / "reports").glob("*.jws")
        made.append(split_jws(jws.read_bytes())[1])
    assert made[0] == made[1]
    assert [one["kind"] for one in json.loads(made[0]).get("vanished", ())] == told
