"""When a PC may be suspended, and how it is known that it was."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters.drives.firmware.suspend import Obstacle, RtcSuspender
from reprise.adapters.hardware.sysfs import Roots
from reprise.errors import ToolError
from reprise.ports import CommandResult


class Runner:
    """`sleeps`: the kernel counts one more success; `busy`: that many runs fail before."""

    def __init__(
        self, count: Path, *, sleeps: bool, code: int = 0, missing: bool = False, busy: int = 0
    ) -> None:
        self.count, self.sleeps, self.code, self.missing = count, sleeps, code, missing
        self.busy, self.runs = busy, 0

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.runs += 1
        if self.missing:
            raise ToolError("no rtcwake")
        if self.runs <= self.busy:
            return CommandResult(tuple(argv), 1, b"", b"rtcwake: write error\n", 20.0)
        if self.sleeps:
            self.count.write_text(f"{int(self.count.read_text()) + 1}\n")
        return CommandResult(tuple(argv), self.code, b"", b"rtcwake: write error\n", 8.0)


@pytest.fixture
def sys_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    power = tmp_path / "power"
    (power / "suspend_stats").mkdir(parents=True)
    (power / "suspend_stats/success").write_text("3\n")
    (power / "state").write_text("freeze mem disk\n")
    (power / "mem_sleep").write_text("s2idle [deep]\n")
    (tmp_path / "class/rtc/rtc0").mkdir(parents=True)
    (tmp_path / "class/rtc/rtc0/since_epoch").write_text("1\n")
    monkeypatch.setattr(shutil, "which", lambda _name, path: "/usr/sbin/rtcwake")
    return tmp_path


def suspender(folder: Path, **how: object) -> RtcSuspender:
    runner = Runner(folder / "power/suspend_stats/success", **how)  # type: ignore[arg-type]
    return RtcSuspender(runner, Roots(sys=folder))


@pytest.mark.parametrize(
    ("place", "text", "obstacle"),
    [
        ("power/state", "freeze disk\n", Obstacle.NO_MEM),
        ("power/mem_sleep", "[s2idle] deep\n", Obstacle.NOT_DEEP),
        ("power/mem_sleep", "[s2idle]\n", Obstacle.NOT_DEEP),
    ],
)
def test_only_a_deep_sleep_will_do(
    sys_folder: Path, place: str, text: str, obstacle: Obstacle
) -> None:
    (sys_folder / place).write_text(text)
    one = suspender(sys_folder, sleeps=True)
    assert one.obstacle() == obstacle
    end = one.suspend()
    assert (end.ok, end.detail) == (False, obstacle)
    assert (sys_folder / "power/suspend_stats/success").read_text() == "3\n"


def test_a_pc_without_a_clock_would_not_wake(sys_folder: Path) -> None:
    (sys_folder / "class/rtc/rtc0/since_epoch").unlink()
    assert suspender(sys_folder, sleeps=True).obstacle() == Obstacle.NO_CLOCK


def test_the_kernels_count_is_what_tells(sys_folder: Path) -> None:
    assert suspender(sys_folder, sleeps=True).suspend().ok
    assert not suspender(sys_folder, sleeps=False).suspend().ok
    failed = suspender(sys_folder, sleeps=False, code=1).suspend()
    assert failed.detail == "rtcwake: write error"
    assert not suspender(sys_folder, sleeps=False, missing=True).suspend().ok


@pytest.mark.parametrize(("busy", "ok"), [(1, True), (2, False)])
def test_a_process_in_the_way_is_waited_for_once(sys_folder: Path, busy: int, ok: bool) -> None:
    runner = Runner(sys_folder / "power/suspend_stats/success", sleeps=True, busy=busy)
    assert RtcSuspender(runner, Roots(sys=sys_folder)).suspend().ok is ok
    assert runner.runs == 2


def test_a_pc_that_slept_is_not_put_to_sleep_again(sys_folder: Path) -> None:
    runner = Runner(sys_folder / "power/suspend_stats/success", sleeps=True)
    assert RtcSuspender(runner, Roots(sys=sys_folder)).suspend().ok
    assert runner.runs == 1
