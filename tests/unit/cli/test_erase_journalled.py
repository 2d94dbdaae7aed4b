"""`reprise erase` writes down what was confirmed before it touches the drive, and what came."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reprise.adapters.storage.journal import read_journal
from reprise.bootstrap import drives
from reprise.cli.commands import erase
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.drives.unreached import StorageLooked
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import (
    Event,
    InventoryTaken,
    OperatorNamed,
    PlanConfirmed,
    PlanMade,
    SessionStarted,
    Update,
)
from reprise.domain.report.outcome import DriveResult
from reprise.errors import EXIT_STOPPED
from reprise.ports import Job, PrepareJob, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import FakeProbe, FakeSanitizer

pytestmark = pytest.mark.processes

DRIVE = hdd()


class BrokenError(Exception):
    """Nobody foresaw it."""


@pytest.fixture
def args(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(drives, "drive_probe", lambda *_runner: FakeProbe(laptop(DRIVE, ssd())))
    parser = argparse.ArgumentParser()
    parser.add_argument("--data")
    parser.add_argument("--config")
    erase.register(parser.add_subparsers())
    words = ["--drive", DRIVE.node, "--confirm", DRIVE.identity.serial or ""]
    words += ["--operator", "C. Martin", "--report-dir", str(tmp_path / "reports-here")]
    return parser.parse_args(["--data", str(tmp_path / "data"), "erase", *words])


def journalled(args: argparse.Namespace) -> list[Event]:
    (journal,) = Path(args.data).glob("journal/*.jsonl")
    return [one.event for one in read_journal(journal.read_bytes()).sound]


def test_what_was_confirmed_is_written_before_the_drive_is_touched(
    args: argparse.Namespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list[Event]()

    def erase_all(orders: Sequence[EraseOrder], *_rest: object) -> tuple[DriveResult]:
        assert [one.drive for one in orders] == [DRIVE]
        before.extend(journalled(args))
        return (DriveResult(DriveState.INTERRUPTED, reasons=("operator",)),)

    monkeypatch.setattr(erase, "erase_all", erase_all)
    assert erase.run(args) == EXIT_STOPPED
    started, named, seen, made, confirmed = before
    assert isinstance(started, SessionStarted)
    assert isinstance(named, OperatorNamed)
    assert named.operator.name == "C. Martin"
    assert isinstance(seen, InventoryTaken)
    assert len(seen.inventory.drives) == 2
    assert isinstance(made, PlanMade)
    assert [one.drive for one in made.plan.drives] == [DRIVE.identity]
    assert confirmed == PlanConfirmed(made.digest, (DRIVE.identity.key,))
    (after,) = journalled(args)[len(before) : len(before) + 1]
    assert isinstance(after, StorageLooked), "what came up meanwhile"


def test_a_proof_is_left_though_the_erasure_broke_off(
    args: argparse.Namespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the key that it is verified with, and nothing else."""

    def erase_all(*_given: object) -> tuple[DriveResult]:
        raise BrokenError

    monkeypatch.setattr(erase, "erase_all", erase_all)
    with pytest.raises(BrokenError):
        erase.run(args)
    kinds = sorted(file.suffix for file in Path(args.report_dir).iterdir())
    assert kinds == [".jws", ".pem"]


def test_a_hidden_area_that_it_removed_is_no_drive_that_came_up_since(
    args: argparse.Namespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = DRIVE.identity.size_bytes
    grown = replace(DRIVE, identity=replace(DRIVE.identity, size_bytes=2 * size))
    probe = Uncovered(laptop(DRIVE))
    monkeypatch.setattr(drives, "drive_probe", lambda *_runner: probe)
    monkeypatch.setattr(drives, "preparer", lambda *_some: Uncovering(probe, grown))
    monkeypatch.setattr(drives, "suspender", lambda: None)
    techniques = dict.fromkeys(Technique, OfTheSession())
    monkeypatch.setattr(drives, "sanitizers", lambda *_some: techniques)
    erase.run(args)
    (looked,) = [one for one in journalled(args) if isinstance(one, StorageLooked)]
    assert any(isinstance(one, DrivePrepared) for one in journalled(args))
    assert looked.found == ()


class OfTheSession(FakeSanitizer):
    """Calls the drive what the session does."""

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        for told in super().run(job, stop):
            yield replace(told, drive=job.drive_key)  # type: ignore[arg-type]


class Uncovered(FakeProbe):
    def probe_capabilities(self, drive: Drive) -> Capabilities:
        shown = drive.identity.size_bytes // 512
        native = 2 * DRIVE.identity.size_bytes // 512
        ata = AtaCapabilities(visible_sectors=shown, native_sectors=native, hpa=Support.YES)
        return Capabilities(ata=replace(ata, amac=Support.NO, dco=Support.NO))


@dataclass
class Uncovering:
    """A preparer whose drive is larger afterwards."""

    probe: FakeProbe
    grown: Drive

    def run(self, job: PrepareJob, _stop: StopFlag) -> Iterator[Update]:
        self.probe.inventory = laptop(self.grown)
        size = self.grown.identity.size_bytes
        yield DrivePrepared(job.drive_key, job.steps, (), self.grown.node, size)
