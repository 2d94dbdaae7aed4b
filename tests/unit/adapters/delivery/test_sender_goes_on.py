"""What the sending service remembers from one round to the next, and what it forgets."""

from __future__ import annotations

import threading

import pytest

from reprise.adapters.delivery import watch as watching
from reprise.domain.station.delivery import DeliveryResult
from reprise.errors import StorageError
from reprise.workflow.delivery.deliver import deliver_for_ever
from unit.adapters.delivery.test_sender_waits import Queue, Server, Watch


def test_what_was_refused_is_tried_again_once_a_server_is_set() -> None:
    """Rounds without one are no tries."""
    queue, server = Queue("refused"), Server(r0=DeliveryResult.REFUSED)
    stop, settings = threading.Event(), [None, None, server, server]
    deliver_for_ever(
        queue, lambda: settings.pop(0), Watch(stop, False, False, False), stop, lambda: 1.0
    )
    assert server.asked == ["r0"]
    assert not settings


def test_a_failure_that_comes_back_is_told_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "_POLL_S", 0.001)
    monkeypatch.setattr(watching, "network_state", lambda: ())
    stop, looks = threading.Event(), iter((True, True, False, True, True))

    def queued() -> frozenset[str]:
        fails = next(looks, None)
        if fails is None:
            stop.set()
        if fails:
            raise StorageError("memory cannot be used")
        return frozenset()

    assert not watching.PollingWatch(queued, stop).wait(60.0, frozenset())
    told = "StorageError: memory cannot be used"
    assert [record.message for record in caplog.records] == [told, told]
