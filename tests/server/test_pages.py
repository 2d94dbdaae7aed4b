"""What people see: right, escaped, searchable, in their language, and checkable by a stranger."""

from __future__ import annotations

import http.client
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests

from reprise import i18n
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.domain.erasure.pattern import Stream
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.report.events import Observation, ObservationKind
from reprise.server.reports.views import install_facts
from server.kit import Running, enrolled, fresh, serving, signed
from server.pages import Tags, certificate, paper, stored
from unit.domain.pc import samples
from unit.domain.report.test_at_odds import HDD, SIZE, WRITTEN, of
from unit.domain.report.test_at_odds_order import installed

pytestmark = pytest.mark.whole
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


def test_hostile_names_stay_text(server: Running, station: Ed25519Signer) -> None:
    report = fresh(serial=EVIL, model=EVIL, maker=EVIL, chassis=EVIL)
    operator = replace(report.operator, name=EVIL, lot=EVIL, asset_tag=EVIL, donor=EVIL)
    first = report.drives[0]
    evil = replace(first.identity, model=EVIL, serial=EVIL)
    drives = (replace(first, identity=evil), *report.drives[1:])
    report = replace(report, operator=operator, drives=drives)
    report_id = stored(server, station, report)
    for path in (f"/reports/{report_id}?lang=en", "/?lang=en", f"/?q={report_id}&lang=fr"):
        html = server.get(path).text
        assert "&lt;script&gt;alert(1)" in html
        assert "{{7*7}}" in html
        tags = Tags(html)
        assert tags.named("script") == []
        assert all("onerror" not in attrs for _tag, attrs in tags.found)
    name = paper(server, f"/reports/{report_id}/certificate.pdf").headers["content-disposition"]
    assert re.fullmatch(r'inline; filename="[A-Za-z0-9-]+\.pdf"', name)


@pytest.mark.parametrize("times", [1, 2])
def test_the_drive_of_an_installation_is_named_as_by_the_certificate(times: int) -> None:
    """Older reports name it by the size that it grew to."""
    drive = HDD.identity
    word = replace(drive, size_bytes=times * SIZE).key
    report = replace(of(WRITTEN), install=installed(word))
    with i18n.using("en"):
        told = dict(install_facts(report))["On the drive"]
    assert told == f"{drive.model}, {drive.serial}"


