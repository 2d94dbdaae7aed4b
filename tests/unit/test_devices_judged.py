"""What the checks of devices come to, at the edge between a pass and none."""

from __future__ import annotations

import pytest

from reprise.domain.checks import CheckId, CheckLimit, CheckReason, CheckResult, CheckStatus
from reprise.domain.checks import MeasureName as M
from reprise.domain.judge_devices import (
    judge_by_word,
    judge_camera,
    judge_ethernet,
    judge_keyboard,
    judge_microphone,
    judge_pointer,
    judge_usb,
    judge_wifi,
)

PASSED, FAILED, UNKNOWN = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.UNKNOWN
R, L = CheckReason, CheckLimit


def told(
    result: CheckResult,
) -> tuple[CheckStatus, CheckReason | None, str, dict[M, float], tuple[CheckLimit, ...]]:
    values = {one.name: one.value for one in result.measures}
    return result.status, result.reason, result.detail, values, result.limits


@pytest.mark.parametrize(
    ("linked", "speed", "expected"),
    [
        (("a", "b", "c"), 1000, (PASSED, None, "", {M.LINK_SPEED: 1000}, (L.NOTHING_SENT,))),
        (("b",), None, (UNKNOWN, R.SOME_PORTS, "a, c", {}, (L.NOTHING_SENT,))),
        ((), None, (UNKNOWN, R.NO_CABLE, "a, b, c", {}, ())),
    ],
)
def test_each_wired_port_must_have_had_a_link(
    linked: tuple[str, ...], speed: int | None, expected: tuple[object, ...]
) -> None:
    status, reason, detail, values, limits = told(judge_ethernet(("a", "b", "c"), linked, speed))
    assert (values.pop(M.PORTS_SEEN), values.pop(M.PORTS)) == (len(linked), 3)
    assert (status, reason, detail, values, limits) == expected


def test_a_pc_without_a_wired_port_says_so() -> None:
    assert told(judge_ethernet((), (), None)) == (UNKNOWN, R.NONE_FOUND, "", {}, ())


def test_one_network_is_enough() -> None:
    assert told(judge_wifi(0, None)) == (UNKNOWN, R.NO_NETWORK_AROUND, "", {}, ())
    one = (PASSED, None, "", {M.NETWORKS: 1}, (L.NOTHING_SENT,))
    assert told(judge_wifi(1, None)) == one
    assert told(judge_wifi(1, 0))[3] == {M.NETWORKS: 1, M.BEST_SIGNAL: 0}


def test_an_even_picture_shows_nothing() -> None:
    values = {M.BRIGHTNESS: 12.3, M.CONTRAST: 3.0}
    good = (PASSED, None, "Cam", values, (L.ONE_PICTURE,))
    assert told(judge_camera("Cam", 12.34, 3.04)) == good
    assert told(judge_camera("Cam", 12.34, 2.99))[:2] == (FAILED, R.BLANK_PICTURE)


def test_a_sound_must_rise_out_of_the_silence() -> None:
    values = {M.SILENCE_LEVEL: -60.1, M.SOUND_LEVEL: -50.1}
    assert told(judge_microphone(-60.125, -50.125)) == (PASSED, None, "", values, ())
    assert told(judge_microphone(-60.0, -50.1))[:2] == (FAILED, R.SILENT)


def test_a_pointer_needs_some_motion_and_each_of_its_buttons() -> None:
    both = ("left", "right")
    values = {M.MOVES: 1, M.BUTTONS_SEEN: 2, M.BUTTONS: 2}
    assert told(judge_pointer(1, both, both)) == (PASSED, None, "", values, ())
    still = judge_pointer(0, both, both)
    assert told(still)[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
    silent = told(judge_pointer(1, ("middle",), both))
    assert silent[:3] == (UNKNOWN, R.NOT_ALL_SEEN, "left, right")
    assert silent[3][M.BUTTONS_SEEN] == 0
    assert told(judge_pointer(1, both, ())) == (UNKNOWN, R.NONE_FOUND, "", {}, ())


def test_each_port_that_the_firmware_counts_needs_a_stick() -> None:
    assert told(judge_usb(("a", "b"), 2)) == (PASSED, None, "", {M.PORTS_SEEN: 2, M.PORTS: 2}, ())
    assert told(judge_usb(("a",), 2))[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
    uncounted = (PASSED, None, "", {M.PORTS_SEEN: 1}, (L.PORTS_NOT_COUNTED,))
    assert told(judge_usb(("a",), None)) == uncounted
    assert told(judge_usb((), None))[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
    assert told(judge_usb((), 0))[:2] == (UNKNOWN, R.NOT_ALL_SEEN)


def test_a_key_is_seen_or_said_absent_or_dead() -> None:
    keys = frozenset({"KEY_A", "KEY_B", "KEY_C"})
    none: frozenset[str] = frozenset()
    whole = (PASSED, None, "", {M.KEYS_SEEN: 3, M.KEYS: 3}, ())
    assert told(judge_keyboard(keys | {"KEY_ESC"}, keys, none)) == whole
    absent = judge_keyboard(frozenset({"KEY_A"}), keys, frozenset({"KEY_C", "KEY_B"}))
    said = {M.KEYS_SEEN: 1, M.KEYS: 1}
    assert told(absent) == (PASSED, None, "KEY_B, KEY_C", said, (L.KEYS_SAID_ABSENT,))
    dead = told(judge_keyboard(frozenset({"KEY_B"}), keys, none))
    assert dead[:3] == (FAILED, R.KEYS_DEAD, "KEY_A, KEY_C")


@pytest.mark.parametrize(("works", "reason"), [(True, None), (False, R.SEEN_BROKEN)])
def test_what_only_a_person_can_tell(works: bool, reason: CheckReason | None) -> None:
    result = judge_by_word(CheckId.SCREEN, works, L.BY_EYE)
    assert told(result) == (PASSED if works else FAILED, reason, "", {}, (L.BY_EYE,))
