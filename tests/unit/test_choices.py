"""What a person chose in this session holds for every process, and the Wi-Fi of the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise import bootstrap, i18n
from reprise.adapters import network
from reprise.adapters.choices import FILE, SessionChoices
from reprise.domain.network import Security, WifiWish
from reprise.errors import InputError
from reprise.settings import NetworkSettings, Settings, load_settings


def choices(run: Path) -> SessionChoices:
    def settings() -> Settings:
        text = (run / FILE).read_text() if (run / FILE).exists() else ""
        return load_settings([("stick", "[server]\nproxy='http://stick:1'\n"), (FILE, text)])[0]

    return SessionChoices(run, settings)


def test_a_proxy_that_is_typed_wins_over_the_sticks(tmp_path: Path) -> None:
    one = choices(tmp_path)
    assert one.proxy() == "http://stick:1"
    one.use_proxy('http://a:"\\é@proxy:3128')
    assert one.proxy() == 'http://a:"\\é@proxy:3128'
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    one.use_proxy("")  # none, although the stick names one
    assert one.proxy() == ""


def test_what_is_no_proxy_changes_nothing(tmp_path: Path) -> None:
    one = choices(tmp_path)
    with pytest.raises(InputError, match="ftp://x"):
        one.use_proxy("ftp://x")
    assert not (tmp_path / FILE).exists()


def test_a_file_cut_off_by_a_crash_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[server\nproxy=")
    one = choices(tmp_path)
    one.use_proxy("http://proxy:3128")
    assert one.proxy() == "http://proxy:3128"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ssid = 'é" + "x" * 31 + "'", "ssid"),
        ("password = '12345678'", "ssid"),
        ("ssid = 'a'\npassword = 'short'", "password"),
        ("ssid = 1", "network.ssid"),
    ],
)
def test_a_wifi_that_cannot_be_is_told(text: str, said: str) -> None:
    i18n.set_language("en")
    found, problems = load_settings([("reprise.toml", f"[network]\n{text}\n")])
    assert found.network == NetworkSettings()
    assert said in str(problems[0])
    i18n.set_language("fr")


@pytest.mark.parametrize("url", ["http://proxy", "http://u:p@proxy:3128/", "https://[fd00::1]:80"])
def test_proxies_that_are_taken(url: str) -> None:
    found, problems = load_settings([("f", f"[server]\nproxy = '{url}'\n")])
    assert (found.server.proxy, problems) == (url, ())


@pytest.mark.parametrize("url", ["proxy:3128", "http://", "http://p:99999", "http://p/path"])
def test_proxies_that_are_not_taken(url: str) -> None:
    assert load_settings([("f", f"[server]\nproxy = '{url}'\n")])[1] != ()


@pytest.mark.parametrize(
    ("wifi", "wish"),
    [
        (NetworkSettings(), None),
        (NetworkSettings("open"), WifiWish("open")),
        (
            NetworkSettings("a", "12345678", hidden=True),
            WifiWish("a", "12345678", hidden=True, security=Security.WPA),
        ),
        (
            NetworkSettings("a", "12345678", wpa3=True),
            WifiWish("a", "12345678", security=Security.WPA3),
        ),
    ],
)
def test_the_wifi_of_the_settings_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, wifi: NetworkSettings, wish: WifiWish | None
) -> None:
    kept: list[WifiWish] = []
    monkeypatch.setattr(network.NmNetwork, "keep", lambda _self, one: kept.append(one))
    bootstrap.join_set_wifi(Settings(network=wifi))
    assert kept == ([] if wish is None else [wish])


def test_a_wifi_password_is_not_in_a_repr() -> None:
    assert "12345678" not in repr(Settings(network=NetworkSettings("a", "12345678")))
