"""What the kernel says of input devices, and its events as bytes."""

from __future__ import annotations

from reprise.adapters.checks.input_devices import input_devices
from reprise.domain.checks.keyboard import FULL, names_of
from reprise.tools.evdev import KEYS, parse_bits, parse_events
from unit.adapters.checks.input_kit import AT_KEYBOARD, CODES, TOUCHPAD, device, key
from unit.adapters.hardware.made_tree import MadeTree

POWER_BUTTON = "10000000000000 0"


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
