"""A drive at its end fails at every mark: it is given up after a few, and no more erased for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from disks.played_nvme import FORMAT, SIZE, Effect, NvmeLoops, PlayedNvme, nothing, nvme_job
from disks.rig import Liar, Ran, lying_device, run
from reprise.adapters.drives.firmware.nvme_format import NvmeFormat
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.adapters.drives.surface.canaries import BAD_MARKS
from reprise.domain.erasure.canaries import CANARY_BYTES, canary_offsets
from reprise.domain.erasure.sampling import sample_seed
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import MediumErrorFound, ObservationKind

EVERYWHERE = [[0, SIZE]]


def _run(liar: Liar, effect: Effect = nothing) -> tuple[Ran, PlayedNvme]:
    drive, rules = PlayedNvme(liar.control, effect), Policy(max_bad_sectors=1)
    job = nvme_job(liar.node, Technique.NVME_FORMAT_USER_DATA)
    return run(WitnessedSanitizer(NvmeFormat(rules, drive), NvmeLoops(), rules), job), drive


def _errors(ran: Ran, operation: str) -> list[MediumErrorFound]:
    """Those at a mark: the read-back's are by sectors."""
    found = [e for e in ran.of(MediumErrorFound) if isinstance(e, MediumErrorFound)]
    return [e for e in found if (e.operation, e.count) == (operation, CANARY_BYTES // 512)]


def _at_marks(liar: Liar, numbers: Sequence[int]) -> list[list[int]]:
    job = nvme_job(liar.node, Technique.NVME_FORMAT_USER_DATA)
    marks = canary_offsets(SIZE, sample_seed(job.job_id, job.job_key))
    return [[marks[number], marks[number] + CANARY_BYTES] for number in numbers]


def _claims_nothing(ran: Ran, verdict: Verdict, *reasons: ReasonCode) -> None:
    assert (ran.finished.verdict, ran.finished.achieved) == (verdict, Method.NONE)
    assert {*reasons} <= {*ran.finished.reasons}


def test_a_drive_that_takes_no_write_is_asked_a_few_times(liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE, write_error=EVERYWHERE) as liar:
        ran, drive = _run(liar)
    assert len(_errors(ran, "write")) == BAD_MARKS
    assert ran.seen(ObservationKind.WRITE_ERRORS).detail["standing"] == 0
    _claims_nothing(ran, Verdict.FAILED, ReasonCode.WRITE_ERRORS, ReasonCode.NO_CANARIES)
    assert not drive.sent(FORMAT)


def test_marks_that_cannot_be_read_back_are_asked_for_a_few_times(liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE, read_error=EVERYWHERE) as liar:
        ran, drive = _run(liar)
    assert len(_errors(ran, "read")) == BAD_MARKS
    _claims_nothing(ran, Verdict.FAILED, ReasonCode.WRITE_ERRORS, ReasonCode.NO_CANARIES)
    assert not drive.sent(FORMAT)


def test_a_drive_that_cannot_be_read_afterwards_is_asked_a_few_times(liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE) as liar:
        ran, drive = _run(liar, lambda _file: liar.set(read_error=EVERYWHERE))
    assert len(_errors(ran, "read")) == BAD_MARKS
    _claims_nothing(
        ran, Verdict.UNVERIFIED, ReasonCode.READ_ERRORS, ReasonCode.CANARIES_NOT_CHECKED
    )
    assert drive.sent(FORMAT)


@pytest.mark.parametrize("places", [range(BAD_MARKS - 1), range(-1, -BAD_MARKS - 1, -1)])
def test_bad_marks_hide_no_mark_that_survived_before_them(liar_folder: Path, places: range) -> None:
    """Fewer than the limit in front, or as many behind."""
    with lying_device(liar_folder, SIZE) as liar:
        bad = _at_marks(liar, places)
        ran, _drive = _run(liar, lambda _file: liar.set(read_error=bad))
    assert len(_errors(ran, "read")) == len(places)
    _claims_nothing(ran, Verdict.FAILED, ReasonCode.CANARY_SURVIVED)


@pytest.mark.parametrize("operation", ["write_error", "read_error"])
@pytest.mark.parametrize("number", [0, 700, -1])
def test_a_mark_on_a_bad_sector_is_planted_near_by(
    liar_folder: Path, operation: str, number: int
) -> None:
    """The drive that needs its own erase the most gets it. Its bad sector is looked at afterwards:
    it verifies where the erase mended it, and does not where it cannot be read."""
    with lying_device(liar_folder, SIZE) as liar:
        bad = _at_marks(liar, (number,))
        liar.set(**{operation: bad})
        ran, drive = _run(liar, lambda _file: liar.set(erased=True))
    moved = ran.seen(ObservationKind.MARKS_MOVED).detail
    assert moved["first_lba"] == bad[0][0] // 512
    planted = ran.seen(ObservationKind.CANARIES_PLANTED).detail["canaries"]
    assert planted == moved["canaries"]
    assert drive.sent(FORMAT)
    if operation == "write_error":
        assert ran.finished.verdict is Verdict.VERIFIED
    else:
        _claims_nothing(ran, Verdict.UNVERIFIED, ReasonCode.READ_ERRORS)


def test_a_survivor_is_found_where_a_mark_was_moved_to(liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE) as liar:
        liar.set(write_error=_at_marks(liar, (700,)))
        ran, drive = _run(liar)
    assert drive.sent(FORMAT)
    _claims_nothing(ran, Verdict.FAILED, ReasonCode.CANARY_SURVIVED)
