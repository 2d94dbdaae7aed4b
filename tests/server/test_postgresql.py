"""The same database code on a real PostgreSQL, where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from reprise.domain.report.report import Report
from reprise.server.archive import Put, find_report, put_report
from reprise.server.catalogue import list_pcs
from reprise.server.database import open_database
from reprise.server.stations import enroll, find_station, make_key, revoke
from reprise.server.tables import metadata
from server.kit import fresh
from unit.domain.pc import samples


def programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((f for f in reversed(folders) if (f / "pg_ctl").exists()), None)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A throw-away cluster on a free port, run by a user who is not root."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed")
    who: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="reprise-pg-") as home:
        if who:
            shutil.chown(home, "nobody")
        data, options = f"{home}/data", f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
        setup = [str(folder / "initdb"), "-D", data, "-U", "reprise", "-A", "trust", "-N"]
        subprocess.run(setup, check=True, capture_output=True, cwd=home, **who)
        control = [str(folder / "pg_ctl"), "-D", data, "-w", "-l", f"{home}/log"]
        subprocess.run(
            [*control, "-o", options, "start"],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            **who,
        )
        try:
            yield f"postgresql://reprise@127.0.0.1:{port}/postgres"
        finally:
            stop = [*control, "-m", "immediate", "stop"]
            subprocess.run(stop, check=True, cwd=home, stdout=subprocess.DEVNULL, **who)


def test_reports_are_stored_once_and_found(address: str) -> None:
    engine = open_database(address)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    key = make_key()
    enroll(engine, "Bench", key.public_pem.decode(), key.kid)
    assert find_station(engine, key.kid) is not None

    report = fresh(samples.many_report(), serial="PG-1")
    with ThreadPoolExecutor(6) as pool:
        same = list(pool.map(lambda _: put_report(engine, report, b"bytes", key.kid), range(6)))
    assert sorted(put.name for put, _stored in same) == ["SAME"] * 5 + ["STORED"]
    assert len({stored.receipt for _put, stored in same}) == 1
    assert put_report(engine, report, b"others", key.kid)[0] is Put.CONFLICT
    stored = find_report(engine, report.report_id)
    assert stored is not None
    assert stored.jws == b"bytes"

    several = [fresh(report) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        new = list(pool.map(lambda r: put_report(engine, r, b"bytes", key.kid), several))
    assert {put for put, _stored in new} == {Put.STORED}

    found = list_pcs(engine, "w62a0003 pg-1", 1, 50)
    assert found.pcs == 1
    assert len(found.lines[0].reports) == 7
    assert found.lines[0].reports[0].drives == 14
    assert list_pcs(engine, "%", 1, 50).pcs == 0

    def put_both(own: Report) -> None:
        left = replace(own, report_id=str(uuid.uuid4()), left_of=own.report_id)
        second = replace(own, report_id=str(uuid.uuid4()))
        with ThreadPoolExecutor(3) as pool:
            puts = pool.map(lambda r: put_report(engine, r, b"x", key.kid)[0], (left, own, second))
        assert sorted(put.name for put in puts) == ["SECOND", "STORED", "STORED"]

    for number in range(8):  # at the same moment, by two servers
        own = fresh(samples.good_report(), serial=f"PG-2-{number}")
        put_both(own)
        (line,) = list_pcs(engine, f"PG-2-{number}", 1, 50).lines
        assert len(line.reports) == 1
        assert find_report(engine, line.reports[0].report_id).superseded_by is None  # type: ignore[union-attr]
    assert revoke(engine, key.kid).revoked_at is not None
    engine.dispose()
