"""Whatever the hardware says, a session is journalled, sealed and taken: cut, and saying so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal
from reprise.codec import from_json, to_json
from reprise.domain.report.events import InventoryTaken, MediumErrorFound, SessionStarted
from reprise.domain.report.report import Report
from reprise.domain.report.within import Others, others_within
from reprise.domain.station.delivery import LARGEST_PAYLOAD
from reprise.workflow.delivery.submit import exact_bytes
from unit.adapters.delivery.delivery_samples import (
    KEY,
    SESSION,
    attempt,
    finished,
    inventory,
    started,
)
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples
from unit.workflow.delivery.test_submit import Sealed


def hostile(serial: str, label: str = "") -> InventoryTaken:
    """The PC and its drive as they would say it; the drive is the one that is erased."""
    found = inventory().inventory
    drive = replace(found.drives[0], label=label or None)
    return InventoryTaken(
        replace(found, machine=replace(found.machine, serial=serial), drives=(drive,))
    )


@pytest.mark.parametrize("serial", ["S" * 70_000, "A\ud800B", "\x00\x1b[2J", "🖴" * 5000])
def test_a_serial_number_of_any_kind_is_sealed(tmp_path: Path, serial: str) -> None:
    made = Sealed(tmp_path / "data")
    for event in (started(), hostile(serial, "L\udfff" * 3000), attempt(), finished()):
        made.journal.append(event)
    made.seal()
    report = made.report()
    told = report.inventory.machine.serial or ""
    assert len(told) <= 4096
    assert told == serial or told.startswith(serial[:3].replace("\ud800", "?"))
    assert {one.where for one in report.shortened} >= {"inventory.drives.0.label"}
    plain = json.loads(to_json(report))
    assert others_within(plain) == Others()
    assert report.drives[0].identity.key == KEY
    # and whoever reads the journal afterwards reads the same
    again = StoreJournal(made.store, SESSION, SystemClock()).events()
    assert len(again) == len(made.journal.events())
    assert isinstance(again[0].event, SessionStarted)


def test_very_many_bad_sectors_have_room() -> None:
    """As a policy without a limit allows, on three drives: more than a server takes of bytes."""
    bad = tuple(MediumErrorFound(KEY, "write", n, 1, 5) for n in range(60_000))
    drives = tuple(hdd(number) for number in range(3))
    records = [samples.drive_record(d, samples.attempt(d, medium_errors=bad)) for d in drives]
    data = exact_bytes(samples.report(drives, tuple(records)))
    assert len(data) <= LARGEST_PAYLOAD
    report = from_json(data, Report)
    for record in report.drives:
        errors = record.attempts[0].medium_errors
        assert 1000 < len(errors) <= 20_000
        assert (errors[0].first_lba, errors[-1].first_lba) == (0, 59_999)
    assert [(cut.where, cut.of) for cut in report.shortened] == [
        (f"drives.{n}.attempts.0.medium_errors", 60_000) for n in range(3)
    ]


def test_the_same_report_gives_the_same_bytes() -> None:
    report = replace(samples.good_report(), session_id="\ud800" * 9999)
    assert exact_bytes(report) == exact_bytes(replace(report))
