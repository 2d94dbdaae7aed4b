"""What a running server tells of itself: log, figures, readiness; and what it keeps to itself."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from reprise.adapters.signing.jws import Ed25519Signer
from server.kit import Running, enrolled, fresh, refused, serving, signed, stranger
from server.pages import stored
from server.postgresql import Cluster
from server.test_processes import answers, connected, stopped, until

pytestmark = pytest.mark.whole
NUMBER = re.compile(r"[0-9a-f]{16}")


@dataclass
class Told:
    server: Running
    station: Ed25519Signer
    figures: str  # their address

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.server.log.read_text().splitlines()]

    def line(self, number: str, event: str = "request") -> dict[str, Any]:
        """The one of a request: it is written after the answer was sent."""
        until = time.monotonic() + 10
        while True:
            mine = [one for one in self.lines() if one.get("request_id") == number]
            found = [one for one in mine if one["event"] == event]
            if found or time.monotonic() > until:
                (line,) = found
                return line
            time.sleep(0.05)

    def value(self, line: str) -> float:
        text = requests.get(self.figures, timeout=10).text
        found = [one.removeprefix(f"{line} ") for one in text.splitlines() if one.startswith(line)]
        return float(found[0]) if found else 0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick", "Banc de Jean Dupont")
    (tmp_path / "server.toml").write_text('metrics = "127.0.0.1:0"\n')
    with serving(database, "--log-format", "json", config=tmp_path) as server:
        log = server.log.read_text()
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/metrics", log)
        assert until(lambda: answers(server, "/"))
        yield Told(server, station, url)


SECRETS = ("SN-4711-GEHEIM", "TAG-0815", "Gemeinde Musterstadt", "jean.dupont@example.org",
           "Jean Dupont", "Firefox-of-Jean", "127.0.0.1", "hostile")  # fmt: skip


def a_session(told: Told) -> list[requests.Response]:
    """Of a station, of readers, and of strangers."""
    server, station = told.server, told.station
    report = fresh(serial=SECRETS[0])
    report = replace(
        report, operator=replace(report.operator, asset_tag=SECRETS[1], donor=SECRETS[2])
    )
    body = signed(station, report)
    browser = {
        "User-Agent": SECRETS[5],
        "Accept": "text/html",
        "X-Request-Id": "hostile",
        "X-Reprise-Number": "hostile",
    }
    unreadable = station.sign(b'{"schema": 1, "jean.dupont@example.org": "SN-4711-GEHEIM"}')
    return [
        server.put(report.report_id, body),
        server.put(report.report_id, body),
        server.put(report.report_id, body[:-20] + b"AAAA" + body[-16:]),
        server.put("jean.dupont@example.org", body),
        server.put(str(uuid.uuid4()), body),
        server.put(str(uuid.uuid4()), unreadable),
        server.put(str(uuid.uuid4()), b"jean.dupont@example.org"),
        server.put(report.report_id, signed(stranger(), report)),
        server.get(f"/?q={SECRETS[0]}&mail=jean.dupont@example.org", **browser),
        server.get(f"/reports/{report.report_id}?{SECRETS[1]}", **browser),
        server.get("/reports/jean.dupont@example.org", **browser),
        server.get("/jean.dupont@example.org", **browser),
        server.get("/api/v1/reports/jean.dupont@example.org", **browser),
        server.get("/static/jean.dupont@example.org", **browser),
        requests.request("HOSTILE", f"{server.url}/hostile", timeout=10),
        requests.post(f"{server.url}/jean.dupont@example.org", data=b"hostile", timeout=10),
    ]


def test_the_log_names_nobody(told: Told) -> None:
    answers_ = a_session(told)
    assert len({one.status_code for one in answers_}) >= 6
    head = b"PUT /api/v1/reports/jean.dupont@example.org HTTP/1.1\r\nHost: x\r\n"
    head += b"Content-Type: application/jose\r\nContent-Length: 900\r\n\r\nhostile"
    with connected(told.server) as line:  # hangs up
        line.sendall(head)
    with closing(sqlite3.connect(told.server.database)) as raw, raw:  # a page that fails
        raw.execute("ALTER TABLE reports_report RENAME COLUMN lot TO hostile")
    assert told.server.get(f"/?q={SECRETS[0]}").status_code == 503
    assert told.server.get("/reports/" + str(uuid.uuid4())).status_code >= 500
    text = told.server.log.read_text()
    at_the_start = ("Figures: ", "/set-up/")  # where it is found, for whoever began it
    text = "\n".join(
        line for line in text.splitlines() if not any(word in line for word in at_the_start)
    )
    assert len(text.splitlines()) > 20
    for secret in SECRETS[:-1]:
        assert secret not in text, secret
    # of a column that a hand renamed the database's own words tell
    assert "hostile" not in text.replace("no such column: reports_report.lot", "")
    assert any(one.get("result") == "hung-up" for one in told.lines())


def test_each_request_has_a_line_and_a_number_of_its_own(told: Told) -> None:
    answers_ = a_session(told)
    numbers = [one.headers["x-request-id"] for one in answers_]
    assert all(NUMBER.fullmatch(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    a_report, page = "/api/v1/reports/<report_id>", "/reports/<report_id>"
    paths = [a_report] * 8 + ["/", page, page, "", a_report, "/static/<file>", "", ""]
    for answer, path in zip(answers_, paths, strict=True):
        line = told.line(answer.headers["x-request-id"])
        assert (line["path"], line["status"]) == (path, answer.status_code)
        assert 0 <= line["duration_s"] < 60
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    known = told.line(numbers[1], "report")
    assert (known["result"], len(known["sha256"])) == ("known", 64)
    assert told.line(numbers[2], "report")["result"] == "broken-signature"
    assert len(told.line(numbers[7], "report")["key"]) == 43
    for answer in answers_:
        if answer.headers["content-type"] == "application/problem+json":
            assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert numbers[10] in answers_[10].text, "on a page that a person reads"
    assert "hostile" not in answers_[10].text, "a number that the sender gave"
    assert "x-reprise-route" not in answers_[8].headers


def test_a_page_that_fails_is_found_by_its_number(told: Told) -> None:
    stored(told.server, told.station, fresh())
    with closing(sqlite3.connect(told.server.database)) as raw, raw:
        raw.execute("UPDATE reports_report SET outcome = 'hostile'")
    answer = told.server.get("/", Accept="text/html")
    assert answer.status_code == 500
    number = answer.headers["x-request-id"]
    assert number in answer.text
    failed = told.line(number, "message")
    assert failed["level"] == "error"
    assert "catalogue.py" in failed["traceback"]
    assert failed["traceback"].endswith("ValueError\n")
    assert "hostile" not in told.server.log.read_text()


def test_figures_are_told_on_their_own_port_alone(told: Told) -> None:
    server = told.server
    assert server.get("/metrics").status_code == 404
    base = told.figures.removesuffix("/metrics")
    report = fresh()
    for path in ("/", "/healthz", f"/reports/{report.report_id}", "/metrics/x"):
        assert requests.get(base + path, timeout=10).status_code == 404
    put = f"/api/v1/reports/{report.report_id}"
    headers = {"Content-Type": "application/jose"}
    body = signed(told.station, report)
    assert requests.put(base + put, data=body, headers=headers, timeout=10).status_code == 404
    assert server.get(put).status_code == 404


def test_figures_count_what_happened_and_name_nobody(told: Told) -> None:
    a_session(told)
    answer = requests.get(told.figures, timeout=10)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    for secret in SECRETS:
        assert secret.lower() not in answer.text.lower()
    results = {
        "stored": 1, "known": 1, "broken-signature": 1, "bad-id": 1, "id-mismatch": 1,
        "not-a-report": 1, "malformed-jws": 1, "unknown-key": 1,
    }  # fmt: skip
    for word, count in results.items():
        assert told.value(f'reprise_reports_total{{result="{word}"}}') == count, word
    assert told.value("reprise_intake_seconds_count") == sum(results.values())
    assert told.value('reprise_page_seconds_count{path="/",status="2xx"}') >= 1
    assert told.value('reprise_page_seconds_count{path="",status="4xx"}') >= 3
    assert told.value("reprise_reports_waiting") == 0
    assert told.value("reprise_held_bytes") == 0
    assert told.value("reprise_held_bytes_limit") == 64 << 20
    assert told.value("reprise_database_bytes") >= Path(told.server.database).stat().st_size > 0
    assert told.value('reprise_process_restarts_total{process="pages"}') == 0
    ended = told.server.pages[0]
    os.kill(ended, signal.SIGKILL)
    restarts = 'reprise_process_restarts_total{process="pages"}'
    assert until(lambda: told.value(restarts) == 1)
    os.kill(told.server.front, signal.SIGKILL)
    assert until(lambda: answers(told.server, "/healthz"))
    assert told.value(restarts) == 1, "who counts is none of those that end"
    assert told.value('reprise_process_restarts_total{process="front"}') == 1
    assert told.value("reprise_intake_seconds_count") == 0


def test_bytes_that_come_in_are_counted_and_given_back(told: Told) -> None:
    body = signed(told.station, fresh())
    with connected(told.server) as line:
        line.sendall(
            b"PUT /api/v1/reports/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/jose\r\n"
            b"Content-Length: %d\r\n\r\n" % (str(uuid.uuid4()).encode(), len(body)) + body[:-1]
        )
        assert until(lambda: told.value("reprise_held_bytes") == len(body) - 1)
    assert until(lambda: told.value("reprise_held_bytes") == 0)


def test_ready_is_who_makes_pages_and_writes(told: Told) -> None:
    server = told.server
    assert until(lambda: answers(server, "/readyz"))  # its pages begin beside its front
    assert server.get("/readyz").json() == {"status": "ok"}
    with stopped(server.pages):
        assert until(lambda: answers(server, "/readyz", 503))
        answer = server.get("/readyz?lang=en")
        refused(answer, 503, "not-ready")
        assert "No page is made" in answer.json()["detail"]
        assert int(answer.headers["retry-after"]) > 0
        assert server.get("/healthz").status_code == 200
    assert until(lambda: answers(server, "/readyz"))
    with closing(sqlite3.connect(server.database, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        assert until(lambda: answers(server, "/readyz", 503))
        assert "takes no reports" in server.get("/readyz?lang=en").json()["detail"]
        assert server.get("/healthz").status_code == 200
        raw.execute("ROLLBACK")
    assert until(lambda: answers(server, "/readyz"))
    assert not [
        one for one in told.lines() if one.get("path") == "/readyz" and one["status"] == 200
    ]
    database = Path(server.database)
    database.rename(database.with_suffix(".away"))
    assert until(lambda: answers(server, "/readyz", 503))
    database.with_suffix(".away").rename(database)
    assert until(lambda: answers(server, "/readyz"))


def test_a_postgresql_that_is_away_is_not_ready(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text(f'metrics = "127.0.0.1:0"\ndata = "{tmp_path}/data"\n')
    with serving(cluster.address, config=tmp_path, log=tmp_path / "log") as server:
        (figures,) = re.findall(r"http://\S+/metrics", server.log.read_text())
        assert until(lambda: answers(server, "/readyz"))
        size = re.compile(r"^reprise_database_bytes (\S+)$", re.M)
        assert float(size.findall(requests.get(figures, timeout=10).text)[0]) > 1_000_000
        cluster.stop()
        try:
            assert until(lambda: answers(server, "/readyz", 503))
            assert size.findall(requests.get(figures, timeout=10).text) == ["NaN"]
        finally:
            cluster.start()
        assert until(lambda: answers(server, "/readyz"))
