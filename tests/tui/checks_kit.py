"""Ways to the function checks, on fakes."""

from __future__ import annotations

import json

from reprise.domain.checks.catalogue import CheckAsk, CheckId, CheckReason
from reprise.domain.checks.keyboard import COMPACT, judge_keyboard, names_of
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.domain.checks.usb import judge_usb
from reprise.tui.screens.checks import ChecksScreen
from station_kit.checks import FakeCheck
from station_kit.driver import Driver
from station_kit.machines import hdd, laptop
from station_kit.ports import REPORT_ID, Kit

DISTURBING = (CheckId.MEMORY, CheckId.PROCESSOR)
KEYS = names_of(COMPACT)


def keyboard(seen: frozenset[str], *, held: bool = False) -> FakeCheck:
    tick = CheckProgress(check=CheckId.KEYBOARD, seen=tuple(sorted(seen)))
    return FakeCheck(judge_keyboard(seen, KEYS, frozenset()), (tick,), held)


def made(kit: Kit) -> dict[CheckId, CheckResult]:
    """The newest result of each check in the journal."""
    events = [line.event for line in kit.journal.lines]
    return {e.result.check: e.result for e in events if hasattr(e, "result")}


def report_of(kit: Kit) -> dict[str, object]:
    payload = kit.store.files[f"reports/{REPORT_ID}.jws"].split(b".")[1]
    found: dict[str, object] = json.loads(bytes.fromhex(payload.decode()))
    return found


def checking_kit() -> Kit:
    made = Kit(laptop(hdd()))
    ask = CheckProgress(check=CheckId.SOUND, ask=CheckAsk.LISTEN_RIGHT)
    heard = unknown(CheckId.SOUND, CheckReason.NO_WORD)
    made.checks[CheckId.SOUND] = FakeCheck(heard, (ask,))
    made.checks[CheckId.KEYBOARD] = keyboard(KEYS)
    port = CheckProgress(check=CheckId.USB, seen=("usb1-port1",))
    made.checks[CheckId.USB] = FakeCheck(judge_usb(("usb1-port1",), None), (port,), held=True)
    return made


def at_checks(tech: Driver) -> bool:
    return isinstance(tech.app.screen, ChecksScreen)


async def open_sheet(tech: Driver, *keys: str) -> None:
    await tech.press("f3")
    await tech.until(lambda: at_checks(tech), "the checks")
    await tech.press(*keys)


async def to_checks(tech: Driver) -> None:
    await tech.until(lambda: tech.app.state.plan is not None, "a plan")
    await tech.press("enter")
    await tech.until(lambda: tech.app.step == "machine", "this PC")
    await open_sheet(tech, "a")


async def guided(tech: Driver, kit: Kit, check: CheckId, *keys: str) -> None:
    """Open the check that is chosen, press, and wait for its result."""
    await tech.press("enter")
    await tech.until(lambda: tech.app.screen.has_class("guided"), check)
    for key in keys:
        await tech.pilot.pause(0.02)
        await tech.press(key)
    await tech.until(lambda: check in made(kit), f"a result of {check}")
    if tech.app.screen.has_class("guided"):
        await tech.press("enter")
    await tech.until(lambda: not tech.app.screen.has_class("guided"), "the list")
