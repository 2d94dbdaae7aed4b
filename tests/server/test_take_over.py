"""The reports of a server of Reprise 0.1: none is lost, altered, or called better than it is.

made_by_0_1.sql is a dump of what the server of commit 69dbabc kept of five reports: of two
stations, one revoked; of three sessions, one of which sent what its journal told, and two of its
own."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reprise import codec
from reprise.adapters.signing.jws import generate_signer
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.outcome import Outcome
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.archive import find_report
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.telling import tell_report
from server.kit import b64, fresh, new_database, refused, reprise, serving, with_header
from server.taking import OURS
from server.test_commands import fails

DUMP = Path(__file__).with_name("made_by_0_1.sql")
GOOD, BAD = "54d88597-7ab6-4a73-9a79-9d8bdbd842e4", "57c6850f-a908-42f3-87cd-6a137f10ad28"
LEFT, SECOND = "f74e585e-7e7e-5f72-a2c1-a318f0215b26", "d7410160-c32a-4a66-9d90-024227c8baae"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executescript(DUMP.read_text())
        raw.execute("PRAGMA journal_mode=WAL")  # as the server left it
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    new_database(tmp_path / "new.db")
    return tmp_path / "new.db"


def originals(old: Path) -> dict[str, tuple[bytes, str]]:
    """Bytes, and when they came."""
    with closing(sqlite3.connect(old)) as raw:
        rows = raw.execute("SELECT report_id, jws, received_at FROM reports").fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


@pytest.mark.whole
def test_every_report_comes_as_it_was(old: Path, new: Path) -> None:
    before, was = old.read_bytes(), originals(old)
    assert len(was) == 5
    new.unlink()  # none is there before
    done = reprise("server", "take-over", str(old), "--database", str(new))
    assert done.returncode == 0, done.stderr
    assert f"Taken over into {new}: 5 reports; 0 were there already." in done.stdout
    assert old.read_bytes() == before
    open_database(str(new))
    for report_id, (jws, received_at) in was.items():
        stored = find_report(OURS, report_id)
        assert stored is not None
        assert (stored.jws, stored.sha256) == (jws, hashlib.sha256(jws).hexdigest())
        assert stored.received_at is not None
        assert stored.received_at.isoformat(" ").removesuffix("+00:00") == received_at
    lines = {line.report_id: line for pc in list_pcs(OURS, "", 1, 50).lines for line in pc.reports}
    close_database()
    assert {GOOD, BAD} < set(lines)
    assert not {LEFT, SECOND} & set(lines), "of one session one report counts"
    assert lines[GOOD].outcome is Outcome.ERASED
    assert lines[BAD].outcome is Outcome.FAILED
    with serving(new) as server:
        page = server.get(f"/reports/{BAD}?lang=en").text
        assert "The signature is good." in page
        assert "The key of this station was revoked" in page


def test_again_changes_nothing(old: Path, new: Path) -> None:
    for known in (0, 5):
        done = reprise("server", "take-over", str(old), "--database", str(new))
        assert done.returncode == 0
        assert f"{5 - known} reports; {known} were there already." in done.stdout


def test_a_report_that_was_damaged_is_kept_and_called_erased_no_more(old: Path, new: Path) -> None:
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.execute("UPDATE reports SET jws = ? WHERE report_id = ?", (b"h.!!!.s", GOOD))
    assert reprise("server", "take-over", str(old), "--database", str(new)).returncode == 4
    open_database(str(new))
    lines = {line.report_id: line for pc in list_pcs(OURS, "", 1, 50).lines for line in pc.reports}
    kept = find_report(OURS, GOOD)
    close_database()
    assert kept is not None and kept.jws == b"h.!!!.s"
    assert (lines[GOOD].outcome, lines[GOOD].drives, lines[GOOD].sanitized) == (
        Outcome.UNVERIFIED, 2, 0,
    )  # fmt: skip


def test_other_bytes_under_a_number_stay_where_they_are(old: Path, new: Path) -> None:
    assert reprise("server", "take-over", str(old), "--database", str(new)).returncode == 0
    was = originals(old)[BAD][0]
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.execute("UPDATE reports SET jws = ? WHERE report_id = ?", (was + b"x", BAD))
    done = reprise("server", "take-over", str(old), "--database", str(new))
    assert done.returncode == 4
    assert BAD in done.stderr
    open_database(str(new))
    kept = find_report(OURS, BAD)
    close_database()
    assert kept is not None and kept.jws == was


def test_the_server_says_what_to_do_with_such_a_database(old: Path) -> None:
    before = old.read_bytes()
    done = reprise("serve", "--port", "0", "--database", str(old))
    fails(done, 2, "Reprise 0.1", f"reprise server take-over {old} --database NEW")
    assert old.read_bytes() == before


def test_what_is_no_such_database(tmp_path: Path, new: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as raw, raw:
        raw.execute("CREATE TABLE reports (x)")
    for wrong, words in ((other, "not a database of Reprise 0.1"), (tmp_path / "no", "not exist")):
        fails(reprise("server", "take-over", str(wrong), "--database", str(new)), 2, words)


@pytest.mark.whole
def test_bytes_under_another_s_number_prove_nothing(old: Path, new: Path) -> None:
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.execute(
            "UPDATE reports SET outcome = 'sanitized', sha256 = 'deadbeef',"
            " jws = (SELECT jws FROM reports WHERE report_id = ?) WHERE report_id = ?",
            (GOOD, BAD),
        )
    assert reprise("server", "take-over", str(old), "--database", str(new)).returncode == 4
    open_database(str(new))
    lines = {line.report_id: line for pc in list_pcs(OURS, "", 1, 50).lines for line in pc.reports}
    close_database()
    assert lines[BAD].outcome is Outcome.UNVERIFIED
    with serving(new) as server:
        page = server.get(f"/reports/{BAD}?lang=en", Accept="text/html")
        assert page.status_code == 500
        assert "The stored report is damaged" in page.text


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM machines",
        "UPDATE reports SET received_at = 'yesterday'",
        "UPDATE reports SET jws = 'text'",
        "UPDATE drives SET size_bytes = 'large'",
        "ALTER TABLE reports DROP COLUMN lot",
    ],
)
def test_a_database_that_is_damaged_is_said_to_be(old: Path, new: Path, damage: str) -> None:
    with closing(sqlite3.connect(old)) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(damage)
        raw.commit()
    fails(reprise("server", "take-over", str(old), "--database", str(new)), 4, "is damaged")
    open_database(str(new))
    assert list_pcs(OURS, "", 1, 50).pcs == 0
    close_database()


def test_what_no_station_signed_is_kept_told_and_silences_nothing(old: Path, new: Path) -> None:
    """The bytes of BAD are made to say what GOOD says, and to be the own report of LEFT's
    session."""
    jws = {report_id: row[0] for report_id, row in originals(old).items()}
    head, _payload, signature = jws[BAD].split(b".")
    said = json.loads(base64.urlsafe_b64decode(jws[GOOD].split(b".")[1] + b"=="))
    left = json.loads(base64.urlsafe_b64decode(jws[LEFT].split(b".")[1] + b"=="))
    said |= {"report_id": BAD, "session_id": left["session_id"]}
    forged = head + b"." + b64(json.dumps(said).encode()) + b"." + signature
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.execute("UPDATE reports SET jws = ? WHERE report_id = ?", (forged, BAD))
        raw.execute("UPDATE reports SET outcome = 'better' WHERE report_id = ?", (BAD,))
        raw.execute("UPDATE drives SET state = 'sanitized', achieved = 'purge'")
        raw.execute("UPDATE drives SET state = 'best' WHERE position = 0")
    done = reprise("server", "take-over", str(old), "--database", str(new))
    assert done.returncode == 4
    assert [line for line in done.stderr.splitlines() if "is kept" in line and BAD in line]
    assert GOOD not in done.stderr
    again = reprise("server", "take-over", str(old), "--database", str(new))
    assert (again.returncode, "is kept" in again.stderr) == (0, False)
    for _start in range(2):
        open_database(str(new))
        told = tell_report(OURS, BAD)
        says = models.Report.objects.values_list("session_id", "cut_off").get(pk=BAD)
        close_database()
        assert says == ("", False)  # it is no word on any session
        assert told.outcome is Outcome.UNVERIFIED
        assert told.drives and {(one.state, one.achieved) for one in told.drives} == {
            (DriveState.UNVERIFIED, Method.NONE)
        }


@pytest.mark.whole
def test_a_key_under_a_number_that_is_not_its_own_is_not_taken(old: Path, new: Path) -> None:
    other = generate_signer()
    with closing(sqlite3.connect(old)) as raw, raw:
        (kid,) = raw.execute("SELECT kid FROM reports WHERE report_id = ?", (GOOD,)).fetchone()
        pem = other.public_pem().decode()
        raw.execute("UPDATE stations SET public_pem = ? WHERE kid = ?", (pem, kid))
    done = reprise("server", "take-over", str(old), "--database", str(new))
    assert done.returncode == 4
    assert f"was kept as {kid} is another one" in done.stderr
    assert [line for line in done.stderr.splitlines() if "is kept" in line and GOOD in line]
    with serving(new) as server:
        assert server.asked_by_a_stranger(f"/api/v1/stations/{kid}/key.pem").status_code == 404
        assert server.get(f"/api/v1/reports/{GOOD}/summary").json()["outcome"] == "unverified"
        header = {"alg": "EdDSA", "kid": kid, "typ": "reprise-report+jws"}
        report = fresh()
        body = with_header(other, codec.to_json(report), header)
        refused(server.put(report.report_id, body), 403, "revoked-key")
        assert server.get(f"/reports/{GOOD}").status_code == 500
        assert server.get("/stations").status_code == 200
