"""The overwrite of drives that get hot, hang, or die while they are read back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from disks.rig import (
    MIB,
    Liar,
    LoopProbe,
    filled_file,
    job_for,
    loop_device,
    lying_device,
    openssl_stream,
    run,
)
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.surface import heat, watching
from reprise.adapters.drives.surface.heat import limits_of, sysfs_temperature
from reprise.domain.erasure.progress import Progress
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.policy import Policy, Temperature
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import (
    DriveInterrupted,
    Event,
    Observation,
    ObservationKind,
    Update,
    VerifyStarted,
)

pytestmark = pytest.mark.usefixtures("both_streams")

SIZE = 64 * MIB
LONG = 96 * MIB  # a dozen chunks, each with a reading of the thermometer


POLICY = Policy(max_bad_sectors=64)


def sanitizer(readings: Iterator[int | None] | None = None) -> OverwriteSanitizer:
    if readings is None:
        return OverwriteSanitizer(LoopProbe(), POLICY)
    return OverwriteSanitizer(
        LoopProbe(),
        Policy(),
        thermometer=lambda _job, _probe, _number: lambda: next(readings, 40),
    )


def observed(events: list[Event], kind: ObservationKind) -> list[dict[str, object]]:
    return [
        dict(event.detail)
        for event in events
        if isinstance(event, Observation) and event.kind is kind
    ]


# heat


class AtOnce:
    """A thread that has done its work when it was started."""

    def __init__(self, target: Callable[[], None], **_how: object) -> None:
        self.start = target


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading for every chunk: its threads may be slower than the drive."""
    monkeypatch.setattr(heat, "threading", SimpleNamespace(Thread=AtOnce))
    monkeypatch.setattr(heat, "EVERY_S", 0.0)
    monkeypatch.setattr(heat, "TICK_S", 0.01)


def test_a_hot_drive_rests_and_goes_on(tmp_path: Path, eager: None) -> None:
    # limits for what is no HDD: 75 and 65
    readings = iter([74, 80, 80, 70, 66, 65])
    with loop_device(filled_file(tmp_path / "disk", LONG)) as node:
        ran = run(sanitizer(readings), job_for(node))
    assert ran.finished.verdict is Verdict.VERIFIED
    assert observed(ran.events, ObservationKind.PAUSED_HOT) == [
        {"celsius": 80, "limit_celsius": 75}
    ]
    assert [d["celsius"] for d in observed(ran.events, ObservationKind.RESUMED_COOL)] == [65]
    assert any(tick.phase == "cooling" for tick in ran.progress)
    assert 80 in {tick.temperature_c for tick in ran.progress}


