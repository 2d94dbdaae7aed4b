"""What the outbox and the stick hold, from real files."""

from __future__ import annotations

import json
from pathlib import Path

from reprise.adapters.holdings import StoreHoldings
from reprise.adapters.outbox import StoreOutbox
from reprise.adapters.signing import generate_signer
from reprise.adapters.store import FolderStore, MirroredStore
from reprise.codec import sha256_hex, to_json
from unit import samples

IDS = [f"3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c1{n}" for n in range(3)]


def test_each_report_with_its_pc_its_last_word_and_its_time(tmp_path: Path) -> None:
    report = samples.good_report()
    jws = generate_signer().sign(to_json(report))
    store = FolderStore(tmp_path)
    outbox = StoreOutbox(store)
    for report_id in IDS:
        outbox.put(report_id, jws)
    outbox.mark_refused(IDS[1], "403: no")
    receipt = {"report_id": IDS[2], "sha256": sha256_hex(jws), "received_at": "2026-11-24T16:00Z"}
    outbox.mark_sent(IDS[2], json.dumps(receipt).encode())

    held = StoreHoldings(store, outbox, lambda: tmp_path, lambda: "https://s").look()
    waiting, refused, sent = held.reports
    assert [waiting.state, refused.state, sent.state] == ["waiting", "refused", "sent"]
    assert (waiting.said, refused.said, sent.said) == ("", "403: no", "")
    assert sent.since == "2026-11-24T16:00Z"
    assert waiting.since.endswith("+00:00")
    assert refused.since >= waiting.since
    machine = report.inventory.machine
    assert f"{machine.maker} {machine.model} {machine.serial}" in waiting.pc
    assert waiting.pc == refused.pc == sent.pc
    assert (held.server, held.where) == ("https://s", "folder")
    assert held.free_bytes is not None
    assert held.free_bytes > 0


def test_a_report_that_cannot_be_read_is_listed_by_its_number(tmp_path: Path) -> None:
    outbox = StoreOutbox(FolderStore(tmp_path))
    outbox.put(IDS[0], b"not.a.jws")
    (known,) = StoreHoldings(FolderStore(tmp_path), outbox, lambda: None, str).look().reports
    assert (known.report_id, known.pc) == (IDS[0], "")


def test_memory_is_not_the_stick(tmp_path: Path) -> None:
    store = MirroredStore(tmp_path / "memory", lambda: None)
    outbox = StoreOutbox(store)
    outbox.put(IDS[0], b"a.b.c")
    held = StoreHoldings(store, outbox, lambda: None, str).look()
    assert (held.where, held.free_bytes) == ("memory", None)
