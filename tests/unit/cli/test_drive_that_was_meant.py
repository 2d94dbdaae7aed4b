"""`reprise erase` and `reprise install` touch the drive that was meant, where it may be touched.
Else they leave nothing behind: no job, no journal."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.bootstrap import drives
from reprise.cli.commands import erase, install
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.errors import RefusedError
from station_kit.machines import hdd, laptop, mounted
from station_kit.ports import FakeInstaller, FakeProbe

pytestmark = pytest.mark.processes

MEANT = hdd()
OTHER = hdd(serial="W9A4K2XX")  # at the same path
COMMANDS = pytest.mark.parametrize("command", ["erase", "install"])


class Swapped(FakeProbe):
    """Another drive has the path from the inventory on."""

    def probe_inventory(self, _known: object = (), /) -> Inventory:
        seen, self.inventory = self.inventory, laptop(OTHER)
        return seen


class Command:
    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.data, self._patch = folder / "data", patch
        self.installer = FakeInstaller()
        patch.setattr(os, "geteuid", lambda: 0)
        patch.setattr(install, "os_installer", lambda *_given, **_named: self.installer)
        for begun, where in (("erase_all", erase), ("run_install", install)):
            patch.setattr(where, begun, lambda *_given: pytest.fail("it began"))

    def refuses(self, command: str, probe: FakeProbe, node: str, confirm: str) -> str:
        """Why."""
        self._patch.setattr(drives, "drive_probe", lambda *_runner: probe)
        parser = argparse.ArgumentParser()
        parser.add_argument("--data")
        parser.add_argument("--config")
        commands = parser.add_subparsers()
        erase.register(commands)
        install.register(commands)
        words = ["--data", str(self.data), command, "--drive", node, "--confirm", confirm]
        args = parser.parse_args(words)
        with pytest.raises(RefusedError) as refused:
            args.run(args)
        assert not list(self.data.rglob("*.jsonl"))
        return str(refused.value)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(tmp_path, monkeypatch)


def word(drive: Drive) -> str:
    return drive.identity.serial or ""


@COMMANDS
def test_another_serial_number_is_another_drive(asked: Command, command: str) -> None:
    """It is told which one is there, before the whole PC is looked at."""

    class Unasked(FakeProbe):
        def probe_inventory(self, _known: object = (), /) -> Inventory:
            pytest.fail("asked of the whole PC")

    why = asked.refuses(command, Unasked(laptop(MEANT)), MEANT.node, word(OTHER))
    assert word(MEANT) in why
    assert word(OTHER) in why


def test_a_drive_that_took_its_path_meanwhile_is_not_erased(asked: Command) -> None:
    why = asked.refuses("erase", Swapped(laptop(MEANT)), MEANT.node, word(MEANT))
    assert "a changé" in why


@COMMANDS
def test_a_drive_in_use_is_not_touched(asked: Command, command: str) -> None:
    drive = mounted()
    why = asked.refuses(command, FakeProbe(laptop(drive)), drive.node, word(drive))
    assert "/mnt/données" in why


@COMMANDS
def test_of_two_with_one_serial_number_nobody_says_which_was_meant(
    asked: Command, command: str
) -> None:
    twin = replace(MEANT, node="/dev/sdb")
    why = asked.refuses(command, FakeProbe(laptop(MEANT, twin)), MEANT.node, word(MEANT))
    assert "/dev/sdb" in why


def test_a_drive_without_room_for_the_system_is_left_as_it_is(asked: Command) -> None:
    small = replace(MEANT, identity=replace(MEANT.identity, size_bytes=10**9))
    why = asked.refuses("install", FakeProbe(laptop(small)), small.node, word(small))
    assert "trop petit" in why


@COMMANDS
def test_nobody_but_root(asked: Command, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    asked.refuses(command, FakeProbe(laptop(MEANT)), MEANT.node, word(MEANT))
