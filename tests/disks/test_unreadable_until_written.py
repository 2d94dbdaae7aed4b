"""A SAS drive that fails reads of what it erased until that is written (SBC-4, WABEREQ, WACEREQ):
no bad sector, and no proof either."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from disks.played_nvme import SIZE, zeros
from disks.played_scsi import PlayedScsi, scsi_job
from disks.rig import Liar, LoopProbe, Ran, filled_file, loop_device, lying_device, run
from reprise.adapters.drives.firmware.scsi_sanitize import ScsiSanitize
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import MediumErrorFound, ObservationKind
from station_kit.facts import with_facts

BLOCK, CRYPTO = Technique.SCSI_SANITIZE_BLOCK, Technique.SCSI_SANITIZE_CRYPTO
OVERWRITE = Technique.SCSI_SANITIZE_OVERWRITE
SEEN = ObservationKind.UNREADABLE_UNTIL_WRITTEN


def _erase(node: str, drive: PlayedScsi, technique: Technique, **says: Support) -> Ran:
    rules = Policy()
    job = scsi_job(node, technique)
    assert job.capabilities is not None
    assert job.capabilities.scsi is not None
    able = Capabilities(scsi=with_facts(job.capabilities.scsi, **says))
    procedure = ScsiSanitize(rules, drive, every_s=0.05)
    sanitizer = WitnessedSanitizer(procedure, LoopProbe(), rules)
    return run(sanitizer, replace(job, capabilities=able))


def _unreadable(liar: Liar, *spans: list[int]) -> PlayedScsi:
    return PlayedScsi(liar.control, lambda _file: liar.set(read_error=list(spans)))


def _kinds(ran: Ran) -> set[ObservationKind]:
    return {one.kind for one in ran.events if hasattr(one, "kind")}


@pytest.mark.parametrize(
    ("technique", "field"), [(BLOCK, "write_after_block"), (CRYPTO, "write_after_crypto")]
)
def test_what_the_drive_announced_is_no_bad_sector(
    liar_folder: Path, technique: Technique, field: str
) -> None:
    with lying_device(liar_folder, SIZE) as liar:
        ran = _erase(liar.node, _unreadable(liar, [0, SIZE]), technique, **{field: Support.YES})
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.UNREADABLE_UNTIL_WRITTEN in ran.finished.reasons
    assert ReasonCode.READ_ERRORS not in ran.finished.reasons
    assert not ran.of(MediumErrorFound)


@pytest.mark.parametrize(
    ("technique", "says"),
    [
        (BLOCK, {}),
        (BLOCK, {"write_after_block": Support.NO, "write_after_crypto": Support.YES}),
        (CRYPTO, {"write_after_block": Support.YES}),
        (OVERWRITE, {"write_after_block": Support.YES, "write_after_crypto": Support.YES}),
    ],
)
def test_where_it_did_not_a_read_error_is_one(
    liar_folder: Path, technique: Technique, says: dict[str, Support]
) -> None:
    with lying_device(liar_folder, SIZE) as liar:
        ran = _erase(liar.node, _unreadable(liar, [0, SIZE]), technique, **says)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.READ_ERRORS in ran.finished.reasons
    assert ran.of(MediumErrorFound)
    assert SEEN not in _kinds(ran)


def test_a_mark_that_stands_tells_more_than_what_cannot_be_read(liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE) as liar:
        drive = _unreadable(liar, [SIZE // 2, SIZE // 2 + SIZE // 64])
        ran = _erase(liar.node, drive, BLOCK, write_after_block=Support.YES)
    assert ran.finished.verdict is Verdict.FAILED
    assert {SEEN, ObservationKind.CANARY_SURVIVED} <= _kinds(ran)


def test_what_can_be_read_all_the_same_is_looked_at(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", SIZE)
    with loop_device(file) as node:
        ran = _erase(node, PlayedScsi(file, zeros), BLOCK, write_after_block=Support.YES)
    assert ran.finished.verdict is Verdict.VERIFIED
