"""What lies in the table of reports and is no sound report is believed in nothing: it silences no
other, it erased nothing, and it hides from no check. `reprise server check` tells it, and a restore
takes it out of the list."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reprise import codec
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.codec import sha256_hex
from reprise.domain.report.report import Report
from reprise.server.database import close_database
from reprise.server.database_address import database_address
from reprise.server.opening import look_into, open_database
from reprise.server.reports import verifying
from reprise.server.reports.judging import judge_one
from reprise.server.reports.sound import State
from reprise.server.reports.verifying import look_at_each
from reprise.server.upkeep.checking import look_at_content
from reprise.server.upkeep.finding import Finding, Mark
from server.kit import enrolled, fresh, signed
from server.taking import put_report
from unit.domain.pc import samples

pytestmark = pytest.mark.whole


@dataclass(frozen=True)
class Made:
    """A PC that was not erased, and a station that signs anything."""

    database: Path
    station: Ed25519Signer
    failed: Report

    def letter(self) -> bytes:
        """Signed by it, and nothing that this version reads."""
        told = json.loads(codec.to_json(fresh(samples.good_report())))
        return self.station.sign(json.dumps({**told, "operator": 7}).encode())

    @contextmanager
    def by_hand(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.database)) as raw, raw:
            yield raw

    def replaced(self, raw: sqlite3.Connection, body: bytes) -> None:
        words = "UPDATE reports_report SET jws = ?, sha256 = ? WHERE report_id = ?"
        raw.execute(words, [body, sha256_hex(body), self.failed.report_id])

    def states(self) -> dict[str | bytes, State]:
        look_into(str(self.database))
        found = {looked.report_id: looked.state for looked in look_at_each()}
        close_database()
        return found

    def look(self, *, anew: bool = False) -> list[Finding]:
        (open_database if anew else look_into)(str(self.database))
        address = database_address(str(self.database))
        found = list(look_at_content(address, lambda *_: None, anew=anew))
        close_database()
        return found

    def listed(self) -> list[str]:
        with self.by_hand() as raw:
            return [row[0] for row in raw.execute("SELECT outcome FROM reports_pc ORDER BY id")]


def put(database: Path, station: Ed25519Signer, *reports: Report) -> None:
    open_database(str(database))
    for report in reports:
        put_report(report, signed(station, report), station.kid)
    close_database()


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return made_in(tmp_path)


def made_in(folder: Path) -> Made:
    """A server's database with one report."""
    database = folder / "here" / "reprise.db"
    made = Made(database, enrolled(database, folder / "stick"), fresh(samples.bad_report()))
    put(database, made.station, made.failed)
    return made


# What the list is made to say of a report that cannot be read.
_BELIEVED = (
    "UPDATE reports_report SET outcome = 'sanitized'",
    "UPDATE reports_drive SET state = 'sanitized'",
    "UPDATE reports_drive SET achieved = 'purge'",
    "UPDATE reports_pc SET outcome = 'sanitized'",
    "UPDATE reports_report SET superseded_by = 'another'",
)


@pytest.mark.parametrize("line", _BELIEVED)
def test_what_cannot_be_read_erased_nothing(made: Made, line: str) -> None:
    with made.by_hand() as raw:
        made.replaced(raw, made.letter())
    made.look(anew=True)  # as one that was doubted when this version began
    assert made.states() == {made.failed.report_id: State.UNREADABLE}
    assert made.look()[-1].mark is Mark.DOUBT
    with made.by_hand() as raw:
        assert raw.execute(line).rowcount
    assert made.states() == {made.failed.report_id: State.BELIEVED}
    found = made.look(anew=True)
    assert found[-1].mark is Mark.BAD
    assert made.states() == {made.failed.report_id: State.UNREADABLE}
    assert made.listed()[0] in ("failed", "unverified")
    with made.by_hand() as raw:
        rows = set(raw.execute("SELECT state, achieved FROM reports_drive"))
    assert not rows & {(state, how) for state, how in rows if state == "sanitized" or how != "none"}


