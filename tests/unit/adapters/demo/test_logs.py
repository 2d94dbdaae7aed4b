"""A demonstration's log tells the time that its screens tell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from reprise.bootstrap.demo import Demonstration
from reprise.codec import sha256_hex, to_json
from reprise.domain.install.options import InstallOptions
from reprise.domain.station.delivery import Receipt
from station_kit.held_clock import HeldClock

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


def test_its_lines_are_in_the_zone_of_the_screens(tmp_path: Path) -> None:
    clock = HeldClock()
    shown = Demonstration("laptop", tmp_path, clock)
    tools = shown.tools()
    assert tools.logs is not None
    here = tools.in_zone(None, InstallOptions().timezone)
    assert here.utcoffset(), "a zone that is not the clock's own"
    first, second, *_ = tools.logs().read().lines
    assert first.startswith(f"{here:%b %d %H:%M}:00 ")
    assert second.startswith(f"{here:%b %d %H:%M}:01 ")

    queue = shown.services(lambda: None).outbox
    queue.put(ID, b"a.b.c")
    at = clock.read().now
    receipt = to_json(Receipt(ID, sha256_hex(b"a.b.c"), at.isoformat()))
    queue.mark_sent(ID, receipt)  # type: ignore[attr-defined]
    (sent,) = (line for line in tools.logs().read().lines if ID in line)
    told = datetime.strptime(f"{here:%Y} {sent[:15]}", "%Y %b %d %H:%M:%S")
    assert told == here.replace(tzinfo=None, microsecond=0)
