"""Who watches the screen hears of what goes wrong, and of who is there, at once."""

from __future__ import annotations

from reprise.domain.erasure.progress import Progress
from reprise.domain.report.events import Checkpoint, Operator
from reprise.errors import StorageError
from reprise.workflow.session.recorder import Recorder
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import SessionState
from station_kit.facts import with_facts
from station_kit.machines import hdd, laptop
from station_kit.ports import FakeJournal, Kit

FULL = StorageError("no room left on the stick.", "Free some space there.")


def fails(_asked: object) -> tuple[str, ...]:
    raise FULL


class Screen:
    """What it showed at each word that it heard."""

    def __init__(self, **services: object) -> None:
        self.shown: list[tuple[SessionState, tuple[str, ...]]] = []
        made = Kit(laptop(hdd())).services()
        self.session = Session(with_facts(made, **services), self._hear)
        self.session.start()

    def _hear(self, state: SessionState) -> None:
        self.shown.append((state, self.session.problems))


def test_what_the_stick_does_not_keep_of_the_operator_is_shown() -> None:
    screen = Screen(remember=fails)
    screen.session.name_operator(Operator("B. Petit"))
    assert screen.session.state.operator == Operator("B. Petit"), "and the work goes on"
    assert screen.shown[-1][1] == (str(FULL),)


def test_an_operator_who_was_named_before_is_not_journalled_again() -> None:
    screen = Screen()
    screen.session.name_operator(Operator("B. Petit"))
    heard = len(screen.shown)
    screen.session.name_operator(Operator("B. Petit"))
    assert len(screen.shown) == heard


def test_a_report_of_an_earlier_session_that_cannot_be_made_is_shown_once() -> None:
    screen = Screen(report_left=fails)
    screen.session.look()
    screen.session.look()
    assert screen.session.problems.count(str(FULL)) >= 1
    assert screen.session.state.plan is not None, "and the PC is looked at all the same"
    assert screen.shown[-1][1] == screen.session.problems


def test_the_screen_hears_that_a_person_took_over() -> None:
    screen = Screen()
    screen.session.take_over()
    assert screen.shown[-1][0].by_hand


def test_the_newest_tick_of_each_drive_is_kept_and_no_event() -> None:
    recorder = Recorder(FakeJournal(), lambda _state: None)
    first, second = Progress("a", "write", 1, 9, 1.0, 1.0), Progress("b", "write", 2, 9, 1.0, 1.0)
    newest = Progress("a", "verify", 3, 9, 1.0, 1.0)
    for item in (first, second, Checkpoint("a", "job", "write", 4096), newest):
        recorder.tick(item)
    assert recorder.progress() == {"a": newest, "b": second}
    recorder.progress().clear()
    assert recorder.progress() != {}, "it is a copy that is given"
