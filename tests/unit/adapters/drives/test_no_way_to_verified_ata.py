"""No answer of an ATA drive, or of the kernel in its place, leads to VERIFIED unless the erase was
accepted and its end was told, legibly, of this command and by this drive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.firmware.ata_sanitize import AtaSanitize
from reprise.adapters.drives.firmware.ata_security import AtaSecurityErase
from reprise.adapters.drives.firmware.witnessed import Procedure
from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from unit.adapters.drives.ata_answers import ERASES, EVERY, FAULTS, SANITIZES, PlayedAta
from unit.adapters.drives.procedures import (
    Fault,
    Log,
    World,
    faults_of,
    job_for,
    judged,
    made_world,
    many,
)

LOOK = st.tuples(
    st.sampled_from(["idle", "running", "running", "succeeded", "failed", "frozen", "both"]),
    st.sampled_from([0, 1, 0x4000, 0xFFFF]),
)


def sanitize_was_told(log: Log, earlier: bool) -> bool:
    """Accepted, then told as the last word: succeeded; by ours, since it was seen to run or no
    success stood before; of an earlier session's only one that was seen to run counts. And the
    drive then said who it is."""
    accepted, running, ended, before, named = earlier, False, False, "", False
    for told in log.told:
        named = told.kind == "identify" and told.word != ""
        if told.kind == "erase":
            accepted, running, ended = told.word == "ok", False, False
        elif told.word == "stranger":
            ended = False
        elif told.kind == "status" and not accepted:
            before = told.word
        elif told.kind == "status":
            running = running or told.word == "running"
            new = running or before in ("idle", "failed")
            ended = told.word == "succeeded" and new
    return accepted and ended and named


def security_was_told(log: Log) -> bool:
    """The password was seen to be set; PREPARE, then UNIT, accepted; then the drive told that it
    has none."""
    seen = prepared = accepted = ended = False
    for told in log.told:
        if told.kind == "identify":
            seen = seen or told.word == "set"
            ended = accepted and told.word == "free"
        elif told.kind == "erase":
            accepted = told.word == "ok" and prepared and seen
            prepared = False
        else:
            prepared = (told.kind, told.word) == ("prepare", "ok")
    return accepted and ended


def was_told(drive: PlayedAta) -> bool:
    if drive.technique in ERASES:
        return security_was_told(drive.log)
    return sanitize_was_told(drive.log, earlier=False)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with made_world() as made:
        yield made


def procedure_for(drive: PlayedAta) -> Procedure:
    access = SatAta(drive)
    if drive.technique in ERASES:
        return AtaSecurityErase(access)
    return AtaSanitize(Policy(sanitize_stuck_after_s=2), access)


@pytest.mark.parametrize("technique", [*SANITIZES, *ERASES])
def test_a_drive_that_does_as_told_is_verified(world: World, technique: Technique) -> None:
    drive = PlayedAta(world, technique)
    assert judged(procedure_for(drive), job_for(technique)) is Verdict.VERIFIED
    if technique in SANITIZES:
        assert sanitize_was_told(drive.log, earlier=False)
        after = PlayedAta(world, technique, before="failed")
        assert judged(procedure_for(after), job_for(technique)) is Verdict.VERIFIED
        again = PlayedAta(world, technique, before="running")
        again.waiting = [("running", 0x2000), ("running", 0x4000), ("succeeded", 0)]
        assert judged(procedure_for(again), job_for(technique, reattach=True)) is Verdict.VERIFIED
        old = PlayedAta(world, technique, before="succeeded")
        assert judged(procedure_for(old), job_for(technique, reattach=True)) is Verdict.UNVERIFIED
    else:
        assert security_was_told(drive.log)


@pytest.mark.parametrize("technique", [Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SECURITY_ERASE])
def test_any_one_answer(world: World, technique: Technique) -> None:
    """Each fault at each command of an erase that else goes well."""
    honest = PlayedAta(world, technique)
    assert judged(procedure_for(honest), job_for(technique)) is Verdict.VERIFIED
    for (kind, count), fault in product(honest.log.counts().items(), EVERY):
        for at in range(count):
            drive = PlayedAta(world, technique, faults={kind: [*[None] * at, fault]})
            verdict = judged(procedure_for(drive), job_for(technique))
            assert verdict is not Verdict.VERIFIED or was_told(drive), (kind, at, fault)


@many(600)
@given(
    technique=st.sampled_from([*SANITIZES]),
    before=st.sampled_from(["idle", "idle", "succeeded", "failed", "running", "frozen"]),
    states=st.lists(LOOK, max_size=5).map(tuple),
    faults=faults_of(FAULTS, "identify", "status", "erase"),
    reattach=st.booleans(),
)
def test_sanitize(
    world: World,
    technique: Technique,
    before: str,
    states: tuple[tuple[str, int], ...],
    faults: dict[str, list[Fault | None]],
    reattach: bool,
) -> None:
    drive = PlayedAta(world, technique, before, states, faults=faults)
    if reattach:
        drive.waiting = list(states)
    verdict = judged(procedure_for(drive), job_for(technique, reattach=reattach))
    assert verdict is not Verdict.VERIFIED or sanitize_was_told(drive.log, reattach)


@many(400)
@given(
    technique=st.sampled_from([*ERASES]),
    stuck_password=st.booleans(),
    faults=faults_of(FAULTS, "identify", "password", "prepare", "erase", "unlock", "disable"),
)
def test_security_erase(
    world: World,
    technique: Technique,
    stuck_password: bool,
    faults: dict[str, list[Fault | None]],
) -> None:
    drive = PlayedAta(world, technique, stuck_password=stuck_password, faults=faults)
    verdict = judged(procedure_for(drive), job_for(technique))
    assert verdict is not Verdict.VERIFIED or security_was_told(drive.log)
