"""The same database code on a real PostgreSQL, where one is installed."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

from reprise.adapters.signing.jws import generate_signer
from reprise.domain.report.report import Report
from reprise.errors import StorageError
from reprise.server.database import close_database, rows_are_guarded
from reprise.server.database_errors import is_away
from reprise.server.opening import open_database
from reprise.server.reports.archive import Stored, find_report
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.storing import Put
from reprise.server.stations.keys import make_key
from reprise.server.stations.services import enroll, revoke, station_of_key
from server.kit import enrolled, fresh, refused, reprise, serving, signed
from server.postgresql import Cluster
from server.taking import OURS
from server.taking import put_report as put_one
from server.test_attacks import long_texts
from server.test_quarantine import at_once
from unit.domain.pc import samples

pytestmark = pytest.mark.whole


@pytest.fixture
def address(cluster: Cluster) -> str:
    return cluster.address


def put_report(report: Report, jws: bytes, kid: str) -> tuple[Put, Stored]:
    """By a thread of its own, as another server would."""
    try:
        return put_one(report, jws, kid)
    finally:
        if threading.current_thread() is not threading.main_thread():
            close_database()


def test_reports_are_stored_once_and_found(address: str) -> None:
    open_database(address)
    assert not rows_are_guarded()  # the tests' user is a superuser
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    key = make_key()
    enroll(OURS, "Bench", key.public_pem.decode(), key.kid)
    assert station_of_key(key.kid) is not None

    report = fresh(samples.many_report(), serial="PG-1")
    with ThreadPoolExecutor(6) as pool:
        same = list(pool.map(lambda _: put_report(report, b"bytes", key.kid), range(6)))
    assert sorted(put.name for put, _stored in same) == ["SAME"] * 5 + ["STORED"]
    assert len({stored.receipt for _put, stored in same}) == 1
    assert put_report(report, b"others", key.kid)[0] is Put.CONFLICT
    stored = find_report(OURS, report.report_id)
    assert stored is not None
    assert stored.jws == b"bytes"

    several = [fresh(report) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        new = list(pool.map(lambda r: put_report(r, b"bytes", key.kid), several))
    assert {put for put, _stored in new} == {Put.STORED}

    found = list_pcs(OURS, "w62a0003 pg-1", 1, 50)
    assert found.pcs == 1
    assert len(found.lines[0].reports) == 7
    assert found.lines[0].reports[0].drives == 14
    assert list_pcs(OURS, "%", 1, 50).pcs == 0

    def put_both(own: Report) -> None:
        left = replace(own, report_id=str(uuid.uuid4()), left_of=own.report_id)
        second = replace(own, report_id=str(uuid.uuid4()))
        with ThreadPoolExecutor(3) as pool:
            puts = pool.map(lambda r: put_report(r, b"x", key.kid)[0], (left, own, second))
        assert sorted(put.name for put in puts) == ["SECOND", "STORED", "STORED"]

    for number in range(8):  # at the same moment, by two servers
        own = fresh(samples.good_report(), serial=f"PG-2-{number}")
        put_both(own)
        (line,) = list_pcs(OURS, f"PG-2-{number}", 1, 50).lines
        assert len(line.reports) == 1
        assert find_report(OURS, line.reports[0].report_id).superseded_by is None  # type: ignore[union-attr]
    assert revoke(OURS, key.kid).revoked_at is not None
    close_database()


def test_long_texts_are_taken_and_fail_nobody_else(cluster: Cluster, tmp_path: Path) -> None:
    """It takes no text of more than 2,704 bytes into an index (B-tree, documentation 64.1)."""
    station = enrolled(cluster.address, tmp_path / "stick")
    reports = [report for _n in range(4) for report in (long_texts(), fresh())]
    with serving(cluster.address, log=tmp_path / "log") as server, ThreadPoolExecutor(8) as pool:
        sent = pool.map(lambda r: server.put(r.report_id, signed(station, r)).status_code, reports)
        assert set(sent) == {201}


def test_what_is_kept_aside_has_its_limits_here_too(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(address)
    signer = generate_signer()
    enroll(OURS, "Aside", signer.public_pem().decode(), signer.kid)
    at_once(signer, monkeypatch)
    close_database()


def test_what_is_away_is_told_from_what_is_refused() -> None:
    """By SQLSTATE: one report that the database will not take must not fail its neighbours."""
    for state, away in (("08006", True), ("57P01", True), ("53100", True), ("54000", False)):
        driver = type("Told", (Exception,), {"sqlstate": state})()
        wrapped = OperationalError()
        wrapped.__cause__ = driver
        told = StorageError("", "")
        told.__cause__ = wrapped
        assert is_away(told) is away, state


def test_a_database_that_is_away_is_waited_for(cluster: Cluster, tmp_path: Path) -> None:
    """What was acknowledged is there after it was killed; nothing needs a person."""
    station = enrolled(cluster.address, tmp_path / "stick")
    before, meanwhile = fresh(serial="BEFORE"), fresh(serial="MEANWHILE")
    with serving(cluster.address, log=tmp_path / "log") as server:
        assert server.put(before.report_id, signed(station, before)).status_code == 201
        assert server.get("/?q=BEFORE").status_code == 200
        cluster.stop()
        try:
            answer = server.put(meanwhile.report_id, signed(station, meanwhile))
            refused(answer, 503, "storage")
            assert int(answer.headers["retry-after"]) > 0
            refused(server.get("/healthz"), 503, "storage")
            assert server.get("/").status_code == 503
        finally:
            cluster.start()
        assert server.get("/healthz").status_code == 200
        assert server.put(meanwhile.report_id, signed(station, meanwhile)).status_code == 201
        for report in (before, meanwhile):
            back = server.get(f"/api/v1/reports/{report.report_id}")
            assert back.content == signed(station, report)
        assert server.get("/?q=BEFORE").status_code == 200


def test_a_host_that_is_gone_without_a_word_is_noticed(address: str) -> None:
    """Nobody hears of it: only the system's own questions and patience tell."""
    open_database(address)
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        of_tcp = socket.IPPROTO_TCP
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert line.getsockopt(of_tcp, socket.TCP_USER_TIMEOUT) == 30_000
        idle = line.getsockopt(of_tcp, socket.TCP_KEEPIDLE)
        count = line.getsockopt(of_tcp, socket.TCP_KEEPCNT)
        assert idle + count * line.getsockopt(of_tcp, socket.TCP_KEEPINTVL) <= 60
    close_database()


