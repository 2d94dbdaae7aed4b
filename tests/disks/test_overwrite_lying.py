"""The overwrite of drives that lie and of drives that fail, each on both streams."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from disks.rig import MIB, LoopProbe, job_for, lying_device, run
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import MediumErrorFound, ObservationKind

pytestmark = pytest.mark.usefixtures("both_streams")


def sanitizer() -> OverwriteSanitizer:
    return OverwriteSanitizer(LoopProbe(), Policy(max_bad_sectors=64))


def test_a_device_that_wraps_round_is_unmasked(liar_folder: Path) -> None:
    with lying_device(liar_folder, 32 * MIB, wrap=8 * MIB) as liar:
        ran = run(sanitizer(), job_for(liar.node))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.WRAPPED in ran.finished.reasons
    detail = ran.seen(ObservationKind.WRAPPED).detail
    # which of the four rounds stands there last is up to the two transfers under way
    at, meant_for = int(detail["at_bytes"]), int(detail["meant_for_bytes"])
    assert at != meant_for
    assert at % (8 * MIB) == meant_for % (8 * MIB)
    assert ran.seen(ObservationKind.READBACK_MISMATCH).detail["sectors"] == 24 * MIB // 512


def test_a_device_that_drops_writes_is_caught(liar_folder: Path) -> None:
    first, end = 5 * MIB, 5 * MIB + 3 * 512
    with lying_device(liar_folder, 16 * MIB, drop=[[first, end]]) as liar:
        ran = run(sanitizer(), job_for(liar.node))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.WRAPPED not in ran.finished.reasons
    detail = ran.seen(ObservationKind.READBACK_MISMATCH).detail
    assert detail["lbas"] == f"{first // 512}-{end // 512 - 1}"


def test_writes_that_land_elsewhere_are_named_with_where_they_were_meant_for(
    liar_folder: Path,
) -> None:
    first, end, by = 37 * MIB, 38 * MIB, -32 * MIB - 3 * 512
    with lying_device(liar_folder, 48 * MIB, shift=[[first, end, by]]) as liar:
        ran = run(sanitizer(), job_for(liar.node))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.WRAPPED in ran.finished.reasons
    detail = ran.seen(ObservationKind.WRAPPED).detail
    assert dict(detail) == {"at_bytes": first + by, "meant_for_bytes": first, "seen": 1}
    wrong = ran.seen(ObservationKind.READBACK_MISMATCH).detail["lbas"]
    there, missing = (first + by, end + by), (first, end)
    assert wrong == " ".join(f"{a // 512}-{b // 512 - 1}" for a, b in (there, missing))


def test_write_errors_are_cut_down_to_their_sectors(liar_folder: Path) -> None:
    bad = [[MIB, MIB + 512], [9 * MIB + 1024, 9 * MIB + 2560]]
    with lying_device(liar_folder, 16 * MIB, write_error=bad) as liar:
        ran = run(sanitizer(), job_for(liar.node))
    found = [e for e in ran.of(MediumErrorFound) if isinstance(e, MediumErrorFound)]
    assert [(e.operation, e.first_lba, e.count, e.errno) for e in found] == [
        ("write", MIB // 512, 1, errno.EIO),
        ("write", 9 * MIB // 512 + 2, 3, errno.EIO),
    ]
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.written_bytes == 16 * MIB - 4 * 512


def test_read_errors_leave_the_drive_unverified(liar_folder: Path) -> None:
    with lying_device(liar_folder, 16 * MIB, read_error=[[4 * MIB, 4 * MIB + 1024]]) as liar:
        ran = run(sanitizer(), job_for(liar.node))
    found = [e for e in ran.of(MediumErrorFound) if isinstance(e, MediumErrorFound)]
    assert [(e.operation, e.first_lba, e.count) for e in found] == [("read", 8192, 2)]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.READ_ERRORS in ran.finished.reasons
    assert ran.finished.verified_bytes == 16 * MIB - 1024


def test_a_dying_drive_is_given_up(liar_folder: Path) -> None:
    with lying_device(liar_folder, 64 * MIB, write_error=[[0, 64 * MIB]]) as liar:
        ran = run(sanitizer(), job_for(liar.node))
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.seen(ObservationKind.WRITE_ERRORS).detail["gave_up_at"] == 64
