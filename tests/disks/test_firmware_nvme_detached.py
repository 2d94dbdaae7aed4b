"""A detached namespace under an overwrite: attached, overwritten, read back, detached again. Real
block reads and writes on loop devices; the kernel's sysfs and the admin commands are played."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from disks.detaching_nvme import Bench, Detaching
from disks.played_nvme import SIZE
from disks.rig import MIB, Ran, filled_file, loop_device, lying_device
from reprise.adapters.drives.firmware import nvme_detached
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.plan import Preparation, WarningCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import CommandRan, DriveInterrupted, Observation, ObservationKind

KEPT, ERASED, UNKNOWN = (
    ObservationKind.AREA_KEPT_DATA,
    ObservationKind.AREA_ERASED,
    ObservationKind.AREA_UNKNOWN,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Namespace 1 attached, 2 and 5 not; each full of the donor's text."""
    with ExitStack() as stack:
        files = {
            nsid: filled_file(tmp_path / f"ns{nsid}", size)
            for nsid, size in ((1, SIZE), (2, 9 * MIB), (5, 3 * MIB))
        }
        nodes = {nsid: stack.enter_context(loop_device(file)) for nsid, file in files.items()}
        drive = Detaching(
            files[1], active=(1,), allocated=(1, 2, 5), root=tmp_path / "pc", nodes=nodes
        )
        drive.show(1)
        yield Bench(drive, files)


def areas_of(ran: Ran, kind: ObservationKind) -> list[str]:
    found = [one for one in ran.events if isinstance(one, Observation) and one.kind is kind]
    return sorted(str(one.detail["area"]) for one in found)


def test_detached_namespaces_are_overwritten_with_the_drive(bench: Bench) -> None:
    ran = bench.overwrite()
    for file in bench.files.values():
        assert b"SECRET" not in file.read_bytes()
    assert areas_of(ran, ERASED) == ["namespace-2", "namespace-5"]
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.written_bytes == SIZE, "of the drive's own surface"
    # attached one after the other, and the layout is as it was
    assert bench.attachments() == [(2, 0), (2, 1), (5, 0), (5, 1)]
    assert bench.drive.active == (1,)
    shown = [one.argv[1] for one in ran.of(CommandRan) if isinstance(one, CommandRan)]
    assert shown[:2] == ["Namespace Attachment: attach", "Namespace Attachment: detach"]
    # each has a stream of its own
    assert bench.files[2].read_bytes()[:4096] != bench.files[1].read_bytes()[:4096]


@pytest.mark.parametrize("remove", [True, False])
def test_what_the_drive_came_to(bench: Bench, remove: bool) -> None:
    """Hole 8 of the audit, from the plan to the drive's state."""
    plan, came = bench.whole(Policy(remove_hidden_areas=remove))
    assert [one.technique for one in plan.attempts] == [Technique.OVERWRITE]
    assert plan.preparations == (Preparation.ATTACH_NAMESPACES,) * remove
    assert (WarningCode.OUT_OF_REACH in plan.warnings) is not remove
    assert came.state is (DriveState.SANITIZED if remove else DriveState.UNVERIFIED)
    left = [nsid for nsid, file in bench.files.items() if b"SECRET" in file.read_bytes()]
    assert left == ([] if remove else [2, 5])


def test_without_a_word_in_the_plan_none_is_touched(bench: Bench) -> None:
    before = bench.files[2].read_bytes()
    ran = bench.overwrite(attaches=False)
    assert bench.attachments() == []
    assert bench.files[2].read_bytes() == before
    assert ran.finished.reasons == (ReasonCode.HIDDEN_AREA_LEFT,)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_one_that_cannot_be_attached_is_said(bench: Bench) -> None:
    bench.drive.refuse = (2,)
    ran = bench.overwrite()
    assert (areas_of(ran, UNKNOWN), areas_of(ran, ERASED)) == (["namespace-2"], ["namespace-5"])
    assert ran.seen(UNKNOWN).detail["status"] == "0x2119"
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert b"SECRET" in bench.files[2].read_bytes()


