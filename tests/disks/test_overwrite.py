"""The overwrite on real loop devices; the bytes are checked from outside, by openssl."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from disks.rig import (
    MIB,
    LoopProbe,
    filled_file,
    job_for,
    loop_device,
    lying_device,
    mounted,
    openssl_stream,
    run,
    tool,
)
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.surface import checkpoints
from reprise.adapters.drives.surface.checkpoints import CHECKPOINT_BYTES
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.pipeline import AHEAD, MOST_WORKERS
from reprise.domain.erasure.progress import Progress
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Verdict, VerifyDepth
from reprise.domain.report.events import (
    Checkpoint,
    DriveInterrupted,
    ObservationKind,
    Update,
    VerifyStarted,
)

pytestmark = pytest.mark.usefixtures("both_streams")

POLICY = Policy(max_bad_sectors=64)
ODD = 13 * MIB + 5 * 512  # no multiple of the chunk, nor of 4 KiB


def sanitizer(checkpoint_bytes: int = CHECKPOINT_BYTES) -> OverwriteSanitizer:
    return OverwriteSanitizer(LoopProbe(), POLICY, checkpoint_bytes=checkpoint_bytes)


@pytest.mark.parametrize("size", [512, 4096, 4 * MIB, ODD, 40 * MIB])
def test_every_byte_is_the_documented_stream(tmp_path: Path, size: int) -> None:
    file = filled_file(tmp_path / "disk", size)
    with loop_device(file) as node:
        job = job_for(node)
        ran = run(sanitizer(), job)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.CLEAR
    assert ran.finished.written_bytes == ran.finished.verified_bytes == size
    assert file.read_bytes() == openssl_stream(job, size)
    assert ran.progress[-1].done_bytes == size


def test_sectors_of_4_kib(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", 8 * MIB)
    with loop_device(file, "--sector-size", "4096") as node:
        job = job_for(node)
        assert job.drive.logical_sector_bytes == 4096
        assert run(sanitizer(), job).finished.verdict is Verdict.VERIFIED
    assert file.read_bytes() == openssl_stream(job, 8 * MIB)


def test_a_sample_reads_a_tenth_and_both_ends(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", 40 * MIB)
    with loop_device(file) as node:
        ran = run(sanitizer(), job_for(node, VerifyDepth.SAMPLE))
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.reasons == (ReasonCode.READ_BACK_SAMPLED,)
    assert 4 * MIB <= ran.finished.verified_bytes < 8 * MIB


@pytest.mark.parametrize("at", [0, 7 * MIB + 700, ODD - 1])
def test_one_byte_changed_behind_our_back_is_found(tmp_path: Path, at: int) -> None:
    file = filled_file(tmp_path / "disk", ODD)

    def change_one_byte(item: Update) -> None:
        if isinstance(item, VerifyStarted):
            with file.open("r+b") as raw:
                raw.seek(at)
                old = raw.read(1)
                raw.seek(at)
                raw.write(bytes([old[0] ^ 1]))

    with loop_device(file) as node:
        ran = run(sanitizer(), job_for(node), change_one_byte)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.achieved is Method.NONE
    detail = ran.seen(ObservationKind.READBACK_MISMATCH).detail
    assert (detail["first_lba"], detail["sectors"]) == (at // 512, 1)


def test_a_full_medium_behind_the_drive(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    tool("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small))
    try:
        file = small / "disk"
        with file.open("wb") as raw:
            raw.truncate(64 * MIB)
        with loop_device(file) as node:
            ran = run(sanitizer(), job_for(node))
        assert ran.finished.verdict is Verdict.FAILED
        assert ReasonCode.WRITE_ERRORS in ran.finished.reasons
    finally:
        tool("umount", "--lazy", str(small))  # a detached loop device lets go a little later


def test_a_drive_that_loses_its_end_before_the_read_back(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", 16 * MIB)

    def cut(item: Update) -> None:
        if isinstance(item, VerifyStarted):
            with file.open("r+b") as raw:
                raw.truncate(12 * MIB)

    with loop_device(file) as node:
        ran = run(sanitizer(), job_for(node), cut)
    assert ran.finished.verdict is not Verdict.VERIFIED
    assert ran.finished.achieved is Method.NONE


def test_an_unplugged_drive_is_interrupted(liar_folder: Path) -> None:
    # so slow that the whole of it takes far longer than this machine may need to unplug it
    with lying_device(liar_folder, 256 * MIB, delay_s=0.02) as liar:

        def unplug(item: Update) -> None:
            if isinstance(item, Progress) and item.done_bytes > 8 * MIB:
                # as at a surprise removal, the kernel gives the open disk the size 0
                liar.set(size=0)
                tool("losetup", "--set-capacity", liar.node)

        end = run(sanitizer(), job_for(liar.node), unplug).end
        liar.set(size=256 * MIB, delay_s=0)
    assert isinstance(end, DriveInterrupted)
    assert (end.cause, end.done_bytes) == ("unplugged", 0)


def written_bytes(node: str) -> int:
    """By the kernel's count (Documentation/block/stat.rst)."""
    return int(Path("/sys/block", Path(node).name, "stat").read_text().split()[6]) * 512