@pytest.mark.parametrize("body", ["a letter", "other bytes"])
@pytest.mark.parametrize("cut_off", [0, 1])
def test_what_is_not_sound_silences_nobody(made: Made, body: str, cut_off: int) -> None:
    """A row of its own, of the session of the report that failed, and longer than that."""
    number, bytes_ = str(uuid.UUID(int=0)), made.letter() if body == "a letter" else b"x"
    with made.by_hand() as raw:
        raw.executescript("CREATE TEMP TABLE another AS SELECT * FROM reports_report")
        words = "UPDATE another SET report_id = ?, jws = ?, sha256 = ?, outcome = 'sanitized'"
        raw.execute(words, [number, bytes_, sha256_hex(bytes_)])
        raw.execute("UPDATE another SET session_s = session_s + 1, cut_off = ?", [cut_off])
        raw.execute("UPDATE reports_report SET cut_off = 1, superseded_by = ?", [number])
        raw.execute("INSERT INTO reports_report SELECT * FROM another")
        raw.execute("UPDATE reports_pc SET outcome = 'sanitized'")
    unsound = State.BELIEVED if body == "a letter" else State.UNPROVEN
    assert made.states() == {number: unsound, made.failed.report_id: State.OTHERWISE}
    made.look(anew=True)
    left = State.UNREADABLE if body == "a letter" else State.UNPROVEN
    assert made.states() == {number: left, made.failed.report_id: State.GOOD}
    assert made.listed()[0] in ("failed", "unverified")
    # nor when the session's next report comes
    later = replace(made.failed, report_id=str(uuid.uuid4()), left_of=str(uuid.uuid4()))
    put(made.database, made.station, later)
    assert made.states()[made.failed.report_id] is State.GOOD


def test_what_its_session_said_before_hides_no_doubt(made: Made) -> None:
    """A start before says that it erased, and was sent after the report that failed."""
    good = samples.good_report()
    inventory = replace(good.inventory, machine=made.failed.inventory.machine)
    session = made.failed.session_id
    part = fresh(replace(good, inventory=inventory, clock=made.failed.clock))
    part = replace(part, session_id=session, left_of=str(uuid.uuid4()))
    put(made.database, made.station, part)
    with made.by_hand() as raw:
        raw.execute("UPDATE reports_report SET jws = x'00' WHERE cut_off = 0")
    made.look(anew=True)
    assert made.states()[part.report_id] is State.GOOD
    with made.by_hand() as raw:
        assert raw.execute("SELECT superseded_by FROM reports_report").fetchall() == [("",), ("",)]
    assert made.listed() == ["failed"]


def test_what_can_be_read_again_is_of_its_session_again(made: Made) -> None:
    part = replace(made.failed, report_id=str(uuid.uuid4()), left_of=str(uuid.uuid4()))
    put(made.database, made.station, part)
    with made.by_hand() as raw:
        (jws,) = raw.execute("SELECT jws FROM reports_report WHERE cut_off = 0").fetchone()
        made.replaced(raw, made.letter())
    open_database(str(made.database))
    judge_one(made.failed.report_id)
    close_database()
    assert made.states()[part.report_id] is State.GOOD
    with made.by_hand() as raw:
        made.replaced(raw, jws)
        raw.execute("UPDATE reports_report SET rule = 0")  # another version begins
    open_database(str(made.database))
    close_database()
    assert set(made.states().values()) == {State.GOOD}


def test_a_pc_is_compared_whenever_its_first_sound_report_is_looked_at(made: Made) -> None:
    def numbered(number: int, report: Report) -> Report:
        return replace(report, report_id=str(uuid.UUID(int=number << 96 | 4 << 76 | 8 << 60)))

    first, last = (numbered(n, fresh(samples.bad_report(), serial="TWICE")) for n in (1, 99))
    others = [numbered(n, fresh(serial=f"S{n}")) for n in range(2, 23)]
    put(made.database, made.station, first, *others, last)
    with made.by_hand() as raw:
        raw.execute("UPDATE reports_report SET jws = x'00' WHERE report_id = ?", [first.report_id])
    assert made.states()[last.report_id] is State.GOOD
    for line in ("serial = 'X'", "outcome = 'sanitized'"):
        with made.by_hand() as raw:
            raw.execute(f"UPDATE reports_pc SET {line} WHERE serial = 'TWICE'")  # noqa: S608
        assert made.states()[last.report_id] is State.OTHERWISE
        made.look(anew=True)
        assert made.states()[last.report_id] is State.GOOD
    assert "failed" in made.listed()


