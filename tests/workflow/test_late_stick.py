"""The stick's data partition comes after the station has looked at the PC: a slow stick, or one
that was plugged in again. What earlier sessions left on it counts before anything is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest

from reprise import i18n
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import MirroredStore
from reprise.bootstrap.past import EarlierSessions, other_sessions
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.station.unattended import Unattended
from reprise.errors import RefusedError, ToolError
from reprise.workflow.engine import looks
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.services import StationServices
from reprise.workflow.session.session import Session
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.engine_kit import order
from workflow.test_pulled_stick import told

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


OWN = "today"
PATIENCE_S = 30.0


@dataclass
class Bench:
    """A PC that a stick's last session erased in part, and that stick, which is not there yet."""

    base: Path
    kit: Kit = field(default_factory=lambda: Kit(laptop(hdd(), ssd(), stick())))
    there: bool = False
    name: str = "stick"
    looks: int = 0
    fails: bool = False
    goes_on: Flag = field(default_factory=Flag)  # a look hangs until then
    engine: Engine | None = None
    passing: list[str] = field(default_factory=list)  # when each look began

    def __post_init__(self) -> None:
        self.goes_on.set()
        self.kit.unattended = Unattended(erase=True)
        (self.base / "stick").mkdir()
        before = MirroredStore(self.base / "before", lambda: self.base / "stick")
        journal = StoreJournal(before, "s", SystemClock())
        for event in told(before):
            journal.append(event)
        self.store = MirroredStore(self.base / "memory", self._stick)

    def _stick(self) -> Path | None:
        return self.base / self.name if self.there else None

    def _settle(self) -> tuple[()]:
        self.looks += 1
        self.passing.append(self.engine.status.passing if self.engine is not None else "")
        assert self.goes_on.wait(PATIENCE_S)
        if self.fails:
            raise ToolError("udevadm failed")
        return ()

    def services(self) -> StationServices:
        return replace(
            self.kit.services(),
            earlier=EarlierSessions(self.store, OWN).found,
            sessions=lambda: other_sessions(self.store, OWN),
            settle=self._settle,
        )


def began(session: Session) -> str:
    session.start()
    session.look()
    return session.state.digest


def test_a_plan_of_before_is_not_confirmed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    session = Session(bench.services(), lambda _state: None)
    digest = began(session)
    bench.there = True
    with pytest.raises(RefusedError, match="Look at the drives again"):
        session.confirm(digest)
    session.look()
    assert session.state.digest == digest  # the same drives, and more is known of them
    with pytest.raises(RefusedError, match="already installed a system"):
        session.confirm(digest, ConfirmedBy.UNATTENDED)
    session.confirm(digest)


def test_without_the_stick_nothing_stands_in_the_way(tmp_path: Path) -> None:
    session = Session(Bench(tmp_path).services(), lambda _state: None)
    session.confirm(began(session), ConfirmedBy.UNATTENDED)


@contextmanager
def running(bench: Bench) -> Iterator[Engine]:
    bench.engine = engine = Engine(bench.services, poll_s=0.02)
    engine.start()
    until(lambda: engine.state.plan is not None, "a plan", PATIENCE_S)
    try:
        yield engine
    finally:
        engine.close()
        engine.wait_end()


def knows(engine: Engine) -> bool:
    view = engine.state.drive(hdd().identity.key)
    return view is not None and view.past.erased


def test_the_engine_looks_again_by_itself(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with running(bench) as engine:
        looks = bench.looks
        assert not knows(engine)
        bench.there = True
        until(lambda: knows(engine), "what the stick tells", PATIENCE_S)
        assert bench.looks == looks + 1
        assert bench.passing == ["", "The stick came later: the drives are being read again."]
        until(lambda: not engine.status.passing, "the look's end", PATIENCE_S)
        assert not engine.status.problems


def test_a_stick_that_is_there_is_looked_at_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, there=True)
    with running(bench) as engine:
        assert knows(engine)
        for _ in range(20):
            engine._look_again()
        assert bench.looks == 1


