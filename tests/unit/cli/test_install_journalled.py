"""`reprise install` leaves a signed report of what it did, however it ended."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import split_jws
from reprise.adapters.storage.journal import read_journal
from reprise.bootstrap import drives
from reprise.cli.commands import install
from reprise.codec import from_json
from reprise.domain.drives.capabilities import Capabilities, OwnWord
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import Drive
from reprise.domain.report.events import Event, InventoryTaken
from reprise.domain.report.report import Report
from reprise.errors import EXIT_OK, EXIT_REFUSED, RefusedError
from station_kit.machines import hdd, laptop
from station_kit.ports import FakeInstaller, FakeProbe

pytestmark = pytest.mark.processes

DRIVE = hdd()


@dataclass
class Command:
    data: Path
    installer: FakeInstaller

    def run(self, *more: str) -> int:
        parser = argparse.ArgumentParser()
        parser.add_argument("--data")
        parser.add_argument("--config")
        install.register(parser.add_subparsers())
        words = ["--drive", DRIVE.node, "--confirm", DRIVE.identity.serial or "", *more]
        args = parser.parse_args(["--data", str(self.data), "install", *words])
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)

    def events(self) -> list[Event]:
        (journal,) = self.data.glob("journal/*.jsonl")
        return [stamped.event for stamped in read_journal(journal.read_bytes()).sound]

    def report(self) -> Report:
        (jws,) = self.data.glob("reports/*.jws")
        return from_json(split_jws(jws.read_bytes())[1], Report)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    made = Command(tmp_path / "data", FakeInstaller())
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(drives, "drive_probe", lambda *_runner: FakeProbe(laptop(DRIVE)))
    monkeypatch.setattr(install, "os_installer", lambda *_given, **_named: made.installer)
    return made


def test_the_report_tells_the_pc_and_the_system(command: Command) -> None:
    assert command.run() == EXIT_OK
    kinds = [type(event) for event in command.events()]
    assert kinds.index(InventoryTaken) < kinds.index(InstallStarted) < kinds.index(InstallFinished)
    report = command.report()
    assert report.inventory.drives == (DRIVE,)
    assert report.install is not None
    assert (report.install.image, report.install.ok) == ("debian-minimal", True)
    (request,) = command.installer.requests
    assert request.handover is not None
    assert request.handover.report_id == report.report_id


def test_the_installer_knows_who_the_confirmed_drive_said_that_it_is(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Probe(FakeProbe):
        def probe_capabilities(self, drive: Drive) -> Capabilities:
            return Capabilities(own=OwnWord("ata", drive.identity.serial or ""))

    monkeypatch.setattr(drives, "drive_probe", lambda *_runner: Probe(laptop(DRIVE)))
    assert command.run() == EXIT_OK
    (request,) = command.installer.requests
    assert request.own == OwnWord("ata", DRIVE.identity.serial or "")


def test_also_one_that_failed(command: Command) -> None:
    command.installer.fails = "drive-too-small"
    assert command.run() == EXIT_REFUSED
    report = command.report()
    assert report.install is not None
    assert not report.install.ok


def test_also_one_that_broke_off(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("nobody foresaw it")

    monkeypatch.setattr(install, "run_install", broken)
    with pytest.raises(RuntimeError):
        command.run()
    assert command.report().inventory.drives == (DRIVE,)


def test_a_drive_too_small_for_encryption_is_refused_before_anything(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[bool]()

    def fits(_self: object, _image: str, _drive: object, *, encrypted: bool = False) -> str | None:
        asked.append(encrypted)
        return "drive-too-small" if encrypted else None

    monkeypatch.setattr(FakeInstaller, "fits", fits)
    with pytest.raises(RefusedError):
        command.run("--encrypt-for-owner")
    assert asked == [True]
    assert not command.data.exists()
