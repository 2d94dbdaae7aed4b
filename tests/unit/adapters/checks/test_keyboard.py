"""The keyboard check: events through a pipe, sysfs as a made tree."""

from __future__ import annotations

import os
from threading import Event as Flag

from reprise.adapters.checks.keyboard import KeyboardCheck
from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName
from reprise.domain.checks.keyboard import (
    COMPACT,
    FULL,
    NEVER_ABSENT,
    judge_keyboard,
    missing,
    names_of,
    rows_for,
)
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.checks.input_kit import AT_KEYBOARD, CODES, device, key, plugged, tap
from unit.adapters.hardware.made_tree import MadeTree


def test_keys_are_seen_until_esc_is_held(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node) as writer:
        running = KeyboardCheck(pc_of(tree), hold_s=0.3, idle_s=9.0).run(Flag())
        assert next(running) == CheckProgress(check=CheckId.KEYBOARD)
        os.write(writer, tap("KEY_ESC", "KEY_A", "KEY_F5") + key(999) + key(CODES["KEY_ESC"]))
        ticks = list(running)
    *seen, result = ticks
    assert isinstance(seen[-1], CheckProgress)
    assert isinstance(result, CheckResult)
    assert seen[-1].seen == ("KEY_ESC", "KEY_A", "KEY_F5")
    assert told(result) == (CheckStatus.FAILED, CheckReason.KEYS_DEAD)
    assert "KEY_B" in result.detail.split(", ")
    assert result.measured(MeasureName.KEYS_SEEN) == 3


def test_nobody_is_caught_by_a_dead_esc_key(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node):
        result = end(KeyboardCheck(pc_of(tree), idle_s=0.2))
    assert result.status is CheckStatus.FAILED


def test_all_keys_end_it_by_themselves(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node) as writer:
        running = KeyboardCheck(pc_of(tree)).run(Flag())
        next(running)
        os.write(writer, tap(*names_of(COMPACT)))
        *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.PASSED, None)


def test_a_keyboard_that_cannot_be_read_is_unknown(tree: MadeTree) -> None:
    assert end(KeyboardCheck(pc_of(tree))).reason is CheckReason.NONE_FOUND
    device(tree, 1, capabilities__key=AT_KEYBOARD).unlink()
    assert end(KeyboardCheck(pc_of(tree))).reason is CheckReason.NOT_READABLE


def test_a_keyboard_that_is_pulled_ends_the_check(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node):
        running = KeyboardCheck(pc_of(tree)).run(Flag())
        next(running)
    *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert result.status is CheckStatus.FAILED


def test_the_number_pad_is_drawn_once_one_of_its_keys_was_seen() -> None:
    assert rows_for(()) == COMPACT
    assert rows_for(["KEY_KP5"]) == FULL
    assert "KEY_KPENTER" in missing(["KEY_KP5"])
    assert names_of(COMPACT) >= NEVER_ABSENT


def test_a_key_that_is_said_absent_is_told() -> None:
    wanted = frozenset(("KEY_A", "KEY_PAUSE"))
    result = judge_keyboard(frozenset(("KEY_A",)), wanted, frozenset(("KEY_PAUSE",)))
    assert result.status is CheckStatus.PASSED
    assert (result.detail, result.limits) == ("KEY_PAUSE", (CheckLimit.KEYS_SAID_ABSENT,))
