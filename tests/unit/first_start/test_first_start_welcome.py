"""The welcome page: whole, in both languages, and honest where there is no certificate."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from reprise_first_start import welcome
from reprise_first_start.contract import Contract
from reprise_first_start.i18n import using

URL = "https://reprise.exemple.fr/certificat/0123?a=1&b=2"
FULL = Contract(
    organisation="Cyber-base <Vallée>", installed_on="2026-11-01", image_name="Debian léger",
    vendor='LE"NOVO', model="X230", serial="R9-1&2", certificate_url=URL, report_id="0123",
    help_text="Jeudi à 14 h.\n<script>alert(1)</script>",
)  # fmt: skip
_VOID = {"meta", "input", "br", "path", "link"}


class _Reader(HTMLParser):
    """Tags that close, anchors that exist, addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        known = dict(attrs)
        self.ids += [known["id"] or ""] if "id" in known else []
        self.links += [str(known[one]) for one in ("href", "src") if one in known]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, (tag, self.open)


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_is_whole_and_alone(language: str) -> None:
    text = welcome.page(FULL, language)
    found = read(text)
    assert not found.tags & {"script", "img", "link", "iframe", "object"}
    assert not re.search(r"url\(|@import", text)
    assert len(found.ids) == len(set(found.ids))
    for link in found.links:
        assert link.startswith("https://") or link.removeprefix("#") in found.ids
    assert text.count('lang="fr"') >= 2 and text.count('lang="en"') >= 2
    assert f'id="to-{language}" checked' in text and text.count(" checked>") == 1


def test_both_languages_say_it_all() -> None:
    text = welcome.page(FULL, "fr")
    for title in ("Premiers pas", "Où vont vos fichiers", "Imprimer et numériser", "Aide gratuite",
                  "Mises à jour et sécurité", "Ce qui a été fait sur cet ordinateur", "First steps",
                  "Where your files go", "Free help", "1er novembre 2026",
                  "1 November 2026"):  # fmt: skip
        assert title in text


def test_what_others_wrote_is_text() -> None:
    text = welcome.page(FULL, "fr")
    assert "Cyber-base &lt;Vallée&gt;" in text and "LE&quot;NOVO X230" in text
    assert "Jeudi à 14 h.<br>&lt;script&gt;" in text
    assert "a=1&amp;b=2" in text and "<script" not in text


def test_with_a_certificate() -> None:
    text = welcome.page(FULL, "fr")
    assert text.count("<svg") == 2 and text.count(f'href="{URL.replace("&", "&amp;")}"') == 2
    assert "ne prouve rien" not in text


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "https://", "file:///etc/passwd",
                                     "https://[", "/c/1"])  # fmt: skip
def test_without_one_it_proves_nothing_and_says_so(address: str) -> None:
    text = welcome.page(Contract(certificate_url=address), "fr")
    read(text)
    assert "Aucun certificat n’est connu ici" in text and "<svg" not in text
    assert ("<dl>" not in text and not address) or f'"{address}"' not in text
    known = welcome.page(Contract(certificate_url=address, report_id="0123"), "fr")
    assert "le certificat du rapport ci-dessus" in known and "<dd>0123</dd>" in known


def test_a_page_leaves_the_screens_language_alone() -> None:
    with using("en"):
        welcome.page(FULL, "fr")
        from reprise_first_start.i18n import language

        assert language() == "en"
