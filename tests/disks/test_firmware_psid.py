"""The PSID revert: real block reads and writes, only the kernel's Opal calls are played. No
emulated Opal drive exists here: the structures are checked against the kernel's headers in
unit/wire/test_wire_opal.py."""

from __future__ import annotations

import errno
import json
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from disks.played_nvme import SIZE, Effect, noise, nothing, zeros
from disks.rig import LoopProbe, Ran, filled_file, job_for, loop_device, run
from reprise.adapters.drives.firmware import tcg_psid
from reprise.adapters.drives.firmware.tcg_psid import PsidRevert
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.codec import to_json
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import CommandRan, ObservationKind

TYPED = "abcd-efgh-1234-5678 abcd-efgh-1234-5678"
PSID = "ABCDEFGH12345678ABCDEFGH12345678"
CAN, LOCKED, MBR, MBR_DONE = 0x03, 0x08, 0x10, 0x20


@dataclass
class PlayedOpal:
    """passthrough.opal_ioctl.OpalAccess."""

    file: Path
    effect: Effect = noise
    state: int | OSError = CAN
    answer: int | OSError = 0
    slow_s: float = 0.0
    psid: str = ""

    def flags(self, device: object) -> int:
        if isinstance(self.state, OSError):
            raise self.state
        return self.state

    def discovery(self, device: object) -> bytes:
        return b""

    def revert_by_psid(self, device: object, psid: str) -> int:
        time.sleep(self.slow_s)
        self.psid = psid
        if isinstance(self.answer, OSError):
            raise self.answer
        if not self.answer:
            self.effect(self.file)
            self.state = CAN
        return self.answer


def revert(drive: PlayedOpal, typed: str = TYPED, **more: object) -> Ran:
    with loop_device(drive.file) as node:
        job = replace(
            job_for(node),
            attempt=Attempt(Technique.TCG_PSID_REVERT, Method.PURGE, VerifyDepth.FULL),
            psid=typed,
            reattach=bool(more.pop("reattach", False)),
        )
        sanitizer = WitnessedSanitizer(PsidRevert(drive), LoopProbe(), Policy())
        return run(sanitizer, job, **more)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


@pytest.mark.parametrize("effect", [noise, zeros])
def test_a_revert_leaves_nothing_of_what_was_there(file: Path, effect: Effect) -> None:
    drive = PlayedOpal(file, effect)
    ran = revert(drive)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.PURGE
    assert drive.psid == PSID


def test_a_drive_that_does_not_encrypt_keeps_everything(file: Path) -> None:
    ran = revert(PlayedOpal(file, nothing))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.CANARY_SURVIVED in ran.finished.reasons


@pytest.mark.parametrize(
    ("state", "reverts"),
    [(CAN, 1), (CAN | LOCKED, 2), (CAN | MBR, 2), (CAN | MBR | MBR_DONE, 1)],
)
def test_a_locked_drive_is_opened_first(file: Path, state: int, reverts: int) -> None:
    """Nothing can be planted on it before; the second revert is the witnessed one."""
    ran = revert(PlayedOpal(file, state=state))
    assert ran.finished.verdict is Verdict.VERIFIED
    assert len(ran.of(CommandRan)) == reverts


def test_a_wrong_psid_leaves_a_locked_drive_as_it_is(file: Path) -> None:
    before = file.read_bytes()
    ran = revert(PlayedOpal(file, state=CAN | LOCKED, answer=1))
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "wrong-psid"
    assert ran.finished.verdict is Verdict.FAILED
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (0x01, {"status": "NOT_AUTHORIZED", "refusal": "wrong-psid"}),
        (0x12, {"status": "AUTHORITY_LOCKED_OUT", "refusal": "too-many-wrong-psids"}),
        (0x3F, {"status": "FAIL"}),
        (OSError(errno.EPERM, "no"), {"errno": "EPERM"}),
    ],
)
def test_what_the_drive_refuses_is_said(
    file: Path, answer: int | OSError, detail: dict[str, str]
) -> None:
    ran = revert(PlayedOpal(file, answer=answer))
    assert ran.finished.verdict is Verdict.FAILED
    seen = dict(ran.seen(ObservationKind.COMMAND_FAILED).detail)
    assert seen.pop("command") == "Revert AdminSP"
    assert seen == detail


def test_the_psid_is_never_recorded(file: Path) -> None:
    for answer in (0, 1, OSError(errno.EIO, "no")):
        ran = revert(PlayedOpal(file, answer=answer))
        told = json.dumps([to_json(one).decode() for one in ran.events]) + repr(ran)
        for secret in (TYPED, PSID, PSID.lower(), PSID[:8], "abcd-efgh"):
            assert secret not in told
    (command,) = ran.of(CommandRan)
    assert isinstance(command, CommandRan)
    assert command.argv == ("TCG", "Revert AdminSP", "authority=PSID")


@pytest.mark.parametrize("typed", ["", PSID[:-1], PSID + "9", PSID[:-1] + "!"])
def test_what_cannot_be_a_psid_is_not_sent(file: Path, typed: str) -> None:
    before = file.read_bytes()
    drive = PlayedOpal(file)
    ran = revert(drive, typed)
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "psid-format"
    assert drive.psid == ""
    assert file.read_bytes() == before


def test_a_drive_without_opal_is_left_alone(file: Path) -> None:
    before = file.read_bytes()
    drive = PlayedOpal(file, state=OSError(errno.EOPNOTSUPP, "none"))
    assert revert(drive).finished.verdict is Verdict.FAILED
    assert file.read_bytes() == before


def test_a_revert_that_never_ends(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcg_psid, "_HUNG_AFTER_S", 0.2)
    ran = revert(PlayedOpal(file, slow_s=2.0))
    assert ran.seen(ObservationKind.COMMAND_HUNG)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_there_is_nothing_to_come_back_to(file: Path) -> None:
    drive = PlayedOpal(file)
    ran = revert(drive, reattach=True)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert drive.psid == ""
    stop = threading.Event()
    stop.set()
    revert(drive, stop=stop)
    assert drive.psid == ""
