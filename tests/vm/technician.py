"""A technician before the PC: reads the French screen, presses keys, nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from vm.qemu import acceleration
from vm.screen import Console

# The words are written out here, not taken from the catalogue: this is what a person is told.
START, MACHINE, DRIVES, SYSTEM = "Départ", "Ce PC", "Disques", "Système"
CONFIRM, ERASING, INSTALLING, DONE = (
    "Confirmer l'effacement",
    "Effacement en cours",
    "Installation",
    "Terminé",
)
WORD = "effacer"
GREETING = "Reprise, ligne à ligne."  # of the station without screens
SLOW = 1.0 if acceleration() == "kvm" else 4.0


_MOST_PAGES = 6  # of a step, on the smallest screen

LARGE = "retour au détail"  # the last line of the large screen: any key goes back


def on(step: str, text: str) -> bool:
    """Whether the head line of the screen names this step."""
    head = next((line for line in text.split("\n") if "REPRISE" in line), "")
    return step in head


@dataclass
class Technician:
    console: Console

    def sees(self, step: str, timeout_s: float) -> str:
        return self.watches(lambda text: on(step, text), f"the step {step}", timeout_s)

    def watches(
        self, holds: Callable[[str], bool], what: str, timeout_s: float, pause_s: float = 1.0
    ) -> str:
        """Wait for it; where the station turned large because nobody pressed a key, press one."""
        end = time.monotonic() + timeout_s
        while True:
            left_s = end - time.monotonic()
            text = self.console.wait_until(
                lambda seen: holds(seen) or LARGE in seen, what, left_s, pause_s
            )
            if holds(text):
                return text
            self.console.vm.press("esc")
            time.sleep(pause_s)

    def presses(self, key: str, until: str, timeout_s: float = 15.0 * SLOW) -> str:
        """Press a key until the step is there: a screen still reading ignores Enter."""
        tries = 6
        for left in range(tries, 0, -1):
            self.console.vm.press(key)
            try:
                return self.sees(until, timeout_s / tries if left > 1 else timeout_s)
            except AssertionError:
                if left == 1:
                    raise
        raise AssertionError("unreachable")

    def sees_the_station(self) -> str:
        """The first screen, without any key press."""
        return self.sees(START, 120 * SLOW)

    def sees_the_end(self, timeout_s: float) -> str:
        """The last step, once the report is sealed and the verdict stands there."""
        return self.watches(
            lambda text: on(DONE, text) and "Signature du rapport" not in text,
            "the verdict",
            timeout_s,
        )

    def goes_to_drives(self) -> str:
        self.presses("ret", MACHINE)
        # Enter is heard once the PC has been read; each one before that costs a wait.
        self.console.wait_until(
            lambda seen: on(MACHINE, seen) and "Lecture" not in seen, "the PC", 90 * SLOW
        )
        self.console.keep("machine")
        text = self.goes_on_to_drives()
        self.console.keep("drives")
        return text

    def goes_on_to_drives(self) -> str:
        """From the PC to its drives, once they have been read."""
        self.presses("ret", DRIVES, 60 * SLOW)
        self.console.wait_until(
            lambda seen: on(DRIVES, seen) and "Lecture des disques" not in seen,
            "the list of drives",
            60 * SLOW,
        )
        return self.reads_to_the_end()

    def reads_to_the_end(self) -> str:
        """A step that may be longer than the screen, page by page: nothing is confirmed that was
        never shown. The pages one after the other; the first one is on the screen again."""
        pages = [self.console.text()]
        while len(pages) < _MOST_PAGES:
            self.console.vm.press("pgdn")
            time.sleep(0.6 * SLOW)
            text = self.console.text()
            if text == pages[-1]:
                break
            pages.append(text)
        for _page in pages[1:]:
            self.console.vm.press("pgup")
        return "\n".join(pages)

    def goes_to_confirm(self, *, install: bool) -> str:
        self.presses("ret", SYSTEM)
        if not install:
            self.console.vm.press("f5")
        self.console.keep("system")
        self.presses("ret", CONFIRM)
        self.console.wait_for("Confirmation", 30 * SLOW)  # its last line is drawn
        self.console.keep("confirm")
        return self.reads_to_the_end()

    def confirms(self) -> str:
        self.console.type(WORD)
        self.console.wait_for(WORD, 10 * SLOW)
        self.console.vm.press("ret")
        return self.sees(ERASING, 15 * SLOW)
