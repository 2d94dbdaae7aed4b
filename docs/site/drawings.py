"""Schematic windows of balenaEtcher and Rufus for the page that makes a stick: drawn by us, no
screenshots, in the words that a person sees there. `make drawings` writes docs/images/drawn."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "images" / "drawn"
_FONT = "font-family='Liberation Sans,Arial,Helvetica,sans-serif'"
_INK, _FAINT, _LINE, _FACE, _PAPER = "#1d2329", "#6b7680", "#b8c1c9", "#f2f4f6", "#ffffff"
_MARK, _GO = "#c2410c", "#1f7a45"
# Etcher has English buttons in any country; Rufus speaks the language of Windows.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "stick": "Clé USB, 16 Go", "inside": "Disque interne", "here": "ici", "stick-line": "CLÉ USB (E:) [16 Go]",
        "device": "Périphérique", "boot": "Type de démarrage", "select": "SÉLECTION", "scheme": "Schéma de partition",
        "target": "Système de destination", "bios": "BIOS ou UEFI", "status": "Statut", "ready": "PRÊT", "start": "DÉMARRER",
        "close": "FERMER", "hybrid": "Image ISOHybride détectée", "iso": "Écrire en mode Image ISO (recommandé)",
        "dd": "Écrire en mode Image DD", "cancel": "Annuler", "how": "Choisissez le mode à utiliser pour écrire l’image :",
    },
    "en": {
        "stick": "USB stick, 16 GB", "inside": "Internal drive", "here": "here", "stick-line": "USB STICK (E:) [16 GB]",
        "device": "Device", "boot": "Boot selection", "select": "SELECT", "scheme": "Partition scheme",
        "target": "Target system", "bios": "BIOS or UEFI", "status": "Status", "ready": "READY", "start": "START",
        "close": "CLOSE", "hybrid": "ISOHybrid image detected", "iso": "Write in ISO Image mode (Recommended)",
        "dd": "Write in DD Image mode", "cancel": "Cancel", "how": "Please select the mode that you want to use to write this image:",
    },
}  # fmt: skip


class Drawing:
    """An SVG of one window with a title."""

    def __init__(self, title: str, width: int, height: int) -> None:
        self._size, self._parts = (width, height), []
        self.box(1, 1, width - 2, height - 2, _PAPER, _LINE, 8)
        self.box(1, 1, width - 2, 30, _FACE, _LINE, 8)
        self.text(14, 21, title, 13, weight="bold")
        self.text(width - 22, 21, "×", 16, _FAINT)

    def box(
        self, x: int, y: int, w: int, h: int, fill: str, line: str, r: int = 4, thick: int = 1
    ) -> None:
        self._parts.append(
            f"<rect x='{x}' y='{y}' width='{w}' height='{h}' rx='{r}' fill='{fill}' stroke='{line}'"
            f" stroke-width='{thick}'/>"
        )

    def text(
        self, x: int, y: int, words: str, size: int = 13, fill: str = _INK, anchor: str = "start", weight: str = "normal"
    ) -> None:  # fmt: skip
        self._parts.append(
            f"<text x='{x}' y='{y}' {_FONT} font-size='{size}' fill='{fill}' text-anchor='{anchor}'"
            f" font-weight='{weight}'>{escape(words)}</text>"
        )

    def button(self, x: int, y: int, w: int, words: str, marked: int = 0) -> None:
        """`marked`: the number of the step that clicks it; 0: none does."""
        self.box(x, y, w, 30, _MARK if marked else _FACE, _MARK if marked else _LINE, 6)
        self.text(x + w // 2, y + 20, words, 13, _PAPER if marked else _INK, "middle", "bold")
        if marked:
            self.step(x + w, y, marked)

    def field(self, x: int, y: int, w: int, label: str, words: str, marked: int = 0) -> None:
        self.text(x, y - 6, label, 12, _FAINT)
        self.box(x, y, w, 28, _PAPER, _MARK if marked else _LINE, 4, 2 if marked else 1)
        self.text(x + 10, y + 19, words)
        if marked:
            self.step(x + w, y, marked)

    def step(self, x: int, y: int, number: int) -> None:
        self._parts.append(
            f"<circle cx='{x}' cy='{y}' r='12' fill='{_INK}' stroke='{_PAPER}' stroke-width='2'/>"
        )
        self.text(x, y + 5, str(number), 13, _PAPER, "middle", "bold")

    def circle(self, x: int, y: int, fill: str, line: str) -> None:
        self._parts.append(
            f"<circle cx='{x}' cy='{y}' r='26' fill='{fill}' stroke='{line}' stroke-width='2'/>"
        )

    def tick(self, x: int, y: int, ticked: bool, round_: bool = False) -> None:
        self.box(x, y, 16, 16, _PAPER, _MARK if ticked else _LINE, 8 if round_ else 3, 2)
        if ticked:
            self._parts.append(f"<circle cx='{x + 8}' cy='{y + 8}' r='4' fill='{_MARK}'/>")

    def check(self, x: int, y: int) -> None:
        self._parts.append(
            f"<path d='M{x} {y} l9 10 l16 -20' fill='none' stroke='{_PAPER}' stroke-width='4'/>"
        )

    def svg(self) -> str:
        width, height = self._size
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}'"
            f" height='{height}'>\n" + "\n".join(self._parts) + "\n</svg>\n"
        )


def _etcher() -> Drawing:
    """The main window: three places from left to right, nothing chosen yet."""
    drawing = Drawing("balenaEtcher", 560, 200)
    places = (
        (95, "+", "Flash from file", 2),
        (280, "▭", "Select target", 3),
        (465, "!", "Flash!", 4),
    )
    for x, sign, words, step in places:
        drawing.circle(x, 82, _FACE, _LINE)
        drawing.text(x, 89, sign, 20, _FAINT, "middle", "bold")
        drawing.button(x - 70, 132, 140, words, step)
        if step < 4:
            drawing.box(x + 45, 81, 95, 2, _LINE, _LINE, 0)
    return drawing


def _etcher_list(say: Mapping[str, str]) -> Drawing:
    drawing = Drawing("Select target", 560, 220)
    drawing.box(20, 56, 520, 36, _FACE, _LINE)
    drawing.tick(34, 66, True)
    drawing.text(64, 79, say["stick"], 14, weight="bold")
    drawing.step(540, 56, 3)
    drawing.text(20, 128, "› Show hidden", 12, _FAINT)
    drawing.button(290, 170, 110, "Cancel")
    drawing.button(420, 170, 120, "Select", 3)
    return drawing


def _etcher_end(say: Mapping[str, str]) -> Drawing:
    drawing = Drawing("balenaEtcher", 560, 220)
    drawing.circle(280, 88, _GO, _GO)
    drawing.check(268, 88)
    drawing.text(280, 148, "Flash Completed!", 18, _GO, "middle", "bold")
    drawing.text(280, 174, f"reprise.iso → {say['stick']}", 13, _FAINT, "middle")
    return drawing


def _rufus(say: Mapping[str, str]) -> Drawing:
    drawing = Drawing("Rufus", 440, 420)
    drawing.field(20, 66, 400, say["device"], say["stick-line"], 1)
    drawing.field(20, 130, 270, say["boot"], "reprise.iso")
    drawing.button(305, 129, 115, say["select"], 2)
    drawing.field(20, 194, 190, say["scheme"], "MBR")
    drawing.field(230, 194, 190, say["target"], say["bios"])
    drawing.text(20, 262, say["status"], 12, _FAINT)
    drawing.box(20, 270, 400, 32, _FACE, _LINE)
    drawing.text(220, 291, say["ready"], 13, _INK, "middle", "bold")
    drawing.button(150, 356, 130, say["start"], 3)
    drawing.button(300, 356, 120, say["close"])
    return drawing


def _rufus_question(say: Mapping[str, str]) -> Drawing:
    drawing = Drawing(say["hybrid"], 480, 220)
    drawing.text(24, 66, say["how"], 13)
    for top, words, chosen in ((86, say["iso"], False), (122, say["dd"], True)):
        drawing.tick(28, top, chosen, True)
        drawing.text(56, top + 13, words, 14, weight="bold" if chosen else "normal")
    drawing.button(220, 168, 110, "OK", 3)
    drawing.button(350, 168, 110, say["cancel"])
    return drawing


def drawings() -> dict[str, str]:
    """File name -> SVG, for every window and language."""
    found = {}
    for language, say in _WORDS.items():
        for name, drawing in (
            ("etcher-1", _etcher()),
            ("etcher-2", _etcher_list(say)),
            ("etcher-3", _etcher_end(say)),
            ("rufus-1", _rufus(say)),
            ("rufus-2", _rufus_question(say)),
        ):
            found[f"{name}.{language}.svg"] = drawing.svg()
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, svg in drawings().items():
        (FOLDER / name).write_text(svg, "utf-8")
