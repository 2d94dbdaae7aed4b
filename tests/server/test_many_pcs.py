"""What keeps lists and searches quick where there are many PCs: each is listed under what stands
with it, counts have an end, and no search reads every PC. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.server.database import close_database, connect_to, within, writing
from reprise.server.opening import open_database
from reprise.server.reports import catalogue, models, searching
from reprise.server.reports.catalogue import Narrowed, Sort, list_pcs
from reprise.server.reports.judging import judge_anew
from reprise.server.reports.listed import Kind
from reprise.server.reports.telling import tell_following
from reprise.server.stations.keys import make_key
from reprise.server.stations.services import enroll
from server.kit import fresh
from server.pages import one_drive
from server.taking import OURS, put_report

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The key of a station of an open database; PostgreSQL's user is no superuser."""
    database = str(tmp_path_factory.mktemp("many") / "reprise.db")
    if request.param == "postgresql":
        database = request.getfixturevalue("cluster").own_database()
    open_database(database)
    key = make_key()
    enroll(OURS, "Bench", key.public_pem.decode(), key.kid)
    try:
        yield key.kid
    finally:
        close_database()


@pytest.fixture
def kid(opened: str) -> str:
    """With no report yet."""
    for table in (models.Drive, models.Report, models.Words, models.Pc):
        table.objects.all().delete()
    return opened


def _put(
    kid: str, serial: str, verdict: Verdict | None = Verdict.VERIFIED, **machine: str
) -> Report:
    report = fresh(one_drive(verdict), serial=serial, uuid=serial, **machine)
    put_report(report, report.report_id.encode(), kid)
    return report


def _listed(text: str = "", narrowed: Narrowed | None = None, **how: Sort) -> list[str]:
    return [pc.serial for pc in list_pcs(OURS, text, 1, 50, narrowed=narrowed, **how).lines]


def test_a_pc_is_listed_under_its_newest_report_that_counts(kid: str) -> None:
    def under(outcome: Outcome) -> list[str]:
        return _listed(narrowed=Narrowed(outcome=outcome))

    _put(kid, "ONE", None)
    assert under(Outcome.INTERRUPTED) == ["ONE"]
    own = _put(kid, "ONE")
    assert (under(Outcome.INTERRUPTED), under(Outcome.ERASED)) == ([], ["ONE"])
    left = fresh(one_drive(None), serial="ONE", uuid="ONE")
    left = replace(left, session_id=own.session_id, left_of=own.report_id)
    put_report(left, b"left", kid)  # it does not count
    assert (under(Outcome.INTERRUPTED), under(Outcome.ERASED)) == ([], ["ONE"])
    models.Report.objects.filter(pk=own.report_id).update(rule=0)
    with writing():
        judge_anew()  # its bytes are no report: nobody can say any more that it was erased
    assert (under(Outcome.UNVERIFIED), under(Outcome.ERASED)) == (["ONE"], [])


