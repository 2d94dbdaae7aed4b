"""A database whose rows another rule has judged: the list says what page and certificate say."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import RULE_VERSION
from reprise.domain.report.told import records
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports import judging
from reprise.server.reports.archive import find_report, other_reports
from reprise.server.reports.catalogue import ReportLine, list_pcs
from reprise.server.stations.services import enroll
from server.kit import fresh, open_new, signed
from server.taking import OURS, put_report
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples


def changed_identity() -> Report:
    """As the stations of before 0199 sealed it: another drive answered, and an overwrite after it
    was taken for a proof."""
    drive = hdd()
    seen = Observation(drive.identity.key, ObservationKind.IDENTITY_CHANGED)
    first = replace(samples.attempt(drive), observations=(seen,))
    record = samples.drive_record(drive, first, samples.attempt(drive))
    return fresh(samples.report((drive,), (record,)))


@pytest.fixture
def station() -> Ed25519Signer:
    return generate_signer()


@pytest.fixture
def database(tmp_path: Path, station: Ed25519Signer) -> Path:
    path = tmp_path / "reprise.db"
    open_new(path)
    enroll(OURS, "Bench", station.public_pem().decode(), station.kid)
    close_database()
    return path


def filled(database: Path, station: Ed25519Signer, *reports: Report) -> None:
    open_database(str(database))
    for report in reports:
        put_report(report, signed(station, report), station.kid)
    close_database()


def judged_by_the_old_rule(database: Path) -> None:
    """Every report and drive was erased; judged before rules had a number."""
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE reports_report SET outcome = 'sanitized', rule = 0")
        raw.execute("UPDATE reports_drive SET state = 'sanitized', achieved = 'clear'")


def listed(database: Path) -> dict[str, ReportLine]:
    open_database(str(database))
    lines = {line.report_id: line for pc in list_pcs(OURS, "", 1, 100).lines for line in pc.reports}
    close_database()
    return lines


def rows(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as raw:
        of_drives = "SELECT state, achieved, serial FROM reports_drive ORDER BY report_id, position"
        return raw.execute(of_drives).fetchall()


def test_what_an_older_rule_called_erased_is_judged_anew(
    database: Path, station: Ed25519Signer
) -> None:
    bad, good = changed_identity(), fresh(serial="GOOD")
    filled(database, station, bad, good)
    today = rows(database)
    judged_by_the_old_rule(database)
    assert rows(database) != today
    lines = listed(database)
    assert lines[bad.report_id].outcome is Outcome.FAILED
    assert (lines[bad.report_id].drives, lines[bad.report_id].sanitized) == (1, 0)
    assert lines[good.report_id].outcome is Outcome.ERASED
    assert rows(database) == today
    other = fresh(serial=bad.inventory.machine.serial, uuid=bad.inventory.machine.uuid)
    filled(database, station, other)
    open_database(str(database))
    told = {report_id: word for report_id, _at, word in other_reports(OURS, other.report_id)}
    close_database()
    assert told[bad.report_id] == "failed"


def test_a_rule_that_changes_again_judges_again_and_only_then(
    database: Path, station: Ed25519Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = fresh()
    filled(database, station, report)
    monkeypatch.setattr(judging, "report_outcome", lambda _report: Outcome.INTERRUPTED)
    assert listed(database)[report.report_id].outcome is Outcome.ERASED
    for rule in (RULE_VERSION + 1, RULE_VERSION):  # a server that was put back judges as it shows
        monkeypatch.setattr(judging, "RULE_VERSION", rule)
        assert listed(database)[report.report_id].outcome is Outcome.INTERRUPTED
        monkeypatch.setattr(judging, "report_outcome", lambda _report: Outcome.FAILED)
        assert listed(database)[report.report_id].outcome is Outcome.INTERRUPTED
        monkeypatch.setattr(judging, "report_outcome", lambda _report: Outcome.INTERRUPTED)


def test_a_judging_anew_sets_right_what_is_listed_wrongly(
    database: Path, station: Ed25519Signer
) -> None:
    """By a version before, or by hand: whether or not that report is judged anew."""
    wrong = changed_identity()
    filled(database, station, fresh(serial="GOOD"), wrong)
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE reports_report SET rule = 1 WHERE report_id <> ?", [wrong.report_id])
        raw.execute("UPDATE reports_pc SET outcome = 'sanitized'")
    listed(database)
    with closing(sqlite3.connect(database)) as raw:
        pcs = raw.execute("SELECT outcome FROM reports_pc ORDER BY id").fetchall()
    assert pcs == [("sanitized",), ("failed",)]


def test_the_drives_that_count_may_be_others(
    database: Path, station: Ed25519Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = fresh(samples.many_report(3))
    filled(database, station, report)
    (line,) = listed(database).values()
    monkeypatch.setattr(judging, "RULE_VERSION", RULE_VERSION + 1)
    monkeypatch.setattr(judging, "own_records", lambda told: records(told)[:1])
    (now,) = listed(database).values()
    assert (line.drives, now.drives) == (len(report.drives), 1)


@pytest.mark.parametrize("payload", [b"e30", b"!!!", b""])
def test_a_report_that_is_read_no_more_is_kept_told_and_not_called_erased(
    database: Path, station: Ed25519Signer, payload: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    lost, failed, good = fresh(serial="LOST"), fresh(samples.bad_report()), fresh(serial="GOOD")
    filled(database, station, lost, failed, good)
    judged_by_the_old_rule(database)
    jws = b"h." + payload + b".s" if payload else b""
    of_failed = rows(database)
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE reports_report SET jws = ? WHERE report_id = ?", (jws, lost.report_id))
        raw.execute(
            "UPDATE reports_report SET jws = ?, outcome = 'failed' WHERE report_id = ?",
            (jws, failed.report_id),
        )
    lines = listed(database)
    assert lines[lost.report_id].outcome is Outcome.UNVERIFIED
    assert (lines[lost.report_id].drives, lines[lost.report_id].sanitized) == (2, 0)
    assert lines[failed.report_id].outcome is Outcome.FAILED
    assert lines[good.report_id].outcome is Outcome.ERASED
    assert len(rows(database)) == len(of_failed)
    for _start in range(2):  # it is told at each start
        warnings = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
        assert sum(lost.report_id in text for text in warnings) == 1
        assert not any(good.report_id in text for text in warnings)
        caplog.clear()
        open_database(str(database))
    kept = find_report(OURS, lost.report_id)
    close_database()
    assert kept is not None and kept.jws == jws


def test_it_is_all_judged_or_nothing(
    database: Path, station: Ed25519Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, station, changed_identity(), changed_identity())
    judged_by_the_old_rule(database)
    before, judged = rows(database), 0

    def broken(_report: Report) -> Outcome:
        nonlocal judged
        judged += 1
        if judged == 2:
            raise KeyboardInterrupt
        return Outcome.FAILED

    with monkeypatch.context() as patched:
        patched.setattr(judging, "report_outcome", broken)
        with pytest.raises(KeyboardInterrupt):
            open_database(str(database))
    assert rows(database) == before
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("SELECT DISTINCT rule FROM reports_report").fetchall() == [(0,)]
    assert {line.outcome for line in listed(database).values()} == {Outcome.FAILED}


def test_many_reports_are_told_of_while_they_are_judged(
    database: Path,
    station: Ed25519Signer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    filled(database, station, *(fresh(serial=str(n)) for n in range(5)))
    judged_by_the_old_rule(database)
    monkeypatch.setattr(judging, "TELL_EACH", 2)
    caplog.set_level(logging.INFO, "reprise.server")
    listed(database)
    told = [one.getMessage() for one in caplog.records if one.name == "reprise.server"]
    assert [text.split(":")[-1].strip() for text in told] == [
        "0 sur 5.",
        "2 sur 5.",
        "4 sur 5.",
        "5 sur 5.",
    ]
