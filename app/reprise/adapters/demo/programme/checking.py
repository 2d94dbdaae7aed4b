"""What a technician finds who checks a PC of the programme: mostly that it works."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from reprise.adapters.demo.checks import played_checks
from reprise.adapters.demo.clock import PlayedTime
from reprise.domain.checks.battery import BatteryFacts, judge_battery
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.grading import Condition
from reprise.domain.checks.keyboard import COMPACT, judge_keyboard, names_of
from reprise.domain.checks.merging import settled
from reprise.domain.checks.microphone import judge_microphone
from reprise.domain.checks.results import CheckResult, judge_by_word, unknown
from reprise.domain.pc.hardware import Inventory

_LOOKS = (Condition.LIGHT, Condition.WORN, Condition.BROKEN)
_OFTEN = (62, 34, 4)
_DEAD_KEYS, _SPOTTED_SCREEN, _DEAF = 0.05, 0.03, 0.12  # of all laptops


def checked(pc: Inventory, time: PlayedTime, random: Random) -> Iterator[CheckResult]:
    """One result of each check that is to be made on it; they take the time that they take."""
    found = _by_hand(pc, random)
    for check, play in played_checks(pc, time).items():
        told = [item for item in play.run(_GoOn()) if isinstance(item, CheckResult)]
        if check.spec.applies(pc):
            yield settled(found.get(check) or told[-1], pc)
    if CheckId.SCREEN.spec.applies(pc):
        yield judge_by_word(CheckId.SCREEN, random.random() > _SPOTTED_SCREEN)


def look(random: Random) -> ConditionNoted:
    return ConditionNoted(random.choices(_LOOKS, _OFTEN)[0])


def _by_hand(pc: Inventory, random: Random) -> dict[CheckId, CheckResult]:
    """What needs a person, and a battery that is run on."""
    dead = {"KEY_F7", "KEY_N"} if random.random() < _DEAD_KEYS else set()
    keys = names_of(COMPACT)
    found = {
        CheckId.SOUND: judge_by_word(CheckId.SOUND, works=True),
        CheckId.KEYBOARD: judge_keyboard(keys - dead, keys, frozenset()),
        CheckId.MICROPHONE: unknown(CheckId.MICROPHONE, CheckReason.NONE_FOUND),
    }
    if pc.batteries:
        battery = pc.batteries[0]
        heard = random.uniform(-30, -20) if random.random() > _DEAF else -60.7
        found[CheckId.MICROPHONE] = judge_microphone(-61.3, heard)
        found[CheckId.BATTERY] = judge_battery(
            BatteryFacts(
                names=(battery.model or battery.name,),
                design_wh=battery.design_wh,
                full_wh=battery.full_wh,
                cycles=battery.cycles,
                drop_wh=round(random.uniform(0.4, 0.9), 2),
                duration_s=180.0,
            )
        )
    return found


class _GoOn:
    """A StopFlag that nobody sets."""

    def is_set(self) -> bool:
        return False
