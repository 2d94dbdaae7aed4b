"""The touchpad check: events through a pipe, sysfs as a made tree."""

from __future__ import annotations

import os
from threading import Event as Flag

from reprise.adapters.checks.input_devices import input_devices
from reprise.adapters.checks.pointer import PointerCheck
from reprise.domain.checks.catalogue import CheckReason, MeasureName
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from reprise.tools.evdev import EV_ABS, EV_REL, EVENT, RELEASED, parse_events
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.checks.input_kit import TOUCHPAD, device, key, plugged
from unit.adapters.hardware.made_tree import MadeTree


def test_a_touchpad_moves_and_clicks(tree: MadeTree) -> None:
    node = device(
        tree,
        2,
        capabilities__key="e520 30000 0 0 0 0",
        capabilities__abs="660800011000003",
    )
    device(tree, 3, capabilities__key="1f0000 0 0 0 0", capabilities__rel="903", id__bustype="0003")
    with plugged(node) as writer:
        running = PointerCheck(pc_of(tree)).run(Flag())
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
        running = PointerCheck(pc_of(tree)).run(Flag())
        os.write(writer, moves + key(0x110))
        *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert result.status is CheckStatus.PASSED


def test_a_mouse_that_was_plugged_in_says_nothing_of_the_pc(tree: MadeTree) -> None:
    device(tree, 3, capabilities__key="1f0000 0 0 0 0", capabilities__rel="903", id__bustype="0003")
    assert end(PointerCheck(pc_of(tree))).reason is CheckReason.NONE_FOUND
    device(tree, 4, capabilities__key="70000 0 0 0 0", capabilities__rel="3")
    (facts,) = [f for f in input_devices(tree.roots).values() if f.is_own_pointer]
    assert facts.buttons == {"BTN_LEFT", "BTN_RIGHT"}
    assert next(parse_events(EVENT.pack(0, 0, EV_REL, 1, -3))).is_motion
