"""NVMe Format and Sanitize under witness: what may be called erased, and what must never be."""

from __future__ import annotations

import errno
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from disks.played_nvme import (
    DONE,
    FORMAT,
    IDENTIFY,
    SANITIZE,
    SIZE,
    Effect,
    NvmeLoops,
    PlayedNvme,
    Said,
    all_but_the_end,
    erase,
    fill,
    half,
    noise,
    nothing,
    nvme_job,
    zeros,
    zeros_and_ones,
    zeros_but_old_text,
)
from disks.rig import filled_file, loop_device, run, tool
from reprise.adapters.drives.firmware import reattached
from reprise.adapters.drives.firmware.nvme_format import NvmeFormat
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.domain.erasure.canaries import CANARIES, CANARY_BYTES, canary_offsets
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import CommandRan, DriveInterrupted, ObservationKind
from unit.domain.drives.drives import pc

USER_DATA, FORMAT_CRYPTO = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO
BLOCK, CRYPTO = Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_CRYPTO
OVERWRITE = Technique.NVME_SANITIZE_OVERWRITE
BOTH = pytest.mark.parametrize("technique", [USER_DATA, BLOCK])
OLD = Said(0xFFFF, DONE, 0x0A)  # a block erase of ours, long ago


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


# ---- what the surface shows ----


@BOTH
@pytest.mark.parametrize("unit", [b"\0", b"\xff", b"\x33\xcc\x55\xaa"])
def test_an_erased_pattern_everywhere_is_verified(
    file: Path, technique: Technique, unit: bytes
) -> None:
    ran = erase(PlayedNvme(file, fill(unit)), technique)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.PURGE
    assert ran.finished.verified_bytes == SIZE
    assert int(ran.seen(ObservationKind.CANARIES_PLANTED).detail["canaries"]) >= CANARIES


@pytest.mark.parametrize("technique", [USER_DATA, FORMAT_CRYPTO, BLOCK, CRYPTO])
def test_noise_is_what_a_drive_that_encrypts_may_show(file: Path, technique: Technique) -> None:
    ran = erase(PlayedNvme(file, noise), technique)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.seen(ObservationKind.READBACK_ERASED).detail["pattern"] == "random"


def test_noise_is_not_the_pattern_that_an_overwrite_was_asked_for(file: Path) -> None:
    assert erase(PlayedNvme(file, noise), OVERWRITE).finished.verdict is Verdict.UNVERIFIED


@BOTH
@pytest.mark.parametrize("effect", [nothing, half, all_but_the_end])
def test_a_mark_that_survives_is_proof_of_failure(
    file: Path, technique: Technique, effect: Effect
) -> None:
    ran = erase(PlayedNvme(file, effect), technique)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.achieved is Method.NONE
    assert ReasonCode.CANARY_SURVIVED in ran.finished.reasons


@BOTH
def test_old_data_between_the_marks_is_found(file: Path, technique: Technique) -> None:
    ran = erase(PlayedNvme(file, zeros_but_old_text), technique)
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.MISMATCH in ran.finished.reasons


@BOTH
def test_two_patterns_are_not_one(file: Path, technique: Technique) -> None:
    ran = erase(PlayedNvme(file, zeros_and_ones), technique)
    assert ran.finished.verdict is not Verdict.VERIFIED


# ---- who gets the command ----


@BOTH
@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"namespace": 2}, ObservationKind.IDENTITY_CHANGED),
        ({"namespace": 0}, ObservationKind.IDENTITY_CHANGED),
        ({"namespace": OSError(errno.ENOTTY, "no")}, ObservationKind.COMMAND_FAILED),
        ({"serial": "ANOTHER"}, ObservationKind.IDENTITY_CHANGED),
        ({"active": (1, 2)}, ObservationKind.IDENTITY_CHANGED),
        ({"active": (1, 2), "allocated": (1, 2)}, ObservationKind.IDENTITY_CHANGED),
        ({"active": ()}, ObservationKind.IDENTITY_CHANGED),
        ({"trouble": {IDENTIFY: [0x4002]}}, ObservationKind.COMMAND_FAILED),
        ({"trouble": {IDENTIFY: [0, 0x4002]}}, ObservationKind.IDENTITY_CHANGED),
    ],
)
def test_a_drive_that_is_not_the_planned_one_is_left_alone(
    file: Path, technique: Technique, changes: dict[str, object], kind: ObservationKind
) -> None:
    before = file.read_bytes()
    drive = PlayedNvme(file, **changes)  # type: ignore[arg-type]
    ran = erase(drive, technique)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.seen(kind)
    assert not drive.sent(FORMAT)
    assert not drive.sent(SANITIZE)
    assert file.read_bytes() == before


def test_a_drive_that_is_no_nvme_is_not_formatted(file: Path) -> None:
    before = file.read_bytes()
    with loop_device(file) as node:
        real = WitnessedSanitizer(NvmeFormat(Policy()), NvmeLoops(), Policy())
        ran = run(real, nvme_job(node, USER_DATA))
    assert ran.finished.verdict is Verdict.FAILED
    assert file.read_bytes() == before


class Moved(NvmeLoops):
    """The drive has come back under another name."""

    nodes: tuple[str, ...] = ()

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        return pc(*map(self.probe_drive, self.nodes))