@pytest.mark.parametrize("number", [b"\0", b"\xff"])
def test_a_number_that_is_no_text_ends_no_check(made: Made, number: bytes) -> None:
    put(made.database, made.station, fresh(samples.good_report(), serial="ZZ"))
    with made.by_hand() as raw:
        for table in ("reports_report", "reports_drive"):
            words = f"UPDATE {table} SET report_id = ? WHERE report_id = ?"  # noqa: S608
            raw.execute(words, [number, made.failed.report_id])
        raw.execute("UPDATE reports_report SET outcome = 'sanitized' WHERE report_id = ?", [number])
        raw.execute("UPDATE reports_pc SET outcome = 'sanitized'")
    open_database(str(made.database))
    every = look_at_each()
    assert [next(every).state for _ in range(2)] == [State.GOOD, State.CHANGED]
    assert next(every, None) is None
    close_database()
    assert made.look(anew=True)[-1].mark is Mark.BAD
    assert made.listed() == ["unverified", "sanitized"]


@pytest.mark.parametrize("what", ["pc_id = 'x'", "pc_id = x'00'", "kid = x'00'", "kid = 5"])
def test_a_column_that_holds_another_kind_is_told(made: Made, what: str) -> None:
    with made.by_hand() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute(f"UPDATE reports_report SET {what}")  # noqa: S608
    told = State.OTHERWISE if "pc_id" in what else State.UNPROVEN
    assert made.states() == {made.failed.report_id: told}
    made.look(anew=True)
    assert made.states() == {made.failed.report_id: State.GOOD}


# Text that is no UTF-8.
_NO_TEXT = "CAST(x'61ff' AS TEXT)"
_COLUMNS = {
    "reports_report": "sha256 received_at done_at kid pc_id outcome sealed_at asset_tag lot donor "
    "session_id cut_off session_s superseded_by rule organisation jws",
    "reports_drive": "position model serial wwn size_bytes state achieved",
    "reports_pc": "organisation_id machine_key maker model serial uuid chassis name kind "
    "last_received_at outcome",
    "reports_words": "words",
}


@pytest.mark.parametrize(
    ("table", "column"), [(table, one) for table in _COLUMNS for one in _COLUMNS[table].split()]
)
def test_text_that_is_no_utf_8_ends_nothing(made: Made, table: str, column: str) -> None:
    with made.by_hand() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        words = f"UPDATE OR IGNORE {table} SET {column} = {_NO_TEXT}"  # noqa: S608
        assert raw.execute(words).rowcount
    made.look()
    made.look(anew=True)
    assert made.look(anew=True)
    with made.by_hand() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("UPDATE reports_report SET rule = 1")
        raw.execute(words)
    open_database(str(made.database))  # another version begins
    close_database()
    assert "sanitized" not in made.listed()


def test_numbers_that_are_no_utf_8_are_each_looked_at_once(made: Made) -> None:
    numbers = ["CAST(x'30ff' AS TEXT)", "CAST(x'ff' AS TEXT)", "x'ff'", "x'00'", "'~'"]
    with made.by_hand() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.executescript("CREATE TEMP TABLE another AS SELECT * FROM reports_report")
        raw.execute("UPDATE another SET cut_off = 1, outcome = 'sanitized'")
        for number in numbers:
            raw.execute(f"UPDATE another SET report_id = {number}")  # noqa: S608
            raw.execute("INSERT INTO reports_report SELECT * FROM another")
    for at_once in (1, 2, 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(verifying, "_AT_ONCE", at_once)
            look_into(str(made.database))
            found = [looked.report_id for looked in look_at_each()]
            close_database()
        assert sorted(found, key=str) == sorted(
            [made.failed.report_id, b"0\xff", b"\xff", b"\xff", b"\0", "~"], key=str
        )
    assert made.look(anew=True)[-1].mark is Mark.BAD
    with made.by_hand() as raw:
        words = "SELECT count(*) FROM reports_report WHERE outcome = 'sanitized'"
        assert raw.execute(words).fetchall() == [(0,)]
