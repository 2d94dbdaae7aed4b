"""Of two copies that differ, the one whose signature is good is the report: it is sent, shown, and
written over by nothing, whatever a receipt on the stick says of the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reprise import codec
from reprise.adapters.delivery import whole
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.signing.jws import generate_signer, verify_jws
from reprise.adapters.signing.station_key import key_file, station_signer
from reprise.adapters.storage.limits import KEY, MOST_REPORT_BYTES, PUBLIC_KEY
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult
from reprise.errors import StorageError
from reprise.workflow.delivery.deliver import deliver
from unit.adapters.delivery.report_server import ID, ID2, receipt
from unit.domain.pc import samples

KEPT, QUEUED, RECEIPT = f"reports/{ID}.jws", f"outbox/{ID}.jws", f"receipts/{ID}.json"
NOTE = f"outbox/{ID}.state.json"


class Stick:
    """A report of the station whose key lies there, in both places."""

    def __init__(self, root: Path) -> None:
        self.root, self.store = root, FolderStore(root)
        self.signer = station_signer(self.store)
        self.whole = self.signed(ID)
        self.box = StoreOutbox(self.store)
        self.box.put(ID, self.whole)

    def signed(self, report_id: str, place: str = "") -> bytes:
        report = samples.good_report()
        operator = replace(report.operator, place=place)
        return self.signer.sign(
            codec.to_json(replace(report, report_id=report_id, operator=operator))
        )

    def put(self, relative: str, data: bytes) -> None:
        (self.root / relative).parent.mkdir(exist_ok=True)
        (self.root / relative).write_bytes(data)

    def bytes_of(self, relative: str) -> bytes:
        return (self.root / relative).read_bytes()


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path)


def _no_end(jws: bytes) -> bytes:
    return jws[:-10]


def _other_signature(jws: bytes) -> bytes:
    return jws[:-9] + bytes([jws[-9] ^ 1]) + jws[-8:]


def _hole(jws: bytes) -> bytes:
    return jws[:600] + bytes(512) + jws[1112:]


def _cut(jws: bytes) -> bytes:
    return jws[:700]


def _no_report(_jws: bytes) -> bytes:
    return b"garbage.garbage.garbage"


DAMAGES = [_no_end, _other_signature, _hole, _cut, _no_report]


class Takes:
    """A server that takes the very bytes that were signed, and nothing else."""

    server = ""

    def __init__(self, whole: bytes) -> None:
        self.whole = whole

    def send(self, report_id: str, jws: bytes) -> Delivery:
        if jws == self.whole:
            return Delivery(DeliveryResult.ACCEPTED, receipt=receipt(report_id, jws))
        return Delivery(DeliveryResult.REFUSED, "422")


@pytest.mark.parametrize("place", [QUEUED, KEPT])
@pytest.mark.parametrize("damage", DAMAGES)
def test_the_whole_copy_is_sent(stick: Stick, damage: Callable[[bytes], bytes], place: str) -> None:
    stick.put(place, damage(stick.whole))
    assert deliver(stick.box, Takes(stick.whole)).sent == (ID,)
    assert [item.state for item in stick.box.items()] == ["sent"]
    assert stick.box.read(ID) == stick.bytes_of(KEPT) == stick.whole


@pytest.mark.parametrize("key", [PUBLIC_KEY, "beside"])
def test_any_of_the_two_places_of_its_key_will_do(stick: Stick, key: str) -> None:
    (stick.root / KEY).unlink()
    beside = key_file(stick.signer.kid)
    (stick.root / (beside if key == PUBLIC_KEY else PUBLIC_KEY)).unlink()
    stick.put(QUEUED, _other_signature(stick.whole))
    assert stick.box.read(ID) == stick.whole


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_receipt_of_other_bytes_puts_them_over_no_whole_report(
    stick: Stick, damage: Callable[[bytes], bytes]
) -> None:
    """Anybody may have written the two small files."""
    other = damage(stick.whole)
    stick.put(QUEUED, other)
    stick.put(RECEIPT, receipt(ID, other))
    stick.store.take_out(ID)
    assert stick.bytes_of(KEPT) == stick.whole
    assert [item.state for item in stick.box.items()] == ["waiting"]
    assert deliver(stick.box, Takes(stick.whole)).sent == (ID,)
    assert stick.bytes_of(KEPT) == stick.whole


def test_nor_does_one_that_is_put(stick: Stick) -> None:
    other = stick.signed(ID, "elsewhere")
    stick.put(QUEUED, other)
    with pytest.raises(StorageError, match=ID):
        stick.box.put(ID, other)
    assert stick.bytes_of(KEPT) == stick.whole


def test_another_report_of_the_station_is_not_this_one(stick: Stick) -> None:
    other = stick.signed(ID2)
    stick.put(QUEUED, other)
    stick.put(RECEIPT, receipt(ID, other))
    assert stick.box.read(ID) == stick.whole


def test_of_two_that_are_whole_neither_is_written_over(stick: Stick) -> None:
    other = stick.signed(ID, "elsewhere")
    stick.put(QUEUED, other)
    stick.box.mark_sent(ID, receipt(ID, other))
    assert (stick.bytes_of(KEPT), stick.bytes_of(QUEUED)) == (stick.whole, other)
    states = [(item.state, stick.box.read(ID)) for item in stick.box.items()]
    assert states == [("waiting", stick.whole)], "of this one nobody says that it was sent"


def test_without_the_key_the_receipt_decides(stick: Stick) -> None:
    """As on a stick of an earlier version."""
    other = stick.whole[:-4] + b"AAAA"
    stick.put(QUEUED, other)
    stick.put(RECEIPT, receipt(ID, other))
    for key in (KEY, PUBLIC_KEY, key_file(stick.signer.kid)):
        (stick.root / key).unlink()
    assert stick.box.read(ID) == other
    stick.store.take_out(ID)
    assert stick.bytes_of(KEPT) == other


@pytest.mark.parametrize("pad", [b"\n", b" ", b"\r\n"])
@pytest.mark.parametrize("place", [KEPT, QUEUED])
def test_an_end_of_line_that_an_editor_added_stops_no_report(
    stick: Stick, place: str, pad: bytes
) -> None:
    """A server takes the exact bytes alone."""
    stick.put(place, stick.whole + pad)
    assert deliver(stick.box, Takes(stick.whole)).sent == (ID,)
    stick.put(QUEUED, stick.whole + pad)
    assert [item.state for item in stick.box.items()] == ["sent"]
    assert stick.bytes_of(KEPT) == stick.whole


def test_one_that_is_too_large_is_listed_and_never_called_sent(stick: Stick) -> None:
    for place in (KEPT, QUEUED):
        os.truncate(stick.root / place, MOST_REPORT_BYTES + 1)
    (item,) = stick.box.items()
    assert (item.report_id, item.state, item.reason) == (ID, "waiting", Reach.UNREAD)
    assert "trop gros" in item.detail
    assert deliver(stick.box, Takes(stick.whole)).waiting == (ID,)


@pytest.mark.parametrize("queued", [True, False])
def test_what_was_noted_of_a_report_goes_when_it_is_sent(stick: Stick, queued: bool) -> None:
    stick.box.mark_waiting(ID, Delivery(DeliveryResult.RETRY, "503"))
    assert (stick.root / NOTE).exists()
    if not queued:
        (stick.root / QUEUED).unlink()
    stick.box.mark_sent(ID, receipt(ID, stick.whole))
    assert not (stick.root / NOTE).exists()


@pytest.mark.parametrize("place", [QUEUED, KEPT])
def test_a_stranger_with_a_key_of_its_own_does_not_stand_in_its_way(
    stick: Stick, place: str
) -> None:
    stranger = generate_signer()
    report = replace(samples.good_report(), report_id=ID)
    stick.put(place, stranger.sign(codec.to_json(report)))
    stick.put(key_file(stranger.kid), stranger.public_pem())
    assert deliver(stick.box, Takes(stick.whole)).sent == (ID,)
    assert stick.box.read(ID) == stick.whole


def test_of_two_good_signatures_the_kept_report_is_sent(stick: Stick) -> None:
    """Another station's reports, on a stick that has no key of its own."""
    other = stick.signed(ID, "elsewhere")
    stick.put(QUEUED, other)
    (stick.root / KEY).unlink()
    assert stick.box.read(ID) == stick.whole


