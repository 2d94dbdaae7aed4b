"""The mouse of the Linux console: the kernel's events in, cells and buttons out."""

from __future__ import annotations

import pytest

from reprise.adapters.console.mouse.motion import (
    ABS_X,
    ABS_Y,
    BTN_LEFT,
    BTN_TOOL_DOUBLETAP,
    BTN_TOOL_FINGER,
    BTN_TOUCH,
    EV_SYN,
    REL_WHEEL,
    REL_X,
    REL_Y,
    SYN_DROPPED,
    AbsoluteDevice,
    Pointer,
    PointingDevice,
    Range,
    RelativeDevice,
    Touchpad,
    hand_for,
    is_pointing,
)
from reprise.domain.station.pointing import Button, Pointed, PointerAction
from reprise.tools.evdev import EV_ABS, EV_KEY, EV_REL, parse_events
from unit.adapters.console.mouse_devices import (
    CENTRE,
    CLICKPAD,
    GAME_PAD,
    KEYBOARD,
    MOTION_SENSOR,
    MOUSE,
    SCREEN,
    SYNC,
    TABLET,
    Triple,
    acts,
    facts,
    told,
)


def take(hand: PointingDevice, *events: Triple, at_s: float = 0.0) -> list[Pointed]:
    return list(hand.take(parse_events(told(*events)), at_s))


AXIS = Range(0, 32767, 16384)


@pytest.mark.parametrize(
    ("bits", "kind"),
    [
        (MOUSE, RelativeDevice),
        (TABLET, AbsoluteDevice),
        (CLICKPAD, Touchpad),
        (SCREEN, AbsoluteDevice),
    ],
)
def test_each_kind_of_device_is_known_by_what_it_can_do(
    bits: dict[str, str], kind: type[PointingDevice]
) -> None:
    assert is_pointing(facts(bits))
    assert type(hand_for(facts(bits), Pointer(80, 25), (AXIS, AXIS))) is kind


@pytest.mark.parametrize("bits", [KEYBOARD, GAME_PAD, MOTION_SENSOR])
def test_what_does_not_point_is_left_alone(bits: dict[str, str]) -> None:
    assert not is_pointing(facts(bits))


def test_a_mouse_moves_presses_and_scrolls() -> None:
    hand = RelativeDevice(Pointer(80, 25))
    hand.pointer.put(0.5, 0.5)
    moved = take(hand, (EV_REL, REL_X, 8), (EV_REL, REL_Y, -16), SYNC)
    assert moved == [Pointed(PointerAction.MOVE, 41, 11)]
    assert take(hand, (EV_REL, REL_X, 3), SYNC) == []  # less than a cell …
    assert take(hand, (EV_REL, REL_X, 5), SYNC) == [
        Pointed(PointerAction.MOVE, 42, 11)
    ]  # … adds up
    pressed = take(hand, (4, 4, 0x90001), (EV_KEY, BTN_LEFT, 1), SYNC)
    assert pressed == [Pointed(PointerAction.DOWN, 42, 11, Button.LEFT)]
    assert acts(take(hand, (EV_KEY, BTN_LEFT, 0), SYNC)) == [PointerAction.UP]
    assert acts(take(hand, (EV_REL, REL_WHEEL, 1), SYNC)) == [PointerAction.WHEEL_UP]
    assert acts(take(hand, (EV_REL, REL_WHEEL, -2), SYNC)) == [PointerAction.WHEEL_DOWN] * 2
    assert len(take(hand, (EV_REL, REL_WHEEL, -120), SYNC)) == 5


def test_the_pointer_stays_on_the_screen() -> None:
    hand = RelativeDevice(Pointer(80, 25))
    take(hand, (EV_REL, REL_X, 30_000), (EV_REL, REL_Y, 30_000), SYNC)
    assert hand.pointer.cell == (79, 24)
    take(hand, (EV_REL, REL_X, -60_000), (EV_REL, REL_Y, -60_000), SYNC)
    assert hand.pointer.cell == (0, 0)
    hand.pointer.put(1, 1)
    hand.pointer.resize(40, 12)
    assert hand.pointer.cell == (39, 11)


