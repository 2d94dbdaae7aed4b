"""Sealing, and the commands that read what was sealed."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from reprise import i18n
from reprise.__main__ import main
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import generate_signer, load_public_key, verify_jws
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import FolderStore
from reprise.codec import from_json, sha256_hex, to_json
from reprise.domain.drives.unreached import StorageLooked, Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Inventory
from reprise.domain.report.events import InventoryTaken, Observation, ObservationKind, ReportSealed
from reprise.domain.report.report import Report
from reprise.errors import InputError, StorageError
from reprise.workflow.delivery.submit import seal, seal_left
from unit.adapters.delivery.delivery_samples import (
    REPORT,
    SESSION,
    attempt,
    ended,
    inventory,
    planned,
    started,
)
from unit.domain.pc import samples


class Sealed:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = FolderStore(folder)
        self.signer = station_signer(self.store)
        self.journal = StoreJournal(self.store, SESSION, SystemClock())
        self.outbox = StoreOutbox(self.store)
        self.file = folder / "reports" / f"{REPORT}.jws"

    def seal(self, *image_sha256: str) -> ReportSealed:
        return seal(self.journal, self.store, self.signer, self.outbox, *image_sha256)

    def report(self) -> Report:
        key = load_public_key((self.folder / "station.pub.pem").read_bytes(), "k")
        return from_json(verify_jws(self.file.read_bytes(), key), Report)


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    i18n.set_language("en")
    made = Sealed(tmp_path / "data")
    for event in (started(), inventory(), planned(), attempt(), *ended()):
        made.journal.append(event)
    return made


def test_seals_exact_bytes_once(sealed: Sealed) -> None:
    digest = sealed.journal.digest()
    event = sealed.seal()
    jws = sealed.file.read_bytes()
    report = sealed.report()
    assert report.journal_sha256 == digest
    assert report.drives[0].attempts[0].job_id == "j1"
    assert event == ReportSealed(REPORT, sha256_hex(jws), "folder")
    assert (sealed.folder / "outbox" / f"{REPORT}.jws").read_bytes() == jws
    assert sealed.seal() == event
    assert sealed.file.read_bytes() == jws
    assert [type(s.event).__name__ for s in sealed.journal.events()].count("ReportSealed") == 1


def test_the_image_that_the_pc_was_started_from_stands_in_the_report(sealed: Sealed) -> None:
    event = sealed.seal("ab" * 32)
    assert sealed.report().station.image_sha256 == "ab" * 32
    assert sealed.seal("cd" * 32) == event, "a report is final"
    journal = [type(s.event).__name__ for s in sealed.journal.events()]
    assert journal[-2:] == ["ImageMeasured", "ReportSealed"]


def test_an_image_that_is_not_read_to_its_end_is_left_open(sealed: Sealed) -> None:
    sealed.seal()
    assert sealed.report().station.image_sha256 == ""


def test_crash_between_report_and_outbox_is_made_good(sealed: Sealed) -> None:
    sealed.seal()
    (sealed.folder / "outbox" / f"{REPORT}.jws").unlink()
    again = Sealed(sealed.folder)
    jws = sealed.file.read_bytes()
    assert again.seal().sha256 == sha256_hex(jws)
    assert (sealed.folder / "outbox" / f"{REPORT}.jws").read_bytes() == jws


def test_nothing_is_sealed_without_an_inventory(tmp_path: Path) -> None:
    made = Sealed(tmp_path)
    made.journal.append(started())
    with pytest.raises(InputError):
        made.seal()
    assert not made.file.exists()


def test_a_report_is_never_replaced(sealed: Sealed) -> None:
    sealed.seal()
    with pytest.raises(StorageError):
        sealed.outbox.put(REPORT, b"other")
    with pytest.raises(InputError):
        sealed.outbox.put("../../etc/passwd", b"x")


def _today(sealed: Sealed, serial: str | None = None) -> Inventory:
    event = sealed.journal.events()[1].event
    assert isinstance(event, InventoryTaken)
    machine = event.inventory.machine
    return replace(event.inventory, machine=replace(machine, serial=serial or machine.serial))


def test_a_session_that_was_cut_off_is_reported_once_on_the_same_pc(tmp_path: Path) -> None:
    made = Sealed(tmp_path)
    taken = inventory()
    machine = replace(taken.inventory.machine, serial="PC1")
    taken = replace(taken, inventory=replace(taken.inventory, machine=machine))
    for event in (started(), taken, attempt()):
        made.journal.append(event)

    def left(today: Inventory) -> tuple[str, ...]:
        earlier = [(SESSION, made.journal.events(), made.journal.digest())]
        return seal_left(earlier, today, made.signer, made.outbox)

    assert left(_today(made, serial="PC2")) == ()  # may still be at work there
    assert left(replace(_today(made), drives=())) == ()
    (report_id,) = left(_today(made))
    assert left(_today(made)) == ()
    jws = (tmp_path / "outbox" / f"{report_id}.jws").read_bytes()
    key = load_public_key((tmp_path / "station.pub.pem").read_bytes(), "k")
    report = from_json(verify_jws(jws, key), Report)
    assert report.report_id == report_id != REPORT
    assert report.session_id == SESSION
    assert report.drives[0].state is DriveState.INTERRUPTED


def test_a_session_that_an_older_version_reported_is_not_reported_again(sealed: Sealed) -> None:
    events = sealed.journal.events()
    args = (_today(sealed), sealed.signer, sealed.outbox)
    older = uuid.uuid5(uuid.NAMESPACE_OID, f"reprise-left:{SESSION}")
    told = replace(samples.good_report(), report_id=str(older))
    kept = generate_signer().sign(to_json(told))  # its key is not on this stick any more
    sealed.store.write(f"reports/{older}.jws", kept)
    assert seal_left([(SESSION, events, "aa")], *args) == ()


def test_a_session_that_was_reported_or_erased_nothing_is_not_reported_again(
    sealed: Sealed,
) -> None:
    events = sealed.journal.events()
    args = (_today(sealed), sealed.signer, sealed.outbox)
    assert seal_left([(SESSION, events[:2], "")], *args) == ()
    sealed.seal()
    assert seal_left([(SESSION, events, "")], *args) == ()  # the report itself is there
    assert seal_left([(SESSION, sealed.journal.events(), "")], *args) == ()


def test_a_whole_report_in_the_queue_is_not_written_over_by_one_made_again(sealed: Sealed) -> None:
    """After a power cut the kept copy may have no bytes, and the station a new key."""
    earlier = [(SESSION, sealed.journal.events(), "aa")]
    today = _today(sealed)
    (report_id,) = seal_left(earlier, today, sealed.signer, sealed.outbox)
    whole = sealed.outbox.read(report_id)
    (sealed.folder / "reports" / f"{report_id}.jws").write_bytes(b"")
    assert seal_left(earlier, today, generate_signer(), sealed.outbox) == ()
    assert sealed.outbox.read(report_id) == whole


def test_one_that_cannot_be_kept_leaves_no_other_session_unreported(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[str]()

    def put(report_id: str, _jws: bytes) -> None:
        tried.append(report_id)
        if len(tried) == 1:
            raise StorageError("no room")

    monkeypatch.setattr(sealed.outbox, "put", put)
    earlier = [(SESSION, sealed.journal.events(), digest) for digest in ("aa", "bb")]
    with pytest.raises(StorageError, match="no room"):
        seal_left(earlier, _today(sealed), sealed.signer, sealed.outbox)
    assert len(tried) == 2


def _run(*words: str) -> int:
    return main(["--lang", "en", *words])


def test_verify_says_good_in_one_line(sealed: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    sealed.journal.append(StorageLooked(()))
    sealed.seal()
    key = sealed.folder / "station.pub.pem"
    assert _run("report", "verify", str(sealed.file), "--key", str(key)) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    for word in ("good signature", sealed.signer.kid, REPORT, "W62A0001", "Erasure certificate"):
        assert word in out


def test_verify_says_what_the_rule_makes_of_it(
    sealed: Sealed, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the certificate does, whatever the report calls each drive."""
    sealed.journal.append(StorageLooked((Unreached(UnreachedKind.APPEARED, "sdz"),)))
    sealed.seal()
    out = _verified(sealed, capsys)
    assert "Erasure certificate" not in out
    assert "Erased and verified" in out  # the drive; but
    assert "warning: a drive came up after the drives were read" in out
    # as an older version told it, which judged the last attempt alone
    report = sealed.report()
    (drive,) = report.drives
    kept = Observation(drive.identity.key, ObservationKind.AREA_KEPT_DATA, {"area": "boot0"})
    (done,) = drive.attempts
    older = replace(drive, attempts=(replace(done, observations=(kept,)),))
    assert older.state is DriveState.SANITIZED
    sealed.file.write_bytes(sealed.signer.sign(to_json(replace(report, drives=(older,)))))
    assert "Erased and verified" not in _verified(sealed, capsys)


