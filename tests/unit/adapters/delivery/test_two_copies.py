"""A report has two copies, in the queue and kept, on each of two sides: whichever of them is
damaged, or a stranger's, the report is in a list with its own bytes."""

from __future__ import annotations

import base64
import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.storage import limits, mirror
from reprise.adapters.storage.store import MirroredStore
from reprise.errors import StorageError
from unit.adapters.delivery.report_server import ID, JWS, receipt

DAMAGED = bytes(len(JWS))
KEPT, QUEUED, RECEIPT = f"reports/{ID}.jws", f"outbox/{ID}.jws", f"receipts/{ID}.json"
LARGE = -1  # stands for a file above the limit


def put(root: Path, relative: str, data: bytes | int) -> None:
    path = root / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else b"")
    if data == LARGE:
        os.truncate(path, limits.MOST_REPORT_BYTES + 1)


class Two:
    """Memory, and a stick that is plugged in."""

    def __init__(self, folder: Path) -> None:
        self.memory, self.stick = folder / "memory", folder / "stick"
        self.stick.mkdir()
        self.store = MirroredStore(self.memory, lambda: self.stick)
        self.box = StoreOutbox(self.store)

    def after_a_restart(self) -> StoreOutbox:
        """Of what was in memory nothing is left."""
        fresh = self.memory.with_name("next")
        return StoreOutbox(MirroredStore(fresh, lambda: self.stick))


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def signed(report: dict[str, str]) -> bytes:
    return b"x." + base64.urlsafe_b64encode(json.dumps(report).encode()).rstrip(b"=") + b".x"


def states(box: StoreOutbox) -> list[tuple[str, bytes | None]]:
    return [(item.state, box.read(item.report_id)) for item in box.items()]


OTHERS = [DAMAGED, JWS[:-1], JWS + b"x", b"", LARGE]


@pytest.mark.parametrize("other", OTHERS)
def test_the_copy_that_the_server_took_is_kept_in_the_place_of_a_damaged_one(
    two: Two, other: bytes | int
) -> None:
    put(two.stick, QUEUED, JWS)
    put(two.stick, KEPT, other)
    two.box.mark_sent(ID, receipt())
    assert states(two.box) == states(two.after_a_restart()) == [("sent", JWS)]
    assert not (two.stick / QUEUED).exists()


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("told", ["memory", "stick"])
def test_also_where_it_was_sent_elsewhere(two: Two, other: bytes | int, told: str) -> None:
    put(two.stick, QUEUED, JWS)
    put(two.stick, KEPT, other)
    put(two.memory if told == "memory" else two.stick, RECEIPT, receipt())
    assert two.store.sync()
    assert states(two.box) == states(two.after_a_restart()) == [("sent", JWS)]
    assert not (two.stick / QUEUED).exists()


@pytest.mark.parametrize("other", OTHERS)
def test_also_where_memory_has_it_whole(two: Two, other: bytes | int) -> None:
    two.box.put(ID, JWS)
    put(two.stick, KEPT, other)
    two.box.mark_sent(ID, receipt())
    assert states(two.box) == states(two.after_a_restart()) == [("sent", JWS)]


@pytest.mark.parametrize("other", OTHERS)
def test_also_in_memory(two: Two, other: bytes | int) -> None:
    two.box.put(ID, JWS)
    put(two.memory, KEPT, other)
    put(two.stick, RECEIPT, receipt())
    assert two.store.sync()
    assert (two.memory / KEPT).read_bytes() == (two.stick / KEPT).read_bytes() == JWS
    assert states(two.box) == [("sent", JWS)]


@pytest.mark.parametrize("other", OTHERS)
def test_a_report_that_is_put_again_is_kept_whole(two: Two, other: bytes | int) -> None:
    put(two.stick, QUEUED, JWS)
    put(two.stick, KEPT, other)
    two.box.put(ID, JWS)
    assert (two.memory / KEPT).read_bytes() == (two.stick / KEPT).read_bytes() == JWS


