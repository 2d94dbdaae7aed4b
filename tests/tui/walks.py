"""The walks through every screen, as data. A new screen is one line here: its name, the keys that
lead to it, and how to know that it is there."""

from __future__ import annotations

from math import inf

from reprise.domain.checks.catalogue import CheckId, CheckKind
from reprise.domain.station.enrolment import EXAMPLE, read_code
from reprise.tui.base import StationScreen
from reprise.tui.screens.big import BigScreen
from reprise.tui.screens.check_guided import GuidedScreen
from reprise.tui.screens.checks import ChecksScreen
from reprise.tui.screens.choice import Choice, InWords
from reprise.tui.screens.logs import LogsScreen
from reprise.tui.screens.network import NetworkScreen
from reprise.tui.screens.network_forms import Form
from reprise.tui.screens.server_check import ServerCheckScreen
from reprise.tui.screens.server_join import ServerJoinForm
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.steps import StepName
from tui.walk import Ready, Stop, Walk, Walker, panel

CODE = read_code(EXAMPLE) or ""


def on(step: StepName) -> Ready:
    return lambda walker: walker.app.step is step and isinstance(walker.app.screen, StationScreen)


def large(walker: Walker) -> bool:
    return isinstance(walker.app.screen, BigScreen)


def listened(walker: Walker) -> bool:
    """The network sheet is open and knows what is in reach."""
    screen = walker.app.screen
    return isinstance(screen, NetworkScreen) and bool(screen.points) and not screen.listening


def refused(walker: Walker) -> bool:
    """A form stands there with an answer."""
    return isinstance(walker.app.screen, Form) and walker.app.screen.answered


def joined(walker: Walker) -> bool:
    """The station knows another server, and it the station."""
    screen = walker.app.screen
    return isinstance(screen, ServerJoinForm) and screen.joined


def tested(walker: Walker) -> bool:
    return isinstance(walker.app.screen, ServerCheckScreen) and not walker.app.screen.running


def sheet(walker: Walker) -> bool:
    return isinstance(walker.app.screen, SheetScreen)


def stated(walker: Walker) -> bool:
    return sheet(walker) and bool(walker.app.state.stated)


def chosen(layout: str) -> Ready:
    return lambda walker: walker.app.keyboard is not None and walker.app.keyboard.layout == layout


def said(words: str) -> Ready:
    return lambda walker: words in walker.tech.text()


def logged(walker: Walker) -> bool:
    return isinstance(walker.app.screen, LogsScreen) and walker.app.screen.has_lines


def copied(walker: Walker) -> bool:
    """Or not: it says so."""
    screen = walker.app.screen
    return isinstance(screen, LogsScreen) and screen.has_lines and screen.has_copied


def tried(walker: Walker) -> bool:
    """The server has not answered."""
    return sheet(walker) and any(item.detail for item in walker.app.status.outbox)


def planned(walker: Walker) -> bool:
    return walker.app.state.plan is not None and walker.app.engine is not None


def working(walker: Walker) -> bool:
    return on(StepName.ERASING)(walker) and walker.held()


def installing(walker: Walker) -> bool:
    return on(StepName.INSTALLING)(walker) and walker.clock.held == 1


def done(walker: Walker) -> bool:
    app = walker.app
    return (
        on(StepName.DONE)(walker) and bool(app.status.outbox) and app.status.outbox[0].state != ""
    )


def sent(walker: Walker) -> bool:
    return done(walker) and walker.app.status.outbox[0].state == "sent"


def checks(walker: Walker) -> bool:
    return isinstance(walker.app.screen, ChecksScreen)


def checked_by_itself(walker: Walker) -> bool:
    wanted = {
        one for one in walker.app.checks.stand.wanted() if one.spec.kind is CheckKind.AUTOMATIC
    }
    return checks(walker) and wanted <= {one.check for one in walker.app.state.checked.results}


def guided(walker: Walker) -> bool:
    return isinstance(walker.app.screen, GuidedScreen)


def measured(walker: Walker) -> bool:
    screen = walker.app.screen
    return isinstance(screen, GuidedScreen) and screen.result is not None


def choosing(walker: Walker) -> bool:
    return isinstance(walker.app.screen, Choice)


def typing(walker: Walker) -> bool:
    return isinstance(walker.app.screen, InWords)


def graded(walker: Walker) -> bool:
    known = walker.app.state.checked
    return checks(walker) and known.condition is not None and len(known.results) == len(CheckId)


def _to(step: StepName, *, help: bool = False) -> Stop:  # noqa: A002 - the word of Stop
    return Stop(step.value, ("enter",), on(step), help=help)


_TO_PLAN = (
    Stop("start", ready=planned),
    _to(StepName.MACHINE),
    _to(StepName.DRIVES),
    _to(StepName.SYSTEM),
    _to(StepName.CONFIRM),
)

