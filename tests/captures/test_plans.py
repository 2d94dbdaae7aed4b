"""`reprise plan` on every recorded drive: each gets a plan that promises no more than its medium
allows, with what its own words (health, security, rotation) call for."""

from __future__ import annotations

import re

import pytest

from captures.catalogue import Row, parameters, rows
from captures.smartctl_text import parse_text
from reprise.cli.commands.plan import _lines
from reprise.codec import from_json, to_json
from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    NvmeCapabilities,
    Support,
)
from reprise.domain.pc.hardware import Drive, DriveIdentity, Health, MediaKind, Transport
from reprise.domain.planning.plan import LimitationCode, Plan, Preparation, WarningCode
from reprise.domain.planning.planner import plan_all
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique
from unit.domain.drives.drives import drive as made_drive

ROWS = rows("README.md", "smartctl")
every_row = pytest.mark.parametrize("row", parameters(ROWS))


def drive_of(row: Row) -> Drive:
    """The recorded drive; its serial number is masked in the files."""
    reading = parse_text(row.text)
    nvme = row.path.name.startswith("nvme")
    media = MediaKind.HDD if reading.rotation_rpm else MediaKind.SSD
    return made_drive(
        identity=DriveIdentity(
            model=reading.model, serial="MASKED", size_bytes=reading.size_bytes or 0
        ),
        transport=Transport.NVME if nvme else Transport.SATA,
        media=MediaKind.UNKNOWN if reading.rotation_rpm is None and not nvme else media,
        smart=reading.smart,
    )


def abilities_of(row: Row) -> Capabilities:
    """What the file tells: smartctl prints the security state in the words of IDENTIFY word 128."""
    if row.path.name.startswith("nvme"):
        return Capabilities(nvme=NvmeCapabilities())
    said = re.search(r"ATA Security is:\s+(.*)", row.text)
    if said is None:
        return Capabilities(ata=AtaCapabilities())
    frozen = Support.YES if ", frozen" in said[1] else Support.NO
    return Capabilities(ata=AtaCapabilities(security=Support.YES, security_frozen=frozen))


def plan_of(row: Row) -> Plan:
    drive = drive_of(row)
    return plan_all((drive,), {drive.identity.key: abilities_of(row)}, Policy())


@every_row
def test_every_recorded_drive_gets_a_plan(row: Row) -> None:
    plan = plan_of(row)
    (one,) = plan.drives
    assert not one.refused
    assert one.attempts[-1].technique is Technique.OVERWRITE
    assert from_json(to_json(plan), Plan) == plan
    text = "\n".join(_lines(plan))
    assert (one.drive.model or "?") in text
    assert "None" not in text


@every_row
def test_it_promises_no_more_than_the_medium_allows(row: Row) -> None:
    drive = drive_of(row)
    (one,) = plan_of(row).drives
    assert {attempt.claims for attempt in one.attempts} == {Method.CLEAR}
    for attempt in one.attempts:
        flash = drive.media is not MediaKind.HDD
        assert (LimitationCode.SPARE_AREA in attempt.limitations) == flash
        ata = drive.transport is Transport.SATA
        assert (LimitationCode.HIDDEN_AREAS in attempt.limitations) == ata


@every_row
def test_a_frozen_drive_is_thawed_first_and_a_sick_one_is_told(row: Row) -> None:
    (one,) = plan_of(row).drives
    ata = abilities_of(row).ata
    if ata is not None and ata.security is Support.YES:
        assert one.attempts[0].technique is Technique.ATA_SECURITY_ERASE
        frozen = ata.security_frozen is Support.YES
        assert (Preparation.THAW in one.preparations) == frozen
        assert (WarningCode.FROZEN in one.warnings) == frozen
    failing = drive_of(row).smart.health is Health.FAILING
    assert (WarningCode.HEALTH_FAILING in one.warnings) == failing