@pytest.mark.parametrize("twins", [1, 2])
def test_a_drive_that_comes_back_under_another_name_is_found(
    file: Path, monkeypatch: pytest.MonkeyPatch, twins: int
) -> None:
    """Unless two drives could be it: then none is."""
    monkeypatch.setattr(reattached, "_BACK_WITHIN_S", 4.0)
    monkeypatch.setattr(reattached, "_ELSEWHERE_AFTER_S", 0.1)
    probe = Moved()
    with ExitStack() as stack:
        node = stack.enter_context(loop_device(file))

        def erased_and_gone(path: Path) -> None:
            zeros(path)
            tool("losetup", "--detach", node)  # gone as soon as it is closed
            probe.nodes = tuple(stack.enter_context(loop_device(path)) for _one in range(twins))

        job = nvme_job(node, USER_DATA)
        procedure = NvmeFormat(Policy(), PlayedNvme(file, erased_and_gone))
        ran = run(WitnessedSanitizer(procedure, probe, Policy()), job)
    if twins == 1:
        assert ran.finished.verdict is Verdict.VERIFIED
    else:
        assert isinstance(ran.end, DriveInterrupted) or (
            ran.finished.verdict is not Verdict.VERIFIED
        )


# ---- the commands ----


def test_a_format_keeps_the_lba_format_and_is_on_record(file: Path) -> None:
    drive = PlayedNvme(file, flbas=0x12)
    ran = erase(drive, FORMAT_CRYPTO)
    (command,) = drive.sent(FORMAT)
    assert (command.namespace_id, command.cdw10) == (1, 0x412)
    (shown,) = (e for e in ran.of(CommandRan) if "Format NVM" in e.argv)
    assert {"nsid=00000001", "cdw10=00000412"} <= set(shown.argv)
    assert shown.exit_code == 0


@pytest.mark.parametrize(
    ("fna", "sent", "verdict"),
    [
        (0b0110, [1, 0xFFFF_FFFF], Verdict.VERIFIED),
        (0b0101, [1, 0xFFFF_FFFF], Verdict.VERIFIED),
        (0b1110, [1], Verdict.FAILED),  # does not know the broadcast NSID
        (0b0100, [1], Verdict.FAILED),
    ],
)
def test_all_namespaces_are_named_only_where_the_drive_asks_for_it(
    file: Path, fna: int, sent: list[int], verdict: Verdict
) -> None:
    drive = PlayedNvme(file, fna=fna, trouble={FORMAT: [0x400B]})
    assert erase(drive, USER_DATA).finished.verdict is verdict
    assert [command.namespace_id for command in drive.sent(FORMAT)] == sent


@BOTH
@pytest.mark.parametrize(
    ("status", "word"),
    [
        (0x4286, "blocked-by-firmware"),
        (0x2001, "blocked-by-firmware"),
        (0x010A, "blocked-by-firmware"),
        (0x0020, "write-protected"),
        (0x4006, "refused"),
    ],
)
def test_a_refused_command_failed_and_says_why(
    file: Path, technique: Technique, status: int, word: str
) -> None:
    opcode = FORMAT if technique is USER_DATA else SANITIZE
    ran = erase(PlayedNvme(file, trouble={opcode: [status]}), technique)
    assert ran.finished.verdict is Verdict.FAILED
    detail = ran.seen(ObservationKind.COMMAND_FAILED).detail
    assert (detail["status"], detail["refusal"]) == (f"0x{status:04x}", word)
    assert ran.finished.verified_bytes == 0


@BOTH
def test_an_error_of_the_kernel_is_kept_apart_from_the_drives(
    file: Path, technique: Technique
) -> None:
    opcode = FORMAT if technique is USER_DATA else SANITIZE
    ran = erase(PlayedNvme(file, trouble={opcode: [OSError(errno.EIO, "no")]}), technique)
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["errno"] == "EIO"
    assert ran.finished.verdict is Verdict.FAILED


@BOTH
def test_a_drive_that_leaves_is_interrupted(file: Path, technique: Technique) -> None:
    opcode = FORMAT if technique is USER_DATA else SANITIZE
    ran = erase(PlayedNvme(file, trouble={opcode: [OSError(errno.ENODEV, "no")]}), technique)
    assert isinstance(ran.end, DriveInterrupted)
    assert ran.end.cause == "unplugged"


def test_a_format_without_an_end_is_hung(file: Path) -> None:
    def aborted() -> None:
        time.sleep(3)
        raise OSError(errno.EINTR, "aborted")

    ran = erase(
        PlayedNvme(file, trouble={FORMAT: [aborted]}), USER_DATA, Policy(nvme_format_timeout_s=1)
    )
    assert ran.seen(ObservationKind.COMMAND_HUNG)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert any(one.phase == "format" for one in ran.progress)


def test_marks_are_spread_over_the_whole_surface() -> None:
    size = 1 << 40
    offsets = canary_offsets(size, b"seed")
    assert len(offsets) >= CANARIES
    assert offsets[0] == 0
    assert offsets[-1] == size - CANARY_BYTES
    assert {1 << 20, 1 << 30} <= set(offsets)
    assert max(b - a for a, b in pairwise(offsets)) < 2 * size / CANARIES
    assert canary_offsets(5 * CANARY_BYTES, b"") == tuple(n * CANARY_BYTES for n in range(5))