def test_stop_is_quick_and_resuming_finishes_the_job(liar_folder: Path) -> None:
    size = 160 * MIB
    with lying_device(liar_folder, size, delay_s=0.004) as liar:
        stop = threading.Event()
        stopped_at: list[int] = []

        def stop_after_checkpoint(item: Update) -> None:
            if isinstance(item, Checkpoint) and not stop.is_set():
                stopped_at.append(written_bytes(liar.node))
                stop.set()

        job = job_for(liar.node)
        first = run(sanitizer(checkpoint_bytes=8 * MIB), job, stop_after_checkpoint, stop)
        # what was begun comes to its end, and nothing more
        assert written_bytes(liar.node) - stopped_at[0] <= (AHEAD + 1) * MOST_WORKERS * CHUNK_BYTES
        end = first.end
        assert isinstance(end, DriveInterrupted)
        assert end.cause == "operator"
        assert 0 < end.done_bytes < size

        liar.set(delay_s=0)
        again = run(sanitizer(), job_for(liar.node, resume=end.done_bytes))
        assert again.finished.verdict is Verdict.VERIFIED
        assert again.finished.written_bytes == again.finished.verified_bytes == size
        assert not any(isinstance(e, Checkpoint) and e.done_bytes == 0 for e in again.events)
        assert Path(liar.node).read_bytes() == openssl_stream(job, size)


def test_the_checkpoints_of_a_pass_are_so_many_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MOST", 4)
    monkeypatch.setattr(checkpoints, "_MIN_S", 0)
    with loop_device(filled_file(tmp_path / "disk", 160 * MIB)) as node:
        ran = run(sanitizer(checkpoint_bytes=8 * MIB), job_for(node))
    told = [e.done_bytes // MIB for e in ran.events if isinstance(e, Checkpoint)]
    assert told == [40, 80, 120, 160]


def test_resuming_over_a_broken_seam_starts_over(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", ODD)
    with loop_device(file) as node:
        job = job_for(node, resume=8 * MIB)  # nothing was ever written
        ran = run(sanitizer(), job)
    assert ran.events[0] == Checkpoint(job.drive.identity.key, job.job_id, "write", 0)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert file.read_bytes() == openssl_stream(job, ODD)


def test_a_resumed_overwrite_is_read_back_in_full(tmp_path: Path) -> None:
    file = tmp_path / "disk"
    size = 40 * MIB
    with file.open("wb") as raw:
        raw.truncate(size)
    with loop_device(file) as node:
        job = job_for(node, VerifyDepth.SAMPLE, resume=8 * MIB)
        file.write_bytes(openssl_stream(job, size))
        ran = run(sanitizer(), job)
    assert ran.finished.verified_bytes == size


def test_a_mounted_drive_is_not_written(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", 16 * MIB)
    tool("mkfs.ext4", "-q", "-F", str(file))
    before = file.read_bytes()
    with loop_device(file) as node:
        job = job_for(node)
        with mounted(node, tmp_path / "mnt", "-o", "ro,noload"):
            ran = run(sanitizer(), job)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.written_bytes == 0
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["errno"] == "EBUSY"
    assert file.read_bytes() == before


@pytest.mark.parametrize("same_size", [True, False])
def test_another_drive_at_the_same_path_is_not_written(tmp_path: Path, same_size: bool) -> None:
    planned = filled_file(tmp_path / "planned", ODD)
    other = filled_file(tmp_path / "other", ODD if same_size else 2 * ODD)
    before = other.read_bytes()
    with loop_device(planned) as node, loop_device(other) as now:
        job = job_for(node)
        ran = run(sanitizer(), replace(job, drive=replace(job.drive, node=now)))
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.IDENTITY_CHANGED in ran.finished.reasons
    assert other.read_bytes() == before


def test_a_read_only_drive_is_not_written(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", ODD)
    with loop_device(file) as node, loop_device(file, "--read-only") as now:
        job = job_for(node)
        ran = run(sanitizer(), replace(job, drive=replace(job.drive, node=now)))
    assert file.read_bytes().startswith(b"SECRET")
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.written_bytes == 0


def test_a_missing_drive_is_interrupted_not_judged(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", ODD)
    with loop_device(file) as node:
        job = job_for(node)
    gone = replace(job, drive=replace(job.drive, node=str(tmp_path / "nowhere")))
    end = run(sanitizer(), gone).end
    assert isinstance(end, DriveInterrupted)
    assert end.cause == "unplugged"