def test_one_that_is_put_takes_no_place_of_a_whole_one_in_the_queue(stick: Stick) -> None:
    damaged = _other_signature(stick.whole)
    stick.put(KEPT, damaged)
    with pytest.raises(StorageError, match=ID):
        stick.box.put(ID, damaged)
    assert stick.bytes_of(QUEUED) == stick.whole


@pytest.mark.parametrize("own_key", [True, False])
def test_a_receipt_takes_nothing_away_that_it_does_not_cover(stick: Stick, own_key: bool) -> None:
    """A shared stick: a stranger's report, key and receipt beside another station's report."""
    stranger = generate_signer()
    theirs = stranger.sign(codec.to_json(replace(samples.good_report(), report_id=ID)))
    stick.put(KEPT, theirs)
    stick.put(RECEIPT, receipt(ID, theirs))
    stick.put(key_file(stranger.kid), stranger.public_pem())
    stick.put(PUBLIC_KEY, stranger.public_pem())
    if not own_key:
        (stick.root / KEY).unlink()
    stick.store.take_out(ID)
    assert stick.bytes_of(QUEUED) == stick.whole
    if own_key:
        assert stick.box.read(ID) == stick.whole


def test_before_it_was_sent_nothing_leaves_the_queue(stick: Stick) -> None:
    damaged = _hole(stick.whole)
    for queued, kept, covered in (
        (damaged, stick.whole, b"of other bytes"),
        (stick.whole, damaged, damaged),
    ):
        stick.put(QUEUED, queued)
        stick.put(KEPT, kept)
        stick.put(RECEIPT, receipt(ID, covered))
        stick.store.take_out(ID)
        assert stick.bytes_of(QUEUED) == queued


