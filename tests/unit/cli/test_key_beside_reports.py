"""The key that signed lies beside the reports, wherever they are copied to: a report that nobody
can verify after the PC is off is a lost proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise import i18n
from reprise.__main__ import main
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import Ed25519Signer, generate_signer, load_public_key, verify_jws
from reprise.adapters.signing.station_key import key_file, station_signer
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.cli.commands.erase import _copy_report
from reprise.workflow.delivery.submit import seal
from unit.adapters.delivery.delivery_samples import (
    REPORT,
    SESSION,
    attempt,
    finished,
    inventory,
    started,
)


def _sealed(store: MirroredStore) -> Ed25519Signer:
    signer = station_signer(store)
    journal = StoreJournal(store, SESSION, SystemClock())
    for event in (started(), inventory(), attempt(), finished()):
        journal.append(event)
    seal(journal, store, signer, StoreOutbox(store))
    return signer


def _organisations_stick(folder: Path) -> bytes:
    """A stick with a key of its own; gives its public half."""
    folder.mkdir()
    theirs = generate_signer()
    (folder / "station.key.pem").write_bytes(theirs.private_pem())
    (folder / "station.pub.pem").write_bytes(theirs.public_pem())
    return theirs.public_pem()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """What is left when a session began without a stick and an organisation's came later."""
    plugged: Path | None = None
    store = MirroredStore(tmp_path / "memory", lambda: plugged)
    _sealed(store)
    plugged = tmp_path / "stick"
    theirs = _organisations_stick(plugged)
    assert store.sync() is True
    assert (plugged / "station.pub.pem").read_bytes() == theirs
    return plugged


def test_a_stick_with_its_own_key_gets_the_public_half_that_signed(
    stick: Path, tmp_path: Path
) -> None:
    memory_key = (tmp_path / "memory/station.key.pem").read_bytes()
    (found,) = (stick / "reports").glob("*.pem")
    key = load_public_key(found.read_bytes(), "k")
    assert verify_jws((stick / "reports" / f"{REPORT}.jws").read_bytes(), key)
    everything = b"".join(p.read_bytes() for p in stick.rglob("*") if p.is_file())
    assert memory_key not in everything, "a private key never goes to a stick that has one"


def test_a_report_is_not_called_safe_without_its_key(tmp_path: Path) -> None:
    plugged: Path | None = None
    store = MirroredStore(tmp_path / "memory", lambda: plugged)
    signer = _sealed(store)
    plugged = tmp_path / "stick"
    _organisations_stick(plugged)
    store.sync()
    assert store.where() == "stick"
    (plugged / key_file(signer.kid)).unlink()
    assert store.where() == "memory"
    assert store.sync() is True
    assert store.where() == "stick"


def test_a_stick_swapped_for_one_with_another_key_gets_the_first_ones(tmp_path: Path) -> None:
    """The key came from the first stick: memory must hold its public half for the second."""
    plugged = tmp_path / "one"
    public = _organisations_stick(plugged)
    store = MirroredStore(tmp_path / "memory", lambda: plugged)
    signer = _sealed(store)
    plugged = tmp_path / "two"
    _organisations_stick(plugged)
    assert store.sync() is True
    assert (plugged / key_file(signer.kid)).read_bytes() == public


def test_an_empty_stick_gets_both_halves_of_another_sticks_key(tmp_path: Path) -> None:
    plugged = tmp_path / "one"
    public = _organisations_stick(plugged)
    store = MirroredStore(tmp_path / "memory", lambda: plugged)
    station_signer(store)
    plugged = tmp_path / "two"
    plugged.mkdir()
    assert store.sync() is True
    assert (plugged / "station.pub.pem").read_bytes() == public


def test_a_damaged_copy_of_the_key_is_made_good(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    signer = station_signer(store)
    (tmp_path / key_file(signer.kid)).write_bytes(b"damaged")
    station_signer(store)
    assert (tmp_path / key_file(signer.kid)).read_bytes() == signer.public_pem()


def test_a_report_that_is_copied_to_a_folder_takes_its_key_along(tmp_path: Path) -> None:
    """`reprise erase --report-dir` without --data: the store is in memory and gone afterwards."""
    store = FolderStore(tmp_path / "memory")
    signer = _sealed(store)
    (tmp_path / "out").mkdir()
    _copy_report(store, signer.kid, REPORT, tmp_path / "out")
    (found,) = (tmp_path / "out").glob("*.pem")
    key = load_public_key(found.read_bytes(), "k")
    assert verify_jws((tmp_path / "out" / f"{REPORT}.jws").read_bytes(), key)


@pytest.mark.parametrize("command", [("verify",), ("pdf", "-o", "out.pdf")])
def test_a_wrong_key_names_the_file_of_the_right_one_and_is_still_wrong(
    stick: Path,
    command: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not taken by itself: who forges a report can forge a key beside it."""
    monkeypatch.chdir(stick)
    i18n.set_language("en")
    what, *more = command
    report, wrong = f"reports/{REPORT}.jws", "station.pub.pem"
    assert main(["--lang", "en", "report", what, report, "--key", wrong, *more]) == 4
    told = capsys.readouterr().err
    (right,) = Path("reports").glob("*.pem")
    assert "wrong key" in told and str(right) in told
    assert main(["--lang", "en", "report", what, report, "--key", str(right), *more]) == 0


@pytest.mark.parametrize("content", [b"no key", generate_signer().public_pem()])
def test_a_file_that_only_has_the_name_of_the_key_is_not_named(
    stick: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (beside,) = (stick / "reports").glob("*.pem")
    beside.write_bytes(content)
    report = str(stick / "reports" / f"{REPORT}.jws")
    argv = ["--lang", "en", "report", "verify", report, "--key", str(stick / "station.pub.pem")]
    assert main(argv) == 4
    told = capsys.readouterr().err
    assert "wrong key" in told and beside.name not in told
