"""Settings on a stick that cannot be read are told, and not taken for settings that are not there:
without a person nothing begins after such a fault."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import IO, Any

import pytest

from reprise.adapters.install.catalogue import FILE, read_catalogue
from reprise.adapters.stick.writing.files import check_files
from reprise.adapters.storage.store import SETTINGS, MirroredStore
from reprise.bootstrap import config as bootstrap_config
from reprise.bootstrap.command_line import CommandLine
from reprise.errors import InputError, RepriseError, StorageError
from station_kit.memory import peak

LARGE = 300 << 20


def test_settings_that_cannot_be_read_are_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / SETTINGS).write_text("[server]\nurl = 'https://example.org'\n")
    store = MirroredStore(tmp_path / "memory", lambda: stick)
    monkeypatch.setattr(bootstrap_config, "store", lambda _args: store)
    args = CommandLine(config=None, data=str(tmp_path / "data"))
    found, problems = bootstrap_config.station_settings(args)
    assert (found.server.url, problems) == ("https://example.org", ())
    real = Path.open

    def opened(self: Path, mode: str = "r", **how: Any) -> IO[Any]:
        if self == stick / SETTINGS:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, mode, **how)

    monkeypatch.setattr(Path, "open", opened)
    found, problems = bootstrap_config.station_settings(args)
    assert found.server.url == ""
    (problem,) = problems
    assert isinstance(problem, StorageError) and SETTINGS in str(problem)
    with pytest.raises(StorageError):
        bootstrap_config.settings(args)


def test_settings_too_large_to_be_ours_are_told_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, config, session = tmp_path / "stick", tmp_path / "config", tmp_path / "session.toml"
    config.mkdir()
    for path in (stick / SETTINGS, config / "station.toml", session):
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.truncate(path, LARGE)
    store = MirroredStore(tmp_path / "memory", lambda: stick)
    monkeypatch.setattr(bootstrap_config, "store", lambda _args: store)
    monkeypatch.setattr(bootstrap_config, "session_file", lambda _args: session)

    def told() -> list[str]:
        args = CommandLine(config=str(config), data=None)
        return [str(problem) for problem in bootstrap_config.station_settings(args)[1]]

    left = [config / "station.toml", stick / SETTINGS, session]
    said: list[str] = []
    while left:
        said.clear()
        assert peak(lambda: said.extend(told())) < 4 << 20
        assert len(said) == len(left)
        assert all(path.name in text for path, text in zip(left, said, strict=True))
        left.pop(0).unlink()


def test_what_was_set_on_the_station_counts_though_the_stick_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, session = tmp_path / "stick", tmp_path / "session.toml"
    stick.mkdir()
    (stick / SETTINGS).write_bytes(b"\xff")
    session.write_text("[server]\nurl = 'https://example.org'\n")
    store = MirroredStore(tmp_path / "memory", lambda: stick)
    monkeypatch.setattr(bootstrap_config, "store", lambda _args: store)
    monkeypatch.setattr(bootstrap_config, "session_file", lambda _args: session)
    found, problems = bootstrap_config.station_settings(CommandLine(config=None, data=None))
    assert found.server.url == "https://example.org"
    (problem,) = problems
    assert SETTINGS in str(problem)


def test_the_catalogue_of_a_stick_is_limited_too(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    os.truncate(tmp_path / FILE, LARGE)

    def read() -> None:
        with pytest.raises(InputError, match=FILE):
            read_catalogue(tmp_path)

    assert peak(read) < 4 << 20


def test_a_stick_gets_no_settings_that_its_station_would_not_read() -> None:
    with pytest.raises(RepriseError, match=SETTINGS):
        check_files({SETTINGS: b"#" * (64 << 10) + b"\n"})
    check_files({SETTINGS: b"#" * (63 << 10) + b"\n"})
