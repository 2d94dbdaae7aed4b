"""What is around the played PC: the network with its server, and the power."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Flag

from reprise.adapters.demo.clock import PlayedClock
from reprise.codec import sha256_hex, to_json
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult, Receipt

_LOOK_S = 0.5


class PlayedUplink:
    """workflow.delivery.deliver.Uplink to a server that takes everything, or that is `down`.
    Nothing leaves this machine."""

    server = "reprise.example.org"

    def __init__(self, clock: PlayedClock, *, down: bool) -> None:
        self._clock, self._down = clock, down

    def send(self, report_id: str, jws: bytes) -> Delivery:
        if self._down:
            said, at = "[Errno 111] Connection refused", f"{self.server}:443"
            return Delivery(DeliveryResult.OFFLINE, said, reason=Reach.PORT_CLOSED, about=at)
        at = self._clock.read().now.isoformat(timespec="seconds")
        receipt = Receipt(report_id, sha256_hex(jws), at)
        return Delivery(DeliveryResult.ACCEPTED, "201", to_json(receipt))


class PlayedWatch:
    """workflow.delivery.deliver.Watch over a network that never changes; `tick` runs at every
    look."""

    def __init__(
        self, queued: Callable[[], frozenset[str]], tick: Callable[[], bool], stop: Flag
    ) -> None:
        self._queued, self._tick, self._stop = queued, tick, stop

    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            self._tick()
            if self._queued() - known:
                return True
            if self._stop.wait(_LOOK_S):
                return False
        return False


class PlayedPower:
    """workflow.session.services.Power: the demonstration ends, the machine stays on."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave

    def power_off(self) -> None:
        self._leave()

    def restart(self) -> None:
        self._leave()
