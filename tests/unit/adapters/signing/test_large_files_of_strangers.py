"""Files of a stranger's stick that are too large to be ours: what they cost, and what stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.signing.station_key import key_file, station_signer
from reprise.adapters.storage.limits import KEY, PUBLIC_KEY
from reprise.adapters.storage.store import MirroredStore
from reprise.codec import sha256_hex
from reprise.errors import StorageError
from station_kit.memory import peak

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"
JOURNAL = "journal/s.jsonl"
RECEIPT = json.dumps(
    {"report_id": ID, "sha256": sha256_hex(b"jws"), "received_at": "2026-01-01T00:00:00+00:00"}
).encode()
LARGE = 200 << 20


class Rig:
    """A stick with files of strangers, plugged in when something of ours is not on it yet."""

    def __init__(self, base: Path) -> None:
        self.memory, self.stick = base / "memory", base / "stick"
        self.plugged: Path | None = None
        self.store = MirroredStore(self.memory, lambda: self.plugged)
        self.store.append(JOURNAL, b"1\n")

    def large(self, relative: str, begin: bytes = b"") -> Path:
        path = self.stick / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(begin)
        os.truncate(path, LARGE)
        return path


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.mark.parametrize("name", ["outbox/x.jws", f"outbox/{ID}.jws", f"receipts/{ID}.json"])
def test_a_large_file_in_the_queue_is_not_read_for_a_line_of_the_journal(
    rig: Rig, name: str
) -> None:
    (rig.stick / "outbox").mkdir(parents=True)
    (rig.stick / "outbox" / f"{ID}.jws").write_bytes(b"jws")
    large = rig.large(name)
    rig.plugged = rig.stick
    assert peak(lambda: rig.store.append(JOURNAL, b"2\n")) < 1 << 20
    assert (rig.stick / JOURNAL).read_bytes() == b"1\n2\n"
    assert rig.store.where() == "stick"
    assert large.stat().st_size == LARGE, "what is not ours stays"


def test_a_large_file_with_a_receipt_is_neither_read_nor_removed(rig: Rig) -> None:
    rig.store.write(f"receipts/{ID}.json", RECEIPT)
    large = rig.large(f"outbox/{ID}.jws")
    rig.plugged = rig.stick
    assert peak(lambda: rig.store.append(JOURNAL, b"2\n")) < 1 << 20
    assert large.stat().st_size == LARGE


def test_a_large_file_with_the_name_of_ours_is_read_no_further_than_ours(rig: Rig) -> None:
    rig.store.write(f"reports/{ID}.jws", b"jws")
    rig.large(f"reports/{ID}.jws", b"jws")
    journal = rig.large(JOURNAL, b"1\n2\n")
    rig.plugged = rig.stick
    assert peak(rig.store.sync) < 1 << 20
    assert (rig.stick / f"reports/{ID}.jws").read_bytes() == b"jws"
    assert journal.stat().st_size == LARGE, "it begins like ours, so it may be newer than ours"


@pytest.mark.parametrize("name", [KEY, PUBLIC_KEY])
def test_a_large_key_of_the_stick_is_not_read_and_not_written_over(rig: Rig, name: str) -> None:
    rig.store.write(KEY, b"key", 0o600)
    rig.store.write(PUBLIC_KEY, b"half")
    large = rig.large(name, b"theirs")
    rig.plugged = rig.stick
    assert peak(rig.store.sync) < 1 << 20
    assert (rig.stick / JOURNAL).read_bytes() == b"1\n"
    assert large.stat().st_size == LARGE


def test_a_receipt_that_cannot_be_read_keeps_no_proof_away(rig: Rig) -> None:
    (rig.stick / "outbox").mkdir(parents=True)
    (rig.stick / "outbox" / f"{ID}.jws").write_bytes(b"jws")
    (rig.stick / "receipts" / f"{ID}.json").mkdir(parents=True)  # opening it fails
    rig.plugged = rig.stick
    rig.store.append(JOURNAL, b"2\n")
    assert (rig.stick / JOURNAL).read_bytes() == b"1\n2\n"
    assert rig.store.problem()


def test_only_a_report_in_the_queue_is_taken_out_of_it(rig: Rig) -> None:
    rig.store.write(f"receipts/{ID}.json", RECEIPT)
    (rig.stick / "outbox").mkdir(parents=True)
    (rig.stick / "outbox" / ID).write_bytes(b"jws")
    rig.plugged = rig.stick
    assert rig.store.sync()
    assert (rig.stick / "outbox" / ID).exists()


@pytest.mark.parametrize("name", [KEY, PUBLIC_KEY])
def test_a_large_key_is_not_read_at_a_start_and_not_replaced(rig: Rig, name: str) -> None:
    large = rig.large(name)
    rig.plugged = rig.stick

    def start() -> None:
        with pytest.raises(StorageError, match=name.replace(".", r"\.")):
            station_signer(rig.store)

    assert peak(start) < 1 << 20
    assert large.stat().st_size == LARGE
    assert not (rig.memory / KEY).exists()


@pytest.mark.parametrize("beside", [False, True])
def test_large_files_with_the_names_of_a_keys_public_half_are_not_read_at_a_start(
    rig: Rig, beside: bool
) -> None:
    signer = generate_signer()
    rig.large(key_file(signer.kid) if beside else PUBLIC_KEY)
    (rig.stick / KEY).write_bytes(signer.private_pem())
    rig.plugged = rig.stick
    assert peak(lambda: station_signer(rig.store)) < 1 << 20
    assert station_signer(rig.store).kid == signer.kid
