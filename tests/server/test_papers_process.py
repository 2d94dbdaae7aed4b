"""The process that makes papers: killed, late, without room, and nobody else does its work."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

import psycopg
import pytest
import requests
from django.db import connection

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.report.report import Report
from reprise.server.database import close_database, writing
from reprise.server.jobs import models, services
from reprise.server.opening import open_database
from server.kit import Running, children, descendants, enrolled, fresh, serving, signed
from server.pages import Tags, certificate, paper, stored
from server.postgresql import Cluster
from server.small_disk import fill, small_disk
from server.test_processes import stopped, until
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
__all__ = ["small_disk"]  # a fixture
LONG = 250  # drives: some seconds of work


def long_report() -> Report:
    return fresh(samples.many_report(LONG))


@contextmanager
def running(folder: Path, settings: str = "") -> Iterator[tuple[Running, Ed25519Signer]]:
    database = folder / "reprise.db"
    station = enrolled(database, folder / "stick")
    (folder / "server.toml").write_text(settings)
    with serving(database, config=folder) as server:
        assert until(lambda: len(children(server.process.pid)) == 3)
        assert server.get("/").status_code == 200  # logged in, before there are threads
        yield server, station


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Running, Ed25519Signer]]:
    with running(tmp_path) as both:
        yield both


def path_of(report_id: str) -> str:
    return f"/reports/{report_id}/certificate.pdf?lang=en"


def made(log: Path) -> int:
    return log.read_text().count(": made in ")


def jobs(server: Running) -> list[tuple[str, str, int]]:
    with closing(sqlite3.connect(server.database)) as raw:
        asked = "SELECT state, trouble, attempts FROM jobs_job ORDER BY id"
        return raw.execute(asked).fetchall()


def test_without_it_pages_and_reports_go_on(alone: tuple[Running, Ed25519Signer]) -> None:
    """Whoever asks is told that it is being made, at once in all that waits for it: no process that
    makes pages makes one, nor waits."""
    server, station = alone
    report_id = stored(server, station, fresh())
    with stopped([server.papers]), ThreadPoolExecutor(20) as pool:
        waiting = [
            pool.submit(server.get, path_of(report_id), Accept="text/html") for _ in "x" * 20
        ]
        stored(server, station, fresh())
        assert server.get("/?lang=en").status_code == 200
        assert server.get("/healthz").status_code == 200
        # they are kept waiting for 2 s, and nobody else
        assert not any(one.done() for one in waiting)
        for one in waiting:
            page = one.result()
            assert page.status_code == 202
            assert page.headers["retry-after"] == "2"
            assert page.headers["cache-control"] == "no-store"
            assert "x-reprise-soon" not in page.headers
            tags = Tags(page.text)
            again = [meta for meta in tags.named("meta") if meta.get("http-equiv") == "refresh"]
            assert [meta["content"] for meta in again] == ["0"]
            assert tags.named("script") == []
            assert "The PDF is being made" in page.text
        program = server.get(path_of(report_id))
        assert program.status_code == 503
        assert program.headers["content-type"] == "application/problem+json"
        assert program.json()["type"] == "/problems/paper-being-made"
        french = server.get(f"/reports/{report_id}/certificate.pdf?lang=fr", Accept="text/html")
        assert "Le PDF est en préparation" in french.text
        assert server.get(path_of(report_id), Accept="text/html").status_code == 202
        assert len(jobs(server)) == 2  # one a language, whoever asks how often
    assert certificate(server, report_id)
    assert paper(server, path_of(report_id), Accept="text/html").content.startswith(b"%PDF")


def test_eight_readers_have_them_made_one_at_a_time(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    ids = [stored(server, station, fresh(samples.many_report(40))) for _n in range(8)]
    seen: list[tuple[int, ...]] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            with contextlib.suppress(FileNotFoundError):
                seen.append(tuple(children(server.papers)))
            time.sleep(0.005)

    watching = threading.Thread(target=look)
    watching.start()
    others = {*server.pages, server.front}
    with ThreadPoolExecutor(8) as pool:
        papers = pool.map(lambda report_id: certificate(server, report_id), ids * 2)
        taken = [stored(server, station, fresh()) for _n in range(10)]
        assert len(set(papers)) == 8
    ended.set()
    watching.join()
    assert len(taken) == 10
    assert {len(each) for each in seen} == {0, 1}
    assert len({each for each in seen if each}) > 4  # a child a paper, most of them seen
    assert made(server.log) == 8
    assert set(descendants(server.process.pid)) == {*others, server.papers}  # all are as they were


@contextmanager
def being_made(server: Running, report_id: str) -> Iterator[int]:
    """The child that makes a long paper, while it does."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(server.get, path_of(report_id))
        assert until(lambda: children(server.papers) != [])
        yield children(server.papers)[0]
        with contextlib.suppress(requests.RequestException):  # where its server was ended
            asked.result()


def is_gone(pid: int) -> Callable[[], bool]:
    return lambda: not Path(f"/proc/{pid}").exists()


