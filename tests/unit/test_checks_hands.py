"""Keyboard, touchpad and USB ports: events through a pipe, sysfs as a made tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag

import pytest

from reprise.adapters.checks.input_devices import input_devices
from reprise.adapters.checks.keyboard import KeyboardCheck
from reprise.adapters.checks.pointer import PointerCheck
from reprise.adapters.checks.usb_ports import UsbCheck
from reprise.domain.checks import (
    CheckId,
    CheckLimit,
    CheckProgress,
    CheckReason,
    CheckResult,
    CheckStatus,
    MeasureName,
)
from reprise.domain.judge_devices import judge_keyboard, judge_usb
from reprise.domain.keyboard_keys import COMPACT, FULL, NEVER_ABSENT, missing, names_of, rows_for
from reprise.tools.evdev import (
    EV_ABS,
    EV_KEY,
    EV_REL,
    EVENT,
    KEYS,
    PRESSED,
    RELEASED,
    parse_bits,
    parse_events,
)
from unit.check_kit import end, told
from unit.made_tree import MadeTree

CODES = {name: code for code, name in KEYS.items()}
# As a ThinkPad prints them (6.12, x86-64).
AT_KEYBOARD = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"
TOUCHPAD = "e520 10000 0 0 0 0"
POWER_BUTTON = "10000000000000 0"


def device(tree: MadeTree, number: int, **facts: str) -> Path:
    shown = {"name": "a device", "id/bustype": "0011", "properties": "0"}
    shown |= {f"capabilities/{kind}": "0" for kind in ("key", "rel", "abs")}
    for file, value in (shown | {k.replace("__", "/"): v for k, v in facts.items()}).items():
        tree.write(f"sys/class/input/event{number}/device/{file}", value + "\n")
    node = tree.root / f"dev/input/event{number}"
    node.parent.mkdir(exist_ok=True)
    os.mkfifo(node)
    return node


@contextmanager
def plugged(node: Path) -> Iterator[int]:
    writer = os.open(node, os.O_RDWR)
    yield writer
    os.close(writer)


def key(code: int, value: int = PRESSED) -> bytes:
    return EVENT.pack(1, 2, EV_KEY, code, value)


def tap(*names: str) -> bytes:
    return b"".join(key(CODES[n]) + key(CODES[n], RELEASED) for n in names)


def test_key_names_are_the_kernels() -> None:
    for code, name in ((1, "ESC"), (16, "Q"), (30, "A"), (44, "Z"), (55, "KPASTERISK")):
        assert KEYS[code] == f"KEY_{name}"
    for code, name in ((83, "KPDOT"), (99, "SYSRQ"), (102, "HOME"), (111, "DELETE")):
        assert KEYS[code] == f"KEY_{name}"
    assert names_of(FULL) <= set(CODES)


def test_bits_and_torn_events() -> None:
    assert parse_bits("10000000000000 0") == {116}
    assert parse_bits("nonsense") == frozenset()
    assert [e.code for e in parse_events(key(30) + key(31)[:10])] == [30]


def test_only_what_has_letters_is_a_keyboard(tree: MadeTree) -> None:
    device(tree, 0, capabilities__key=POWER_BUTTON)
    device(tree, 1, capabilities__key=AT_KEYBOARD)
    device(tree, 2, capabilities__key=TOUCHPAD, capabilities__abs="660800011000003")
    kinds = [(f.is_keyboard, f.is_touchpad) for f in input_devices(tree.roots).values()]
    assert kinds == [(False, False), (True, False), (False, True)]


def test_keys_are_seen_until_esc_is_held(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node) as writer:
        running = KeyboardCheck(tree.roots, hold_s=0.3, idle_s=9.0).run(Flag())
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
        result = end(KeyboardCheck(tree.roots, idle_s=0.2))
    assert result.status is CheckStatus.FAILED


def test_all_keys_end_it_by_themselves(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node) as writer:
        running = KeyboardCheck(tree.roots).run(Flag())
        next(running)
        os.write(writer, tap(*names_of(COMPACT)))
        *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.PASSED, None)


def test_a_keyboard_that_cannot_be_read_is_unknown(tree: MadeTree) -> None:
    assert end(KeyboardCheck(tree.roots)).reason is CheckReason.NONE_FOUND
    device(tree, 1, capabilities__key=AT_KEYBOARD).unlink()
    assert end(KeyboardCheck(tree.roots)).reason is CheckReason.NOT_READABLE


def test_a_keyboard_that_is_pulled_ends_the_check(tree: MadeTree) -> None:
    node = device(tree, 1, capabilities__key=AT_KEYBOARD)
    with plugged(node):
        running = KeyboardCheck(tree.roots).run(Flag())
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


def test_a_touchpad_moves_and_clicks(tree: MadeTree) -> None:
    node = device(
        tree,
        2,
        capabilities__key="e520 30000 0 0 0 0",
        capabilities__abs="660800011000003",
    )
    device(tree, 3, capabilities__key="1f0000 0 0 0 0", capabilities__rel="903", id__bustype="0003")
    with plugged(node) as writer:
        running = PointerCheck(tree.roots).run(Flag())
        moves = b"".join(EVENT.pack(0, 0, EV_ABS, 0x35, x) for x in range(50))
        os.write(writer, moves + key(0x110) + key(0x110, RELEASED))
        first = next(running)
        assert isinstance(first, CheckProgress)
        assert (first.seen, first.wanted) == (("BTN_LEFT",), ("BTN_LEFT", "BTN_RIGHT"))
        os.write(writer, key(0x111))
        *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.MOVES) == 50


def test_a_pad_that_is_one_button_needs_one_click(tree: MadeTree) -> None:
    node = device(
        tree, 2, capabilities__key=TOUCHPAD, capabilities__abs="660800011000003", properties="5"
    )
    with plugged(node) as writer:
        moves = b"".join(EVENT.pack(0, 0, EV_ABS, 0, x) for x in range(40))
        running = PointerCheck(tree.roots).run(Flag())
        os.write(writer, moves + key(0x110))
        *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert result.status is CheckStatus.PASSED


def test_a_mouse_that_was_plugged_in_says_nothing_of_the_pc(tree: MadeTree) -> None:
    device(tree, 3, capabilities__key="1f0000 0 0 0 0", capabilities__rel="903", id__bustype="0003")
    assert end(PointerCheck(tree.roots)).reason is CheckReason.NONE_FOUND
    device(tree, 4, capabilities__key="70000 0 0 0 0", capabilities__rel="3")
    (facts,) = [f for f in input_devices(tree.roots).values() if f.is_own_pointer]
    assert facts.buttons == {"BTN_LEFT", "BTN_RIGHT"}
    assert next(parse_events(EVENT.pack(0, 0, EV_REL, 1, -3))).is_motion


USB = "sys/bus/usb/devices"


def port(tree: MadeTree, hub: str, name: str, kind: str) -> Path:
    tree.write(f"{USB}/{hub}/{name}/connect_type", kind + "\n")
    return tree.root / USB / hub / name


def plug(tree: MadeTree, device: str, where: Path) -> None:
    tree.link(f"{USB}/{device}/port", where)


def test_a_stick_in_each_port(tree: MadeTree) -> None:
    first = port(tree, "usb1/1-0:1.0", "usb1-port1", "hotplug")
    second = port(tree, "usb1/1-0:1.0", "usb1-port2", "hotplug")
    camera = port(tree, "usb1/1-0:1.0", "usb1-port5", "hardwired")
    fast = port(tree, "usb2/2-0:1.0", "usb2-port1", "hotplug")
    for hub in ("1-0:1.0", "2-0:1.0"):
        tree.link(f"{USB}/{hub}", tree.root / USB / f"usb{hub[0]}" / hub)
    (first / "peer").symlink_to(fast)
    (fast / "peer").symlink_to(first)
    plug(tree, "1-5", camera)
    plug(tree, "1-1", first)
    running = UsbCheck(tree.roots).run(Flag())
    tick = next(running)
    assert isinstance(tick, CheckProgress)
    assert tick.seen == ("usb1-port1",)
    assert [m.value for m in tick.measures] == [2]
    (tree.root / USB / "1-1/port").unlink()
    plug(tree, "2-1", fast)  # the same connector, at its other speed
    assert next(running) == tick
    plug(tree, "1-2", second)
    plug(tree, "1-2.4", port(tree, "1-2", "1-2-port4", "unknown"))
    *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.PORTS_SEEN) == 2


def test_where_the_firmware_counts_no_ports_only_a_person_ends_it(tree: MadeTree) -> None:
    plug(tree, "1-3", port(tree, "usb1/1-0:1.0", "usb1-port3", "unknown"))
    stop = Flag()
    running = UsbCheck(tree.roots).run(stop)
    tick = next(running)
    assert isinstance(tick, CheckProgress)
    assert (tick.seen, tick.measures) == (("usb1-port3",), ())
    stop.set()
    assert list(running) == []
    assert judge_usb(tick.seen, None).limits == (CheckLimit.PORTS_NOT_COUNTED,)
    assert judge_usb((), None).reason is CheckReason.NOT_ALL_SEEN
    assert judge_usb(("a",), 2).status is CheckStatus.UNKNOWN


@pytest.mark.parametrize("check", [PointerCheck, KeyboardCheck])
def test_a_stop_leaves_no_result(tree: MadeTree, check: type[PointerCheck]) -> None:
    node = device(
        tree,
        2,
        capabilities__key=AT_KEYBOARD if check is KeyboardCheck else TOUCHPAD,
        capabilities__abs="660800011000003",
    )
    stop = Flag()
    with plugged(node):
        seen = []
        for item in check(tree.roots).run(stop):
            seen.append(item)
            stop.set()
    assert not any(isinstance(item, CheckResult) for item in seen)
