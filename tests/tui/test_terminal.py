"""The unattended station on a real terminal: any byte from it is a person, and a second that the
terminal did not take is none."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reprise.tui.driver import DrawingWatch, Person
from station_kit.places import PATHS
from station_kit.processes import Terminal, on_a_terminal, until

COUNTDOWN, SECOND_S = 20, 0.2
HELD_S = 10.5  # after ten it begins anew
PICTURES = 60  # Textual keeps 30 before it waits


@contextmanager
def counting(
    folder: Path, countdown: int = COUNTDOWN, second_s: float = SECOND_S
) -> Iterator[Terminal]:
    """It counts down, in seconds of `second_s`."""
    words = ("-m", "station_kit.unattended_screen", folder, str(countdown), str(second_s))
    path = f"PYTHONPATH={PATHS}"
    with on_a_terminal(["env", path, sys.executable, *words], 80, 25) as terminal:
        terminal.see("ENTRÉE ARRÊTE TOUT")
        yield terminal


def ends(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    "key",
    [
        b"\x1b[G",  # 5 of the number keys of the Linux console, without Num Lock
        b"\x1b[P",  # Pause
        b"\x1b[Mxyz",
        b"\x1b[200~hello\x1b[201~",
        b"\xff",
        b"\xe9",  # é of a serial line in Latin-1
        b"\0",
        b"\x1b[1114112u",  # Textual raises ValueError for these: no such character
        b"\x1b[1:2u",
        b"\x1b[1;:u",
        b"\x1b[32979841A",
    ],
)
def test_every_key_that_the_terminal_sends_stops_the_countdown(key: bytes, tmp_path: Path) -> None:
    with counting(tmp_path) as terminal:
        terminal.clear()
        terminal.press(key)
        until(lambda: bool(ends(tmp_path)), "an end of the countdown")
        assert ends(tmp_path) == {"by-hand"}
        terminal.see("étape 1 sur")
        assert terminal.process.poll() is None


def test_keys_mean_what_they_do_after_one_that_is_none(tmp_path: Path) -> None:
    """Textual's parser ends where it fails; a new one goes on."""
    with counting(tmp_path) as terminal:
        terminal.clear()
        terminal.press(b"\x1b[1114112u")
        terminal.see("étape 1 sur")
        terminal.press(b"\x1bOQ")  # F2
        terminal.see("step 1 of")


def test_seconds_that_the_terminal_did_not_take_are_not_counted(tmp_path: Path) -> None:
    with counting(tmp_path) as terminal:
        screen = os.open(terminal.screen, os.O_RDWR | os.O_NOCTTY)
        try:
            time.sleep(COUNTDOWN * SECOND_S / 2)
            termios.tcflow(screen, termios.TCOOFF)  # as Scroll Lock on the console
            time.sleep(COUNTDOWN * SECOND_S + HELD_S)
            assert ends(tmp_path) == set()
            termios.tcflow(screen, termios.TCOON)
            again = time.monotonic()
            until(lambda: bool(ends(tmp_path)), "an end of the countdown")
            assert ends(tmp_path) == {"confirmed"}
            assert time.monotonic() - again > (COUNTDOWN - 2) * SECOND_S, "it began anew"
        finally:
            os.close(screen)


def test_after_a_screen_that_stood_the_whole_countdown_is_left(tmp_path: Path) -> None:
    """Also where the application stood behind its pictures, and counted nothing meanwhile."""
    with counting(tmp_path) as terminal:
        screen = os.open(terminal.screen, os.O_RDWR | os.O_NOCTTY)
        try:
            time.sleep(COUNTDOWN * SECOND_S * 0.6)
            termios.tcflow(screen, termios.TCOOFF)
            stood = time.monotonic()
            for turn in range(60):
                termios.tcsetwinsize(screen, (25 - turn % 2, 80))
                terminal.process.send_signal(signal.SIGWINCH)
                time.sleep(0.02)
            time.sleep(HELD_S + 2 - (time.monotonic() - stood))
            assert ends(tmp_path) == set()
            termios.tcflow(screen, termios.TCOON)
            again = time.monotonic()
            until(lambda: bool(ends(tmp_path)), "an end of the countdown")
            assert ends(tmp_path) == {"confirmed"}
            assert time.monotonic() - again > (COUNTDOWN - 2) * SECOND_S, "it was counted on"
        finally:
            termios.tcflow(screen, termios.TCOON)
            os.close(screen)


