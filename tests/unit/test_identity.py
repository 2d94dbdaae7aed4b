"""What names a drive in journals and reports, for as long as there are any."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.hardware import DriveIdentity


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
