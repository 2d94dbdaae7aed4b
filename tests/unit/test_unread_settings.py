"""Settings on a stick that cannot be read are told, and not taken for settings that are not there:
without a person nothing begins after such a fault."""

from __future__ import annotations

import argparse
import errno
import os
from pathlib import Path

import pytest

from reprise.adapters.store import SETTINGS, MirroredStore
from reprise.bootstrap import delivery
from reprise.errors import StorageError


def test_settings_that_cannot_be_read_are_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / SETTINGS).write_text("[server]\nurl = 'https://example.org'\n")
    store = MirroredStore(tmp_path / "memory", lambda: stick)
    monkeypatch.setattr(delivery, "store", lambda _args: store)
    args = argparse.Namespace(config=None, data=str(tmp_path / "data"))
    found, problems = delivery.station_settings(args)
    assert (found.server.url, problems) == ("https://example.org", ())
    real = Path.read_bytes

    def read(self: Path) -> bytes:
        if self == stick / SETTINGS:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read)
    found, problems = delivery.station_settings(args)
    assert found.server.url == ""
    (problem,) = problems
    assert isinstance(problem, StorageError) and SETTINGS in str(problem)
    with pytest.raises(StorageError):
        delivery.settings(args)
