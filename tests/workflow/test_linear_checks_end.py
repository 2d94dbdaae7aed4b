"""How a function check ends in plain lines where nobody waits for its end, or says nothing of it:
nothing is known then, and what runs stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from reprise.domain.checks.catalogue import SKIP_REASONS, CheckAsk, CheckId, CheckLimit, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckStatus, unknown
from reprise.domain.checks.usb import judge_usb
from reprise.ports import StopFlag
from reprise.wording import checks as words
from reprise.workflow.session.checking import Told
from reprise.workflow.session.waiting_for_checks import Held
from station_kit.checks import FakeCheck, passed
from station_kit.processes import until
from workflow.test_linear_by_word import functions, leaves_it_so, results
from workflow.test_linear_checks import WAITS, at_the_checks, erase, memory
from workflow.test_linear_sheets import _number

BACK = "Entrée : retour"


@dataclass
class Watched(FakeCheck):
    """With what each of its runs was told to stop by."""

    stops: list[StopFlag] = field(default_factory=list)

    def run(self, stop: StopFlag) -> Iterator[Told]:
        self.stops.append(stop)
        return super().run(stop)


@pytest.mark.parametrize(
    ("check", "row", "limit"),
    [
        (CheckId.SOUND, "Son", CheckLimit.BY_EAR),
        (CheckId.POINTER, "Pavé", CheckLimit.BY_EYE),
    ],
)
def test_what_a_person_said_is_told_with_how_it_was_known(
    check: CheckId, row: str, limit: CheckLimit
) -> None:
    felt = FakeCheck(unknown(check, CheckReason.NO_WORD))
    with functions({check: felt}) as (ear, engine, rows):
        ear.types(_number(rows, row))
        ear.answers("Est-ce que cela fonctionne", "")
        leaves_it_so(ear, "non effectué")
        assert not results(engine), "nobody said anything"
        ear.types(_number(rows, row))
        ear.answers("Est-ce que cela fonctionne", "f4")
        ear.hears("réussi", BACK)
        (one,) = results(engine)
        assert (one.status, one.limits) == (CheckStatus.PASSED, (limit,))


def test_what_has_to_wait_is_not_described_as_if_it_began() -> None:
    with at_the_checks(memory()) as (_kit, engine, ear, number):
        erase(engine)
        ear.types(number)
        said = ear.hears(WAITS, BACK)
        assert words.criterion(CheckId.MEMORY)[:20] not in " ".join(said.split())


def test_s_ends_all_the_automatic_ones_and_what_was_running_stops() -> None:
    held, clock = Watched(passed(CheckId.MEMORY), held=True), FakeCheck(passed(CheckId.CLOCK))
    with functions({CheckId.MEMORY: held, CheckId.CLOCK: clock}) as (ear, engine, rows):
        ear.types("a")
        until(lambda: held.runs == 1, "the memory check")
        ear.types("s")
        leaves_it_so(ear, "non effectué")
        assert not results(engine)
        assert clock.runs == 0
        until(held.stops[0].is_set, "it stops")
        ear.types(_number(rows, "Mémoire"))
        until(lambda: held.runs == 2, "it begins again")
        held.release.set()
        ear.hears("réussi", BACK)
        assert [one.check for one in results(engine)] == [CheckId.MEMORY]


def test_what_a_check_asks_for_is_said_once_until_it_asks_for_something_else() -> None:
    asks = (CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_RIGHT)
    ticks = tuple(CheckProgress(check=CheckId.SOUND, ask=one) for one in asks)
    sound = FakeCheck(unknown(CheckId.SOUND, CheckReason.NO_WORD), ticks)
    with functions({CheckId.SOUND: sound}) as (ear, _engine, rows):
        ear.types(_number(rows, "Son"))
        said = ear.hears("Est-ce que cela fonctionne")
        assert [said.count(side) for side in ("à GAUCHE", "à DROITE")] == [1, 1]


def test_ports_of_which_none_was_seen_do_not_pass() -> None:
    usb = FakeCheck(judge_usb(("usb1-port1",), None), held=True)
    with functions({CheckId.USB: usb}) as (ear, engine, rows):
        ear.types(_number(rows, "USB"))
        until(lambda: usb.runs == 1, "the check")
        ear.types("f4")
        ear.hears("Ports détectés : 0")
        assert not results(engine)
        ear.types("s")
        leaves_it_so(ear, "non effectué")
        assert not results(engine)


def test_a_key_that_is_tried_on_the_keyboard_is_not_answered() -> None:
    tick = CheckProgress(check=CheckId.KEYBOARD)
    keys = FakeCheck(passed(CheckId.KEYBOARD), (tick,), held=True)
    with functions({CheckId.KEYBOARD: keys}) as (ear, _engine, rows):
        ear.types(_number(rows, "Clavier"))
        ear.hears("deux secondes")
        until(lambda: keys.runs == 1, "the check")
        ear.types("")
        until(lambda: ear.inbox.is_empty, "it is heard of")
        keys.release.set()
        assert "en cours" not in ear.hears("réussi", BACK)


def test_a_reason_that_nobody_gives_skips_nothing() -> None:
    with functions({}) as (ear, engine, _rows):
        ear.types("s")
        ear.answers("Pourquoi", str(len(SKIP_REASONS)))
        ear.answers("En quelques mots", "")
        ear.hears(BACK)
        assert not results(engine)


def test_a_report_that_is_signed_meanwhile_ends_the_sheet() -> None:
    with at_the_checks(memory()) as (kit, engine, ear, _number_of_memory):
        erase(engine)
        engine.hold_report(Held(False))  # as another screen that a technician leaves
        kit.sanitizer.release.set()
        until(lambda: engine.state.sealed is not None, "the report")
        ear.types("r")
        ear.hears("est signé", "Retour.", "CE PC EST EFFACÉ ET VÉRIFIÉ")
