"""What the built site must hold, read from its pages: nothing is fetched from anywhere else, every
link leads somewhere, every page has its other language. Only the standard library."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes by which a browser fetches something by itself.
_FETCHES = {
    "script": ("src",), "img": ("src", "srcset"), "link": ("href",), "iframe": ("src",),
    "source": ("src", "srcset"), "video": ("src",), "audio": ("src",), "object": ("data",),
    "form": ("action",),
}  # fmt: skip
_IN_CSS = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:https?:)?//[^'\")\s]+)")


class Page(HTMLParser):
    """The names that a page can be entered at, what it fetches, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.anchors |= {has[name] for name in ("id", "name") if has.get(name)}
        self.fetched += [has[name] for name in _FETCHES.get(tag, ()) if has.get(name)]
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
        if tag == "html":
            self.language = has.get("lang", "")


def faults(site: Path) -> list[str]:
    """Every fault of the built site, one a line; nothing where all is well."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    found = [fault for path in pages for fault in _of_page(site, path, pages)]
    for path in sorted(site.rglob("*.css")):
        for address in _IN_CSS.findall(path.read_text("utf-8")):
            found.append(f"{path.relative_to(site)}: fetches {address}")
    for language, other in (("fr", "en"), ("en", "fr")):
        here = {
            page.relative_to(site / language) for page in pages if site / language in page.parents
        }
        there = {page.relative_to(site / other) for page in pages if site / other in page.parents}
        found += [f"{other}/{page}: missing" for page in sorted(here - there)]
    return found


def _of_page(site: Path, path: Path, pages: dict[Path, Page]) -> list[str]:
    page, name = pages[path], path.relative_to(site)
    found = [f"{name}: fetches {one}" for one in page.fetched if _abroad(one)]
    wanted = name.parts[0] if len(name.parts) > 1 else ""
    if wanted and page.language != wanted:
        found.append(f"{name}: says that its language is {page.language!r}")
    for link in [*page.links, *(one for one in page.fetched if not _abroad(one))]:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if target.is_dir():
            target = target / "index.html"
        if not target.exists():
            found.append(f"{name}: {link} leads nowhere")
        elif (
            parts.fragment
            and target in pages
            and unquote(parts.fragment) not in pages[target].anchors
        ):
            found.append(f"{name}: {link} has no such place")
    return found


def _abroad(address: str) -> bool:
    return not address.startswith("data:") and bool(
        urlsplit(address).scheme or urlsplit(address).netloc
    )
