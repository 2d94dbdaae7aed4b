"""A plain YES of the very drive, and nothing else, lets a firmware command be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    MmcCapabilities,
    OwnWord,
    ScsiCapabilities,
    Support,
)
from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.domain.planning.options import (
    can,
    hidden_areas,
    hides_tail,
    must_be_written_first,
    preparations,
)
from reprise.domain.planning.plan import Preparation
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from unit.domain.planning.planned import SSD

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN
EMMC = replace(SSD, transport=Transport.MMC, media=MediaKind.FLASH)
T = Technique


@pytest.mark.parametrize("trim", Support)
@pytest.mark.parametrize("secure", Support)
def test_emmc_erases_by_either_of_its_two_commands(trim: Support, secure: Support) -> None:
    able = Capabilities(mmc=MmcCapabilities(trim=trim, secure_erase=secure))
    assert can(T.MMC_ERASE, EMMC, able) is (YES in (trim, secure))
    assert not can(T.MMC_ERASE, SSD, able), "another kind of drive"
    assert not can(T.MMC_ERASE, EMMC, Capabilities())


@pytest.mark.parametrize("technique", Technique)
def test_what_must_be_written_before_it_can_be_read_is_told_of_each_scsi_sanitize(
    technique: Technique,
) -> None:
    """SBC-4, Block Device Characteristics VPD page: WABEREQ and WACEREQ."""
    block = Capabilities(scsi=ScsiCapabilities(write_after_block=YES, write_after_crypto=UNKNOWN))
    crypto = Capabilities(scsi=ScsiCapabilities(write_after_block=NO, write_after_crypto=YES))
    assert must_be_written_first(technique, block) is (technique is T.SCSI_SANITIZE_BLOCK)
    assert must_be_written_first(technique, crypto) is (technique is T.SCSI_SANITIZE_CRYPTO)
    assert not must_be_written_first(technique, Capabilities())


@pytest.mark.parametrize(
    ("techniques", "locked", "steps"),
    [
        ((T.OVERWRITE,), NO, ()),  # works on a frozen drive
        ((T.ATA_SANITIZE_BLOCK, T.OVERWRITE), NO, ()),
        ((T.ATA_SECURITY_ERASE, T.OVERWRITE), NO, (Preparation.THAW,)),
        ((T.ATA_SECURITY_ERASE_ENHANCED,), NO, (Preparation.THAW,)),
        ((T.OVERWRITE,), YES, (Preparation.THAW, Preparation.UNLOCK)),
    ],
)
def test_a_pc_is_put_to_sleep_only_for_what_a_frozen_drive_refuses(
    techniques: tuple[Technique, ...], locked: Support, steps: tuple[Preparation, ...]
) -> None:
    frozen = Capabilities(ata=AtaCapabilities(security_frozen=YES, security_locked=locked))
    assert preparations(frozen, techniques, Policy()) == steps
    awake = Capabilities(ata=AtaCapabilities(security_frozen=NO, security_locked=locked))
    assert preparations(awake, techniques, Policy()) == steps[1:]


def test_what_tells_no_larger_size_hides_nothing() -> None:
    for visible in (None, 0, 1000):
        silent = AtaCapabilities(visible_sectors=visible)
        assert hidden_areas(Capabilities(ata=silent)) == ()
    assert hidden_areas(Capabilities()) == ()


@pytest.mark.parametrize(
    ("told", "shown", "hides"), [(None, 0, False), (512, 512, False), (1024, 512, True)]
)
def test_a_drive_hides_its_end_where_it_says_that_it_is_larger(
    told: int | None, shown: int, hides: bool
) -> None:
    drive = replace(SSD, identity=replace(SSD.identity, size_bytes=shown))
    able = Capabilities(own=OwnWord("ata", "S1", "", told))
    assert hides_tail(drive, able) is hides
