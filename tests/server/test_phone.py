"""The pages on a phone: none is wider than its screen, so that nobody has to push it about."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.erasure.pattern import Stream
from reprise.domain.report.report import Report, Shortened
from server.kit import Running, fresh
from server.pages import stored

pytestmark = pytest.mark.whole
_BROWSER = shutil.which("chromium")
_ASKS = (
    "<script>onload = () => {{ document.title = "
    "document.querySelector('iframe').contentDocument.documentElement.scrollWidth }}</script>"
    '<iframe width="{width}" height="800" style="border:0" srcdoc="{page}"></iframe>'
)
_CSS = re.compile(r'<link rel="stylesheet"[^>]*>')


def _room_it_takes(html: str, css: str, width: int, folder: Path) -> int:
    page = folder / "page.html"
    drawn = _CSS.sub(lambda _found: f"<style>{css}</style>", html)
    assert drawn != html
    page.write_text(_ASKS.format(width=width, page=escape(drawn)), "utf-8")
    command = [
        *(str(_BROWSER), "--headless", "--no-sandbox", "--disable-gpu"),
        *(f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()),
    ]
    told = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout
    found = re.search(r"<title>(\d+)</title>", told)
    assert found is not None, told[:500]
    return int(found[1])


def implausible() -> Report:
    """With names as long as may be, and all that may be said against a report."""
    report = fresh(maker="M" * 4096, model="W " * 2000, serial="S" * 4096)
    return replace(
        report,
        clock=replace(report.clock, sealed_at="9" * 4096),
        operator=replace(report.operator, lot="L" * 4096, donor="D" * 4096),
        shortened=(Shortened("inventory.machine." + "x" * 100, 4096, 70_000),),
    )


@pytest.mark.skipif(_BROWSER is None, reason="needs chromium")
@pytest.mark.parametrize("width", [320, 390])
def test_no_page_is_wider_than_a_phone(
    server: Running, station: Ed25519Signer, tmp_path: Path, width: int
) -> None:
    report = fresh()
    first = report.drives[0]
    told = replace(first, attempts=(replace(first.attempts[-1], stream=Stream.CHACHA20),))
    report = replace(report, drives=(told, *report.drives[1:]))
    report_id = stored(server, station, report)
    doubted = stored(server, station, implausible())
    server.put(report_id, station.sign(b'{"schema": "' + b"x" * 500 + b'"}'))
    css = server.get("/static/reprise.css").text
    pc = re.findall(r'href="(/pcs/[0-9]+)', server.get(f"/reports/{doubted}").text)[0]
    for lang in ("fr", "en"):
        for path in (
            f"/?lang={lang}",
            f"/?q=nothing&lang={lang}",
            f"/?outcome=sanitized&kind=laptop&sort=name&until=2001-02-03&lang={lang}",
            f"{pc}?lang={lang}",
            f"/reports/{report_id}?lang={lang}",
            f"/reports/{doubted}?lang={lang}",
            f"/quarantine?lang={lang}",
        ):
            html = server.get(path).text.replace("<details", "<details open")
            assert _room_it_takes(html, css, width, tmp_path) <= width, path
