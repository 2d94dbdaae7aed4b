"""What is around the played PC: the server, and its power."""

from __future__ import annotations

from collections.abc import Callable

from reprise.adapters.demo.clock import PlayedClock
from reprise.codec import sha256_hex, to_json
from reprise.domain.delivery import Delivery, Outcome, Receipt


class PlayedUplink:
    """workflow.deliver.Uplink to a server that takes everything, or that is `down`. Nothing leaves
    this machine."""

    server = "reprise.example.org"

    def __init__(self, clock: PlayedClock, *, down: bool) -> None:
        self._clock, self._down = clock, down

    def send(self, report_id: str, jws: bytes) -> Delivery:
        if self._down:
            return Delivery(Outcome.OFFLINE, "unreachable: Connection refused")
        at = self._clock.read().now.isoformat(timespec="seconds")
        receipt = Receipt(report_id, sha256_hex(jws), at)
        return Delivery(Outcome.ACCEPTED, "201", to_json(receipt))


class PlayedPower:
    """workflow.services.Power: the demonstration ends, the machine stays on."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave

    def power_off(self) -> None:
        self._leave()

    def restart(self) -> None:
        self._leave()