def test_what_an_earlier_session_saw_is_shown(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    survived = Observation("key", ObservationKind.CANARY_SURVIVED)
    first = report.drives[0]
    attempts = (replace(first.attempts[0], earlier=(survived,)), *first.attempts[1:])
    report = replace(report, drives=(replace(first, attempts=attempts), *report.drives[1:]))
    html = server.get(f"/reports/{stored(server, station, report)}?lang=en").text
    told = html.partition("What was observed in an earlier session")[2]
    assert "a control mark survived the erasure" in told.partition("</ul>")[0]


def test_the_command_that_checks_an_overwritten_drive_is_shown(
    server: Running, station: Ed25519Signer
) -> None:
    report = fresh()
    first = report.drives[0]
    chacha = replace(first.attempts[-1], stream=Stream.CHACHA20)
    cut = replace(chacha, written_bytes=first.identity.size_bytes - 512, verdict=None)
    for attempt, shown in ((chacha, True), (cut, False)):
        drives = (replace(first, attempts=(attempt,)), *report.drives[1:])
        told = replace(fresh(), drives=drives)
        html = unescape(server.get(f"/reports/{stored(server, station, told)}?lang=en").text)
        assert ("openssl enc -chacha20 -K " in html) is shown
        assert ("What this attempt wrote is ChaCha20 (RFC 8439);" in html) is shown


def test_an_operators_word_is_no_trouble(server: Running, station: Ed25519Signer) -> None:
    place = Unreached(UnreachedKind.NO_DRIVER, "0000:05:00.0")
    report = fresh()
    inventory = replace(report.inventory, unreached=(place,))
    open_ = replace(report, inventory=inventory)
    html = server.get(f"/reports/{stored(server, station, open_)}?lang=en").text
    assert '"notice bad"' in html and '"notice doubt"' not in html
    answered = replace(fresh(), inventory=inventory, stated=(Statement(place, "C. Martin"),))
    html = server.get(f"/reports/{stored(server, station, answered)}?lang=en").text
    assert '"notice bad"' not in html
    told = html.partition('"notice doubt"')[2].partition("</p>")[0]
    assert "C. Martin states that nothing is attached there" in told


def test_languages(server: Running) -> None:
    assert '<html lang="fr">' in server.get("/").text
    assert '<html lang="en">' in server.get("/?lang=en").text
    assert '<html lang="fr">' in server.get("/?lang=xx").text
    english = {"Accept-Language": "de-DE, en-GB;q=0.8, fr;q=0.3"}
    answer = server.get("/", **english)
    assert '<html lang="en">' in answer.text
    assert answer.headers["content-language"] == "en"
    assert "Accept-Language" in answer.headers["vary"]
    assert '<html lang="fr">' in server.get("/?lang=fr", **english).text
    # The choice goes along with every link.
    links = [a["href"] or "" for a in Tags(server.get("/?lang=en").text).named("a")]
    inner = [link for link in links if link.startswith("/") and "lang=fr" not in link]
    assert inner
    assert all("lang=en" in link for link in inner)


def test_a_page_says_who_confirmed(server: Running, station: Ed25519Signer) -> None:
    for by, words in (
        (ConfirmedBy.OPERATOR, "Plan the operator confirmed"),
        (ConfirmedBy.UNATTENDED, "without an operator"),
        (None, "Plan the operator confirmed"),  # a report of an older station
    ):
        report_id = stored(server, station, replace(fresh(), confirmed_by=by))
        html = server.get(f"/reports/{report_id}?lang=en").text
        assert words in html
        assert ("without an operator" in html) == (by is ConfirmedBy.UNATTENDED)


def test_nothing_comes_from_elsewhere(server: Running, station: Ed25519Signer) -> None:
    report_id = stored(server, station, fresh())
    for path in ("/", f"/reports/{report_id}", "/problems/unknown-key"):
        answer = server.get(path, Accept="text/html")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        tags = Tags(answer.text)
        for _tag, attrs in tags.found:
            assert "style" not in attrs
            for name in ("src", "href", "action"):
                value = attrs.get(name) or "/"
                assert value.startswith(("/", "#", "?")), value
                assert not value.startswith("//"), value
    css = server.get("/static/reprise.css")
    assert css.headers["content-type"].startswith("text/css")
    assert "url(" not in css.text
    assert "@import" not in css.text


def test_every_link_of_a_report_leads_somewhere(server: Running, station: Ed25519Signer) -> None:
    report_id = stored(server, station, fresh())
    page = server.get(f"/reports/{report_id}?lang=en")
    links = [a["href"] or "" for a in Tags(page.text).named("a")]
    links += [a["href"] or "" for a in Tags(page.text).named("link")]
    for link in links:
        if not link.startswith("#"):
            assert paper(server, link).status_code == 200, link


def test_errors_are_pages_for_people(server: Running) -> None:
    for path, status in (("/nothing", 404), ("/reports/x", 400), ("/problems/none", 404)):
        answer = server.get(path + "?lang=fr", Accept="text/html,*/*")
        assert answer.status_code == status
        assert '<html lang="fr">' in answer.text
        assert "Page d’accueil" in answer.text
    assert server.get("/static/../app.py").status_code == 404
    assert server.get("/static/%2e%2e/app.py").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/x",
        "///evil.example",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
    ],
)
def test_an_address_like_another_servers_leads_to_no_other_server(
    server: Running, path: str
) -> None:
    """As browsers read it: two slashes, a backslash for one, and tabs left out."""
    host, _sep, port = server.url.removeprefix("http://").partition(":")
    line = http.client.HTTPConnection(host, int(port), timeout=30)
    line.request("GET", path, headers={"Accept": "text/html"})
    answer = line.getresponse()
    assert answer.status == 404
    links = [a["href"] or "" for a in Tags(answer.read().decode()).named("a")]
    assert any("lang=" in link for link in links)
    for link in links:
        assert not re.match(r"[/\\]{2}", re.sub(r"[\t\r\n]", "", link)), link


def test_the_other_language_keeps_place_and_question(server: Running) -> None:
    for asked in ("/?q=caf%C3%A9+%26+co&page=1", "/reports/caf%C3%A9%20%3F"):
        page = server.get(f"{asked}{'&' if '?' in asked else '?'}lang=fr", Accept="text/html")
        (link,) = [a["href"] or "" for a in Tags(page.text).named("a") if a.get("lang") == "en"]
        there = server.get(link, Accept="text/html")
        assert there.headers["content-language"] == "en"
        assert unquote(urlsplit(link).path) == unquote(urlsplit(asked).path)
        assert parse_qs(urlsplit(link).query) == parse_qs(urlsplit(asked).query) | {"lang": ["en"]}


