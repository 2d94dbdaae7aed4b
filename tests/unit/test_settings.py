"""Settings: four sources, the stronger wins, a bad one is named and left out."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

import pytest

from reprise import i18n
from reprise.adapters.storage.config_files import decode_config
from reprise.errors import InputError
from reprise.settings import (
    ServerSettings,
    Settings,
    StationSettings,
    checked_settings,
    load_settings,
)
from station_kit.places import TOP

CONFIG = TOP / "config"


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.set_language("en")


def test_stronger_sources_win() -> None:
    settings, problems = load_settings(
        [
            ("a", "[station]\nname='a'\nkeyboard='us'\n[server]\nurl='https://a.example'\n"),
            ("b", "[station]\nname='b'\n"),
        ],
        'quiet reprise.server.url=https://c.example reprise.operator.place="La Salle" '
        "reprise.lang=en reprise.server.read_timeout_s=5 splash",
    )
    assert problems == ()
    assert settings.station.name == "b"
    assert settings.station.keyboard == "us"
    assert settings.station.language == "en"
    assert settings.server.url == "https://c.example"
    assert settings.server.read_timeout_s == 5.0
    assert settings.operator.place == "La Salle"


def test_a_garbled_stick_file_is_told_and_the_rest_still_holds() -> None:
    settings, problems = load_settings(
        [("good", "[station]\nname='ok'\n"), ("reprise.toml", "[station]\nname='x\n")],
        "reprise.server.urll=x",
    )
    assert settings.station.name == "ok"
    assert [p.exit_code for p in problems] == [2, 2]
    assert "reprise.toml, line 2" in str(problems[0])
    assert "server.urll" in str(problems[1])
    assert "“server.url”" in str(problems[1])


@pytest.mark.parametrize(
    "words",
    [
        "reprise.station.language=de",
        "reprise.server.read_timeout_s=soon",
        "reprise.server.read_timeout_s=0",
        "reprise.station=x",
        "reprise.server.url.x=1",
        "reprise.=1",
        "reprise.server.url",
        "reprise.station.name." + "a." * 2000 + "a=1",
    ],
)
def test_bad_kernel_words_never_stop_the_station(words: str) -> None:
    settings, problems = load_settings([], words)
    assert settings == Settings()
    assert len(problems) == (0 if words == "reprise.server.url" else 1)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://reprise.example.org/x", True),
        ("http://192.168.1.5:8080", True),
        ("http://10.0.2.2:8080", True),
        ("http://[fd00::1]:80", True),
        ("http://localhost:8080", True),
        ("http://reprise.example.org", False),
        ("http://8.8.8.8", False),
        ("ftp://10.0.0.1", False),
        ("reprise.example.org", False),
        ("https://", False),
        ("https://a:b@example.org", False),
        ("https://a.example:99999999", False),
        ("https://[::1", False),
    ],
)
def test_server_address(url: str, good: bool) -> None:
    settings, problems = load_settings([("f", f"[server]\nurl = '{url}'\n")])
    assert bool(problems) is not good
    assert settings.server.url == (url if good else "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://lea:Lune2026@example.org", "“https://…@example.org” must not hold a password"),
        ("https://Lune2026@example.org", "“https://…@example.org” must not hold a password"),
        ("https://lea:Lune@2026@example.org", "“https://…@example.org” must not"),
        ("https://lea:Lune/2026@example.org", "“https://…@example.org” is not an address"),
        ("https://lea:Lune2026@example.org?x", "“https://…@example.org?x” is not an address"),
        ("https://lea:Lune2026@[::1", "“https://…@[::1” is not an address"),
        ("https://lea:Lune2026", "“https://lea:…” is not an address"),
        ("https://lea:Lune2026%40example.org", "“https://lea:…” is not an address"),
        ("https://lea:Lune2026\uff20example.org", "“https://lea:…” is not an address"),
        ("lea:Lune2026@example.org", "“…@example.org” is not an address"),
        ("lea:Lune2026@https://example.org", "“…@https://example.org” is not an address"),
        ("http://lea:Lune2026@example.org", "“http://…@example.org” must not hold a password"),
        ("http://example.org", "“http://example.org” must begin with https://"),
    ],
)
def test_a_server_address_is_told_without_a_password(url: str, shown: str) -> None:
    for toml, words in ((f"[server]\nurl = '{url}'\n", ""), ("", f"reprise.server.url={url}")):
        _settings, (problem,) = load_settings([("reprise.toml", toml)], words)
        assert shown in str(problem)
        assert "Lune" not in str(problem) and "2026" not in str(problem)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("http://proxy.example.org:3128", "http://proxy.example.org:3128"),
        ("proxy.example.org:3128", "http://proxy.example.org:3128"),  # as F6 shows it
        ("127.0.0.1:1", "http://127.0.0.1:1"),
        ("[fd00::1]:3128", "http://[fd00::1]:3128"),
        (" http://proxy:1/ ", "http://proxy:1"),
        ("http://name:p%40ss@proxy:1", "http://name:p%40ss@proxy:1"),
        ("http://proxy.lan", "http://proxy.lan"),  # port 80
        ("", ""),
    ],
)
def test_a_proxy_is_taken_in_every_form_that_the_station_shows(written: str, taken: str) -> None:
    toml = f"[server]\nproxy = '{written}'\n"
    assert checked_settings(toml, "reprise.toml").server.proxy == taken
    settings, problems = load_settings([], f'reprise.server.proxy="{written}"')
    assert (settings.server.proxy, problems) == (taken, ())


@pytest.mark.parametrize(
    "written",
    [
        "http://proxy:abc",
        "http://proxy:99999",
        "http://proxy:0",
        "http://[127.0.0.1:1",
        "http://:3128",
        "socks5://127.0.0.1:1",
        "http://name:Lune2026@proxy:1/#x",
        "http://name:Lune2026@proxy:port",
        "http://pro\u0007xy:1",
        "proxy",
    ],
)
def test_a_proxy_that_is_none_is_told_in_one_line_and_the_station_goes_on(written: str) -> None:
    toml = f'[station]\nname = "x"\n[server]\nproxy = {json.dumps(written)}\n'
    settings, (problem,) = load_settings([("station.toml", ""), ("reprise.toml", toml)])
    assert settings == replace(Settings(), station=StationSettings(name="x"))  # the rest holds
    said = str(problem)
    assert "reprise.toml, line 3" in said
    assert "http://proxy.example.org:3128" in said
    assert "\n" not in said
    assert "Lune2026" not in said  # the line stands on a screen and in the logs
    _settings, problems = load_settings([], f'reprise.server.proxy="{written}"')
    assert len(problems) == 1


@pytest.mark.parametrize("key", ["connect_timeout_s", "read_timeout_s"])
@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "0.0", "-1.0", "600.1", "1e12", "1e-9"])
def test_a_wait_that_is_none_or_never_ends_is_refused(key: str, seconds: str) -> None:
    for toml, words in (
        (f"[server]\n{key} = {seconds}\n", ""),
        ("", f"reprise.server.{key}={seconds}"),
    ):
        settings, problems = load_settings([("reprise.toml", toml)], words)
        assert settings == Settings()
        assert len(problems) == 1
        for language, said in (("en", "must be from 0.001 to 600"), ("fr", "vont de 0.001 à 600")):
            with i18n.using(language):
                _settings, (problem,) = load_settings([("reprise.toml", toml)], words)
            assert f"read_timeout_s {said} (" in str(problem)
    kept, problems = load_settings([], f"reprise.server.{key}=600")
    assert (getattr(kept.server, key), problems) == (600.0, ())


def test_file_that_is_not_utf8_names_its_line() -> None:
    with pytest.raises(InputError, match="f, line 2"):
        decode_config(b"a=1\nb='\xe9'\n", "f")
    assert decode_config(b"\xef\xbb\xbfa=1", "f") == "a=1"


def test_shipped_file_shows_exactly_the_settings_and_their_defaults() -> None:
    text = (CONFIG / "station.toml").read_text()
    assert load_settings([("station.toml", text)]) == (Settings(), ())
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    settings, problems = load_settings([("station.toml", uncommented)])
    assert problems == ()
    assert settings == Settings()
    shown = set(re.findall(r"(?m)^(\w+) = ", uncommented))
    assert shown == {key for section in asdict(Settings()).values() for key in section}


def test_nothing_is_erased_unattended_unless_a_source_says_so() -> None:
    assert Settings().auto.erase is False
    shipped = (CONFIG / "station.toml").read_text()
    settings, problems = load_settings([("station.toml", shipped)])
    assert (settings.auto, problems) == (Settings().auto, ())


def test_the_kernel_command_line_may_ask_for_it() -> None:
    line = "reprise.auto.erase=true reprise.auto.countdown_s=60 reprise.auto.power_off=true"
    settings, problems = load_settings([], line)
    assert problems == ()
    assert (settings.auto.erase, settings.auto.countdown_s) == (True, 60)
    assert (settings.auto.power_off, settings.auto.install) == (True, True)


@pytest.mark.parametrize("seconds", [-1, 0, 9, 3601])
def test_a_countdown_that_nobody_could_stop_is_refused(seconds: int) -> None:
    toml = f"[auto]\nerase = true\ncountdown_s = {seconds}\n"
    settings, (problem,) = load_settings([("reprise.toml", toml)])
    assert settings.auto.erase is False  # the source is left out as a whole
    assert "10 … 3600" in str(problem)


@pytest.mark.parametrize("word", ["yes please", "", "2"])
def test_what_is_not_true_is_not_taken_for_it(word: str) -> None:
    settings, problems = load_settings([], f'reprise.auto.erase="{word}"')
    assert settings.auto.erase is False
    assert len(problems) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        'proxy = "https://p.example.org:3128"',
        'proxy = "socks5://p:1080"',
        "read_timeout_s = 900.0",
        'connect_timeout_s = "soon"',
    ],
)
def test_what_an_earlier_version_took_of_the_server_costs_the_rest_of_the_file_nothing(
    wrong: str,
) -> None:
    text = (
        f'[server]\n{wrong}\nurl = "https://s.example.org"\nca_file = "ca.pem"\n'
        '[auto]\nerase = true\n[operator]\nname = "A"\n'
    )
    settings, (problem,) = load_settings([("reprise.toml", text)])
    assert wrong.split(maxsplit=1)[0] in str(problem)
    assert settings.server == replace(
        ServerSettings(), url="https://s.example.org", ca_file="ca.pem"
    )
    assert (settings.auto.erase, settings.operator.name) == (True, "A")
    with pytest.raises(InputError):
        checked_settings(text, "reprise.toml")


def test_an_address_that_is_none_is_left_out_alone() -> None:
    text = '[server]\nurl = "ftp://x"\nproxy = "http://p:1"\n'
    settings, (problem,) = load_settings([("reprise.toml", text)])
    assert "ftp://x" in str(problem)
    assert (settings.server.url, settings.server.proxy) == ("", "http://p:1")