def test_a_tablet_puts_the_pointer_and_keeps_an_axis_that_it_does_not_tell() -> None:
    hand = AbsoluteDevice(Pointer(80, 25), ranges=(AXIS, AXIS))
    assert take(hand, (EV_ABS, ABS_X, 0), SYNC) == [Pointed(PointerAction.MOVE, 0, 12)]
    assert take(hand, (EV_ABS, ABS_Y, 32767), SYNC) == [Pointed(PointerAction.MOVE, 0, 24)]
    hand.pointer.move(80, 0)  # by another mouse
    (pressed,) = take(hand, (EV_KEY, BTN_LEFT, 1), SYNC)
    assert (pressed.column, pressed.row) == (10, 24)


def test_a_finger_on_a_touch_screen_clicks_where_it_is() -> None:
    hand = AbsoluteDevice(Pointer(80, 25), ranges=(AXIS, AXIS))
    down = take(hand, (EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, 0), (EV_ABS, ABS_Y, 0), SYNC)
    assert down == [
        Pointed(PointerAction.MOVE, 0, 0),
        Pointed(PointerAction.DOWN, 0, 0, Button.LEFT),
    ]
    assert take(hand, (EV_KEY, BTN_TOUCH, 0), SYNC) == [
        Pointed(PointerAction.UP, 0, 0, Button.LEFT)
    ]


@pytest.fixture
def pad() -> Touchpad:
    axis = Range(1000, 5000, 3000)
    pad = Touchpad(Pointer(80, 25), ranges=(axis, axis))
    pad.pointer.put(0.5, 0.5)
    return pad


def touch(pad: Touchpad, *, down: bool, at_s: float, tool: int = BTN_TOOL_FINGER) -> list[Pointed]:
    return take(pad, (EV_KEY, BTN_TOUCH, int(down)), (EV_KEY, tool, int(down)), SYNC, at_s=at_s)


def test_a_pad_moves_by_how_far_the_finger_went_and_not_to_where_it_is(pad: Touchpad) -> None:
    assert take(pad, (EV_ABS, ABS_X, 1100), (EV_ABS, ABS_Y, 1100), SYNC) == []
    touch(pad, down=True, at_s=0)
    assert pad.pointer.cell == CENTRE
    take(pad, (EV_ABS, ABS_X, 1420), SYNC, at_s=0.5)  # 8 hundredths of the pad
    assert pad.pointer.cell == (CENTRE[0] + 10, CENTRE[1])
    assert touch(pad, down=False, at_s=1) == []
    take(pad, (EV_ABS, ABS_X, 4900), SYNC, at_s=2)
    touch(pad, down=True, at_s=2)
    assert pad.pointer.cell == (CENTRE[0] + 10, CENTRE[1])


def test_a_tap_clicks_and_a_long_touch_does_not(pad: Touchpad) -> None:
    touch(pad, down=True, at_s=10)
    assert acts(touch(pad, down=False, at_s=10.1)) == [PointerAction.DOWN, PointerAction.UP]
    touch(pad, down=True, at_s=20)
    assert touch(pad, down=False, at_s=20.5) == []


def test_two_fingers_scroll_and_do_not_tap(pad: Touchpad) -> None:
    touch(pad, down=True, at_s=0)
    take(pad, (EV_KEY, BTN_TOOL_FINGER, 0), (EV_KEY, BTN_TOOL_DOUBLETAP, 1), SYNC)
    found = take(pad, (EV_ABS, ABS_Y, 3600), SYNC)
    assert acts(found) == [PointerAction.WHEEL_DOWN] * 2
    assert pad.pointer.cell == CENTRE
    assert touch(pad, down=False, at_s=0.1, tool=BTN_TOOL_DOUBLETAP) == []


def test_a_press_on_a_clickpad_is_one_click(pad: Touchpad) -> None:
    touch(pad, down=True, at_s=0)
    pressed = take(pad, (EV_KEY, BTN_LEFT, 1), SYNC, at_s=0.1)
    assert pressed == [Pointed(PointerAction.DOWN, *CENTRE, Button.LEFT)]
    assert touch(pad, down=False, at_s=0.15) == []  # still pressed
    assert acts(take(pad, (EV_KEY, BTN_LEFT, 0), SYNC, at_s=0.2)) == [PointerAction.UP]


def test_events_that_the_kernel_dropped_leave_nothing_pressed() -> None:
    hand = RelativeDevice(Pointer(80, 25))
    take(hand, (EV_KEY, BTN_LEFT, 1), SYNC)
    lost = (EV_SYN, SYN_DROPPED, 0)
    assert acts(take(hand, lost, (EV_REL, REL_X, 800), SYNC)) == [PointerAction.UP]
    assert take(hand, (EV_KEY, BTN_LEFT, 0), SYNC) == []
