"""What the certificate says of hidden areas: never "none" where nobody looked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from reprise.documents.hidden import hidden_facts
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import DriveIdentity, Transport
from reprise.domain.planning.plan import Attempt, DrivePlan, LimitationCode, Plan, Preparation
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.report import AttemptRecord, DriveRecord, PreparationRecord
from unit.domain.drives.drives import drive

WHO = DriveIdentity(model="M", serial="S", size_bytes=1 << 30)
ATTEMPT = AttemptRecord(
    job_id="1",
    job_key="",
    attempt=Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL),
    started_at="",
    started_monotonic_s=0.0,
)
RECORD = DriveRecord(WHO, "/dev/sda", DriveState.SANITIZED, Method.CLEAR, attempts=(ATTEMPT,))
NONE = "this kind of drive has none (HPA, DCO, AMAC)"
LOOKED = "looked for (HPA, DCO, AMAC); none found"
WHETHER = "unknown whether there are any"


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


def said(record: DriveRecord, transport: Transport, told: dict[str, str]) -> tuple[str, str]:
    plan = Plan((DrivePlan(WHO, "/dev/sda", capabilities=told),), "policy")
    (fact,) = hidden_facts(record, replace(drive(), transport=transport), plan)
    return str(fact[1] or ""), str(fact[2])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"scsi.sanitize_block": "no"}, NONE),
        ({"ata.hpa": "yes", "ata.native_sectors": "9"}, LOOKED),
    ],
)
def test_a_sata_drive_behind_a_sas_adapter_may_have_them(told: dict[str, str], words: str) -> None:
    assert said(RECORD, Transport.SAS, told) == (words, "")


@pytest.mark.parametrize("transport", [Transport.SATA, Transport.NVME, Transport.SAS])
def test_what_was_left_is_never_told_as_none(transport: Transport) -> None:
    left = Observation("S", ObservationKind.HIDDEN_AREA_LEFT, {})
    for seen in (replace(ATTEMPT, observations=(left,)), replace(ATTEMPT, earlier=(left,))):
        assert said(replace(RECORD, attempts=(seen,)), transport, {}) == (
            WHETHER,
            "a part of the drive may be hidden, and was not reached",
        )


def test_what_was_not_looked_for_is_told() -> None:
    record = replace(RECORD, limitations=(LimitationCode.HIDDEN_AREAS,))
    assert said(record, Transport.SAS, {"ata.known": "True"})[0] == WHETHER


@pytest.mark.parametrize(
    "step", [Preparation.REMOVE_HPA, Preparation.REMOVE_AMAC, Preparation.RESTORE_DCO]
)
def test_each_kind_is_told_as_removed_or_as_left(step: Preparation) -> None:
    done = PreparationRecord((step,), done=(step,), size_bytes=2 << 30)
    removed = said(replace(RECORD, preparation=done), Transport.SATA, {})
    assert removed == ("found and removed: 1.1\xa0GB before, 2.1\xa0GB after", "")
    left = PreparationRecord((step,), left=(step,), size_bytes=1 << 30)
    words = ("found, and could not be removed", "")
    assert said(replace(RECORD, preparation=left), Transport.SATA, {}) == words
    cut = PreparationRecord((step,))
    assert said(replace(RECORD, preparation=cut), Transport.SATA, {}) == words