def test_one_that_the_kernel_does_not_show_is_said(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nvme_detached, "_SHOWN_S", 0.3)
    bench.drive.shows = False
    ran = bench.overwrite()
    assert areas_of(ran, UNKNOWN) == ["namespace-2", "namespace-5"]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert bench.drive.active == (1,)


def test_one_that_is_in_use_is_left(bench: Bench) -> None:
    held = os.open(bench.drive.nodes[2], os.O_RDONLY | os.O_EXCL)
    try:
        ran = bench.overwrite()
    finally:
        os.close(held)
    assert ran.seen(UNKNOWN).detail["errno"] == errno.errorcode[errno.EBUSY]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert b"SECRET" in bench.files[2].read_bytes()


def test_another_drive_under_its_name_is_not_touched(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = filled_file(tmp_path / "stranger", SIZE)
    before = stranger.read_bytes()
    with loop_device(stranger) as node:
        own = bench.drive.nodes[2]
        bench.drive.nodes[2] = node
        monkeypatch.setattr(bench.drive, "namespace_id", lambda _device: 1)
        ran = bench.overwrite()
        bench.drive.nodes[2] = own
    assert "namespace-2" in areas_of(ran, UNKNOWN)
    assert stranger.read_bytes() == before


@pytest.mark.parametrize(
    ("lie", "kind", "reason"),
    [
        ({"drop": [[0, 1 << 20]]}, KEPT, ReasonCode.AREA_KEPT_DATA),
        ({"read_error": [[8192, 12288]]}, UNKNOWN, ReasonCode.AREA_UNKNOWN),
    ],
)
def test_one_that_lies_or_fails(
    bench: Bench,
    tmp_path: Path,
    lie: dict[str, object],
    kind: ObservationKind,
    reason: ReasonCode,
) -> None:
    with lying_device(tmp_path, 4 * MIB, **lie) as liar:
        bench.drive.nodes[2] = liar.node
        ran = bench.overwrite()
    assert areas_of(ran, kind) == ["namespace-2"]
    assert areas_of(ran, ERASED) == ["namespace-5"]
    # what happened there is not taken for the drive's own surface
    assert ran.finished.reasons == (reason,)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_another_controller_ends_it(bench: Bench) -> None:
    bench.drive.serial = "ANOTHER"
    ran = bench.overwrite()
    assert ran.seen(ObservationKind.IDENTITY_CHANGED)
    assert bench.attachments() == []
    assert ran.finished.verdict is Verdict.FAILED


def test_lists_that_are_none_are_said(bench: Bench) -> None:
    bench.drive.allocated = (5, 2)
    ran = bench.overwrite()
    assert areas_of(ran, UNKNOWN) == ["namespaces"]
    assert ran.finished.verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    ("allocated", "active"), [((1, 2), (1,)), ((1, 2, 5), (1, 5)), ((1,), (1,))]
)
def test_fewer_than_there_were_are_said(
    bench: Bench, allocated: tuple[int, ...], active: tuple[int, ...]
) -> None:
    """Somebody attached one, or the list came short: what it holds is as it was."""
    bench.drive.allocated, bench.drive.active = allocated, active
    ran = bench.overwrite()
    assert areas_of(ran, UNKNOWN) == ["namespaces"]
    assert ran.seen(UNKNOWN).detail["found"] == len(allocated) - len(active)
    assert areas_of(ran, ERASED) == ["namespace-2"] * (2 in allocated)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_detach_that_is_lost_is_sent_again(bench: Bench) -> None:
    bench.drive.keep = 1
    ran = bench.overwrite()
    assert bench.attachments() == [(2, 0), (2, 1), (2, 1), (5, 0), (5, 1)]
    assert bench.drive.active == (1,)
    assert ran.finished.verdict is Verdict.VERIFIED


def test_a_stop_in_the_middle_leaves_it_attached(bench: Bench) -> None:
    """So that the next start shows it as a drive of its own."""
    stop = threading.Event()

    def on_event(item: object) -> None:
        if isinstance(item, CommandRan):
            stop.set()

    ran = bench.overwrite(on_event=on_event, stop=stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert bench.drive.active == (1, 2)
