"""The technician's whole flow in French, with key presses on the real VGA console: each step, each
sheet that a key opens over them, a word that is not the right one, and the PC switched off."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vm.qemu import Vm
from vm.screen import ScreenTimeoutError
from vm.technician import (
    CONFIRM,
    DONE,
    ERASING,
    INSTALLING,
    LARGE,
    MACHINE,
    SLOW,
    START,
    SYSTEM,
    Technician,
    on,
)

TAG, LOT, DONOR, OPERATOR = "cb-2026-117", "lot-7", "mairie", "claire martin"
JOIN = "Rejoindre un serveur"
# The key of each sheet, and the title that the head line shows.
SHEETS = {
    "f3": "Contrôle des fonctions",
    "f6": "Réseau",
    "f7": "Rapports",
    "f9": "Journaux",
    "f12": "Clavier",
}


@dataclass
class Walk:
    """`shown`: the screen's text by scene."""

    technician: Technician
    shown: dict[str, str] = field(default_factory=dict)

    @property
    def vm(self) -> Vm:
        return self.technician.console.vm

    def to_the_plan(self) -> None:
        """The operator, the sheets, the PC, its drives, the system: everything but the word."""
        technician = self.technician
        self._keep("start", technician.sees_the_station())
        technician.console.wait_for("Le PC a été lu", 180 * SLOW)
        for text in (TAG, LOT, DONOR, OPERATOR):
            technician.console.type(text)
            self.vm.press("down")
        self._keep("start-filled", technician.console.wait_for(OPERATOR, 20 * SLOW))
        for key in ("f6", "f7", "f9", "f12"):
            self._sheet(key, START)
        self.vm.press("f1")
        self._keep("help", technician.console.wait_for("Depuis chaque étape", 20 * SLOW))
        self.vm.press("esc")
        self._step("ret", MACHINE, "machine")
        self._checks()
        self._keep("drives", technician.goes_on_to_drives())
        for step, scene in ((SYSTEM, "system"), (CONFIRM, "confirm")):
            self._step("ret", step, scene)
        technician.reads_to_the_end()

    def erases(self) -> None:
        """After a wrong word; with a look at the large screen."""
        technician = self.technician
        technician.console.type("oui")
        self.vm.press("ret")
        self._keep("wrong-word", technician.sees(CONFIRM, 10 * SLOW))
        for _letter in "oui":
            self.vm.press("backspace")
        self._keep("erasing", technician.confirms())
        self.vm.press("f11")
        large = technician.console.wait_until(
            lambda text: LARGE in text and "Temps restant" in text, "the large screen", 20 * SLOW
        )
        self._keep("large", large)
        self.vm.press("esc")
        technician.sees(ERASING, 20 * SLOW)

    def to_the_end(self) -> None:
        """With the system installed, and no network yet."""
        technician = self.technician
        technician.watches(
            lambda text: on(INSTALLING, text) or on(DONE, text), "the erasure's end", 600 * SLOW
        )
        technician.console.keep("installing")
        technician.sees_the_end(600 * SLOW)
        self._keep("done", technician.reads_to_the_end())

    def joins(self, address: str, code: str) -> None:
        """Once somebody has plugged in the cable: the server, by what stands on its page."""
        technician = self.technician
        self.vm.set_link(True)
        self._step("f6", SHEETS["f6"], "sheet-f6-linked")
        technician.console.wait_for("connecté ·", 90 * SLOW)
        self.vm.press("s")
        technician.sees(JOIN, 30 * SLOW)
        technician.console.type(address)
        self.vm.press("down")
        technician.console.type(code.lower())
        self._keep("join-typed", technician.console.wait_for(code.lower(), 20 * SLOW))
        self.vm.press("ret")
        self._keep("join-asks", technician.console.wait_for("Organisme", 90 * SLOW))
        technician.console.type("o")
        self.vm.press("ret")
        self._keep("joined", technician.console.wait_for("les rapports vont", 90 * SLOW))
        technician.presses("esc", SHEETS["f6"])
        technician.presses("esc", DONE)

    def sends(self) -> None:
        """By itself, now that there is a server."""
        try:
            sent = self.technician.watches(lambda text: "ENVOYÉ" in text, "the sending", 120 * SLOW)
        except ScreenTimeoutError:
            self._step("f7", SHEETS["f7"], "unsent")  # the picture says why
            raise
        self._keep("sent", sent)
        self._sheet("f7", DONE)

    def copies_the_logs(self) -> str:
        """Onto the stick; the folder that the screen names."""
        self._step("f9", SHEETS["f9"], "sheet-f9")
        self.vm.press("ret")
        said = self.technician.console.wait_for("Les mots de passe n", 60 * SLOW)
        folder = re.search(r"dossier (logs/\S+)\. ", said)
        assert folder, said
        self.technician.presses("esc", DONE)
        return folder[1]

    def _keep(self, scene: str, text: str) -> None:
        self.shown[scene] = text
        self.technician.console.keep(scene)

    def _step(self, key: str, step: str, scene: str) -> None:
        self.technician.presses(key, step, 60 * SLOW)
        self._keep(scene, self._drawn(step))

    def _sheet(self, key: str, back: str) -> None:
        """Open it, look once it has read what it shows, and go back to the step."""
        self._step(key, SHEETS[key], f"sheet-{key}")
        self.technician.presses("esc", back)

    def _drawn(self, step: str) -> str:
        """The screen once it has read what it shows and stands still: on a busy PC its head line
        comes a moment before the rest."""
        before = ""

        def stands(text: str) -> bool:
            nonlocal before
            still, before = text == before, text
            return still and on(step, text) and "Lecture" not in text

        return self.technician.console.wait_until(stands, f"all of {step}", 60 * SLOW)

    def _checks(self) -> None:
        """The functions that the PC checks by itself; the others are left out with a reason."""
        self._step("f3", SHEETS["f3"], "sheet-f3")
        self.technician.console.type("a")
        text = self.technician.console.wait_until(
            lambda seen: _is_checked(_row(seen, "Processeur")), "the processor checked", 240 * SLOW
        )
        self._keep("checks", text)
        self.technician.presses("esc", MACHINE)


def _is_checked(row: str) -> bool:
    return bool(row) and "à faire" not in row and "en cours" not in row


def _row(text: str, name: str) -> str:
    return next((line for line in text.split("\n") if name in line), "").strip()
