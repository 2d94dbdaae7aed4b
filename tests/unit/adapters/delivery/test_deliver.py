"""Delivering what waits in the outbox, over real sockets: what is sent, kept and tried again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.storage.store import FolderStore
from reprise.domain.station.connectivity import Reach
from reprise.workflow.delivery.deliver import backoff_s, deliver, deliver_for_ever
from unit.adapters.delivery.report_server import ID, ID2, JWS, Server, receipt, running, uplink_to


@pytest.fixture
def server() -> Iterator[Server]:
    i18n.set_language("en")
    with running(Server()) as one:
        yield one


@pytest.fixture
def box(tmp_path: Path) -> StoreOutbox:
    return StoreOutbox(FolderStore(tmp_path / "data"))


def test_sent_and_kept(server: Server, box: StoreOutbox, tmp_path: Path) -> None:
    box.put(ID, JWS)
    summary = deliver(box, uplink_to(server.url + "/base/"))
    assert summary.sent == (ID,)
    assert server.seen == [(f"/base/api/v1/reports/{ID}", JWS, "application/jose")]
    data = tmp_path / "data"
    assert sorted(p.name for p in (data / "outbox").iterdir()) == []
    assert (data / f"reports/{ID}.jws").read_bytes() == JWS
    assert (data / f"receipts/{ID}.json").read_bytes() == receipt()
    assert [item.state for item in box.items()] == ["sent"]
    assert deliver(box, uplink_to(server.url)).known == frozenset()
    box.put(ID, JWS)  # put again after it was sent: it does not come back
    assert [item.state for item in box.items()] == ["sent"]


def test_no_server_there(box: StoreOutbox) -> None:
    i18n.set_language("en")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        box.put(ID, JWS)
        box.put(ID2, JWS)
        summary = deliver(box, uplink_to(url))
    assert summary.waiting == (ID, ID2)
    first, second = box.items()
    assert (first.state, second.detail) == ("waiting", "")  # the second was not even tried
    assert first.reason is Reach.PORT_CLOSED


def test_refused_is_kept_with_the_servers_words_and_tried_again_on_demand(
    server: Server, box: StoreOutbox
) -> None:
    words = b'"title":"Unknown key","detail":"Enrol\\u0007 it"'
    server.status, server.body = 403, b'{"type":"/problems/unknown-key",%b}' % words
    box.put(ID, JWS)
    assert deliver(box, uplink_to(server.url)).refused == (ID,)
    (item,) = box.items()
    assert (item.state, item.detail) == ("refused", "403: Unknown key – Enrol  it")
    assert deliver(box, uplink_to(server.url)).refused == (ID,)
    assert len(server.seen) == 1
    server.status, server.body = 201, None
    assert deliver(box, uplink_to(server.url), refused_too=True).sent == (ID,)


def test_one_bad_report_does_not_block_the_others(server: Server, box: StoreOutbox) -> None:
    server.body = receipt(ID2)
    box.put(ID, JWS)
    box.put(ID2, JWS)
    summary = deliver(box, uplink_to(server.url))
    assert (summary.sent, summary.waiting) == ((ID2,), (ID,))


def test_backoff_grows_and_is_capped() -> None:
    assert [backoff_s(n, 1.0) for n in (1, 2, 3)] == [5.0, 10.0, 20.0]
    assert backoff_s(1, 0.0) == 2.5
    assert backoff_s(50, 1.0) == 300.0


class _Watch:
    """Runs `then` at each wait, in order, and stops at the end."""

    def __init__(self, stop: threading.Event, *then: tuple[bool, object]) -> None:
        self.stop, self.then = stop, list(then)
        self.waits: list[float] = []

    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        self.waits.append(timeout_s)
        if not self.then:
            self.stop.set()
            return False
        woken, change = self.then.pop(0)
        if callable(change):
            change()
        return woken


def test_service_backs_off_and_is_quick_again_once_the_network_changes(
    server: Server, box: StoreOutbox
) -> None:
    server.status, server.body = 500, b""
    box.put(ID, JWS)

    def heal() -> None:
        server.status, server.body = 201, None

    stop = threading.Event()
    watch = _Watch(stop, (False, None), (False, None), (True, None), (False, heal))
    link = uplink_to(server.url)
    deliver_for_ever(box, lambda: link, watch, stop, lambda: 1.0)
    assert watch.waits == [5.0, 10.0, 20.0, 5.0, 300.0]
    assert [item.state for item in box.items()] == ["sent"]


def test_service_waits_for_a_server_to_be_set(server: Server, box: StoreOutbox) -> None:
    box.put(ID, JWS)
    links: list[HttpUplink | None] = [None, uplink_to(server.url)]
    stop = threading.Event()
    watch = _Watch(stop, (True, None))
    deliver_for_ever(box, lambda: links.pop(0), watch, stop, lambda: 1.0)
    assert [item.state for item in box.items()] == ["sent"]
