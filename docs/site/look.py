"""Look at the built site with Debian's Chromium, from its files and without a network, at a desk's
and at a phone's width. `look.py SITE [PICTURES]` prints what it saw as JSON, and leaves a picture
of every page in the folder PICTURES. Run by the Python of .venv-docs; tests/docs judges."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

BROWSER = "/usr/bin/chromium"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
# (language, what is typed, the page that must be among what is found): with and without accents.
SEARCHES = (
    ("fr", "dégeler", "technician"),
    ("fr", "demarrage ecran", "black-screen"),
    ("en", "thaw", "technician"),
)


def look(site: Path, pictures: Path | None) -> dict[str, list[str]]:
    """`requests`: addresses outside the site; `wide`: pages that scroll sideways; `broken`:
    pictures that do not show; `errors`: what the pages' scripts complained of; `found`: the
    searches, at which size, that gave what was wanted."""
    seen: dict[str, list[str]] = {
        "requests": [], "wide": [], "broken": [], "errors": [], "found": []
    }  # fmt: skip
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
            page = context.new_page()
            page.on("request", lambda request: _abroad(seen, site, request.url))
            page.on("pageerror", lambda error: _complained(seen, str(error)))
            for path in sorted(site.rglob("*.html")):
                name = path.relative_to(site).with_suffix("").as_posix().replace("/", "-")
                page.goto(path.resolve().as_uri())
                if pictures is not None:
                    page.screenshot(path=pictures / f"{name}-{size}.png", full_page=True)
                _one(page, f"{name} {size}", seen)
            for language, word, wanted in SEARCHES:
                if wanted in _search(page, site / language, word):
                    seen["found"].append(f"{word} {size}")
                if pictures is not None:
                    page.screenshot(path=pictures / f"{language}-search-{word}-{size}.png")
            context.close()
        browser.close()
    return seen


def _complained(seen: dict[str, list[str]], error: str) -> None:
    """Without a web server the search gives its pages without a line of each: a browser reads no
    file for a script."""
    if error != "Failed to fetch":
        seen["errors"].append(error)


def _abroad(seen: dict[str, list[str]], site: Path, address: str) -> None:
    if not address.startswith((site.resolve().as_uri(), "data:")):
        seen["requests"].append(address)


def _one(page: Page, name: str, seen: dict[str, list[str]]) -> None:
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        seen["wide"].append(name)
    # pictures below the fold load when they come near
    page.evaluate("for (const one of document.images) one.loading = 'eager'")
    lost = page.evaluate(
        "Promise.all([...document.images].map(one => one.decode().then(() => '', () => one.src)))"
    )
    seen["broken"] += [f"{name}: {address}" for address in lost if address]


def _search(page: Page, folder: Path, word: str) -> list[str]:
    """The pages that a search typed into the menu gives, best first."""
    page.goto((folder / "index.html").resolve().as_uri())
    box = page.locator("form.sidebar-search-container input[name=q]")
    if not box.is_visible() or page.viewport_size == {"width": 390, "height": 844}:
        page.locator("label[for=__navigation]:visible").first.click()
    box.fill(word)
    box.press("Enter")
    page.wait_for_selector("#search-results ul.search li a", timeout=60_000)
    links = page.locator("#search-results ul.search li a").all()
    return [
        Path((link.get_attribute("href") or "").split("#")[0].split("?")[0]).stem for link in links
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[2]) if sys.argv[2:] else None
    print(json.dumps(look(Path(sys.argv[1]), folder)))
