"""What people see: right, escaped, searchable, in their language, and checkable by a stranger."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reprise import wording
from reprise.adapters.signing import Ed25519Signer
from reprise.domain.lifecycle import DriveState
from reprise.domain.report import Report
from reprise.domain.techniques import Method, Verdict
from server.kit import Running, enrolled, fresh, serving, signed
from unit import samples

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.found if tag == name]


def stored(server: Running, station: Ed25519Signer, report: Report) -> str:
    assert server.put(report.report_id, signed(station, report)).status_code == 201
    return report.report_id


def badge(server: Running, report_id: str) -> str:
    """The one large badge of a report's page."""
    html = server.get(f"/reports/{report_id}?lang=en").text
    found = re.findall(r'class="badge (\w+) large"><span[^>]*>.</span>([^<]+)<', html)
    assert len(found) == 1
    return ": ".join(found[0])


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
    name = server.get(f"/reports/{report_id}/certificate.pdf").headers["content-disposition"]
    assert re.fullmatch(r'inline; filename="[A-Za-z0-9-]+\.pdf"', name)


def test_hostile_searches_stay_text(server: Running) -> None:
    answer = server.get("/?lang=en&q=" + "%3Cscript%3E%22%27%3E")
    assert answer.status_code == 200
    assert Tags(answer.text).named("script") == []
    assert [a.get("value") for a in Tags(answer.text).named("input") if a["name"] == "q"] == [
        "<script>\"'>"
    ]


def found(server: Running, query: str) -> int:
    answer = server.get("/?" + query)
    assert answer.status_code == 200
    return answer.text.count('<th scope="row">')


def test_search(server: Running, station: Ed25519Signer) -> None:
    report = fresh(maker="Maker", model="Zephyr 9_9", serial="SN-ZEPHYR-1", uuid="zephyr-uuid")
    operator = replace(report.operator, asset_tag="TAG%77", lot="LOT-Q7", donor="Ville de Zut")
    drive = replace(report.drives[0].identity, serial="DRIVESERIAL-Q7", wwn="0xfeedbeef77")
    drives = (replace(report.drives[0], identity=drive), *report.drives[1:])
    report_id = stored(server, station, replace(report, operator=operator, drives=drives))
    for query in (
        "SN-ZEPHYR-1", "sn-zeph", "zephyr-uuid", "TAG%2577", "lot-q7", "DRIVESERIAL-Q7",
        "0xfeedbeef77", "Zut", report_id, "maker+driveserial-q7", "Zephyr+9_9",
    ):  # fmt: skip
        assert found(server, f"q={query}") == 1, query
    for query in ("zephyr+nothing-like-it", "9%259", "Zephyr+9__9"):
        assert found(server, f"q={query}") == 0, query


@pytest.mark.parametrize(
    "query",
    [
        "' OR '1'='1", "'; DROP TABLE reports; --", "%", "_", "\\", '"', "\x00", "%00",
        "x" * 5000, "a " * 500, "UNION SELECT jws FROM reports",
    ],
)  # fmt: skip
def test_searches_that_are_attacks_find_nothing_and_break_nothing(
    server: Running, station: Ed25519Signer, query: str
) -> None:
    from urllib.parse import quote

    report_id = stored(server, station, fresh(model="Plain", serial="PLAIN1"))
    before = found(server, "")
    hits = found(server, "q=" + quote(query))
    assert hits == (before if not query.replace("\x00", "").strip() else hits)
    assert found(server, "") == before
    assert server.get(f"/api/v1/reports/{report_id}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "1e3", "²"])
def test_odd_page_numbers(server: Running, page: str) -> None:
    assert server.get(f"/?page={page}").status_code == 200


def test_pages_and_order(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text("page_size = 2\n")
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database, config=tmp_path) as server:
        for number in range(5):
            stored(server, station, fresh(serial=f"ORDER-{number}", uuid=f"u{number}"))
        stored(server, station, fresh(serial="ORDER-1", uuid="u1"))  # that PC is newest again
        seen = []
        path = "/?lang=en"
        while path:
            html = server.get(path).text
            seen.append(re.findall(r"ORDER-\d", html))
            following = [a for a in Tags(html).named("a") if a.get("rel") == "next"]
            path = (following[0]["href"] or "") if following else ""
    assert seen == [["ORDER-1", "ORDER-4"], ["ORDER-3", "ORDER-2"], ["ORDER-0"]]


def test_two_reports_of_one_pc_are_one_pc(server: Running, station: Ed25519Signer) -> None:
    for verdict in (None, Verdict.VERIFIED):
        stored(server, station, fresh(one_drive(verdict), serial="TWICE", uuid="twice"))
    html = server.get("/?q=TWICE&lang=en").text
    assert html.count('<th scope="row">') == 1
    assert html.index("Erased and verified") < html.index("Interrupted")


def test_pcs_without_serial_are_not_taken_for_one(server: Running, station: Ed25519Signer) -> None:
    for _ in range(2):
        report = fresh(model="Nameless")
        machine = replace(report.inventory.machine, serial=None, uuid=None)
        inventory = replace(report.inventory, machine=machine)
        stored(server, station, replace(report, inventory=inventory))
    assert found(server, "q=Nameless") == 2


def one_drive(verdict: Verdict | None) -> Report:
    """A PC with one drive and this verdict; None: the attempt never ended."""
    drive = samples.hdd()
    return samples.report((drive,), (samples.drive_record(drive, samples.attempt(drive, verdict)),))


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (samples.good_report(), "good: Erased and verified"),
        (one_drive(Verdict.VERIFIED), "good: Erased and verified"),
        (one_drive(Verdict.UNVERIFIED), "doubt: Not verified"),
        (one_drive(Verdict.FAILED), "bad: Failed"),
        (one_drive(None), "bad: Interrupted"),
        (samples.many_report(), "bad: Failed"),
        (samples.empty_report(), "plain: No drive"),
        (samples.bare_report(), "doubt: Not all erased"),
    ],
)
def test_badges_follow_the_proof(
    server: Running, station: Ed25519Signer, report: Report, word: str
) -> None:
    assert badge(server, stored(server, station, fresh(report))) == word
    assert wording.report_ok(report) == word.startswith("good")  # the certificate agrees