_CHECKS = (
    Stop("checks", ("f3",), checks, help=True),
    Stop("checks-automatic", ("a",), checked_by_itself),
    Stop("checks-rule", ("r",), panel, back=("escape",)),
    Stop("checks-skip", ("l",), choosing),
    Stop("checks-skip-words", (*["down"] * 4, "enter"), typing, back=("escape",)),
    Stop("check-keyboard", ("enter",), measured, back=("f6",)),
    Stop("check-screen", ("enter",), guided),
    Stop("check-screen-asks", ("enter",) * 7, measured, back=("f4",)),
    Stop("check-pointer", ("enter",), measured, help=True, back=("enter",)),
    Stop("check-usb", ("enter",), measured, back=("enter",)),
    Stop("check-sound", ("enter",), measured, back=("f4",)),
    Stop("check-microphone", ("enter",), measured, back=("enter",)),
    Stop("checks-case", ("enter",), choosing, back=("down", "enter")),
    Stop("checks-graded", (), graded, back=("escape",)),
)

WALKS: dict[str, Walk] = {
    "laptop": Walk(
        "laptop",
        (
            Stop("start-reading", ready=lambda walker: walker.app.keyboard is not None),
            Stop("start", ready=planned, before=lambda walker: walker.gate.set(), help=True),
            Stop("network", ("f6",), listened, help=True),
            Stop("network-join", ("enter",), help=True),
            Stop("network-refused", (*"azertyui", "enter"), refused, back=("escape",)),
            Stop("network-hidden", ("down", "down", "enter"), back=("escape",)),
            Stop("network-proxy", ("p",), help=True, back=("escape",)),
            Stop("network-server", ("s",), help=True),
            Stop("network-server-wrong", (*"bcdf", "enter"), refused),
            Stop("network-server-asks", ("ctrl+u", *CODE, "enter"), panel),
            Stop("network-server-joined", ("{yes}", "enter"), joined, back=("enter",)),
            Stop("network-test", ("t",), tested, help=True, back=("escape", "escape")),
            Stop("reports-none", ("f7",), sheet, back=("escape",)),
            Stop("keyboard", ("f12", "down", *"aé", "enter"), chosen("fr-oss"), help=True),
            Stop("keyboard-failed", ("end", *("down",) * 12, "enter"), said("loadkeys")),
            Stop("keyboard-start", ("escape",), on(StepName.START)),
            _to(StepName.MACHINE, help=True),
            *_CHECKS,
            _to(StepName.DRIVES, help=True),
            Stop("logs", ("f9",), logged, help=True),
            Stop("logs-all", ("f5",), logged),
            Stop("logs-copied", ("enter",), copied),
            Stop("logs-no-shell", ("f9",), copied, back=("escape",)),
            _to(StepName.SYSTEM, help=True),
            Stop("system-none", ("down",), back=("up",)),
            _to(StepName.CONFIRM, help=True),
            Stop("confirm-details", ("f4",), back=("f4",)),
            Stop("confirm-wrong", (*"no", "enter")),
            Stop("erasing", ("{word}",), working, until_s=100, help=True),
            Stop("erasing-stop", ("f8",), panel, back=("escape",)),
            Stop("erasing-large", ("f11",), large, back=("escape",)),
            Stop("verifying", (), working, until_s=600),
            Stop("installing", (), installing, until_s=inf, install_s=20, help=True),
            Stop("installing-stop", ("f8",), panel, back=("escape",)),
            Stop("done", (), sent, until_s=inf, help=True),
            Stop("done-large", ("f11",), large, back=("escape",)),
            Stop("reports", ("f7",), sheet, help=True, back=("escape",)),
        ),
        waits=True,
    ),
    "hidden": Walk(
        "desktop",
        (
            *_TO_PLAN[:3],
            Stop("nothing-attached", ("f8",), sheet, help=True),
            Stop("nothing-attached-wrong", (*"3", "space", *"no", "enter")),
            Stop("nothing-attached-stated", ("{nothing}",), stated),
            Stop("drives-stated", ("escape",), on(StepName.DRIVES)),
            _to(StepName.SYSTEM),
            _to(StepName.CONFIRM),
        ),
        faults=("hidden-storage",),
    ),
    "desktop": Walk(
        "desktop",
        (
            *_TO_PLAN,
            Stop("confirm-below", ("pagedown", "pagedown")),
            Stop("erasing", ("{word}",), working, until_s=300),
            Stop("overwriting", (), working, until_s=6400),
            Stop("done", (), sent, until_s=inf),
            Stop("done-below", ("pagedown",)),
            Stop("done-details", ("enter",), back=("enter",)),
            Stop("done-restart", ("f5",), panel, back=("escape",)),
        ),
    ),
    "liar": Walk(
        "laptop",
        (*_TO_PLAN, Stop("done", ("{word}",), sent, until_s=inf, install_s=inf)),
        faults=("lying-sanitize",),
    ),
    "server": Walk(
        "server",
        (
            *_TO_PLAN,
            Stop("confirm-details", ("f4",)),
            Stop("drives-back", ("escape", "escape"), on(StepName.DRIVES), back=("enter", "enter")),
            Stop("erasing", ("{word}",), working, until_s=3000),
            Stop("done", (), done, until_s=inf),
            Stop("done-below", ("pagedown", "pagedown")),
            Stop("network-test", ("f6", "t"), tested, back=("escape", "escape")),
            Stop("done-lost", ("f4",), panel, back=("escape",)),
            Stop("reports", ("f7",), tried, back=("escape",)),
            Stop("logs-not-copied", ("f9", "enter"), copied, back=("escape",)),
        ),
        faults=("unplugged", "stick-pulled", "server-down"),
    ),
}
