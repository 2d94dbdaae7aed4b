"""`reprise station` from the outside, where it must refuse."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from reprise import bootstrap, i18n
from reprise.cli.station import run_station
from reprise.settings import Settings, StationSettings
from reprise.workflow.desk import Desk
from reprise.workflow.services import StationServices


def run(*words: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import os, sys; os.geteuid = lambda: 1000;"
        "from reprise.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


@pytest.mark.parametrize("action", ["run", "prepare"])
@pytest.mark.parametrize(("lang", "word"), [("fr", "root"), ("en", "must run as root")])
def test_it_refuses_without_root_in_one_line(action: str, lang: str, word: str) -> None:
    done = run("--lang", lang, "station", action)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("reprise: ")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr


def test_an_action_is_needed() -> None:
    assert run("station").returncode == 2


class _AppOnly:
    """The application as `run_station` uses it: opens its services once, shows nothing."""

    def __init__(
        self, services: Callable[[], StationServices], open_desk: Callable[[], Desk]
    ) -> None:
        self.services, self.return_code = services, 0

    def run(self, *, mouse: bool) -> None:
        self.services()


@pytest.mark.parametrize(("chosen", "then"), [(None, "en"), ("fr", "fr")])
def test_the_stick_is_waited_for_behind_the_first_screen(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, then: str
) -> None:
    """Key, settings and journal need the stick; the first screen does not wait for it. The
    language of the stick's settings counts once they can be read."""
    done: list[str] = []

    def settings(args: argparse.Namespace) -> tuple[Settings, tuple[()]]:
        language = "en" if "stick" in done else "fr"
        return Settings(station=StationSettings(language=language)), ()

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "station_settings", settings)
    monkeypatch.setattr(bootstrap, "prepare_stick", lambda: done.append("stick"))
    monkeypatch.setattr(bootstrap, "station_services", lambda args: done.append("services"))
    monkeypatch.setattr("reprise.tui.app.StationApp", _AppOnly)
    args = argparse.Namespace(lang=chosen, config=None, data=None)
    assert run_station(args) == 0
    assert done == ["stick", "services"]
    assert i18n.language() == then