def test_a_killed_process_loses_no_paper(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    report_id = stored(server, station, long_report())
    with being_made(server, report_id) as child:
        before = server.papers
        os.kill(before, signal.SIGKILL)
        assert until(is_gone(child))  # it makes nothing that nobody waits for
    assert until(lambda: len(children(server.process.pid)) == 3 and server.papers != before)
    assert certificate(server, stored(server, station, fresh()))  # at once
    assert jobs(server)[0][0] == "taken"
    assert certificate(server, report_id)  # after its lease
    assert jobs(server) == []


def test_a_stopped_server_gives_its_paper_back(tmp_path: Path) -> None:
    with running(tmp_path) as (server, station):
        report_id = stored(server, station, long_report())
        with being_made(server, report_id) as child:
            began = time.monotonic()
            server.process.terminate()
            assert server.process.wait(20) == 0
            assert time.monotonic() - began < 8
            assert is_gone(child)()
        assert jobs(server) == [("waiting", "", 0)]
        assert "Traceback" not in server.log.read_text()
    with serving(tmp_path / "reprise.db", config=tmp_path) as server:
        assert certificate(server, report_id)


def ended_late(server: Running, attempt: int) -> Callable[[], bool]:
    def is_so() -> bool:
        ((state, trouble, attempts),) = jobs(server)
        return (trouble, attempts) == ("late", attempt) and state != "taken"

    return is_so


def test_a_paper_that_takes_too_long_is_given_up_and_keeps_no_other_waiting(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "paper_seconds = 1") as (server, station):
        long = stored(server, station, long_report())
        for attempt in (1, 2, 3):
            server.get(path_of(long))
            assert until(ended_late(server, attempt))
            short = stored(server, station, fresh())
            assert certificate(server, short)
            with closing(sqlite3.connect(server.database)) as raw, raw:  # half a minute passes
                raw.execute("UPDATE jobs_job SET due_at = '2026-01-01' WHERE state = 'waiting'")
        assert [job[0] for job in jobs(server)] == ["given up"]
        page = server.get(path_of(long), Accept="text/html")
        assert page.status_code == 500
        assert "This PDF takes too long to make" in page.text
        assert "reprise report pdf" in page.text
        assert server.get(f"/reports/{long}?lang=en").status_code == 200
        assert "given up after attempt 3" in server.log.read_text()
        assert children(server.papers) == []


def test_a_paper_whose_child_dies_is_tried_again(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    report_id = stored(server, station, long_report())
    with being_made(server, report_id) as child:
        os.kill(child, signal.SIGKILL)
    assert until(lambda: [job[1:] for job in jobs(server)] == [("failed", 1)])
    assert paper(server, path_of(stored(server, station, fresh()))).status_code == 200
    with closing(sqlite3.connect(server.database)) as raw, raw:
        raw.execute("UPDATE jobs_job SET due_at = '2026-01-01'")
    assert certificate(server, report_id)


def test_a_full_disk_is_told_and_waited_for(small_disk: Path, tmp_path: Path) -> None:
    with running(tmp_path, f'data = "{small_disk}/data"') as (server, station):
        before, after = (stored(server, station, fresh()) for _n in range(2))
        pdf = certificate(server, before)
        filler = fill(small_disk)
        try:
            page = paper(server, path_of(after), Accept="text/html")
            assert page.status_code == 503
            assert "The place where PDFs are kept does not answer, or is full" in page.text
            assert server.get(path_of(before)).content == pdf
            stored(server, station, fresh())
            assert not list((small_disk / "data").rglob(".tmp-*"))
        finally:
            filler.unlink()
        assert until(lambda: server.get(path_of(after)).status_code == 200, 40)
        assert re.search(r"put off after attempt 1: .*small/data", server.log.read_text())


def test_two_hosts_make_each_paper_once(cluster: Cluster, tmp_path: Path) -> None:
    station = enrolled(cluster.address, tmp_path / "stick")
    (tmp_path / "server.toml").write_text(f'data = "{tmp_path}/data"')
    logs = [tmp_path / "log1", tmp_path / "log2"]
    with (
        serving(cluster.address, log=logs[0], config=tmp_path) as one,
        serving(cluster.address, log=logs[1], config=tmp_path) as two,
    ):
        for server in (one, two):
            assert server.get("/").status_code == 200
        ids = [stored(one, station, fresh(samples.many_report(20))) for _n in range(10)]
        asked = [(server, report_id) for report_id in ids for server in (one, two)]
        with ThreadPoolExecutor(8) as pool:
            papers = list(pool.map(lambda both: certificate(*both), asked))
        assert papers[::2] == papers[1::2]
        assert len(set(papers)) == 10
        assert sum(map(made, logs)) == 10
        with stopped([one.papers]):  # the other host does what this one was asked for
            assert certificate(one, stored(one, station, fresh()))
        last = stored(two, station, long_report())
        with being_made(two, last):
            two.kill()
        assert paper(one, path_of(last)).status_code == 200
        report = fresh()
        assert one.put(report.report_id, signed(station, report)).status_code == 201


def test_no_two_hosts_take_one_job(cluster: Cluster) -> None:
    """Whoever holds one keeps nobody from the next (SKIP LOCKED)."""
    open_database(cluster.address)
    with writing():
        for number in range(60):
            services.ask("paper", f"SKIP {number}", number % 3, "host", {})

    def take_all() -> list[str]:
        taken = []
        while (job := services.take({"paper": "host"}, 0)) is not None:
            taken.append(job.name)
            time.sleep(0.005)
        close_database()
        return taken

    with ThreadPoolExecutor(6) as pool:
        each = [one.result() for one in [pool.submit(take_all) for _n in range(6)]]
    assert sorted(chain(*each)) == sorted(f"SKIP {number}" for number in range(60))
    assert all(each)
    with writing():
        services.ask("paper", "held", 1, "host", {})
        services.ask("paper", "free", 1, "host", {})
    with psycopg.connect(cluster.address) as other:
        other.execute("SELECT * FROM jobs_job WHERE name = 'held' FOR UPDATE")
        connection.cursor().execute("SET lock_timeout = '5s'")
        job = services.take({"paper": "host"}, 0)
        assert job is not None
        assert job.name == "free"
    models.Job.objects.all().delete()
    close_database()
