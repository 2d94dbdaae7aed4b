"""The station in plain lines without a person: the countdown, the key that stops it, what is in the
way."""

from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reprise.adapters.station.keys_typed import TypedKeys
from reprise.cli.linear import _converse
from reprise.domain.events import PlanConfirmed
from reprise.domain.plan import ConfirmedBy
from reprise.errors import EXIT_STOPPED
from reprise.linear.talk import Talk
from reprise.linear.terminal import Inbox, Typed
from reprise.tool_ports.tools import NO_TOOLS
from reprise.workflow.desk.engine import Engine
from reprise.workflow.services import Unattended
from station_kit.listener import Listener, station_by_ear
from station_kit.machines import hdd, laptop, mounted, ssd
from station_kit.ports import Kit
from station_kit.processes import until

ABOUT = ("UNE TOUCHE ARRÊTE TOUT", "Les disques de ce PC vont être effacés :", "W9A4K2XJ")


def unattended(kit: Kit, countdown_s: int = 30) -> Kit:
    kit.unattended = Unattended(erase=True, countdown_s=countdown_s)
    return kit


def confirmed(kit: Kit) -> list[PlanConfirmed]:
    events = [line.event for line in kit.journal.lines]
    return [event for event in events if isinstance(event, PlanConfirmed)]


def pass_(ear: Listener, seconds: float) -> None:
    ear.now_s += seconds


def test_it_counts_aloud_and_begins() -> None:
    kit = unattended(Kit(laptop(hdd())), 60)
    with station_by_ear(kit) as ear:
        ear.hears("commencer seule", *ABOUT, "90 secondes.")  # 30 of them to say which drive
        assert "avant votre confirmation" not in ear.said
        for passed, said in (
            (31, "60 secondes."),
            (30, "30 secondes."),
            (20, "10 secondes."),
            (4, "5 secondes."),
        ):
            pass_(ear, passed)
            ear.hears(said)
        pass_(ear, 4)
        ear.hears("1 seconde.")
        assert not confirmed(kit)
        pass_(ear, 1)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert [one.by for one in confirmed(kit)] == [ConfirmedBy.UNATTENDED]


@pytest.mark.parametrize("key", ["", "x", "?"])
def test_any_key_stops_it_for_good(key: str) -> None:
    kit = unattended(Kit(laptop(hdd())))
    with station_by_ear(kit) as ear:
        ear.hears("60 secondes.")
        pass_(ear, 50)
        ear.types(key)
        ear.hears("plus rien ne commence seul")
        ear.hears("1 sur 4.")
        pass_(ear, 3600)
        ear.answers("", "")
        ear.hears("2 sur 4.")
    assert not confirmed(kit)


def test_it_says_what_is_in_the_way_and_begins_once_nothing_is() -> None:
    kit = unattended(Kit(laptop(hdd())))
    kit.store.place = "memory"
    with station_by_ear(kit) as ear:
        ear.hears("Rien ne commence seul :", "mémoire", "continuer à la main")
        pass_(ear, 3600)
        kit.store.place = "stick"
        ear.hears(*ABOUT, "60 secondes.")
        pass_(ear, 60)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert confirmed(kit)


def test_another_plan_begins_the_countdown_again() -> None:
    kit = unattended(Kit(laptop(hdd())))
    engines = list[Engine]()
    with station_by_ear(kit, engines.append) as ear:
        ear.hears("60 secondes.")
        pass_(ear, 55)
        kit.probe.inventory = laptop(hdd(), ssd())
        engines[0].look()
        ear.hears("S4EVNX0R", "70 secondes.")
        pass_(ear, 6)
        ear.types("")
        ear.hears("plus rien ne commence seul")
    assert not confirmed(kit)


def test_it_begins_nothing_where_the_settings_do_not_ask_for_it() -> None:
    with station_by_ear(Kit(laptop(hdd(), mounted()))) as ear:
        ear.hears("1 sur 4.")
        assert "seconde" not in ear.said


@contextmanager
def typed_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TypedKeys, int]]:
    """Over a terminal of its own, and that terminal's other end."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        try:
            yield TypedKeys(), ours
        finally:
            os.close(ours)


def test_each_key_is_heard_without_enter_and_the_terminal_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with typed_keys(monkeypatch) as (keys, hand):
        found = termios.tcgetattr(keys._input)
        lines = keys.lines()
        os.write(hand, "é".encode() + b"ab\n")
        assert next(lines) == "éab"
        keys.each(True)
        for key in (b"x", b"\x03", b"\x13", b"\x11", b"\x1c", b"\x1a"):  # Ctrl with C, S, Q, \\, Z
            os.write(hand, key)
            assert next(lines) == "", "a key like all others"
        keys.each(False)
        os.write(hand, b"again\n")
        assert next(lines) == "again", "the key was no part of the line after it"
        keys.hidden(True)
        assert not termios.tcgetattr(keys._input)[3] & termios.ECHO
        keys.hidden(False)
        assert termios.tcgetattr(keys._input) == found
        keys.each(True)
        keys.close()
        assert termios.tcgetattr(keys._input) == found


def test_who_breaks_it_off_is_a_person_for_the_next_one_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl+C: the service starts another one at once, which would begin anew."""

    def broken_off(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Talk, "run", broken_off)
    engine = Engine(unattended(Kit(laptop(hdd()))).services)
    engine.start()
    with typed_keys(monkeypatch):
        until(lambda: engine.state.plan is not None, "a plan", 60)
        assert not engine.state.by_hand
        assert _converse(engine, Inbox(), tools=NO_TOOLS) == EXIT_STOPPED
    engine.wait_end()
    assert engine.state.by_hand


def test_a_pipe_gives_lines_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.write(write, b"one\ntwo")
    os.close(write)
    inbox = Inbox()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        keys = TypedKeys()
        inbox.read(keys.lines())
        keys.each(True)
        keys.close()
    assert [inbox.get(0), inbox.get(0)] == [Typed("one"), Typed("two")]
