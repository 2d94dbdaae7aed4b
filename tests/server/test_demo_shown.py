"""A demonstration as a person starts it and looks at it. Making its year takes half a minute."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from reprise import codec
from reprise.documents.certificate import specimen_pdf
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.server.database import close_database
from reprise.server.demo import mark
from reprise.server.opening import open_database
from reprise.server.reports.models import Report as Row
from server.kit import REPRISE, reprise
from server.pages import Tags

pytestmark = pytest.mark.whole


@dataclass
class Shown:
    """A demonstration that runs. `said`: what its terminal shows."""

    url: str
    said: str
    folder: Path

    def logged_in(self, email: str) -> requests.Session:
        """With the password that the terminal shows, as a browser does it."""
        password = self.said.split()[-1]
        session, address = requests.Session(), f"{self.url}/account/login/"
        session.headers["Accept"] = "text/html"
        form = Tags(session.get(address, timeout=30).text).named("input")
        token = next(one["value"] for one in form if one.get("name") == "csrfmiddlewaretoken")
        sent = {"login": email, "password": password, "csrfmiddlewaretoken": token or ""}
        headers = {"Referer": address}
        answer = session.post(address, data=sent, headers=headers, timeout=30)
        assert answer.url == f"{self.url}/", email
        return session


@contextmanager
def showing(folder: Path) -> Iterator[Shown]:
    """As a person starts it, on any free port; its temporary folder is made in `folder`."""
    argv = [*REPRISE, "serve", "--demo", "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(folder)}
    log = folder / "log"
    with log.open("w") as err:
        process = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=err, text=True, env=environment
        )
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            assert " http://" in lines[0], log.read_text()
            while "Password" not in lines[-1]:
                lines.append(process.stdout.readline())
            (made,) = folder.glob("reprise-demo-server-*")
            yield Shown(lines[0].split()[-1], "".join(lines), made)
        finally:
            process.terminate()
            assert process.wait(30) == 0
    assert "making a year up, 100 %" in log.read_text()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("shown")
    with showing(folder) as running:
        yield running
    assert [path.name for path in folder.iterdir()] == ["log"]


def test_all_pages_say_what_it_is(shown: Shown) -> None:
    stranger, alix = requests.Session(), shown.logged_in("alix@ville.example")
    for session, paths in (
        (stranger, ("/account/login/", "/account/password/reset/", "/no-such-page")),
        (alix, ("/", "/stations", "/people", "/audit", "/settings", "/instance", "/me")),
        (alix, ("/account/2fa/", "/account/sessions/", "/no-such-page", "/?q=DEMO-00010")),
    ):
        for path in paths:
            page = session.get(f"{shown.url}{path}", headers={"Accept": "text/html"}, timeout=30)
            asides = [one["class"] for one in Tags(page.text).named("aside")]
            assert asides == ["demonstration"], path


def test_its_people_log_in_and_see_what_is_theirs(shown: Shown) -> None:
    emails = [word for word in shown.said.split() if "@" in word]
    assert len(emails) == 7
    seen = {}
    for email in emails:
        page = shown.logged_in(email).get(f"{shown.url}/", timeout=30).text
        seen[email] = set(re.findall(r"/reports/([0-9a-f-]{36})", page))
    assert seen["camille@ville.example"] == seen["alix@ville.example"]
    assert len(seen["alix@ville.example"]) >= 50
    assert 15 <= len(seen["ange@ressourcerie.example"]) < 25
    assert not seen["alix@ville.example"] & seen["ange@ressourcerie.example"]
    assert not seen["debuts@ville.example"]


def test_a_whole_year_is_there(shown: Shown) -> None:
    try:
        open_database(str(shown.folder / "reprise.db"))
        counted = Counter(map(Outcome, Row.objects.values_list("outcome", flat=True)))
    finally:
        close_database()
        mark._is[:] = [False]
    assert 370 <= counted.total() <= 420
    assert all(counted[outcome] >= 10 for outcome in Outcome)
    assert counted[Outcome.ERASED] > 250


def test_its_certificates_are_specimens(shown: Shown, tmp_path: Path) -> None:
    alix = shown.logged_in("alix@ville.example")
    first = re.search(r"/reports/([0-9a-f-]{36})", alix.get(shown.url, timeout=30).text)
    assert first is not None
    address = f"{shown.url}/reports/{first[1]}/certificate.pdf?lang=en"
    until = time.monotonic() + 60
    while (answer := alix.get(address, timeout=30)).status_code != 200:
        assert time.monotonic() < until, answer.text
        time.sleep(0.5)
    jws = alix.get(f"{shown.url}/api/v1/reports/{first[1]}", timeout=30).content
    payload = base64.urlsafe_b64decode(jws.split(b".")[1] + b"==")
    assert answer.content == specimen_pdf(codec.from_json(payload, Report), lang="en")
    (tmp_path / "report.jws").write_bytes(jws)
    checked = reprise("report", "show", str(tmp_path / "report.jws"))
    assert "demonstration" in checked.stdout + checked.stderr
