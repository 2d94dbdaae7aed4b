"""What names a drive in journals and reports, for as long as there are any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.pc.hardware import DriveIdentity, Transport
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals, refusals_at_write
from reprise.workflow.past.known_drives import identity_of
from unit.domain.drives.drives import drive


def test_the_key_of_a_drive_is_what_it_always_was() -> None:
    """Older journals hold it: an interrupted drive is found again by it."""
    whole = DriveIdentity(model="M 1", serial="S1", wwn="0x5000", size_bytes=512)
    assert whole.key == "M 1|S1|0x5000|512"
    assert DriveIdentity(model=None, serial=None, wwn=None, size_bytes=0).key == "?|?|?|0"


def test_a_drive_is_confirmed_by_its_serial_number_else_by_its_wwn() -> None:
    both = DriveIdentity(model="M", serial="S1", wwn="0x5000", size_bytes=512)
    assert both.confirm_word == "S1"
    assert replace(both, serial=None).confirm_word == "0x5000"
    assert replace(both, serial=None, wwn=None).confirm_word is None


@pytest.mark.parametrize("model", ["M 1", "A|B", None])
@pytest.mark.parametrize("wwn", ["0x5000", None])
def test_a_key_tells_who_it_was_made_of(model: str | None, wwn: str | None) -> None:
    """Also where the journal lost the look that told the drive."""
    who = DriveIdentity(model=model, serial="S1", wwn=wwn, size_bytes=512)
    assert identity_of(who.key) == who


@pytest.mark.parametrize("word", ["", "sda", "M|S1|512", "M|S1|0x5|", "M|S1|0x5|12 GB"])
def test_what_is_no_key_is_nobodys(word: str) -> None:
    assert identity_of(word) == DriveIdentity(model=word, size_bytes=0)


def test_a_loop_device_is_touched_only_where_a_person_gave_its_path() -> None:
    loop = drive(transport=Transport.LOOP)
    unnamed = (Refusal(RefusalCode.NOT_INTERNAL, "loop"),)
    assert refusals(loop, Policy()) == refusals_at_write(loop, loop, Policy()) == unnamed
    assert refusals(loop, Policy(), named=True) == ()
    assert refusals_at_write(loop, loop, Policy(), named=True) == ()