def test_the_reports_of_0_1_come_to_it(cluster: Cluster, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.executescript(Path(__file__).with_name("made_by_0_1.sql").read_text())
    done = reprise("server", "take-over", str(old), "--database", cluster.address)
    assert done.returncode == 0, done.stderr
    assert "5 reports; 0 were there already" in done.stdout


def test_several_processes_take_reports_side_by_side(cluster: Cluster, tmp_path: Path) -> None:
    station = enrolled(cluster.address, tmp_path / "stick")
    settings = tmp_path / "settings"
    settings.mkdir()
    text = f'data = "{tmp_path}/data"\nworkers = 3\nmetrics = "127.0.0.1:0"\n'
    (settings / "server.toml").write_text(text)
    with serving(cluster.address, config=settings, log=tmp_path / "log") as server:
        reports = [fresh() for _n in range(24)]
        with ThreadPoolExecutor(8) as senders:
            bodies = [signed(station, report) for report in reports]
            ids = [report.report_id for report in reports]
            answers = list(senders.map(server.put, ids, bodies))
        assert {answer.status_code for answer in answers} == {201}
        addresses = re.findall(r"Figures: (\S+)", server.log.read_text())
        told = [requests.get(address, timeout=10).text for address in addresses]
        counts = [re.search(r'reprise_reports_total\{result="stored"\} (\d+)', t) for t in told]
        each = [int(count[1]) if count else 0 for count in counts]
        assert (len(each), sum(each)) == (3, 24)
        assert sum(map(bool, each)) > 1  # more than one of them took some
