"""What the list of reports says of each, and sending on a person's word."""

from __future__ import annotations

import threading
from base64 import b64encode
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.delivery.report_head import Head, read_head
from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.storage.store import FolderStore
from reprise.codec import sha256_hex, to_json
from reprise.domain.pc.hardware import Machine
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from reprise.domain.station.delivery import Delivery, DeliveryResult, Receipt, SendRound
from reprise.errors import InputError, RefusedError, RepriseError
from reprise.wording import short_moment
from reprise.workflow.delivery.deliver import Resend
from station_kit.memory import peak
from unit.adapters.delivery.delivery_samples import REPORT, stamped, started
from unit.domain.drives.drives import pc

OTHER = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c12"
DELL = Machine(maker="Dell Inc.", model="Dell Inc. Latitude", serial="4XJ9T12")


def signed(report_id: str = REPORT) -> bytes:
    report = fold(
        stamped(
            started(report_id=report_id),
            ev.OperatorNamed(ev.Operator(asset_tag="INV-42")),
            ev.InventoryTaken(pc(machine=DELL)),
        )
    )
    return generate_signer().sign(to_json(report))


def box_in(folder: Path) -> StoreOutbox:
    return StoreOutbox(FolderStore(folder))


class Server:
    """Refuses what is in `refused`; waits for `go` where one is set."""

    server = "reprise.example.org"

    def __init__(self, *refused: str, go: threading.Event | None = None) -> None:
        self._refused, self._go = refused, go
        self.asked = threading.Event()

    def send(self, report_id: str, jws: bytes) -> Delivery:
        self.asked.set()
        if self._go is not None:
            self._go.wait(20)
        if report_id in self._refused:
            return Delivery(DeliveryResult.REFUSED, "403: unknown station")
        receipt = Receipt(report_id, sha256_hex(jws), "2026-11-24T16:05:00Z")
        return Delivery(DeliveryResult.ACCEPTED, "201", to_json(receipt))


def test_a_report_is_listed_with_its_pc_and_its_date(tmp_path: Path) -> None:
    box = box_in(tmp_path)
    put = box.put(REPORT, signed())
    assert put.pc == "INV-42  Dell Inc. Latitude  4XJ9T12"
    assert put.sealed_at == "2026-11-24T16:00:00.000Z"
    assert tuple(box.items()) == (put,)


@pytest.mark.parametrize("jws", [b"", b"no report", b"a.b.c", generate_signer().sign(b"[1]")])
def test_what_is_no_report_is_listed_without_them(jws: bytes) -> None:
    assert read_head(jws) == Head()


def test_a_report_of_another_version_is_still_named() -> None:
    plain = b'{"schema":"reprise-report/9","inventory":{"machine":{"serial":"S1"},"new":1},"x":[]}'
    assert read_head(generate_signer().sign(plain)) == Head("S1")


@pytest.mark.parametrize("begin", [b'{"x":', b'{"inventory":{"machine":', b'{"clock":'])
@pytest.mark.parametrize("one", [b"[],", b'{"maker":"x"},'])
def test_a_report_costs_no_more_memory_than_a_few_times_its_bytes(begin: bytes, one: bytes) -> None:
    """All its lists and objects: twenty times."""
    junk = begin + b"[" + one * ((4 << 20) // len(one)) + one[:-1] + b"]" + b"}" * begin.count(b"{")
    jws = generate_signer().sign(junk)
    assert peak(lambda: read_head(jws)) < 3 * len(jws)
    whole = b'{"inventory":{"machine":{"serial":"S1"},"drives":[%b%b]}}' % (
        one * ((4 << 20) // len(one)),
        one[:-1],
    )
    assert read_head(generate_signer().sign(whole)) == Head("S1")


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\xff"', "[" * 200_000, "9" * 5000, "null", '{"serial":"\\u001b"']
)
def test_a_report_of_a_stranger_stops_no_list(text: str) -> None:
    junk = f'{{"inventory":{{"machine":{{"serial":{text}}}}}}}'.encode("latin-1")
    assert read_head(generate_signer().sign(junk)) == Head()


def test_a_list_shows_no_more_of_a_stranger_than_any_pc_tells() -> None:
    junk = f'{{"operator":{{"asset_tag":"{"x" * 9000}"}},"clock":{{"sealed_at":"{"1" * 9000}"}}}}'
    head = read_head(generate_signer().sign(junk.encode()))
    assert len(head.pc) < 1000 and len(head.sealed_at) < 1000


def test_all_that_waits_or_was_refused_is_tried(tmp_path: Path) -> None:
    box = box_in(tmp_path)
    box.put(REPORT, signed())
    box.put(OTHER, signed(OTHER))
    assert Resend(box, lambda: Server(OTHER)).send_now() == SendRound(sent=1, refused=1)
    states = {item.report_id: (item.state, item.detail) for item in box.items()}
    assert states[OTHER] == ("refused", "403: unknown station")
    assert states[REPORT] == ("sent", "2026-11-24T16:05:00Z")
    assert Resend(box, Server).send_now() == SendRound(sent=1)  # refused ones again
    assert Resend(box, Server).send_now() == SendRound()


def test_without_a_server_it_says_so_and_may_be_asked_again(tmp_path: Path) -> None:
    def none() -> Server:
        raise InputError("no server is set.")

    resend = Resend(box_in(tmp_path), none)
    for _ in range(2):
        with pytest.raises(InputError, match="no server"):
            resend.send_now()


def test_one_round_at_a_time(tmp_path: Path) -> None:
    box, go = box_in(tmp_path), threading.Event()
    box.put(REPORT, signed())
    server = Server(go=go)
    resend = Resend(box, lambda: server)
    first = threading.Thread(target=resend.send_now)
    first.start()
    assert server.asked.wait(20)
    with pytest.raises(RefusedError):
        resend.send_now()
    go.set()
    first.join()
    assert resend.send_now() == SendRound()


def test_moments_for_columns() -> None:
    iso = "2026-11-24T17:05:09+01:00"
    with i18n.using("fr"):
        assert short_moment(iso) == "24/11/2026 16:05"
    with i18n.using("en"):
        assert short_moment(iso) == "2026-11-24 16:05"
    assert short_moment("no date") == "no date"


@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"state":"refused","detail":"\\ud800"}'])
def test_a_strangers_note_holds_no_report_back(data: bytes, tmp_path: Path) -> None:
    box = box_in(tmp_path)
    box.put(REPORT, signed())
    (tmp_path / f"outbox/{REPORT}.state.json").write_bytes(data)
    (item,) = box.items()
    assert (item.state, item.detail) == ("waiting", "")


def test_a_strangers_report_holds_no_other_back(tmp_path: Path) -> None:
    box = box_in(tmp_path)
    box.put(REPORT, signed())
    deep = b64encode(b"[" * 200_000).rstrip(b"=")
    (tmp_path / f"outbox/{OTHER}.jws").write_bytes(b"e30." + deep + b".AAAA")
    assert {item.report_id for item in box.items()} == {REPORT, OTHER}


def test_of_what_nobody_foresaw_a_person_is_told(tmp_path: Path) -> None:
    box = box_in(tmp_path)
    box.put(REPORT, signed())

    class Broken(Server):
        def send(self, report_id: str, jws: bytes) -> Delivery:
            raise LookupError("nobody foresaw this")

    resend = Resend(box, Broken)
    for _ in range(2):
        with pytest.raises(RepriseError, match="LookupError: nobody foresaw this"):
            resend.send_now()
