"""The station in plain lines without a person: the countdown, the key that stops it, what is in the
way."""

from __future__ import annotations

import os
import pty
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reprise.adapters.console.typed_keys import TypedKeys
from reprise.cli.commands.line_station import _converse
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.report.events import PlanConfirmed
from reprise.domain.station.unattended import Unattended
from reprise.errors import EXIT_STOPPED, StorageError
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.terminal import Inbox, Typed
from reprise.ports.sheets.station_tools import NO_TOOLS
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import Order
from station_kit.listener import listening, station_by_ear
from station_kit.machines import hdd, laptop, mounted, ssd
from station_kit.ports import Kit
from station_kit.processes import until

pytestmark = pytest.mark.whole  # they wait, half a minute in all

ABOUT = ("ENTRÉE ARRÊTE TOUT", "Les disques de ce PC vont être effacés :", "W9A4K2XJ")


def unattended(kit: Kit, countdown_s: int = 30) -> Kit:
    kit.unattended = Unattended(erase=True, countdown_s=countdown_s)
    return kit


def confirmed(kit: Kit) -> list[PlanConfirmed]:
    events = [line.event for line in kit.journal.lines]
    return [event for event in events if isinstance(event, PlanConfirmed)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.line_interface.unattended._LOOK_S", 0.005)


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
            ear.pass_(passed)
            ear.hears(said)
        ear.pass_(4)
        ear.hears("1 seconde.")
        assert not confirmed(kit)
        ear.pass_(1)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert [one.by for one in confirmed(kit)] == [ConfirmedBy.UNATTENDED]


@pytest.mark.parametrize("key", ["", "x", "?"])
def test_any_key_stops_it_for_good(key: str) -> None:
    kit = unattended(Kit(laptop(hdd())))
    with station_by_ear(kit) as ear:
        ear.hears("60 secondes.")
        ear.pass_(50)
        assert ear.no_enter
        ear.types(key)
        ear.hears("plus rien ne commence seul")
        ear.hears("1 sur 4.")
        assert not ear.no_enter
        ear.now_s += 3600
        ear.answers("", "")
        ear.hears("2 sur 4.")
    assert not confirmed(kit)


def test_a_key_at_another_screen_stops_it_and_is_told_once() -> None:
    kit, engines = unattended(Kit(laptop(hdd()))), list[Engine]()
    with station_by_ear(kit, engines.append) as ear:
        ear.hears("60 secondes.")
        engines[0].take_over()
        ear.hears("plus rien ne commence seul", "1 sur 4.")
        assert "Rien ne commence seul" not in ear.said
    assert not confirmed(kit)


def test_where_a_person_is_already_it_says_nothing_of_it() -> None:
    engine = Engine(unattended(Kit(laptop(hdd()))).services, poll_s=0.05)
    engine.start()
    until(lambda: engine.state.plan is not None, "a plan")
    engine.take_over()
    with listening(engine) as ear:
        ear.hears("1 sur 4.")
        assert "commencer seule" not in ear.said
    engine.wait_end()


def test_it_says_what_is_in_the_way_and_begins_once_nothing_is() -> None:
    kit = unattended(Kit(laptop(hdd())))
    kit.store.place = "memory"
    with station_by_ear(kit) as ear:
        ear.hears("Rien ne commence seul :", "mémoire", "continuer à la main")
        ear.now_s += 3600
        kit.store.place = "stick"
        ear.hears(*ABOUT, "60 secondes.")
        ear.pass_(60)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert confirmed(kit)


def test_another_plan_begins_the_countdown_again() -> None:
    kit = unattended(Kit(laptop(hdd())))
    engines = list[Engine]()
    with station_by_ear(kit, engines.append) as ear:
        ear.hears("60 secondes.")
        ear.pass_(55)
        kit.probe.inventory = laptop(hdd(), ssd())
        engines[0].look()
        ear.hears("S4EVNX0R", "70 secondes.")
        ear.pass_(6)
        ear.types("")
        ear.hears("plus rien ne commence seul")
    assert not confirmed(kit)


def test_what_nobody_could_hear_is_told_again_and_begins_anew() -> None:
    """Scroll Lock, or a terminal that hung: the words came out afterwards, all at once."""
    kit = unattended(Kit(laptop(hdd())))
    with station_by_ear(kit) as ear:
        ear.hears("60 secondes.")
        ear.pass_(20)
        ear.now_s += 60
        ear.hears(*ABOUT, "60 secondes.")
        ear.heard_all = False
        ear.pass_(60)
        ear.heard_all = True
        ear.hears(*ABOUT, "60 secondes.")
        ear.pass_(58)
        ear.hears("3 secondes.")
        assert not confirmed(kit)
        ear.pass_(2)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")


def test_a_key_at_the_very_end_is_not_told_that_nothing_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kit, begin = unattended(Kit(laptop(hdd()))), Engine.confirm
    with station_by_ear(kit) as ear:

        def confirm(engine: Engine, order: Order) -> None:
            ear.types("")
            begin(engine, order)

        monkeypatch.setattr(Engine, "confirm", confirm)
        ear.hears("60 secondes.")
        ear.pass_(60)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
        assert "plus rien ne commence seul" not in ear.said
        assert "avant votre confirmation" not in ear.said


@pytest.mark.parametrize("install", [True, False])
def test_a_system_is_installed_where_the_settings_ask_for_it(install: bool) -> None:
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=True, countdown_s=30, install=install)
    with station_by_ear(kit) as ear:
        ear.hears("60 secondes.")
        ear.pass_(60)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert [one.options.image for one in kit.installer.requests] == ["debian-minimal"] * install


def test_what_the_engine_refuses_is_said_and_a_person_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def confirm(_engine: Engine, _order: Order) -> None:
        raise StorageError("no room left.")

    monkeypatch.setattr(Engine, "confirm", confirm)
    with station_by_ear(unattended(Kit(laptop(hdd())))) as ear:
        ear.hears("60 secondes.")
        ear.pass_(60)
        ear.hears("no room left.", "avant votre confirmation", "1 sur 4.")


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

    monkeypatch.setattr(Conversation, "run", broken_off)
    engine = Engine(unattended(Kit(laptop(hdd()))).services)
    engine.start()
    with typed_keys(monkeypatch):
        until(lambda: engine.state.plan is not None, "a plan", 60)
        assert not engine.state.by_hand
        assert _converse(engine, Inbox(), tools=NO_TOOLS) == EXIT_STOPPED
    engine.wait_end()
    assert engine.state.by_hand


def test_a_terminal_that_was_stopped_has_not_taken_what_was_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with typed_keys(monkeypatch) as (keys, _hand):
        monkeypatch.setattr("sys.stdout", sys.stdin)  # the terminal is open for both
        assert keys.took()
        termios.tcflow(sys.stdin, termios.TCOOFF)
        assert not keys.took()
        termios.tcflow(sys.stdin, termios.TCOON)
        assert keys.took()


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
    for other in (os.open("/dev/null", os.O_WRONLY), *os.pipe()[1:]):
        with os.fdopen(other, "w") as stdout:
            monkeypatch.setattr("sys.stdout", stdout)
            assert keys.took(), "it keeps nothing back"
    assert [inbox.get(0), inbox.get(0)] == [Typed("one"), Typed("two")]
