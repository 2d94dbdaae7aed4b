"""Reprise against an emulated Opal drive: the kernel's own sed-opal speaks to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lab import product
from lab.kit import NEEDLE
from lab.nvme import NamespaceConfig, NvmeConfig, NvmeDrive, Oacs
from lab.nvme.opal import PSID, SECURITY, TRIES, Tper, opal_drive
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.events import ObservationKind as Seen

REVERT = Technique.TCG_PSID_REVERT
TYPED = "repr-isel-ab01-2345 6789-abcd-efgh-jklm"
MIB = 1
CONTENT = NEEDLE.ljust(512, b".") * (MIB << 11)


@contextmanager
def used_drive(serial: str, **facts: object) -> Iterator[tuple[NvmeDrive, Tper]]:
    config = NvmeConfig(
        serial=serial,
        oacs=Oacs.FORMAT | SECURITY,
        namespaces=(NamespaceConfig(1, mib=MIB, content=CONTENT),),
    )
    with opal_drive(config, Tper(**facts)) as pair:  # type: ignore[arg-type]
        yield pair


def revert(drive: NvmeDrive, typed: str = TYPED) -> product.Outcome:
    with tempfile.NamedTemporaryFile("w") as label:
        label.write(f"{typed}\n")
        label.flush()
        done = product.erase(drive.node, drive.config.serial, REVERT, "--psid", label.name)
    print(done.code, done.stdout[-1500:], done.stderr[-1500:])
    return done


def test_the_label_opens_and_erases_a_drive() -> None:
    with used_drive("LABO-PSID") as (drive, tper):
        done = revert(drive)
        assert done.code == 0
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.achieved is Method.PURGE
        assert tper.reverts == 1
        assert drive.contains(NEEDLE) == (0, 0)
        assert PSID not in repr(done.report)
        done.row("NVMe SSD, TCG Opal", "none")


def test_a_locked_drive_is_opened_first() -> None:
    with used_drive("LABO-LOCKED") as (drive, tper):
        tper.locked = True
        done = revert(drive)
        assert done.code == 0
        assert tper.reverts == 2
        assert drive.contains(NEEDLE) == (0, 0)
        done.row("NVMe SSD, TCG Opal", "locked by a password that nobody knows")


@pytest.mark.parametrize("tries", [TRIES, 0])
def test_a_wrong_label_changes_nothing(tries: int) -> None:
    with used_drive(f"LABO-WRONG{tries}", tries_left=tries) as (drive, tper):
        done = revert(drive, "X" * 32)
        assert done.code == 4
        assert done.drive.state is DriveState.FAILED
        (failed,) = [
            one for one in done.drive.attempts[-1].observations if one.kind is Seen.COMMAND_FAILED
        ]
        assert failed.detail["refusal"] == ("wrong-psid" if tries else "too-many-wrong-psids")
        assert tper.reverts == 0
        assert drive.contains(NEEDLE)[1] > 0, "the marks hide it from the host only"
        if tries:
            done.row("NVMe SSD, TCG Opal", "a wrong PSID")


def test_a_revert_that_keeps_the_data_is_found_out() -> None:
    with used_drive("LABO-LIES", lies=True) as (drive, tper):
        done = revert(drive)
        assert done.code == 4
        assert Seen.CANARY_SURVIVED in done.observed
        assert tper.reverts == 1
        done.row("NVMe SSD, TCG Opal", "the revert succeeds and erases nothing")


def test_a_drive_that_does_not_encrypt_is_not_reverted() -> None:
    with used_drive("LABO-PLAIN", encrypts=False) as (drive, tper):
        assert revert(drive).code == 3
        assert tper.sessions == []
