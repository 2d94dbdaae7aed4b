"""The reason why a report did not reach the server: kept with the report, and said as the
connection test says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.storage.store import FolderStore
from reprise.domain.station.connectivity import Reach
from reprise.settings import ServerSettings
from reprise.wording import connectivity
from reprise.wording.delivery import last_word, what_to_do
from reprise.workflow.delivery.deliver import deliver
from unit.adapters.delivery.report_server import ID, JWS
from unit.adapters.network.way_kit import FakeClock, closed_port


def test_the_reason_is_kept_with_the_report(tmp_path: Path) -> None:
    box = StoreOutbox(FolderStore(tmp_path))
    box.put(ID, JWS)
    with closed_port() as port:
        settings = ServerSettings(f"http://127.0.0.1:{port}")
        deliver(box, HttpUplink(settings, None, FakeClock()))
    (item,) = StoreOutbox(FolderStore(tmp_path)).items()
    assert (item.state, item.reason) == ("waiting", Reach.PORT_CLOSED)
    assert item.about == f"127.0.0.1:{port}"
    assert '"reason":"port-closed"' in (tmp_path / f"outbox/{ID}.state.json").read_text()


def test_a_note_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    box = StoreOutbox(FolderStore(tmp_path))
    box.put(ID, JWS)
    note = '{"state":"waiting","detail":"unreachable: [Errno 113] No route to host"}'
    (tmp_path / f"outbox/{ID}.state.json").write_text(note)
    (item,) = box.items()
    assert (item.state, item.reason, item.about) == ("waiting", None, "")
    assert item.detail.endswith("No route to host")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("reason", Reach)
def test_every_reason_is_said_as_the_test_says_it(reason: Reach, language: str) -> None:
    with i18n.using(language):
        sentence = connectivity.said(reason, "2026-11-24")
        words = last_word("", reason, "2026-11-24")
        assert words[1:] == sentence[1:-1]
        assert (sentence[-1], words[0]) == (".", sentence[0].lower())
        assert "{" not in words + what_to_do("", reason, "2026-11-24")


def test_the_key_of_the_proxy_is_behind_that_of_the_network() -> None:
    with i18n.using("en"):
        assert "F6, then P" in what_to_do("", Reach.PROXY_CLOSED, "proxy:3128")
        assert "F6" not in connectivity.advice(Reach.PROXY_CLOSED, "proxy:3128")


def test_who_has_not_looked_at_the_cable_is_sent_there() -> None:
    with i18n.using("fr"):
        for reason in (Reach.DNS_SILENT, Reach.NO_NETWORK):
            assert "câble" in what_to_do("", reason, "x")
        for reason in (Reach.PORT_CLOSED, Reach.BROKE_OFF, Reach.CERTIFICATE_DATE):
            assert "câble" not in what_to_do("", reason, "x")
