"""Reprise against the hidden areas of emulated ATA drives: HPA, DCO and AMAC."""

from __future__ import annotations

import pytest

from lab.ata import AtaConfig, Fault
from lab.ata_kit import SECTORS, erase, hdd, ssd, used_drive
from lab.kit import NEEDLE, thorough
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import LimitationCode, Preparation
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import ObservationKind as Seen

BLOCK, ENHANCED = Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SECURITY_ERASE_ENHANCED


@pytest.mark.parametrize(
    ("config", "technique", "step"),
    [
        pytest.param(
            hdd("LABA-HPA", hpa_sectors=512),
            Technique.OVERWRITE,
            Preparation.REMOVE_HPA,
            marks=thorough,
        ),
        (hdd("LABA-DCO", dco_sectors=512), Technique.OVERWRITE, Preparation.RESTORE_DCO),
        (ssd("LABA-AMAC", amac_sectors=512), BLOCK, Preparation.REMOVE_AMAC),
        (hdd("LABA-HPAENH", hpa_sectors=512), ENHANCED, Preparation.REMOVE_HPA),
    ],
    ids=lambda value: value.serial if isinstance(value, AtaConfig) else "",
)
def test_a_hidden_area_is_erased_too(
    config: AtaConfig, technique: Technique, step: Preparation
) -> None:
    with used_drive(config) as drive:
        done = erase(drive, technique)
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.preparation is not None
        assert step in done.drive.preparation.done
        assert drive.state.visible_sectors == SECTORS
        assert drive.media.contains(NEEDLE)[0] == 0
        done.row(f"ATA {config.kind.upper()}", f"hidden area: {step.value}")


def test_hpa_and_dco_together() -> None:
    with used_drive(hdd("LABA-BOTH", hpa_sectors=256, dco_sectors=512)) as drive:
        done = erase(drive, Technique.OVERWRITE)
        assert done.drive.state is DriveState.SANITIZED
        assert drive.media.contains(NEEDLE)[0] == 0
        done.row("ATA HDD", "hidden areas: HPA before DCO")


def test_an_hpa_that_does_not_answer_is_a_stated_limitation() -> None:
    config = hdd("LABA-NONMAX", hpa_sectors=512, faults={Fault.DROPS_READ_NATIVE_MAX})
    with used_drive(config) as drive:
        done = erase(drive, Technique.OVERWRITE)
        left = Seen.HIDDEN_AREA_LEFT in done.observed
        assert left or LimitationCode.HIDDEN_AREAS in done.drive.attempts[-1].attempt.limitations
        assert drive.media.contains(NEEDLE)[0] > 0
        done.row("ATA HDD", "READ NATIVE MAX ADDRESS is not answered")
