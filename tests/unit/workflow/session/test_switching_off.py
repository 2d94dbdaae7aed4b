"""What an unattended station counts down to, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from reprise.domain.install.options import InstallOptions
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.station.unattended import Unattended
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.terminal import Inbox, LinesOnly, Typed
from reprise.line_interface.unattended import _Aloud, _until_a_key
from reprise.workflow.engine.port import Connection, EngineClient, Order, StationStatus, Work
from reprise.workflow.erasure.countdown import CountdownGoal
from reprise.workflow.erasure.unattended import to_begin
from reprise.workflow.session.services import StickLine
from reprise.workflow.session.state import InstallView, SessionState
from reprise.workflow.session.switching_off import to_switch_off
from unit.workflow.session.test_checking import DRIVE, ERASED, PLANNED, SIGNED

WANTED = Unattended(erase=True, countdown_s=30, power_off=True)
STICK = StickLine("stick", may_pull=False)


def order(by: ConfirmedBy) -> Order:
    return Order("d", InstallOptions("", "", "", ""), by=by)


ENDED = StationStatus(
    unattended=WANTED, order=order(ConfirmedBy.UNATTENDED), work=Work.ENDED, stick=STICK
)


@dataclass
class Seen:
    state: SessionState = SIGNED
    status: StationStatus = field(default_factory=lambda: ENDED)
    line: Connection = Connection.OPEN


def off(**otherwise: object) -> CountdownGoal:
    return to_switch_off(cast(EngineClient, Seen(**otherwise)), 20)  # type: ignore[arg-type]


def test_a_pc_that_nobody_led_switches_itself_off() -> None:
    assert off() == CountdownGoal("s", 50)


def installed(ok: bool | None) -> SessionState:
    return replace(SIGNED, install=InstallView(DRIVE.identity.key, "image", "1", ok=ok))


@pytest.mark.parametrize(
    "otherwise",
    [
        {"status": replace(ENDED, order=order(ConfirmedBy.OPERATOR))},
        {"status": replace(ENDED, order=None)},
        {"status": replace(ENDED, unattended=replace(WANTED, power_off=False))},
        {"status": replace(ENDED, work=Work.RUNNING)},
        {"line": Connection.LOST},
        {"state": PLANNED},
        {"state": installed(False)},
        {"state": installed(None)},
    ],
)
def test_any_other_stays_on(otherwise: dict[str, object]) -> None:
    assert off(**otherwise) == CountdownGoal()
    assert off(state=installed(True)).about


@pytest.mark.parametrize(
    "otherwise", [{"state": ERASED}, {"status": replace(ENDED, stick=StickLine("memory", False))}]
)
def test_a_proof_that_can_be_lost_is_in_its_way(otherwise: dict[str, object]) -> None:
    assert off(**otherwise).reasons


LOOKED = StationStatus(unattended=WANTED, stick=STICK)


def begin(**otherwise: object) -> CountdownGoal:
    seen = Seen(**{"state": PLANNED, "status": LOOKED, **otherwise})  # type: ignore[arg-type]
    return to_begin(cast(EngineClient, seen), 20, ("the screen's trouble",))


def test_it_begins_with_the_plan_that_stands() -> None:
    assert (begin().about, begin().lasts_s) == ("d", 50)
    assert "the screen's trouble" in begin().reasons
    told = begin(status=replace(LOOKED, problems=("the engine's",))).reasons
    assert "the engine's" in told and "the screen's trouble" not in told


@pytest.mark.parametrize(
    "otherwise",
    [
        {"line": Connection.LOST},
        {"status": replace(LOOKED, stick=None)},
        {"status": replace(LOOKED, unattended=Unattended())},
        {"state": replace(PLANNED, digest="")},
    ],
)
def test_else_there_is_nothing_to_begin(otherwise: dict[str, object]) -> None:
    assert not begin(**otherwise).about


class Room:
    """Where a countdown is heard."""

    def __init__(self) -> None:
        self.now_s, self.heard = 0.0, list[str]()
        talk = Conversation(
            cast(EngineClient, None), Inbox(), self.heard.append, clock=lambda: self.now_s
        )
        self._aloud = _Aloud(talk, lambda left_s: (f"told, {left_s} s",), "held:")

    def looks(self, aim: CountdownGoal, at_s: float) -> str:
        self.now_s = at_s
        self.heard.clear()
        self._aloud.look(aim)
        return "".join(self.heard).strip()


def test_each_number_is_said_once_and_what_is_told_again_begins_anew() -> None:
    room, free, held = Room(), CountdownGoal("plan", 50), CountdownGoal("plan", 50, ("why",))
    assert room.looks(free, 0) == "told, 50 s"
    (said,) = filter(None, (room.looks(free, second) for second in range(1, 21)))
    assert "30" in said
    assert room.looks(free, 20.5) == ""
    assert "held:" in room.looks(held, 21)
    assert room.looks(held, 22) == ""
    assert room.looks(free, 23) == "told, 50 s"
    assert "held:" in room.looks(held, 24), "said anew, as it counted meanwhile"
    assert room.looks(CountdownGoal(), 25) == ""
    assert room.looks(free, 26) == "told, 50 s"
    assert room.looks(CountdownGoal("another", 60), 27) == "told, 60 s"


def test_looks_that_lie_apart_begin_it_anew() -> None:
    """What was said meanwhile nobody may have heard."""
    room, free = Room(), CountdownGoal("plan", 50)
    assert room.looks(free, 0) == "told, 50 s"
    assert room.looks(free, 2) == ""
    assert room.looks(free, 50) == "told, 50 s"
    assert room.looks(free, 52.1) == "told, 50 s"


class Stopped(LinesOnly):
    """A terminal that takes what was said at the third look, and not before."""

    looks = 0

    def took(self) -> bool:
        self.looks += 1
        return self.looks > 2


def test_it_looks_only_once_all_that_was_said_could_be_heard() -> None:
    keys, looked = Stopped(), list[int]()
    talk = Conversation(
        cast(EngineClient, Seen(line=Connection.LOST)),
        Inbox(),
        lambda _: None,
        clock=float,
        keys=keys,
    )

    def look() -> bool:
        looked.append(keys.looks)
        return False

    assert not _until_a_key(talk, look)
    assert looked == [3]


def test_a_key_behind_news_is_heard_before_anything_begins() -> None:
    inbox = Inbox()
    talk = Conversation(
        cast(EngineClient, Seen(line=Connection.LOST)), inbox, lambda _: None, clock=float
    )
    inbox.changed()
    inbox.put(Typed("x"))
    assert _until_a_key(talk, lambda: False), "a look would have ended it"
