"""What SCSI drives, eMMCs and TCG drives are asked, and what is made of their answers: no answer is
never a "no", and nothing raises."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.faults import Fault
from lab.scsi.config import BLOCK_ERASE, CRYPTO, OVERWRITE
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.domain.drives.capabilities import SanitizeState, ScsiCapabilities, Support
from unit.adapters.drives.scsi_drive import Drive, ask

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN


@pytest.mark.parametrize(
    ("has", "overwrite", "block", "crypto"),
    [
        ({OVERWRITE, BLOCK_ERASE, CRYPTO}, YES, YES, YES),
        ({OVERWRITE}, YES, NO, NO),
        ({CRYPTO}, NO, NO, YES),
        (set(), NO, NO, NO),
    ],
)
def test_a_drive_lists_its_service_actions(
    has: set[int], overwrite: Support, block: Support, crypto: Support
) -> None:
    able, evidence = ask(Drive(sanitizes=has, serial="S-42", unmaps=True))
    assert able == ScsiCapabilities(overwrite, block, crypto, SanitizeState.IDLE)
    assert evidence["vpd-80"] == "S-42"
    assert evidence["vpd-b1"].split()[0] == "rotation=10000"
    assert evidence["request-sense"] == "0h 00h/00h"


def test_what_must_be_written_before_it_can_be_read() -> None:
    def change(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
        if cdb[:3] != b"\x12\x01\xb1":
            return given
        return replace(given, data=given.data[:7] + b"\xd3" + given.data[8:])

    able, evidence = ask(Drive(change))
    assert able is not None
    assert (able.write_after_block, able.write_after_crypto) == (YES, NO)
    assert evidence["vpd-b1"] == "rotation=10000 write-after-block=yes write-after-crypto=no"


def test_only_reading_commands_are_sent() -> None:
    drive = Drive()
    ask(drive)
    assert {cdb[0] for cdb in drive.cdbs} == {0x12, 0xA3, 0x03}


def test_a_drive_that_does_not_list_its_commands_is_unknown() -> None:
    able, evidence = ask(Drive(reports_opcodes=False))
    assert able == ScsiCapabilities(UNKNOWN, UNKNOWN, UNKNOWN, SanitizeState.IDLE)
    assert evidence["sanitize-02"].startswith("not-reported: status=02 sense=700005")


@pytest.mark.parametrize(
    ("faults", "seconds", "state"),
    [
        (set(), 0.5, SanitizeState.RUNNING),
        ({Fault.SANITIZE_FAILS_KEEPS_DATA}, 5.0, SanitizeState.FAILED),
        (set(), 5.0, SanitizeState.IDLE),
    ],
)
def test_how_its_last_sanitize_stands(
    faults: set[Fault], seconds: float, state: SanitizeState
) -> None:
    drive = Drive(faults=faults, sanitize_s=1.0)
    drive.send(None, bytes.fromhex("48820000000000000000"))
    drive.now_s = seconds
    able, _evidence = ask(drive)
    assert able is not None
    assert able.sanitize_state is state


def patched(opcode: int, at: int, value: int) -> Callable[[bytes, ScsiAnswer], ScsiAnswer]:
    def change(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
        if cdb[0] != opcode or (cdb[1] & 1 and opcode == 0x12):
            return given
        data = given.data[:at] + bytes((value,)) + given.data[at + 1 :]
        return ScsiAnswer(given.status, 0, 0, b"", data, 0, 0.0)

    return change


def as_ata(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
    """A SATA drive behind a host adapter's translation."""
    if cdb[:3] == bytes((0x12, 1, 0)):
        pages = bytes((0x00, 0x80, 0x83, 0x89))
        return ScsiAnswer(0, 0, 0, b"", bytes((0, 0, 0, len(pages))) + pages, 0, 0.0)
    return given


@pytest.mark.parametrize(
    "drive",
    [
        Drive(patched(0x12, 0, 0x05)),  # an optical drive
        Drive(patched(0x12, 0, 0x20)),  # no unit is connected
        Drive(as_ata),
        Drive(vendor="ATA"),
    ],
)
def test_what_is_no_scsi_disk_is_not_asked_further(drive: Drive) -> None:
    able, _evidence = ask(drive)
    assert able is None
    assert 0xA3 not in {cdb[0] for cdb in drive.cdbs}


class Refusing:
    """All commands end in an error of the kernel, as on a drive that knows no SCSI."""

    def send(self, *_args: object, **_more: object) -> ScsiAnswer:
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))


def test_no_scsi_at_all() -> None:
    able, evidence = ask(Refusing())
    assert able is None
    assert evidence["inquiry"].startswith("not-reported")


@given(st.binary(max_size=255), st.sampled_from([0x12, 0xA3, 0x03]), st.integers(0, 0x40))
def test_garbage_is_never_a_yes_or_an_error(data: bytes, opcode: int, status: int) -> None:
    def change(cdb: bytes, given: ScsiAnswer) -> ScsiAnswer:
        if cdb[0] != opcode:
            return given
        return ScsiAnswer(status, 0, 0, data[:18], data, 0, 0.0)

    able, _evidence = ask(Drive(change, sanitizes=set()))
    if able is not None and opcode != 0xA3:
        assert YES not in (able.sanitize_block, able.sanitize_crypto, able.sanitize_overwrite)