def test_a_count_has_an_end(kid: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        _put(kid, f"PC-{number}")
    monkeypatch.setattr(catalogue, "MOST_COUNTED", 3)
    page = list_pcs(OURS, "", 9, 2)
    assert (page.pcs, page.more, page.pages, page.number) == (3, True, 2, 2)
    assert [pc.serial for pc in page.lines] == ["PC-2", "PC-1"]
    monkeypatch.setattr(catalogue, "MOST_COUNTED", 5)
    assert not list_pcs(OURS, "", 1, 2).more


def test_of_many_that_are_found_the_newest_come_first(
    kid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        _put(kid, f"PC-{number}")
    assert _listed("pc-", sort=Sort.SERIAL) == [f"PC-{number}" for number in range(6)]
    page = list_pcs(OURS, "pc-", 9, 4, sort=Sort.SERIAL)
    assert (page.number, page.pages, page.sort) == (2, 2, Sort.SERIAL)
    assert [pc.serial for pc in page.lines] == ["PC-4", "PC-5"]
    monkeypatch.setattr(searching, "MOST_FOUND", 4)
    page = list_pcs(OURS, "pc-", 9, 2, sort=Sort.SERIAL)
    assert (page.pcs, page.more, page.number, page.sort) == (4, True, 2, Sort.NEWEST)
    assert [pc.serial for pc in page.lines] == ["PC-3", "PC-2"]
    assert list_pcs(OURS, "pc-5", 3, 2).number == 1


def test_words_that_no_index_knows_are_looked_for_in_the_newest(
    kid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        _put(kid, f"ß-{number}")
    assert _listed("ß") == ["ß-3", "ß-2", "ß-1", "ß-0"]
    assert not list_pcs(OURS, "ß", 1, 50).lately
    monkeypatch.setattr(searching, "LATELY", 2)
    page = list_pcs(OURS, "ß", 1, 50)
    assert ([pc.serial for pc in page.lines], page.lately) == (["ß-3", "ß-2"], True)
    assert _listed("ß-0") == ["ß-0"]


def test_no_search_reads_every_pc(kid: str) -> None:
    _put(kid, "PLAN")
    here = models.Pc.objects.filter(organisation=1)
    with within(1), transaction.atomic():
        if connection.vendor == "sqlite":
            for pcs in (here, here.filter(outcome="failed", kind="laptop"), here.filter(name="x")):
                first, second = searching.holding(pcs, "serial lot").explain().splitlines()
                assert "SCAN reports_letters VIRTUAL TABLE INDEX" in first
                assert "SEARCH reports_pc USING INTEGER PRIMARY KEY" in second
            return
        with connection.cursor() as cursor:  # of a table of one row all is read soonest
            cursor.execute("SET LOCAL enable_seqscan = off")
        # Row security lets no index of letters work: this one is not behind it.
        letters = models.Words.objects.filter(words__contains="serial")
        assert "Index Scan on reports_letters" in letters.explain()
        listed = here.order_by("-last_received_at").explain()
        assert "Index Scan Backward using pc_by_last_received" in listed
        assert "InitPlan" in listed  # the wall is asked for once, not for each row


def test_a_copy_that_asks_for_what_follows_misses_none(kid: str) -> None:
    made = [_put(kid, f"COPY-{number}").report_id for number in range(5)]
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    for number, report_id in enumerate(made[:3]):  # two of one moment
        moment = long_ago + timedelta(days=number // 2)
        models.Report.objects.filter(pk=report_id).update(received_at=moment)
    made[:2] = sorted(made[:2])
    seen, mark, more = list[str](), "", True
    while more:
        following = tell_following(OURS, None, mark, 2)
        seen += [report.report_id for report in following.reports]
        mark, more = following.mark, following.more
    assert seen == made
    # One may come to the disk after one with a later moment: the last minute comes again.
    made.append(_put(kid, "COPY-5").report_id)
    again = tell_following(OURS, None, mark, 9)
    assert [report.report_id for report in again.reports] == made[3:]
    assert tell_following(OURS, None, again.mark, 9).reports == again.reports
    since = tell_following(OURS, long_ago + timedelta(days=1), "", 9).reports
    assert [report.report_id for report in since] == made[2:]
    models.Report.objects.update(received_at=long_ago)
    still = tell_following(OURS, None, again.mark, 9)  # nothing more comes: no mark goes back
    assert (still.reports, still.mark) == ((), again.mark)


def test_what_was_there_before_is_listed(tmp_path: Path) -> None:
    connect_to(str(tmp_path / "old.db"))
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    others = [leaf for leaf in leaves if leaf[0] != "reports"]
    MigrationExecutor(connection).migrate([*others, ("reports", "0004_walls")])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stations_station (kid, name, public_pem, enrolled_at, organisation_id,"
            " version, image_version) VALUES ('k', 'S', '', '2026-01-01 00:00:00', 1, '', '')"
        )
        cursor.execute(
            "INSERT INTO reports_pc (id, organisation_id, machine_key, maker, model, serial, uuid,"
            " chassis, last_received_at, words) VALUES (7, 1, 'key', 'Dell', 'Latitude', 'OLD', '',"
            " 'Notebook', '2026-01-01 00:00:00', 'words of old')"
        )
        for number, outcome, superseded in ((1, "failed", "2"), (2, "untouched", "")):
            cursor.execute(
                "INSERT INTO reports_report (report_id, received_at, outcome, superseded_by, rule,"
                " pc_id, kid, sha256, jws, sealed_at, asset_tag, lot, donor, session_id, cut_off,"
                " session_s) VALUES (%s, '2026-01-01 00:00:00', %s, %s, 9, 7, 'k', 'x', x'00',"
                " '', '', '', '', 'session', %s, 0)",
                [str(number), outcome, superseded, superseded != ""],
            )
    close_database()
    open_database(str(tmp_path / "old.db"))
    (line,) = list_pcs(OURS, "words old", 1, 50).lines
    # neither can be read: none is instead of the other, and the first of the session is listed
    assert (line.pc, line.outcome, line.kind) == (7, Outcome.FAILED, Kind.LAPTOP)
    assert models.Pc.objects.get().name == "dell latitude"
    assert set(models.Report.objects.values_list("organisation", flat=True)) == {1}
    close_database()
