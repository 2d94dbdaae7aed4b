"""reprise erase --nothing-attached."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import split_jws
from reprise.bootstrap import drives
from reprise.cli import named_drive
from reprise.cli.commands import erase
from reprise.cli.nothing_attached import events, told
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.outcome import DriveResult
from reprise.errors import EXIT_FAILED, InputError
from station_kit.ports import FakeProbe
from unit.domain.drives.drives import hdd, pc

pytestmark = pytest.mark.processes

MAY_BE = Unreached(UnreachedKind.SHOWS_NOTHING, "0000:03:00.0", "class=0100")
IS_THERE = Unreached(UnreachedKind.VOLUME, "0000:05:00.0", "class=0104")
FOUND = replace(pc(), unreached=(MAY_BE, IS_THERE))


def test_each_address_is_stated_once_by_the_operator() -> None:
    (one,) = events(["0000:03:00.0", "0000:03:00.0"], FOUND, "C. Martin")
    assert (one.about, one.by) == (MAY_BE, "C. Martin")
    assert events([], FOUND, "C. Martin") == ()


@pytest.mark.parametrize("where", ["0000:05:00.0", "0000:04:00.0", ""])
def test_nothing_is_erased_on_a_word_that_cannot_be_given(where: str) -> None:
    with pytest.raises(InputError):
        events(["0000:03:00.0", where], FOUND, "")


def test_what_is_open_and_what_was_stated_is_told() -> None:
    open_one, other = told(FOUND, ())
    assert "0000:03:00.0" in open_one
    assert "0000:05:00.0" in other
    still, said = told(FOUND, events(["0000:03:00.0"], FOUND, ""))
    assert "0000:05:00.0" in still
    assert "0000:03:00.0" in said


def test_the_word_is_in_the_signed_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole command but for the drive."""
    drive = hdd()
    inventory = replace(pc(drive), unreached=(MAY_BE,))
    monkeypatch.setattr(drives, "drive_probe", lambda: FakeProbe(inventory))
    monkeypatch.setattr(named_drive, "confirmed", lambda _args, _probe: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(erase, "erase_all", lambda *_given: (DriveResult(DriveState.FAILED),))
    parser = argparse.ArgumentParser()
    parser.add_argument("--data")
    parser.add_argument("--config")
    erase.register(parser.add_subparsers())
    words = ["--drive", drive.node, "--confirm", drive.identity.serial or ""]
    words += ["--operator", "C. Martin", "--nothing-attached", MAY_BE.where]
    args = parser.parse_args(["--data", str(tmp_path), "erase", *words])
    assert erase.run(args) == EXIT_FAILED
    (jws,) = (tmp_path / "reports").glob("*.jws")
    (stated,) = json.loads(split_jws(jws.read_bytes())[1])["stated"]
    assert (stated["about"]["where"], stated["by"]) == (MAY_BE.where, "C. Martin")