def test_a_slow_screen_gets_through_its_countdown(tmp_path: Path) -> None:
    """It stands for four seconds of five, as where each picture takes that long."""
    with counting(tmp_path, 10) as terminal:
        screen = os.open(terminal.screen, os.O_RDWR | os.O_NOCTTY)
        began = time.monotonic()
        try:
            while not ends(tmp_path) and time.monotonic() - began < 30:
                termios.tcflow(screen, termios.TCOOFF)
                time.sleep(4 * SECOND_S)
                termios.tcflow(screen, termios.TCOON)
                time.sleep(SECOND_S)
            assert ends(tmp_path) == {"confirmed"}
            assert time.monotonic() - began > 3 * 10 * SECOND_S, "most seconds were not seen"
        finally:
            termios.tcflow(screen, termios.TCOON)
            os.close(screen)


def test_a_picture_is_drawn_for_each_second_and_no_more(tmp_path: Path) -> None:
    """A terminal may take a second and more for one: those that wait would never be all taken."""
    with counting(tmp_path, second_s=2) as terminal:
        terminal.clear()
        time.sleep(3 * 2)
        assert 2 <= terminal.text.count("ENTRÉE ARRÊTE TOUT") <= 4


def test_a_picture_is_seen_once_it_was_taken_though_the_next_one_is_not() -> None:
    waiting = 0
    seen = DrawingWatch(lambda: waiting == 0)
    assert not seen.ask(), "nobody looked"
    seen.draw()
    seen.look()
    waiting = 1
    seen.draw()
    assert seen.ask()
    for _second in range(3):
        seen.look()
        assert not seen.ask(), "held"
    waiting = 0
    seen.look()
    assert seen.ask()
    assert not seen.ask(), "it is asked of the time since"


def test_how_long_it_was_held_is_known_though_nobody_asked_meanwhile() -> None:
    looks = [(0.0, True)]
    seen = DrawingWatch(lambda: looks[-1][1], lambda: looks[-1][0])

    def held_s(*more: tuple[float, bool]) -> float:
        for look in more:
            looks.append(look)
            seen.look()
        return seen.held_s()

    assert held_s((0.1, True)) == 0
    assert held_s((1.0, False), (3.0, False), (8.0, False), (8.1, True), (8.2, True)) == 7
    assert held_s() == 0
    assert held_s((9.0, False), (10.0, True), (11.0, False), (12.0, False)) == 1
    assert held_s((14.0, False)) == 3, "it goes on"


def test_what_was_drawn_meanwhile_is_not_taken_with_what_stood_there() -> None:
    """It is counted behind its way into the queue: what is not there yet is not taken."""
    looks = iter((True, False))
    seen = DrawingWatch(lambda: next(looks))
    seen.look()
    seen.draw()
    seen.ask()
    seen.look()
    assert not seen.ask()


def test_a_key_on_a_screen_that_is_held_reaches_the_engine(tmp_path: Path) -> None:
    """Once some pictures wait, the screen does nothing any more; plain lines elsewhere go on."""
    with counting(tmp_path) as terminal:
        screen = os.open(terminal.screen, os.O_RDWR | os.O_NOCTTY)
        try:
            termios.tcflow(screen, termios.TCOOFF)
            for turn in range(PICTURES):
                termios.tcsetwinsize(screen, (25 - turn % 2, 80))
                terminal.process.send_signal(signal.SIGWINCH)
                time.sleep(0.1)
            assert ends(tmp_path) == set()
            terminal.press(b"a")
            until(lambda: bool(ends(tmp_path)), "a person", 15)
            assert ends(tmp_path) == {"by-hand"}
        finally:
            termios.tcflow(screen, termios.TCOON)
            os.close(screen)


def spoke(*chunks: bytes) -> bool:
    person = Person()
    return any(person.spoke(chunk) for chunk in chunks)


ANSWERS = (b"\x1b[?2026;2$y", b"\x1b[?2048;0$y", b"\x1b[I", b"\x1b[O", b"\x1b[48;25;80;400;640t")


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_a_terminal_answers_by_itself_is_no_person(answer: bytes) -> None:
    for cut in range(len(answer)):
        assert not spoke(answer[:cut], answer[cut:], b"")
    assert not spoke(*(bytes((one,)) for one in answer), b"")
    assert not spoke(b"".join(ANSWERS))
    assert spoke(answer + b"x")
    assert spoke(b"x" + answer)


@pytest.mark.parametrize(
    "key",
    [b"x", b"\x1b", b"\x1b[", b"\x1b[?", b"\x1b[4", b"\x1b[A", b"\x1bOP", b"\x1b[[A", b"\xff"],
)
def test_all_else_is_once_nothing_more_comes(key: bytes) -> None:
    assert spoke(key, b"")
    assert not spoke(b"", b"")
