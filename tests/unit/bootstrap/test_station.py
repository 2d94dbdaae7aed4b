"""What a session of the station is told before its first screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.pc import clock
from reprise.bootstrap import station
from reprise.bootstrap.command_line import CommandLine
from reprise.bootstrap.station import station_services
from reprise.errors import InputError
from reprise.settings import Settings


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    (tmp_path / "run").mkdir()
    (tmp_path / "config").mkdir()
    monkeypatch.setattr(clock, "_kernel_synchronised", lambda: True)
    monkeypatch.setattr(station, "RUN", str(tmp_path / "run"))
    return CommandLine(config=str(tmp_path / "config"), data=str(tmp_path / "data"))


def test_a_pc_that_had_no_room_for_the_light_system_says_so(
    given: CommandLine, tmp_path: Path
) -> None:
    """The initramfs leaves this file (tests/build_scripts/test_netboot_initramfs.py)."""
    assert station_services(given, Settings(), ()).problems == ()
    (tmp_path / "run/left-out").write_text("no-system\n")
    with i18n.using("en"):
        (said,) = station_services(given, Settings(), ()).problems
    assert "too little memory" in said
    assert "nothing can be installed" in said
    assert "Start it from a stick" in said


def test_what_is_wrong_with_the_settings_is_said(given: CommandLine) -> None:
    wrong = InputError("reprise.toml: no such language.")
    assert station_services(given, Settings(), [wrong]).problems == (str(wrong),)


@pytest.mark.parametrize("name", ["policy.toml", "triage.toml", "impact.toml"])
def test_no_session_begins_by_rules_that_nobody_wrote(
    given: CommandLine, tmp_path: Path, name: str
) -> None:
    (tmp_path / "config" / name).write_text("nonsense = 1\n")
    with pytest.raises(InputError, match=name):
        station_services(given, Settings(), ())