@pytest.mark.parametrize("other", [DAMAGED, b"x.e30.x", signed({"report_id": "another"})])
@pytest.mark.parametrize("places", [(KEPT, QUEUED), (QUEUED, KEPT)])
def test_of_two_copies_without_a_receipt_the_one_with_its_number_is_sent(
    two: Two, other: bytes, places: tuple[str, str]
) -> None:
    whole = signed({"report_id": ID})
    put(two.stick, places[0], whole)
    put(two.stick, places[1], other)
    assert states(two.box) == [("waiting", whole)]


def test_one_report_that_cannot_be_settled_keeps_no_other_waiting(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"{number:08x}{ID[8:]}" for number in range(20)]
    for one in ids:
        put(two.stick, f"outbox/{one}.jws", JWS)
        put(two.stick, f"receipts/{one}.json", receipt(one))
    real = Path.unlink
    bad = {two.stick / f"outbox/{ids[at]}.jws" for at in range(4)}
    failed, now_s, takes_s = list[Path](), [0.0], [0.01]

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self in bad:
            failed.append(self)
            now_s[0] += takes_s[0]
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        patch.setattr(mirror, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
        assert not two.store.sync()
        assert set((two.stick / "outbox").iterdir()) == bad
        for one in ids:
            put(two.stick, f"outbox/{one}.jws", JWS)
        bad |= set((two.stick / "outbox").iterdir())
        failed.clear()
        takes_s[0] = 4.0
        assert not two.store.sync()
        assert len(failed) < 5, "a stick that answers nothing may take seconds each time"
    assert two.store.sync()
    assert not list((two.stick / "outbox").iterdir())


def test_another_report_is_never_replaced(two: Two) -> None:
    put(two.stick, KEPT, b"an.other.report")
    with pytest.raises(StorageError, match=ID):
        two.box.put(ID, JWS)
    assert (two.stick / KEPT).read_bytes() == b"an.other.report"


@pytest.mark.parametrize("lost", ["reports", "receipts"])
def test_a_stick_that_takes_no_more_keeps_its_queue(
    two: Two, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    put(two.stick, QUEUED, JWS)
    put(two.stick, KEPT, DAMAGED)
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if str(two.stick / lost) in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data)

    monkeypatch.setattr(os, "write", full)
    two.box.mark_sent(ID, receipt())
    assert states(two.box) == [("sent", JWS)]
    assert (two.stick / QUEUED).read_bytes() == JWS
    monkeypatch.undo()
    assert two.store.sync()
    assert states(two.after_a_restart()) == [("sent", JWS)]
    assert not (two.stick / QUEUED).exists()


def test_a_strangers_receipt_of_its_own_bytes_takes_nothing_of_ours_away(two: Two) -> None:
    two.box.put(ID, JWS)
    strange = b"a.stranger.was here"
    for relative, data in ((QUEUED, strange), (KEPT, strange), (RECEIPT, receipt(ID, strange))):
        put(two.stick, relative, data)
    assert two.store.sync()
    for side in (two.memory, two.stick):
        assert (side / KEPT).read_bytes() == (side / QUEUED).read_bytes() == JWS
    assert states(two.box) == [("waiting", JWS)]
    two.box.mark_sent(ID, receipt())
    assert states(two.box) == states(two.after_a_restart()) == [("sent", JWS)]


@pytest.mark.parametrize("other", OTHERS)
def test_what_was_sent_does_not_wait_again_as_a_damaged_copy_in_the_queue(
    two: Two, other: bytes | int
) -> None:
    put(two.stick, QUEUED, other)
    put(two.stick, KEPT, JWS)
    put(two.stick, RECEIPT, receipt())
    assert states(two.box) == [("sent", JWS)]
    assert two.store.sync()
    assert states(two.box) == states(two.after_a_restart()) == [("sent", JWS)]
