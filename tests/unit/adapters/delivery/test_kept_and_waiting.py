"""A report that is kept is sent, wherever the power went between its two copies."""

from __future__ import annotations

from pathlib import Path

from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.storage.store import FolderStore
from reprise.bootstrap.past import seal_left
from reprise.codec import sha256_hex, to_json
from reprise.domain.station.delivery import Receipt
from unit.adapters.delivery.delivery_samples import REPORT
from unit.domain.drives.drives import pc


def _states(folder: Path) -> list[str]:
    return [item.state for item in StoreOutbox(FolderStore(folder)).items()]


def test_a_report_without_its_place_in_the_queue_waits(tmp_path: Path) -> None:
    """put() writes reports/ first; seen by the simulation, where the power went after that."""
    store = FolderStore(tmp_path)
    store.write(f"reports/{REPORT}.jws", b"a.b.c")
    assert _states(tmp_path) == ["waiting"]
    seal_left(store, generate_signer(), pc(), "today")
    assert _states(tmp_path) == ["waiting"]
    assert StoreOutbox(store).read(REPORT) == b"a.b.c"


def test_what_the_server_has_is_left_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    receipt = Receipt(REPORT, sha256_hex(b"a.b.c"), "2026-11-24T16:00:00Z")
    store.write(f"reports/{REPORT}.jws", b"a.b.c")
    store.write(f"receipts/{REPORT}.json", to_json(receipt))
    seal_left(store, generate_signer(), pc(), "today")
    assert _states(tmp_path) == ["sent"]
    assert not (tmp_path / "outbox" / f"{REPORT}.jws").exists()


def test_a_receipt_of_other_bytes_is_none(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    receipt = Receipt(REPORT, sha256_hex(b"others"), "2026-11-24T16:00:00Z")
    store.write(f"reports/{REPORT}.jws", b"a.b.c")
    store.write(f"receipts/{REPORT}.json", to_json(receipt))
    assert _states(tmp_path) == ["waiting"]
