"""The function checks in plain lines beside an erasure: what waits for it, what it breaks off, and
the report that waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import pytest

from reprise.domain.checks.catalogue import CheckId
from reprise.line_interface.sheets import running
from reprise.ports import StopFlag
from reprise.ports.sheets.station_tools import StationTools
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.checking import Told
from reprise.workflow.session.waiting_for_checks import RENEW_S, Held
from station_kit.checks import FakeCheck, passed
from station_kit.listener import Listener, station_by_ear
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.engine_kit import order
from workflow.test_linear_sheets import _number

WAITS = "en attente : des disques sont en cours d'effacement"


def memory() -> FakeCheck:
    return FakeCheck(passed(CheckId.MEMORY), held=True)


@dataclass
class Tapped(FakeCheck):
    """A person tries keys until it ends."""

    tap: Callable[[], None] = lambda: None

    def run(self, stop: StopFlag) -> Iterator[Told]:
        if not self.runs:
            self.tap()
        return super().run(stop)


@contextmanager
def at_the_checks(check: FakeCheck) -> Iterator[tuple[Kit, Engine, Listener, str]]:
    """With the number of the memory check."""
    kit, engines = Kit(laptop(hdd())), list[Engine]()
    kit.sanitizer.held.add("W9A4K2XJ")
    clock = FakeCheck(passed(CheckId.CLOCK))
    tools = StationTools(checks=lambda: {CheckId.MEMORY: check, CheckId.CLOCK: clock})
    with station_by_ear(kit, engines.append, tools) as ear:
        ear.hears("1 sur 4.")
        until(lambda: bool(engines[0].status.offer.digest), "a plan")
        ear.types("F3")
        number = _number(ear.hears("État du boîtier", "Entrée : retour"), "Mémoire")
        yield kit, engines[0], ear, number


def erase(engine: Engine) -> None:
    """As another screen, or an unattended station, begins it."""
    engine.confirm(order(engine, installs=False))
    until(lambda: bool(engine.state.working), "the erasure")


def test_an_erasure_that_begins_breaks_off_what_would_disturb_it() -> None:
    check = memory()
    with at_the_checks(check) as (kit, engine, ear, number):
        ear.types(number)
        ear.hears("S : interrompre")
        until(lambda: check.runs == 1, "the memory check")
        erase(engine)
        ear.hears(WAITS, "Entrée : retour")
        assert not engine.state.checked.results
        ear.types(number)
        ear.hears(WAITS, "Entrée : retour")
        assert check.runs == 1
        ear.types("r")
        ear.hears("Mémoire", WAITS)
        ear.hears("Entrée : retour")
        kit.sanitizer.release.set()
        until(lambda: engine.state.all_final, "its end")
        check.held = False
        ear.types(number)
        ear.hears("réussi", "Entrée : retour")
    assert check.runs == 2


def test_the_others_are_made_while_it_erases() -> None:
    check = memory()
    with at_the_checks(check) as (_kit, engine, ear, _number_of_memory):
        ear.types("a")
        until(lambda: check.runs == 1, "the memory check")
        erase(engine)
        ear.hears(WAITS)
        until(lambda: bool(engine.state.checked.results), "the others")
        ear.hears("Entrée : retour")
        found = {one.check for one in engine.state.checked.results}
        assert CheckId.CLOCK in found
        assert not found & {CheckId.MEMORY, CheckId.PROCESSOR}


def test_the_report_waits_while_somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    told, hold = list[bool](), Engine.hold_report

    def hold_report(engine: Engine, how: Held) -> None:
        told.append(how.held)
        hold(engine, how)

    monkeypatch.setattr(Engine, "hold_report", hold_report)
    with at_the_checks(memory()) as (_kit, _engine, ear, _memory):
        until(lambda: told == [True], "the report waits")
        ear.types("r")
        ear.hears("Entrée : retour")
        assert told == [True], "it was said"
        ear.now_s += RENEW_S
        until(lambda: told == [True, True], "a lease runs out")
        ear.types("")
        ear.hears("Retour.", "1 sur 4.")
        ear.now_s += RENEW_S
        ear.types("")
        ear.hears("2 sur 4.")
    assert told == [True, True, False]


def test_keys_that_were_tried_are_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    class AtOnce(Thread):
        """Its result is there before the first look."""

        def start(self) -> None:
            self.run()

    monkeypatch.setattr(running, "Thread", AtOnce)
    check = Tapped(passed(CheckId.MEMORY))
    with at_the_checks(check) as (_kit, engine, ear, number):
        check.tap = lambda: ear.types(number)
        ear.types(number)
        ear.hears("réussi", "Entrée : retour")
        ear.types("")
        ear.hears("Retour.", "1 sur 4.")
        assert [one.check for one in engine.state.checked.results] == [CheckId.MEMORY]
    assert check.runs == 1
