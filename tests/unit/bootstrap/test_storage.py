"""What wakes the service that sends."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

import pytest

from reprise.adapters.delivery import watch
from reprise.adapters.network.choices import SessionChoices
from reprise.bootstrap.command_line import CommandLine
from reprise.bootstrap.config import station_settings
from reprise.bootstrap.storage import outbox, outbox_watch, session_file, store
from reprise.codec import sha256_hex, to_json
from reprise.domain.station.delivery import Receipt
from reprise.settings import Settings

NONE = frozenset[str]()
ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


@pytest.fixture(autouse=True)
def _same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "network_state", tuple)


def test_a_proxy_that_is_set_on_the_station_wakes_it(tmp_path: Path) -> None:
    """Else a report would wait for the next round, up to five minutes."""
    given = CommandLine(config=str(tmp_path), data=str(tmp_path))

    def settings() -> Settings:
        return station_settings(given)[0]

    waiting = outbox_watch(given.data, store(given.data), Flag())
    assert not waiting.wait(0, NONE)
    SessionChoices(session_file(given.data), settings, Path).set_proxy("proxy.example.org:3128")
    assert waiting.wait(0, NONE)
    assert not waiting.wait(0, NONE), "once"


def test_a_report_wakes_it_until_it_was_sent(tmp_path: Path) -> None:
    where = store(str(tmp_path))
    waiting, queue = outbox_watch(str(tmp_path), where, Flag()), outbox(where)
    queue.put(ID, b"a.b.c")
    assert waiting.wait(0, NONE)
    assert not waiting.wait(0, frozenset({ID})), "the last round had it"
    queue.mark_sent(ID, to_json(Receipt(ID, sha256_hex(b"a.b.c"), "2026-11-24T16:05:00Z")))
    assert not waiting.wait(0, NONE)