def test_page_tells_when_the_disk_lies(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database) as server:
        report_id = stored(server, station, fresh())
        assert "The signature is good." in server.get(f"/reports/{report_id}?lang=en").text
        with closing(sqlite3.connect(database)) as connection, connection:
            (jws,) = connection.execute("SELECT jws FROM reports_report").fetchone()
            head, payload, signature = jws.split(b".")
            other = b"A" if payload[-6:-5] != b"A" else b"B"
            changed = payload[:40] + other + payload[41:]
            text = b".".join((head, changed, signature))
            connection.execute("UPDATE reports_report SET jws = ?", (text,))
        for path in (f"/reports/{report_id}", f"/reports/{report_id}/certificate.pdf"):
            answer = server.get(f"{path}?lang=en", Accept="text/html")
            assert answer.status_code == 500
            assert "The stored report is damaged" in answer.text
            assert "Erased and verified" not in answer.text


def test_a_stranger_can_check_with_the_commands_on_the_page(
    server: Running, station: Ed25519Signer, tmp_path: Path
) -> None:
    """The page's own OpenSSL lines, run in a shell on the two downloaded files."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing")
    report_id = stored(server, station, fresh())
    html = server.get(f"/reports/{report_id}?lang=en").text
    for link in Tags(html).named("a"):
        if "download" in link:
            answer = server.get(link["href"] or "")
            name = re.findall(r'filename="([^"]+)"', answer.headers["content-disposition"])[0]
            (tmp_path / name).write_bytes(answer.content)
    shown = re.findall(r'<code id="openssl">(.*?)</code>', html, re.DOTALL)[0]
    script = shown.replace("&gt;", ">").replace("&#39;", "'")

    def run() -> subprocess.CompletedProcess[str]:
        argv = ["bash", "-c", script]
        return subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)

    good = run()
    assert good.returncode == 0, good.stderr
    assert "Signature Verified Successfully" in good.stdout
    jws = tmp_path / f"{report_id}.jws"
    data = jws.read_bytes()
    jws.write_bytes(data[:200] + (b"A" if data[200:201] != b"A" else b"B") + data[201:])
    assert run().returncode != 0


def test_qr_code_and_certificate_use_the_public_address(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text('public_url = "https://reprise.example.org/"\n')
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database, config=tmp_path) as server:
        report_id = stored(server, station, fresh())
        one = certificate(server, report_id, "fr")
        path = f"/reports/{report_id}/certificate.pdf?lang=fr"
        two = paper(server, path, Host="evil.test").content
        english = certificate(server, report_id, "en")
        sent = {"Referer": f"{server.url}/account/login/", "Accept": "text/html"}
        refused = requests.post(f"{server.url}/account/login/?lang=en", headers=sent, timeout=10)
        document = server.asked_by_a_stranger("/api/v1/openapi.json").json()
        asked = server.asked_by_a_stranger("/account/login/").headers["set-cookie"]
    assert one == two
    assert one != english
    cookie = document["components"]["securitySchemes"]["session"]["name"]
    assert cookie == "__Host-reprise_session"
    assert cookie.removesuffix("session") in asked
    # by whom looks at the server where it listens: its forms are its public address's
    assert refused.status_code == 403
    assert "This server’s address is https://reprise.example.org:" in refused.text
    assert 'href="https://reprise.example.org/account/login/"' in refused.text


def test_function_checks_are_shown_where_there_are_any(
    server: Running, station: Ed25519Signer
) -> None:
    report = fresh(samples.checked_report())
    assert server.put(report.report_id, signed(station, report)).status_code == 201
    page = server.get(f"/reports/{report.report_id}?lang=fr").text.replace("\u00a0", " ")
    for words in ("Note : C", "usée (DELL N5YH9)", "Limites :", "reprise-grade/1", "sans objet"):
        assert words in page, words
    assert certificate(server, report.report_id, "fr")
    plain = fresh(samples.good_report())
    assert server.put(plain.report_id, signed(station, plain)).status_code == 201
    assert "Contrôle des fonctions" not in server.get(f"/reports/{plain.report_id}?lang=fr").text
