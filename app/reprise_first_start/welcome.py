"""The welcome page: one file, French and English, no script and nothing from the network."""

from __future__ import annotations

import html
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from reprise_first_start import qr
from reprise_first_start.contract import Contract
from reprise_first_start.i18n import LANGUAGES, _, language, using
from reprise_first_start.welcome_texts import HELP, Chapter, chapters

FILE = "var/lib/reprise/welcome/index.html"
_STYLE = Path(__file__).with_name("welcome.css")
_NAMES = {"fr": "Français", "en": "English"}
# Not strftime's: its language is the process's, not the page's.
_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
           "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
}  # fmt: skip


def page(found: Contract, first: str, encrypted: bool = False) -> str:
    """HTML. `first`, a language, is shown first; the other one is a choice at the top (a radio
    button and CSS). `encrypted`: the drive is. Every text of the contract is escaped."""
    code = qr.svg(found.certificate_url) if _is_address(found.certificate_url) else ""
    bodies = []
    for lang in LANGUAGES:
        with using(lang):
            body = _body(found, code, encrypted)
            bodies.append(f'<div class="in" id="in-{lang}" lang="{lang}">{body}</div>')
    first = first if first in LANGUAGES else LANGUAGES[0]
    with using(first):
        title = _escape(_("Welcome"))
    style = _STYLE.read_text("utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{first}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"{_switch(first)}{''.join(bodies)}</body>\n</html>\n"
    )


def _switch(first: str) -> str:
    rows = [
        f'<input type="radio" name="language" id="to-{lang}"{" checked" if lang == first else ""}>'
        f'<label for="to-{lang}" lang="{lang}">{_NAMES[lang]}</label>\n'
        for lang in LANGUAGES
    ]
    return "".join(rows)


def _body(found: Contract, code: str, encrypted: bool) -> str:
    told = chapters(encrypted)
    inside = [_chapter(chapter, found) for chapter in told]
    here = [(chapter.anchor, chapter.title) for chapter in told]
    here.append(("done", _("What was done to this computer")))
    contents = "".join(
        f'<li><a href="#{language()}-{anchor}">{_escape(title)}</a></li>' for anchor, title in here
    )
    hello = _("This computer has had a first life. Now it is yours.")
    how = _("This page stays here: you find it in the menu, under “Welcome”.")
    return (
        f"<header><h1>{_escape(_('Welcome'))}</h1><p>{_escape(hello)} {_escape(how)}</p></header>\n"
        f'<nav aria-label="{_escape(_("On this page"))}"><ul>{contents}</ul></nav>\n'
        f"<main>{''.join(inside)}{_done(found, code)}</main>\n"
    )


def _chapter(one: Chapter, found: Contract) -> str:
    lines = "".join(f"<li>{_escape(line)}</li>" for line in one.lines)
    more = ""
    if one.anchor == HELP.anchor and found.help_text:
        said = _escape(found.help_text).replace("\n", "<br>")
        by = found.organisation or _("whoever gave you this computer")
        more = f'<div class="card"><h3>{_escape(by)}</h3><p>{said}</p></div>'
    links = "".join(f"<li>{_link(address, title)}</li>" for address, title in one.links)
    if links:
        more += f'<ul class="links">{links}</ul>'
    return _section(one.anchor, one.title, f"<ul>{lines}</ul>{more}")


def _section(anchor: str, title: str, inside: str) -> str:
    return f'<section id="{language()}-{anchor}"><h2>{_escape(title)}</h2>{inside}</section>\n'


def _done(found: Contract, code: str) -> str:
    rows = (
        (_("Computer"), " ".join(part for part in (found.vendor, found.model) if part)),
        (_("Serial number"), found.serial),
        (_("Prepared by"), found.organisation),
        (_("On"), _day(found.installed_on)),
        (_("System installed"), found.image_name),
        (_("Number of the report"), found.report_id),
    )
    facts = "".join(
        f"<div><dt>{_escape(name)}</dt><dd>{_escape(value)}</dd></div>"
        for name, value in rows
        if value
    )
    table = f"<dl>{facts}</dl>" if facts else ""
    inside = table + _erasure() + _proof(found, code)
    return _section("done", _("What was done to this computer"), inside)


def _erasure() -> str:
    lines = (
        _("A drive is called erased when everything that a previous owner had on it was "
          "overwritten, or destroyed by the drive itself, and when it was read again to check."),
        _("This system was installed anew. You chose your name and password yourself: whoever "
          "prepared the computer has no account on it."),
    )  # fmt: skip
    return "".join(f"<p>{_escape(line)}</p>" for line in lines)


def _proof(found: Contract, code: str) -> str:
    if not _is_address(found.certificate_url):
        return f'<div class="card"><p>{_escape(_no_proof(found))}</p></div>'
    text = _("The certificate says, drive by drive, what was done, what was seen and what cannot "
             "be proven.")  # fmt: skip
    shown = f'<div class="qr" role="img" aria-label="{_escape(_("QR code of the certificate"))}">'
    picture = f"{shown}{code}</div>" if code else ""
    scan = _("With a telephone: point its camera at the square.") if code else ""
    return (
        f'<div class="card proof">{picture}<div><h3>{_escape(_("The certificate"))}</h3>'
        f"<p>{_escape(text)}</p><p>{_link(found.certificate_url, found.certificate_url)}</p>"
        f"<p>{_escape(scan)}</p></div></div>"
    )


def _no_proof(found: Contract) -> str:
    if found.report_id:
        return _(
            "This page knows no address of a certificate, and proves nothing by itself. Ask "
            "whoever gave you the computer for the certificate of the report above."
        )
    return _(
        "No certificate is known here, and this page proves nothing by itself. Ask whoever "
        "gave you the computer how its drives were erased, and for the certificate."
    )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and text.isprintable()


def _link(address: str, title: str) -> str:
    return f'<a href="{_escape(address)}" rel="noreferrer">{_escape(title)}</a>'


def _day(text: str) -> str:
    """2026-11-25, in words; as it is where it is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    months = _MONTHS[language()]
    first = "1er" if day.day == 1 and language() == "fr" else str(day.day)
    return f"{first} {months[day.month - 1]} {day.year}"


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