@pytest.mark.parametrize("lie", ["no attempt", "not verified", "nothing achieved", "left out"])
def test_sanitized_without_proof_is_not_believed(
    server: Running, station: Ed25519Signer, lie: str
) -> None:
    """A station that says more than it saw: the page never says "erased" for it."""
    report = fresh(samples.good_report(), serial=f"LIE-{lie}")
    first = report.drives[0]
    assert first.state is DriveState.SANITIZED
    unproven = replace(first.attempts[0], verdict=Verdict.UNVERIFIED)
    changed = {
        "no attempt": (replace(first, attempts=()),),
        "not verified": (replace(first, attempts=(unproven,)),),
        "nothing achieved": (replace(first, achieved=Method.NONE),),
        "left out": (),
    }[lie]
    report = replace(report, drives=(*changed, *report.drives[1:]))
    report_id = stored(server, station, report)
    word = "doubt: Not all erased" if lie == "left out" else "doubt: Not verified"
    assert badge(server, report_id) == word
    listed = server.get(f"/?q={report_id}&lang=en").text
    assert "Erased and verified" not in listed


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


def test_nothing_comes_from_elsewhere(server: Running, station: Ed25519Signer) -> None:
    report_id = stored(server, station, fresh())
    for path in ("/", f"/reports/{report_id}", "/problems/unknown-key"):
        answer = server.get(path, Accept="text/html")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
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
            assert server.get(link).status_code == 200, link


def test_errors_are_pages_for_people(server: Running) -> None:
    for path, status in (("/nothing", 404), ("/reports/x", 400), ("/problems/none", 404)):
        answer = server.get(path + "?lang=fr", Accept="text/html,*/*")
        assert answer.status_code == status
        assert '<html lang="fr">' in answer.text
        assert "Tous les PC" in answer.text
    assert server.get("/static/../app.py").status_code == 404
    assert server.get("/static/%2e%2e/app.py").status_code == 404


def test_page_tells_when_the_disk_lies(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database) as server:
        report_id = stored(server, station, fresh())
        assert "The signature is good." in server.get(f"/reports/{report_id}?lang=en").text
        with closing(sqlite3.connect(database)) as connection, connection:
            (jws,) = connection.execute("SELECT jws FROM reports").fetchone()
            head, payload, signature = jws.split(b".")
            other = b"A" if payload[-6:-5] != b"A" else b"B"
            changed = payload[:40] + other + payload[41:]
            text = b".".join((head, changed, signature))
            connection.execute("UPDATE reports SET jws = ?", (text,))
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
        one = server.get(f"/reports/{report_id}/certificate.pdf?lang=fr").content
        two = server.get(f"/reports/{report_id}/certificate.pdf?lang=fr", Host="evil.test").content
        english = server.get(f"/reports/{report_id}/certificate.pdf?lang=en").content
    assert one == two
    assert one != english