@pytest.mark.parametrize("other", [False, True])
def test_what_was_read_is_not_forgotten(tmp_path: Path, other: bool) -> None:
    """The stick is pulled, or another one is in its place, and the drives are read again."""
    bench = Bench(tmp_path, there=True)
    session = Session(bench.services(), lambda _state: None)
    began(session)
    (tmp_path / "another").mkdir()
    bench.there, bench.name = other, "another"
    session.look()
    view = session.state.drive(hdd().identity.key)
    assert view is not None and view.past.erased and view.past.installed
    with pytest.raises(RefusedError, match="already installed a system"):
        session.confirm(session.state.digest, ConfirmedBy.UNATTENDED)


def test_a_confirmation_waits_for_the_look_that_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with running(bench) as engine:
        confirming = Thread(target=lambda: engine.confirm(order(engine)))
        with engine._looks.alone():
            confirming.start()
            confirming.join(0.3)
            assert confirming.is_alive()
            assert not engine.state.confirmed
        confirming.join(PATIENCE_S)
        assert engine.state.confirmed


def test_a_look_that_fails_is_not_tried_for_ever(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with running(bench) as engine:
        looks, bench.fails = bench.looks, True
        bench.there = True
        until(lambda: bool(engine.status.problems), "what went wrong", PATIENCE_S)
        for _ in range(20):
            engine._look_again()
        assert bench.looks == looks + 1
        with pytest.raises(RefusedError, match="Look at the drives again"):
            engine.confirm(order(engine))
        bench.fails = False
        engine.look()
        assert knows(engine)


def test_what_that_look_told_is_confirmed_by_nobody_who_has_not_read_it(tmp_path: Path) -> None:
    """It was typed while the stick was being read."""
    bench, refused = Bench(tmp_path), list[str]()

    def confirms() -> None:
        try:
            engine.confirm(wanted)
        except RefusedError as error:
            refused.append(str(error))

    with running(bench) as engine:
        wanted = order(engine)
        confirming = Thread(target=confirms)
        with engine._looks.alone():
            confirming.start()
            confirming.join(0.3)
            bench.there = True
            session = engine._session
            assert session is not None
            session.look()
        confirming.join(PATIENCE_S)
        assert engine.state.digest == wanted.digest
        assert not engine.state.confirmed
        assert "The plan changed since it was shown." in refused[0]
        with pytest.raises(RefusedError, match="changed since it was shown"):
            engine.confirm(wanted)  # of before, however long ago the look has ended
        engine.confirm(order(engine))
        assert engine.state.confirmed


def test_a_look_that_hangs_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "_WAIT_S", 0.2)
    bench = Bench(tmp_path)
    with running(bench) as engine:
        bench.goes_on.clear()
        bench.there = True
        until(lambda: bool(engine.status.passing), "the look", PATIENCE_S)
        wanted = order(engine)
        does_not_end = pytest.raises(
            RefusedError, match=r"does not end\. Pull that stick, or start"
        )
        with does_not_end:
            engine.confirm(wanted)
        with does_not_end:
            engine.look()
        bench.there = False
        engine.confirm(wanted)
        assert engine.state.confirmed
        bench.goes_on.set()


def test_a_stick_that_goes_while_it_is_read_comes_as_a_new_one(tmp_path: Path) -> None:
    """Its journals' names were heard, and nothing of what they tell."""
    bench = Bench(tmp_path, there=True)
    pulling = True

    def pulled() -> Path | None:
        return bench.base / "stick" if bench.there else None

    class Pulled(MirroredStore):
        def read(self, relative: str, **how: Any) -> bytes | None:
            bench.there = bench.there and not pulling
            return super().read(relative, **how)

    bench.store = Pulled(bench.base / "memory", pulled)
    session = Session(bench.services(), lambda _state: None)
    began(session)
    bench.there, pulling = True, False
    assert session.not_known == {"s"}
    session.look()
    view = session.state.drive(hdd().identity.key)
    assert view is not None and view.past.erased
    assert not session.not_known
