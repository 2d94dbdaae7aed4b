"""Of two copies that differ, the one whose signature is good is the report: it is sent, shown, and
written over by nothing, whatever a receipt on the stick says of the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reprise import codec
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.signing.station_key import key_file, station_signer
from reprise.adapters.storage.limits import MOST_REPORT_BYTES, PUBLIC_KEY
from reprise.adapters.storage.store import FolderStore
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
    assert [(item.state, stick.box.read(ID)) for item in stick.box.items()] == [("sent", other)]


def test_without_the_key_the_receipt_decides(stick: Stick) -> None:
    """As on a stick of an earlier version."""
    other = stick.whole + b" "
    stick.put(QUEUED, other)
    stick.put(RECEIPT, receipt(ID, other))
    for key in (PUBLIC_KEY, key_file(stick.signer.kid)):
        (stick.root / key).unlink()
    assert stick.box.read(ID) == other
    stick.store.take_out(ID)
    assert stick.bytes_of(KEPT) == other


def test_one_that_is_too_large_is_listed_and_never_called_sent(stick: Stick) -> None:
    for place in (KEPT, QUEUED):
        os.truncate(stick.root / place, MOST_REPORT_BYTES + 1)
    (item,) = stick.box.items()
    assert (item.report_id, item.state) == (ID, "waiting")
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
