"""NVMe Format under witness: real block reads and writes; only the command itself is played, by a
runner that does to the backing file what a good or a lying drive would do."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from disks.rig import MIB, LoopProbe, Ran, filled_file, job_for, loop_device, run
from reprise.adapters.nvme_format import NvmeFormatSanitizer
from reprise.domain.canaries import CANARIES, CANARY_BYTES, canary_offsets
from reprise.domain.capabilities import Capabilities, Support
from reprise.domain.events import CommandRan, ObservationKind, VerifyStarted
from reprise.domain.plan import Attempt
from reprise.domain.policy import Policy
from reprise.domain.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.verification import ReasonCode
from reprise.errors import ToolError
from reprise.ports import CommandResult, Job

SIZE = 24 * MIB  # 6,144 blocks: more than there are marks
USER_DATA, CRYPTO = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO


class Drive:
    """ports.CommandRunner: what `nvme format` makes of the drive behind the node."""

    def __init__(self, file: Path, effect: Callable[[Path], None], exit_code: int = 0) -> None:
        self.file, self.effect, self.exit_code = file, effect, exit_code
        self.argv: tuple[str, ...] = ()

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.argv = tuple(argv)
        self.effect(self.file)
        return CommandResult(self.argv, self.exit_code, b"Success formatting namespace:1\n", b"", 1)


def fill(byte: bytes) -> Callable[[Path], None]:
    def effect(file: Path) -> None:
        with file.open("r+b") as raw:
            raw.write(byte * SIZE)

    return effect


def noise(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(os.urandom(SIZE))


def nothing(_file: Path) -> None:
    """A drive that says yes and erases nothing."""


def half(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(bytes(SIZE // 2))


def all_but_the_end(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(bytes(SIZE - CANARY_BYTES))


def zeros_but_old_text(file: Path) -> None:
    fill(b"\0")(file)
    with file.open("r+b") as raw:
        raw.seek(9 * MIB)
        raw.write(b"Dear Sir, your account number is 1234. " * 30)


def zeros_and_ones(file: Path) -> None:
    fill(b"\0")(file)
    with file.open("r+b") as raw:
        raw.write(b"\xff" * (SIZE // 2))


def nvme_job(node: str, technique: Technique = USER_DATA, namespace_id: int = 1) -> Job:
    capabilities = Capabilities(nvme_format=Support.YES, nvme_namespace_id=namespace_id)
    attempt = Attempt(technique, Method.PURGE, VerifyDepth.FULL)
    return replace(job_for(node), attempt=attempt, capabilities=capabilities)


def run_format(tmp_path: Path, drive: Drive, technique: Technique = USER_DATA) -> Ran:
    with loop_device(drive.file) as node:
        sanitizer = NvmeFormatSanitizer(
            drive, LoopProbe(), Policy(nvme_format_timeout_s=900), namespace_of=lambda _device: 1
        )
        return run(sanitizer, nvme_job(node, technique))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


@pytest.mark.parametrize("byte", [b"\0", b"\xff", b"\x33\xcc\x55\xaa"])
def test_an_erased_pattern_everywhere_is_verified(tmp_path: Path, file: Path, byte: bytes) -> None:
    drive = Drive(file, lambda path: fill(byte)(path) if len(byte) == 1 else repeat(path, byte))
    ran = run_format(tmp_path, drive)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.PURGE
    assert ran.finished.verified_bytes == SIZE
    assert int(ran.seen(ObservationKind.CANARIES_PLANTED).detail["canaries"]) >= CANARIES
    (command,) = ran.of(CommandRan)
    assert isinstance(command, CommandRan)
    assert command.argv[:2] == ("nvme", "format")
    assert {"--namespace-id=1", "--ses=1", "--timeout=900000", "--force"} <= set(command.argv)
    assert len(ran.of(VerifyStarted)) == 1


def repeat(file: Path, unit: bytes) -> None:
    with file.open("r+b") as raw:
        raw.write(unit * (SIZE // len(unit)))


def test_noise_is_what_a_crypto_erase_leaves(tmp_path: Path, file: Path) -> None:
    ran = run_format(tmp_path, Drive(file, noise), CRYPTO)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert "--ses=2" in ran.of(CommandRan)[0].argv  # type: ignore[union-attr]
    assert ran.seen(ObservationKind.READBACK_ERASED).detail["pattern"] == "random"


def test_noise_after_a_user_data_erase_proves_nothing(tmp_path: Path, file: Path) -> None:
    ran = run_format(tmp_path, Drive(file, noise), USER_DATA)
    assert ran.finished.verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("effect", [nothing, half, all_but_the_end])
def test_a_mark_that_survives_is_proof_of_failure(
    tmp_path: Path, file: Path, effect: Callable[[Path], None]
) -> None:
    ran = run_format(tmp_path, Drive(file, effect))
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.achieved is Method.NONE
    assert ReasonCode.CANARY_SURVIVED in ran.finished.reasons


def test_old_data_between_the_marks_is_found(tmp_path: Path, file: Path) -> None:
    ran = run_format(tmp_path, Drive(file, zeros_but_old_text))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.MISMATCH in ran.finished.reasons


def test_two_patterns_are_not_one(tmp_path: Path, file: Path) -> None:
    ran = run_format(tmp_path, Drive(file, zeros_and_ones))
    assert ran.finished.verdict is not Verdict.VERIFIED


def test_a_refused_format_failed_whatever_the_surface_shows(tmp_path: Path, file: Path) -> None:
    ran = run_format(tmp_path, Drive(file, fill(b"\0"), exit_code=1))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.COMMAND_FAILED in ran.finished.reasons


def test_a_missing_tool_is_told(tmp_path: Path, file: Path) -> None:
    def missing(_file: Path) -> None:
        raise ToolError("the program nvme is missing")

    ran = run_format(tmp_path, Drive(file, missing))
    assert ran.finished.verdict is Verdict.FAILED


@pytest.mark.parametrize("found", [0, 2])
def test_another_namespace_is_not_formatted(tmp_path: Path, file: Path, found: int) -> None:
    before = file.read_bytes()
    drive = Drive(file, fill(b"\0"))
    with loop_device(file) as node:
        sanitizer = NvmeFormatSanitizer(
            drive, LoopProbe(), Policy(), namespace_of=lambda _device: found
        )
        ran = run(sanitizer, nvme_job(node, namespace_id=1))
    assert ran.finished.verdict is Verdict.FAILED
    assert drive.argv == ()
    assert file.read_bytes() == before


def test_a_drive_that_is_no_nvme_is_not_formatted(tmp_path: Path, file: Path) -> None:
    drive = Drive(file, fill(b"\0"))
    with loop_device(file) as node:
        ran = run(NvmeFormatSanitizer(drive, LoopProbe(), Policy()), nvme_job(node))
    assert ran.finished.verdict is Verdict.FAILED
    assert drive.argv == ()


def test_nvme_cli_knows_these_options() -> None:
    try:
        shown = subprocess.run(
            ["nvme", "format", "--help"], check=False, capture_output=True, text=True
        )
    except FileNotFoundError:
        pytest.skip("nvme-cli is not installed")
    for option in ("--namespace-id", "--ses", "--timeout", "--force"):
        assert option in shown.stdout + shown.stderr


def test_marks_are_spread_over_the_whole_surface() -> None:
    size = 1 << 40
    offsets = canary_offsets(size, b"seed")
    assert len(offsets) >= CANARIES
    assert offsets[0] == 0
    assert offsets[-1] == size - CANARY_BYTES
    assert {1 << 20, 1 << 30} <= set(offsets)
    assert max(b - a for a, b in pairwise(offsets)) < 2 * size / CANARIES
    assert canary_offsets(5 * CANARY_BYTES, b"") == tuple(n * CANARY_BYTES for n in range(5))
