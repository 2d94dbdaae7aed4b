"""Papers that nobody asks for go, and nothing else does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.server.database import close_database, writing
from reprise.server.files.opening import store
from reprise.server.jobs import services
from reprise.server.jobs.services import Standing, State, Trouble
from reprise.server.opening import open_database
from reprise.server.papers import archive, models
from reprise.server.papers.facts import Facts, facts_of
from reprise.server.papers.making import Papers
from reprise.server.papers.sweeping import sweep
from reprise.server.reports.archive import known_report
from reprise.server.reports.loading import load_any_report
from reprise.server.settings import ServerSettings, put_in_force
from reprise.server.stations.services import revoke
from server.kit import enrolled, fresh, open_new, signed
from server.taking import OURS, take_report

FACTS = Facts(
    report_id="01234567-89ab-4cde-8f01-23456789abcd",
    report_sha256="9e" * 32,
    language="fr",
    kid="kid",
    station="Bench",
    received_at="2026-01-01T00:00:00Z",
    revoked_at="",
    superseded_by="",
    public_url="",
    maker="this",
)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    database = tmp_path / "reprise.db"
    put_in_force(ServerSettings(database=str(database)), "")
    open_new(database)
    yield tmp_path / "reprise-data" / "papers"
    close_database()


def keep(facts: Facts, pdf: bytes, *, hours: float) -> str:
    """A paper that was made and used so long ago; the name of its file."""
    archive.keep(facts, pdf, facts.name)
    row = models.Paper.objects.get(name=facts.name)
    row.made_at -= timedelta(hours=hours)
    row.used_at -= timedelta(hours=hours)
    row.save()
    return row.sha256


def aged(files: Path) -> None:
    for file in files.glob("*/*"):
        os.utime(file, (time.time() - 7200,) * 2)


def there(files: Path) -> set[str]:
    return {file.name for file in files.glob("*/*")}


def test_every_fact_makes_another_paper() -> None:
    """Whatever changes of it, no older paper is sent."""
    names = {FACTS.name}
    for field in FACTS.__slots__:
        names.add(replace(FACTS, **{field: getattr(FACTS, field) + "x"}).name)
    assert len(names) == 1 + len(FACTS.__slots__)
    assert len(FACTS.__slots__) == 10


def test_what_was_made_this_moment_is_not_made_again(files: Path) -> None:
    """By a request that had looked for it just before."""
    keep(FACTS, b"pdf", hours=0)
    archive.ask(FACTS, 1)
    assert services.standing(archive.KIND, FACTS.name) is None
    other = replace(FACTS, language="en")
    archive.ask(other, 1)
    assert services.standing(archive.KIND, other.name) == Standing(State.WAITING, Trouble.NONE)


def test_a_program_that_asks_for_all_fills_no_queue(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reprise.server.papers.archive._MOST_WAITING", 2)
    several = [replace(FACTS, report_id=str(number)) for number in range(3)]
    for facts in several:
        assert archive.ask(facts, 1) == Standing(State.WAITING, Trouble.NONE)
    there = [services.standing(archive.KIND, facts.name) for facts in several]
    assert [one is not None for one in there] == [True, True, False]
    services.done(archive.KIND, several[0].name)
    archive.ask(several[2], 1)
    assert services.standing(archive.KIND, several[2].name) is not None
    others = replace(FACTS, report_id="of another organisation")
    archive.ask(others, 2)
    assert services.standing(archive.KIND, others.name) is not None


def test_what_another_made_meanwhile_is_not_made_again(files: Path, tmp_path: Path) -> None:
    """By one that had taken the job, and was thought to be dead. What is made is of what is true
    then, not when it was asked for."""
    database = str(tmp_path / "reprise.db")
    station = enrolled(database, tmp_path / "stick")
    open_database(database)
    report = fresh()
    take_report(report.report_id, signed(station, report))
    papers = Papers()
    stored, _report, bench = load_any_report(report.report_id)
    at_first = facts_of(stored, bench, language="fr", public_url="", maker=papers.maker)
    archive.ask(at_first, 1)
    job = services.take({archive.KIND: papers.maker}, 0)
    assert job is not None
    revoke(OURS, station.kid)
    begun = papers.begin(job)
    assert begun is not None
    assert begun.facts.revoked_at
    archive.keep(begun.facts, b"by another", at_first.name)
    with writing():
        services.ask(archive.KIND, job.name, 1, papers.maker, job.arguments)
    assert papers.begin(job) is None
    assert services.standing(archive.KIND, job.name) is None
    assert archive.find(at_first) is None


def test_a_paper_in_whose_place_a_newer_one_came_goes(files: Path) -> None:
    revoked = replace(FACTS, revoked_at="2026-02-01T00:00:00Z")
    old = keep(FACTS, b"old", hours=50)
    english = keep(replace(FACTS, language="en"), b"english", hours=50)
    other = keep(replace(FACTS, report_id="other"), b"other", hours=5000)
    aged(files)
    sweep()
    assert there(files) == {old, english, other}  # nothing came in its place
    new = keep(revoked, b"new", hours=0)
    sweep()
    assert there(files) == {new, english, other}
    assert archive.find(FACTS) is None
    kept = archive.find(revoked)
    assert kept is not None
    assert archive.read(kept) == b"new"


def test_a_paper_that_is_still_asked_for_stays(files: Path) -> None:
    """By a host that has an older version."""
    keep(FACTS, b"old", hours=50)
    keep(replace(FACTS, maker="newer"), b"new", hours=0)
    aged(files)
    assert archive.find(FACTS) is not None
    sweep()
    assert len(there(files)) == 2


def test_beyond_so_many_bytes_those_used_longest_ago_go(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reprise.server.papers.sweeping._AT_ONCE", 2)
    all_ = [
        keep(replace(FACTS, report_id=str(hours)), b"a paper" * 5, hours=hours)  # 100 bytes
        for hours in range(10)
    ]
    aged(files)
    sweep(most_bytes=450)
    assert there(files) == set(all_[:4])


def test_files_that_no_paper_names_go_and_others_stay(files: Path) -> None:
    first = keep(FACTS, b"the same paper", hours=0)
    second = keep(replace(FACTS, maker="other"), b"the same paper", hours=0)
    young = store().put("papers", b"about to be named")
    old = store().put("papers", b"of one that was killed")
    photo = store().put("photos", b"an original")
    aged(files)
    os.utime(files / young[:2] / young)
    sweep()
    assert there(files) == {first, second, young}
    assert old not in there(files)
    assert store().get("photos", photo) == b"an original"
    models.Paper.objects.filter(name=FACTS.name).delete()
    sweep()
    assert there(files) == {second, young}


def test_no_original_is_ever_swept(files: Path, tmp_path: Path) -> None:
    station: Ed25519Signer = enrolled(tmp_path / "reprise.db", tmp_path / "stick")
    open_new(tmp_path / "reprise.db")
    report = fresh()
    body = signed(station, report)
    take_report(report.report_id, body)
    keep(replace(FACTS, report_id=report.report_id), b"pdf", hours=5000)
    aged(files)
    sweep(most_bytes=0)
    assert there(files) == set()
    stored = known_report(report.report_id)
    assert stored is not None
    assert stored.jws == body


def test_use_is_remembered_to_the_day(files: Path) -> None:
    keep(FACTS, b"pdf", hours=25)
    before = models.Paper.objects.get().used_at
    archive.find(FACTS)
    after = models.Paper.objects.get().used_at
    assert after - before > timedelta(hours=24)
    archive.find(FACTS)
    assert models.Paper.objects.get().used_at == after