def test_a_signature_is_looked_at_once(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of reports is renewed every other second, in two processes."""
    stick.put(QUEUED, _hole(stick.whole))
    looks = list[bytes]()

    def verify(jws: bytes, key: Ed25519PublicKey) -> bytes:
        looks.append(jws)
        return verify_jws(jws, key)

    monkeypatch.setattr(whole, "verify_jws", verify)
    for _look in range(3):
        assert len(stick.box.items()) == 1
    assert 0 < len(looks) <= 4


@pytest.mark.parametrize("own_first", [True, False])
def test_the_key_of_a_stick_counts_beside_that_of_memory(tmp_path: Path, own_first: bool) -> None:
    """A stick of an earlier version, whose key lies nowhere else, may come late."""
    older = Stick(tmp_path / "stick")
    (older.root / key_file(older.signer.kid)).unlink()
    older.put(QUEUED, _other_signature(older.whole))
    plugged = [older.root] if own_first else []
    store = MirroredStore(tmp_path / "memory", lambda: plugged[0] if plugged else None)
    station_signer(store)
    plugged[:] = [older.root]
    assert deliver(StoreOutbox(store), Takes(older.whole)).sent == (ID,)
    other = _hole(older.whole)
    older.put(QUEUED, other)
    older.put(RECEIPT, receipt(ID, other))
    store.sync()
    assert older.bytes_of(KEPT) == older.whole


@pytest.mark.parametrize("small", [PUBLIC_KEY, "beside", RECEIPT, NOTE])
def test_a_small_file_that_cannot_be_read_hides_no_other_report(stick: Stick, small: str) -> None:
    path = stick.root / (key_file(stick.signer.kid) if small == "beside" else small)
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)
    stick.put(QUEUED, _hole(stick.whole))
    stick.box.put(ID2, stick.signed(ID2))
    assert {item.report_id for item in stick.box.items()} == {ID, ID2}
