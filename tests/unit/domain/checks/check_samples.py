"""Sample results of function checks, for reports."""

from __future__ import annotations

from reprise.domain.checks.battery import BatteryFacts, judge_battery
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.keyboard import judge_keyboard
from reprise.domain.checks.memory import MemoryFacts, judge_memory
from reprise.domain.checks.merging import not_fitted
from reprise.domain.checks.pointer import judge_pointer
from reprise.domain.checks.processor import LoadFacts, judge_processor
from reprise.domain.checks.results import CheckResult, judge_by_word, skipped, unknown
from reprise.domain.checks.wifi import judge_wifi


def check_results() -> tuple[CheckResult, ...]:
    """One of each status; keys and a tool's words among the data."""
    load = LoadFacts(
        threads=4,
        duration_s=40.2,
        wrong_sums=0,
        idle_c=47,
        peak_c=88,
        limit_c=100,
        slowdowns=0,
        machine_checks=None,
    )
    memory = MemoryFacts(
        tested_bytes=3_758_096_384,
        total_bytes=8_242_122_752,
        wrong_bytes=0,
        duration_s=12.4,
        events=None,
    )
    battery = BatteryFacts(
        names=("DELL N5YH9",),
        design_wh=65.0,
        full_wh=30.2,
        cycles=431,
        drop_wh=None,
        duration_s=0.0,
    )
    keys = frozenset(("KEY_A", "KEY_PAUSE"))
    return (
        judge_memory(memory),
        judge_processor(load),
        judge_battery(battery),
        judge_wifi(7, 82),
        unknown(CheckId.ETHERNET, CheckReason.NO_CABLE),
        unknown(CheckId.SOUND, CheckReason.TOOL_FAILED, "aplay: audio open error"),
        judge_keyboard(keys, keys, frozenset(("KEY_PAUSE",))),
        judge_by_word(CheckId.SCREEN, True),
        judge_pointer(64, ("BTN_LEFT", "BTN_RIGHT"), ("BTN_LEFT", "BTN_RIGHT")),
        skipped(CheckId.USB, CheckReason.NO_EQUIPMENT),
        not_fitted(CheckId.CAMERA),
    )