def test_stop_is_heard_while_a_drive_cools(tmp_path: Path, eager: None) -> None:
    stop = threading.Event()

    def on_cooling(item: Update) -> None:
        if isinstance(item, Progress) and item.phase == "cooling":
            stop.set()

    with loop_device(filled_file(tmp_path / "disk", LONG)) as node:
        ran = run(sanitizer(iter([90] * 100000)), job_for(node), on_cooling, stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert ran.end.cause == "operator"


@pytest.mark.parametrize("before", [0, 16 * MIB])
def test_a_drive_that_stays_hot_ends_the_work_and_loses_nothing(
    tmp_path: Path, eager: None, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    """A sensor may be stuck: it is told at once, and not waited for without an end."""
    monkeypatch.setattr(heat, "LONGEST_S", 0.3)
    with loop_device(filled_file(tmp_path / "disk", LONG)) as node:
        job = job_for(node, resume=before)
        with (tmp_path / "disk").open("r+b") as raw:
            raw.write(openssl_stream(job, before))
        ran = run(sanitizer(iter([90] * 100000)), job)
    assert (ran.progress[-1].phase, ran.progress[-1].temperature_c) == ("cooling", 90)
    assert len(observed(ran.events, ObservationKind.PAUSED_HOT)) == 1
    assert isinstance(ran.end, DriveInterrupted)
    assert (ran.end.cause, ran.end.done_bytes) == ("too-hot", before)


def test_a_temperature_that_is_not_known_is_noted_once(tmp_path: Path, eager: None) -> None:
    with loop_device(filled_file(tmp_path / "disk", LONG)) as node:
        ran = run(sanitizer(iter([None] * 100000)), job_for(node))
    assert ran.finished.verdict is Verdict.VERIFIED
    assert len(observed(ran.events, ObservationKind.TEMPERATURE_UNKNOWN)) == 1


def test_a_sensor_that_falls_silent_ends_the_rest(
    tmp_path: Path, eager: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heat, "BLIND_S", 0.2)
    with loop_device(filled_file(tmp_path / "disk", LONG)) as node:
        ran = run(sanitizer(iter([90, *[None] * 100000])), job_for(node))
    assert ran.finished.verdict is Verdict.VERIFIED
    assert len(observed(ran.events, ObservationKind.PAUSED_HOT)) == 1
    assert not observed(ran.events, ObservationKind.RESUMED_COOL)


def test_the_hottest_sensor_of_the_very_device_counts(tmp_path: Path) -> None:
    for name, value in (("device/hwmon/hwmon3", "41500\n"), ("device/nvme0/hwmon1", "60850\n")):
        sensor = tmp_path / name
        sensor.mkdir(parents=True)
        (sensor / "temp1_input").write_text(value)
    assert sysfs_temperature(tmp_path) == 61
    assert sysfs_temperature(tmp_path / "nothing") is None


def test_limits_by_medium() -> None:
    limits = Temperature(hdd_pause_c=55, hdd_resume_c=45)
    assert limits_of(MediaKind.HDD, limits) == (55, 45)
    assert limits_of(MediaKind.SSD, limits) == limits_of(MediaKind.UNKNOWN, limits) == (75, 65)


# transfers that do not come back


def hanging_after(liar: Liar, seconds: float, after: int = 16 * MIB) -> Callable[[Update], None]:
    """From `after` bytes on, the next request takes `seconds`."""
    begun = threading.Event()

    def hang(item: Update) -> None:
        if isinstance(item, Progress) and item.done_bytes >= after and not begun.is_set():
            begun.set()
            liar.set(delay_s=seconds)

    return hang


def test_a_transfer_that_hangs_and_ends_well_is_told(
    liar_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "TELL_AFTER_S", 1.0)
    with lying_device(liar_folder, SIZE, delay_s=0.002) as liar:
        hang = hanging_after(liar, 3.0)

        def then_go_on(item: Update) -> None:
            hang(item)
            if isinstance(item, Observation) and item.kind is ObservationKind.STALLED:
                liar.set(delay_s=0)

        ran = run(sanitizer(), job_for(liar.node), then_go_on)
    assert ran.finished.verdict is Verdict.VERIFIED
    told = observed(ran.events, ObservationKind.STALLED)
    assert told[0]["operation"] == "write"
    # of a machine under load, other transfers may hang, too
    for begun, ended in zip(told[::2], told[1::2], strict=True):
        assert (begun["ended"], ended["ended"]) == (0, 1)
        assert begun["operation"] == ended["operation"]
        assert ended["seconds"] >= begun["seconds"] >= 1  # type: ignore[operator]


def test_stop_is_heard_while_a_transfer_hangs(
    liar_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "TELL_AFTER_S", 1.0)
    stop = threading.Event()
    asked: list[float] = []
    with lying_device(liar_folder, SIZE, delay_s=0.002) as liar:
        hang = hanging_after(liar, 16.0)

        def then_stop(item: Update) -> None:
            hang(item)
            if isinstance(item, Observation) and item.kind is ObservationKind.STALLED:
                asked.append(asked[0] if asked else time.monotonic())
                stop.set()

        ran = run(sanitizer(), job_for(liar.node), then_stop, stop)
        took = time.monotonic() - asked[0]
        liar.set(delay_s=0)
    assert took < 12
    assert isinstance(ran.end, DriveInterrupted)
    assert [d["ended"] for d in observed(ran.events, ObservationKind.STALLED)] == [0, 0]


@pytest.mark.parametrize("operation", ["write", "read"])
def test_a_transfer_that_never_ends_is_given_up_without_a_claim(
    liar_folder: Path, operation: str
) -> None:
    with lying_device(liar_folder, SIZE, delay_s=0.002) as liar:

        def in_time(item: Update) -> None:
            if isinstance(item, VerifyStarted):
                liar.set(delay_s=10.0)

        if operation == "write":  # from the first byte on: progress may be told late
            liar.set(delay_s=10.0)
        impatient = OverwriteSanitizer(LoopProbe(), replace(POLICY, sanitize_stuck_after_s=2))
        ran = run(impatient, job_for(liar.node), in_time)
        liar.set(delay_s=0)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.COMMAND_HUNG in ran.finished.reasons
    detail = ran.seen(ObservationKind.COMMAND_HUNG).detail
    assert detail["operation"] == operation
    assert 2 <= detail["seconds"] <= 8  # type: ignore[operator]


# reading back a drive that dies


def test_foreign_data_is_failure_even_where_the_reading_is_given_up(liar_folder: Path) -> None:
    with lying_device(liar_folder, SIZE, drop=[[MIB, MIB + 512]]) as liar:

        def die(item: Update) -> None:
            if isinstance(item, VerifyStarted):
                liar.set(read_error=[[32 * MIB, 48 * MIB]])

        ran = run(sanitizer(), job_for(liar.node), die)
    assert ran.finished.verdict is Verdict.FAILED
    assert {ReasonCode.MISMATCH, ReasonCode.READ_ERRORS} <= set(ran.finished.reasons)
    assert ran.seen(ObservationKind.READBACK_MISMATCH).detail["first_lba"] == MIB // 512


def test_a_hidden_area_that_is_left_takes_the_claim_away(tmp_path: Path) -> None:
    with loop_device(filled_file(tmp_path / "disk", SIZE)) as node:
        ran = run(sanitizer(), replace(job_for(node), hidden_left=True))
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.HIDDEN_AREA_LEFT in ran.finished.reasons