def _verified(sealed: Sealed, capsys: pytest.CaptureFixture[str]) -> str:
    key = sealed.folder / "station.pub.pem"
    assert _run("report", "verify", str(sealed.file), "--key", str(key)) == 0
    return capsys.readouterr().out


def test_verify_tells_signature_key_and_format_apart(
    sealed: Sealed, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sealed.seal()
    key = str(sealed.folder / "station.pub.pem")
    changed = bytearray(sealed.file.read_bytes())
    changed[len(changed) // 2] = ord("A") if changed[len(changed) // 2] != ord("A") else ord("B")
    (tmp_path / "changed.jws").write_bytes(changed)
    changed[len(changed) // 2] = 0
    (tmp_path / "damaged.jws").write_bytes(changed)
    (tmp_path / "text.jws").write_bytes(b"hello")
    (tmp_path / "other.pem").write_bytes(generate_signer().public_pem())
    (tmp_path / "signed.jws").write_bytes(sealed.signer.sign(b'{"a":1}'))
    cases = [
        (tmp_path / "changed.jws", key, 4, "bad signature"),
        (tmp_path / "damaged.jws", key, 4, "bad signature"),
        (sealed.file, str(tmp_path / "other.pem"), 4, "wrong key"),
        (tmp_path / "text.jws", key, 4, "not a signed report"),
        (tmp_path / "signed.jws", key, 4, "bad format"),
        (sealed.file, str(sealed.file), 2, "not a usable key"),
        (sealed.file, str(tmp_path / "none"), 2, "cannot be read"),
        (tmp_path / "none.jws", key, 2, "cannot be read"),
    ]
    for file, with_key, code, words in cases:
        assert _run("report", "verify", str(file), "--key", with_key) == code
        said = capsys.readouterr()
        assert said.out == ""
        assert words in said.err
        assert said.err.count("\n") == 1


def test_show_prints_the_payload(sealed: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    sealed.seal()
    assert _run("report", "show", str(sealed.file)) == 0
    assert json.loads(capsys.readouterr().out)["report_id"] == REPORT


def test_outbox_status_and_send(sealed: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    sealed.seal()
    data = ("--data", str(sealed.folder))
    assert _run(*data, "outbox", "status") == 0
    out = capsys.readouterr().out
    assert "No server is set" in out
    assert REPORT in out
    assert _run(*data, "outbox", "status", "--json") == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert [(i["report_id"], i["state"]) for i in items] == [(REPORT, "waiting")]
    assert _run(*data, "outbox", "send") == 2
    assert "no server is set" in capsys.readouterr().err
    (sealed.folder / "reprise.toml").write_text("[server]\nurl = 'http://127.0.0.1:1'\n")
    assert _run(*data, "outbox", "send") == 4
    assert "no server answers on it" in capsys.readouterr().out
    (sealed.folder / "reprise.toml").write_text("[server\n")
    assert _run(*data, "outbox", "status") == 2
    assert "reprise.toml, line 1" in capsys.readouterr().err
