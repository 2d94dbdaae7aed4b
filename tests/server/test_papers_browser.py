"""A reader in a real browser, without JavaScript: the PDF comes by itself once it is made."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Response, sync_playwright

from server.kit import children, enrolled, fresh, serving, session_of
from server.pages import stored
from server.test_processes import stopped, until

pytestmark = pytest.mark.whole
_BROWSER = shutil.which("chromium")


@pytest.mark.skipif(_BROWSER is None, reason="needs chromium")
def test_a_reader_waits_and_gets_the_paper(tmp_path: Path) -> None:
    """And the browser asks no more often than the server lets it: its answers take two seconds."""
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    session = session_of(database, "reader@example.org")
    answers: list[tuple[int, str]] = []

    def note(answer: Response) -> None:
        if "certificate.pdf" in answer.url:
            answers.append((answer.status, answer.headers["content-type"]))

    with serving(database) as server, sync_playwright() as play:
        assert until(lambda: len(children(server.process.pid)) == 3)
        report_id = stored(server, station, fresh())
        browser = play.chromium.launch(executable_path=_BROWSER, args=["--no-sandbox"])
        context = browser.new_context(java_script_enabled=False)
        context.add_cookies([{"name": "reprise_session", "value": session, "url": server.url}])
        page = context.new_page()
        page.goto(f"{server.url}/reports/{report_id}?lang=fr")
        page.on("response", note)
        with stopped([server.papers]):
            began = time.monotonic()
            page.get_by_role("link", name="PDF").click(no_wait_after=True)
            while len(answers) < 3 and time.monotonic() - began < 60:
                page.wait_for_timeout(50)
            assert {status for status, _kind in answers} == {202}
            assert time.monotonic() - began > 5
            os.kill(server.papers, signal.SIGCONT)
            while answers[-1][0] == 202 and time.monotonic() - began < 90:
                page.wait_for_timeout(50)
        assert answers[-1] == (200, "application/pdf")
        browser.close()
