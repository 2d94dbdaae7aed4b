"""The bench card: one page A4 in French and in English, to be printed and hung beside the bench.

The start keys come from docs/start-keys.md, the words of the large screen from the station's own
catalogue, so that the card says what they say. Run by the Python of .venv (fonts of documents/)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from reprise import i18n
from reprise.documents.style import (
    BODY,
    DRIVE,
    HEADING,
    INK,
    PAGE,
    PAPER,
    RULE,
    TITLE,
)  # fmt: skip
from reprise.documents.text import BOLD, bold, escaped, register_fonts

DOCS = Path(__file__).resolve().parents[1]
BUILD = DOCS.parent / "build"
_MARGIN = 14 * mm
_FRAME = 6  # points that reportlab keeps free inside the margins
_WIDTH = PAGE[0] - 2 * _MARGIN
# The large screen's colours (station.tcss); the console's yellow prints as brown, paper takes a lighter one.
_BLUE, _GREEN, _YELLOW, _RED = (
    colors.HexColor(one) for one in ("#0000aa", "#00a000", "#e5b000", "#aa0000")
)
_ROW = re.compile(r"^\| (.+?) \| (.+?) \| .+ \|$", re.M)

# What a person does, in order; `**` is bold.
_TEXTS: Mapping[str, Mapping[str, Sequence[str] | str]] = {
    "fr": {
        "title": "Reprise, à l'établi",
        "steps-title": "Dans l'ordre",
        "steps": (
            "PC éteint, secteur branché : **branchez la clé Reprise.**",
            "Allumez et tapez aussitôt, plusieurs fois, **la touche de la marque** (tableau). Choisissez la clé ; si elle y est deux fois, « UEFI » d'abord.",
            "Remplissez ou passez par **Entrée**. **F10** va droit au plan.",
            "**Regardez chaque disque** : modèle, numéro de série, contenu. Un disque de trop ? Débranchez-le, puis **F5**.",
            "Tapez **EFFACER**, puis **Entrée**. C'est le seul geste qui efface.",
            "Passez au PC suivant quand l'écran dit que **la clé peut être retirée**. Rebranchez-la avant d'éteindre.",
            "À la fin, notez sur le PC ce que donne la ligne **À noter sur le PC**.",
        ),
        "keys-title": "Touche de démarrage",
        "big-title": "L'écran en grand, lu de loin (F11)",
        "colours": ("bleu", "vert", "jaune", "rouge"),
        "big": ("le PC travaille (en chiffres : le temps restant) : laissez-le", "effacé et vérifié : étiquette, puis éteignez (F4)", "la station attend quelqu'un : lisez l'écran", "mettez le PC de côté ; ne le cédez pas"),
        "fail-title": "Quand cela ne va pas",
        "fail": (
            "Windows démarre|*Redémarrer* (pas *Arrêter*), et tapez la touche plus tôt. Portable : avec Fn.",
            "Écran noir après le menu|Attendez deux minutes. Puis rallumez et, dans le menu, tapez **S** (affichage de secours).",
            "L'écran s'éteint 20 secondes|C'est la mise en veille qui dégèle un disque. Ne touchez à rien.",
            "Disque REFUSÉ|Il n'est pas touché. Lisez la raison, corrigez, puis **F5**.",
            "ÉCHEC, NON VÉRIFIÉ|Ne cédez pas le disque. Effacez-le de nouveau, ou faites-le détruire.",
            "INTERROMPU, courant coupé|Redémarrez le PC sur la même clé : l'effacement reprend.",
            "Clé retirée trop tôt|Rebranchez-la. N'éteignez pas : les rapports ne sont qu'en mémoire.",
            "Pas de réseau|Ce n'est pas grave : le rapport reste sur la clé.",
            "Autre chose|**F1** explique l'écran. **F9** puis **Entrée** copie les journaux sur la clé.",
        ),
        "call": "Qui appeler :",
    },
    "en": {
        "title": "Reprise at the bench",
        "steps-title": "In this order",
        "steps": (
            "PC off, mains plugged in: **plug in the Reprise stick.**",
            "Switch on and press **the maker's key** (table) at once, several times. Choose the stick; if it is there twice, “UEFI” first.",
            "Fill in, or pass with **Enter**. **F10** goes straight to the plan.",
            "**Look at each drive**: model, serial number, content. One too many? Take it out, then **F5**.",
            "Type **ERASE**, then **Enter**. That is the only act that erases.",
            "Go to the next PC when the screen says that **the stick may be pulled**. Plug it in again before you switch off.",
            "At the end, write on the PC what the line **Write on the PC** says.",
        ),
        "keys-title": "Start key",
        "big-title": "The large screen, read from afar (F11)",
        "colours": ("blue", "green", "yellow", "red"),
        "big": ("the PC works (figures: the time left): leave it alone", "erased and verified: label it, then switch off (F4)", "the station waits for somebody: read the screen", "put the PC aside; do not give it away"),
        "fail-title": "When it goes wrong",
        "fail": (
            "Windows starts|*Restart* (not *Shut down*), and press the key sooner. Laptop: with Fn.",
            "Black screen after the menu|Wait two minutes. Then switch on again and type **G** in the menu (safe graphics).",
            "Screen dark for 20 seconds|It is the suspend that thaws a drive. Touch nothing.",
            "Drive REFUSED|It is not touched. Read the reason, mend it, then **F5**.",
            "FAILED, NOT VERIFIED|Do not give the drive away. Erase it again, or have it destroyed.",
            "INTERRUPTED, power cut|Start the PC from the same stick again: the erasure is taken up.",
            "Stick pulled too early|Plug it in again. Do not switch off: reports are in memory only.",
            "No network|No harm: the report stays on the stick.",
            "Anything else|**F1** explains the screen. **F9**, then **Enter** copies the logs to the stick.",
        ),
        "call": "Whom to call:",
    },
}  # fmt: skip


def card(language: str, into: Path) -> None:
    """Write the card of one language. Raises ValueError where it would take a second page."""
    register_fonts()
    page = SimpleDocTemplate(
        str(into), pagesize=PAGE, leftMargin=_MARGIN - _FRAME, rightMargin=_MARGIN - _FRAME,
        topMargin=11 * mm, bottomMargin=10 * mm,
        title=str(_TEXTS[language]["title"]), author="Reprise", lang=language, invariant=True,
    )  # fmt: skip
    with i18n.using(language):
        page.build(_story(language))
    if page.page != 1:
        raise ValueError(f"the bench card takes {page.page} pages in {language}")


def _story(language: str) -> list[Flowable]:
    """In the language in force, which is `language`."""
    say = _TEXTS[language]
    words = [i18n._(one) for one in ("BUSY", "DONE", "NEEDS YOU", "FAILED")]
    left, right = _WIDTH * 0.53, _WIDTH * 0.44
    top = Table(
        [[_column(_steps(say), left), "", _column(_keys(say, language, right), right)]],
        colWidths=[left, _WIDTH - left - right, right],
    )
    top.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()])
    return [
        Paragraph(_marked(str(say["title"])), TITLE), Spacer(1, 2 * mm), top,
        Paragraph(_marked(str(say["big-title"])), HEADING), _big(words, say["colours"], say["big"]),
        Paragraph(_marked(str(say["fail-title"])), HEADING), _fails(say["fail"]),
        Spacer(1, 5 * mm), _call(str(say["call"])),
    ]  # fmt: skip


def _column(parts: list[Flowable], width: float) -> KeepInFrame:
    return KeepInFrame(width, 150 * mm, parts, mode="error")


def _steps(say: Mapping[str, Sequence[str] | str]) -> list[Flowable]:
    rows = [
        [Paragraph(bold(str(number)), TITLE), Paragraph(_marked(step), _LARGE)]
        for number, step in enumerate(say["steps"], 1)
    ]
    table = Table(rows, colWidths=[9 * mm, _WIDTH * 0.53 - 9 * mm])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 7)])  # fmt: skip
    return [Paragraph(_marked(str(say["steps-title"])), HEADING), table]


def _keys(say: Mapping[str, Sequence[str] | str], language: str, width: float) -> list[Flowable]:
    rows = [
        [Paragraph(_marked(maker), _KEY), Paragraph(bold(_set(key)), _KEY)]
        for maker, key in start_keys(language)
    ]
    table = Table(rows, colWidths=[width * 0.52, width * 0.48])
    table.setStyle(
        [
            *_lined(len(rows)),
            ("TOPPADDING", (0, 0), (-1, -1), 1.6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ]
    )
    return [Paragraph(_marked(str(say["keys-title"])), HEADING), table]


def start_keys(language: str) -> list[tuple[str, str]]:
    """(maker, key) as the page has them, without the marks of code; the Mac's and the Surface's short."""
    page = DOCS / ("start-keys.fr.md" if language == "fr" else "start-keys.md")
    rows = _ROW.findall(page.read_text("utf-8"))[1:]
    return [(maker, key.replace("`", "")) for maker, key in rows if not maker.startswith("-")]


def _big(words: Sequence[str], names: Sequence[str], meanings: Sequence[str]) -> Table:
    inks = (colors.white, colors.black, colors.black, colors.white)
    grounds = (_BLUE, _GREEN, _YELLOW, _RED)
    cells = [
        [
            Paragraph(escaped(name), _in(_ROWS, ink)),
            Paragraph(bold(word), _in(_WORD, ink)),
            Paragraph(_marked(meaning), _in(_ROWS, ink)),
        ]
        for word, name, meaning, ink in zip(words, names, meanings, inks, strict=True)
    ]
    table = Table([cells], colWidths=[_WIDTH / 4] * 4)
    table.setStyle([
        *(("BACKGROUND", (at, 0), (at, 0), ground) for at, ground in enumerate(grounds)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 6), ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ("INNERGRID", (0, 0), (-1, -1), 3, colors.white),
    ])  # fmt: skip
    return table


def _fails(rows: Sequence[str]) -> Table:
    cells = [[Paragraph(f"<b>{_marked(cause)}</b>", _ROWS), Paragraph(_marked(what), _ROWS)]
             for cause, _, what in (row.partition("|") for row in rows)]  # fmt: skip
    table = Table(cells, colWidths=[_WIDTH * 0.31, _WIDTH * 0.69])
    table.setStyle(
        [
            *_lined(len(cells)),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return table


def _call(words: str) -> Table:
    table = Table(
        [[Paragraph(bold(words), DRIVE), ""]],
        colWidths=[34 * mm, _WIDTH - 34 * mm],
        rowHeights=[10 * mm],
    )
    table.setStyle([("BOX", (0, 0), (-1, -1), 0.8, INK), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return table


def _lined(rows: int) -> list[tuple[object, ...]]:
    stripes = [("BACKGROUND", (0, row), (-1, row), PAPER) for row in range(0, rows, 2)]
    return [*stripes, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, -1), (-1, -1), 0.5, RULE),
            ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4)]  # fmt: skip


def _no_padding() -> list[tuple[object, ...]]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), 0) for side in sides]


def _set(text: str) -> str:
    return i18n.typeset(text, i18n.language())


def _marked(text: str) -> str:
    """Plain text with **bold** and *italic* as a paragraph's markup."""
    marked = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escaped(_set(text)))
    return re.sub(r"\*(.+?)\*", r"<i>\1</i>", marked)


def _in(style: object, ink: colors.Color) -> object:
    return style.clone(f"{style.name}-{ink.hexval()}", textColor=ink)


_LARGE = BODY.clone("large", fontSize=10.4, leading=14.2)
_ROWS = BODY.clone("rows", fontSize=9.2, leading=12.2)
_KEY = BODY.clone("key", fontSize=8.4, leading=10.6)
_WORD = BODY.clone("word", fontName=BOLD, fontSize=17, leading=22)


if __name__ == "__main__":
    BUILD.mkdir(exist_ok=True)
    for one in ("fr", "en"):
        card(one, BUILD / f"bench-card.{one}.pdf")
