"""The first start's Wi-Fi: what joined is kept, whatever is tried after it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reprise_common.network import Joined, JoinRequest, Security
from reprise_first_start import wifi
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root
from station_kit.places import TESTS

pytestmark = pytest.mark.processes

FAKE = TESTS / "first_start"  # its nmcli takes one password, "le bon mot"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    monkeypatch.setenv("PATH", f"{FAKE}:{os.environ['PATH']}")
    monkeypatch.setenv("WIFI_SAYS", str(tmp_path))
    return Root(tmp_path)


def _join(root: Root, password: str) -> None:
    wifi.join(root, JoinRequest("Livebox", password=password, security=Security.WPA2))


def _profiles(root: Root) -> list[str]:
    return [one.read_text("utf-8") for one in root.at(wifi.PROFILES).iterdir()]


def test_a_wrong_password_is_not_kept(root: Root) -> None:
    with pytest.raises(FirstStartError) as refused:
        _join(root, "le mauvais mot")
    assert str(refused.value) == str(wifi.told(Joined.PASSWORD))
    assert _profiles(root) == []


def test_a_wrong_second_try_leaves_what_worked(root: Root) -> None:
    """And NetworkManager, which left the network for the try, joins it again."""
    _join(root, "le bon mot")
    (worked,) = _profiles(root)
    root.at("asked").unlink()
    with pytest.raises(FirstStartError):
        _join(root, "le mauvais mot")
    assert _profiles(root) == [worked]
    tried, back = [one for one in root.read_text("asked").splitlines() if " up " in one]
    assert back.startswith("--wait 0 ") and back.split()[2:] == tried.split()[2:]
    _join(root, "le bon mot")
    assert _profiles(root) == [worked]
